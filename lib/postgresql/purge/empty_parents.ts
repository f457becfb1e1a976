/**
 * Samples of a table's own rows that are gone, while tables that inherit from it have some: ANALYZE leaves those of a table without rows,
 * and the type of a column that others inherit cannot be changed in one table, which would clear them.
 *
 * @module
 */

import { DatabaseError } from "../../engine/database_error.ts";
import type { Session } from "../../engine/engine.ts";
import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql, stringConstant } from "../sql/literals.ts";
import { holdsSamples } from "../schema/samples.ts";

/**
 * Gives each such table a row of a table that inherits from it while ANALYZE looks, and takes it away again: the samples are then of a
 * scrubbed row that stays. To be called after ANALYZE, while no column is passed over.
 *
 * @throws {ScrubError} `residue` where a table takes no row.
 */
export async function sampleEmptyParents(session: Session, version: number): Promise<void> {
  // Few databases have inheritance, and the planner takes long over the views of statistics.
  if ((await session.query(sql`SELECT ${hasParents} AS parents`))[0]?.["parents"] !== true) return;
  const refused: string[] = [];
  for (const { nspname, relname, columns } of await session.query(sampledParents(version))) {
    const [schema, name] = [String(nspname), String(relname)];
    const table = new Name(schema, name);
    const [row] = await session.query(sql`
      SELECT NOT EXISTS (SELECT FROM ONLY ${table}) AND EXISTS (SELECT FROM ${table}) AS borrows`);
    if (row?.["borrows"] !== true) continue;
    const list = trusted(String(columns));
    const body = sql`BEGIN
      INSERT INTO ${table} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${table} LIMIT 1;
      ANALYZE ${table};
      DELETE FROM ONLY ${table};
    END`;
    try {
      await session.run({ label: `analyse ${schema}.${name} anew`, sql: sql`DO ${stringConstant(body.text)}` });
    } catch (error) {
      if (!(error instanceof DatabaseError) || !error.serverCode.startsWith("23")) throw error;
      refused.push(`${schema}.${name}`);
    }
  }
  if (refused.length === 0) return;
  throw new ScrubError(
    "residue",
    `Cannot clear the planner's statistics in database "${session.database}": those of ${
      refused.join(", ")
    } still hold values of ` +
      "deleted rows, and a constraint of the table forbids it rows of its own",
    "Drop the constraint, or the column, index or statistics object in question, then run again.",
  );
}

/** Partitioned tables have no rows of their own. */
const hasParents = sql`EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE c.relkind = 'r')`;

/** Tables without rows of their own, as ANALYZE counted them, from which others inherit, and that have samples of their own rows. */
function sampledParents(version: number): Sql {
  const ofParent = sql`o.schemaname = n.nspname AND o.tablename = c.relname${
    version < 150000 ? sql`` : sql` AND NOT o.inherited`
  }`;
  return sql`
    SELECT n.nspname, c.relname, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.reltuples <= 0 AND n.nspname !~ '^pg_' AND pg_has_role(c.relowner, 'USAGE')
      AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)
      AND (EXISTS (SELECT FROM pg_stats s
          WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited AND ${holdsSamples})
        OR EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace home ON home.oid = x.relnamespace
          JOIN pg_stats s ON s.schemaname = home.nspname AND s.tablename = x.relname WHERE i.indrelid = c.oid AND ${holdsSamples})
        OR EXISTS (SELECT FROM pg_stats_ext o WHERE ${ofParent} AND o.most_common_vals IS NOT NULL)${
    version < 140000 ? sql`` : sql`
        OR EXISTS (SELECT FROM pg_stats_ext_exprs o
          WHERE ${ofParent} AND (o.most_common_vals IS NOT NULL OR o.histogram_bounds IS NOT NULL))`
  })
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
}
