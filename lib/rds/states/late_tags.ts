/** What this run has created, while RDS does not show its tags yet. @module */

import { propagationOf, type ReadBackOptions, type Reading, statusClassOf } from "../api/wait.ts";
import { ownerOf } from "./owner.ts";

/** Judges the readings of a wait for an instance or snapshot that this run has created: RDS may show the tags later than the record. */
export class LateTags {
  readonly #of: "instance" | "snapshot";
  readonly #runId: string;
  readonly #options: Omit<ReadBackOptions, "pollInterval">;
  #shownBy: number | undefined;

  constructor(of: "instance" | "snapshot", runId: string, options: Omit<ReadBackOptions, "pollInterval">) {
    this.#of = of;
    this.#runId = runId;
    this.#options = options;
  }

  /**
   * The reading of a record that has no run's tag, while RDS may still show one; undefined afterwards. A status that the wait fails on
   * does not wait for tags.
   */
  reading<T extends { readonly status: string; readonly tags: ReadonlyMap<string, string> }>(
    value: T,
  ): Reading<T> | undefined {
    this.#shownBy ??= performance.now() + propagationOf(this.#options);
    if (ownerOf(value.tags, this.#runId) !== "unknown" || performance.now() >= this.#shownBy) return undefined;
    const own = statusClassOf(this.#of, value.status);
    const statusClass = own === "done" || own === "busy" ? "transient" : own;
    return { status: `${value.status}, without its tags yet`, statusClass, value };
  }
}
