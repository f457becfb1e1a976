/** Makes a workspace's instance: calls for it, waits until it is there, and checks it. The lease deletes what this makes. @module */

import { ScrubError } from "../../core/errors.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { tag } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import { readBack, type Reading, waitFor } from "../api/wait.ts";
import type { Source } from "../source/source.ts";
import { LateTags } from "../states/late_tags.ts";
import { ownerOf } from "../states/owner.ts";
import type { WorkspaceContext } from "./context.ts";

/** How an instance is made. */
export interface InstanceMaking {
  /** Its DBInstanceIdentifier. */
  readonly id: string;
  readonly wait: "workspaceRestored" | "workspaceCreated";
  /** For messages, such as `restore to`. */
  readonly purpose: string;
  request(signal: AbortSignal): Promise<void>;
  /** Called at each reading of its status. */
  seen?(instance: Instance, signal: AbortSignal): Promise<void>;
}

/**
 * Makes an instance, waits until it is available, and checks it.
 *
 * @throws {ScrubError} `name-taken` if an instance that is not this run's has the name; `workspace` if the instance is not as it
 * should be; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function makeInstance(
  context: WorkspaceContext,
  making: InstanceMaking,
  signal: AbortSignal,
): Promise<Instance> {
  await request(context, making, signal);
  const instance = await untilMade(context, making, signal);
  checkMade(instance, context.source);
  return instance;
}

async function request(
  { rds, options, lease }: WorkspaceContext,
  { id, purpose, request }: InstanceMaking,
  signal: AbortSignal,
): Promise<void> {
  lease.beforeRestore();
  try {
    await request(signal);
  } catch (error) {
    if (!isRdsError(error, "DBInstanceAlreadyExistsFault")) {
      if (isRdsError(error, ...denials)) lease.instanceGone();
      throw error;
    }
    // Either the answer was lost and the call repeated, or the instance is another run's.
    const existing = await readBack(
      "existingInstanceShown",
      (signal) => rds.instance(id, signal),
      (seen) => seen !== undefined,
      options,
      signal,
    );
    if (existing && ownerOf(existing.tags, options.runId) === "this run") return;
    const runId = existing?.tags.get(tag.run);
    if (existing) lease.instanceGone();
    throw new ScrubError(
      "name-taken",
      `Cannot ${purpose} "${id}": in the meantime ${runId ? `run ${runId}` : "another client"} has created it`,
      "Wait until it is deleted, then run again.",
      { cause: error },
    );
  }
}

async function untilMade(
  { rds, options, lease }: WorkspaceContext,
  { id, wait, seen }: InstanceMaking,
  signal: AbortSignal,
): Promise<Instance> {
  const lateTags = new LateTags("instance", options.runId, options);
  return await waitFor(
    wait,
    {
      id,
      read: async (signal): Promise<Reading<Instance> | undefined> => {
        const instance = await rds.instance(id, signal);
        if (instance === undefined) return undefined;
        const untagged = lateTags.reading(instance);
        if (untagged) return untagged;
        lease.instanceSeen(instance.arn, instance.resourceId);
        await seen?.(instance, signal);
        return { status: instance.status, value: instance, share: instance.storageShare };
      },
      events: (signal) => rds.events(id, signal),
    },
    options,
    signal,
  );
}

/** Throws unless the instance is a workspace of the source, and not production. */
function checkMade(instance: Instance, source: Source): void {
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
    "Nothing was changed in it. Check the settings of the instance, and report this.",
  );
}
