/** Reads the restored workspace's instance, and waits until RDS lets secure.ts modify it. restore.ts has the wait for the restore. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Instance } from "../api/records.ts";
import { waitFor } from "../api/wait.ts";
import type { RestoredWorkspace } from "./context.ts";

/**
 * Reads the instance.
 *
 * @throws {ScrubError} `workspace` if it is gone, or another one has its name.
 */
export async function readWorkspace(
  { rds, id, resourceId }: RestoredWorkspace,
  signal: AbortSignal,
): Promise<Instance> {
  const instance = await rds.instance(id, signal);
  // Names are used again: only the resource id shows that this is the instance that was restored.
  if (instance?.resourceId === resourceId) return instance;
  throw new ScrubError(
    "workspace",
    `Cannot go on in "${id}": the instance is gone${instance ? ", another one has its name" : ""}`,
    "Find out who deleted it, then run again.",
  );
}

/**
 * Waits until the instance is available. `statusOf`: its status, if not RDS's own.
 *
 * @throws {ScrubError} `aws-status` or `aws-timeout`, or `workspace` if it is gone.
 */
export async function untilAvailable(
  wait: "workspaceStable" | "workspaceDeletable",
  workspace: RestoredWorkspace,
  signal: AbortSignal,
  statusOf: (instance: Instance) => string = ({ status }) => status,
): Promise<Instance> {
  const { rds, id, options } = workspace;
  return await waitFor(
    wait,
    {
      id,
      read: async (signal) => {
        const value = await readWorkspace(workspace, signal);
        return { status: statusOf(value), value };
      },
      events: (signal) => rds.events(id, signal),
    },
    options,
    signal,
  );
}
