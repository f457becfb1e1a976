/** The state of the local RDS: its records, events and call log. @module */
import type { Authority } from "./certificate.ts";
import type { Policy } from "./iam.ts";
import { CallLog } from "./call_log.ts";
import { ApiError } from "./api_error.ts";
import { type Latency, Polls } from "./polls.ts";
import type { EngineName } from "./server.ts";
import type { Cluster, Event, Instance, ParameterGroup, Snapshot } from "./records.ts";

/** How long each status lasts at least. The work (copying data, starting a server) may take longer. */
export interface Latencies {
  /** After a restore: DescribeDBInstances does not find the instance. */
  readonly unseen: Latency;
  readonly creating: Latency;
  /** After a creation with automated backups, and during a snapshot. */
  readonly backingUp: Latency;
  /** After a modification: still `available`, with pending values. */
  readonly lag: Latency;
  /** `resetting-master-credentials`, `modifying`. */
  readonly modifying: Latency;
  /** A snapshot's `creating` and `copying`. */
  readonly snapshot: Latency;
  readonly deleting: Latency;
  /** Until new tags are shown. */
  readonly tags: Latency;
}

/** A log file, as RDS lists it. */
export interface LogFile {
  readonly name: string;
  readonly bytes: number;
  readonly lastWritten: Date;
}

/** Limits of the account. */
export interface Quotas {
  readonly instances: number;
  readonly manualSnapshots: number;
  /** Storage of all instances, in GiB. */
  readonly storage: number;
  readonly sharedAccounts: number;
}

/** Configuration. */
export interface Config {
  readonly region: string;
  readonly account: string;
  /** Maximum of records in a page, whatever MaxRecords is. */
  readonly pageSize: number;
  readonly latencies: Latencies;
  readonly quotas: Quotas;
  /** Whether instances are real servers; else there is only the API. */
  readonly servers: boolean;
  /** What the parameter groups of production instances set, where these do not say it. */
  readonly parameters: Readonly<Partial<Record<EngineName, Readonly<Record<string, string>>>>>;
  /** Log files that restored instances have from their sources, besides their own. */
  readonly logFiles: readonly LogFile[];
  /** How far its clock is ahead of this machine's, in milliseconds. */
  readonly clockOffset: number;
  /** The caller's policies; absent: everything is allowed. */
  readonly policies?: readonly Policy[];
}

/** The state of one region. */
export class RdsState {
  readonly instances = new Map<string, Instance>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly clusters = new Map<string, Cluster>();
  readonly clusterSnapshots = new Map<string, Snapshot>();
  /** All but those that begin with `default.`. */
  readonly parameterGroups = new Map<string, ParameterGroup>();
  /** The same of clusters. */
  readonly clusterParameterGroups = new Map<string, ParameterGroup>();
  readonly events: Event[] = [];
  /** Of all regions. */
  readonly callLog: CallLog;
  /** Of all regions. */
  readonly problems: unknown[];
  readonly #work = new Set<Promise<void>>();
  #folders = 0;

  constructor(
    readonly config: Config,
    readonly authority: Authority,
    readonly folder: string,
    /** Aborted when the local RDS ends. */
    readonly closing: AbortSignal,
    /** All regions by name, to which this one is added; the first is the one that the clients are meant for. */
    readonly regions: Map<string, RdsState> = new Map(),
  ) {
    const [first] = regions.values();
    this.callLog = first?.callLog ?? new CallLog();
    this.problems = first?.problems ?? [];
    regions.set(config.region, this);
  }

  /** The time by its own clock. */
  now(): Date {
    return new Date(Date.now() + this.config.clockOffset);
  }

  arn(type: "db" | "snapshot" | "pg" | "cluster" | "cluster-snapshot" | "cluster-pg", name: string): string {
    return `arn:aws:rds:${this.config.region}:${this.config.account}:${type}:${name}`;
  }

  /** An instance by name or ARN; else DBInstanceNotFound. */
  instance(idOrArn: string): Instance {
    const id = nameOf(idOrArn).toLowerCase();
    const found = this.instances.get(id);
    if (found) return found;
    throw new ApiError("DBInstanceNotFound", `DBInstance ${id} not found.`);
  }

  /** A snapshot by name or ARN, another account's by ARN only; else DBSnapshotNotFound. */
  snapshot(idOrArn: string): Snapshot {
    const own = idOrArn.startsWith("arn:") && idOrArn.split(":")[4] === this.config.account;
    const id = own ? nameOf(idOrArn) : idOrArn;
    const found = this.snapshots.get(id.toLowerCase());
    if (found) return found;
    throw new ApiError("DBSnapshotNotFound", `DBSnapshot ${id} not found.`);
  }

  /** A cluster by name or ARN; else DBClusterNotFoundFault. */
  cluster(idOrArn: string): Cluster {
    const id = nameOf(idOrArn).toLowerCase();
    const found = this.clusters.get(id);
    if (found) return found;
    throw new ApiError("DBClusterNotFoundFault", `DBCluster ${id} not found.`);
  }

