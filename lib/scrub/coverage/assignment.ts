/** Decides what happens to every database of a source: scrubbed, kept, dropped, or refused. @module */

import type { DatabaseChoice, Settings } from "../../core/settings.ts";
import type { DatabaseInfo } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import { contentsOf } from "./object_policy.ts";
import type { Scrubber } from "../rules/definition.ts";
import type { EngineName } from "../../core/engine_name.ts";

/** What happens to one database. */
export type Assignment =
  | { readonly database: string; readonly disposition: "scrubbed"; readonly scrubber: Scrubber }
  | {
    readonly database: string;
    readonly disposition: "kept" | "dropped" | "empty";
    readonly reason: string;
    /** Whether it admits connections. A database that does not is kept or dropped, each only by its name. */
    readonly connectable: boolean;
  };

/** The environments that names of databases end in. */
const suffix = /[_-](?:production|staging|integration|development)$/;

/** The application's name, by which databases and scrubbers match: without the environment, `-` and `_` the same. */
export function applicationName(database: string): string {
  return database.replace(suffix, "").replaceAll("-", "_").toLowerCase();
}

/**
 * Assigns every database: by its scrubber, by the operator's options, or as the engine's own and empty.
 *
 * @throws {ScrubError} `database` where one is left over, naming the options to add, or where no scrubber matches at all.
 */
export function assignDatabases(
  source: string,
  engine: EngineName,
  found: readonly DatabaseInfo[],
  scrubbers: readonly Scrubber[],
  settings: Pick<Settings, "keepDatabases" | "dropDatabases" | "unknownDatabases">,
): readonly Assignment[] {
  const unknown: Unaccounted[] = [];
  const assignments = found.flatMap((info): Assignment[] => {
    const { name: database, connectable } = info;
    if (!connectable && info.userObjects.length > 0) throw outOfReach(source, info);
    if (named(settings.dropDatabases, source, database)) {
      if (info.maintenance) throw neededByServer(source, database);
      return [{ database, disposition: "dropped", reason: "--drop-database", connectable }];
    }
    const scrubber = scrubbers.find((one) =>
      one.engine === engine && applicationName(one.name) === applicationName(database)
    );
    if (named(settings.keepDatabases, source, database)) {
      if (scrubber) throw knownAndKept(source, database, scrubber);
      return [{ database, disposition: "kept", reason: keptBecause(info), connectable }];
    }
    if (scrubber && !connectable) throw knownAndClosed(source, database, scrubber);
    if (scrubber) return [{ database, disposition: "scrubbed", scrubber }];
    if (info.maintenance && info.empty) {
      const contents = contentsOf(info, "before");
      if (contents.length === 0) return [{ database, disposition: "empty", reason: emptyBecause(info), connectable }];
      unknown.push({ info, why: `${JSON.stringify(database)} is not empty: ${contents.join("; ")}` });
      return [];
    }
    if (settings.unknownDatabases === "drop" && !info.maintenance) {
      return [{ database, disposition: "dropped", reason: "--unknown-databases drop", connectable }];
    }
    unknown.push({ info });
    return [];
  });
  if (unknown.length > 0) throw unaccounted(source, unknown);
  if (!assignments.some(({ disposition }) => disposition === "scrubbed")) {
    throw new ScrubError(
      "database",
      `Cannot scrub "${source}": none of its databases (${
        found.map(({ name }) => JSON.stringify(name)).join(", ") || "none found"
      }) matches a scrubber for ${engine}`,
      "Check that the source is the right one; `datascrubber scrubbers` lists what is known.",
    );
  }
  const twice = duplicates(assignments);
  if (twice) {
    throw new ScrubError(
      "database",
      `Cannot scrub "${source}": the databases ${twice} match the same scrubber`,
      "Drop one of them on purpose with --drop-database.",
    );
  }
  return assignments;
}

/** A database that has no scrubber and no option. */
interface Unaccounted {
  readonly info: DatabaseInfo;
  /** Absent: it has no scrubber. */
  readonly why?: string;
}

