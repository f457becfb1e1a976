/** The calls by which an instance of a snapshot takes the place of another DB instance. @module */

import {
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
  RemoveTagsFromResourceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotCommandInput,
} from "@aws-sdk/client-rds";
import { isRdsError, unexpectedAnswer } from "./errors.ts";
import { awsTags, exactlyOne } from "./messages.ts";
import { type Instance, readInstance } from "./records.ts";
import type { Sender } from "./sender.ts";

/** What a volume is asked to be, in the words of {@linkcode RestoreCall}. */
export interface VolumeSettings {
  readonly storageType?: string | undefined;
  readonly iops?: number | undefined;
  readonly storageThroughput?: number | undefined;
  /** In GiB. */
  readonly allocatedStorage?: number | undefined;
}

/** An instance whose place may be taken, with all that its successor has to have. */
export interface StagingInstance {
  readonly instance: Instance;
  readonly volume: VolumeSettings;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly deletionProtection: boolean;
  /** Names of its read replicas, and of clusters that replicate it. */
  readonly replicas: readonly string[];
  /** What it has besides, and neither call gives to another instance, in words. */
  readonly notCarried: readonly string[];
  /** What the restore gives to its successor. */
  readonly atRestore: Readonly<Partial<RestoreDBInstanceFromDBSnapshotCommandInput>>;
  /** What only ModifyDBInstance does. */
  readonly afterRestore: Readonly<Partial<ModifyDBInstanceCommandInput>>;
}

/** Parameters of {@linkcode StagingCalls.restore}. */
export interface SuccessorCall {
  readonly id: string;
  /** Its name. */
  readonly snapshot: string;
  readonly volume: VolumeSettings;
  /** The instance whose place it is to take. */
  readonly like: StagingInstance;
  readonly tags: Readonly<Record<string, string>>;
}

/** The calls. Every method throws the signal's reason once the signal is aborted, and an RdsError where a call fails. */
export class StagingCalls {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** One DB instance by name; undefined only if RDS says that it does not exist. */
  async read(id: string, signal: AbortSignal): Promise<StagingInstance | undefined> {
    const action = "DescribeDBInstances";
    try {
      const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
      const { DBInstances } = await this.#sender.send(action, command, [], signal);
      return readStaging(action, exactlyOne(action, DBInstances));
    } catch (error) {
      if (isRdsError(error, "DBInstanceNotFoundFault")) return undefined;
      throw error;
    }
  }

  /** The DB instance of a DbiResourceId, whatever its name is by now; undefined if RDS lists none. */
  async byResource(resourceId: string, signal: AbortSignal): Promise<Instance | undefined> {
    const action = "DescribeDBInstances";
    const Filters = [{ Name: "dbi-resource-id", Values: [resourceId] }];
    const { DBInstances } = await this.#sender.send(action, new DescribeDBInstancesCommand({ Filters }), [], signal);
    if (DBInstances === undefined) throw unexpectedAnswer(action, "list");
    return DBInstances.length === 0 ? undefined : readInstance(action, exactlyOne(action, DBInstances));
  }

  /**
   * Restores an instance with the settings of another, but for deletion protection, which it gets with the name: until then it may have
   * to be deleted.
   */
  async restore({ id, snapshot, volume, like, tags }: SuccessorCall, signal: AbortSignal): Promise<void> {
    const command = new RestoreDBInstanceFromDBSnapshotCommand({
      ...like.atRestore,
      DBInstanceIdentifier: id,
      DBSnapshotIdentifier: snapshot,
      StorageType: volume.storageType,
      Iops: volume.iops,
      StorageThroughput: volume.storageThroughput,
      AllocatedStorage: volume.allocatedStorage,
      DeletionProtection: false,
      Tags: awsTags(tags),
    });
    await this.#sender.send("RestoreDBInstanceFromDBSnapshot", command, ["DBInstance"], signal);
  }

  /** Gives it what the restore could not. */
  async configure(id: string, like: StagingInstance, signal: AbortSignal): Promise<void> {
    const command = new ModifyDBInstanceCommand({
      ...like.afterRestore,
      DBInstanceIdentifier: id,
      ApplyImmediately: true,
    });
    await this.#sender.send("ModifyDBInstance", command, ["DBInstance"], signal);
  }

