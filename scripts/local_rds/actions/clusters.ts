/** DescribeDBClusters, RestoreDBClusterFromSnapshot, RestoreDBClusterToPointInTime, ModifyDBCluster, DeleteDBCluster. @module */
import { ApiError } from "../api_error.ts";
import { copyFolder, removeFolder } from "../folder.ts";
import { keys } from "../kms.ts";
import { auroraEngines, clusterFamilyOf } from "../parameters.ts";
import { Polls } from "../polls.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import { setMasterPassword } from "../rds_like.ts";
import type { Cluster, Serverless, Settings, Snapshot, Traits } from "../records.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { filtered, page } from "./action.ts";
import { newClusterSnapshot } from "./cluster_snapshots.ts";
import { checkPassword } from "./modify.ts";
import { complete } from "./new_snapshot.ts";
import { clusterShape } from "./shapes.ts";
import { changeTags, checkTags } from "./tags.ts";

/** One cluster by name or ARN, or all in pages. */
export function describeClusters(rds: RdsState, parameters: Parameters): Xml {
  const id = parameters.text("DBClusterIdentifier");
  const all = id ? [rds.cluster(id)] : [...rds.clusters.values()];
  for (const cluster of all) cluster.polls.count();
  const visible = all.filter(({ status }) => status !== "unseen");
  if (id && visible.length === 0) throw new ApiError("DBClusterNotFoundFault", `DBCluster ${id} not found.`);
  const found = filtered(parameters, visible, {
    "db-cluster-id": ({ id }) => id,
    "db-cluster-resource-id": ({ resourceId }) => resourceId,
    "engine": ({ engine }) => auroraEngines[engine] ?? engine,
  });
  const { records, marker } = page(rds, parameters, found);
  return { Marker: marker, DBClusters: new List("DBCluster", records.map((cluster) => clusterShape(rds, cluster))) };
}

/** Makes the storage and the endpoint alone: no server runs before there is a member. */
export function restoreCluster(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const snapshot = rds.clusterSnapshot(parameters.required("SnapshotIdentifier"));
  const engine = parameters.required("Engine");
  if (snapshot.status !== "available") {
    throw new ApiError("InvalidDBClusterSnapshotStateFault", `${snapshot.id} is not in the available state.`);
  }
  if (engine !== auroraEngines[snapshot.engine]) {
    throw new ApiError("InvalidParameterValue", `The snapshot is not one of ${engine}.`);
  }
  // Without it RDS takes its default, which may upgrade the data.
  const engineVersion = parameters.text("EngineVersion") ?? "0.0";
  return makeCluster(rds, parameters, { ...snapshot, engineVersion }, snapshot, ends);
}

