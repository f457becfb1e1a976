/**
 * The calls of the RDS API that we make, typed, bounded in time and logged without secrets. By command, not by the SDK's class
 * of all calls: a bundle leaves out what nobody asks for.
 *
 * @module
 */

import {
  AddTagsToResourceCommand,
  CopyDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import type { RDSClientConfig, RestoreDBInstanceFromDBSnapshotMessage } from "@aws-sdk/client-rds";
import type { Log } from "../../core/log.ts";
import { awsTags, exactlyOne, formatParams, readPages } from "./paging.ts";
import { isRdsError, toRdsError, unexpectedAnswer } from "./errors.ts";
import { readInstance, readSnapshot } from "./records.ts";
import type { Instance, Snapshot } from "./records.ts";

/** How to reach RDS. */
export interface RdsOptions {
  /** Absent: the AWS configuration's. */
  readonly region?: string;
  readonly log: Pick<Log, "debug">;
  /** Attempts at a call in all; the SDK waits between them, up to 20 seconds. Default 8. */
  readonly maxAttempts?: number;
  /** Milliseconds that one attempt may take. Default 30 seconds. */
  readonly requestTimeout?: number;
  /** Another place than the AWS configuration names, with keys of its own. */
  readonly endpoint?: { readonly url: string; readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What the restore call must be told; see {@linkcode Rds.restore}. */
export interface RestoreCall {
  readonly instance: string;
  /** Name, or ARN where another account owns it. */
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
  readonly iops?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Which snapshots to list. */
export interface SnapshotQuery {
  /** Absent: of all instances. */
  readonly instance?: string;
  readonly type: "automated" | "manual";
}

/** How much of one of the account's quotas in the region is used. */
export interface Quota {
  /** RDS's name, such as `ManualSnapshots`. */
  readonly name: string;
  readonly used: number;
  readonly most: number;
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** What the SDK calls the providers that give the same credentials again, however often they are asked. */
const fixedProviders: readonly string[] = ["CREDENTIALS_ENV_VARS", "CREDENTIALS_CODE", "CREDENTIALS_PROFILE"];

/** Makes a client. One a worker: the SDK's limits on retries belong to the client. */
export function createRds(options: RdsOptions): Rds {
  const requestTimeout = options.requestTimeout ?? 30_000;
  const config: RDSClientConfig = {
    region: options.region,
    maxAttempts: options.maxAttempts ?? 8,
    // None of these has a default that ends, and requestTimeout alone only prints a warning.
    requestHandler: {
      connectionTimeout: Math.min(10_000, requestTimeout),
      requestTimeout,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeout,
    },
  };
  const { endpoint } = options;
  return new Rds(
    new RDSClient(
      endpoint
        ? {
          ...config,
          endpoint: endpoint.url,
          credentials: { accessKeyId: endpoint.accessKeyId, secretAccessKey: endpoint.secretAccessKey },
        }
        : config,
    ),
    options.log,
  );
}

/** The RDS API as far as we use it. Every method throws `RdsFault`, or the signal's reason. */
export class Rds implements Disposable {
  readonly #aws: RDSClient;
  readonly #log: Pick<Log, "debug">;

  constructor(aws: RDSClient, log: Pick<Log, "debug">) {
    this.#aws = aws;
    this.#log = log;
  }

  /** The region that calls go to. */
  async region(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    try {
      return await this.#aws.config.region();
    } catch (error) {
      throw toRdsError("DescribeDBInstances", error);
    }
  }

  /** When the credentials end that sign the calls; nothing where they do not say so, or are renewed before. */
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
   * The time by RDS's own clock, as its last answer had it: this machine's may be wrong, and every machine that runs this
   * program must mean the same by the time of a heartbeat.
   */
  now(): Date {
    const ahead = this.#aws.config.systemClockOffset;
    // Answers name whole seconds: clocks that agree as well as that are not corrected by what is lost in them.
    return new Date(Date.now() + (Math.abs(ahead) < 2000 ? 0 : ahead));
  }

  /** One instance by name; `undefined` only if RDS says that there is none. */
  async instance(id: string, signal: AbortSignal): Promise<Instance | undefined> {
    const action = "DescribeDBInstances";
    const input = { DBInstanceIdentifier: id };
    try {
      const answer = await this.#call(
        action,
        input,
        (options) => this.#aws.send(new DescribeDBInstancesCommand(input), options),
        signal,
      );
      const instance = readInstance(action, exactlyOne(action, answer.DBInstances));
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
    const records = await readPages(action, async (Marker) => {
      const input = { Marker, MaxRecords: 100 };
      const answer = await this.#call(
        action,
        input,
        (options) => this.#aws.send(new DescribeDBInstancesCommand(input), options),
        signal,
      );
      return { items: answer.DBInstances, marker: answer.Marker };
    });
    return records.map((record) => readInstance(action, record));
  }

  /** One snapshot by name or by another account's ARN; `undefined` only if RDS says that there is none. */
  async snapshot(id: string, signal: AbortSignal): Promise<Snapshot | undefined> {
    const action = "DescribeDBSnapshots";
    const input = {
      DBSnapshotIdentifier: id,
      // By name alone RDS finds manual snapshots only.
      ...(id.startsWith("rds:") ? { SnapshotType: "automated" } : {}),
      ...(id.startsWith("awsbackup:") ? { SnapshotType: "awsbackup" } : {}),
      ...(id.startsWith("arn:") ? { IncludeShared: true } : {}),
    };
    try {
      const answer = await this.#call(
        action,
        input,
        (options) => this.#aws.send(new DescribeDBSnapshotsCommand(input), options),
        signal,
      );
      // With IncludeShared this is a search: an unknown ARN may come back as an empty list as well as an error.
      if (id.startsWith("arn:") && answer.DBSnapshots?.length === 0) return undefined;
      const snapshot = readSnapshot(action, exactlyOne(action, answer.DBSnapshots));
      if (![snapshot.id.toLowerCase(), snapshot.arn.toLowerCase()].includes(id.toLowerCase())) {
        throw unexpectedAnswer(action, `snapshot "${id}"`);
      }
      return snapshot;
    } catch (error) {
      if (isRdsError(error, "DBSnapshotNotFoundFault")) return undefined;
      throw error;
    }
  }

  /** The account's own snapshots, or those of an instance name, which several instances may have had one after the other. */
  async snapshots(query: SnapshotQuery, signal: AbortSignal): Promise<readonly Snapshot[]> {
    const action = "DescribeDBSnapshots";
    const records = await readPages(action, async (Marker) => {
      const input = { DBInstanceIdentifier: query.instance, SnapshotType: query.type, Marker, MaxRecords: 100 };
      const answer = await this.#call(
        action,
        input,
        (options) => this.#aws.send(new DescribeDBSnapshotsCommand(input), options),
        signal,
      );
      return { items: answer.DBSnapshots, marker: answer.Marker };
    });
    return records.map((record) => readSnapshot(action, record));
  }

  /**
   * Restores an instance: private, in one zone, without backups (a baseline backup can take hours), protection, minor
   * upgrades or production's tags. RDS Guide "Restoring to a DB instance".
   */
  async restore(call: RestoreCall, signal: AbortSignal): Promise<void> {
    const action = "RestoreDBInstanceFromDBSnapshot";
    const input: RestoreDBInstanceFromDBSnapshotMessage = {
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
      MultiAZ: false,
      PubliclyAccessible: false,
      DeletionProtection: false,
      EnableIAMDatabaseAuthentication: false,
      BackupRetentionPeriod: 0,
      AutoMinorVersionUpgrade: false,
      CopyTagsToSnapshot: true,
      Tags: awsTags(call.tags),
    };
    const send = (options: CallOptions) => this.#aws.send(new RestoreDBInstanceFromDBSnapshotCommand(input), options);
    const answer = await this.#call(action, input, send, signal);
    if (!answer.DBInstance) throw unexpectedAnswer(action, "DBInstance");
  }

  /** Asks for another master password; done at some time later. Takes a managed password out of Secrets Manager. */
  async setPassword(instance: Instance, password: string, signal: AbortSignal): Promise<void> {
    const action = "ModifyDBInstance";
    const input = {
      DBInstanceIdentifier: instance.id,
      MasterUserPassword: password,
      ApplyImmediately: true,
      ...(instance.managedPassword ? { ManageMasterUserPassword: false } : {}),
    };
    const send = (options: CallOptions) => this.#aws.send(new ModifyDBInstanceCommand(input), options);
    const answer = await this.#call(action, input, send, signal, password);
    if (!answer.DBInstance) throw unexpectedAnswer(action, "DBInstance");
  }

  /** Asks for an instance's deletion, with a final snapshot or without any. */
  async deleteInstance(id: string, finalSnapshot: string | undefined, signal: AbortSignal): Promise<void> {
    const action = "DeleteDBInstance";
    const input = {
      DBInstanceIdentifier: id,
      ...(finalSnapshot === undefined
        ? { SkipFinalSnapshot: true }
        : { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: finalSnapshot }),
      DeleteAutomatedBackups: true,
    };
    const answer = await this.#call(
      action,
      input,
      (options) => this.#aws.send(new DeleteDBInstanceCommand(input), options),
      signal,
    );
    if (!answer.DBInstance) throw unexpectedAnswer(action, "DBInstance");
  }

  /** Asks for a copy of a snapshot under another key. */
  async copySnapshot(
    { from, to, key, tags }: {
      readonly from: string;
      readonly to: string;
      readonly key: string;
      readonly tags: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const action = "CopyDBSnapshot";
    const input = {
      SourceDBSnapshotIdentifier: from,
      TargetDBSnapshotIdentifier: to,
      KmsKeyId: key,
      CopyTags: false,
      Tags: awsTags(tags),
    };
    const answer = await this.#call(
      action,
      input,
      (options) => this.#aws.send(new CopyDBSnapshotCommand(input), options),
      signal,
    );
    if (!answer.DBSnapshot) throw unexpectedAnswer(action, "DBSnapshot");
  }

  /** Deletes a manual snapshot. */
  async deleteSnapshot(id: string, signal: AbortSignal): Promise<void> {
    const action = "DeleteDBSnapshot";
    const input = { DBSnapshotIdentifier: id };
    const answer = await this.#call(
      action,
      input,
      (options) => this.#aws.send(new DeleteDBSnapshotCommand(input), options),
      signal,
    );
    if (!answer.DBSnapshot) throw unexpectedAnswer(action, "DBSnapshot");
  }

  /** Lets more accounts restore a snapshot. */
  async share(id: string, accounts: readonly string[], signal: AbortSignal): Promise<void> {
    const action = "ModifyDBSnapshotAttribute";
    const input = { DBSnapshotIdentifier: id, AttributeName: "restore", ValuesToAdd: [...accounts] };
    const send = (options: CallOptions) => this.#aws.send(new ModifyDBSnapshotAttributeCommand(input), options);
    const answer = await this.#call(action, input, send, signal);
    if (!answer.DBSnapshotAttributesResult) throw unexpectedAnswer(action, "DBSnapshotAttributesResult");
  }

  /** The accounts that may restore a snapshot; `all` stands for everybody. */
  async sharedWith(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const action = "DescribeDBSnapshotAttributes";
    const input = { DBSnapshotIdentifier: id };
    const send = (options: CallOptions) => this.#aws.send(new DescribeDBSnapshotAttributesCommand(input), options);
    const answer = await this.#call(action, input, send, signal);
    const attributes = answer.DBSnapshotAttributesResult?.DBSnapshotAttributes;
    const restore = attributes?.find((attribute) => attribute.AttributeName === "restore");
    if (!restore) throw unexpectedAnswer(action, 'attribute "restore"');
    return restore.AttributeValues ?? [];
  }

  /** Adds tags, or changes their values. */
  async tag(arn: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const input = { ResourceName: arn, Tags: awsTags(tags) };
    await this.#call(
      "AddTagsToResource",
      input,
      (options) => this.#aws.send(new AddTagsToResourceCommand(input), options),
      signal,
    );
  }

  /** The account's quotas in the region. */
  async quotas(signal: AbortSignal): Promise<readonly Quota[]> {
    const action = "DescribeAccountAttributes";
    const send = (options: CallOptions) => this.#aws.send(new DescribeAccountAttributesCommand({}), options);
    const answer = await this.#call(action, {}, send, signal);
    if (!answer.AccountQuotas) throw unexpectedAnswer(action, "AccountQuotas");
    return answer.AccountQuotas.flatMap(({ AccountQuotaName: name, Used: used, Max: most }) =>
      name !== undefined && used !== undefined && most !== undefined ? [{ name, used, most }] : []
    );
  }

  /** Messages of an instance's events of the last day, oldest first. */
  async events(instance: string, signal: AbortSignal): Promise<readonly string[]> {
    const action = "DescribeEvents";
    const records = await readPages(action, async (Marker) => {
      const input = { SourceIdentifier: instance, SourceType: "db-instance" as const, Duration: 1440, Marker };
      const answer = await this.#call(
        action,
        input,
        (options) => this.#aws.send(new DescribeEventsCommand(input), options),
        signal,
      );
      return { items: answer.Events, marker: answer.Marker };
    });
    return records.flatMap(({ Message }) => Message ? [Message.replaceAll(/[\p{C}\s]+/gu, " ").slice(0, 300)] : []);
  }

  async #call<T>(
    action: string,
    input: object,
    send: (options: CallOptions) => Promise<T>,
    signal: AbortSignal,
    secret?: string,
  ): Promise<T> {
    signal.throwIfAborted();
    const started = performance.now();
    const say = (outcome: string) =>
      this.#log.debug(`rds:${action}${formatParams(input)}: ${outcome}, ${Math.round(performance.now() - started)} ms`);
    try {
      const answer = await send({ abortSignal: signal });
      say("answered");
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const fault = toRdsError(action, error, secret);
      say(fault.awsCode);
      throw fault;
    }
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}