  /** The members of a cluster. */
  members(cluster: string): readonly Instance[] {
    return [...this.instances.values()].filter(({ clusterId }) => clusterId === cluster);
  }

  /** A cluster snapshot, as {@linkcode snapshot}; else DBClusterSnapshotNotFoundFault. */
  clusterSnapshot(idOrArn: string): Snapshot {
    const own = idOrArn.startsWith("arn:") && idOrArn.split(":")[4] === this.config.account;
    const id = own ? nameOf(idOrArn) : idOrArn;
    const found = this.clusterSnapshots.get(id.toLowerCase());
    if (found) return found;
    throw new ApiError("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${id} not found.`);
  }

  /** The same by an ARN of any region; else DBSnapshotNotFound. */
  snapshotAnywhere(idOrArn: string): Snapshot {
    const region = idOrArn.startsWith("arn:") ? this.regions.get(idOrArn.split(":")[3] ?? "") : this;
    if (region) return region.snapshot(idOrArn);
    throw new ApiError("DBSnapshotNotFound", `DBSnapshot ${idOrArn} not found.`);
  }

  /** A parameter group by name or ARN; else DBParameterGroupNotFound. */
  parameterGroup(idOrArn: string): ParameterGroup {
    return groupIn(
      this.parameterGroups,
      nameOf(idOrArn),
      (id) => this.arn("pg", id),
      /^default\.((?:postgres|mysql|mariadb)[\d.]+)$/,
    );
  }

  /** A cluster parameter group by name or ARN; RDS's code for an unknown one is the same. */
  clusterParameterGroup(idOrArn: string): ParameterGroup {
    const family = /^default\.(aurora-(?:postgresql|mysql)[\d.]+)$/;
    return groupIn(this.clusterParameterGroups, nameOf(idOrArn), (id) => this.arn("cluster-pg", id), family);
  }

  /** The path of a new data folder. */
  newFolder(kind: "instance" | "snapshot"): string {
    return `${this.folder}/${kind}-${this.config.region}-${++this.#folders}`;
  }

  event(of: Instance | Cluster | Snapshot, category: string, message: string): void {
    const kind = of.arn.split(":")[5] === "cluster" || of.arn.split(":")[5] === "cluster-snapshot"
      ? "db-cluster"
      : "db";
    const sourceType = "instanceId" in of ? `${kind}-snapshot` as const : kind === "db" ? "db-instance" : kind;
    this.events.push({ at: this.now(), sourceType, sourceId: of.id, sourceArn: of.arn, message, category });
  }

  /** Does something in the background. `settled()` throws its error. */
  background(work: () => Promise<void>): Promise<void> {
    const running = work().catch((error) => {
      this.problems.push(error);
    }).finally(() => this.#work.delete(running));
    this.#work.add(running);
    return running;
  }

  /** Waits for the end of all background work in all regions, as if a client polled. */
  async settled(): Promise<void> {
    const regions = [...this.regions.values()];
    while (regions.some((region) => region.#work.size > 0)) {
      for (const region of regions) {
        const records = [
          ...region.instances.values(),
          ...region.clusters.values(),
          ...region.snapshots.values(),
          ...region.clusterSnapshots.values(),
          ...region.parameterGroups.values(),
          ...region.clusterParameterGroups.values(),
        ];
        for (const { polls } of records) polls.count();
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** A group, or a default one, whose name has its family. */
function groupIn(
  groups: ReadonlyMap<string, ParameterGroup>,
  name: string,
  arnOf: (id: string) => string,
  defaults: RegExp,
): ParameterGroup {
  const id = name.toLowerCase();
  const found = groups.get(id);
  if (found) return found;
  const family = defaults.exec(id)?.[1];
  if (family === undefined) throw new ApiError("DBParameterGroupNotFound", `DBParameterGroup ${id} not found.`);
  const description = `Default parameter group for ${family}`;
  const record = { id, family, description, production: true, tags: [], values: new Map<string, string>() };
  return { ...record, arn: arnOf(id), polls: new Polls() };
}

/** `arn:aws:rds:REGION:ACCOUNT:TYPE:NAME`, where the name of an automated snapshot has a colon itself. */
function nameOf(idOrArn: string): string {
  return idOrArn.startsWith("arn:") ? idOrArn.split(":").slice(6).join(":") : idOrArn;
}

/** Checks an identifier by RDS's rules, and gives it in lower case. */
export function checkIdentifier(id: string, parameter: string, longest: number): string {
  if (/^[A-Za-z](-?[A-Za-z0-9])*$/.test(id) && id.length <= longest) return id.toLowerCase();
  const rule = "Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; " +
    "and must not end with a hyphen or contain two consecutive hyphens.";
  throw new ApiError("InvalidParameterValue", `The parameter ${parameter} is not a valid identifier. ${rule}`);
}
