/** A run without its databases: only lib/rds. @module */

import { pruneSnapshots, shareEarlier, shareSnapshot } from "../../lib/rds/snapshot/share_and_prune.ts";
import type { FinalSnapshot } from "../../lib/rds/snapshot/share_and_prune.ts";
import { readServerLogs } from "../../lib/rds/workspace/server_logs.ts";
import { Workspace } from "../../lib/rds/workspace/workspace.ts";
import type { WorkspaceOptions } from "../../lib/rds/workspace/workspace.ts";
import { assert, assertEquals } from "@std/assert";
import { ScrubError } from "../../lib/core/errors.ts";
import type { DeploymentKind } from "../../lib/core/settings.ts";
import { tag } from "../../lib/rds/api/names.ts";
import type { FaultRule } from "../../scripts/local_rds/faults.ts";
import { type Lab, never, openLab, proofFor } from "./local.ts";

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

/** Runs again and again, with the fault at the first call of its action, the second and so on, while there are so many. */
export async function assertEndsWell(
  kind: DeploymentKind,
  { action, what }: Pick<FaultRule, "action" | "what">,
  more?: Partial<WorkspaceOptions>,
): Promise<void> {
  for (let nth = 1;; nth++) {
    await using lab = await openLab({ latencies: quick }, 1, "postgres", kind);
    const { local } = lab;
    local.faults.add({ action, nth, what });
    const outcome = await run(lab, more).catch((error) => error);
    await lab.settled();
    const made = local.made();
    assertEquals(local.workspaces(), [], `call ${nth}`);
    assertEquals(local.callLog.violations(), []);
    for (const snapshot of local.snapshots().filter(({ id }) => made.includes(id))) {
      assert(snapshot.tags.some(({ key }) => key === tag.proof), `call ${nth}: "${snapshot.id}" has no proof`);
    }
    if (outcome instanceof Error) assert(outcome instanceof ScrubError, outcome.stack);
    else assertEquals(made, [outcome.id]);
    if (local.callLog.calls(action).length < nth) return;
  }
}
