import type { Failure } from "./errors.ts";
import type { DatabaseOutline } from "./outline.ts";
import type { EngineName } from "./engine_name.ts";

/** One table of a scrubbed database. */
export interface TableReport {
  readonly table: string;
  readonly shape: string;
  readonly why: string;
  /** The catalogue's estimate before the scrub. */
  readonly rowsExpected?: number;
  readonly rowsChanged: number;
  readonly rowsDeleted: number;
  /** Counted by verification. */
  readonly rowsLeft?: number;
  readonly seconds: number;
  /** On disk before the scrub, with indexes and out-of-line values. */
  readonly bytes?: number;
  /** Room that the plan needed beyond that. */
  readonly peakBytes?: number;
  /** Column to strategy. */
  readonly columns: Readonly<Record<string, string>>;
}

/** One column and what accounts for it. */
export interface ColumnReport {
  readonly table: string;
  readonly column: string;
  /** `computed`: the server computes it from columns that are accounted for. */
  readonly by: "ruled" | "structural" | "computed" | "reviewed";
  /** The strategy, or why the column stays. */
  readonly reason: string;
}

/** How a database's columns were accounted for. */
export interface CoverageReport {
  readonly ruled: number;
  readonly structural: number;
  readonly computed: number;
  readonly reviewed: number;
  /** Columns that nothing accounted for and that were emptied, with the strategy. */
  readonly blanked: readonly string[];
  /** Columns and objects that stopped the run. */
  readonly unaccounted: readonly string[];
  /** Objects that did not leave with the snapshot. */
  readonly removed: readonly string[];
  /** Why reviewed columns stayed, and how many for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** How long it took to find out. */
  readonly milliseconds: number;
  /** Every column that is accounted for. */
  readonly columns?: readonly ColumnReport[];
}

/** How much of a verified database was read in search of values that rules took away, without a finding. */
export interface LeakSearchReport {
  /** `sample`: of the tables under {@linkcode sampled}. */
  readonly mode: "full" | "sample" | "off";
  /** Distinct tokens that were looked for. */
  readonly fingerprints: number;
  /** Distinct tokens that were not, because values that stay hold them as well. */
  readonly alsoStay: number;
  readonly tables: number;
  readonly sampled: readonly SampledTableReport[];
}

/** A table of which the search read a sample. */
export interface SampledTableReport {
  readonly table: string;
  /** Rows that were read. */
  readonly rows: number;
  /** With 99 % confidence fewer than one row in so many holds what should be gone. */
  readonly fewerThanOneIn: number;
}

/** One database of a source and what became of it. */
export interface DatabaseReport {
  readonly database: string;
  readonly fate: "scrubbed" | "kept" | "dropped" | "empty";
  /** The scrubber's name. */
  readonly scrubber?: string;
  /** Why it was let through or dropped. */
  readonly reason?: string;
  readonly tables: readonly TableReport[];
  readonly coverage?: CoverageReport;
  /** How many predicates and foreign keys were proven. */
  readonly verified?: { readonly predicates: number; readonly foreignKeys: number };
  /** How the search for leaks went. */
  readonly leakSearch?: LeakSearchReport;
}

/** One thing that purge did, or that it knows to remain outside tables. */
export interface ResidueReport {
  readonly step: string;
  readonly result: string;
}

/** One scrubbed database that was dumped to S3 after verification. */
export interface ExportReport {
  readonly database: string;
  /** `s3://bucket/key`. */
  readonly object: string;
  /** Of the compressed dump. */
  readonly bytes: number;
  /** Of the compressed dump, in hexadecimal. */
  readonly sha256: string;
  readonly seconds: number;
}

/** One phase of a source. Times in milliseconds since the epoch. */
export interface PhaseReport {
  readonly phase: string;
  readonly started: number;
  readonly ended?: number;
}

/** One source of a run. */
export interface SourceReport {
  readonly engine: EngineName;
  /** As the operator named it. */
  readonly requested: string;
  /** DBInstanceIdentifier, once it is known. */
  readonly source?: string;
  readonly workspace?: string;
  /** The snapshot that was restored, the time of its data (ISO 8601), and how old it was then, in seconds. */
  readonly restored?: { readonly snapshot: string; readonly asOf: string; readonly ageSeconds?: number };
  readonly databases: readonly DatabaseReport[];
  readonly phases: readonly PhaseReport[];
  /** Workspaces of dead runs that were found and deleted before the restore. */
  readonly orphans?: readonly string[];
  readonly exports?: readonly ExportReport[];
  /** The final snapshot. */
  readonly snapshot?: string;
  readonly sharedWith: readonly string[];
  readonly pruned: readonly string[];
  readonly warnings: readonly string[];
  /** What kept the workspace from acting as production, in sentences. */
  readonly sideEffects?: readonly string[];
  /** What became of production's accounts, in sentences; absent: they were kept, or the run did not come so far. */
  readonly accounts?: readonly string[];
  /** What was done about old values outside tables, and what is known to remain. */
  readonly residue?: readonly ResidueReport[];
  /** What a run would do to each database, for `plan`. */
  readonly plan?: readonly DatabaseOutline[];
  /** What a run would do, in sentences, for a dry run. */
  readonly wouldDo?: readonly string[];
}

/** A source with its failure, if it failed. */
export type SourceOutcome = SourceReport & { readonly failure?: Failure };

/** The whole run, as `--report` writes it. */
export interface RunReport {
  /** Of this format. A field more does not change it; a field less, or of another meaning, does. */
  readonly version: 1;
  /** Name and version. */
  readonly program: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  readonly exitStatus: number;
  readonly dryRun: boolean;
  readonly sources: readonly SourceOutcome[];
}
