/** Creates an empty workspace, of the version and with the settings of the restored one. @module */

import { runTags, workspaceName } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import { type FreshData, freshStorage } from "../source/fresh_storage.ts";
import { heartbeatOf, type WorkspaceContext } from "./context.ts";
import { makeInstance } from "./make_instance.ts";
import { type Login, loginTo, makePassword } from "./secure.ts";

/**
 * Creates the instance, with storage for what it is to hold and a random master password, waits until it is available, and checks it.
 * The lease deletes what this makes.
 *
 * @throws {ScrubError} `name-taken` if an instance that is not this run's has the name; `workspace` if the instance is not as it
 * should be; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function create(
  context: WorkspaceContext,
  holds: FreshData,
  signal: AbortSignal,
): Promise<{ readonly instance: Instance; readonly login: Login }> {
  const { rds, source, options } = context;
  const { snapshot: _, serverless: __, ...settings } = source.restore;
  const { kmsKey = source.snapshot.kmsKeyId } = options;
  const id = workspaceName(source);
  const password = makePassword();
  const call = {
    ...settings,
    ...freshStorage(source, holds),
    instance: id,
    masterUser: source.snapshot.masterUser,
    password,
    encrypted: source.snapshot.encrypted || options.kmsKey !== undefined,
    ...(kmsKey !== undefined && { kmsKey }),
    tags: runTags(source, options.runId, heartbeatOf(options), rds.now()),
  };
  const instance = await makeInstance(context, {
    id,
    wait: "workspaceCreated",
    purpose: "create",
    request: (signal) => rds.create(call, signal),
  }, signal);
  return { instance, login: loginTo(instance, password) };
}
