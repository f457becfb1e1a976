/** The calls of the RDS API for DB instances and their snapshots. @module */

import {
  CopyDBSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  ModifyDBSnapshotAttributeCommand,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { isRdsError, unexpectedAnswer } from "./errors.ts";
import { awsTags, exactlyOne } from "./messages.ts";
import { InstanceParameterGroups } from "./parameter_groups.ts";
import {
  type CopyCall,
  type CreateCall,
  type LogFile,
  Rds,
  readLogFile,
  type RestoreCall,
  type SnapshotCall,
  type SnapshotQuery,
  textOfEvent,
} from "./rds.ts";
import { type Instance, readInstance, readSnapshot, type Snapshot } from "./records.ts";

/** What every workspace has, restored or fresh. */
function workspaceSettings(call: RestoreCall | CreateCall) {
  return {
    DBInstanceClass: call.instanceClass,
    DBSubnetGroupName: call.subnetGroup,
    VpcSecurityGroupIds: [...call.securityGroups],
    DBParameterGroupName: call.parameterGroup,
    OptionGroupName: call.optionGroup,
    CACertificateIdentifier: call.caCertificate,
    EngineLifecycleSupport: call.lifecycleSupport,
    Port: call.port,
    NetworkType: call.networkType,
    StorageType: call.storageType,
    Iops: call.iops,
    StorageThroughput: call.storageThroughput,
    MultiAZ: false,
    PubliclyAccessible: false,
    DeletionProtection: false,
    EnableIAMDatabaseAuthentication: false,
    BackupRetentionPeriod: 0,
    AutoMinorVersionUpgrade: false,
    CopyTagsToSnapshot: true,
    Tags: awsTags(call.tags),
  };
}

/** For DB instances. */
export class InstanceRds extends Rds {
  readonly kind = "instance";
  readonly rekeysAtRestore = false;
  readonly quotaNames = {
    instances: [["DBInstances", "DB instances"]],
    snapshots: ["ManualSnapshots", "manual snapshots"],
  } as const;
  readonly parameterGroups: InstanceParameterGroups = new InstanceParameterGroups(this.sender);

  async instance(id: string, signal: AbortSignal): Promise<Instance | undefined> {
    const action = "DescribeDBInstances";
    try {
      const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
      const { DBInstances } = await this.sender.send(action, command, [], signal);
      const instance = readInstance(action, exactlyOne(action, DBInstances));
      if (instance.id.toLowerCase() !== id.toLowerCase()) throw unexpectedAnswer(action, `instance "${id}"`);
      return instance;
    } catch (error) {
      if (isRdsError(error, "DBInstanceNotFoundFault")) return undefined;
      throw error;
    }
  }

  async instances(signal: AbortSignal): Promise<readonly Instance[]> {
    const action = "DescribeDBInstances";
    const command = (Marker?: string) => new DescribeDBInstancesCommand({ Marker, MaxRecords: 100 });
    const records = await this.sender.list(action, command, ({ DBInstances }) => DBInstances, signal);
    return records.map((record) => readInstance(action, record));
  }

  async snapshot(id: string, signal: AbortSignal): Promise<Snapshot | undefined> {
    const action = "DescribeDBSnapshots";
    const command = new DescribeDBSnapshotsCommand({
      DBSnapshotIdentifier: id,
      // By name alone RDS finds manual snapshots only.
      ...(id.startsWith("rds:") ? { SnapshotType: "automated" } : {}),
      ...(id.startsWith("awsbackup:") ? { SnapshotType: "awsbackup" } : {}),
      ...(id.startsWith("arn:") ? { IncludeShared: true } : {}),
    });
    try {
      const { DBSnapshots } = await this.sender.send(action, command, [], signal);
      // IncludeShared makes this a search: for an unknown ARN RDS may answer with an empty list instead of an error.
      if (id.startsWith("arn:") && DBSnapshots?.length === 0) return undefined;
      const snapshot = readSnapshot(action, exactlyOne(action, DBSnapshots));
      if (![snapshot.id.toLowerCase(), snapshot.arn.toLowerCase()].includes(id.toLowerCase())) {
        throw unexpectedAnswer(action, `snapshot "${id}"`);
      }
      return snapshot;
    } catch (error) {
      if (isRdsError(error, "DBSnapshotNotFoundFault")) return undefined;
      throw error;
    }
  }

  async snapshots(query: SnapshotQuery, signal: AbortSignal): Promise<readonly Snapshot[]> {
    const action = "DescribeDBSnapshots";
    const filter = { DBInstanceIdentifier: query.instance, SnapshotType: query.type };
    const command = (Marker?: string) => new DescribeDBSnapshotsCommand({ ...filter, Marker, MaxRecords: 100 });
    const records = await this.sender.list(action, command, ({ DBSnapshots }) => DBSnapshots, signal);
    return records.map((record) => readSnapshot(action, record));
  }

  async restore(call: RestoreCall, signal: AbortSignal): Promise<void> {
    const command = new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: call.instance,
      DBSnapshotIdentifier: call.snapshot,
      ...workspaceSettings(call),
      AllocatedStorage: call.allocatedStorage,
    });
    await this.sender.send("RestoreDBInstanceFromDBSnapshot", command, ["DBInstance"], signal);
  }

  async create(call: CreateCall, signal: AbortSignal): Promise<void> {
    const { password } = call;
    const command = new CreateDBInstanceCommand({
      DBInstanceIdentifier: call.instance,
      Engine: call.engine,
      EngineVersion: call.engineVersion,
      MasterUsername: call.masterUser,
      MasterUserPassword: password,
      ...workspaceSettings(call),
      AllocatedStorage: call.allocatedStorage,
      StorageEncrypted: call.encrypted,
      KmsKeyId: call.encrypted ? call.kmsKey : undefined,
    });
    await this.sender.send("CreateDBInstance", command, ["DBInstance"], signal, password);
  }

  async setPassword(instance: Instance, password: string, signal: AbortSignal): Promise<void> {
    const command = new ModifyDBInstanceCommand({
      DBInstanceIdentifier: instance.id,
      MasterUserPassword: password,
      ApplyImmediately: true,
      ...(instance.managedPassword ? { ManageMasterUserPassword: false } : {}),
    });
    await this.sender.send("ModifyDBInstance", command, ["DBInstance"], signal, password);
  }

  async deleteInstance(id: string, finalSnapshot: string | undefined, signal: AbortSignal): Promise<void> {
    const command = new DeleteDBInstanceCommand({
      DBInstanceIdentifier: id,
      ...(finalSnapshot === undefined
        ? { SkipFinalSnapshot: true }
        : { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: finalSnapshot }),
      DeleteAutomatedBackups: true,
    });
    await this.sender.send("DeleteDBInstance", command, ["DBInstance"], signal);
  }

  async reboot(id: string, signal: AbortSignal): Promise<void> {
    const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: id });
    await this.sender.send("RebootDBInstance", command, ["DBInstance"], signal);
  }

  async createSnapshot({ instance, id, tags }: SnapshotCall, signal: AbortSignal): Promise<void> {
    const command = new CreateDBSnapshotCommand({
      DBInstanceIdentifier: instance,
      DBSnapshotIdentifier: id,
      Tags: awsTags(tags),
    });
    await this.sender.send("CreateDBSnapshot", command, ["DBSnapshot"], signal);
  }

  async copySnapshot({ from, to, key, tags }: CopyCall, signal: AbortSignal): Promise<void> {
    const command = new CopyDBSnapshotCommand({
      SourceDBSnapshotIdentifier: from,
      TargetDBSnapshotIdentifier: to,
      KmsKeyId: key,
      CopyTags: false,
      Tags: awsTags(tags),
    });
    await this.sender.send("CopyDBSnapshot", command, ["DBSnapshot"], signal);
  }

  async deleteSnapshot(id: string, signal: AbortSignal): Promise<void> {
    const command = new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id });
    await this.sender.send("DeleteDBSnapshot", command, ["DBSnapshot"], signal);
  }

  async share(id: string, accounts: readonly string[], signal: AbortSignal): Promise<void> {
    const command = new ModifyDBSnapshotAttributeCommand({
      DBSnapshotIdentifier: id,
      AttributeName: "restore",
      ValuesToAdd: [...accounts],
    });
    await this.sender.send("ModifyDBSnapshotAttribute", command, ["DBSnapshotAttributesResult"], signal);
  }

  async sharedWith(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const action = "DescribeDBSnapshotAttributes";
    const command = new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id });
    const answer = await this.sender.send(action, command, [], signal);
    const attributes = answer.DBSnapshotAttributesResult?.DBSnapshotAttributes;
    const restore = attributes?.find((attribute) => attribute.AttributeName === "restore");
    if (!restore) throw unexpectedAnswer(action, 'attribute "restore"');
    return restore.AttributeValues ?? [];
  }

  async logFiles(instance: string, signal: AbortSignal): Promise<readonly LogFile[]> {
    const action = "DescribeDBLogFiles";
    const command = (Marker?: string) => new DescribeDBLogFilesCommand({ DBInstanceIdentifier: instance, Marker });
    const records = await this.sender.list(action, command, ({ DescribeDBLogFiles }) => DescribeDBLogFiles, signal);
    return records.map((record) => readLogFile(action, record));
  }

  async events(instance: string, signal: AbortSignal): Promise<readonly string[]> {
    const filter = { SourceIdentifier: instance, SourceType: "db-instance", Duration: 1440 } as const;
    const command = (Marker?: string) => new DescribeEventsCommand({ ...filter, Marker });
    const records = await this.sender.list("DescribeEvents", command, ({ Events }) => Events, signal);
    return records.flatMap(textOfEvent);
  }
}
