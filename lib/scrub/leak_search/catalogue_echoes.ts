/** Values that a rule takes away and that a catalogue repeats: in a comment, a default, a view, a name. @module */

import { Name } from "../../engine/sql.ts";
import type { SearchedDatabase } from "./leak_search.ts";

/** An object of a catalogue. The name is left out where it is what holds the value. */
export interface CatalogueEcho {
  readonly kind: string;
  readonly name?: string;
}

/**
 * Looks into all texts and names of a database's catalogue, and of the server's as far as they can be read there, for what rules
 * take away in any database and no public column holds. Reads only.
 */
export async function findCatalogueEchoes(
  { engine, session, leaks }: SearchedDatabase,
): Promise<readonly CatalogueEcho[]> {
  if (!leaks || leaks.fingerprints === 0) return [];
  const { sql } = engine.expressions;
  const one = new Name("catalogue");
  const holds = (column: string) => engine.holdsAnyOf(leaks.sought, sql`${one}.${new Name(column)}`);
  const rows = await session.scan(
    sql`SELECT ${one}.kind AS kind, CASE WHEN ${holds("name")} THEN NULL ELSE ${one}.name END AS name
      FROM (${await engine.catalogueTexts(session)}) AS ${one} WHERE ${holds("body")}`,
  );
  return rows.map(({ kind, name }): CatalogueEcho => ({
    kind: String(kind),
    ...(typeof name === "string" && name !== "" && { name }),
  }));
}
