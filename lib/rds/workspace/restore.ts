/** Restores a source's snapshot to the workspace, and checks what came of it. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { denials, isRdsError } from "../api/errors.ts";
import type { Lease } from "../ownership/lease.ts";
import { runTags, tag, workspaceName } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import type { Source } from "../source/source.ts";
import { classifyInstance, GONE } from "../api/status_classes.ts";
import { pause, waitFor } from "../api/wait.ts";
import type { Reading } from "../api/wait.ts";
import { reencrypt } from "./reencrypt.ts";
import { heartbeatOf, lagOf, paceOf } from "./workspace_options.ts";
import type { WorkspaceOptions } from "./workspace_options.ts";

/** Restores, waits until it is available, checks. The lease is told what may stand. Throws a ScrubError. */
export async function restore(
  rds: Rds,
  source: Source,
  options: WorkspaceOptions,
  lease: Lease,
  signal: AbortSignal,
): Promise<Instance> {
  const snapshot = options.kmsKey === undefined
    ? source.restore.snapshot
    : await reencrypt(rds, source, options.kmsKey, options, lease, signal);
  await callRestore(rds, { ...source, restore: { ...source.restore, snapshot } }, options, lease, signal);
  const instance = await untilRestored(rds, source, options, lease, signal);
  checkRestored(instance, source);
  await lease.removeCopy(signal);
  return instance;
}

async function callRestore(
  rds: Rds,
  source: Source,
  options: WorkspaceOptions,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const instance = workspaceName(source);
  const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
  lease.begin();
  try {
    await rds.restore({ ...source.restore, instance, tags }, signal);
  } catch (error) {
    if (!isRdsError(error, "DBInstanceAlreadyExistsFault")) {
      if (isRdsError(error, ...denials)) lease.end();
      throw error;
    }
    // Either an answer of ours was lost and the call repeated, or somebody was faster.
    const standing = await untilSeen(rds, instance, options, signal);
    const runId = standing?.tags.get(tag.run);
    if (standing && runId === options.runId) return;
    if (standing) lease.end();
    throw new ScrubError(
      "name-taken",
      `Cannot restore to "${instance}": in the meantime ${runId ? `run ${runId}` : "somebody else"} made it`,
      "Wait until it is gone, then run again.",
      { cause: error },
    );
  }
}

/** What stands under the name, once RDS shows it. */
async function untilSeen(
  rds: Rds,
  id: string,
  options: WorkspaceOptions,
  signal: AbortSignal,
): Promise<Instance | undefined> {
  const patience = performance.now() + lagOf(options);
  while (true) {
    const instance = await rds.instance(id, signal);
    if (instance || performance.now() >= patience) return instance;
    await pause(options.pollInterval, signal);
  }
}

async function untilRestored(
  rds: Rds,
  source: Source,
  options: WorkspaceOptions,
  lease: Lease,
  signal: AbortSignal,
): Promise<Instance> {
  const id = workspaceName(source);
  let patience = performance.now() + lagOf(options);
  let seen = false;
  const instance = await waitFor({
    purpose: `restore "${id}"`,
    what: `instance "${id}"`,
    read: async (signal): Promise<Reading<Instance | undefined>> => {
      const instance = await rds.instance(id, signal);
      if (instance === undefined) {
        // Right after the call RDS may not know the instance yet.
        return { status: !seen && performance.now() < patience ? "not yet there" : GONE, value: undefined };
      }
      if (!seen) patience = performance.now() + lagOf(options);
      seen = true;
      // Its tags, too, may come later than itself; without them it is not known to be ours.
      if (!instance.tags.has(tag.run) && performance.now() < patience) {
        return { status: `${instance.status}, without its tags yet`, value: undefined };
      }
      lease.seen(instance.arn, instance.resourceId);
      return { status: instance.status, value: instance, share: instance.storageShare };
    },
    classify: classifyInstance,
    pending: ["transient", "busy"],
    target: ["done"],
    readings: 2,
    pace: paceOf(options),
    events: (signal) => rds.events(id, signal),
  }, signal);
  if (instance) return instance;
  throw new TypeError(`Cannot restore "${id}": an available instance has no record`);
}

/** Is it what was asked for, and surely not production? Throws a ScrubError. */
function checkRestored(instance: Instance, source: Source): void {
  const { snapshot } = source;
  const wrong = [
    ...(instance.resourceId === source.resourceId ? ["it is the source instance itself"] : []),
    ...(instance.tags.get(tag.source) === source.name ? [] : ["it does not carry our tags"]),
    ...(instance.engine === source.rdsEngine ? [] : [`its engine is "${instance.engine}"`]),
    ...(instance.engineVersion === snapshot.engineVersion
      ? []
      : [`its version is ${instance.engineVersion}, the snapshot's ${snapshot.engineVersion}`]),
    ...(instance.masterUser === snapshot.masterUser ? [] : [`its master user is "${instance.masterUser}"`]),
    ...(instance.publiclyAccessible ? ["it is open to the internet"] : []),
    ...(instance.endpoint ? [] : ["it has no endpoint"]),
  ];
  if (wrong.length === 0) return;
  throw new ScrubError(
    "workspace",
    `Cannot use "${instance.id}": ${wrong.join(", ")}`,
    "Nothing was changed in it. Look at the restored instance's settings, and report this.",
  );
}
