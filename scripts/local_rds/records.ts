/** What the local RDS knows about: instances, snapshots, events. Changed in place, by the actions alone. @module */
import type { Readings } from "./readings.ts";
import type { EngineName, Server } from "./server.ts";

/** A tag of an instance or a snapshot. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** No encryption; by the account's default key (such a snapshot cannot be shared); or by a key of the customer's. */
export type Encryption = "none" | "default-key" | "customer-key";

/** What instances and their snapshots have in common: a restore takes it over. */
export interface Traits {
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly masterUsername: string;
  readonly allocatedStorage: number;
  readonly encryption: Encryption;
  readonly port: number;
}

/** The settings of an instance that a restore gives or gets wrong. */
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
}

/** A DB instance. */
export interface Instance extends Traits {
  readonly id: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly createTime: Date;
  readonly settings: Settings;
  /** Never started, and nobody may change it: whoever tries is in `violations`. */
  readonly production: boolean;
  /** Of which instance this is a read replica. */
  readonly replicaOf?: string;
  readonly clusterId?: string;
  readonly readings: Readings;
  status: string;
  /** Absent while it is being created. */
  endpoint?: { readonly address: string; readonly port: number };
  tags: readonly Tag[];
  /** What is told of them while a change has not come through; absent: all of them. */
  shownTags?: readonly Tag[];
  pending: Readonly<Record<string, string>>;
  server?: Server;
  /** Where its data are, once it has any. */
  dataDir?: string;
  /** What is going on behind the scenes: the restore, a change of password. */
  work: Promise<void>;
}

/** The kinds of snapshots. */
export type SnapshotType = "automated" | "manual" | "shared" | "public" | "awsbackup";

/** A DB snapshot. */
export interface Snapshot extends Traits {
  readonly id: string;
  readonly arn: string;
  readonly instanceId: string;
  readonly resourceId: string;
  readonly type: SnapshotType;
  readonly instanceCreateTime: Date;
  /** The settings of its instance when it was taken: a restore falls back on some of them. */
  readonly settings: Readonly<Settings>;
  /** Tags of its instance when it was taken: a restore without tags gets those. */
  readonly instanceTags: readonly Tag[];
  /** Whoever tries to change it is in `violations`. */
  readonly production: boolean;
  /** By a call of a client's; the others were there from the start. */
  readonly made: boolean;
  readonly readings: Readings;
  status: string;
  percentProgress: number;
  /** Absent until it is available. */
  createTime?: Date;
  originalCreateTime?: Date;
  tags: readonly Tag[];
  /** What is told of them while a change has not come through; absent: all of them. */
  shownTags?: readonly Tag[];
  sharedWith: readonly string[];
  /** Where its data are. */
  dataDir?: string;
  /** Whoever reads the data: a snapshot that is deleted meanwhile keeps them until then. */
  reading?: Promise<unknown>;
}

/** Something that happened, as DescribeEvents tells it. */
export interface Event {
  readonly at: Date;
  readonly sourceType: "db-instance" | "db-snapshot";
  readonly sourceId: string;
  readonly sourceArn: string;
  readonly message: string;
  readonly category: string;
}
