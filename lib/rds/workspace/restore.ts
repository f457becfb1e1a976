/** Restores a source's snapshot to the workspace, waits until it is there, and checks the instance. @module */

import { ScrubError } from "../../core/errors.ts";
import type { RestoreCall } from "../api/client.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { runTags, tag, workspaceName } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import { mayRepeat, readBack, type Reading, waitFor } from "../api/wait.ts";
import { LateTags } from "../states/late_tags.ts";
import { ownerOf } from "../states/owner.ts";
import type { Source } from "../source/source.ts";
import { heartbeatOf, type WorkspaceContext } from "./context.ts";
import { takeFresh } from "./fresh_snapshot.ts";
import { reencrypt } from "./reencrypt.ts";

/**
 * Restores the snapshot, or a fresh one of the source instance, waits until the instance is available, and checks it. The lease deletes what this makes. Gives the source with
 * the snapshot that was restored.
 *
 * @throws {ScrubError} `name-taken` if an instance that is not this run's has the name; `workspace` if the instance is not as it
 * should be; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function restore(
  { source: found, ...rest }: WorkspaceContext,
  signal: AbortSignal,
): Promise<{ readonly instance: Instance; readonly source: Source }> {
  const { options: { kmsKey, freshSnapshot }, lease } = rest;
  const source = freshSnapshot ? await takeFresh({ ...rest, source: found }, signal) : found;
  const context = { ...rest, source };
  const call = await makeCall(context, kmsKey, signal);
  await callRestore(context, call, signal);
  const instance = await untilRestored(context, call, signal);
  checkRestored(instance, source);
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
  return { ...source.restore, snapshot, instance: workspaceName(source), tags, ...kmsKey };
}

async function callRestore(
  { rds, options, lease }: WorkspaceContext,
  call: RestoreCall,
  signal: AbortSignal,
): Promise<void> {
  const { instance } = call;
  lease.beforeRestore();
  try {
    await rds.restore(call, signal);
  } catch (error) {
    if (!isRdsError(error, "DBInstanceAlreadyExistsFault")) {
      if (isRdsError(error, ...denials)) lease.instanceGone();
      throw error;
    }
    // Either the answer was lost and the call repeated, or the instance is another run's.
    const existing = await readBack(
      "existingInstanceShown",
      (signal) => rds.instance(instance, signal),
      (seen) => seen !== undefined,
      options,
      signal,
    );
    if (existing && ownerOf(existing.tags, options.runId) === "this run") return;
    const runId = existing?.tags.get(tag.run);
    if (existing) lease.instanceGone();
    throw new ScrubError(
      "name-taken",
      `Cannot restore to "${instance}": in the meantime ${runId ? `run ${runId}` : "another client"} has created it`,
      "Wait until it is deleted, then run again.",
      { cause: error },
    );
  }
}

async function untilRestored(
  { rds, options, lease }: WorkspaceContext,
  call: RestoreCall,
  signal: AbortSignal,
): Promise<Instance> {
  const { instance: id } = call;
  const lateTags = new LateTags("instance", options.runId, options);
  return await waitFor(
    "workspaceRestored",
    {
      id,
      read: async (signal): Promise<Reading<Instance> | undefined> => {
        const instance = await rds.instance(id, signal);
        if (instance === undefined) return undefined;
        const untagged = lateTags.reading(instance);
        if (untagged) return untagged;
        lease.instanceSeen(instance.arn, instance.resourceId);
        await rds.continueRestore(call, instance, signal).catch((error) => {
          // The next reading shows when it can be.
          if (!mayRepeat("writerCreation", error)) throw error;
        });
        return { status: instance.status, value: instance, share: instance.storageShare };
      },
      events: (signal) => rds.events(id, signal),
    },
    options,
    signal,
  );
}

/** Throws unless the instance is a copy of the snapshot, and not production. */
function checkRestored(instance: Instance, source: Source): void {
  const { snapshot } = source;
  const wrong = [
    ...(instance.resourceId === source.resourceId ? ["it is the source instance itself"] : []),
    ...(instance.tags.get(tag.source) === source.name ? [] : ["it does not carry this program's tags"]),
    ...(instance.engine === source.rdsEngine ? [] : [`its engine is "${instance.engine}"`]),
    ...(instance.engineVersion === snapshot.engineVersion
      ? []
      : [`its version is ${instance.engineVersion}, the snapshot's ${snapshot.engineVersion}`]),
    ...(instance.masterUser === snapshot.masterUser ? [] : [`its master user is "${instance.masterUser}"`]),
    ...(instance.publiclyAccessible ? ["it is publicly accessible"] : []),
    ...(instance.endpoint ? [] : ["it has no endpoint"]),
  ];
  if (wrong.length === 0) return;
  throw new ScrubError(
    "workspace",
    `Cannot use "${instance.id}": ${wrong.join(", ")}`,
    "Nothing was changed in it. Check the restored instance's settings, and report this.",
  );
}
