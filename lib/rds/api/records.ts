/** Instances, clusters and their snapshots, read from AWS's records and checked. @module */

import type {
  DBCluster,
  DBClusterSnapshot,
  DBInstance,
  DBSnapshot,
  OrderableDBInstanceOption,
  Tag,
} from "@aws-sdk/client-rds";
import type { EncryptionReport } from "../../core/report.ts";
import { GIB } from "../../core/storage.ts";
import { unexpectedAnswer } from "./errors.ts";

/** A group of an instance, and the status of the membership. */
export interface Membership {
  readonly name: string;
  readonly status: string;
}

/** Capacity of Aurora Serverless v2, in its units. */
export interface Capacity {
  readonly least: number;
  readonly most: number;
}

/** A DB instance, or an Aurora cluster with its writer. */
export interface Instance {
  readonly id: string;
  readonly arn: string;
  /** DbiResourceId, or DbClusterResourceId: never used again, unlike names. */
  readonly resourceId: string;
  /** Of a cluster that is available by itself: its writer's. */
  readonly status: string;
  /** The same, but of a cluster whatever its writer's: what a deletion goes by. */
  readonly ownStatus: string;
  /** DBInstanceIdentifier of a cluster's writer. Absent: there is none. */
  readonly writer?: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly masterUser: string;
  /** Absent while the instance is being created. */
  readonly endpoint?: { readonly host: string; readonly port: number };
  readonly instanceClass?: string;
  readonly serverless?: Capacity;
  readonly subnetGroup?: string;
  readonly securityGroups: readonly Membership[];
  readonly parameterGroups: readonly Membership[];
  readonly optionGroups: readonly Membership[];
  readonly caCertificate?: string;
  readonly lifecycleSupport?: string;
  readonly networkType?: string;
  /** Of a cluster. */
  readonly storageType?: string;
  /** The primary, if this is a read replica. */
  readonly replicaOf?: string;
  readonly cluster?: string;
  /** Names of pending modifications. */
  readonly pending: readonly string[];
  readonly publiclyAccessible: boolean;
  /** Whether Secrets Manager has its master password. */
  readonly managedPassword: boolean;
  /** The status of that secret, such as `creating` or `active`. */
  readonly secretStatus?: string;
  readonly backupRetention: number;
  /** AllocatedStorage. */
  readonly storageBytes?: number;
  /** RDS's word for what is done to the volume, such as `Initializing`; absent: nothing. */
  readonly storageOperation?: string;
  /** Progress of a storage operation, 0 to 1. */
  readonly storageShare?: number;
  readonly tags: ReadonlyMap<string, string>;
}