/** Only clones. No server runs for production, whose data is in its newest automated snapshot. */
export function cloneCluster(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const source = rds.cluster(parameters.required("SourceDBClusterIdentifier"));
  if (parameters.required("RestoreType") !== "copy-on-write" || !parameters.flag("UseLatestRestorableTime")) {
    throw new ApiError("InvalidParameterCombination", "Only clones of the latest restorable time are made here.");
  }
  if (source.status !== "available") {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${source.id} is ${source.status}.`);
  }
  if (rds.members(source.id).length === 0) {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${source.id} has no instance.`);
  }
  const data = [...rds.clusterSnapshots.values()].findLast((one) =>
    one.type === "automated" && one.resourceId === source.resourceId
  );
  if (!data) throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${source.id} has no data here.`);
  return makeCluster(rds, parameters, source, data, ends);
}

/** A cluster like another one, or like that of a snapshot. */
function makeCluster(
  rds: RdsState,
  parameters: Parameters,
  like: Traits & Pick<Snapshot, "settings">,
  data: Snapshot,
  ends?: string,
): Xml {
  const id = checkIdentifier(parameters.required("DBClusterIdentifier"), "DBClusterIdentifier", 63);
  if (rds.clusters.has(id)) throw new ApiError("DBClusterAlreadyExistsFault", "DB cluster already exists");
  if (rds.clusters.size >= rds.config.quotas.instances) {
    throw new ApiError("DBClusterQuotaExceededFault", "Cluster quota exceeded.");
  }
  const key = parameters.text("KmsKeyId");
  const { engine, engineVersion, masterUsername, port } = like;
  const cluster: Cluster = {
    ...{ engine, engineVersion, masterUsername, port, id },
    allocatedStorage: 1,
    encryption: key === undefined ? like.encryption : isDefaultKey(key) ? "default-key" : "customer-key",
    arn: rds.arn("cluster", id),
    resourceId: `cluster-${crypto.randomUUID().replaceAll("-", "").toUpperCase().slice(0, 26)}`,
    createTime: rds.now(),
    settings: settingsOf(rds, parameters, like),
    ...serverlessOf(parameters),
    production: false,
    polls: new Polls(),
    status: "unseen",
    tags: [],
    pending: {},
    work: Promise.resolve(),
  };
  changeTags(rds, cluster, checkTags(parameters.tags() ?? []));
  rds.clusters.set(id, cluster);
  cluster.work = rds.background(async () => {
    try {
      await create(rds, cluster, data, ends);
    } catch (error) {
      cluster.status = "failed";
      throw error;
    }
  });
  return { DBCluster: clusterShape(rds, { ...cluster, status: "creating" }) };
}

export function isDefaultKey(key: string): boolean {
  return key.includes("alias/aws/rds") || key.includes(keys.default);
}

function serverlessOf(parameters: Parameters): { readonly serverless?: Serverless } {
  const [least, most] = ["MinCapacity", "MaxCapacity"].map((name) =>
    parameters.text(`ServerlessV2ScalingConfiguration.${name}`)
  );
  return least === undefined || most === undefined ? {} : { serverless: { least: Number(least), most: Number(most) } };
}

function settingsOf(
  rds: RdsState,
  parameters: Parameters,
  { engine, engineVersion, settings: source }: Pick<Snapshot, "engine" | "engineVersion" | "settings">,
): Settings {
  const family = clusterFamilyOf(engine, engineVersion);
  const group = rds.clusterParameterGroup(parameters.text("DBClusterParameterGroupName") || `default.${family}`);
  if (group.family !== family) {
    const message = `The Parameter Group ${group.id} with DBParameterGroupFamily ${group.family} can't be used.`;
    throw new ApiError("InvalidParameterCombination", message);
  }
  const subnetGroup = parameters.text("DBSubnetGroupName") ?? "default";
  if (subnetGroup !== "default" && subnetGroup !== source.subnetGroup) {
    throw new ApiError("DBSubnetGroupNotFoundFault", `DBSubnetGroupName ${subnetGroup} not found.`);
  }
  const retention = parameters.integer("BackupRetentionPeriod") ?? 1;
  if (retention < 1 || retention > 35) {
    throw new ApiError("InvalidParameterValue", "The backup retention period must be between 1 and 35.");
  }
  return {
    ...source,
    subnetGroup,
    parameterGroup: group.id,
    optionGroup: "",
    securityGroups: parameters.list("VpcSecurityGroupIds", "VpcSecurityGroupId") ?? ["sg-default"],
    deletionProtection: parameters.flag("DeletionProtection") ?? false,
    backupRetentionPeriod: retention,
    copyTagsToSnapshot: parameters.flag("CopyTagsToSnapshot") ?? false,
    iamAuthentication: parameters.flag("EnableIAMDatabaseAuthentication") ?? false,
    engineLifecycleSupport: parameters.text("EngineLifecycleSupport") ?? source.engineLifecycleSupport,
    storageType: parameters.text("StorageType") ?? "aurora",
  };
}

async function create(rds: RdsState, cluster: Cluster, snapshot: Snapshot, ends?: string): Promise<void> {
  const { latencies, servers } = rds.config;
  const data = cluster.dataDir = rds.newFolder("instance");
  const made = servers && snapshot.dataDir ? copyFolder(snapshot.dataDir, data) : Promise.resolve();
  snapshot.reading = Promise.allSettled([snapshot.reading, made]);
  await cluster.polls.past(latencies.unseen, rds.closing);
  if (cluster.status === "unseen") cluster.status = "creating";
  await Promise.all([made, cluster.polls.past(latencies.creating, rds.closing)]);
  if (cluster.status === "deleting" || rds.closing.aborted) return;
  if (ends) {
    cluster.status = ends;
    if (ends !== "creating") rds.event(cluster, "failure", `DB cluster put into ${ends}`);
    return;
  }
  // Before there is a member nothing answers there.
  cluster.endpoint = { address: "localhost", port: 1 };
  rds.event(cluster, "creation", "DB cluster created");
  cluster.status = "available";
}

