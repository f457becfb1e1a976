/** Lists what this program has in AWS now, by names and tags. @module */

import type { OverviewItem, OverviewState } from "../../core/overview.ts";
import type { Rds } from "../api/client.ts";
import { isWorkspaceName, tag, TOOL } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import { ownershipOf, unfinished } from "../ownership/ownership.ts";
import { classifySnapshot } from "../api/status_classes.ts";

/** All workspaces and snapshots of this program in the region, by source: instances first, then the newest snapshot first. Only reads. */
export async function overview(rds: Rds, signal: AbortSignal): Promise<readonly OverviewItem[]> {
  const own = (await rds.instances(signal)).filter(isOurs);
  const manual = await rds.snapshots({ type: "manual" }, signal);
  const now = rds.now();
  const instances = own.map((instance) => describeInstance(instance, now));
  const snapshots: OverviewItem[] = [];
  for (const snapshot of manual) {
    const item = describeSnapshot(snapshot, now);
    if (!item) continue;
    const shared = item.state === "scrubbed" ? await rds.sharedWith(snapshot.id, signal) : [];
    snapshots.push({ ...item, sharedWith: shared });
  }
  return [...instances, ...snapshots.toSorted((a, b) => compare(b.time ?? "", a.time ?? "") || compare(a.id, b.id))]
    .toSorted((a, b) => compare(a.source, b.source));
}

function isOurs({ id, tags }: Instance): boolean {
  return isWorkspaceName(id) || tags.get(tag.tool) === TOOL && tags.has(tag.run);
}

function describeInstance(instance: Instance, now: Date): OverviewItem {
  const source = instance.tags.get(tag.source) ?? "";
  const { kind } = ownershipOf(instance, source, now);
  const states = {
    alive: "running",
    dead: "orphaned",
    deleting: "leaving",
    foreign: "foreign",
    none: "foreign",
  } as const;
  return {
    source,
    engine: instance.engine,
    kind: "instance",
    id: instance.id,
    state: states[kind],
    status: instance.status,
    time: instance.tags.get(tag.heartbeat),
    runId: instance.tags.get(tag.run),
    sharedWith: [],
    proven: false,
  };
}

function describeSnapshot(snapshot: Snapshot, now: Date): OverviewItem | undefined {
  const { tags } = snapshot;
  const [, named] = /^scrubbed-(.+)-\d{4}(?:-\d\d){4}$/.exec(snapshot.id) ?? [];
  const tagged = tags.get(tag.tool) === TOOL && tags.has(tag.run);
  // Snapshots of the first program have no tags, and are known by both names together.
  if (!tagged && !(named !== undefined && isWorkspaceName(snapshot.instance))) return undefined;
  const run = unfinished(snapshot, now);
  const state = run ? run.alive ? "running" : "orphaned" : finishedState(snapshot, tagged);
  return {
    source: tags.get(tag.source) ?? named ?? "",
    engine: snapshot.engine,
    kind: "snapshot",
    id: snapshot.id,
    state,
    status: snapshot.status,
    time: snapshot.takenAt?.toISOString(),
    runId: tags.get(tag.run),
    sharedWith: [],
    proven: tags.has(tag.proof),
    report: tags.get(tag.report),
  };
}

function finishedState({ status, tags }: Snapshot, tagged: boolean): OverviewState {
  const kind = classifySnapshot(status);
  if (kind === "broken") return "broken";
  if (kind === "leaving") return "leaving";
  if (kind !== "done") return "running";
  return tagged && !tags.has(tag.proof) ? "orphaned" : "scrubbed";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
