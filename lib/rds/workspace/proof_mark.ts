/** The proof's tag on a run's final snapshot: set as soon as RDS shows the snapshot, and waited for. @module */

import { ScrubError } from "../../core/errors.ts";
import type { EncryptionReport } from "../../core/report.ts";
import type { Proof } from "../../scrub/verify/verify.ts";
import { copying, refreshing, sharing, tag, TOOL } from "../api/names.ts";
import { encryptionOf, type Snapshot } from "../api/records.ts";
import { snapshotStatusClass } from "../api/status_classes.ts";
import { mayRepeat, type Reading, waitFor } from "../api/wait.ts";
import { proofOf, type ProofState, proofState } from "../states/snapshot.ts";
import type { RestoredWorkspace } from "./context.ts";

/** A run failed after its snapshot had its proof: the snapshot stays, and `finish` or the source's next run shares it. */
export class KeptSnapshot extends ScrubError {
  /** Absent: RDS does not show the proof yet. */
  readonly snapshot?: { readonly id: string; readonly encryption: EncryptionReport };

  constructor(message: string, hint: string, cause: unknown, snapshot?: KeptSnapshot["snapshot"]) {
    super("leftovers", message, hint, { cause });
    if (snapshot) this.snapshot = snapshot;
  }
}

/** The snapshot is not the proven one. */
class Disproof extends ScrubError {}

const otherInstance = "it was taken of another instance than this run's workspace";
const findOut = "Find out who made it, then run again.";

/**
 * Gives one final snapshot its proof. Once AWS has accepted the tag, the snapshot is deleted only if it turns out not to be the
 * proven one, or RDS cannot make it: RDS may be slow to show tags, and slower to make snapshots.
 */
export class ProofMark {
  readonly #workspace: RestoredWorkspace;
  readonly #proof: Proof;
  readonly #id: string;
  #accepted = false;
  #seen: Snapshot | undefined;

  constructor(workspace: RestoredWorkspace, proof: Proof, id: string) {
    this.#workspace = workspace;
    this.#proof = proof;
    this.#id = id;
  }

  /**
   * Sets the tag on a snapshot that is still being made, so that it outlasts this run. What RDS refuses for a while is tried again
   * at the next reading.
   *
   * @throws {ScrubError} `snapshot` if it is not the proven one.
   * @throws {RdsError} if AWS refuses.
   */
  async addEarly(found: Snapshot | undefined, signal: AbortSignal): Promise<void> {
    this.#seen = found;
    // Another instance's is refused once it is available.
    if (found?.resourceId !== this.#workspace.resourceId) return;
    this.#check(found);
    if (this.#accepted || found.status !== "creating") return;
    try {
      await this.#add(found, signal);
    } catch (error) {
      if (!mayRepeat("earlyProof", error)) throw error;
      this.#workspace.options.log.debug(`snapshot "${this.#id}" cannot be tagged yet`);
    }
  }

  /**
   * Waits until RDS shows the tag on the available snapshot, and sets it where it is not there yet.
   *
   * @throws {ScrubError} `snapshot` if it is not the proven one; `aws-status`, `aws-timeout`.
   * @throws {RdsError} if AWS refuses.
   */
  async untilShown(signal: AbortSignal): Promise<void> {
    const { rds, options } = this.#workspace;
    const id = this.#id;
    const read = async (signal: AbortSignal) => {
      const found = await rds.snapshot(id, signal);
      return { found, state: this.#check(found) };
    };
    const reading = ({ found, state }: Awaited<ReturnType<typeof read>>): Reading<undefined> | undefined => {
      if (state === "verified") return { status: "available, with its proof", statusClass: "done", value: undefined };
      if (state !== "tag pending") return found && { status: found.status, value: undefined };
      return { status: "available, without its proof yet", statusClass: "transient", value: undefined };
    };
    await waitFor(
      "proofShown",
      {
        id,
        read: async (signal) => {
          const seen = await read(signal);
          if (seen.state !== "tag pending" || !seen.found) return reading(seen);
          await this.#add(seen.found, signal);
          return reading(await read(signal));
        },
      },
      options,
      signal,
    );
    this.#accept();
  }

  /**
   * What a failure comes to: the same, or {@linkcode KeptSnapshot} where the snapshot has its proof and stays. Tells the lease.
   */
  outcomeOf(error: unknown, signal: AbortSignal): unknown {
    const { lease, source, options, id: instance, resourceId } = this.#workspace;
    const seen = this.#seen;
    if (!this.#accepted || seen?.resourceId !== resourceId || error instanceof Disproof) return error;
    const status = snapshotStatusClass(seen.status);
    if (status === "broken") lease.snapshotDisproven(this.#id);
    // A snapshot that is gone or broken leaves nothing.
    if (status === "broken" || status === "leaving") return error;
    if (!(error instanceof ScrubError) && !signal.aborted) return error;
    const unfinished = status === "transient";
    lease.snapshotKept(seen.arn, unfinished);
    // While RDS is making it, an accepted tag counts: it has had little time to show it.
    const shown = seen.status !== "available" || proofOf(seen) !== undefined;
    return new KeptSnapshot(
      `${error instanceof Error ? error.message : "Cannot go on"}. Snapshot "${this.#id}" was verified, and is kept, ` +
        `not shared${
          unfinished && options.finalSnapshot === "create"
            ? `; so is instance "${instance}", until AWS has made it`
            : ""
        }`,
      shown
        ? `Share it with "datascrubber finish ${source.name}", or run again: the next run of this source does so, too.`
        : `Check its tags. With the tag "${tag.proof}" the next run of this source shares it; without, the ` +
          "next run deletes it as soon as the heartbeat on it has expired.",
      error,
      shown ? { id: this.#id, encryption: encryptionOf(seen) } : undefined,
    );
  }

  async #add({ arn }: Snapshot, signal: AbortSignal): Promise<void> {
    const { rds, source, options: { runId, shareWith = [], copyTo = [], refresh } } = this.#workspace;
    const tags = {
      [tag.tool]: TOOL,
      [tag.run]: runId,
      [tag.source]: source.name,
      [tag.proof]: this.#proof.digest,
      [tag.search]: this.#proof.search,
      [tag.share]: shareWith.length > 0 ? sharing.wanted : sharing.done,
      ...Object.fromEntries(copyTo.map((target) => [tag.copyTo + target.region, copying.wanted(target)])),
      ...(refresh !== undefined && { [tag.refreshes]: refreshing.wanted(refresh) }),
    };
    await rds.tag(arn, tags, signal);
    this.#accept();
  }

  #accept(): void {
    this.#accepted = true;
    this.#workspace.lease.snapshotProven();
  }

  /** How far the proof's tag is; throws if the snapshot is not the proven one. */
  #check(found: Snapshot | undefined): ProofState {
    const { lease, resourceId } = this.#workspace;
    this.#seen = found;
    const state = proofState(found, { resourceId, digest: this.#proof.digest });
    if (state !== "other instance" && state !== "other proof") {
      // An answer that was lost had its effect.
      if (found && proofOf(found) !== undefined && !this.#accepted) this.#accept();
      return state;
    }
    lease.snapshotDisproven(this.#id);
    throw new Disproof(
      "snapshot",
      `Cannot use snapshot "${this.#id}": ${
        state === "other proof" ? "it carries another proof than this run's" : otherInstance
      }`,
      findOut,
    );
  }
}
