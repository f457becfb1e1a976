/** `--final-snapshot create`: takes the final snapshot of the running workspace, after a restart. @module */

import { mayRepeat, pause, type Reading, waitFor } from "../api/wait.ts";
import { runTags } from "../api/names.ts";
import { ownerOf } from "../states/owner.ts";
import { heartbeatOf, type RestoredWorkspace } from "./context.ts";
import { readWorkspace, untilAvailable } from "./instance.ts";

/**
 * Restarts the server. A deletion with a final snapshot shuts it down; here the restart writes what the purge left in memory to its
 * files, and ends every session.
 *
 * @throws {ScrubError} `workspace` if it is gone; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function restart(workspace: RestoredWorkspace, signal: AbortSignal): Promise<void> {
  const { rds, id, options } = workspace;
  const before = await countRestarts(workspace, signal);
  const deadline = performance.now() + options.timeout;
  while (true) {
    await untilAvailable("workspaceDeletable", workspace, signal);
    try {
      await rds.reboot(id, signal);
      break;
    } catch (error) {
      // RDS may begin maintenance between the last reading and this call.
      if (!mayRepeat("restart", error) || performance.now() > deadline) throw error;
      await pause(options.pollInterval, signal);
    }
  }
  let restarting = false;
  await waitFor(
    "workspaceRestarted",
    {
      id,
      read: async (signal): Promise<Reading<undefined>> => {
        const { status } = await readWorkspace(workspace, signal);
        if (status !== "available") {
          restarting = true;
          return { status, value: undefined };
        }
        // A restart may be over between two readings: then only its event tells.
        if (restarting || await countRestarts(workspace, signal) > before) return { status, value: undefined };
        return { status: "available, not restarted yet", statusClass: "transient", value: undefined };
      },
      events: (signal) => rds.events(id, signal),
    },
    options,
    signal,
  );
}

/** RDS-EVENT-0006, "DB instance restarted". */
async function countRestarts({ rds, id }: RestoredWorkspace, signal: AbortSignal): Promise<number> {
  return (await rds.events(id, signal)).filter((event) => /restarted/i.test(event)).length;
}

/**
 * Requests a snapshot of this name, with the run's tags. The lease deletes it, unless it gets its proof. Gives whether the name was
 * free.
 *
 * @throws {RdsError} if AWS refuses.
 */
export async function takeSnapshot(workspace: RestoredWorkspace, id: string, signal: AbortSignal): Promise<boolean> {
  const { rds, id: instance, source, lease, options } = workspace;
  const deadline = performance.now() + options.timeout;
  lease.beforeSnapshot(id, "created");
  while (true) {
    await untilAvailable("workspaceDeletable", workspace, signal);
    const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
    try {
      await rds.createSnapshot({ instance, id, tags }, signal);
      return true;
    } catch (error) {
      // If an answer was lost, RDS refuses the repeated call: the snapshot shows whose it is.
      const found = await rds.snapshot(id, signal);
      if (found?.resourceId === workspace.resourceId && ownerOf(found.tags, options.runId) !== "other") return true;
      if (found !== undefined) return false;
      if (!mayRepeat("creation", error) || performance.now() > deadline) throw error;
      await pause(options.pollInterval, signal);
    }
  }
}
