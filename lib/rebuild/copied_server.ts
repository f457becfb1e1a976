/** What a copy of a server takes and gives. @module */

import type { EngineName } from "../core/engine_name.ts";
import type { Log } from "../core/log.ts";
import type { Target } from "../engine/engine.ts";
import type { RebuildPrograms } from "./programs.ts";

/** What to copy, and where to. */
export interface ServerCopy {
  readonly engine: EngineName;
  /**
   * The scrubbed and verified workspace, which is thrown away afterwards: the master user joins the roles that own things, and what a
   * copy cannot have is dropped.
   */
  readonly from: Target;
  /** A new and empty instance of the same version, whose master user has the same name. */
  readonly to: Target;
  /** Every database that it shall have, empty ones too. PostgreSQL's `postgres` and `template1` stand already, and are filled. */
  readonly databases: readonly string[];
  readonly programs: RebuildPrograms;
  /** Streams at a time, each of a program that dumps and one that loads. */
  readonly jobs: number;
  readonly log: Log;
}

/** A server that was copied, and found equal. */
export interface CopiedServer {
  /** In the order of {@linkcode ServerCopy.databases}. */
  readonly databases: readonly CopiedDatabase[];
  /** Sentences for the report: what the new instance does not have. */
  readonly notCarried: readonly string[];
  /** Roles or accounts that were created. */
  readonly accounts: number;
}

/** A database that was copied, and found equal. */
export interface CopiedDatabase {
  readonly database: string;
  readonly tables: number;
  /** Counted on both sides. */
  readonly rows: number;
  /** Of the streams. */
  readonly bytes: number;
  readonly seconds: number;
}

/** A copy with files of the CA certificates of either side. */
export interface VerifiedCopy extends ServerCopy {
  readonly caFiles: { readonly from: string; readonly to: string };
}
