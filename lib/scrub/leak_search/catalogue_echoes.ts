/** Values that a rule takes away and that a catalogue repeats: in a comment, a default, a view, a name. @module */

import type { SchemaObject } from "../../engine/inventory.ts";
import { Name } from "../../engine/sql.ts";
import type { Reviewed } from "../../core/reviewed.ts";
import { entriesFor, entryForObject, isOfItsText } from "../coverage/coverage.ts";
import type { SearchedDatabase } from "./leak_search.ts";

/** An object with a value that a rule takes away. */
export interface CatalogueEcho {
  /** Kind and name. */
  readonly what: string;
  /** The entry that lets it through once a person has completed it; absent for what no entry can name. */
  readonly entry?: Reviewed;
}

/**
 * Looks into all texts and names of a database's catalogue, and of the server's as far as they can be read there, for what rules
 * take away in any database and no public column holds; but for objects that were reviewed with the text that they have. Of objects
 * outside of the database, which `objects` lacks, an entry's name is enough. Reads only.
 *
 * @returns the objects, each once: kind and name, without the name where that is what holds the value.
 */
export async function findCatalogueEchoes(
  { engine, session, leaks, reviewed, objects = [] }: SearchedDatabase & {
    readonly reviewed: readonly Reviewed[];
    readonly objects?: readonly SchemaObject[];
  },
): Promise<readonly CatalogueEcho[]> {
  if (!leaks || leaks.fingerprints === 0) return [];
  const { sql } = engine.expressions;
  const one = new Name("catalogue");
  const holds = (column: string) => engine.holdsAnyOf(leaks.sought, sql`${one}.${new Name(column)}`);
  const rows = await session.scan(
    sql`SELECT ${one}.kind AS kind, CASE WHEN ${holds("name")} THEN NULL ELSE ${one}.name END AS name
      FROM (${await engine.catalogueTexts(session)}) AS ${one} WHERE ${holds("body")}`,
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
