/** Which databases by URL are not to be scrubbed where they are, by their names and hosts. @module */

import type { LiveDatabase } from "../../core/live_database.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";

/** Words that names and hosts of production have in them. `--protected` adds to them. */
const protectedWords = ["prod", "production", "prd", "live", "primary", "master"] as const;

/** What keeps a database by URL from being scrubbed where it is. */
export interface Protection {
  /** Why, as ends of sentences; empty where nothing does. */
  readonly reasons: readonly string[];
  /** What to write behind `--unprotected` to allow it on purpose. */
  readonly names: readonly string[];
  /** Whether its server may be a managed one of a cloud. */
  readonly allowManaged: boolean;
}

/** Hosts of RDS, and those among them that a run of ours made. */
const rdsHost = /\.rds\.amazonaws\.com(?:\.cn)?$/i;
const workspaceHost = /^scrubber-(?:mysql|mariadb|postgres)-[^.]+\..*\.rds\.amazonaws\.com(?:\.cn)?$/i;

/**
 * Holds a database's name and host against the patterns. A pattern is a whole name, where `*` stands for anything, or a word of one:
 * `prod` matches `orders_prod`, `prod-1.example` and `prod2`, but not `reproduction`. The case does not count.
 */
export function protectionOf(
  { host, database }: Pick<LiveDatabase, "host" | "database">,
  patterns: readonly string[],
  unprotected: readonly string[],
): Protection {
  const all = [...protectedWords, ...patterns];
  const found = ([["name", database], ["host", host]] as const).flatMap(([what, text]) => {
    const pattern = all.find((one) => matches(one, text));
    if (pattern === undefined || unprotected.includes(text)) return [];
    return [{ why: `its ${what} ${quoted(text)} is protected by ${quoted(pattern)}`, text }];
  });
  const allowed = unprotected.includes(host) || workspaceHost.test(host);
  const managed = rdsHost.test(host) && !allowed
    ? [{ why: `${quoted(host)} is an RDS instance that is no workspace of a run`, text: host }]
    : [];
  const both = [...found, ...managed];
  return {
    reasons: both.map(({ why }) => why),
    names: [...new Set(both.map(({ text }) => text))],
    allowManaged: allowed,
  };
}

/**
 * The patterns of `--protected`.
 *
 * @throws {ScrubError} `usage` on a pattern that would protect nothing.
 */
export function readPatterns(parsed: ParsedOptions): readonly string[] {
  const patterns = parsed.list("protected");
  const odd = patterns.find((pattern) => !/^[\w.:*-]+$/.test(pattern));
  if (odd === undefined) return patterns;
  throw usageError(
    `Cannot use ${parsed.label("protected")}: ${quoted(odd)} can't be part of a name or host`,
    "Write a word, or a whole name or host with * for anything, such as staging or *.internal.example.",
  );
}

function matches(pattern: string, text: string): boolean {
  const glob = new RegExp(`^${pattern.replaceAll(/[.:]/g, "\\$&").replaceAll("*", ".*")}$`, "is");
  return [text, ...wordsOf(text)].some((one) => glob.test(one));
}

/** The words of a name, each also without a number behind it. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{N}]+/u).flatMap((word) => [word, word.replace(/\d+$/, "")]).filter((word) =>
    word !== ""
  );
}
