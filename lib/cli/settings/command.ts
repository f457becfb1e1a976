/** What the command line asks for. @module */

import type { EngineName } from "../../core/engine_name.ts";
import type { ReviewedFile } from "./reviewed_file.ts";
import type { LogLevelName, Settings } from "../../core/settings.ts";
import type { ReadRuleFile } from "../../core/rule_file.ts";
import type { RunReport } from "../../core/report.ts";
import type { PriceTable } from "../../report/estimate/prices.ts";
import type { Protection } from "./protected.ts";
import type { LiveRequest } from "../../core/live_database.ts";

/** A run. */
export interface ScrubCommand {
  readonly command: "scrub";
  readonly settings: Settings;
  /** The run's pseudonym key of 32 bytes, from the key file; not in the settings, which may be logged. */
  readonly key?: Uint8Array<ArrayBuffer>;
  /** The report of an earlier run, to compare with. */
  readonly previous?: RunReport;
  /** The prices of estimates; absent: the program's own. */
  readonly prices?: PriceTable;
  /** Signs the report. */
  readonly signKey?: CryptoKey;
  /** How to print the plan, if the settings ask for nothing else. */
  readonly planFormat?: "table" | "json";
}

/** A command with everything that it needs to run. */
export type Command =
  | ScrubCommand
  | {
    readonly command: "scrub url";
    readonly request: LiveRequest;
    readonly protection: Protection;
    /** The name in `--yes-scrub`. */
    readonly confirmed?: string;
    /** The run, once it is allowed. */
    readonly run: ScrubCommand;
  }
  | {
    readonly command: "review";
    readonly request: LiveRequest;
    readonly format: "table" | "json" | "github";
    /** The file of `--reviewed`. */
    readonly file?: ReviewedFile;
    /** Whether to ask about each unclassified column, and to write the answers to the rule file and to this one. */
    readonly write: boolean;
    readonly showValues: boolean;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "init";
    readonly request: LiveRequest;
    /** Where to write the rules. */
    readonly path: string;
    /** How many values of a column to read; absent: none. */
    readonly sample?: number;
    /** Whether to replace a file. */
    readonly force: boolean;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "import";
    /** What is read: the file of another tool with its path, or the labels in a database. */
    readonly source: { readonly bytes: Uint8Array; readonly path: string } | { readonly request: LiveRequest };
    /** Where to write the rules. */
    readonly path: string;
    /** The server, where the user says it. */
    readonly engine?: EngineName;
    /** Whether to replace a file. */
    readonly force: boolean;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "plan";
    readonly request: LiveRequest;
    /** How many rows of each table to show before and after. */
    readonly sample?: number;
    /** Whether to show them although standard output is no terminal. */
    readonly showValues: boolean;
    readonly format: "table" | "json";
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "scrubbers";
    /** The only one to describe, with its tables and rules. */
    readonly name?: string;
    readonly ruleFiles: readonly ReadRuleFile[];
    readonly format: "table" | "json";
  }
  | {
    readonly command: "strategies";
    /** The only one to describe. */
    readonly name?: string;
    readonly format: "table" | "json";
  }
  | {
    readonly command: "rules check";
    readonly request: LiveRequest;
    /** All those that were named; one of them is for the database. */
    readonly ruleFiles: readonly ReadRuleFile[];
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "text";
    /** Text to print; there is nothing else to do. */
    readonly text: string;
  }
  | {
    readonly command: "status";
    readonly region?: string;
    readonly format: "table" | "json";
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "verify-report";
    readonly report: Uint8Array<ArrayBuffer>;
    readonly against:
      /** The tags of a snapshot and, with a key, the signature among them. */
      | { readonly snapshot: string; readonly region?: string; readonly publicKey?: CryptoKey }
      /** The signature in the file beside the report: AWS is not asked. */
      | { readonly publicKey: CryptoKey; readonly envelope: Uint8Array<ArrayBuffer> };
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "sweep";
    readonly region?: string;
    /** The only run to sweep: the operator knows that it is dead. */
    readonly run?: string;
    readonly dryRun: boolean;
    /** Milliseconds. */
    readonly pollInterval: number;
    /** For each deletion, in milliseconds. */
    readonly timeout: number;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "finish";
    readonly region?: string;
    /** DBInstanceIdentifiers of sources; empty: all. */
    readonly sources: readonly string[];
    /** The only run whose snapshots to finish: the operator knows that it is dead. */
    readonly run?: string;
    readonly shareWith: readonly string[];
    readonly snapshotRetention: number;
    /** Milliseconds. */
    readonly pollInterval: number;
    readonly timeout: number;
    /** For each snapshot that is still being made. */
    readonly snapshotTimeout: number;
    /** Where the JSON report goes. */
    readonly report?: string;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "parameter-group";
    readonly region?: string;
    /** DBInstanceIdentifier of the source. */
    readonly source: string;
    readonly dryRun: boolean;
    /** Milliseconds. */
    readonly pollInterval: number;
    readonly timeout: number;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "help";
    /** The command or topic to explain, as typed; absent: the program. */
    readonly of?: string;
  }
  | { readonly command: "version" };
