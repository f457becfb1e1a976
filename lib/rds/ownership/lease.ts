/**
 * A run's hold on a workspace: taken before the restore, renewed by a heartbeat, ended by deletion whatever happens.
 *
 * @module
 */

import { ScrubError } from "../../core/errors.ts";
import { tag } from "../api/names.ts";
import { deleteInstance, deleteSnapshot, type Deletion, whyNotDeleted } from "./delete.ts";
import { Heartbeat } from "./heartbeat.ts";

/** Times in milliseconds. */
export interface LeaseOptions extends Omit<Deletion, "shownBy" | "disproven"> {
  /** Between two heartbeats. */
  readonly heartbeat: number;
  /** How long RDS may take to show what a call has made. */
  readonly propagationTimeout: number;
  readonly cleanUpTimeout: number;
  /** See WorkspaceOptions. */
  readonly onSnapshot?: (snapshot: string) => void;
}

/** Disposing deletes the workspace without a snapshot, the intermediate copies, and the final snapshot unless it has its proof. */
export class Lease implements AsyncDisposable {
  readonly #options: LeaseOptions;
  /** Whether there may be an instance: the restore was called and not denied, and the instance was not seen to go. */
  #instanceMayExist = false;
  #shownBy = 0;
  #resourceId: string | undefined;
  /** Names that a final snapshot without proof may have. */
  readonly #snapshots = new Set<string>();
  /** They were taken of the running instance, so that a deletion without a snapshot says nothing of them. */
  #created = false;
  /** One of them carries a proof that is not this run's. */
  #disproven = false;
  /** Intermediate copies, and the fresh snapshot, that may exist; and the ARNs of those that were seen. */
  readonly #copies = new Set<string>();
  readonly #copyArns = new Set<string>();
  readonly #heartbeat: Heartbeat;
  #instanceArn = "";
  /** ARN of the proven snapshot that this run leaves to others. */
  #kept: string | undefined;
  #keepInstance = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat(options.rds, options.heartbeat, options.log);
  }

  /** The restore is about to be called: from now on there may be an instance. */
  beforeRestore(): void {
    this.#instanceMayExist = true;
    this.#expectPropagation();
  }

  /** The instance was seen: its heartbeat begins. */
  instanceSeen(arn: string, resourceId: string): void {
    this.#shownBy = 0;
    this.#resourceId = resourceId;
    this.#instanceArn = arn;
    this.#heartbeat.add(arn);
  }

  /** The instance is being deleted: its heartbeat ends. */
  instanceDeleting(): void {
    this.#heartbeat.remove(this.#instanceArn);
  }

  /** The restore was refused, or the instance is gone. */
  instanceGone(): void {
    this.#instanceMayExist = false;
  }

  /** The source's snapshot is about to be copied, or one of the source to be taken, under this name. */
  beforeCopy(id: string): void {
    this.#options.onSnapshot?.(id);
    this.#copies.add(id);
    this.#expectPropagation();
  }

  /** The copy was seen: its heartbeat begins. */
  copySeen(arn: string): void {
    this.#copyArns.add(arn);
    this.#heartbeat.add(arn);
  }

  /** The copy was denied: there is none. */
  copyDenied(id: string): void {
    this.#copies.delete(id);
  }

  /**
   * Deletes the copies after the restore, and ends their heartbeats. If that fails, disposing tries again.
   *
   * @throws {RdsError} if AWS refuses.
   */
  async deleteCopies(signal: AbortSignal): Promise<void> {
    for (const arn of this.#copyArns) this.#heartbeat.remove(arn);
    for (const id of this.#copies) {
      await deleteSnapshot({ ...this.#options, shownBy: 0 }, id, undefined, signal);
      this.#copies.delete(id);
    }
  }

  /** A final snapshot is about to be requested under this name: with the deletion of the instance, or of the running one. */
  beforeSnapshot(id: string, how: "deletion" | "created"): void {
    this.#created = how === "created";
    this.#options.onSnapshot?.(id);
    this.#snapshots.add(id);
    this.#expectPropagation();
  }

  /** The final snapshot was seen: it carries the heartbeat until it has its proof. */
  snapshotSeen(arn: string): void {
    this.#heartbeat.add(arn);
  }

  /** AWS has accepted the proof's tag, even if it does not show it yet: disposing keeps the snapshot. */
  snapshotProven(): void {
    this.#snapshots.clear();
  }

  /**
   * The run ends without having shared its proven snapshot: disposing says on it that the run is over. `unfinished`: RDS is still
   * making it, which the deletion of a running instance could disturb, so that this stays, too.
   */
  snapshotKept(arn: string, unfinished: boolean): void {
    this.#kept = arn;
    this.#keepInstance = unfinished && this.#created && this.#instanceMayExist;
  }

  /** Deletes a snapshot that RDS could not make, so that another one can be taken. */
  async deleteFailed(id: string, signal: AbortSignal): Promise<void> {
    const { rds } = this.#options;
    // What is gone is not waited for: the instance stays.
    if (await rds.snapshot(id, signal)) {
      await deleteSnapshot({ ...this.#options, shownBy: 0, disproven: true }, id, this.#resourceId, signal);
    }
    this.#snapshots.delete(id);
  }

  /**
   * Deletes the instance after its snapshot was taken. If that fails, disposing tries again.
   *
   * @throws {RdsError} if AWS refuses.
   */
  async deleteInstance(signal: AbortSignal): Promise<void> {
    await deleteInstance({ ...this.#options, shownBy: 0 }, signal);
    this.instanceDeleting();
  }

  /** The snapshot of this name is not the proven one: disposing deletes it if it is this run's, whatever tags it has. */
  snapshotDisproven(id: string): void {
    this.#snapshots.add(id);
    this.#disproven = true;
  }

  /**
   * Takes no signal: it must run when everything else was stopped.
   *
   * @throws {ScrubError} `leftovers` if AWS does not delete something.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#heartbeat.stop();
    const { workspace, cleanUpTimeout } = this.#options;
    const deletion = { ...this.#options, shownBy: this.#shownBy, disproven: this.#disproven };
    const timeout = AbortSignal.timeout(cleanUpTimeout);
    try {
      if (this.#instanceMayExist && !this.#keepInstance) {
        // This deletion makes no snapshot.
        if (await deleteInstance(deletion, timeout) === "deleted" && !this.#created) this.#snapshots.clear();
        this.#instanceMayExist = false;
      }
      for (const id of this.#snapshots) {
        await deleteSnapshot(deletion, id, this.#resourceId, timeout);
        this.#snapshots.delete(id);
      }
      for (const id of this.#copies) {
        await deleteSnapshot(deletion, id, undefined, timeout);
        this.#copies.delete(id);
      }
      if (this.#kept !== undefined) await this.#endHeartbeatOf(this.#kept, timeout);
      if (this.#keepInstance) await this.#endHeartbeatOf(this.#instanceArn, timeout);
    } catch (error) {
      const leftovers = [
        ...(this.#instanceMayExist ? [`instance "${workspace}"`] : []),
        ...[...this.#snapshots].map((id) => `snapshot "${id}"`),
        ...[...this.#copies].map((id) => `snapshot "${id}"`),
      ].join(" and ");
      throw new ScrubError(
        "leftovers",
        `Cannot clean up ${leftovers}: ${whyNotDeleted(error, timeout, cleanUpTimeout)}`,
        `Delete ${leftovers} by hand, without a final snapshot; it may hold unscrubbed data. The next run of this source and ` +
          '"datascrubber sweep" try to delete it, too.',
        { cause: error },
      );
    }
  }

  #expectPropagation(): void {
    this.#shownBy = performance.now() + this.#options.propagationTimeout;
  }

  /** So that others need not wait until it has expired. They find out without, too. */
  async #endHeartbeatOf(arn: string, signal: AbortSignal): Promise<void> {
    const { rds, log } = this.#options;
    try {
      await rds.tag(arn, { [tag.heartbeat]: new Date(0).toISOString() }, signal);
    } catch (error) {
      log.debug(`the heartbeat expires by itself: ${error instanceof Error ? error.message : "unknown reason"}`);
    }
  }
}
