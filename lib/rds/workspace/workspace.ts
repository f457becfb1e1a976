/**
 * The workspace: the temporary instance restored from a source's snapshot. Its steps: restore, secure, finalise. With `--rebuild` a second
 * one, created empty and filled from the first, is finalised in its place.
 *
 * @module
 */

import type { Proof } from "../../scrub/verify/verify.ts";
import type { Rds } from "../api/client.ts";
import { RdsError } from "../api/errors.ts";
import { workspaceName } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import { MINUTE, propagationOf } from "../api/wait.ts";
import { clearDeadRuns } from "../ownership/dead_runs.ts";
import { Lease } from "../ownership/lease.ts";
import type { FinalSnapshot } from "../snapshot/share_and_prune.ts";
import { processorsOf } from "../../core/instance_class.ts";
import type { FreshData } from "../source/fresh_storage.ts";
import { restoredTo, type Source } from "../source/source.ts";
import { heartbeatOf, type RestoredWorkspace, type WorkspaceContext, type WorkspaceOptions } from "./context.ts";
import { finalise } from "./finalise.ts";
import { readWorkspace } from "./instance.ts";
import { create } from "./create.ts";
import { restore } from "./restore.ts";
import { type Login, secure } from "./secure.ts";

export { cleanUp } from "../ownership/clean_up.ts";
export type { Login } from "./secure.ts";
export { untilLoggedIn } from "./login.ts";
export { KeptSnapshot } from "./proof_mark.ts";
export { restoredNameOf, workspaceName } from "../api/names.ts";
export type { WorkspaceOptions } from "./context.ts";

/** Disposing deletes it without a snapshot, unless it was finalised. */
export class Workspace implements AsyncDisposable {
  readonly id: string;
  /** Its DbiResourceId, to which a proof is bound. */
  readonly resourceId: string;
  /** By its class; undefined where that tells nothing. */
  readonly processors: number | undefined;
  /** Its storage, if RDS has the figure. */
  readonly storageBytes: number | undefined;
  /** With the snapshot that was restored. */
  readonly source: Source;
  readonly #restored: RestoredWorkspace;

  constructor(context: WorkspaceContext, { id, resourceId, storageBytes, instanceClass }: Instance) {
    this.id = id;
    this.resourceId = resourceId;
    this.processors = processorsOf(instanceClass);
    this.storageBytes = storageBytes;
    this.source = context.source;
    this.#restored = { ...context, id, resourceId };
  }

  /**
   * Deletes what dead runs left, restores the source's snapshot and checks the instance. Deletes it again if that fails.
   *
   * @throws {ScrubError} `occupied` or `name-taken` if the name is not free; `workspace` if the instance is not as it should be;
   * `aws-status`, `aws-timeout`; `leftovers` if AWS does not delete something.
   * @throws {RdsError} if AWS refuses.
   */
  static async restore(
    rds: Rds,
    source: Source,
    options: WorkspaceOptions,
    signal: AbortSignal,
  ): Promise<Workspace> {
    const waitTimeout = options.wait ? options.snapshotTimeout : 0;
    await clearDeadRuns(rds, source, { ...options, waitTimeout }, signal);
    await using undo = new AsyncDisposableStack();
    // Before the call: it may have made the instance even if its answer is lost.
    const context = { rds, source, options, lease: undo.use(makeLease(rds, restoredTo(source), options)) };
    const { instance, source: restored } = await restore(context, signal);
    undo.move();
    return new Workspace({ ...context, source: restored }, instance);
  }

  /**
   * Creates an empty instance of the same version and with the same settings, under the source's usual name for workspaces, and checks it.
   * Deletes it again if that fails.
   *
   * @throws {ScrubError} `name-taken` if the name is not free; `workspace` if the instance is not as it should be; `aws-status`,
   * `aws-timeout`; `leftovers` if AWS does not delete something.
   * @throws {RdsError} if AWS refuses.
   */
  static async create(
    rds: Rds,
    source: Source,
    holds: FreshData,
    options: WorkspaceOptions,
    signal: AbortSignal,
  ): Promise<{ readonly workspace: Workspace; readonly login: Login }> {
    await using undo = new AsyncDisposableStack();
    const context = { rds, source, options, lease: undo.use(makeLease(rds, workspaceName(source), options)) };
    const { instance, login } = await create(context, holds, signal);
    undo.move();
    return { workspace: new Workspace(context, instance), login };
  }

  /** See {@linkcode secure}. */
  secure(signal: AbortSignal): Promise<Login> {
    return secure(this.#restored, signal);
  }

  /**
   * What RDS does to the volume, such as loading the snapshot's blocks from S3; undefined: nothing, or it is not known, which is no reason
   * to fail.
   */
  async initialisation(
    signal: AbortSignal,
  ): Promise<{ readonly status: string; readonly percent?: number } | undefined> {
    try {
      const { storageOperation, storageShare } = await readWorkspace(this.#restored, signal);
      if (storageOperation === undefined) return undefined;
      return {
        status: storageOperation,
        ...(storageShare !== undefined && { percent: Math.round(100 * storageShare) }),
      };
    } catch (error) {
      if (!(error instanceof RdsError)) throw error;
      return undefined;
    }
  }

  /** See {@linkcode finalise}, the only way to a snapshot. */
  finalise(
    proof: Proof,
    signal: AbortSignal,
    verify?: (snapshot: Snapshot, signal: AbortSignal) => Promise<void>,
  ): Promise<FinalSnapshot> {
    return finalise(this.#restored, proof, verify, signal);
  }

  /** @throws {ScrubError} `leftovers` if AWS does not delete something. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#restored.lease[Symbol.asyncDispose]();
  }
}

function makeLease(rds: Rds, workspace: string, options: WorkspaceOptions): Lease {
  const { runId, pollInterval, cleanUpTimeout = 15 * MINUTE, log, onSnapshot } = options;
  return new Lease({
    ...{ rds, workspace, runId, pollInterval, cleanUpTimeout, log },
    heartbeat: heartbeatOf(options),
    propagationTimeout: propagationOf(options),
    ...(onSnapshot && { onSnapshot }),
  });
}
