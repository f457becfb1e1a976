/** Finds out before anything is made whether the account has room for it: a final snapshot that AWS refuses costs hours. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { workspaceName } from "../api/names.ts";
import { GIB } from "../api/records.ts";
import type { Source } from "../source/source.ts";
import { readOwnership, unfinishedSnapshotsOf } from "../ownership/ownership.ts";

/** What a run is going to make. */
export interface Making {
  /** How many other sources of the run need the same before this one. */
  readonly before: number;
  /** Whether there will be a snapshot. */
  readonly snapshot: boolean;
}

/**
 * Gives warnings where it is not known. Throws a ScrubError with the figures where there is no room for the workspace or its
 * snapshot. Room that pruning would make does not count: it prunes after the snapshot is made. Only reads.
 */
export async function checkQuotas(
  rds: Rds,
  source: Source,
  making: Making,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const short = await shortages(rds, source, making, { instances: 0, snapshots: 0, bytes: 0 }, signal);
  if (typeof short === "string") return [short];
  if (short.length === 0) return [];
  // What dead runs left of this source goes before anything is made.
  const left = await shortages(rds, source, making, await leaving(rds, source, signal), signal);
  if (typeof left === "string") return [left];
  if (left.length === 0) return [];
  throw new ScrubError(
    "quota",
    `Cannot restore "${source.name}" to "${workspaceName(source)}": the account's quotas in ${await rds.region(
      signal,
    )} ` +
      `have no room, ${left.join(", ")}` + (making.before > 0 ? "; the run's sources are counted in their order" : ""),
    "Delete what nobody needs, or have AWS raise the quota; nothing was made.",
  );
}

/** What comes free, because it goes before anything is made. */
interface Leaving {
  readonly instances: number;
  readonly snapshots: number;
  readonly bytes: number;
}

async function leaving(rds: Rds, source: Source, signal: AbortSignal): Promise<Leaving> {
  // Whatever stands under the name, if it is ours: the restore begins when it is gone.
  const { kind } = await readOwnership(rds, source, signal);
  const instances = kind === "nothing" || kind === "foreign" ? 0 : 1;
  const orphans = (await unfinishedSnapshotsOf(rds, source, signal)).filter(({ alive }) => !alive);
  return { instances, snapshots: orphans.length, bytes: instances * (source.snapshot.storageBytes ?? 0) };
}

/** What is short, in words; or a warning, where nobody may know. */
async function shortages(
  rds: Rds,
  { snapshot }: Source,
  making: Making,
  free: Leaving,
  signal: AbortSignal,
): Promise<readonly string[] | string> {
  const needs = [
    { name: "DBInstances", what: "DB instances", needed: making.before + 1 - free.instances },
    {
      name: "AllocatedStorage",
      what: "GiB of storage",
      needed: Math.ceil(((snapshot.storageBytes ?? 0) - free.bytes) / GIB),
    },
    {
      name: "ManualSnapshots",
      what: "manual snapshots",
      needed: making.snapshot ? making.before + 1 - free.snapshots : 0,
    },
  ];
  try {
    const quotas = new Map((await rds.quotas(signal)).map((quota) => [quota.name, quota]));
    return needs.flatMap(({ name, what, needed }) => {
      const quota = quotas.get(name);
      if (quota === undefined || needed <= 0 || quota.used + needed <= quota.most) return [];
      return [`${quota.used} of ${quota.most} ${what} are used and ${needed} more needed`];
    });
  } catch (error) {
    if (!isRdsError(error, ...denials)) throw error;
    return "it is not known whether the account has room for the workspace and its snapshot: allow " +
      "rds:DescribeAccountAttributes to find out before the restore";
  }
}
