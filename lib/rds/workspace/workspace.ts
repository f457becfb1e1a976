/** The workspace: the temporary instance restored from a source's snapshot, from the restore to its end. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Proof } from "../../scrub/verify/verify.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { finalise } from "../snapshot/finalise.ts";
import { Lease } from "../ownership/lease.ts";
import { workspaceName } from "../api/names.ts";
import { makePassword } from "./password.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import type { FinalSnapshot } from "../snapshot/share_and_prune.ts";
import type { Source } from "../source/source.ts";
import { restore } from "./restore.ts";
import { classifyInstance } from "../api/status_classes.ts";
import { clearDeadRuns } from "../ownership/dead_runs.ts";
import { MINUTE, pause, waitFor } from "../api/wait.ts";
import type { Reading } from "../api/wait.ts";
import { heartbeatOf, lagOf, paceOf, snapshotPaceOf } from "./workspace_options.ts";
import type { WorkspaceOptions } from "./workspace_options.ts";

export { cleanUp } from "../ownership/clean_up.ts";
export { untilLoggedIn } from "./login.ts";
export { workspaceName } from "../api/names.ts";
export { patienceOf } from "./workspace_options.ts";
export type { WorkspaceOptions } from "./workspace_options.ts";

/** Where the databases are, and as whom to log in. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Disposing deletes it without a snapshot, unless it was finalised. */
export class Workspace implements AsyncDisposable {
  readonly id: string;
  /** Its DbiResourceId: what a proof is bound to. */
  readonly resourceId: string;
  /** Its storage, where RDS tells. */
  readonly storageBytes: number | undefined;
  readonly #rds: Rds;
  readonly #source: Source;
  readonly #options: WorkspaceOptions;
  readonly #lease: Lease;

  constructor(rds: Rds, source: Source, options: WorkspaceOptions, lease: Lease, instance: Instance) {
    this.#rds = rds;
    this.#source = source;
    this.#options = options;
    this.#lease = lease;
    this.id = instance.id;
    this.resourceId = instance.resourceId;
    this.storageBytes = instance.storageBytes;
  }

  /**
   * Clears away what a dead run left, restores, waits, and checks what came of it. Deletes it again if anything fails.
   * Throws a ScrubError.
   */
  static async restore(
    rds: Rds,
    source: Source,
    options: WorkspaceOptions,
    signal: AbortSignal,
  ): Promise<Workspace> {
    const patience = options.wait ? options.snapshotTimeout : 0;
    const clearing = { pace: paceOf(options), patience, orphan: options.orphan, runId: options.runId };
    await clearDeadRuns(rds, source, clearing, signal);
    await using undo = new AsyncDisposableStack();
    // The deletion is registered before the call: one whose answer is lost may have made the instance.
    const lease = undo.use(makeLease(rds, source, options));
    const instance = await restore(rds, source, options, lease, signal);
    undo.move();
    return new Workspace(rds, source, options, lease, instance);
  }

