/**
 * What a MySQL server and its databases hold besides rows of tables. Texts and names do not leave this file, only what was found
 * in them.
 *
 * @module
 */

import { type FoundName, type FoundObject, kindOf, schemaObjectsOf } from "../../engine/schema_objects.ts";
import type { Session } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import type { Check, Inventory, ServerInventory } from "../../engine/inventory.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { unknownColumns } from "./catalogue_columns.ts";
import { refuseHiddenObjects } from "./hidden_objects.ts";
import { isDenied } from "../session/errors.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import {
  shownOptions,
  shownOptionsOfServer,
  withShownDefinitions,
  withShownDefinitionsOfSys,
} from "./shown_definitions.ts";
import { productOf } from "../sql/product.ts";
import { withDecodedLiterals } from "../sql/decoded_literals.ts";
import {
  checksQuery,
  databaseNames,
  databaseObjects,
  innodbNames,
  innodbObjects,
  type Release,
  serverNames,
  serverObjects,
  serverPrograms,
  serverTableComments,
  tableComments,
} from "./inventory_queries.ts";
import { distantIntervals, readDistantIntervals } from "./executed_transactions.ts";
import { suspectSequences } from "./sequences.ts";
import { serverTables } from "./server_tables.ts";
import { readReferenceSystems, referenceSystemsToSearch } from "./spatial_reference_systems.ts";

/** See {@linkcode Engine.inventory}. */
export async function readInventory(session: Session, schema?: Schema): Promise<Inventory> {
  const here = textLiteral(session.database);
  const release = await releaseOf(session);
  const objects = [
    ...await withShownDefinitions(
      session,
      await objectsOf(session, release, tableComments(here), databaseObjects(here, release)),
    ),
    ...await shownOptions(session, schema),
    ...await suspectSequences(session),
    ...await whereAllowed(objectsOf(session, release, innodbObjects(here, release))),
  ];
  const names = [
    ...await namesOf(session, databaseNames(here, release)),
    ...await whereAllowed(namesOf(session, innodbNames(here, release))),
  ];
  const checks = await session.query(checksQuery(here));
  return {
    objects: await schemaObjectsOf(objects, names),
    checks: checks.map(({ table_name, name, holds }): Check => ({
      table: String(table_name),
      name: String(name),
      holds: trusted(conditionOf(release, String(holds))),
    })),
  };
}

/**
 * Reads the inventory of the server.
 *
 * @throws {ScrubError} `refused` where the server may hide something from the master user.
 */
export async function readServerInventory(session: Session): Promise<ServerInventory> {
  const release = await releaseOf(session);
  const own = new RegExp(serverTables[release.product], "i");
  await refuseHiddenObjects(session);
  const unknown = await unknownColumns(session, (table) => own.test(table));
  // The queries are only safe on known catalogues.
  if (unknown.length > 0) return { objects: [], unknownColumns: unknown };
  const objects = inOrder([
    ...await withShownDefinitionsOfSys(
      session,
      await objectsOf(session, release, serverTableComments(), serverObjects(release), serverPrograms(release)),
    ),
    ...await shownOptionsOfServer(session),
    ...(release.product === "mysql" ? await readDistantIntervals(session) : []),
    ...(release.product === "mysql" ? await readReferenceSystems(session) : []),
  ]);
  // Proves that the run's user may see them.
  await objectsOf(session, release, innodbObjects(textLiteral(""), release));
  await namesOf(session, innodbNames(textLiteral(""), release));
  return { objects: await schemaObjectsOf(objects, await namesOf(session, serverNames(release))), unknownColumns: [] };
}

/** See {@linkcode Engine.catalogueTexts}. Of the server, too: two queries that take about as long in a small database. */
export async function catalogueTexts(session: Session): Promise<readonly Sql[]> {
  const here = textLiteral(session.database);
  const release = await releaseOf(session);
  const systems = release.product === "mysql" ? await referenceSystemsToSearch(session) : undefined;
  const programs = [
    tableComments(here),
    databaseObjects(here, release),
    innodbObjects(here, release),
    serverPrograms(release),
  ];
  const others = [
    serverTableComments(),
    serverObjects(release),
    ...(release.product === "mysql" ? [distantIntervals] : []),
    ...(systems ? [systems] : []),
  ];
  const names = [databaseNames(here, release), innodbNames(here, release), serverNames(release)];
  return [programs.map(objectTexts), [...others.map(objectTexts), ...names.map(nameTexts)]].map((texts) =>
    sql`SELECT kind, name, body FROM (${joinSql(texts, " UNION ALL ")}) AS texts`
  );
}

function objectTexts(found: Sql): Sql {
  return sql`SELECT kind, CONVERT(name USING utf8mb4) AS name, CONVERT(CONCAT_WS(' ', name, body) USING utf8mb4) AS body
    FROM (${found}) AS object`;
}

function nameTexts(found: Sql): Sql {
  return sql`SELECT CONCAT('name of: ', what), '', CONVERT(name USING utf8mb4) FROM (${found}) AS named`;
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

async function releaseOf(session: Session): Promise<Release> {
  const [row] = await session.query(sql`SELECT VERSION() AS version`);
  const [, major, minor] = /^(\d+)[.](\d+)/.exec(String(row?.version)) ?? [];
  return { product: await productOf(session), version: Number(major) * 100 + Number(minor) };
}

async function objectsOf(
  session: Session,
  release: Release,
  ...objects: readonly Sql[]
): Promise<readonly FoundObject[]> {
  const found = await session.query(
    sql`SELECT kind, name, CONVERT(body USING utf8mb4) AS body FROM (${joinSql(objects, " UNION ALL ")}) AS object`,
  );
  return inOrder(found.map(({ kind: word, name, body }): FoundObject => {
    const kind = kindOf(word);
    const text = kind === "check constraint" ? conditionOf(release, String(body)) : String(body);
    return { kind, name: String(name), text: body === null ? "unreadable" : { body: withDecodedLiterals(text) } };
  }));
}

/** Sorted here: with ORDER BY over InnoDB's own tables the server has returned empty texts. */
function inOrder(objects: readonly FoundObject[]): readonly FoundObject[] {
  return objects.toSorted((one, other) => compare(`${one.kind} ${one.name}`, `${other.kind} ${other.name}`));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** MySQL prints a check's text escaped, as in quotes. */
function conditionOf({ product }: Release, check: string): string {
  return product === "mysql" ? check.replaceAll(/\\(.)/gs, "$1") : check;
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
