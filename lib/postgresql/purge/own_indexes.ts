/**
 * Indexes that hold what functions of the application's made: those may say that they are immutable and read other tables all the same,
 * before these were scrubbed, or settings of our sessions. A scan of an index alone shows what it holds. And indexes of extensions'
 * tables without rows, whose pages may keep what rows had.
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/**
 * Indexes with expressions that call, by name or by an operator, what is not in C, or may call casts to JSON, on which they do not depend.
 * Rows that a predicate chooses show nothing.
 */
const ownIndexes = sql`
  SELECT n.nspname, x.relname FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i' JOIN pg_namespace n ON n.oid = x.relnamespace
  WHERE i.indexprs IS NOT NULL AND n.nspname !~ '^pg_' AND (strpos(i.indexprs::text, '{JSONCONSTRUCTOREXPR') > 0 OR EXISTS (SELECT FROM pg_depend calls
    LEFT JOIN pg_operator o ON calls.refclassid = 'pg_operator'::regclass AND o.oid = calls.refobjid
    JOIN pg_proc f ON f.oid = CASE WHEN calls.refclassid = 'pg_proc'::regclass THEN calls.refobjid ELSE o.oprcode END
    JOIN pg_language l ON l.oid = f.prolang
    WHERE calls.classid = 'pg_class'::regclass AND calls.objid = x.oid AND f.oid >= 16384 AND l.lanname NOT IN ('c', 'internal')))
  UNION SELECT n.nspname, x.relname FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
  JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i'
  JOIN pg_am m ON m.oid = x.relam JOIN pg_namespace n ON n.oid = x.relnamespace
  WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.deptype = 'e' AND m.amname NOT IN ('btree', 'hash')
    AND pg_relation_size(c.oid) = 0 AND pg_has_role(c.relowner, 'USAGE') AND n.nspname !~ '^pg_'
  ORDER BY 1, 2`;

/**
 * Makes them anew from scrubbed tables. A new index of one of these methods is as long as one that keeps a few values in its first pages,
 * so a length does not tell (`hasOtherPages` of the inventory refuses longer ones). The session has no key.
 */
export async function rebuildOwnIndexes(session: Session): Promise<void> {
  for (const { nspname, relname } of await session.query(ownIndexes)) {
    const index = new Name(String(nspname), String(relname));
    await session.run({ label: `rebuild index ${nspname}.${relname}`, sql: sql`REINDEX INDEX ${index}` });
  }
}
