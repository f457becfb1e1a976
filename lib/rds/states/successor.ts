/**
 * An instance that a run made to put it in the place of another, by its tags: a successor. Under its own name it is a leftover as a
 * workspace is; from when on names change it is never deleted without the other instance being back at its name.
 *
 * @module
 */

import { newName, tag } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import { runOf } from "./owner.ts";

/** `swapping`: its run is dead, and names may have changed: it has to take its place. `abandoned`: its run is dead, and they have not. */
export type SuccessorState = "in progress" | "abandoned" | "swapping" | "deleting";

/** A successor, and what its tags say. */
export interface Successor {
  readonly instance: Instance;
  readonly state: SuccessorState;
  /** The name that it is to take. */
  readonly target: string;
  /** DbiResourceId of the instance whose place it takes. */
  readonly replaces: string;
  /** The snapshot that it was restored from. */
  readonly snapshot: string;
  /** DBInstanceIdentifier of the snapshot's source. */
  readonly source: string;
  readonly runId: string;
}

/** Tells a successor; undefined for any other instance. `now`: by RDS's clock. `dead`: a run that counts as dead whatever its heartbeat. */
export function classifySuccessor(instance: Instance, now: Date, dead?: string): Successor | undefined {
  const { id, tags, status } = instance;
  const run = runOf(tags, now, dead);
  const target = tags.get(tag.refreshes);
  const replaces = tags.get(tag.replaces);
  if (!run || !target || !replaces || id !== target && id !== newName(target, run.runId)) return undefined;
  const found = {
    instance,
    target,
    replaces,
    snapshot: tags.get(tag.restoredFrom) ?? "",
    source: tags.get(tag.source) ?? "",
    runId: run.runId,
  };
  if (run.alive) return { ...found, state: "in progress" };
  if (isSwapBegun(instance, target)) return { ...found, state: "swapping" };
  return { ...found, state: status === "deleting" ? "deleting" : "abandoned" };
}

/** Whether names may have changed: it says so, or has its name. */
export function isSwapBegun({ id, tags }: Instance, target: string): boolean {
  return id === target || tags.has(tag.swap);
}

/** The tags that go once it has its place: with them it would be a run's. The snapshot's name stays on it. */
export const successorTags: readonly string[] = [
  tag.tool,
  tag.run,
  tag.source,
  tag.started,
  tag.heartbeat,
  tag.heartbeatSeconds,
  tag.refreshes,
  tag.replaces,
  tag.swap,
];
