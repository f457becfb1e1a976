/**
 * The calls of the RDS API that a run makes: typed, with timeouts, logged without secrets. Uses the SDK's single commands, not
 * its class of all calls, so that a bundle leaves out the rest.
 *
 * @module
 */

import {
  AddTagsToResourceCommand,
  CopyDBSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import type { KMSClientConfig } from "@aws-sdk/client-kms";
import type { STSClientConfig } from "@aws-sdk/client-sts";
import type { RDSClientConfig } from "@aws-sdk/client-rds";
import type { Log } from "../../core/log.ts";
import { awsTags, exactlyOne } from "./messages.ts";
import { isRdsError, toRdsError, unexpectedAnswer } from "./errors.ts";
import { ParameterGroups } from "./parameter_groups.ts";
import { type Instance, readInstance, readSnapshot, type Snapshot } from "./records.ts";
import { Sender } from "./sender.ts";

/** How to reach RDS. */
export interface RdsOptions {
  /** Absent: the AWS configuration's. */
  readonly region?: string;
  readonly log: Pick<Log, "debug">;
  /** Attempts at a call in all; the SDK waits between them, up to 20 seconds. Default 8. */
  readonly maxAttempts?: number;
  /** Milliseconds that one attempt may take. Default 30 seconds. */
  readonly requestTimeout?: number;
  /** Absent: the AWS configuration's endpoint and credentials. */
  readonly endpoint?: { readonly url: string; readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Parameters of {@linkcode Rds.restore}. */
export interface RestoreCall {
  readonly instance: string;
  /** Its name, or its ARN if another account owns it. */
  readonly snapshot: string;
  readonly instanceClass: string;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup?: string;
  readonly caCertificate?: string;
  readonly lifecycleSupport: string;
  readonly port?: number;
  readonly networkType?: string;
  readonly storageType?: string;
  /** 0: none, where the snapshot has some. */
  readonly iops?: number;
  /** In MiB per second. */
  readonly storageThroughput?: number;
  /** In GiB; absent: the snapshot's. */
  readonly allocatedStorage?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Which snapshots to list. */
export interface SnapshotQuery {
  /** Absent: of all instances. */
  readonly instance?: string;
  readonly type: "automated" | "manual";
}

/** A file of a server's log. */
export interface LogFile {
  /** Such as `error/postgresql.log.2026-11-28-23`. */
  readonly name: string;
  readonly bytes: number;
  readonly lastWritten: Date;
}

/** One of the account's quotas in the region. */
export interface Quota {
  /** RDS's name, such as `ManualSnapshots`. */
  readonly name: string;
  readonly used: number;
  readonly max: number;
}

/** What the SDK calls the credential providers that never renew credentials. */
const fixedProviders: readonly string[] = ["CREDENTIALS_ENV_VARS", "CREDENTIALS_CODE", "CREDENTIALS_PROFILE"];

/** Makes a client. Each worker has its own: the SDK counts retries by client. */
export function createRds(options: RdsOptions): Rds {
  return new Rds(new RDSClient(clientConfig(options)), options.log);
}

/** The configuration of an SDK client: endpoint, attempts and timeouts. */
export function clientConfig(
  { region, maxAttempts = 8, requestTimeout = 30_000, endpoint }: Omit<RdsOptions, "log">,
): RDSClientConfig & KMSClientConfig & STSClientConfig {
  return {
    region,
    maxAttempts,
    // By default none of these ends, and requestTimeout alone only prints a warning.
    requestHandler: {
      connectionTimeout: Math.min(10_000, requestTimeout),
      requestTimeout,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeout,
    },
    ...(endpoint && {
      endpoint: endpoint.url,
      credentials: { accessKeyId: endpoint.accessKeyId, secretAccessKey: endpoint.secretAccessKey },
    }),
  };
}

/**
 * Sends a call of another service.
 *
 * @throws {RdsError} if it fails; the signal's reason once it is aborted.
 */
export async function callAws<T>(
  action: string,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await send({ abortSignal: signal });
  } catch (error) {
    signal.throwIfAborted();
    throw toRdsError(action, error);
  }
}

/**
 * The RDS API as far as a run uses it. Every method throws the signal's reason once the signal is aborted.
 *
 * @throws {RdsError} `aws-credentials`, `aws-denied`, `aws-refused` or `aws-unavailable`, from every method.
 */
export class Rds implements Disposable {
  /** What concerns DB parameter groups. */
  readonly parameterGroups: ParameterGroups;
  readonly #aws: RDSClient;
  readonly #sender: Sender;

  constructor(aws: RDSClient, log: Pick<Log, "debug">) {
    this.#aws = aws;
    this.#sender = new Sender(aws, log);
    this.parameterGroups = new ParameterGroups(this.#sender);
  }

  /** The region of all calls. */
  async region(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    try {
      return await this.#aws.config.region();
    } catch (error) {
      throw toRdsError("DescribeDBInstances", error);
    }
  }

  /** When the credentials expire; undefined if they have no expiry or the SDK renews them. */
  async credentialsEnd(signal: AbortSignal): Promise<Date | undefined> {
    signal.throwIfAborted();
    try {
      const { expiration, ...identity } = await this.#aws.config.credentials();
      const provider = Object.keys(Object(Reflect.get(identity, "$source")));
      const fixed = provider.some((name) => fixedProviders.includes(name));
      return fixed && expiration && !Number.isNaN(expiration.getTime()) ? expiration : undefined;
    } catch (error) {
      throw toRdsError("DescribeDBInstances", error);
    }
  }

  /**
   * The time by RDS's clock, as of its last answer. This machine's clock may be wrong, and heartbeats must mean the same time
   * on every machine that runs this program.
   */
  now(): Date {
    const ahead = this.#aws.config.systemClockOffset;
    // Answers give whole seconds, so a smaller difference is no difference.
    return new Date(Date.now() + (Math.abs(ahead) < 2000 ? 0 : ahead));
  }

  /** One instance by name; `undefined` only if RDS says that it does not exist. */
  async instance(id: string, signal: AbortSignal): Promise<Instance | undefined> {
    const action = "DescribeDBInstances";
    try {
      const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
      const { DBInstances } = await this.#sender.send(action, command, [], signal);
      const instance = readInstance(action, exactlyOne(action, DBInstances));
      if (instance.id.toLowerCase() !== id.toLowerCase()) throw unexpectedAnswer(action, `instance "${id}"`);
      return instance;
    } catch (error) {
      if (isRdsError(error, "DBInstanceNotFoundFault")) return undefined;
      throw error;
    }
  }

  /** All instances of the account in the region. */
  async instances(signal: AbortSignal): Promise<readonly Instance[]> {
    const action = "DescribeDBInstances";
    const command = (Marker?: string) => new DescribeDBInstancesCommand({ Marker, MaxRecords: 100 });
    const records = await this.#sender.list(action, command, ({ DBInstances }) => DBInstances, signal);
    return records.map((record) => readInstance(action, record));
  }

  /** One snapshot by name or by another account's ARN; `undefined` only if RDS says that it does not exist. */
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
      const { DBSnapshots } = await this.#sender.send(action, command, [], signal);
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

  /** The account's own snapshots, or those of one instance name, which several instances may have had over time. */
  async snapshots(query: SnapshotQuery, signal: AbortSignal): Promise<readonly Snapshot[]> {
    const action = "DescribeDBSnapshots";
    const filter = { DBInstanceIdentifier: query.instance, SnapshotType: query.type };
    const command = (Marker?: string) => new DescribeDBSnapshotsCommand({ ...filter, Marker, MaxRecords: 100 });
    const records = await this.#sender.list(action, command, ({ DBSnapshots }) => DBSnapshots, signal);
    return records.map((record) => readSnapshot(action, record));
  }

  /**
   * Restores an instance: private, in one zone, without automated backups (the first one can take hours), deletion protection,
   * minor upgrades or production's tags. RDS Guide "Restoring to a DB instance".
   */
  async restore(call: RestoreCall, signal: AbortSignal): Promise<void> {
    const command = new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: call.instance,
      DBSnapshotIdentifier: call.snapshot,
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
      AllocatedStorage: call.allocatedStorage,
      MultiAZ: false,
      PubliclyAccessible: false,
      DeletionProtection: false,
      EnableIAMDatabaseAuthentication: false,
      BackupRetentionPeriod: 0,
      AutoMinorVersionUpgrade: false,
      CopyTagsToSnapshot: true,
      Tags: awsTags(call.tags),
    });
    await this.#sender.send("RestoreDBInstanceFromDBSnapshot", command, ["DBInstance"], signal);
  }

  /** Requests a new master password, which takes effect later. Takes a managed password out of Secrets Manager. */
  async setPassword(instance: Instance, password: string, signal: AbortSignal): Promise<void> {
    const command = new ModifyDBInstanceCommand({
      DBInstanceIdentifier: instance.id,
      MasterUserPassword: password,
      ApplyImmediately: true,
      ...(instance.managedPassword ? { ManageMasterUserPassword: false } : {}),
    });
    await this.#sender.send("ModifyDBInstance", command, ["DBInstance"], signal, password);
  }

  /** Requests the deletion of an instance, with a final snapshot if it is given a name for one. */
  async deleteInstance(id: string, finalSnapshot: string | undefined, signal: AbortSignal): Promise<void> {
    const command = new DeleteDBInstanceCommand({
      DBInstanceIdentifier: id,
      ...(finalSnapshot === undefined
        ? { SkipFinalSnapshot: true }
        : { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: finalSnapshot }),
      DeleteAutomatedBackups: true,
    });
    await this.#sender.send("DeleteDBInstance", command, ["DBInstance"], signal);
  }

  /** Requests a restart of an instance's server. */
  async reboot(id: string, signal: AbortSignal): Promise<void> {
    const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: id });
    await this.#sender.send("RebootDBInstance", command, ["DBInstance"], signal);
  }

  /** Requests a snapshot of an instance. */
  async createSnapshot(
    { instance, id, tags }: {
      readonly instance: string;
      readonly id: string;
      readonly tags: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const command = new CreateDBSnapshotCommand({
      DBInstanceIdentifier: instance,
      DBSnapshotIdentifier: id,
      Tags: awsTags(tags),
    });
    await this.#sender.send("CreateDBSnapshot", command, ["DBSnapshot"], signal);
  }

  /** Requests a copy of a snapshot under another key. */
  async copySnapshot(
    { from, to, key, tags }: {
      readonly from: string;
      readonly to: string;
      readonly key: string;
      readonly tags: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const command = new CopyDBSnapshotCommand({
      SourceDBSnapshotIdentifier: from,
      TargetDBSnapshotIdentifier: to,
      KmsKeyId: key,
      CopyTags: false,
      Tags: awsTags(tags),
    });
    await this.#sender.send("CopyDBSnapshot", command, ["DBSnapshot"], signal);
  }

  /** Deletes a manual snapshot. */
  async deleteSnapshot(id: string, signal: AbortSignal): Promise<void> {
    const command = new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id });
    await this.#sender.send("DeleteDBSnapshot", command, ["DBSnapshot"], signal);
  }

  /** Lets more accounts restore a snapshot. */
  async share(id: string, accounts: readonly string[], signal: AbortSignal): Promise<void> {
    const command = new ModifyDBSnapshotAttributeCommand({
      DBSnapshotIdentifier: id,
      AttributeName: "restore",
      ValuesToAdd: [...accounts],
    });
    await this.#sender.send("ModifyDBSnapshotAttribute", command, ["DBSnapshotAttributesResult"], signal);
  }

  /** The accounts that may restore a snapshot; `all` means every account. */
  async sharedWith(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const action = "DescribeDBSnapshotAttributes";
    const command = new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id });
    const answer = await this.#sender.send(action, command, [], signal);
    const attributes = answer.DBSnapshotAttributesResult?.DBSnapshotAttributes;
    const restore = attributes?.find((attribute) => attribute.AttributeName === "restore");
    if (!restore) throw unexpectedAnswer(action, 'attribute "restore"');
    return restore.AttributeValues ?? [];
  }

  /** Adds tags, or changes their values. */
  async tag(arn: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const command = new AddTagsToResourceCommand({ ResourceName: arn, Tags: awsTags(tags) });
    await this.#sender.send("AddTagsToResource", command, [], signal);
  }

  /** The account's quotas in the region. */
  async quotas(signal: AbortSignal): Promise<readonly Quota[]> {
    const command = new DescribeAccountAttributesCommand({});
    const { AccountQuotas } = await this.#sender.send("DescribeAccountAttributes", command, ["AccountQuotas"], signal);
    return AccountQuotas.flatMap(({ AccountQuotaName: name, Used: used, Max: max }) =>
      name !== undefined && used !== undefined && max !== undefined ? [{ name, used, max }] : []
    );
  }

  /** The log files of an instance's server. */
  async logFiles(instance: string, signal: AbortSignal): Promise<readonly LogFile[]> {
    const action = "DescribeDBLogFiles";
    const command = (Marker?: string) => new DescribeDBLogFilesCommand({ DBInstanceIdentifier: instance, Marker });
    const records = await this.#sender.list(action, command, ({ DescribeDBLogFiles }) => DescribeDBLogFiles, signal);
    return records.map(({ LogFileName: name, Size: bytes = 0, LastWritten = 0 }) => {
      if (!name) throw unexpectedAnswer(action, "name of a log file");
      return { name, bytes, lastWritten: new Date(LastWritten) };
    });
  }

  /** Messages of an instance's events of the last day, oldest first. */
  async events(instance: string, signal: AbortSignal): Promise<readonly string[]> {
    const filter = { SourceIdentifier: instance, SourceType: "db-instance", Duration: 1440 } as const;
    const command = (Marker?: string) => new DescribeEventsCommand({ ...filter, Marker });
    const records = await this.#sender.list("DescribeEvents", command, ({ Events }) => Events, signal);
    return records.flatMap(({ Message }) => Message ? [Message.replaceAll(/[\p{C}\s]+/gu, " ").slice(0, 300)] : []);
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}
