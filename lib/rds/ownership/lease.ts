/** A run's hold on a workspace: taken before the restore, shown by a heartbeat, ended by deletion whatever happens. @module */

import { ScrubError } from "../../core/errors.ts";
import { tag } from "../api/names.ts";
import { deleteInstance, deleteSnapshot } from "./delete.ts";
import type { Deletion } from "./delete.ts";
import { MINUTE } from "../api/wait.ts";

/** What a lease needs besides what a removal does. Times in milliseconds. */
export interface LeaseOptions extends Omit<Deletion, "doubtUntil" | "disproven"> {
  /** Between two heartbeats. */
  readonly heartbeat: number;
  /** How long "not found" is doubted after a call that may have made something. */
  readonly doubt: number;
  /** How long clean-up may take. */
  readonly cleanUpTimeout: number;
  /** See WorkspaceOptions. */
  readonly begun?: (snapshot: string) => void;
}

/** Disposing deletes the workspace without a snapshot, and the final snapshot unless it has its proof. */
export class Lease implements AsyncDisposable {
  readonly #options: LeaseOptions;
  /** What may stand in AWS: the restore was called, and not refused outright; the instance was not seen to go. */
  #mayStand = false;
  #doubtUntil = 0;
  #resourceId: string | undefined;
  /** Names that a final snapshot without proof may have. */
  readonly #snapshots = new Set<string>();
  /** One of them carries a proof that is not this run's. */
  #disproven = false;
  /** The intermediate copy that may stand. */
  #copy: string | undefined;
  /** ARNs whose tags show that the run lives. */
  readonly #beating = new Set<string>();
  #instanceArn = "";
  #stopBeating: (() => Promise<void>) | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** The restore is about to be called: from now on there may be an instance. */
  begin(): void {
    this.#mayStand = true;
    this.#doubtUntil = performance.now() + this.#options.doubt;
  }

  /** A copy of the source's snapshot may be made under this name by the next call. */
  beginCopy(id: string): void {
    this.#options.begun?.(id);
    this.#copy = id;
    this.#doubtUntil = performance.now() + this.#options.doubt;
  }

  /** The copy was seen: its heartbeat can begin. */
  seenCopy(arn: string): void {
    this.#beatAt(arn);
  }

  /** The copy was refused: it does not stand. */
  endCopy(): void {
    this.#copy = undefined;
  }

  /** The copy has served. Throws what RDS does; disposing tries again. */
  async removeCopy(signal: AbortSignal): Promise<void> {
    if (this.#copy === undefined) return;
    await deleteSnapshot({ ...this.#options, doubtUntil: 0 }, this.#copy, undefined, signal);
    this.#copy = undefined;
  }

  /** The restore was refused, or the instance is gone: nothing of ours stands. */
  end(): void {
    this.#mayStand = false;
  }

  /** The instance was seen: its heartbeat can begin. */
  seen(arn: string, resourceId: string): void {
    this.#doubtUntil = 0;
    this.#resourceId = resourceId;
    this.#instanceArn = arn;
    this.#beatAt(arn);
  }

  /** A final snapshot may be made under this name by the next call. */
  beginSnapshot(id: string): void {
    this.#options.begun?.(id);
    this.#snapshots.add(id);
    this.#doubtUntil = performance.now() + this.#options.doubt;
  }

  /** AWS took the final snapshot's proof, though it may not show it yet: disposing lets it be. */
  endSnapshot(): void {
    this.#snapshots.clear();
  }

  /** What stands under this name is not what was proven, whatever it carries: disposing deletes it, if it is of this run. */
  disprove(id: string): void {
    this.#snapshots.add(id);
    this.#disproven = true;
  }

  /** The instance is being deleted and carries no heartbeat any more. */
  leaves(): void {
    this.#beating.delete(this.#instanceArn);
  }

  /** The final snapshot was seen: until it is finished, it carries the heartbeat. */
  seenSnapshot(arn: string): void {
    this.#beatAt(arn);
  }

  /** Needs no caller's signal: it must run when everything else was stopped. Throws a ScrubError of kind `leftovers`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stopBeating?.();
    const { workspace, cleanUpTimeout } = this.#options;
    const removal = { ...this.#options, doubtUntil: this.#doubtUntil, disproven: this.#disproven };
    const limit = AbortSignal.timeout(cleanUpTimeout);
    try {
      if (this.#mayStand) {
        // A deletion of our own takes no snapshot.
        if (await deleteInstance(removal, limit) === "deleted") this.#snapshots.clear();
        this.#mayStand = false;
      }
      for (const id of this.#snapshots) {
        await deleteSnapshot(removal, id, this.#resourceId, limit);
        this.#snapshots.delete(id);
      }
      if (this.#copy !== undefined) await deleteSnapshot(removal, this.#copy, undefined, limit);
      this.#copy = undefined;
    } catch (error) {
      const left = [
        ...(this.#mayStand ? [`instance "${workspace}"`] : []),
        ...[...this.#snapshots].map((id) => `snapshot "${id}"`),
        ...(this.#copy === undefined ? [] : [`snapshot "${this.#copy}"`]),
      ].join(" and ");
      const why = limit.aborted
        ? `AWS did not let it go in ${Math.ceil(cleanUpTimeout / MINUTE)} minutes`
        : error instanceof Error
        ? error.message
        : "unknown reason";
      throw new ScrubError(
        "leftovers",
        `Cannot clean up ${left}: ${why}`,
        `Delete ${left} by hand, without a final snapshot; what is not scrubbed may be in it. The next run of this source ` +
          'and "datascrubber sweep" try it, too.',
        { cause: error },
      );
    }
  }

  #beatAt(arn: string): void {
    this.#beating.add(arn);
    this.#stopBeating ??= this.#beat();
  }

  #beat(): () => Promise<void> {
    const { rds, heartbeat, log } = this.#options;
    const stop = new AbortController();
    let current: Promise<void> | undefined;
    const beat = async () => {
      for (const arn of this.#beating) {
        try {
          await rds.tag(arn, { [tag.heartbeat]: rds.now().toISOString() }, stop.signal);
        } catch (error) {
          if (stop.signal.aborted || !this.#beating.has(arn)) continue;
          // One missed beat harms nobody; after three another run may take what carries it for an orphan.
          log.warn(`heartbeat missed: ${error instanceof Error ? error.message : "unknown reason"}`);
        }
      }
    };
    // A slow call takes the place of the beats that it delays.
    const timer = setInterval(() => current ??= beat().finally(() => current = undefined), heartbeat);
    return async () => {
      clearInterval(timer);
      stop.abort();
      await current;
    };
  }
}
