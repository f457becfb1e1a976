/** Values that a rule takes away and that a catalogue repeats: in a comment, a default, a view, a name. @module */

import { Name } from "../../engine/sql.ts";
import type { Reviewed } from "../../core/reviewed.ts";
import type { SearchedDatabase } from "./leak_search.ts";

/**
 * Looks into all texts and names of a database's catalogue, and of the server's as far as they can be read there, for what rules
 * take away in any database and no public column holds; but for objects that were reviewed: their text was read. Reads only.
 *
 * @returns the objects, each once: kind and name, without the name where that is what holds the value.
 */
export async function findCatalogueEchoes(
  { engine, session, leaks, reviewed }: SearchedDatabase & { readonly reviewed: readonly Reviewed[] },
): Promise<readonly string[]> {
  if (!leaks || leaks.fingerprints === 0) return [];
  const { sql } = engine.expressions;
  const one = new Name("catalogue");
  const holds = (column: string) => engine.holdsAnyOf(leaks.sought, sql`${one}.${new Name(column)}`);
  const rows = await session.scan(
    sql`SELECT ${one}.kind AS kind, CASE WHEN ${holds("name")} THEN NULL ELSE ${one}.name END AS name
      FROM (${await engine.catalogueTexts(session)}) AS ${one} WHERE ${holds("body")}`,
  );
  const unread = rows.filter(({ kind, name }) =>
    !reviewed.some((entry) => "object" in entry && entry.object === kind && entry.name === name)
  );
  return [...new Set(unread.map(({ kind, name }) => name === null || name === "" ? String(kind) : `${kind} ${name}`))];
}
