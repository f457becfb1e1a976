/** What becomes of every database of a source: scrubbed, kept or dropped on purpose, or refused. @module */

import type { DatabaseChoice, Settings } from "../../core/settings.ts";
import type { DatabaseInfo } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Scrubber } from "../rules/definition.ts";
import type { EngineName } from "../../core/engine_name.ts";

/** What becomes of one database. */
export type Assignment =
  | { readonly database: string; readonly fate: "scrubbed"; readonly scrubber: Scrubber }
  | { readonly database: string; readonly fate: "kept" | "dropped" | "empty"; readonly reason: string };

/** The environments whose names production databases carry. */
const suffix = /[_-](?:production|staging|integration|development)$/;

/** An application's name as databases and scrubbers are matched by: without the environment, `-` and `_` the same. */
export function applicationName(database: string): string {
  return database.replace(suffix, "").replaceAll("-", "_").toLowerCase();
}

/**
 * Says what becomes of every database: matched by a scrubber, named by the operator, or the engine's own and empty.
 *
 * @throws {ScrubError} `refused` where a database is left over, naming the flags to add, or where no scrubber matches at all.
 */
export function assignDatabases(
  source: string,
  engine: EngineName,
  found: readonly DatabaseInfo[],
  scrubbers: readonly Scrubber[],
  settings: Pick<Settings, "keepDatabases" | "dropDatabases" | "unknownDatabases">,
): readonly Assignment[] {
  const unknown: string[] = [];
  const assignments = found.flatMap((info): Assignment[] => {
    const database = info.name;
    if (named(settings.dropDatabases, source, database)) {
      return [{ database, fate: "dropped", reason: "--drop-database" }];
    }
    const scrubber = scrubbers.find((one) =>
      one.engine === engine && applicationName(one.name) === applicationName(database)
    );
    if (named(settings.keepDatabases, source, database)) {
      if (scrubber) throw knownAndKept(source, database, scrubber);
      return [{ database, fate: "kept", reason: "--keep-database" }];
    }
    if (scrubber) return [{ database, fate: "scrubbed", scrubber }];
    if (info.maintenance && info.empty) {
      return [{ database, fate: "empty", reason: "the engine's own, without user objects" }];
    }
    if (settings.unknownDatabases === "drop" && !info.maintenance) {
      return [{ database, fate: "dropped", reason: "--unknown-databases drop" }];
    }
    unknown.push(database);
    return [];
  });
  if (unknown.length > 0) {
    const flags = unknown.map((name) => shellWord(`${source}/${name}`));
    throw new ScrubError(
      "refused",
      `Cannot scrub "${source}": no scrubber knows ${unknown.map((name) => JSON.stringify(name)).join(", ")}`,
      `Add a scrubber, or name each on purpose: ${
        flags.map((flag) => `--keep-database ${flag}`).join(" ")
      } lets them through, ` +
        `${flags.map((flag) => `--drop-database ${flag}`).join(" ")} drops them.`,
    );
  }
  if (!assignments.some(({ fate }) => fate === "scrubbed")) {
    throw new ScrubError(
      "refused",
      `Cannot scrub "${source}": none of its databases (${
        found.map(({ name }) => JSON.stringify(name)).join(", ") || "none found"
      }) matches a scrubber for ${engine}`,
      "Check that the source is the right one; `datascrubber scrubbers` lists what is known.",
    );
  }
  const twice = duplicates(assignments);
  if (twice) {
    throw new ScrubError(
      "refused",
      `Cannot scrub "${source}": the databases ${twice} match the same scrubber`,
      "Drop one of them on purpose with --drop-database.",
    );
  }
  return assignments;
}

/** A flag for one source, or of last year, must not let through what a scrubber knows how to scrub. */
function knownAndKept(source: string, database: string, scrubber: Scrubber): ScrubError {
  return new ScrubError(
    "refused",
    `Cannot keep ${JSON.stringify(database)} of "${source}": the scrubber "${scrubber.name}" knows it`,
    "Leave --keep-database out for it; it is scrubbed then.",
  );
}

function named(choices: readonly DatabaseChoice[], source: string, database: string): boolean {
  return choices.some((choice) =>
    choice.database === database && (choice.source === undefined || choice.source === source)
  );
}

/** Two databases of one application would hold other data under the same rules: a person must have meant it. */
function duplicates(assignments: readonly Assignment[]): string | undefined {
  const seen = new Map<Scrubber, string>();
  for (const assignment of assignments) {
    if (assignment.fate !== "scrubbed") continue;
    const other = seen.get(assignment.scrubber);
    if (other !== undefined) return `${JSON.stringify(other)} and ${JSON.stringify(assignment.database)}`;
    seen.set(assignment.scrubber, assignment.database);
  }
  return undefined;
}

/** The text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
