/** The records of the local RDS: instances, snapshots, events. Only the actions change them, in place. @module */
import type { Polls } from "./polls.ts";
import type { EngineName, Server } from "./server.ts";

/** A tag of an instance or a snapshot. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** No encryption; by the account's default key (such a snapshot cannot be shared); or by a key of the customer's. */
export type Encryption = "none" | "default-key" | "customer-key";

/** What an instance has in common with its snapshots, and takes from one at a restore. */
export interface Traits {
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly masterUsername: string;
  readonly allocatedStorage: number;
  readonly encryption: Encryption;
  readonly port: number;
}

/** The settings of an instance that a restore may set. */
export interface Settings {
  instanceClass: string;
  subnetGroup: string;
  securityGroups: readonly string[];
  parameterGroup: string;
  optionGroup: string;
  multiAz: boolean;
  publiclyAccessible: boolean;
  deletionProtection: boolean;
  backupRetentionPeriod: number;
  copyTagsToSnapshot: boolean;
  autoMinorVersionUpgrade: boolean;
  iamAuthentication: boolean;
  engineLifecycleSupport: string;
  storageType: string;
  /** Of io1, io2 and gp3 from 400 GiB on; absent: as RDS provides. */
  iops?: number;
  /** In MiB per second. */
  storageThroughput?: number;
  maintenanceWindow?: string;
  backupWindow?: string;
  logExports?: readonly string[];
  /** In seconds; absent: no enhanced monitoring. */
  monitoringInterval?: number;
  monitoringRole?: string;
  performanceInsights?: boolean;
  /** In GiB; absent: storage does not grow by itself. */
  maxAllocatedStorage?: number;
  /** Whether Secrets Manager has the master password, and what RDS says of that secret. */
  secret?: "creating" | "active";
}

/** A DB instance. */
export interface Instance extends Traits {
  /** Changes when it is renamed, as its ARN does. */
  id: string;
  readonly resourceId: string;
  arn: string;
  readonly createTime: Date;
  readonly settings: Settings;
  /** Never started; an attempt to change it is in `violations`. */
  readonly production: boolean;
  /** Of which instance this is a read replica. */
  readonly replicaOf?: string;
  readonly clusterId?: string;
  readonly polls: Polls;
  status: string;
  /** Absent while it is being created. */
  endpoint?: { readonly address: string; readonly port: number };
  tags: readonly Tag[];
  /** The tags that are shown until a change is visible; absent: `tags`. */
  shownTags?: readonly Tag[];
  pending: Readonly<Record<string, string>>;
  /** How far the volume is loaded from its snapshot, in percent, as RDS shows it; absent: all of it is. */
  initialised?: number;
  server?: Server;
  /** The folder of its data. */
  dataDir?: string;
  /** Work in the background: the restore, a change of password. */
  work: Promise<void>;
}

/** Capacity of Aurora Serverless v2. */
export interface Serverless {
  readonly least: number;
  readonly most: number;
}

/** An Aurora cluster: its storage and its endpoint. Its servers run in its members, instances with its `clusterId`. */
export interface Cluster extends Omit<Instance, "replicaOf" | "clusterId" | "server"> {
  /** `parameterGroup`: a cluster parameter group. */
  readonly settings: Settings;
  readonly serverless?: Serverless;
}

/** The kinds of snapshots. */
export type SnapshotType = "automated" | "manual" | "shared" | "public" | "awsbackup";

/** A DB snapshot or a cluster snapshot, whose `instanceId` is a cluster's. */
export interface Snapshot extends Traits {
  readonly id: string;
  readonly arn: string;
  readonly instanceId: string;
  readonly resourceId: string;
  readonly type: SnapshotType;
  readonly instanceCreateTime: Date;
  /** The settings of its instance when it was taken: defaults of a restore. */
  readonly settings: Readonly<Settings>;
  /** Tags of its instance when it was taken: for a restore without tags. */
  readonly instanceTags: readonly Tag[];
  /** An attempt to change it is in `violations`. */
  readonly production: boolean;
  /** Whether a client's call made it. */
  readonly made: boolean;
  readonly polls: Polls;
  status: string;
  percentProgress: number;
  /** The ARN of the snapshot in another region that it is a copy of. */
  readonly copiedFrom?: string;
  /** Absent until it is available. */
  createTime?: Date;
  originalCreateTime?: Date;
  tags: readonly Tag[];
  /** The tags that are shown until a change is visible; absent: `tags`. */
  shownTags?: readonly Tag[];
  sharedWith: readonly string[];
  /** The folder of its data. */
  dataDir?: string;
  /** A read of the data; if the snapshot is deleted meanwhile, the data are kept until then. */
  reading?: Promise<unknown>;
}

/** A DB parameter group. */
export interface ParameterGroup {
  readonly id: string;
  readonly arn: string;
  /** Such as `postgres18`. */
  readonly family: string;
  readonly description: string;
  /** An attempt to change it is in `violations`. */
  readonly production: boolean;
  readonly polls: Polls;
  tags: readonly Tag[];
  /** The tags that are shown until a change is visible; absent: `tags`. */
  shownTags?: readonly Tag[];
  /** What it sets, by parameter; all else is as the family has it. */
  values: ReadonlyMap<string, string>;
}

/** An event of DescribeEvents. */
export interface Event {
  readonly at: Date;
  readonly sourceType: "db-instance" | "db-snapshot" | "db-cluster" | "db-cluster-snapshot";
  readonly sourceId: string;
  readonly sourceArn: string;
  readonly message: string;
  readonly category: string;
}

/** Whether an instance is one of the operator's that runs may rename: it says so, and is none that a run makes. */
export function isStaging({ tags }: Pick<Instance, "tags">): boolean {
  return tags.some(({ key, value }) => key === "datascrubber:refresh" && value === "allowed") &&
    !tags.some(({ key }) => key === "scrubber");
}
