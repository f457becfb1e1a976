/** Checks that the plans fit the instance's storage: a full instance accepts no more statements. @module */

import type { TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { GIB, leastGrowth } from "../../core/storage.ts";
import { isShared } from "../parallel/chunk_queue.ts";

/** A database and its plans. */
export interface StorageDemand {
  readonly schema: Schema;
  readonly plans: readonly TablePlan[];
}

/**
 * How many of so many statements can run at a time, so that what they need fits the storage; the operator's own number is not changed.
 *
 * @throws {ScrubError} `storage` where the plans cannot fit.
 */
export function concurrencyThatFits(
  databases: readonly StorageDemand[],
  { wanted, most }: { readonly wanted?: number; readonly most: number },
  storageBytes: number | undefined,
): number {
  refuseIfStorageTooSmall(databases, wanted ?? 1, storageBytes);
  let concurrency = wanted ?? most;
  while (concurrency > (wanted ?? 1) && !fits(databases, concurrency, storageBytes)) concurrency--;
  return concurrency;
}

/**
 * Refuses plans that cannot fit: the tables' bytes, by the catalogue, and what the greatest plans that run at the same time need
 * beyond those exceed the instance's storage. Logs, WAL and other databases on the volume are not counted, so a run that passes may
 * still fill it. `storageBytes` undefined: unknown, and nothing is refused.
 *
 * @throws {ScrubError} `storage`.
 */
function refuseIfStorageTooSmall(
  databases: readonly StorageDemand[],
  concurrency: number,
  storageBytes: number | undefined,
): void {
  if (storageBytes === undefined || fits(databases, concurrency, storageBytes)) return;
  const { held, needed } = demandOf(databases, concurrency);
  throw new ScrubError(
    "storage",
    `Cannot scrub in the workspace's storage of ${gib(storageBytes)}: its tables take ${
      gib(held)
    }, and rewriting them needs ` +
      `${gib(needed)} more`,
    `Give --allocated-storage ${Math.max(Math.ceil((held + needed) / GIB), leastGrowth(storageBytes / GIB))}` +
      `${concurrency > 1 ? ", or lower --concurrency" : ""}.`,
  );
}

function fits(
  databases: readonly StorageDemand[],
  concurrency: number,
  storageBytes: number | undefined = Infinity,
): boolean {
  const { held, needed } = demandOf(databases, concurrency);
  return held + needed <= storageBytes;
}

/** In bytes. */
function demandOf(
  databases: readonly StorageDemand[],
  concurrency: number,
): { readonly held: number; readonly needed: number } {
  return {
    held: databases.reduce((sum, { schema }) => sum + bytesOf(schema), 0),
    needed: Math.max(0, ...databases.map(({ plans }) => peakOf(plans, concurrency))),
  };
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
