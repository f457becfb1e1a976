/** DescribeDBClusterSnapshots, CreateDBClusterSnapshot, DeleteDBClusterSnapshot. @module */
import { ApiError } from "../api_error.ts";
import { copyFolder, removeFolder } from "../folder.ts";
import { whileFrozen } from "../frozen.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import type { Cluster, Snapshot, Tag } from "../records.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { filtered, page } from "./action.ts";
import { complete, record } from "./new_snapshot.ts";
import { manualOfClusters } from "./quotas.ts";
import { clusterSnapshotShape } from "./shapes.ts";
import { changeTags, checkTags } from "./tags.ts";

/** As DescribeDBSnapshots. */
export function describeClusterSnapshots(rds: RdsState, parameters: Parameters): Xml {
  const id = parameters.text("DBClusterSnapshotIdentifier");
  const cluster = parameters.text("DBClusterIdentifier")?.toLowerCase();
  const type = parameters.text("SnapshotType");
  const types: (string | undefined)[] = type ? [type] : ["automated", "manual", "awsbackup"];
  if (!type && parameters.flag("IncludeShared")) types.push("shared");
  if (!type && parameters.flag("IncludePublic")) types.push("public");
  const all = (id ? [rds.clusterSnapshot(id)] : [...rds.clusterSnapshots.values()]).filter((snapshot) =>
    types.includes(snapshot.type) && (!cluster || snapshot.instanceId === cluster)
  );
  for (const snapshot of all) snapshot.polls.count();
  const found = filtered(parameters, all, {
    "db-cluster-id": ({ instanceId }) => instanceId,
    "db-cluster-snapshot-id": ({ id }) => id,
    "snapshot-type": ({ type }) => type,
  });
  const { records, marker } = page(rds, parameters, found);
  const shapes = records.map((snapshot) => clusterSnapshotShape(rds, snapshot));
  return { Marker: marker, DBClusterSnapshots: new List("DBClusterSnapshot", shapes) };
}

/** The cluster is `backing-up` meanwhile; the snapshot has the data at the time of the call. */
export function createClusterSnapshot(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const cluster = rds.cluster(parameters.required("DBClusterIdentifier"));
  const name = parameters.required("DBClusterSnapshotIdentifier");
  const id = checkIdentifier(name, "DBClusterSnapshotIdentifier", 63);
  if (cluster.status !== "available") {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${cluster.id} is ${cluster.status}.`);
  }
  const snapshot = newClusterSnapshot(rds, cluster, id, parameters.tags());
  cluster.status = "backing-up";
  const before = cluster.work;
  cluster.work = rds.background(async () => {
    await before;
    await copyCluster(rds, cluster, snapshot);
    await snapshot.polls.past(rds.config.latencies.snapshot, rds.closing);
    if (ends) snapshot.status = ends;
    else complete(rds, snapshot);
    if (cluster.status === "backing-up") cluster.status = "available";
  });
  return { DBClusterSnapshot: clusterSnapshotShape(rds, snapshot) };
}

/** A manual snapshot of a cluster, not taken yet. Its name is used from now on. */
export function newClusterSnapshot(rds: RdsState, cluster: Cluster, id: string, tags?: readonly Tag[]): Snapshot {
  if (rds.clusterSnapshots.has(id)) {
    throw new ApiError("DBClusterSnapshotAlreadyExistsFault", `The cluster snapshot ${id} already exists.`);
  }
  if (manualOfClusters(rds) >= rds.config.quotas.manualSnapshots) {
    throw new ApiError("SnapshotQuotaExceeded", "The quota of manual cluster snapshots is used up.");
  }
  const source = {
    ...cluster,
    instanceId: cluster.id,
    instanceCreateTime: cluster.createTime,
    instanceTags: cluster.tags,
  };
  const snapshot = record(rds, source, id, "manual", "cluster-snapshot");
  const inherited = cluster.settings.copyTagsToSnapshot ? cluster.tags : [];
  changeTags(rds, snapshot, checkTags(tags ?? inherited));
  rds.clusterSnapshots.set(id, snapshot);
  rds.event(snapshot, "backup", "Creating manual cluster snapshot");
  return snapshot;
}

/** No server runs for production, whose data is in its automated snapshots. */
async function copyCluster(rds: RdsState, cluster: Cluster, snapshot: Snapshot): Promise<void> {
  if (!rds.config.servers) return;
  const automated = [...rds.clusterSnapshots.values()].findLast((one) =>
    cluster.production && one.type === "automated" && one.resourceId === cluster.resourceId
  );
  const { dataDir: from } = automated ?? cluster;
  if (from === undefined) return;
  const copy = rds.newFolder("snapshot");
  const [writer] = rds.members(cluster.id);
  if (writer?.server) await whileFrozen(writer.server.pid, () => copyFolder(from, copy));
  else await copyFolder(from, copy);
  await removeFolder(`${copy}/postmaster.pid`);
  snapshot.dataDir = copy;
}

/** Only manual ones. */
export function deleteClusterSnapshot(rds: RdsState, parameters: Parameters): Xml {
  const snapshot = rds.clusterSnapshot(parameters.required("DBClusterSnapshotIdentifier"));
  if (snapshot.production) rds.callLog.violation(`DeleteDBClusterSnapshot ${snapshot.id}`);
  if (snapshot.type !== "manual" || snapshot.status !== "available" && snapshot.status !== "failed") {
    throw new ApiError("InvalidDBClusterSnapshotStateFault", `The cluster snapshot ${snapshot.id} cannot be deleted.`);
  }
  rds.clusterSnapshots.delete(snapshot.id);
  rds.background(async () => {
    await snapshot.reading;
    await removeFolder(snapshot.dataDir);
  });
  rds.event(snapshot, "deletion", "Cluster snapshot deleted");
  return { DBClusterSnapshot: clusterSnapshotShape(rds, { ...snapshot, status: "deleted" }) };
}
