/** Restores a source's snapshot to the workspace, waits until it is there, and checks the instance. @module */

import type { RestoreCall } from "../api/client.ts";
import { runTags } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import { mayRepeat } from "../api/wait.ts";
import { checkClone } from "../source/clone_check.ts";
import { restoredTo, type Source } from "../source/source.ts";
import { requestClone } from "./clone.ts";
import { heartbeatOf, type WorkspaceContext } from "./context.ts";
import { takeFresh } from "./fresh_snapshot.ts";
import { makeInstance } from "./make_instance.ts";
import { reencrypt } from "./reencrypt.ts";

/**
 * Restores the snapshot, or a fresh one of the source instance, or clones the source, waits until the instance is available, and checks it.
 * The lease deletes what this makes. Gives the source with the snapshot that was restored.
 *
 * @throws {ScrubError} `name-taken` if an instance that is not this run's has the name; `workspace` if the instance is not as it
 * should be; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function restore(
  { source: found, ...rest }: WorkspaceContext,
  signal: AbortSignal,
): Promise<{ readonly instance: Instance; readonly source: Source }> {
  const { rds, options: { kmsKey, freshSnapshot, clone }, lease } = rest;
  const source = freshSnapshot
    ? await takeFresh({ ...rest, source: found }, signal)
    : clone
    ? await checkClone(rds, found, signal)
    : found;
  const context = { ...rest, source };
  // A fresh instance gets the key when it is created.
  const call = await makeCall(context, source.rebuild ? undefined : kmsKey, signal);
  const instance = await makeInstance(context, {
    id: call.instance,
    wait: "workspaceRestored",
    purpose: "restore to",
    request: (signal) => clone ? requestClone(context, call, signal) : rds.restore(call, signal),
    seen: (instance, signal) =>
      rds.continueRestore(call, instance, signal).catch((error) => {
        // The next reading shows when it can be.
        if (!mayRepeat("writerCreation", error)) throw error;
      }),
  }, signal);
  await lease.deleteCopies(signal);
  return { instance, source };
}

/** The call that restores, under another key where one is wanted. */
async function makeCall(context: WorkspaceContext, key: string | undefined, signal: AbortSignal): Promise<RestoreCall> {
  const { rds, source, options } = context;
  const copied = key !== undefined && !rds.rekeysAtRestore;
  const snapshot = copied ? await reencrypt(context, key, signal) : source.restore.snapshot;
  const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
  const kmsKey = key === undefined || copied ? {} : { kmsKey: key };
  return { ...source.restore, snapshot, instance: restoredTo(source), tags, ...kmsKey };
}