  /** Requests another name, which RDS gives it later, and restarts it for. */
  async rename(
    id: string,
    to: string,
    { protect = false }: { readonly protect?: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const command = new ModifyDBInstanceCommand({
      DBInstanceIdentifier: id,
      NewDBInstanceIdentifier: to,
      ApplyImmediately: true,
      ...(protect && { DeletionProtection: true }),
    });
    await this.#sender.send("ModifyDBInstance", command, ["DBInstance"], signal);
  }

  /** Takes tags off. */
  async untag(arn: string, keys: readonly string[], signal: AbortSignal): Promise<void> {
    const command = new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [...keys] });
    await this.#sender.send("RemoveTagsFromResource", command, [], signal);
  }
}

function readStaging(action: string, record: DBInstance): StagingInstance {
  const instance = readInstance(action, record);
  const { StorageType: storageType, Iops: iops, StorageThroughput: storageThroughput } = record;
  return {
    instance,
    volume: { storageType, iops, storageThroughput, allocatedStorage: record.AllocatedStorage },
    encrypted: record.StorageEncrypted ?? false,
    ...(record.KmsKeyId !== undefined && { kmsKeyId: record.KmsKeyId }),
    deletionProtection: record.DeletionProtection ?? false,
    replicas: [...record.ReadReplicaDBInstanceIdentifiers ?? [], ...record.ReadReplicaDBClusterIdentifiers ?? []],
    notCarried: [
      ...(record.AssociatedRoles ?? []).map(({ RoleArn, FeatureName }) => `role ${RoleArn} for ${FeatureName}`),
      ...(record.DomainMemberships ?? []).map(({ Domain }) => `membership in domain ${Domain}`),
      ...(record.ActivityStreamStatus === "started" ? ["its activity stream"] : []),
    ],
    atRestore: {
      DBInstanceClass: record.DBInstanceClass,
      Port: record.Endpoint?.Port,
      DBSubnetGroupName: record.DBSubnetGroup?.DBSubnetGroupName,
      VpcSecurityGroupIds: instance.securityGroups.map(({ name }) => name),
      DBParameterGroupName: instance.parameterGroups[0]?.name,
      OptionGroupName: instance.optionGroups[0]?.name,
      MultiAZ: record.MultiAZ ?? false,
      PubliclyAccessible: record.PubliclyAccessible ?? false,
      AutoMinorVersionUpgrade: record.AutoMinorVersionUpgrade ?? false,
      EnableIAMDatabaseAuthentication: record.IAMDatabaseAuthenticationEnabled ?? false,
      CopyTagsToSnapshot: record.CopyTagsToSnapshot ?? false,
      BackupRetentionPeriod: record.BackupRetentionPeriod ?? 0,
      ...(record.BackupRetentionPeriod ? { PreferredBackupWindow: record.PreferredBackupWindow } : {}),
      CACertificateIdentifier: record.CACertificateIdentifier,
      EngineLifecycleSupport: record.EngineLifecycleSupport,
      NetworkType: record.NetworkType,
      ...(record.EnabledCloudwatchLogsExports?.length
        ? { EnableCloudwatchLogsExports: record.EnabledCloudwatchLogsExports }
        : {}),
      ...(record.ProcessorFeatures?.length ? { ProcessorFeatures: record.ProcessorFeatures } : {}),
      ...(record.DedicatedLogVolume ? { DedicatedLogVolume: true } : {}),
      ...(record.CustomerOwnedIpEnabled ? { EnableCustomerOwnedIp: true } : {}),
    },
    afterRestore: {
      ...(record.PreferredMaintenanceWindow ? { PreferredMaintenanceWindow: record.PreferredMaintenanceWindow } : {}),
      ...(record.MonitoringInterval
        ? { MonitoringInterval: record.MonitoringInterval, MonitoringRoleArn: record.MonitoringRoleArn }
        : {}),
      ...(record.PerformanceInsightsEnabled
        ? {
          EnablePerformanceInsights: true,
          PerformanceInsightsKMSKeyId: record.PerformanceInsightsKMSKeyId,
          PerformanceInsightsRetentionPeriod: record.PerformanceInsightsRetentionPeriod,
        }
        : {}),
      ...(record.DatabaseInsightsMode ? { DatabaseInsightsMode: record.DatabaseInsightsMode } : {}),
      ...(record.MaxAllocatedStorage ? { MaxAllocatedStorage: record.MaxAllocatedStorage } : {}),
      ...(record.MasterUserSecret
        ? { ManageMasterUserPassword: true, MasterUserSecretKmsKeyId: record.MasterUserSecret.KmsKeyId }
        : {}),
    },
  };
}
