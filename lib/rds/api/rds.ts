/** The RDS API as far as a run uses it, for one kind of deployment. @module */

import {
  AddTagsToResourceCommand,
  DescribeAccountAttributesCommand,
  type DescribeDBLogFilesDetails,
  DescribeOrderableDBInstanceOptionsCommand,
  type Event,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { DeploymentKind } from "../../core/settings.ts";
import type { Log } from "../../core/log.ts";
import { toRdsError, unexpectedAnswer } from "./errors.ts";
import { awsTags } from "./messages.ts";
import { deploymentOfWorkspace } from "./names.ts";
import type { ParameterGroups } from "./parameter_groups.ts";
import { type Capacity, type ClassOffer, type Instance, readClassOffer, type Snapshot } from "./records.ts";
import { Sender } from "./sender.ts";
import { StagingCalls } from "./staging.ts";

/** Parameters of {@linkcode Rds.restore}. */
export interface RestoreCall {
  readonly instance: string;
  /** Its name, or its ARN if another account owns it. */
  readonly snapshot: string;
  /** The cluster that is cloned as it is now, in place of the snapshot. */
  readonly cloneOf?: string;
  /** RDS's word for the engine, and its version: of the snapshot. */
  readonly engine: string;
  readonly engineVersion: string;
  /** Of a cluster: its writer's. */
  readonly instanceClass: string;
  /** Capacity of a cluster's writer of the class `db.serverless`. */
  readonly serverless?: Capacity;
  /** The key that a cluster is to be encrypted with; absent: the snapshot's. */
  readonly kmsKey?: string;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup?: string;
  readonly caCertificate?: string;
  readonly lifecycleSupport?: string;
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

/** Parameters of {@linkcode Rds.create}. */
export interface CreateCall extends Omit<RestoreCall, "snapshot" | "cloneOf" | "serverless" | "allocatedStorage"> {
  readonly masterUser: string;
  readonly password: string;
  readonly encrypted: boolean;
  /** In GiB. */
  readonly allocatedStorage: number;
}

/** Parameters of {@linkcode Rds.createSnapshot}. */
export interface SnapshotCall {
  readonly instance: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Parameters of {@linkcode Rds.copySnapshot}. */
export interface CopyCall {
  readonly from: string;
  readonly to: string;
  /** Absent: not encrypted, or under the same key. */
  readonly key?: string;
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

/** How a client makes others like it. */
export interface OtherClients {
  /** Of another kind, over the same connections. */
  readonly make: (kind: DeploymentKind) => Rds;
  /** For DB instances in another region. */
  readonly inRegion: (region: string) => Rds;
}

/** What the SDK calls the credential providers that never renew credentials. */
const fixedProviders: readonly string[] = ["CREDENTIALS_ENV_VARS", "CREDENTIALS_CODE", "CREDENTIALS_PROFILE"];

/**
 * The RDS API as far as a run uses it. Every method throws the signal's reason once the signal is aborted. An instance is here what a source
 * and its workspace are, a DB instance (`instances.ts`) or an Aurora cluster with its writer (`clusters.ts`): nothing above this folder
 * knows which, but by `kind` where a user has to be told.
 *
 * @throws {RdsError} `aws-credentials`, `aws-denied`, `aws-refused` or `aws-unavailable`, from every method.
 */
export abstract class Rds implements Disposable {
  abstract readonly kind: DeploymentKind;
  /** Whether a restore takes another key; where not, the snapshot has to be copied under it. */
  abstract readonly rekeysAtRestore: boolean;
  /** RDS's names of the quotas that a workspace and its snapshot count for, with words for people. */
  abstract readonly quotaNames: {
    readonly instances: readonly (readonly [name: string, what: string])[];
    readonly snapshots: readonly [name: string, what: string];
  };
  /** What concerns parameter groups. */
  abstract readonly parameterGroups: ParameterGroups;
  /** What puts one DB instance in the place of another; not for clusters. */
  readonly staging: StagingCalls;
  readonly #aws: RDSClient;
  readonly #others: OtherClients;
  protected readonly sender: Sender;

  constructor(aws: RDSClient, log: Pick<Log, "debug">, others: OtherClients) {
    this.#aws = aws;
    this.#others = others;
    this.sender = new Sender(aws, log);
    this.staging = new StagingCalls(this.sender);
  }

  /** The client for a workspace of this name. */
  ofWorkspace(name: string): Rds {
    return this.of(deploymentOfWorkspace(name) ?? "instance");
  }

  /** The same client for another kind of deployment. Only this one is disposed of. */
  of(kind: DeploymentKind): Rds {
    return kind === this.kind ? this : this.#others.make(kind);
  }

  /** A client of the same kind for another region, with connections of its own. */
  inRegion(region: string): Rds {
    return this.#others.inRegion(region).of(this.kind);
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
  abstract instance(id: string, signal: AbortSignal): Promise<Instance | undefined>;

  /** All instances of the account in the region. */
  abstract instances(signal: AbortSignal): Promise<readonly Instance[]>;

  /** One snapshot by name or by another account's ARN; `undefined` only if RDS says that it does not exist. */
  abstract snapshot(id: string, signal: AbortSignal): Promise<Snapshot | undefined>;

  /** The account's own snapshots, or those of one instance name, which several instances may have had over time. */
  abstract snapshots(query: SnapshotQuery, signal: AbortSignal): Promise<readonly Snapshot[]>;

  /**
   * Restores an instance: private, in one zone, without automated backups (the first one can take hours), deletion protection,
   * minor upgrades or production's tags. RDS Guide "Restoring to a DB instance".
   */
  abstract restore(call: RestoreCall, signal: AbortSignal): Promise<void>;

  /** Creates an empty instance, with what {@linkcode restore} gives to one of a snapshot. Not for clusters. */
  abstract create(call: CreateCall, signal: AbortSignal): Promise<void>;

  /**
   * Calls what a restore needs once RDS shows the instance: nothing, but for a cluster's writer. Called at each reading of its status.
   */
  continueRestore(_call: RestoreCall, _instance: Instance, _signal: AbortSignal): Promise<void> {
    return Promise.resolve();
  }

  /** Requests a new master password, which takes effect later. Takes a managed password out of Secrets Manager. */
  abstract setPassword(instance: Instance, password: string, signal: AbortSignal): Promise<void>;

  /** Requests the deletion of an instance, with a final snapshot if it is given a name for one. */
  abstract deleteInstance(id: string, finalSnapshot: string | undefined, signal: AbortSignal): Promise<void>;

  /** Requests a restart of an instance's server. */
  abstract reboot(id: string, signal: AbortSignal): Promise<void>;

  /** Requests a snapshot of an instance. */
  abstract createSnapshot(call: SnapshotCall, signal: AbortSignal): Promise<void>;

  /**
   * Requests a copy of a snapshot, under another key or in this region: `from` is the ARN of one in another region then, and the SDK
   * adds the URL that is signed for that region.
   */
  abstract copySnapshot(call: CopyCall, signal: AbortSignal): Promise<void>;

  /** Deletes a manual snapshot. */
  abstract deleteSnapshot(id: string, signal: AbortSignal): Promise<void>;

  /** Lets more accounts restore a snapshot. */
  abstract share(id: string, accounts: readonly string[], signal: AbortSignal): Promise<void>;

  /** The accounts that may restore a snapshot; `all` means every account. */
  abstract sharedWith(id: string, signal: AbortSignal): Promise<readonly string[]>;

  /** The log files of an instance's server. */
  abstract logFiles(instance: string, signal: AbortSignal): Promise<readonly LogFile[]>;

  /** Messages of an instance's events of the last day, oldest first. */
  abstract events(instance: string, signal: AbortSignal): Promise<readonly string[]>;

  /** Adds tags, or changes their values. */
  async tag(arn: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const command = new AddTagsToResourceCommand({ ResourceName: arn, Tags: awsTags(tags) });
    await this.sender.send("AddTagsToResource", command, [], signal);
  }

  /** The account's quotas in the region. */
  async quotas(signal: AbortSignal): Promise<readonly Quota[]> {
    const command = new DescribeAccountAttributesCommand({});
    const { AccountQuotas } = await this.sender.send("DescribeAccountAttributes", command, ["AccountQuotas"], signal);
    return AccountQuotas.flatMap(({ AccountQuotaName: name, Used: used, Max: max }) =>
      name !== undefined && used !== undefined && max !== undefined ? [{ name, used, max }] : []
    );
  }

  /** The instance classes that RDS offers in the region for a version of an engine, each with every storage type of it. */
  async classOffers(
    { engine, engineVersion }: Pick<RestoreCall, "engine" | "engineVersion">,
    signal: AbortSignal,
  ): Promise<readonly ClassOffer[]> {
    const action = "DescribeOrderableDBInstanceOptions";
    const wanted = { Engine: engine, EngineVersion: engineVersion, Vpc: true };
    const command = (Marker?: string) =>
      new DescribeOrderableDBInstanceOptionsCommand({ ...wanted, Marker, MaxRecords: 100 });
    const records = await this.sender.list(
      action,
      command,
      ({ OrderableDBInstanceOptions }) => OrderableDBInstanceOptions,
      signal,
    );
    return records.map((record) => readClassOffer(action, record));
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}

/** Reads a file of a server's log. */
export function readLogFile(action: string, record: DescribeDBLogFilesDetails): LogFile {
  const { LogFileName: name, Size: bytes = 0, LastWritten = 0 } = record;
  if (!name) throw unexpectedAnswer(action, "name of a log file");
  return { name, bytes, lastWritten: new Date(LastWritten) };
}

/** The text of an event, if it has one. */
export function textOfEvent({ Message }: Event): readonly string[] {
  return Message ? [Message.replaceAll(/[\p{C}\s]+/gu, " ").slice(0, 300)] : [];
}
