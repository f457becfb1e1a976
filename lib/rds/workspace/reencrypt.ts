/** Copies the source's snapshot under another key, because a restore cannot change the key. @module */

import { ScrubError } from "../../core/errors.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { copyName, runTags } from "../api/names.ts";
import { propagationOf, type Reading, waitFor } from "../api/wait.ts";
import { ownerOf } from "../states/owner.ts";
import { heartbeatOf, type WorkspaceContext } from "./context.ts";

/**
 * Copies the snapshot, waits for the copy and gives its name. The lease deletes it.
 *
 * @throws {ScrubError} `workspace` if a snapshot that is not this run's has the name; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function reencrypt(
  { rds, source, options, lease }: WorkspaceContext,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  const to = copyName(source, options.runId);
  const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
  lease.beforeCopy(to);
  try {
    await rds.copySnapshot({ from: source.restore.snapshot, to, key, tags }, signal);
  } catch (error) {
    if (isRdsError(error, ...denials)) lease.copyDenied();
    // Only this run uses this name: the answer was lost, and the call repeated.
    if (!isRdsError(error, "DBSnapshotAlreadyExistsFault")) throw error;
  }
  const shownBy = performance.now() + propagationOf(options);
  await waitFor(
    "copyCreated",
    {
      id: to,
      read: async (signal): Promise<Reading<undefined> | undefined> => {
        const copy = await rds.snapshot(to, signal);
        if (!copy) return undefined;
        const owner = ownerOf(copy.tags, options.runId);
        if (owner === "unknown" && performance.now() < shownBy) {
          return { status: `${copy.status}, without its tags yet`, value: undefined };
        }
        if (owner !== "this run") {
          throw new ScrubError(
            "workspace",
            `Cannot use snapshot "${to}": it does not carry the tag of run ${options.runId}`,
            "Find out who made it, then run again.",
          );
        }
        lease.copySeen(copy.arn);
        return { status: copy.status, value: undefined };
      },
    },
    options,
    signal,
  );
  return to;
}
