/** DescribeDBSnapshots, CreateDBSnapshot, CopyDBSnapshot, DeleteDBSnapshot. @module */
import { filtered, page } from "./action.ts";
import { checkRoom, complete, copyInstance, newSnapshot, record } from "./new_snapshot.ts";
import { snapshotShape } from "./shapes.ts";
import { isKeyOf, keys } from "../kms.ts";
import { changeTags, checkTags } from "./tags.ts";
import { copyFolder, removeFolder } from "../folder.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import type { Snapshot } from "../records.ts";

/** Own ones, unless the call includes others. An unknown instance has none; an unknown snapshot is an error. */
export function describeSnapshots(rds: RdsState, parameters: Parameters): Xml {
  const id = parameters.text("DBSnapshotIdentifier");
  const instance = parameters.text("DBInstanceIdentifier")?.toLowerCase();
  const resource = parameters.text("DbiResourceId");
  const type = parameters.text("SnapshotType");
  const types: (string | undefined)[] = type ? [type] : ["automated", "manual", "awsbackup"];
  if (!type && parameters.flag("IncludeShared")) types.push("shared");
  if (!type && parameters.flag("IncludePublic")) types.push("public");
  const all = (id ? [rds.snapshot(id)] : [...rds.snapshots.values()]).filter((snapshot) =>
    types.includes(snapshot.type) && (!instance || snapshot.instanceId === instance) &&
    (!resource || snapshot.resourceId === resource)
  );
  for (const snapshot of all) snapshot.polls.count();
  const found = filtered(parameters, all, {
    "db-instance-id": ({ instanceId }) => instanceId,
    "db-snapshot-id": ({ id }) => id,
    "dbi-resource-id": ({ resourceId }) => resourceId,
    "snapshot-type": ({ type }) => type,
    "engine": ({ engine }) => engine,
  });
  const { records, marker } = page(rds, parameters, found);
  const shapes = records.map((snapshot) => snapshotShape(rds, snapshot));
  return { Marker: marker, DBSnapshots: new List("DBSnapshot", shapes) };
}

/** The instance is `backing-up` meanwhile; the snapshot has the data at the time of the call. */
export function createSnapshot(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const instance = rds.instance(parameters.required("DBInstanceIdentifier"));
  const id = checkIdentifier(parameters.required("DBSnapshotIdentifier"), "DBSnapshotIdentifier", 255);
  if (instance.status !== "available" && instance.status !== "storage-optimization") {
    const message =
      `Cannot create a snapshot because the database instance ${instance.id} is not currently in the available state.`;
    throw new ApiError("InvalidDBInstanceState", message);
  }
  if (instance.clusterId) {
    throw new ApiError("InvalidParameterValue", "The instance is a member of a cluster: use CreateDBClusterSnapshot.");
  }
  const tags = parameters.tags();
  const snapshot = newSnapshot(rds, instance, id, tags);
  instance.status = "backing-up";
  const before = instance.work;
  instance.work = rds.background(async () => {
    await before;
    await copyInstance(rds, instance, snapshot);
    await snapshot.polls.past(rds.config.latencies.snapshot, rds.closing);
    if (ends) snapshot.status = ends;
    else complete(rds, snapshot);
    if (instance.status === "backing-up") instance.status = "available";
  });
  return { DBSnapshot: snapshotShape(rds, snapshot) };
}

/** The copy is manual, and its time is now. From another region by ARN: an encrypted one needs a key of this region. */
export function copySnapshot(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const source = rds.snapshotAnywhere(parameters.required("SourceDBSnapshotIdentifier"));
  const home = source.arn.split(":")[3] ?? "";
  const fromElsewhere = home !== rds.config.region && home !== "";
  // AWS reads it in GovCloud only.
  parameters.text("PreSignedUrl");
  const target = parameters.required("TargetDBSnapshotIdentifier");
  const id = checkIdentifier(target, "TargetDBSnapshotIdentifier", 255);
  if (source.status !== "available") {
    throw new ApiError("InvalidDBSnapshotState", `The snapshot ${source.id} is not in the available state.`);
  }
  const key = parameters.text("KmsKeyId");
  if (source.type === "shared" && source.encryption !== "none" && !key) {
    throw new ApiError("InvalidParameterCombination", "A copy of an encrypted shared snapshot needs a KmsKeyId.");
  }
  if (fromElsewhere && source.encryption !== "none" && !key) {
    throw new ApiError(
      "InvalidParameterCombination",
      "A copy to another region of an encrypted snapshot needs a KmsKeyId.",
    );
  }
  if (key && !isKeyOf(rds.config, key)) {
    const message =
      `The target snapshot KMS key [${key}] does not exist, is not enabled or you do not have permissions to access it.`;
    throw new ApiError("KMSKeyNotAccessibleFault", message);
  }
  checkRoom(rds, id);
  const tags = parameters.tags() ?? (parameters.flag("CopyTags") ? source.tags : []);
  const snapshot: Snapshot = {
    ...record(rds, source, id, "manual"),
    encryption: !key
      ? source.encryption
      : key.includes("alias/aws/rds") || key.includes(keys.default)
      ? "default-key"
      : "customer-key",
    status: "copying",
    ...(fromElsewhere && { copiedFrom: source.arn }),
  };
  changeTags(rds, snapshot, checkTags(tags));
  rds.snapshots.set(id, snapshot);
  rds.background(async () => {
    if (source.dataDir) {
      const copy = rds.newFolder("snapshot");
      const copied = copyFolder(source.dataDir, copy);
      source.reading = Promise.allSettled([source.reading, copied]);
      await copied;
      snapshot.dataDir = copy;
    }
    await snapshot.polls.past(rds.config.latencies.snapshot, rds.closing);
    if (ends) snapshot.status = ends;
    else complete(rds, snapshot, source.originalCreateTime ?? source.createTime);
  });
  return { DBSnapshot: snapshotShape(rds, snapshot) };
}

/** Only manual ones: automated ones are deleted with their instance's backups. */
export function deleteSnapshot(rds: RdsState, parameters: Parameters): Xml {
  const snapshot = rds.snapshot(parameters.required("DBSnapshotIdentifier"));
  if (snapshot.production) rds.callLog.violation(`DeleteDBSnapshot ${snapshot.id}`);
  if (snapshot.type !== "manual") {
    throw new ApiError("InvalidParameterValue", `The snapshot ${snapshot.id} is not a manual one.`);
  }
  if (snapshot.status !== "available" && snapshot.status !== "failed") {
    throw new ApiError("InvalidDBSnapshotState", `The snapshot ${snapshot.id} is not in the available state.`);
  }
  rds.snapshots.delete(snapshot.id);
  // A snapshot that was added with another one's data shares its folder.
  const shared = [...rds.snapshots.values()].some((other) => other !== snapshot && other.dataDir === snapshot.dataDir);
  if (!shared) {
    rds.background(async () => {
      await snapshot.reading;
      await removeFolder(snapshot.dataDir);
    });
  }
  rds.event(snapshot, "deletion", "User snapshot deleted");
  return { DBSnapshot: snapshotShape(rds, { ...snapshot, status: "deleted" }) };
}
