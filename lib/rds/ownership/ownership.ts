/** Whose an instance under a workspace's name is, or a snapshot without proof: a living run's, a dead one's, nobody's. @module */

import type { Rds } from "../api/client.ts";
import { isCopyName, tag, TOOL, workspaceName } from "../api/names.ts";
import type { Named } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";

/**
 * What stands under the name. `leaving`: whoever's it is, RDS deletes it already; `alive`: another run works in it;
 * `orphan`: its run is dead; `foreign`: not ours, or not provably.
 */
export type Ownership =
  | { readonly kind: "nothing" }
  | { readonly kind: "leaving" }
  | { readonly kind: "alive"; readonly runId: string }
  | { readonly kind: "orphan"; readonly runId: string }
  | { readonly kind: "foreign" };

/** A snapshot that a run made and has not finished: a final one without proof, or an intermediate copy. */
export interface UnfinishedSnapshot {
  readonly snapshot: Snapshot;
  readonly runId: string;
  readonly alive: boolean;
  /** The workspace that it was made of, or for. */
  readonly workspace: string;
}

/** How many intervals without a heartbeat a run may live. */
const missedBeats = 3;

/** Tells what stands under the name of a source's workspace. Only reads. */
export async function readOwnership(rds: Rds, source: Named, signal: AbortSignal): Promise<Ownership> {
  const instance = await rds.instance(workspaceName(source), signal);
  return instance ? classify(instance, source.name, rds.now()) : { kind: "nothing" };
}

/** Judges an instance under the name of a source's workspace at some time, by RDS's clock. */
export function classify(instance: Instance, source: string, now: Date): Ownership {
  if (instance.status === "deleting") return { kind: "leaving" };
  const life = lifeOf(instance.tags, now);
  if (!life || instance.tags.get(tag.source) !== source) return { kind: "foreign" };
  return { kind: life.alive ? "alive" : "orphan", runId: life.runId };
}

/** Snapshots of a source that runs have not finished. Only reads. */
export async function unfinishedSnapshotsOf(
  rds: Rds,
  source: Named,
  signal: AbortSignal,
): Promise<readonly UnfinishedSnapshot[]> {
  const found = [
    ...await rds.snapshots({ instance: workspaceName(source), type: "manual" }, signal),
    // A copy counts as one of the instance that its original was taken of.
    ...await rds.snapshots({ instance: source.name, type: "manual" }, signal),
  ];
  return found.flatMap((snapshot) => isAlive(snapshot, rds.now()) ?? [])
    .filter(({ snapshot }) => snapshot.tags.get(tag.source) === source.name);
}

/** Judges a snapshot at some time, by RDS's clock: undefined unless a run made it and has not finished it. */
export function isAlive(snapshot: Snapshot, now: Date): UnfinishedSnapshot | undefined {
  const { tags } = snapshot;
  const source = tags.get(tag.source);
  const life = lifeOf(tags, now);
  if (snapshot.type !== "manual" || !life || !source || tags.has(tag.proof)) return undefined;
  const workspaces = (["postgres", "mysql"] as const).map((rdsEngine) => workspaceName({ rdsEngine, name: source }));
  const workspace = workspaces.find((workspace) =>
    snapshot.instance === workspace || snapshot.instance === source && isCopyName(workspace, snapshot.id)
  );
  return workspace === undefined ? undefined : { snapshot, workspace, ...life };
}

/** What our tags say of the run that made something; undefined where they are not all there. */
function lifeOf(
  tags: ReadonlyMap<string, string>,
  now: Date,
): { readonly runId: string; readonly alive: boolean } | undefined {
  const runId = tags.get(tag.run);
  const beat = Date.parse(tags.get(tag.heartbeat) ?? "");
  const seconds = Number(tags.get(tag.heartbeatSeconds) ?? Number.NaN);
  if (tags.get(tag.tool) !== TOOL || !runId || !Number.isFinite(beat) || !(seconds > 0)) return undefined;
  return { runId, alive: now.getTime() - beat <= missedBeats * seconds * 1000 };
}