  /** Sets a random master password. That it took, only a login proves: see `untilLoggedIn`. Throws a ScrubError. */
  async secure(signal: AbortSignal): Promise<Login> {
    const password = makePassword();
    const pace = paceOf(this.#options);
    const until = performance.now() + pace.timeout;
    let instance = await this.#untilStable(signal);
    while (true) {
      try {
        await this.#rds.setPassword(instance, password, signal);
        break;
      } catch (error) {
        // It can begin something of its own between our question and our call.
        if (!isRdsError(error, "InvalidDBInstanceStateFault") || performance.now() > until) throw error;
        await pause(pace.interval, signal);
        instance = await this.#untilStable(signal);
      }
    }
    await this.#untilSeen(signal);
    instance = await this.#untilStable(signal);
    if (!instance.endpoint) {
      throw new ScrubError(
        "workspace",
        `Cannot reach "${this.id}": it is available but has no endpoint`,
        "Look at its events in the RDS console, then run again.",
      );
    }
    return { ...instance.endpoint, user: instance.masterUser, password };
  }

  /**
   * The only road to a snapshot: deletes the instance with a final snapshot, waits for both, and tags the snapshot with the
   * proof, without which it counts for nothing and is deleted at the disposal. `prove`: what else must hold of the snapshot
   * before it gets the tag. Throws a ScrubError.
   */
  async finalise(
    proof: Proof,
    signal: AbortSignal,
    prove?: (snapshot: Snapshot, signal: AbortSignal) => Promise<void>,
  ): Promise<FinalSnapshot> {
    proof.check(this.resourceId);
    const { runId, shareWith = [] } = this.#options;
    return await finalise({
      rds: this.#rds,
      source: this.#source,
      workspace: this.id,
      resourceId: this.resourceId,
      lease: this.#lease,
      proof,
      runId,
      untilUsable: (signal) => this.#untilUsable(signal),
      lag: lagOf(this.#options),
      pace: paceOf(this.#options),
      snapshotPace: snapshotPaceOf(this.#options),
      toShare: shareWith.length > 0,
      ...(prove && { prove }),
    }, signal);
  }

  /** Throws a ScrubError of kind `leftovers` if AWS does not let it go. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lease[Symbol.asyncDispose]();
  }

  async #read(signal: AbortSignal): Promise<Reading<Instance>> {
    const instance = await this.#rds.instance(this.id, signal);
    // A name can be used again; what stands there then is not what was restored, checked and secured.
    if (instance?.resourceId !== this.resourceId) {
      throw new ScrubError(
        "workspace",
        `Cannot go on in "${this.id}": the instance is gone${instance ? ", another one has its name" : ""}`,
        "Find out who deleted it, then run again.",
      );
    }
    return { status: instance.status, value: instance };
  }

  async #untilUsable(signal: AbortSignal): Promise<void> {
    await waitFor({
      purpose: `snapshot "${this.id}"`,
      what: `instance "${this.id}"`,
      read: (signal) => this.#read(signal),
      classify: classifyInstance,
      pending: ["transient", "busy"],
      target: ["done"],
      readings: 1,
      pace: paceOf(this.#options),
      events: (signal) => this.#rds.events(this.id, signal),
    }, signal);
  }

  #untilStable(signal: AbortSignal): Promise<Instance> {
    return waitFor({
      purpose: `secure "${this.id}"`,
      what: `instance "${this.id}"`,
      read: async (signal) => {
        const { value } = await this.#read(signal);
        return { status: unsettled(value) ?? value.status, value };
      },
      classify: classifyInstance,
      pending: ["transient", "busy"],
      target: ["done"],
      readings: 2,
      pace: paceOf(this.#options),
      events: (signal) => this.#rds.events(this.id, signal),
    }, signal);
  }

  /** For some time after the call the instance looks as if nothing had been asked. */
  async #untilSeen(signal: AbortSignal): Promise<void> {
    const until = performance.now() + lagOf(this.#options);
    while (performance.now() < until) {
      const { value } = await this.#read(signal);
      if (value.status !== "available" || value.pending.length > 0) return;
      await pause(this.#options.pollInterval, signal);
    }
  }
}

/** What an available instance is still busy with; AWS's own CloudFormation handlers wait for the same. */
function unsettled(instance: Instance): string | undefined {
  if (instance.status !== "available") return undefined;
  if (instance.optionGroups.some(({ status }) => status === "failed")) return "option group failed";
  if (instance.pending.length > 0) return `applying ${instance.pending.join(", ")}`;
  if (instance.parameterGroups.some(({ status }) => status === "applying")) return "applying parameters";
  const foreign = instance.securityGroups.some(({ status }) => status !== "active");
  return foreign ? "applying security groups" : undefined;
}

function makeLease(rds: Rds, source: Source, options: WorkspaceOptions): Lease {
  return new Lease({
    rds,
    workspace: workspaceName(source),
    runId: options.runId,
    interval: options.pollInterval,
    heartbeat: heartbeatOf(options),
    doubt: lagOf(options),
    cleanUpTimeout: options.cleanUpTimeout ?? 15 * MINUTE,
    log: options.log,
    ...(options.begun && { begun: options.begun }),
  });
}
