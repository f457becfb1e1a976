/** A run without its databases: only lib/rds. @module */

import { pruneSnapshots, shareEarlier, shareSnapshot } from "../../lib/rds/snapshot/share_and_prune.ts";
import type { FinalSnapshot } from "../../lib/rds/snapshot/share_and_prune.ts";
import { readServerLogs } from "../../lib/rds/workspace/server_logs.ts";
import { Workspace } from "../../lib/rds/workspace/workspace.ts";
import type { WorkspaceOptions } from "../../lib/rds/workspace/workspace.ts";
import { type Lab, never, proofFor } from "./local.ts";

/** An account that snapshots are shared with. */
export const friend = "444455556666";

/** How long RDS may take to show accounts and tags. */
export const readBack = { pollInterval: 2, propagationTimeout: 400 } as const;

/** Restores, secures, finalises, shares, prunes. */
export async function run(
  lab: Lab,
  more: Partial<WorkspaceOptions> = {},
  signal: AbortSignal = never,
): Promise<FinalSnapshot> {
  const source = await lab.source();
  const snapshot = await (async () => {
    await using workspace = await Workspace.restore(
      lab.rds,
      source,
      lab.options({ shareWith: [friend], ...more }),
      signal,
    );
    await workspace.secure(signal);
    await readServerLogs(lab.rds, workspace.id, lab.rds.now(), signal);
    return await workspace.finalise(proofFor(workspace.resourceId), signal);
  })();
  await shareSnapshot(lab.rds, snapshot, [friend], readBack, signal);
  await Array.fromAsync(shareEarlier(lab.rds, { source, newest: snapshot.id }, [friend], readBack, signal));
  await Array.fromAsync(pruneSnapshots(lab.rds, { source, keep: 5, newest: snapshot.id }, signal));
  return snapshot;
}

/** Short statuses, so that each is seen and a test takes milliseconds. */
export const quick = {
  unseen: { polls: 1, milliseconds: 20 },
  creating: { polls: 2, milliseconds: 20 },
  lag: { polls: 1, milliseconds: 20 },
  modifying: { polls: 1, milliseconds: 20 },
  snapshot: { polls: 2, milliseconds: 20 },
  deleting: { polls: 1, milliseconds: 20 },
} as const;
