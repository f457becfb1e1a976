/** Instances and snapshots as the API shows them. @module */
import { keys } from "../kms.ts";
import type { RdsState } from "../state.ts";
import { auroraEngines } from "../parameters.ts";
import type { Cluster, Encryption, Instance, Snapshot } from "../records.ts";
import { List, type Xml } from "../query.ts";
import { tagList } from "./action.ts";
import { shown } from "./tags.ts";

/** A `DBInstance`. */
export function instanceShape(rds: RdsState, instance: Instance): Xml {
  const { settings, endpoint, encryption } = instance;
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceClass: settings.instanceClass,
    Engine: instance.clusterId ? auroraEngines[instance.engine] : instance.engine,
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
    PreferredBackupWindow: settings.backupWindow,
    PreferredMaintenanceWindow: settings.maintenanceWindow,
    EnabledCloudwatchLogsExports: settings.logExports && new List("member", settings.logExports),
    MonitoringInterval: settings.monitoringInterval,
    MonitoringRoleArn: settings.monitoringRole,
    PerformanceInsightsEnabled: settings.performanceInsights,
    MaxAllocatedStorage: settings.maxAllocatedStorage,
    MasterUserSecret: settings.secret && {
      SecretArn: `arn:aws:secretsmanager:${rds.config.region}:${rds.config.account}:secret:rds!${instance.resourceId}`,
      SecretStatus: settings.secret,
    },
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
    // API Reference, DBInstance: of MySQL and PostgreSQL only.
    EngineLifecycleSupport: instance.engine === "mariadb" ? undefined : settings.engineLifecycleSupport,
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
    SourceDBSnapshotIdentifier: snapshot.copiedFrom,
    SourceRegion: snapshot.copiedFrom?.split(":")[3],
    TagList: tagList(shown(snapshot)),
  };
}

/** A `DBCluster`. */
export function clusterShape(rds: RdsState, cluster: Cluster): Xml {
  const { settings, endpoint, encryption, serverless } = cluster;
  return {
    DBClusterIdentifier: cluster.id,
    DBClusterParameterGroup: settings.parameterGroup,
    DBSubnetGroup: settings.subnetGroup,
    Status: cluster.status,
    Endpoint: endpoint?.address,
    ReaderEndpoint: endpoint?.address,
    Port: endpoint?.port ?? cluster.port,
    MultiAZ: false,
    Engine: auroraEngines[cluster.engine],
    EngineVersion: cluster.engineVersion,
    MasterUsername: cluster.masterUsername,
    AllocatedStorage: 1,
    BackupRetentionPeriod: settings.backupRetentionPeriod,
    DBClusterMembers: new List(
      "DBClusterMember",
      rds.members(cluster.id).filter(({ status }) => status !== "unseen").map(({ id }, at) => ({
        DBInstanceIdentifier: id,
        IsClusterWriter: at === 0,
        DBClusterParameterGroupStatus: "in-sync",
      })),
    ),
    VpcSecurityGroups: new List(
      "VpcSecurityGroupMembership",
      settings.securityGroups.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: "active" })),
    ),
    ServerlessV2ScalingConfiguration: serverless && { MinCapacity: serverless.least, MaxCapacity: serverless.most },
    PendingModifiedValues: cluster.pending,
    StorageType: settings.storageType,
    ...encryptionShape(rds, encryption, "StorageEncrypted"),
    DbClusterResourceId: cluster.resourceId,
    DBClusterArn: cluster.arn,
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    DeletionProtection: settings.deletionProtection,
    EngineLifecycleSupport: settings.engineLifecycleSupport,
    TagList: tagList(shown(cluster)),
  };
}

/** A `DBClusterSnapshot`: without the original time that DB snapshots have. */
export function clusterSnapshotShape(rds: RdsState, snapshot: Snapshot): Xml {
  return {
    DBClusterSnapshotIdentifier: snapshot.type === "shared" || snapshot.type === "public" ? snapshot.arn : snapshot.id,
    DBClusterIdentifier: snapshot.instanceId,
    SnapshotCreateTime: snapshot.createTime,
    Engine: auroraEngines[snapshot.engine],
    EngineVersion: snapshot.engineVersion,
    AllocatedStorage: 0,
    Status: snapshot.status,
    Port: 0,
    ClusterCreateTime: snapshot.instanceCreateTime,
    MasterUsername: snapshot.masterUsername,
    SnapshotType: snapshot.type,
    PercentProgress: snapshot.percentProgress,
    StorageType: snapshot.settings.storageType,
    ...encryptionShape(rds, snapshot.encryption, "StorageEncrypted"),
    DBClusterSnapshotArn: snapshot.arn,
    DbClusterResourceId: snapshot.resourceId,
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
