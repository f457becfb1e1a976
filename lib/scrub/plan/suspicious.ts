/** Warns of rules that may not do what their author meant. @module */

import type { Scratch } from "../../engine/engine.ts";
import type { PlannedDatabase } from "./plan_database.ts";

/** Smaller tables may well have no row that a selection matches. */
const large = 1_000;

/** Sentences about rules whose selection matched no row of a large table. */
export async function suspiciousRules(
  { engine, session, schema, changes }: PlannedDatabase,
): Promise<readonly string[]> {
  const { sql } = engine.expressions;
  const sentences: string[] = [];
  for (const { change: { table, deletedKeys, columns } } of changes) {
    if (table.rows < large) continue;
    const uses = new Map<string, { readonly scratch: Scratch; readonly what: string[] }>();
    const use = (scratch: Scratch, what: string): void => {
      const name = sql`${scratch.table}`.text;
      const known = uses.get(name);
      if (known) known.what.push(what);
      else uses.set(name, { scratch, what: [what] });
    };
    if (deletedKeys) use(deletedKeys, "deleted rows");
    for (const { column, onlyKeys } of columns) if (onlyKeys) use(onlyKeys, `column ${column.name}`);
    for (const { scratch, what } of uses.values()) {
      const [row] = await session.scan(sql`SELECT count(*) AS n FROM ${scratch.table}`);
      if (Number(row?.["n"]) > 0) continue;
      const rule = `the rule for ${table.id} (${what.join(", ")})`;
      sentences.push(`${schema.database}: ${rule} matches none of about ${table.rows} rows`);
    }
  }
  return sentences;
}
