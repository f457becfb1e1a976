/** The databases to keep or to drop, checked. @module */

import type { ParsedOptions } from "../parse/parsed_options.ts";
import type { DatabaseChoice } from "../../core/settings.ts";
import { isInstanceIdentifier } from "../parse/instance_identifier.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/**
 * Both lists; no database is on both.
 *
 * @throws {ScrubError} `usage`
 */
export function readDatabases(parsed: ParsedOptions): {
  readonly keepDatabases: readonly DatabaseChoice[];
  readonly dropDatabases: readonly DatabaseChoice[];
} {
  const keepDatabases = readChoices(parsed, "keep-database");
  const dropDatabases = readChoices(parsed, "drop-database");
  for (const kept of keepDatabases) {
    const dropped = dropDatabases.find((choice) => overlap(kept, choice));
    if (dropped === undefined) continue;
    throw usageError(
      `Cannot both keep ${quoted(spell(kept))} and drop ${quoted(spell(dropped))}: they are the same database`,
      `Leave it out of ${parsed.label("keep-database")} or ${parsed.label("drop-database")}.`,
    );
  }
  return { keepDatabases, dropDatabases };
}

function readChoices(parsed: ParsedOptions, option: "keep-database" | "drop-database"): readonly DatabaseChoice[] {
  const choices = parsed.list(option).map((value) => readChoice(value, parsed.label(option)));
  return choices.filter((choice, at) => choices.findIndex((other) => spell(other) === spell(choice)) === at);
}

/** `NAME` or `SOURCE/NAME`, split at the first slash. */
function readChoice(value: string, label: string): DatabaseChoice {
  const slash = value.indexOf("/");
  if (slash < 0) return { database: value };
  const source = value.slice(0, slash);
  const database = value.slice(slash + 1);
  if (isInstanceIdentifier(source) && database !== "") return { source: source.toLowerCase(), database };
  throw usageError(
    `Cannot use ${label}: ${quoted(value)} is not SOURCE/NAME`,
    "Write the source instance's identifier before the first slash, and the database's name after it.",
  );
}

function overlap(one: DatabaseChoice, other: DatabaseChoice): boolean {
  const sameSource = one.source === undefined || other.source === undefined || one.source === other.source;
  return sameSource && one.database === other.database;
}

function spell({ source, database }: DatabaseChoice): string {
  return source === undefined ? database : `${source}/${database}`;
}
