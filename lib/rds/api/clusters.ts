/**
 * The calls of the RDS API for Aurora clusters and their snapshots. A cluster is its storage and its endpoints; a server runs in its
 * writer, a DB instance. Together they are here what an instance is elsewhere: `records.ts` puts their statuses into one.
 *
 * @module
 */

import {
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  type DBInstance,
  DeleteDBClusterCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeEventsCommand,
  ModifyDBClusterCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  RebootDBInstanceCommand,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { isRdsError, unexpectedAnswer } from "./errors.ts";
import { awsTags, exactlyOne } from "./messages.ts";
import { tag, TOOL, writerName } from "./names.ts";
import { ClusterParameterGroups } from "./parameter_groups.ts";
import {
  type LogFile,
  Rds,
  readLogFile,
  type RestoreCall,
  type SnapshotCall,
  type SnapshotQuery,
  textOfEvent,
} from "./rds.ts";
import { type Instance, readCluster, readClusterSnapshot, type Snapshot } from "./records.ts";

/** Aurora keeps automated backups for a day at least; they go with the cluster. */
const leastRetention = 1;

/** For Aurora clusters. */
export class ClusterRds extends Rds {
  readonly kind = "cluster";
  readonly rekeysAtRestore = true;
  readonly quotaNames = {
    instances: [["DBClusters", "DB clusters"], ["DBInstances", "DB instances"]],
    snapshots: ["ManualClusterSnapshots", "manual cluster snapshots"],
  } as const;
  readonly parameterGroups: ClusterParameterGroups = new ClusterParameterGroups(this.sender);

  async instance(id: string, signal: AbortSignal): Promise<Instance | undefined> {
    const action = "DescribeDBClusters";
    try {
      const command = new DescribeDBClustersCommand({ DBClusterIdentifier: id });
      const record = exactlyOne(action, (await this.sender.send(action, command, [], signal)).DBClusters);
      if (record.DBClusterIdentifier?.toLowerCase() !== id.toLowerCase()) {
        throw unexpectedAnswer(action, `cluster "${id}"`);
      }
      return readCluster(action, record, await this.#members(id, signal));
    } catch (error) {
      if (isRdsError(error, "DBInstanceNotFoundFault")) return undefined;
      throw error;
    }
  }

  async instances(signal: AbortSignal): Promise<readonly Instance[]> {
    const action = "DescribeDBClusters";
    const command = (Marker?: string) => new DescribeDBClustersCommand({ Marker, MaxRecords: 100 });
    const records = await this.sender.list(action, command, ({ DBClusters }) => DBClusters, signal);
    const aurora = records.filter(({ Engine }) => Engine?.startsWith("aurora-"));
    const members = aurora.length === 0 ? [] : await this.#members(undefined, signal);
    return aurora.map((record) =>
      readCluster(
        action,
        record,
        members.filter(({ DBClusterIdentifier: cluster }) => cluster === record.DBClusterIdentifier),
      )
    );
  }

  async snapshot(id: string, signal: AbortSignal): Promise<Snapshot | undefined> {
    const action = "DescribeDBClusterSnapshots";
    const command = new DescribeDBClusterSnapshotsCommand({
      DBClusterSnapshotIdentifier: id,
      // As with DB snapshots: by name alone RDS finds manual ones only.
      ...(id.startsWith("rds:") ? { SnapshotType: "automated" } : {}),
      ...(id.startsWith("awsbackup:") ? { SnapshotType: "awsbackup" } : {}),
      ...(id.startsWith("arn:") ? { IncludeShared: true } : {}),
    });
    try {
      const { DBClusterSnapshots } = await this.sender.send(action, command, [], signal);
      if (id.startsWith("arn:") && DBClusterSnapshots?.length === 0) return undefined;
      const snapshot = readClusterSnapshot(action, exactlyOne(action, DBClusterSnapshots));
      if (![snapshot.id.toLowerCase(), snapshot.arn.toLowerCase()].includes(id.toLowerCase())) {
        throw unexpectedAnswer(action, `cluster snapshot "${id}"`);
      }
      return snapshot;
    } catch (error) {
      if (isRdsError(error, "DBSnapshotNotFoundFault")) return undefined;
      throw error;
    }
  }

  async snapshots(query: SnapshotQuery, signal: AbortSignal): Promise<readonly Snapshot[]> {
    const action = "DescribeDBClusterSnapshots";
    const filter = { DBClusterIdentifier: query.instance, SnapshotType: query.type };
    const command = (Marker?: string) => new DescribeDBClusterSnapshotsCommand({ ...filter, Marker, MaxRecords: 100 });
    const records = await this.sender.list(action, command, ({ DBClusterSnapshots }) => DBClusterSnapshots, signal);
    return records.filter(({ Engine }) => Engine?.startsWith("aurora-"))
      .map((record) => readClusterSnapshot(action, record));
  }

  /** The version is always said: without it RDS takes its newest, and may upgrade the data. A clone has its source's. */
  async restore(call: RestoreCall, signal: AbortSignal): Promise<void> {
    const settings = {
      DBClusterIdentifier: call.instance,
      DBSubnetGroupName: call.subnetGroup,
      VpcSecurityGroupIds: [...call.securityGroups],
      DBClusterParameterGroupName: call.parameterGroup,
      KmsKeyId: call.kmsKey,
      EngineLifecycleSupport: call.lifecycleSupport,
      Port: call.port,
      NetworkType: call.networkType,
      StorageType: call.storageType,
      ServerlessV2ScalingConfiguration: call.serverless &&
        { MinCapacity: call.serverless.least, MaxCapacity: call.serverless.most },
      DeletionProtection: false,
      EnableIAMDatabaseAuthentication: false,
      BackupRetentionPeriod: leastRetention,
      CopyTagsToSnapshot: true,
      Tags: awsTags(call.tags),
    };
    if (call.cloneOf !== undefined) {
      const command = new RestoreDBClusterToPointInTimeCommand({
        ...settings,
        SourceDBClusterIdentifier: call.cloneOf,
        RestoreType: "copy-on-write",
        UseLatestRestorableTime: true,
      });
      await this.sender.send("RestoreDBClusterToPointInTime", command, ["DBCluster"], signal);
      return;
    }
    const command = new RestoreDBClusterFromSnapshotCommand({
      ...settings,
      SnapshotIdentifier: call.snapshot,
      Engine: call.engine,
      EngineVersion: call.engineVersion,
    });
    await this.sender.send("RestoreDBClusterFromSnapshot", command, ["DBCluster"], signal);
  }

  /** Never called: clusters are not rebuilt. */
  create(): Promise<void> {
    return Promise.reject(new TypeError("Cannot create an empty cluster: only DB instances are rebuilt"));
  }

  /** Creates the writer once the cluster is available: RDS makes none by itself. */
  override async continueRestore(
    call: RestoreCall,
    { ownStatus, writer }: Instance,
    signal: AbortSignal,
  ): Promise<void> {
    if (ownStatus !== "available" || writer !== undefined) return;
    const command = new CreateDBInstanceCommand({
      DBInstanceIdentifier: writerName(call.instance),
      DBClusterIdentifier: call.instance,
      DBInstanceClass: call.instanceClass,
      Engine: call.engine,
      CACertificateIdentifier: call.caCertificate,
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: false,
      // Not those of a run: what is done with a writer hangs on its cluster.
      Tags: awsTags({ [tag.tool]: TOOL }),
    });
    try {
      await this.sender.send("CreateDBInstance", command, ["DBInstance"], signal);
    } catch (error) {
      // RDS shows it later: an answer was lost, and the call repeated.
      if (!isRdsError(error, "DBInstanceAlreadyExistsFault")) throw error;
    }
  }

  async setPassword(cluster: Instance, password: string, signal: AbortSignal): Promise<void> {
    const command = new ModifyDBClusterCommand({
      DBClusterIdentifier: cluster.id,
      MasterUserPassword: password,
      ApplyImmediately: true,
      ...(cluster.managedPassword ? { ManageMasterUserPassword: false } : {}),
    });
    await this.sender.send("ModifyDBCluster", command, ["DBCluster"], signal, password);
  }

  /** First its members: RDS deletes a cluster whose members are being deleted, and no other. */
  async deleteInstance(id: string, finalSnapshot: string | undefined, signal: AbortSignal): Promise<void> {
    for (const { DBInstanceIdentifier: member, DBInstanceStatus: status } of await this.#members(id, signal)) {
      if (status === "deleting") continue;
      const command = new DeleteDBInstanceCommand({ DBInstanceIdentifier: member, SkipFinalSnapshot: true });
      try {
        await this.sender.send("DeleteDBInstance", command, ["DBInstance"], signal);
      } catch (error) {
        if (!isRdsError(error, "DBInstanceNotFoundFault")) throw error;
      }
    }
    const command = new DeleteDBClusterCommand({
      DBClusterIdentifier: id,
      ...(finalSnapshot === undefined
        ? { SkipFinalSnapshot: true }
        : { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: finalSnapshot }),
      DeleteAutomatedBackups: true,
    });
    await this.sender.send("DeleteDBCluster", command, ["DBCluster"], signal);
  }

  async reboot(id: string, signal: AbortSignal): Promise<void> {
    const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: writerName(id) });
    await this.sender.send("RebootDBInstance", command, ["DBInstance"], signal);
  }

  async createSnapshot({ instance, id, tags }: SnapshotCall, signal: AbortSignal): Promise<void> {
    const command = new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: instance,
      DBClusterSnapshotIdentifier: id,
      Tags: awsTags(tags),
    });
    await this.sender.send("CreateDBClusterSnapshot", command, ["DBClusterSnapshot"], signal);
  }

  /** Never called: a cluster is restored under another key at once. */
  copySnapshot(): Promise<void> {
    return Promise.reject(new TypeError("Cannot copy a cluster snapshot: a restore takes the key"));
  }

  async deleteSnapshot(id: string, signal: AbortSignal): Promise<void> {
    const command = new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id });
    await this.sender.send("DeleteDBClusterSnapshot", command, ["DBClusterSnapshot"], signal);
  }

  async share(id: string, accounts: readonly string[], signal: AbortSignal): Promise<void> {
    const action = "ModifyDBClusterSnapshotAttribute";
    const command = new ModifyDBClusterSnapshotAttributeCommand({
      DBClusterSnapshotIdentifier: id,
      AttributeName: "restore",
      ValuesToAdd: [...accounts],
    });
    await this.sender.send(action, command, ["DBClusterSnapshotAttributesResult"], signal);
  }

  async sharedWith(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const action = "DescribeDBClusterSnapshotAttributes";
    const command = new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id });
    const answer = await this.sender.send(action, command, [], signal);
    const attributes = answer.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes;
    const restore = attributes?.find((attribute) => attribute.AttributeName === "restore");
    if (!restore) throw unexpectedAnswer(action, 'attribute "restore"');
    return restore.AttributeValues ?? [];
  }

  async logFiles(id: string, signal: AbortSignal): Promise<readonly LogFile[]> {
    const action = "DescribeDBLogFiles";
    const command = (Marker?: string) =>
      new DescribeDBLogFilesCommand({ DBInstanceIdentifier: writerName(id), Marker });
    const records = await this.sender.list(action, command, ({ DescribeDBLogFiles }) => DescribeDBLogFiles, signal);
    return records.map((record) => readLogFile(action, record));
  }

  /** Of the cluster, then of its writer. */
  async events(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const sources = [[id, "db-cluster"], [writerName(id), "db-instance"]] as const;
    const texts: string[] = [];
    for (const [SourceIdentifier, SourceType] of sources) {
      const command = (Marker?: string) =>
        new DescribeEventsCommand({ SourceIdentifier, SourceType, Duration: 1440, Marker });
      const records = await this.sender.list("DescribeEvents", command, ({ Events }) => Events, signal);
      texts.push(...records.flatMap(textOfEvent));
    }
    return texts;
  }

  /** The members of one cluster, or of all. */
  async #members(cluster: string | undefined, signal: AbortSignal): Promise<readonly DBInstance[]> {
    const Filters = cluster === undefined ? undefined : [{ Name: "db-cluster-id", Values: [cluster] }];
    const command = (Marker?: string) => new DescribeDBInstancesCommand({ Filters, Marker, MaxRecords: 100 });
    return await this.sender.list("DescribeDBInstances", command, ({ DBInstances }) => DBInstances, signal);
  }
}
