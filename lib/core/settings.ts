import type { EngineName } from "./engine_name.ts";
import type { FinishBy } from "./finish_by.ts";
import type { Reviewed } from "./reviewed.ts";
import type { ReadRuleFile } from "./rule_file.ts";

/** How a source was named. */
export type SourceKind = "host" | "instance" | "cluster" | "snapshot" | "url";

/** What a source and its workspace are in RDS: a DB instance, or an Aurora cluster. */
export type DeploymentKind = "instance" | "cluster";

/** One source as the operator named it. */
export interface SourceRequest {
  readonly engine: EngineName;
  readonly kind: SourceKind;
  readonly value: string;
}

/** A database named by the operator, for every source or for one. */
export interface DatabaseChoice {
  /** DBInstanceIdentifier of the source; absent: all sources. */
  readonly source?: string;
  readonly database: string;
}

/** The value of the option for an instance class that the run is to choose. */
export const automaticClass = "auto";

/** The workspace's properties where the operator overrides the source instance's. */
export interface WorkspaceOverrides {
  /** Or {@linkcode automaticClass}. */
  readonly instanceClass?: string;
  readonly finishBy?: FinishBy;
  readonly subnetGroup?: string;
  readonly securityGroups?: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
  /** RDS's word, such as `gp3`. */
  readonly storageType?: string;
  readonly iops?: number;
  /** In MiB per second. */
  readonly storageThroughput?: number;
  /** In GiB. */
  readonly allocatedStorage?: number;
}

/** Where and how scrubbed databases are dumped. */
export interface S3Export {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** `custom`: pg_dump's own format. */
  readonly format: "sql.gz" | "sql.zst" | "custom";
  /** Absent: as the bucket says. */
  readonly encryption?: { readonly algorithm: "AES256" | "aws:kms"; readonly kmsKey?: string };
  /** The programs, on PATH or by their paths. */
  readonly pgDump: string;
  readonly mysqldump: string;
}

/** The server's own programs that fill a fresh instance, on PATH or by their paths. */
export interface RebuildSettings {
  readonly pgDump: string;
  readonly pgRestore: string;
  readonly mysqldump: string;
  /** MySQL's client. */
  readonly mysql: string;
}

/** Who gets passive check results. */
export interface Icinga {
  readonly host: string;
  readonly port?: number;
  /** send_nsca, on PATH or by its path. */
  readonly program: string;
  /** Its configuration; absent: where it looks by itself. */
  readonly config?: string;
}

/** Levels as the command line spells them. */
export type LogLevelName = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** How the final snapshot is made: by the deletion of the workspace, or of the running workspace, which is deleted afterwards. */
export type FinalSnapshotMode = "delete" | "create";

/** A region that final snapshots are copied to. */
export interface CopyTarget {
  readonly region: string;
  /** A KMS key there, by id, ARN or alias; absent: the copy is not encrypted. */
  readonly kmsKey?: string;
}

/** A run's settings. Times in milliseconds. */
export interface Settings {
  readonly sources: readonly SourceRequest[];
  readonly region?: string;
  /** Account ids of 12 digits, without duplicates. */
  readonly shareWith: readonly string[];
  /** Other regions, each once; absent: none. */
  readonly copyTo?: readonly CopyTarget[];
  /** DBInstanceIdentifier of the instance whose place one of the final snapshot takes; absent: none. Of one source only. */
  readonly refresh?: string;
  /** How many scrubbed snapshots of a source stay; 0: all. */
  readonly snapshotRetention: number;
  readonly unknownDatabases: "refuse" | "drop";
  readonly keepDatabases: readonly DatabaseChoice[];
  readonly dropDatabases: readonly DatabaseChoice[];
  /** What happens to columns that nothing accounts for. */
  readonly onDrift: "refuse" | "blank";
  /** What `--reviewed` adds to the scrubbers' own reviews, by scrubber's name. */
  readonly reviewed: Readonly<Record<string, readonly Reviewed[]>>;
  /** Rules from files; absent: none. */
  readonly ruleFiles?: readonly ReadRuleFile[];
  readonly workspace: WorkspaceOverrides;
  /** The same for single sources, by DBInstanceIdentifier; each holds all of `workspace` that it does not override. */
  readonly workspaces?: Readonly<Record<string, WorkspaceOverrides>>;
  readonly logMode?: "console" | "syslog";
  readonly logLevel: LogLevelName;
  readonly logFormat: "text" | "json";
  /** For each wait on RDS. */
  readonly timeout: number;
  /** For the final snapshot. */
  readonly snapshotTimeout: number;
  /** Between two questions about a status. */
  readonly pollInterval: number;
  /** Between two signs of life on what a run made. Absent: 5 minutes. */
  readonly heartbeat?: number;
  /** Whether to wait for the end of another run on the same source, instead of stopping. */
  readonly wait?: boolean;
  /** The key under which the scrubbed snapshot is to be encrypted; absent: the source snapshot's. */
  readonly kmsKey?: string;
  /** The Ed25519 key of KMS that signs the report. */
  readonly signKmsKey?: string;
  /** Whether a snapshot of each source is taken now, and deleted after the restore, instead of the newest that there is. */
  readonly freshSnapshot?: boolean;
  /** Whether each source, an Aurora cluster, is cloned as it is now, in place of its snapshot. */
  readonly clone?: boolean;
  /** How old the data of a source's snapshot may be, in milliseconds; absent: any age. */
  readonly maxAge?: number;
  /** How the final snapshot is made; absent: by the deletion of the workspace. */
  readonly finalSnapshot?: FinalSnapshotMode;
  /** Whether the final snapshot is restored once more and verified before it is shared. */
  readonly prove?: boolean;
  /** The final snapshot is taken of a fresh instance that these fill from the scrubbed workspace; absent: of the workspace itself. */
  readonly rebuild?: RebuildSettings;
  /** CA certificates in PEM for the database connections. */
  readonly tlsCa: string;
  /** `address` or `address:port` of a DNS server to ask for host names; absent: the system's. */
  readonly dnsServer?: string;
  readonly dryRun: boolean;
  /** Whether a source's isolation group is made, where it is missing or not up to date. */
  readonly isolate?: boolean;
  /** Whether a workspace may start work by itself, or log statements. */
  readonly allowActive?: boolean;
  /** Where the JSON report goes. */
  readonly report?: string;
  /** Where the report as a page goes. */
  readonly reportHtml?: string;
  /** Where the metrics go. */
  readonly metricsFile?: string;
  readonly icinga?: Icinga;
  /** URL that is told how the run ended. */
  readonly notify?: string;
  readonly s3Export?: S3Export;
  /** Whether production's accounts keep their passwords. */
  readonly keepAccounts?: boolean;
  /** Whether the run ends before the first change of data, without a snapshot: what it would do is in its report. */
  readonly planOnly?: boolean;
  /** Absent: a fresh random key. */
  readonly pseudonymKeyFile?: string;
  /** Statements at a time in a database; absent: the engine's default. */
  readonly concurrency?: number;
  /** How many sessions read the workspace's storage ahead, all of it; absent: as many as are worth it, while it is slow. */
  readonly warm?: number | "off";
  /** How much is read in search of leaks; absent: all, but a sample of big tables. */
  readonly leakSearch?: "full" | "sample" | "off";
}