/** A DB snapshot, or a cluster snapshot. */
export interface Snapshot {
  readonly id: string;
  readonly arn: string;
  /** DBInstanceIdentifier of its instance, which may be deleted. */
  readonly instance: string;
  readonly resourceId: string;
  readonly type: string;
  readonly status: string;
  /** The ARN of the snapshot that it is a copy of: only where that is in another region or account. */
  readonly copyOf?: string;
  /**
   * The time of the data: OriginalSnapshotCreateTime if there is one, because a copy's SnapshotCreateTime is the time of the
   * copy. Absent while the snapshot is being created.
   */
  readonly takenAt?: Date;
  readonly engine: string;
  readonly engineVersion: string;
  readonly masterUser: string;
  readonly port?: number;
  /** Progress, 0 to 1; often 0 until it is complete. */
  readonly share?: number;
  /** AllocatedStorage, which an instance restored from it has, too. */
  readonly storageBytes?: number;
  readonly storageType?: string;
  readonly iops?: number;
  /** In MiB per second. */
  readonly storageThroughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** An instance class that RDS offers in the region for a version of an engine, with one storage type. What is absent RDS does not say. */
export interface ClassOffer {
  readonly instanceClass: string;
  /** RDS's word, such as `gp3`. */
  readonly storageType?: string;
  readonly encrypts: boolean;
  /** In GiB. */
  readonly leastStorage?: number;
  readonly mostStorage?: number;
  readonly mostIops?: number;
  /** In MiB a second. */
  readonly mostThroughput?: number;
}

/**
 * Reads an offer.
 *
 * @throws {RdsError} `aws-unavailable` if the record has no class.
 */
export function readClassOffer(action: string, record: OrderableDBInstanceOption): ClassOffer {
  const { DBInstanceClass: instanceClass } = record;
  if (!instanceClass) throw unexpectedAnswer(action, "instance class");
  return {
    instanceClass,
    storageType: record.StorageType,
    encrypts: record.SupportsStorageEncryption ?? false,
    leastStorage: record.MinStorageSize,
    mostStorage: record.MaxStorageSize,
    mostIops: record.MaxIopsPerDbInstance,
    mostThroughput: record.MaxStorageThroughputPerDbInstance,
  };
}

/**
 * Reads an instance.
 *
 * @throws {RdsError} `aws-unavailable` if the record has no name, ARN, resource id or status.
 */
export function readInstance(action: string, record: DBInstance | undefined): Instance {
  const { DBInstanceIdentifier: id, DBInstanceArn: arn, DbiResourceId: resourceId, DBInstanceStatus: status } =
    record ?? {};
  if (!record || !id || !arn || !resourceId || !status) throw unexpectedAnswer(action, "complete DBInstance");
  const { Address: host, Port: port } = record.Endpoint ?? {};
  return {
    id,
    arn,
    resourceId,
    status,
    ownStatus: status,
    engine: record.Engine ?? "",
    engineVersion: record.EngineVersion ?? "",
    masterUser: record.MasterUsername ?? "",
    ...(host && port ? { endpoint: { host: host.toLowerCase(), port } } : {}),
    instanceClass: record.DBInstanceClass,
    subnetGroup: record.DBSubnetGroup?.DBSubnetGroupName,
    securityGroups: memberships(record.VpcSecurityGroups, (group) => [group.VpcSecurityGroupId, group.Status]),
    parameterGroups: memberships(
      record.DBParameterGroups,
      (group) => [group.DBParameterGroupName, group.ParameterApplyStatus],
    ),
    optionGroups: memberships(record.OptionGroupMemberships, (group) => [group.OptionGroupName, group.Status]),
    caCertificate: record.CACertificateIdentifier,
    lifecycleSupport: record.EngineLifecycleSupport,
    networkType: record.NetworkType,
    replicaOf: record.ReadReplicaSourceDBInstanceIdentifier ?? record.ReadReplicaSourceDBClusterIdentifier,
    cluster: record.DBClusterIdentifier,
    pending: Object.entries(record.PendingModifiedValues ?? {})
      .filter(([, value]) => value !== undefined).map(([name]) => name),
    publiclyAccessible: record.PubliclyAccessible ?? false,
    managedPassword: record.MasterUserSecret !== undefined,
    ...(record.MasterUserSecret?.SecretStatus ? { secretStatus: record.MasterUserSecret.SecretStatus } : {}),
    backupRetention: record.BackupRetentionPeriod ?? 0,
    ...(record.AllocatedStorage ? { storageBytes: record.AllocatedStorage * GIB } : {}),
    storageOperation: record.StorageOperationStatus,
    storageShare: shareOf(record.StorageOperationPercentProgress),
    tags: readTags(record.TagList),
  };
}

/** Reported as the status of a cluster that is available, and has no writer, or one that is being deleted. */
const writerStatus = { absent: "without a writer", deleting: "deleting the writer" } as const;

/**
 * Reads a cluster with its members.
 *
 * @throws {RdsError} `aws-unavailable` if the record has no name, ARN, resource id or status.
 */
export function readCluster(action: string, record: DBCluster, members: readonly DBInstance[]): Instance {
  const { DBClusterIdentifier: id, DBClusterArn: arn, DbClusterResourceId: resourceId, Status: ownStatus } = record;
  if (!id || !arn || !resourceId || !ownStatus) throw unexpectedAnswer(action, "complete DBCluster");
  const roles = new Map(record.DBClusterMembers?.map((member) => [member.DBInstanceIdentifier, member]));
  // Before a new writer is listed among the members, it is the only instance.
  const writer = members.find(({ DBInstanceIdentifier: name }) => roles.get(name)?.IsClusterWriter) ?? members[0];
  const role = roles.get(writer?.DBInstanceIdentifier);
  const { MinCapacity: least, MaxCapacity: most } = record.ServerlessV2ScalingConfiguration ?? {};
  const { Endpoint: host, Port: port, DBClusterParameterGroup: group, DBSubnetGroup: subnetGroup } = record;
  return {
    id,
    arn,
    resourceId,
    status: ownStatus === "available" ? statusOfWriter(writer) : ownStatus,
    ownStatus,
    ...(writer?.DBInstanceIdentifier ? { writer: writer.DBInstanceIdentifier } : {}),
    engine: record.Engine ?? "",
    engineVersion: record.EngineVersion ?? "",
    masterUser: record.MasterUsername ?? "",
    ...(host && port ? { endpoint: { host: host.toLowerCase(), port } } : {}),
    instanceClass: writer?.DBInstanceClass,
    ...(least !== undefined && most !== undefined ? { serverless: { least, most } } : {}),
    subnetGroup,
    securityGroups: memberships(record.VpcSecurityGroups, (group) => [group.VpcSecurityGroupId, group.Status]),
    parameterGroups: group ? [{ name: group, status: role?.DBClusterParameterGroupStatus ?? "" }] : [],
    optionGroups: [],
    caCertificate: writer?.CACertificateIdentifier,
    lifecycleSupport: record.EngineLifecycleSupport,
    networkType: record.NetworkType,
    storageType: record.StorageType,
    replicaOf: record.ReplicationSourceIdentifier || undefined,
    pending: Object.entries(record.PendingModifiedValues ?? {})
      .filter(([, value]) => value !== undefined).map(([name]) => name),
    publiclyAccessible: members.some(({ PubliclyAccessible }) => PubliclyAccessible),
    managedPassword: record.MasterUserSecret !== undefined,
    backupRetention: record.BackupRetentionPeriod ?? 0,
    tags: readTags(record.TagList),
  };
}

function statusOfWriter(writer: DBInstance | undefined): string {
  const status = writer?.DBInstanceStatus ?? writerStatus.absent;
  return status === "deleting" ? writerStatus.deleting : status;
}

/** How a snapshot is encrypted, for the report. */
export function encryptionOf({ encrypted, kmsKeyId }: Pick<Snapshot, "encrypted" | "kmsKeyId">): EncryptionReport {
  return { encrypted, ...(encrypted && kmsKeyId !== undefined && { kmsKey: kmsKeyId }) };
}

/**
 * Reads a snapshot.
 *
 * @throws {RdsError} `aws-unavailable` if the record has no name, ARN, instance or status.
 */
export function readSnapshot(action: string, record: DBSnapshot | undefined): Snapshot {
  const { DBSnapshotIdentifier: id, DBSnapshotArn: arn, DBInstanceIdentifier: instance, Status: status } = record ?? {};
  if (!record || !id || !arn || !instance || !status) throw unexpectedAnswer(action, "complete DBSnapshot");
  return {
    id,
    arn,
    instance,
    resourceId: record.DbiResourceId ?? "",
    type: record.SnapshotType ?? "",
    status,
    copyOf: record.SourceDBSnapshotIdentifier,
    takenAt: record.OriginalSnapshotCreateTime ?? record.SnapshotCreateTime,
    engine: record.Engine ?? "",
    engineVersion: record.EngineVersion ?? "",
    masterUser: record.MasterUsername ?? "",
    port: record.Port,
    share: shareOf(record.PercentProgress),
    ...(record.AllocatedStorage ? { storageBytes: record.AllocatedStorage * GIB } : {}),
    storageType: record.StorageType,
    iops: record.Iops,
    storageThroughput: record.StorageThroughput,
    encrypted: record.Encrypted ?? false,
    kmsKeyId: record.KmsKeyId,
    tags: readTags(record.TagList),
  };
}

/**
 * Reads a cluster snapshot.
 *
 * @throws {RdsError} `aws-unavailable` if the record has no name, ARN, cluster or status.
 */
export function readClusterSnapshot(action: string, record: DBClusterSnapshot): Snapshot {
  const {
    DBClusterSnapshotIdentifier: id,
    DBClusterSnapshotArn: arn,
    DBClusterIdentifier: instance,
    Status: status,
  } = record;
  if (!id || !arn || !instance || !status) throw unexpectedAnswer(action, "complete DBClusterSnapshot");
  return {
    id,
    arn,
    instance,
    resourceId: record.DbClusterResourceId ?? "",
    type: record.SnapshotType ?? "",
    status,
    // There is no original time: a copy has that of the copy.
    takenAt: record.SnapshotCreateTime,
    engine: record.Engine ?? "",
    engineVersion: record.EngineVersion ?? "",
    masterUser: record.MasterUsername ?? "",
    port: record.Port,
    share: shareOf(record.PercentProgress),
    storageType: record.StorageType,
    encrypted: record.StorageEncrypted ?? false,
    kmsKeyId: record.KmsKeyId,
    tags: readTags(record.TagList),
  };
}

function shareOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Math.min(1, Math.max(0, percent / 100));
}

function readTags(tags: readonly Tag[] | undefined): ReadonlyMap<string, string> {
  return new Map((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

function memberships<T>(
  records: readonly T[] | undefined,
  read: (record: T) => [name: string | undefined, status: string | undefined],
): readonly Membership[] {
  return (records ?? []).flatMap((record) => {
    const [name, status] = read(record);
    return name ? [{ name, status: status ?? "" }] : [];
  });
}
