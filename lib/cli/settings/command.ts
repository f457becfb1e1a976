import type { ReviewedFile } from "./reviewed_file.ts";
import type { LogLevelName, Settings } from "../../core/settings.ts";
import type { LiveRequest } from "../../core/live_database.ts";

/** One command, ready to be carried out. */
export type Command =
  | {
    readonly command: "scrub";
    readonly settings: Settings;
    /** The run's pseudonym key of 32 bytes, from the key file; apart from the settings, so that they can be logged. */
    readonly key?: Uint8Array<ArrayBuffer>;
    /** How the plan is printed, where the settings ask for that only. */
    readonly planFormat?: "table" | "json";
  }
  | {
    readonly command: "review";
    readonly request: LiveRequest;
    readonly format: "table" | "json" | "github";
    /** The file of `--reviewed`, for annotations; `text`: what is in it, absent where it is not there yet. */
    readonly file?: ReviewedFile;
    /** Whether to ask about each column, and to add what may stay to the file. */
    readonly write: boolean;
    readonly showValues: boolean;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "plan";
    readonly request: LiveRequest;
    readonly format: "table" | "json";
    readonly logLevel: LogLevelName;
  }
  | { readonly command: "scrubbers" }
  | {
    readonly command: "text";
    /** What is to be printed, and all that there is to do. */
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
    readonly region?: string;
    readonly report: Uint8Array<ArrayBuffer>;
    readonly snapshot: string;
    readonly logLevel: LogLevelName;
  }
  | {
    readonly command: "sweep";
    readonly region?: string;
    /** The only run to sweep behind: the operator knows that it is dead. */
    readonly run?: string;
    readonly dryRun: boolean;
    /** Milliseconds. */
    readonly pollInterval: number;
    /** For each deletion, in milliseconds. */
    readonly timeout: number;
    readonly logLevel: LogLevelName;
  }
  | { readonly command: "help" }
  | { readonly command: "version" };
