/** Copies the source's snapshot under another key, because a restore cannot change the key. @module */

import { denials, isRdsError } from "../api/errors.ts";
import { copyName, runTags } from "../api/names.ts";
import { heartbeatOf, type WorkspaceContext } from "./context.ts";
import { untilCopied } from "./own_copy.ts";

/**
 * Copies the snapshot, waits for the copy and gives its name. The lease deletes it.
 *
 * @throws {ScrubError} `workspace` if a snapshot that is not this run's has the name; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function reencrypt(
  context: WorkspaceContext,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  const { rds, source, options, lease } = context;
  const to = copyName(source, options.runId);
  const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
  lease.beforeCopy(to);
  try {
    await rds.copySnapshot({ from: source.restore.snapshot, to, key, tags }, signal);
  } catch (error) {
    if (isRdsError(error, ...denials)) lease.copyDenied(to);
    // Only this run uses this name: the answer was lost, and the call repeated.
    if (!isRdsError(error, "DBSnapshotAlreadyExistsFault")) throw error;
  }
  await untilCopied("copyCreated", context, to, signal);
  return to;
}
