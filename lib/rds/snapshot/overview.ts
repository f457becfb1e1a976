/** Lists what this program has in AWS now, by names and tags. @module */

import type { OverviewItem, OverviewState } from "../../core/overview.ts";
import type { Rds } from "../api/client.ts";
import { ofEveryKind } from "../api/every_kind.ts";
import { isWorkspaceName, tag } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import { classifyInstance, instanceStates } from "../states/instance.ts";
import { hasToolTag } from "../states/owner.ts";
import { classifySuccessor, type SuccessorState } from "../states/successor.ts";
import { classifySnapshot, proofOf, snapshotStates } from "../states/snapshot.ts";

/** All workspaces and snapshots of this program in the region, by source: instances first, then the newest snapshot first. Only reads. */
export async function overview(rds: Rds, signal: AbortSignal): Promise<readonly OverviewItem[]> {
  const all = await ofEveryKind(rds, (rds) => overviewOf(rds, signal));
  return all.toSorted((a, b) => compare(a.source, b.source));
}

async function overviewOf(rds: Rds, signal: AbortSignal): Promise<readonly OverviewItem[]> {
  const own = (await rds.instances(signal)).filter(isOurs);
  const manual = await rds.snapshots({ type: "manual" }, signal);
  const now = rds.now();
  const instances = own.flatMap((instance) => describeInstance(instance, now) ?? []);
  const snapshots: OverviewItem[] = [];
  for (const snapshot of manual) {
    const item = describeSnapshot(snapshot, now);
    if (!item) continue;
    const shared = item.state === "scrubbed" && item.status === "available"
      ? await rds.sharedWith(snapshot.id, signal)
      : [];
    snapshots.push({ ...item, sharedWith: shared });
  }
  return [...instances, ...snapshots.toSorted((a, b) => compare(b.time ?? "", a.time ?? "") || compare(a.id, b.id))];
}

function isOurs({ id, tags }: Instance): boolean {
  return isWorkspaceName(id) || hasToolTag(tags) && tags.has(tag.run);
}

/** What an instance is that is to take another's place. */
const statusOf: Readonly<Record<SuccessorState, OverviewState>> = {
  "in progress": "running",
  abandoned: "orphaned",
  swapping: "orphaned",
  deleting: "leaving",
};

function describeInstance(instance: Instance, now: Date): OverviewItem | undefined {
  const successor = classifySuccessor(instance, now);
  const { state, source } = classifyInstance(instance, now);
  const shown = successor ? statusOf[successor.state] : instanceStates[state].status;
  if (shown === undefined) return undefined;
  return {
    source,
    engine: instance.engine,
    kind: "instance",
    id: instance.id,
    state: shown,
    status: instance.status,
    time: instance.tags.get(tag.heartbeat),
    runId: instance.tags.get(tag.run),
    sharedWith: [],
    proven: false,
  };
}

function describeSnapshot(snapshot: Snapshot, now: Date): OverviewItem | undefined {
  const { tags } = snapshot;
  const { state, name, source } = classifySnapshot(snapshot, now);
  if (state === "foreign" && name !== "final" && name !== "similar") return undefined;
  return {
    source,
    engine: snapshot.engine,
    kind: "snapshot",
    id: snapshot.id,
    state: snapshotStates[state].status,
    status: snapshot.status,
    time: snapshot.takenAt?.toISOString(),
    runId: tags.get(tag.run),
    sharedWith: [],
    proven: proofOf(snapshot) !== undefined,
    report: tags.get(tag.report),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