/** A new master password. As on RDS, the answer still has the status `available`. */
export function modifyCluster(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const cluster = rds.cluster(parameters.required("DBClusterIdentifier"));
  if (cluster.production) rds.callLog.violation(`ModifyDBCluster ${cluster.id}`);
  if (cluster.status !== "available") {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${cluster.id} is ${cluster.status}.`);
  }
  parameters.flag("ApplyImmediately");
  const password = parameters.required("MasterUserPassword");
  checkPassword(password, 41);
  cluster.pending = { ...cluster.pending, MasterUserPassword: "****" };
  const before = cluster.work;
  cluster.work = rds.background(async () => {
    await before;
    await changePassword(rds, cluster, password, ends);
  });
  return { DBCluster: clusterShape(rds, cluster) };
}

async function changePassword(rds: RdsState, cluster: Cluster, password: string, ends?: string): Promise<void> {
  const { latencies } = rds.config;
  const isGoing = () => cluster.status === "deleting" || rds.closing.aborted;
  await cluster.polls.past(latencies.lag, rds.closing);
  if (isGoing()) return;
  cluster.status = "resetting-master-credentials";
  await cluster.polls.past(latencies.modifying, rds.closing);
  if (isGoing()) return;
  if (ends) {
    cluster.status = ends;
    return;
  }
  const [writer] = rds.members(cluster.id);
  if (writer?.server) await setMasterPassword(writer.server, { user: cluster.masterUsername, password });
  rds.event(cluster, "configuration change", "Reset master credentials");
  cluster.pending = {};
  if (!isGoing()) cluster.status = "available";
}

/** Answers at once. Only when each of its members is being deleted. */
export function deleteCluster(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const cluster = rds.cluster(parameters.required("DBClusterIdentifier"));
  if (cluster.production) rds.callLog.violation(`DeleteDBCluster ${cluster.id}`);
  const skip = parameters.flag("SkipFinalSnapshot") ?? false;
  const name = parameters.text("FinalDBSnapshotIdentifier");
  const deleteAutomated = parameters.flag("DeleteAutomatedBackups") ?? true;
  if (skip === (name !== undefined)) {
    const message = "Either FinalDBSnapshotIdentifier or SkipFinalSnapshot has to be specified, and not both.";
    throw new ApiError("InvalidParameterCombination", message);
  }
  const members = rds.members(cluster.id);
  if (members.some(({ status }) => status !== "deleting")) {
    throw new ApiError("InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances.");
  }
  if (cluster.status === "deleting") {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${cluster.id} is already being deleted.`);
  }
  if (cluster.settings.deletionProtection) {
    throw new ApiError("InvalidParameterCombination", "Cannot delete protected Cluster.");
  }
  if (name !== undefined && cluster.status !== "available") {
    throw new ApiError("InvalidDBClusterStateFault", `DBCluster ${cluster.id} is ${cluster.status}.`);
  }
  const final = name === undefined
    ? undefined
    : newClusterSnapshot(rds, cluster, checkIdentifier(name, "FinalDBSnapshotIdentifier", 255));
  cluster.status = "deleting";
  const before = cluster.work;
  cluster.work = rds.background(async () => {
    await before;
    await Promise.all(members.map(({ work }) => work));
    await remove(rds, cluster, final, ends);
    if (deleteAutomated) await removeAutomated(rds, cluster);
  });
  return { DBCluster: clusterShape(rds, cluster) };
}

async function remove(rds: RdsState, cluster: Cluster, final?: Snapshot, ends?: string): Promise<void> {
  const { latencies } = rds.config;
  delete cluster.endpoint;
  if (final) {
    await final.polls.past(latencies.snapshot, rds.closing);
    if (cluster.dataDir && rds.config.servers) {
      final.dataDir = rds.newFolder("snapshot");
      await Deno.rename(cluster.dataDir, final.dataDir);
    }
    if (ends) final.status = ends;
    else complete(rds, final);
  }
  await cluster.polls.past(latencies.deleting, rds.closing);
  await removeFolder(cluster.dataDir);
  rds.event(cluster, "deletion", "DB cluster deleted");
  rds.clusters.delete(cluster.id);
}

async function removeAutomated(rds: RdsState, { resourceId }: Cluster): Promise<void> {
  for (const snapshot of [...rds.clusterSnapshots.values()]) {
    if (snapshot.type !== "automated" || snapshot.resourceId !== resourceId) continue;
    rds.clusterSnapshots.delete(snapshot.id);
    await removeFolder(snapshot.dataDir);
  }
}
