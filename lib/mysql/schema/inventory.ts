/**
 * What a MySQL server and its databases hold besides rows of tables. Texts and names do not leave this file, only what was found
 * in them.
 *
 * @module
 */

import { isChosen } from "../../engine/counters.ts";
import { type FoundName, type FoundObject, kindOf, schemaObjectsOf } from "../../engine/schema_objects.ts";
import type { Session } from "../../engine/engine.ts";
import type { Check, Inventory, ServerInventory } from "../../engine/inventory.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { unknownColumns } from "./catalogue_columns.ts";
import { refuseHiddenObjects } from "./hidden_objects.ts";
import { isDenied } from "../session/errors.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { shownOptions, withShownDefinitions } from "./shown_definitions.ts";
import { withDecodedLiterals } from "../sql/decoded_literals.ts";
import {
  databaseNames,
  databaseObjects,
  innodbNames,
  innodbObjects,
  referenceSystems,
  serverNames,
  serverObjects,
} from "./inventory_queries.ts";
import { serverTables } from "./server_tables.ts";
import type { SchemaObjectKind } from "../../core/object_kinds.ts";

/** Reads the inventory of a database. */
export async function readInventory(session: Session): Promise<Inventory> {
  const here = textLiteral(session.database);
  const version = await versionOf(session);
  const objects = [
    ...await withShownDefinitions(session, await objectsOf(session, databaseObjects(here, version))),
    ...await shownOptions(session, here),
    ...await whereAllowed(objectsOf(session, innodbObjects(here))),
  ];
  const names = [
    ...await namesOf(session, databaseNames(here, version)),
    ...await whereAllowed(namesOf(session, innodbNames(here))),
  ];
  const checks = await session.query(checksQuery(here));
  return {
    objects: await schemaObjectsOf(objects, names),
    checks: checks.map(({ table_name, name, holds }): Check => ({
      table: String(table_name),
      name: String(name),
      holds: trusted(unescaped(String(holds))),
    })),
  };
}

/**
 * Reads the inventory of the server.
 *
 * @throws {ScrubError} `refused` where the server may hide something from the master user.
 */
export async function readServerInventory(session: Session): Promise<ServerInventory> {
  const own = new RegExp(serverTables, "i");
  await refuseHiddenObjects(session);
  const unknown = await unknownColumns(session, (table) => own.test(table));
  // The queries are only safe on known catalogues.
  if (unknown.length > 0) return { objects: [], unknownColumns: unknown };
  const version = await versionOf(session);
  const objects = await objectsOf(session, serverObjects(version));
  // Proves that the run's user may see them.
  await objectsOf(session, innodbObjects(textLiteral("")));
  await namesOf(session, innodbNames(textLiteral("")));
  return { objects: await schemaObjectsOf(objects, await namesOf(session, serverNames(version))), unknownColumns: [] };
}

/** See {@linkcode Engine.catalogueTexts}. Of the server, too. */
export async function catalogueTexts(session: Session): Promise<Sql> {
  const here = textLiteral(session.database);
  const version = await versionOf(session);
  const systems = await referenceSystemsToSearch(session);
  const isSearched = systems.length === 0 ? sql`FALSE` : sql`name IN (${joinSql(systems.map(textLiteral), ", ")})`;
  const objects = [databaseObjects(here, version), innodbObjects(here), serverObjects(version)].map((found) =>
    sql`SELECT kind, CONVERT(name USING utf8mb4), CONVERT(CONCAT_WS(' ', name, body) USING utf8mb4) FROM (${found}) AS object
      WHERE kind <> 'spatial reference system' OR ${isSearched}`
  );
  const names = [databaseNames(here, version), innodbNames(here), serverNames(version)].map((found) =>
    sql`SELECT CONCAT('name of: ', what), '', CONVERT(name USING utf8mb4) FROM (${found}) AS named`
  );
  return sql`SELECT kind, name, body FROM (${
    joinSql([...objects, ...names], " UNION ALL ")
  }) AS texts (kind, name, body)`;
}

