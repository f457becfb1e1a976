/** The fresh instance that a run's snapshot is taken of, and the programs that fill it. @module */

import type { RebuildSettings, Settings } from "../../core/settings.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/**
 * The programs; undefined without the option, and for a database by URL.
 *
 * @throws {ScrubError} `usage`
 */
export function readRebuild(parsed: ParsedOptions, sources: Settings["sources"]): RebuildSettings | undefined {
  if (!parsed.flag("rebuild")) return undefined;
  const label = parsed.label("rebuild");
  // A configuration file or the environment says it for runs in RDS.
  if (sources.some(({ kind }) => kind === "url")) {
    if (parsed.origin("rebuild") !== "command line") return undefined;
    throw usageError(`Cannot use ${label} with --url: a scrub in place makes no snapshot`, "Leave it out.");
  }
  const cluster = sources.find(({ kind }) => kind === "cluster");
  if (cluster) {
    throw usageError(
      `Cannot use ${label} with --${cluster.engine}-clusters ${quoted(cluster.value)}: only DB instances are rebuilt`,
      "Leave it out, or scrub the clusters in a run of their own.",
    );
  }
  if (parsed.flag("keep-accounts")) {
    throw usageError(
      `Cannot use ${label} with ${parsed.label("keep-accounts")}: no password can be carried to a fresh instance`,
      "Leave one of them out.",
    );
  }
  return {
    pgDump: parsed.text("pg-dump") ?? "pg_dump",
    pgRestore: parsed.text("pg-restore") ?? "pg_restore",
    mysqldump: parsed.text("mysql-dump") ?? "mysqldump",
    mysql: parsed.text("mysql-client") ?? "mysql",
  };
}
