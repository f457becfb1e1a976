/** Whose an instance or snapshot is, and whether its run is alive: by its tags. @module */

import { isWorkspaceName, tag, TOOL } from "../api/names.ts";

type Tags = ReadonlyMap<string, string>;

/** The run that a record's tags name. */
export interface RunOfTags {
  readonly runId: string;
  /** Whether its heartbeat is fresh. */
  readonly alive: boolean;
}

/** After how many intervals without a heartbeat a run is dead. */
const missedHeartbeats = 3;

/**
 * The run in these tags; undefined unless all of its tags are there. `now`: by RDS's clock. `dead`: a run that counts as dead
 * whatever its heartbeat.
 */
export function runOf(tags: Tags, now: Date, dead?: string): RunOfTags | undefined {
  const runId = tags.get(tag.run);
  const heartbeat = Date.parse(tags.get(tag.heartbeat) ?? "");
  const seconds = Number(tags.get(tag.heartbeatSeconds) ?? Number.NaN);
  if (tags.get(tag.tool) !== TOOL || !runId || !Number.isFinite(heartbeat) || !(seconds > 0)) return undefined;
  return { runId, alive: runId !== dead && now.getTime() - heartbeat <= missedHeartbeats * seconds * 1000 };
}

/** Whose a record is, as a run sees it. `unknown`: RDS shows no run's tag, or not yet. */
export function ownerOf(tags: Tags, runId: string): "this run" | "unknown" | "other" {
  if (!tags.has(tag.run)) return "unknown";
  return tags.get(tag.run) === runId && hasToolTag(tags) ? "this run" : "other";
}

/** Whether this program's tag is on it. */
export function hasToolTag(tags: Tags): boolean {
  return tags.get(tag.tool) === TOOL;
}

/** Whether the tags are those of a source's isolation group, which outlasts its runs. */
export function isIsolationGroupOf(tags: Tags, source: string): boolean {
  return hasToolTag(tags) && tags.get(tag.source) === source;
}

/** Whether the tags or the name of an instance say that this program made it: one of them is enough not to take it for a source. */
export function looksLikeWorkspace({ id, tags }: { readonly id: string; readonly tags: Tags }): boolean {
  return isWorkspaceName(id) || hasToolTag(tags);
}
