/** Checks that the plans fit the instance's storage: a full instance accepts no more statements. @module */

import type { TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { isShared } from "../parallel/chunk_queue.ts";

/** A database and its plans. */
export interface StorageDemand {
  readonly schema: Schema;
  readonly plans: readonly TablePlan[];
}

const GIB = 2 ** 30;

/**
 * Refuses plans that cannot fit: the tables' bytes, by the catalogue, and what the greatest plans that run at the same time need
 * beyond those exceed the instance's storage. Logs, WAL and other databases on the volume are not counted, so a run that passes may
 * still fill it. `storageBytes` undefined: unknown, and nothing is refused.
 *
 * @throws {ScrubError} `storage`.
 */
export function refuseIfStorageTooSmall(
  databases: readonly StorageDemand[],
  concurrency: number,
  storageBytes: number | undefined,
): void {
  if (storageBytes === undefined) return;
  const held = databases.reduce((sum, { schema }) => sum + bytesOf(schema), 0);
  const needed = Math.max(0, ...databases.map(({ plans }) => peakOf(plans, concurrency)));
  if (held + needed <= storageBytes) return;
  throw new ScrubError(
    "storage",
    `Cannot scrub in the workspace's storage of ${gib(storageBytes)}: its tables take ${
      gib(held)
    }, and rewriting them needs ` +
      `${gib(needed)} more`,
    "Give the source instance more storage, or lower --concurrency.",
  );
}

function bytesOf({ tables }: Schema): number {
  // A partitioned table's bytes are its partitions'.
  return tables.filter(({ kind }) => kind !== "partitioned").reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What the greatest plans need that can run at the same time; of plans whose chunks sessions share, one at a time. */
function peakOf(plans: readonly TablePlan[], concurrency: number): number {
  const greatest = plans.toSorted((a, b) => b.peakBytes - a.peakBytes);
  const [shared] = greatest.filter((plan) => isShared(plan, concurrency));
  return greatest.filter((plan) => plan === shared || !isShared(plan, concurrency)).slice(0, concurrency)
    .reduce((sum, { peakBytes }) => sum + peakBytes, 0);
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
