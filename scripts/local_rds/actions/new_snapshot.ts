/** Creates snapshots: named first, then taken, then complete. @module */
import { used } from "./quotas.ts";
import { changeTags, checkTags } from "./tags.ts";
import { copyFolder, removeFolder } from "../folder.ts";
import { whileFrozen } from "../frozen.ts";
import { Polls } from "../polls.ts";
import type { RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import type { Instance, Snapshot, SnapshotType, Tag } from "../records.ts";

/** A manual snapshot of an instance, not taken yet. Its name is used from now on. */
export function newSnapshot(rds: RdsState, instance: Instance, id: string, tags?: readonly Tag[]): Snapshot {
  checkRoom(rds, id);
  const source = {
    ...instance,
    instanceId: instance.id,
    instanceCreateTime: instance.createTime,
    instanceTags: instance.tags,
  };
  const inherited = instance.settings.copyTagsToSnapshot ? instance.tags : [];
  const snapshot = record(rds, source, id, "manual");
  changeTags(rds, snapshot, checkTags(tags ?? inherited));
  rds.snapshots.set(id, snapshot);
  rds.event(snapshot, "creation", "Creating manual snapshot");
  return snapshot;
}

/** The baseline backup that RDS takes of an instance with automated backups. */
export async function takeAutomatedSnapshot(rds: RdsState, instance: Instance): Promise<void> {
  const time = rds.now().toISOString().slice(0, 16).replaceAll(/[T:]/g, "-");
  const id = `rds:${instance.id}-${time}`;
  const source = {
    ...instance,
    instanceId: instance.id,
    instanceCreateTime: instance.createTime,
    instanceTags: instance.tags,
  };
  const snapshot = record(rds, source, id, "automated");
  rds.snapshots.set(id, snapshot);
  await copyInstance(rds, instance, snapshot);
  complete(rds, snapshot);
}

/** Completes a snapshot: only now it has a time. */
export function complete(rds: RdsState, snapshot: Snapshot, original?: Date): void {
  snapshot.status = "available";
  snapshot.percentProgress = 100;
  snapshot.createTime = rds.now();
  snapshot.originalCreateTime = original ?? snapshot.createTime;
  rds.event(snapshot, "creation", "Snapshot created");
}

type Source = Pick<
  Snapshot,
  | "engine"
  | "engineVersion"
  | "masterUsername"
  | "allocatedStorage"
  | "encryption"
  | "port"
  | "instanceId"
  | "resourceId"
  | "instanceCreateTime"
  | "settings"
  | "instanceTags"
>;

/** A snapshot that is not taken yet. */
export function record(
  rds: RdsState,
  source: Source,
  id: string,
  type: SnapshotType,
  of: "snapshot" | "cluster-snapshot" = "snapshot",
): Snapshot {
  return {
    engine: source.engine,
    engineVersion: source.engineVersion,
    masterUsername: source.masterUsername,
    allocatedStorage: source.allocatedStorage,
    encryption: source.encryption,
    port: source.port,
    instanceId: source.instanceId,
    resourceId: source.resourceId,
    instanceCreateTime: source.instanceCreateTime,
    settings: { ...source.settings },
    instanceTags: source.instanceTags,
    id,
    arn: rds.arn(of, id),
    type,
    production: false,
    made: true,
    polls: new Polls(),
    status: "creating",
    percentProgress: 0,
    tags: [],
    sharedWith: [],
  };
}

/** Checks that the name is free and the quota not used up. */
export function checkRoom(rds: RdsState, id: string): void {
  if (rds.snapshots.has(id)) {
    throw new ApiError("DBSnapshotAlreadyExists", `Cannot create the snapshot because ${id} already exists.`);
  }
  if (used(rds).manual >= rds.config.quotas.manualSnapshots) {
    throw new ApiError("SnapshotQuotaExceeded", "The quota of manual snapshots is used up.");
  }
}

/** Takes a snapshot of a running instance's data. No server runs for production, whose data is in its automated snapshots. */
export async function copyInstance(rds: RdsState, instance: Instance, snapshot: Snapshot): Promise<void> {
  const { dataDir, server } = instance;
  const automated = [...rds.snapshots.values()].findLast((one) =>
    instance.production && one.type === "automated" && one.resourceId === instance.resourceId
  );
  if (automated?.dataDir) {
    const copy = rds.newFolder("snapshot");
    const copied = copyFolder(automated.dataDir, copy);
    automated.reading = Promise.allSettled([automated.reading, copied]);
    await copied;
    snapshot.dataDir = copy;
    return;
  }
  if (!dataDir || !server || !rds.config.servers) return;
  const copy = rds.newFolder("snapshot");
  await whileFrozen(server.pid, () => copyFolder(dataDir, copy));
  // PostgreSQL's mark of a running server, which the copy has not.
  await removeFolder(`${copy}/postmaster.pid`);
  snapshot.dataDir = copy;
}