/** A long word with a letter and a digit, or a sign of an address or of an encoding: without them a text holds no token. */
const mayHoldToken = /[^ -~]|[@%\\&=]|(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{16}/;

/** The numbers of those whose text may hold a token: the server takes ten times as long to find none in all of them. */
async function referenceSystemsToSearch(session: Session): Promise<readonly string[]> {
  const rows = await session.query(referenceSystems);
  return rows.filter(({ body }) => mayHoldToken.test(String(body))).map(({ name }) => String(name));
}

/** Nothing for a user who may not see it, as in a review. In a run the server's inventory has proven that the user may. */
async function whereAllowed<T>(found: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await found;
  } catch (error) {
    if (isDenied(error)) return [];
    throw error;
  }
}

/** 804 for 8.4. */
async function versionOf(session: Session): Promise<number> {
  const [row] = await session.query(sql`SELECT VERSION() AS version`);
  const [, major, minor] = /^(\d+)[.](\d+)/.exec(String(row?.version)) ?? [];
  return Number(major) * 100 + Number(minor);
}

/** Sorted here: with ORDER BY over InnoDB's own tables the server has returned empty texts. */
async function objectsOf(session: Session, objects: Sql): Promise<readonly FoundObject[]> {
  const found = await session.query(
    sql`SELECT kind, name, CONVERT(body USING utf8mb4) AS body FROM (${objects}) AS object`,
  );
  return found.map(({ kind: word, name, body }): FoundObject => {
    const kind = kindOf(word);
    return {
      kind,
      name: String(name),
      text: body === null ? "unreadable" : { body: withDecodedLiterals(textOf(kind, String(body))) },
      ...(holdsUnchosenNumber(kind, String(name), String(body)) && { holds: ["identifier"] as const }),
    };
  }).sort((one, other) => compare(`${one.kind} ${one.name}`, `${other.kind} ${other.name}`));
}

/** Whether an object of the server is, or begins at, a number that nobody chooses. */
function holdsUnchosenNumber(kind: SchemaObjectKind, name: string, body: string): boolean {
  if (kind === "spatial reference system") {
    // Its own number, and the one that its organisation gave it; the server's have eight digits at most.
    const [organisations = "0"] = /\d+$/.exec(body) ?? [];
    return [name, organisations].some((number) => Number(number) > 100_000_000 && !isChosen(BigInt(number)));
  }
  return kind === "row of a system table" && name.startsWith("mysql.gtid_executed") && !isChosen(BigInt(body));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function textOf(kind: SchemaObjectKind, body: string): string {
  if (kind === "check constraint") return unescaped(body);
  // Five thousand definitions hold numbers of any shape; only quoted text is free text.
  if (kind === "spatial reference system") return [...body.matchAll(/"([^"]*)"/g)].map(([, text]) => text).join("\n");
  return body;
}

/** The server prints a check's text escaped, as in quotes. */
function unescaped(check: string): string {
  return check.replaceAll(/\\(.)/gs, "$1");
}

/** Each name is identified by its number among its kind: MySQL has no OIDs. */
async function namesOf(session: Session, names: Sql): Promise<readonly FoundName[]> {
  const rows = await session.query(sql`SELECT what, CONVERT(name USING utf8mb4) AS name FROM (${names}) AS named`);
  return [...Map.groupBy(rows, ({ what }) => String(what))].flatMap(([what, rows]) => {
    const different = [...new Set(rows.map(({ name }) => String(name ?? "")))].sort(compare);
    return different.map((name, at): FoundName => ({
      what: `${what} ${at + 1} of ${different.length}`,
      name,
      ...(what === "host" && { reads: "host" }),
    }));
  });
}

function checksQuery(here: Sql): Sql {
  return sql`SELECT t.table_name AS table_name, t.constraint_name AS name, c.check_clause AS holds
    FROM information_schema.table_constraints t JOIN information_schema.check_constraints c
      ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
    WHERE t.table_schema = ${here} AND t.constraint_type = 'CHECK' ORDER BY t.table_name, t.constraint_name`;
}
