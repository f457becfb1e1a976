/** Checks that the plans fit the instance's storage: a full instance accepts no more statements. @module */

import type { LogBytes, TablePlan } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { GIB, leastGrowth } from "../../core/storage.ts";
import { isShared } from "../parallel/chunk_queue.ts";

/** A database and its plans. */
export interface StorageDemand {
  readonly schema: Schema;
  readonly plans: readonly TablePlan[];
}

/** What the workspace's volume has room for, in bytes, and what its server logs there. */
export interface StorageRoom {
  readonly bytes: number;
  readonly logs?: LogBytes;
}

/**
 * How many of so many statements can run at a time, so that what they need fits the storage; the operator's own number is not changed.
 * `volume` undefined: unknown, and nothing is refused.
 *
 * @throws {ScrubError} `storage` where the plans cannot fit.
 */
export function concurrencyThatFits(
  databases: readonly StorageDemand[],
  { wanted, most }: { readonly wanted?: number; readonly most: number },
  volume: StorageRoom | undefined,
): number {
  if (volume) refuseIfStorageTooSmall(databases, wanted ?? 1, volume);
  let concurrency = wanted ?? most;
  while (volume && concurrency > (wanted ?? 1) && !fits(databases, concurrency, volume)) concurrency--;
  return concurrency;
}

/**
 * Refuses plans that cannot fit: the tables' bytes, by the catalogue, what the greatest plans that run at the same time need beyond
 * those, and the server's log for recovery exceed the instance's storage. Other logs and other databases on the volume are not
 * counted, so a run that passes may still fill it.
 *
 * @throws {ScrubError} `storage`.
 */
function refuseIfStorageTooSmall(databases: readonly StorageDemand[], concurrency: number, volume: StorageRoom): void {
  if (fits(databases, concurrency, volume)) return;
  const { data, needed, logs } = demandOf(databases, concurrency, volume);
  const least = Math.max(Math.ceil((data + needed + logs) / GIB), leastGrowth(volume.bytes / GIB));
  throw new ScrubError(
    "storage",
    `Cannot scrub in the workspace's storage of ${gib(volume.bytes)}: its tables take ${
      gib(data)
    }, and rewriting them needs ` +
      `${gib(needed)} more` + (logs > 0 ? `, beside up to ${gib(logs)} of the server's log` : ""),
    `Give --allocated-storage ${least}${concurrency > 1 ? ", or lower --concurrency" : ""}.`,
  );
}

function fits(databases: readonly StorageDemand[], concurrency: number, volume: StorageRoom): boolean {
  const { data, needed, logs } = demandOf(databases, concurrency, volume);
  return data + needed + logs <= volume.bytes;
}

/** How many bytes are logged for one of a table that is rewritten, at most: a page of it, and of its indexes. */
const loggedPerByte = 2;

/** In bytes. */
function demandOf(
  databases: readonly StorageDemand[],
  concurrency: number,
  { logs }: StorageRoom,
): { readonly data: number; readonly needed: number; readonly logs: number } {
  const data = databases.reduce((sum, { schema }) => sum + bytesOf(schema), 0);
  return {
    data,
    needed: Math.max(0, ...databases.map(({ plans }) => peakOf(plans, concurrency))),
    logs: logs ? Math.min(logs.most, logs.now + loggedPerByte * data) : 0,
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
