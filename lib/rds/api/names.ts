/** Names and tags of what a run creates. Monitoring and old snapshots know the names: they do not change. @module */

import { createHash } from "node:crypto";

/** RDS's words for the engines. */
export type RdsEngine = "postgres" | "mysql";

/** What names are made of. */
export interface Named {
  readonly rdsEngine: RdsEngine;
  /** DBInstanceIdentifier of the source. */
  readonly name: string;
}

/** Tags of ours. Keys and values have letters, digits, spaces and `_.:/=+-@` only, as AWS wants. */
export const tag = {
  /** Marks everything of ours; the value is `scrubber`, as always. */
  tool: "scrubber",
  run: "datascrubber:run",
  source: "datascrubber:source",
  started: "datascrubber:started",
  /** When, by RDS's clock, the run that owns the workspace last showed that it lives; ISO 8601. */
  heartbeat: "datascrubber:heartbeat",
  /** How often it does, in seconds: other runs may have other settings. */
  heartbeatSeconds: "datascrubber:heartbeat-seconds",
  /** On a finished snapshot, and only there: the digest of what was proven. */
  proof: "datascrubber:proof",
  /** On a finished snapshot: how much was read in search of removed values: `full`, `sample` or `off`. */
  search: "datascrubber:search",
  /** On a finished snapshot: the SHA-256 of its run's report. */
  report: "datascrubber:report",
  /** On a finished snapshot: whether it is still to be shared, see {@linkcode sharing}. */
  share: "datascrubber:share",
} as const;

/** Value of {@linkcode tag.tool}. */
export const TOOL = "scrubber";

/**
 * The tags of what a run makes: whose it is, and that the run lives `now`, by RDS's clock. `heartbeat`: its interval in
 * milliseconds.
 */
export function runTags(source: Named, runId: string, heartbeat: number, now: Date): Record<string, string> {
  const time = now.toISOString();
  return {
    [tag.tool]: TOOL,
    [tag.run]: runId,
    [tag.source]: source.name,
    [tag.started]: time,
    [tag.heartbeat]: time,
    [tag.heartbeatSeconds]: String(heartbeat / 1000),
  };
}

/** Values of `tag.share`: a run that ends in between leaves `wanted`, and the next one shares. */
export const sharing = { wanted: "wanted", done: "done" } as const;

/** The workspace's DBInstanceIdentifier: the same at every run, so that a second run cannot overlook the first. */
export function workspaceName(source: Named): string {
  const hash = createHash("sha256").update(source.name).digest("hex").slice(0, 12);
  return `scrubber-${source.rdsEngine}-${hash}`;
}

/** Does this name look like a workspace's? */
export function isWorkspaceName(name: string): boolean {
  return /^scrubber-(postgres|mysql)-[0-9a-f]{12}$/.test(name);
}

/** The intermediate copy's name, which a run makes to change the key. */
export function copyName(source: Named, runId: string): string {
  return `${workspaceName(source)}-copy-${runId.replaceAll(/[^0-9A-Za-z]/g, "").slice(0, 12).toLowerCase()}`;
}

/** Does this name say that the snapshot is an intermediate copy for this workspace? */
export function isCopyName(workspace: string, name: string): boolean {
  return name.startsWith(`${workspace}-copy-`);
}

/** The final snapshot's name, in UTC. */
export function snapshotName(source: Named, time: Date): string {
  return `scrubbed-${source.name}-${time.toISOString().slice(0, 16).replaceAll(/[T:]/g, "-")}`;
}

/** Does this name say that the snapshot is a scrubbed one of this source? */
export function isSnapshotName(source: Named, name: string): boolean {
  const start = `scrubbed-${source.name}-`;
  return name.startsWith(start) && /^\d{4}(-\d\d){4}$/.test(name.slice(start.length));
}
