/** The state of the local RDS, and how its records are found. @module */
import type { Authority } from "./certificate.ts";
import type { Policy } from "./iam.ts";
import { CallLog } from "./call_log.ts";
import { ApiError } from "./api_error.ts";
import type { Latency } from "./readings.ts";
import type { Event, Instance, Snapshot } from "./records.ts";

/** How long each state lasts at least. The work behind it (copying data, starting a server) may take longer. */
export interface Latencies {
  /** After a restore: DescribeDBInstances by name says NotFound. */
  readonly unseen: Latency;
  readonly creating: Latency;
  /** After the creation with automated backups on, and while a snapshot is taken. */
  readonly backingUp: Latency;
  /** After a modification: still `available`, with pending values. */
  readonly lag: Latency;
  /** `resetting-master-credentials`, `modifying`. */
  readonly modifying: Latency;
  /** A snapshot's `creating` and `copying`. */
  readonly snapshot: Latency;
  readonly deleting: Latency;
  /** Until a change of tags is seen, of a record that is new or old. */
  readonly tags: Latency;
}

/** Limits of the account. */
export interface Quotas {
  readonly instances: number;
  readonly manualSnapshots: number;
  /** Storage of all instances, in GiB. */
  readonly storage: number;
  readonly sharedAccounts: number;
}

/** What does not change while it runs. */
export interface Setting {
  readonly region: string;
  readonly account: string;
  /** Records a page at most, whatever MaxRecords says. */
  readonly pageSize: number;
  readonly latencies: Latencies;
  readonly quotas: Quotas;
  /** Whether instances are real servers; without, only the API is there. */
  readonly servers: boolean;
  /** Groups that a restore may name besides those of the production instances and `default…`. */
  readonly groups: readonly string[];
  /** How far its clock is ahead of this machine's, in milliseconds. */
  readonly clockOffset: number;
  /** Policies of whoever calls; absent: everything is allowed. */
  readonly policies?: readonly Policy[];
}

/** All records. */
export class Rds {
  readonly instances = new Map<string, Instance>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly events: Event[] = [];
  readonly callLog = new CallLog();
  readonly problems: unknown[] = [];
  readonly #work = new Set<Promise<void>>();
  #folders = 0;

  constructor(
    readonly setting: Setting,
    readonly authority: Authority,
    readonly folder: string,
    /** Aborted when the local RDS ends: nothing waits any longer. */
    readonly closing: AbortSignal,
  ) {}

  /** The time by its own clock. */
  now(): Date {
    return new Date(Date.now() + this.setting.clockOffset);
  }

  arn(type: "db" | "snapshot", name: string): string {
    return `arn:aws:rds:${this.setting.region}:${this.setting.account}:${type}:${name}`;
  }

  /** The instance of a name or an ARN, or DBInstanceNotFound. */
  instance(idOrArn: string): Instance {
    const id = nameOf(idOrArn).toLowerCase();
    const found = this.instances.get(id);
    if (found) return found;
    throw new ApiError("DBInstanceNotFound", `DBInstance ${id} not found.`);
  }

  /** The snapshot of a name or an ARN, or DBSnapshotNotFound. Other accounts' are known by their ARN alone. */
  snapshot(idOrArn: string): Snapshot {
    const own = idOrArn.startsWith("arn:") && idOrArn.split(":")[4] === this.setting.account;
    const id = own ? nameOf(idOrArn) : idOrArn;
    const found = this.snapshots.get(id.toLowerCase());
    if (found) return found;
    throw new ApiError("DBSnapshotNotFound", `DBSnapshot ${id} not found.`);
  }

  /** A folder for data that nobody has used yet. */
  newFolder(kind: "instance" | "snapshot"): string {
    return `${this.folder}/${kind}-${++this.#folders}`;
  }

  event(of: Instance | Snapshot, category: string, message: string): void {
    const sourceType = "instanceId" in of ? "db-snapshot" : "db-instance";
    this.events.push({ at: this.now(), sourceType, sourceId: of.id, sourceArn: of.arn, message, category });
  }

  /** Lets something go on behind the scenes. Its failure is kept, for `settled()` to throw. */
  background(work: () => Promise<void>): Promise<void> {
    const running = work().catch((error) => {
      this.problems.push(error);
    }).finally(() => this.#work.delete(running));
    this.#work.add(running);
    return running;
  }

  /** Waits until nothing goes on any more; states end as if they were read all the time. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) {
      for (const { readings } of [...this.instances.values(), ...this.snapshots.values()]) readings.count();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** `arn:aws:rds:REGION:ACCOUNT:TYPE:NAME`, where the name of an automated snapshot has a colon itself. */
function nameOf(idOrArn: string): string {
  return idOrArn.startsWith("arn:") ? idOrArn.split(":").slice(6).join(":") : idOrArn;
}

/** Identifiers: letters, digits, hyphens; first a letter; no hyphen at the end and no two in a row. Lower case in the end. */
export function checkIdentifier(id: string, parameter: string, longest: number): string {
  if (/^[A-Za-z](-?[A-Za-z0-9])*$/.test(id) && id.length <= longest) return id.toLowerCase();
  const rule = "Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; " +
    "and must not end with a hyphen or contain two consecutive hyphens.";
  throw new ApiError("InvalidParameterValue", `The parameter ${parameter} is not a valid identifier. ${rule}`);
}
