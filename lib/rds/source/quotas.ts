/** Checks the account's quotas before the restore: a final snapshot that AWS refuses costs hours. @module */

import { ScrubError } from "../../core/errors.ts";
import { GIB } from "../../core/storage.ts";
import type { Rds } from "../api/client.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { workspaceName } from "../api/names.ts";
import type { Source } from "./source.ts";
import { instanceStates, readInstanceStates } from "../states/instance.ts";
import { readSnapshotStates, snapshotStates } from "../states/snapshot.ts";

/** What a run is going to create. */
export interface QuotaNeeds {
  /** How many sources of the run come before this one, and need the same. */
  readonly sourcesBefore: number;
  /** Whether there will be a final snapshot. */
  readonly snapshot: boolean;
}

/**
 * Checks that the workspace and its snapshot fit into the quotas, and gives warnings if the quotas cannot be read. Snapshots that
 * would be pruned count: pruning comes after the snapshot. Only reads.
 *
 * @throws {ScrubError} `quota`
 */
export async function checkQuotas(
  rds: Rds,
  source: Source,
  needs: QuotaNeeds,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const now = await shortages(rds, source, needs, { instances: 0, snapshots: 0, bytes: 0 }, signal);
  if (typeof now === "string") return [now];
  if (now.length === 0) return [];
  const later = await shortages(rds, source, needs, await deletedFirst(rds, source, signal), signal);
  if (typeof later === "string") return [later];
  if (later.length === 0) return [];
  throw new ScrubError(
    "quota",
    `Cannot restore "${source.name}" to "${workspaceName(source)}": the account's quotas in ${await rds.region(
      signal,
    )} ` +
      `are too small, ${later.join(", ")}` + (needs.sourcesBefore > 0 ? "; sources before this one are counted" : ""),
    "Delete what is not needed, or ask AWS to raise the quota. Nothing was created.",
  );
}

/** Resources that are deleted before anything is created. */
interface Freed {
  readonly instances: number;
  readonly snapshots: number;
  readonly bytes: number;
}

/** What dead runs of this source left; instances with the names of its workspaces, because the restore waits until they are gone. */
async function deletedFirst(rds: Rds, source: Source, signal: AbortSignal): Promise<Freed> {
  const instances = (await readInstanceStates(rds, source, signal))
    .filter(({ state }) => instanceStates[state].freesQuota).length;
  const snapshots = (await readSnapshotStates(rds, source, signal))
    .filter(({ state }) => snapshotStates[state].freesQuota).length;
  return { instances, snapshots, bytes: instances * (source.snapshot.storageBytes ?? 0) };
}

/**
 * What the workspace takes, in bytes; 0 where RDS does not say it. A fresh instance beside it gets no more than that, if the operator asks
 * for no more.
 */
function storageOf({ restore: { allocatedStorage }, snapshot: { storageBytes = 0 }, rebuild }: Source): number {
  const restored = allocatedStorage === undefined ? storageBytes : allocatedStorage * GIB;
  if (rebuild === undefined) return restored;
  return restored + (rebuild.allocatedStorage === undefined ? restored : rebuild.allocatedStorage * GIB);
}

/** The shortages, for a message; or a warning if this identity may not read the quotas. */
async function shortages(
  rds: Rds,
  source: Source,
  needs: QuotaNeeds,
  freed: Freed,
  signal: AbortSignal,
): Promise<readonly string[] | string> {
  const items = [
    ...rds.quotaNames.instances.map(([name, what]) => ({
      name,
      what,
      needed: (needs.sourcesBefore + 1) * (source.rebuild ? 2 : 1) - freed.instances,
    })),
    {
      name: "AllocatedStorage",
      what: "GiB of storage",
      needed: Math.ceil((storageOf(source) - freed.bytes) / GIB),
    },
    {
      name: rds.quotaNames.snapshots[0],
      what: rds.quotaNames.snapshots[1],
      needed: needs.snapshot ? needs.sourcesBefore + 1 - freed.snapshots : 0,
    },
  ];
  try {
    const quotas = new Map((await rds.quotas(signal)).map((quota) => [quota.name, quota]));
    return items.flatMap(({ name, what, needed }) => {
      const quota = quotas.get(name);
      if (quota === undefined || needed <= 0 || quota.used + needed <= quota.max) return [];
      return [`${quota.used} of ${quota.max} ${what} are used and ${needed} more needed`];
    });
  } catch (error) {
    if (!isRdsError(error, ...denials)) throw error;
    return "it is not known whether the account's quotas have room for the workspace and its snapshot: allow " +
      "rds:DescribeAccountAttributes to check before the restore";
  }
}
