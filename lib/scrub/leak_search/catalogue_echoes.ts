/** Values that a rule takes away and that a catalogue repeats: in a comment, a default, a view, a name. @module */

import type { SchemaObject } from "../../engine/inventory.ts";
import { foundFingerprint } from "../../engine/expressions.ts";
import type { Cell, Fingerprint } from "../../engine/engine.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import type { Reviewed } from "../../core/reviewed.ts";
import { entriesFor, entryForObject, isOfItsText } from "../coverage/coverage.ts";
import { onSessions, type Pooled } from "../parallel/session_pool.ts";
import type { LeakSearch, SearchedDatabase } from "./leak_search.ts";
import { fingerprintOf, foundIn, writeSet } from "./leak_sets.ts";

/** An object with a value that a rule takes away. */
export interface CatalogueEcho {
  /** Kind and name. */
  readonly what: string;
  /** The entry that lets it through once a person has completed it; absent for what no entry can name. */
  readonly entry?: Reviewed;
}

/** A database whose catalogue is searched, and for what. */
export interface SearchedCatalogue extends Pick<Pooled, "engine" | "session" | "pool"> {
  /** Absent: the search is off. */
  readonly leaks?: Pick<LeakSearch, "sought" | "fingerprints">;
}

/** A database without rows, and the fingerprints of all tokens in its catalogue: few, where those that are sought may be millions. */
export interface ReadCatalogue extends SearchedCatalogue {
  readonly tokens: readonly Fingerprint[];
}

/** Reads all texts of a catalogue. The database's scratch is open. */
export async function readCatalogue({ engine, session }: SearchedCatalogue): Promise<ReadCatalogue> {
  const { sql, fingerprints } = engine.expressions;
  const one = new Name("catalogue");
  const rows = await scanTexts(
    { engine, session },
    (texts) =>
      sql`SELECT DISTINCT ${foundFingerprint} AS fingerprint, 0 AS flags
      FROM (${texts}) AS ${one} CROSS JOIN ${fingerprints([{ text: sql`${one}.body`, flags: 0 }])}`,
  );
  const tokens = new Map(rows.map(fingerprintOf).map((one) => [one[0], one]));
  return { engine, session, tokens: [...tokens.values()] };
}

/** What is sought in one database, as a set in the scratch of another one, of what the catalogue of that one holds. */
export async function soughtInCatalogue(
  { engine, session, tokens }: ReadCatalogue,
  { leaks, ...origin }: SearchedDatabase,
): Promise<SearchedCatalogue> {
  if (!leaks || leaks.fingerprints === 0) return { engine, session };
  const found = await foundIn(origin, leaks.sought, tokens);
  if (found.length === 0) return { engine, session };
  const sought = engine.fingerprintSet(session.database, "sought");
  await writeSet({ engine, session }, sought, [found]);
  return { engine, session, leaks: { sought, fingerprints: found.length } };
}

/**
 * Looks into all texts and names of a database's catalogue, and of the server's as far as they can be read there, for what rules
 * take away in any database and no public column holds; but for objects that were reviewed with the text that they have. Of objects
 * outside of the database, which `objects` lacks, an entry's name is enough. Reads only.
 *
 * @returns the objects, each once: kind and name, without the name where that is what holds the value.
 */
export async function findCatalogueEchoes(
  { leaks, reviewed, objects = [], ...database }: SearchedCatalogue & {
    readonly reviewed: readonly Reviewed[];
    readonly objects?: readonly SchemaObject[];
  },
): Promise<readonly CatalogueEcho[]> {
  const { engine } = database;
  if (!leaks || leaks.fingerprints === 0) return [];
  const { sql } = engine.expressions;
  const one = new Name("catalogue");
  const holds = (column: string) => engine.holdsAnyOf(leaks.sought, sql`${one}.${new Name(column)}`);
  const rows = await scanTexts(
    database,
    (texts) =>
      sql`SELECT ${one}.kind AS kind, CASE WHEN ${holds("name")} THEN NULL ELSE ${one}.name END AS name
      FROM (${texts}) AS ${one} WHERE ${holds("body")}`,
  );
  const found = new Map<string, CatalogueEcho>();
  for (const row of rows) {
    const [kind, name] = [String(row["kind"]), String(row["name"] ?? "")];
    const object = objects.find((one) => one.kind === kind && one.name === name);
    if (entriesFor({ kind, name }, reviewed).some((entry) => !object || isOfItsText(entry, object))) continue;
    const what = name === "" ? kind : `${kind} ${name}`;
    found.set(what, { what, ...(object && { entry: entryForObject(object) }) });
  }
  return [...found.values()];
}

/** The rows of a query over all texts of a catalogue. */
async function scanTexts(
  database: Pick<Pooled, "engine" | "session" | "pool">,
  query: (texts: Sql) => Sql,
): Promise<readonly Readonly<Record<string, Cell>>[]> {
  const texts = await database.engine.catalogueTexts(database.session);
  return (await onSessions(database, texts, (session, some) => session.scan(query(some)))).flat();
}
