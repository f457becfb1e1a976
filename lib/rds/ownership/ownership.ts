/** Which run an instance or unfinished snapshot belongs to, and whether that run is alive. @module */

import type { Rds } from "../api/client.ts";
import { isCopyName, type Named, tag, TOOL, workspaceName } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";

/**
 * Whose the instance with a workspace's name is. `none`: there is no instance; `deleting`: RDS is deleting it, whose ever it
 * was; `alive`: of a run that is alive; `dead`: of a dead run; `foreign`: of no run, as far as its tags show.
 */
export type Ownership =
  | { readonly kind: "none" | "deleting" | "foreign" }
  | { readonly kind: "alive" | "dead"; readonly runId: string };

/** A snapshot that a run has not finished: a final one without proof, or an intermediate copy. */
export interface UnfinishedSnapshot {
  readonly snapshot: Snapshot;
  readonly runId: string;
  readonly alive: boolean;
  /** The workspace that it was taken of, or copied for. */
  readonly workspace: string;
}

/** After how many intervals without a heartbeat a run is dead. */
const missedHeartbeats = 3;

/** Whose the instance with the name of a source's workspace is. Only reads. */
export async function readOwnership(rds: Rds, source: Named, signal: AbortSignal): Promise<Ownership> {
  const instance = await rds.instance(workspaceName(source), signal);
  return instance ? ownershipOf(instance, source.name, rds.now()) : { kind: "none" };
}

/** Whose an instance with the name of a source's workspace is. `now`: by RDS's clock. */
export function ownershipOf(instance: Instance, source: string, now: Date): Ownership {
  if (instance.status === "deleting") return { kind: "deleting" };
  const run = runOf(instance.tags, now);
  if (!run || instance.tags.get(tag.source) !== source) return { kind: "foreign" };
  return { kind: run.alive ? "alive" : "dead", runId: run.runId };
}

/** Snapshots of a source that runs have not finished. Only reads. */
export async function unfinishedSnapshotsOf(
  rds: Rds,
  source: Named,
  signal: AbortSignal,
): Promise<readonly UnfinishedSnapshot[]> {
  const found = [
    ...await rds.snapshots({ instance: workspaceName(source), type: "manual" }, signal),
    // RDS lists a copy under the instance that its original was taken of.
    ...await rds.snapshots({ instance: source.name, type: "manual" }, signal),
  ];
  return found.flatMap((snapshot) => unfinished(snapshot, rds.now()) ?? [])
    .filter(({ snapshot }) => snapshot.tags.get(tag.source) === source.name);
}

/** The snapshot with its run, if a run made it and has not finished it; else undefined. `now`: by RDS's clock. */
export function unfinished(snapshot: Snapshot, now: Date): UnfinishedSnapshot | undefined {
  const { tags } = snapshot;
  const source = tags.get(tag.source);
  const run = runOf(tags, now);
  if (snapshot.type !== "manual" || !run || !source || tags.has(tag.proof)) return undefined;
  const workspaces = (["postgres", "mysql"] as const).map((rdsEngine) => workspaceName({ rdsEngine, name: source }));
  const workspace = workspaces.find((workspace) =>
    snapshot.instance === workspace || snapshot.instance === source && isCopyName(workspace, snapshot.id)
  );
  return workspace === undefined ? undefined : { snapshot, workspace, ...run };
}

/** The run in these tags; undefined unless all of its tags are there. */
function runOf(
  tags: ReadonlyMap<string, string>,
  now: Date,
): { readonly runId: string; readonly alive: boolean } | undefined {
  const runId = tags.get(tag.run);
  const heartbeat = Date.parse(tags.get(tag.heartbeat) ?? "");
  const seconds = Number(tags.get(tag.heartbeatSeconds) ?? Number.NaN);
  if (tags.get(tag.tool) !== TOOL || !runId || !Number.isFinite(heartbeat) || !(seconds > 0)) return undefined;
  return { runId, alive: now.getTime() - heartbeat <= missedHeartbeats * seconds * 1000 };
}
