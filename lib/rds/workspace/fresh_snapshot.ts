/** `--fresh-snapshot`: takes a snapshot of the source instance now, for this run alone. @module */

import { ScrubError } from "../../core/errors.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { freshName, runTags } from "../api/names.ts";
import { mayRepeat, pause } from "../api/wait.ts";
import type { Source } from "../source/source.ts";
import { heartbeatOf, type WorkspaceContext } from "./context.ts";
import { untilCopied } from "./own_copy.ts";

/**
 * Takes the snapshot, waits for it, and gives the source with it in place of the one that was found. The lease deletes it.
 *
 * @throws {ScrubError} `source` if it is not of the source's instance; `workspace` if a snapshot that is not this run's has the name;
 * `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function takeFresh(context: WorkspaceContext, signal: AbortSignal): Promise<Source> {
  const { source } = context;
  const id = freshName(source, context.options.runId);
  await request(context, id, signal);
  const { takenAt, ...found } = await untilCopied("freshCreated", context, id, signal);
  if (found.resourceId !== source.resourceId || takenAt === undefined) {
    throw new ScrubError(
      "source",
      `Cannot use the fresh snapshot "${id}": ${
        takenAt === undefined
          ? "RDS does not say when it was taken"
          : `it is not of the instance that "${source.name}" was`
      }`,
      "Find out who replaced the instance, then run again.",
    );
  }
  return { ...source, snapshot: { ...found, takenAt }, restore: { ...source.restore, snapshot: id } };
}

async function request({ rds, source, options, lease }: WorkspaceContext, id: string, signal: AbortSignal) {
  const deadline = performance.now() + options.timeout;
  lease.beforeCopy(id);
  while (true) {
    const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
    try {
      return await rds.createSnapshot({ instance: source.name, id, tags }, signal);
    } catch (error) {
      if (isRdsError(error, ...denials)) lease.copyDenied(id);
      // Only this run uses this name: the answer was lost, and the call repeated.
      if (isRdsError(error, "DBSnapshotAlreadyExistsFault")) return;
      // Production may be backing up.
      if (!mayRepeat("freshCreation", error) || performance.now() > deadline) throw error;
      await pause(options.pollInterval, signal);
    }
  }
}
