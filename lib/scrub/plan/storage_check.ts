/** Is there room for what the plans need? An instance whose storage is full takes no more statements. @module */

import type { TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { isShared } from "../parallel/chunk_queue.ts";

/** What a database holds, and what is to be done to it. */
export interface StorageDemand {
  readonly schema: Schema;
  readonly plans: readonly TablePlan[];
}

const GIB = 2 ** 30;

/**
 * Refuses plans that cannot fit: the tables' own bytes, by the catalogue, with the room that as many of the greatest plans need as
 * run at a time, are more than the instance's storage. What else lies on the volume (logs, WAL, other databases) is not seen, so
 * that a run that is not refused may still come to its end. `storageBytes` undefined: not known, nothing is refused.
 *
 * @throws {ScrubError} `failed`, before the first change.
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

/** The room that the greatest plans need that can run at the same time: of those whose work sessions share, one at a time. */
function peakOf(plans: readonly TablePlan[], concurrency: number): number {
  const greatest = plans.toSorted((a, b) => b.peakBytes - a.peakBytes);
  const [shared] = greatest.filter((plan) => isShared(plan, concurrency));
  return greatest.filter((plan) => plan === shared || !isShared(plan, concurrency)).slice(0, concurrency)
    .reduce((sum, { peakBytes }) => sum + peakBytes, 0);
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
