/** Instances and snapshots as the API shows them. @module */
import { keys } from "../kms.ts";
import type { RdsState } from "../state.ts";
import type { Encryption, Instance, Snapshot } from "../records.ts";
import { List, type Xml } from "../query.ts";
import { tagList } from "./action.ts";
import { shown } from "./tags.ts";

/** A `DBInstance`. */
export function instanceShape(rds: RdsState, instance: Instance): Xml {
  const { settings, endpoint, encryption } = instance;
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceClass: settings.instanceClass,
    Engine: instance.engine,
    DBInstanceStatus: instance.status,
    MasterUsername: instance.masterUsername,
    Endpoint: endpoint && { Address: endpoint.address, Port: endpoint.port, HostedZoneId: "Z29XKXDKYMONMX" },
    AllocatedStorage: instance.allocatedStorage,
    InstanceCreateTime: endpoint && instance.createTime,
    BackupRetentionPeriod: settings.backupRetentionPeriod,
    DBSecurityGroups: new List("DBSecurityGroup", []),
    VpcSecurityGroups: new List(
      "VpcSecurityGroupMembership",
      settings.securityGroups.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: "active" })),
    ),
    DBParameterGroups: new List("DBParameterGroup", [
      { DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: "in-sync" },
    ]),
    DBSubnetGroup: { DBSubnetGroupName: settings.subnetGroup, VpcId: "vpc-0local", SubnetGroupStatus: "Complete" },
    PendingModifiedValues: instance.pending,
    MultiAZ: settings.multiAz,
    EngineVersion: instance.engineVersion,
    AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    ReadReplicaSourceDBInstanceIdentifier: instance.replicaOf,
    ReadReplicaDBInstanceIdentifiers: new List(
      "ReadReplicaDBInstanceIdentifier",
      [...rds.instances.values()].filter(({ replicaOf }) => replicaOf === instance.id).map(({ id }) => id),
    ),
    LicenseModel: instance.engine === "postgres" ? "postgresql-license" : "general-public-license",
    OptionGroupMemberships: new List("OptionGroupMembership", [
      { OptionGroupName: settings.optionGroup, Status: "in-sync" },
    ]),
    PubliclyAccessible: settings.publiclyAccessible,
    StorageType: settings.storageType,
    Iops: settings.iops,
    StorageThroughput: settings.storageThroughput,
    StorageOperationStatus: instance.initialised === undefined ? undefined : "Initializing",
    StorageOperationPercentProgress: instance.initialised,
    DbInstancePort: 0,
    DBClusterIdentifier: instance.clusterId,
    ...encryptionShape(rds, encryption, "StorageEncrypted"),
    DbiResourceId: instance.resourceId,
    CACertificateIdentifier: "rds-ca-rsa2048-g1",
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    DBInstanceArn: instance.arn,
    IAMDatabaseAuthenticationEnabled: settings.iamAuthentication,
    DeletionProtection: settings.deletionProtection,
    EngineLifecycleSupport: settings.engineLifecycleSupport,
    TagList: tagList(shown(instance)),
  };
}

/** A `DBSnapshot`. */
export function snapshotShape(rds: RdsState, snapshot: Snapshot): Xml {
  return {
    DBSnapshotIdentifier: snapshot.type === "shared" || snapshot.type === "public" ? snapshot.arn : snapshot.id,
    DBInstanceIdentifier: snapshot.instanceId,
    SnapshotCreateTime: snapshot.createTime,
    OriginalSnapshotCreateTime: snapshot.originalCreateTime,
    Engine: snapshot.engine,
    EngineVersion: snapshot.engineVersion,
    AllocatedStorage: snapshot.allocatedStorage,
    Status: snapshot.status,
    Port: snapshot.port,
    VpcId: "vpc-0local",
    InstanceCreateTime: snapshot.instanceCreateTime,
    MasterUsername: snapshot.masterUsername,
    SnapshotType: snapshot.type,
    OptionGroupName: snapshot.settings.optionGroup,
    PercentProgress: snapshot.percentProgress,
    StorageType: snapshot.settings.storageType,
    Iops: snapshot.settings.iops,
    StorageThroughput: snapshot.settings.storageThroughput,
    ...encryptionShape(rds, snapshot.encryption, "Encrypted"),
    DBSnapshotArn: snapshot.arn,
    DbiResourceId: snapshot.resourceId,
    TagList: tagList(shown(snapshot)),
  };
}

/** Both kinds of keys look alike: only KMS has which one is the account's default. */
function encryptionShape(
  { config }: RdsState,
  encryption: Encryption,
  flag: string,
): { readonly [name: string]: Xml } {
  if (encryption === "none") return { [flag]: false };
  const key = encryption === "default-key" ? keys.default : keys.customer;
  return { [flag]: true, KmsKeyId: `arn:aws:kms:${config.region}:${config.account}:key/${key}` };
}