function unaccounted(source: string, unknown: readonly Unaccounted[]): ScrubError {
  const quoted = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(", ");
  const strangers = unknown.filter(({ why }) => why === undefined).map(({ info }) => info);
  const closed = strangers.filter(({ connectable }) => !connectable).map(({ name }) => name);
  const used = strangers.filter(({ maintenance, userObjects }) => maintenance && userObjects.length > 0);
  const causes = [
    ...(strangers.length > 0 ? [`no scrubber knows ${quoted(strangers.map(({ name }) => name))}`] : []),
    ...(closed.length > 0 ? [`the master user cannot connect to ${quoted(closed)}`] : []),
    ...used.map(({ name, userObjects }) => `${JSON.stringify(name)} holds ${userObjects.join(", ")}`),
    ...unknown.flatMap(({ why }) => why === undefined ? [] : [why]),
  ];
  const flags = (option: string, of: readonly Unaccounted[]) =>
    of.map(({ info: { name } }) => `${option} ${shellWord(`${source}/${name}`)}`).join(" ");
  const droppable = unknown.filter(({ info }) => !info.maintenance);
  const needed = unknown.filter(({ info }) => info.maintenance);
  return new ScrubError(
    "database",
    `Cannot scrub "${source}": ${causes.join("; ")}`,
    [
      `Add a scrubber, or name each on purpose: ${flags("--keep-database", unknown)} keeps them unscrubbed` +
      (droppable.length > 0 ? `, ${flags("--drop-database", droppable)} drops them.` : "."),
      ...(needed.length > 0
        ? [
          `The server needs ${
            quoted(needed.map(({ info }) => info.name))
          }, so drop its contents in production, before the next snapshot.`,
        ]
        : []),
    ].join(" "),
  );
}

function emptyBecause({ clearable }: DatabaseInfo): string {
  const own = "the engine's own, without user objects";
  return clearable.length === 0 ? own : `${own}; ${clearable.map(({ name }) => name).join(", ")} are emptied`;
}

function keptBecause({ connectable }: DatabaseInfo): string {
  return connectable ? "--keep-database" : "--keep-database; not read, because the master user cannot connect to it";
}

/** The server, its owner or the next upgrade would fail without it. */
function neededByServer(source: string, database: string): ScrubError {
  return new ScrubError(
    "database",
    `Cannot drop ${JSON.stringify(database)} of "${source}": the server needs it`,
    "Remove --drop-database for it. Drop its contents in production, or keep it on purpose with --keep-database.",
  );
}

/** Links to other servers are removed from kept databases too, and no server drops a database that has one. */
function outOfReach(source: string, { name, userObjects }: DatabaseInfo): ScrubError {
  return new ScrubError(
    "database",
    `Cannot keep or drop ${
      JSON.stringify(name)
    } of "${source}": the master user cannot connect to it, and only a session ` +
      `on it could remove ${userObjects.join(", ")}`,
    "Remove that in production, or let the database admit connections there, before the next snapshot.",
  );
}

/** A database with a scrubber is never kept, and this one admits no scrubber. */
function knownAndClosed(source: string, database: string, scrubber: Scrubber): ScrubError {
  return new ScrubError(
    "database",
    `Cannot scrub ${
      JSON.stringify(database)
    } of "${source}": the master user cannot connect to it, so the scrubber "${scrubber.name}" cannot scrub it`,
    `Let it admit them in production (PostgreSQL: ALTER DATABASE with ALLOW_CONNECTIONS true and without a CONNECTION LIMIT; MySQL: ` +
      `no partial revokes), or drop it with --drop-database ${shellWord(`${source}/${database}`)}.`,
  );
}

/** An old option, or one for another source, must not keep what a scrubber can scrub. */
function knownAndKept(source: string, database: string, scrubber: Scrubber): ScrubError {
  return new ScrubError(
    "database",
    `Cannot keep ${JSON.stringify(database)} of "${source}": the scrubber "${scrubber.name}" knows it`,
    "Remove --keep-database for it, so that it is scrubbed.",
  );
}

function named(choices: readonly DatabaseChoice[], source: string, database: string): boolean {
  return choices.some((choice) =>
    choice.database === database && (choice.source === undefined || choice.source === source)
  );
}

/** Two databases of one application: probably one is a mistake, and a person has to say which. */
function duplicates(assignments: readonly Assignment[]): string | undefined {
  const seen = new Map<Scrubber, string>();
  for (const assignment of assignments) {
    if (assignment.disposition !== "scrubbed") continue;
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
