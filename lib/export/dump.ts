/** Dumps a database as a stream, with pg_dump or mysqldump. @module */

import type { Target } from "../engine/engine.ts";
import { ScrubError } from "../core/errors.ts";
import { mysqlLogin, postgresqlLogin } from "./login.ts";
import { outputOf, type ProgramCall } from "./program.ts";
import type { EngineName } from "../core/engine_name.ts";

/** A dump's format before compression. */
export type DumpFormat = "sql" | "custom";

/** What to dump, and how. */
export interface Dump {
  readonly engine: EngineName;
  readonly target: Target & { readonly database: string };
  /** MySQL has `sql` only. */
  readonly format: DumpFormat;
  /** pg_dump or mysqldump, on PATH or by its path. */
  readonly program: string;
  /** File with CA certificates. */
  readonly caFile: string;
}

/** The dump. The stream fails with a ScrubError of code `export` unless the dump is complete. */
export function dumpStream(dump: Dump, signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
  const call = dump.engine === "mysql" ? mysqlCall(dump) : postgresqlCall(dump);
  return outputOf(call, (code, stderr) => failure(dump, code, stderr), signal);
}

function postgresqlCall({ target, format, program, caFile }: Dump): ProgramCall {
  return {
    program,
    args: ["--no-password", "--encoding=UTF8", `--format=${format === "custom" ? "custom" : "plain"}`],
    env: { ...postgresqlLogin(target, caFile), PGDATABASE: target.database },
    stdin: "",
  };
}

function mysqlCall({ target, program, caFile }: Dump): ProgramCall {
  return {
    program,
    args: [...mysqlDumpOptions, "--routines", "--events", "--triggers", "--", target.database],
    env: {},
    stdin: mysqlLogin(target, caFile),
  };
}

/** What every dump of mysqldump needs, first of all. */
export const mysqlDumpOptions: readonly string[] = [
  // Instead of the user's option files.
  "--defaults-file=/dev/stdin",
  "--default-character-set=utf8mb4",
  "--single-transaction",
  "--quick",
  "--hex-blob",
  // These need privileges that RDS's master user does not have, or cannot be loaded elsewhere.
  ...["--no-tablespaces", "--set-gtid-purged=OFF", "--column-statistics=0"],
];

/** Standard error may quote data, so the message has only what is recognised. */
function failure({ engine, target, program }: Dump, code: number, stderr: string): ScrubError {
  const purpose = `Cannot dump "${target.database}"`;
  const [option, debian] = engine === "mysql" ? ["--mysql-dump", "mysql-client"] : ["--pg-dump", "postgresql-client"];
  if (code === 126 || code === 127) {
    return new ScrubError(
      "export",
      `${purpose}: there is no program "${program}"`,
      `Install it (Debian: ${debian}), or name it with ${option}.`,
    );
  }
  const versions = /server version: (\d+[.\d]*)[^;]*; pg_dump version: (\d+[.\d]*)/.exec(stderr);
  if (versions) {
    return new ScrubError(
      "export",
      `${purpose}: the server is PostgreSQL ${versions[1]}, and "${program}" is version ${versions[2]}`,
      `Install the client of the server's version, and name it with ${option}.`,
    );
  }
  if (/unknown (variable|option)/.test(stderr)) {
    return new ScrubError(
      "export",
      `${purpose}: "${program}" does not know an option that is needed`,
      `Use the program of MySQL 8.0 or newer, not MariaDB's, and name it with ${option}.`,
    );
  }
  return new ScrubError(
    "export",
    `${purpose}: "${program}" ended with status ${code}`,
    "Check that it is as new as the server, then run again.",
  );
}
