/**
 * Indexes that hold what functions of the application's made: those may say that they are immutable and read other tables all the same,
 * before these were scrubbed, or settings of our sessions. A scan of an index alone shows what it holds.
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
  ORDER BY n.nspname COLLATE "C", x.relname COLLATE "C"`;

/** Makes them anew from scrubbed tables. The session has no key. */
export async function rebuildOwnIndexes(session: Session): Promise<void> {
  for (const { nspname, relname } of await session.query(ownIndexes)) {
    const index = new Name(String(nspname), String(relname));
    await session.run({ label: `rebuild index ${nspname}.${relname}`, sql: sql`REINDEX INDEX ${index}` });
  }
}
