/**
 * A copy that replaces the table. The server computes the new rows by several processes, which no ALTER TABLE does (PostgreSQL, "When
 * Can Parallel Query Be Used?"), and builds each index once, afterwards.
 *
 * @module
 */

import type { ColumnChange, Step } from "../../engine/engine.ts";
import type { Column, Schema, Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { scratchSchema, tableName } from "../sql/table_name.ts";
import { definitionOf } from "./table_definition.ts";

/** In bytes: ALTER TABLE rewrites a smaller table within about a second. */
const fromBytes = 64 * 2 ** 20;

/** Types to which a cast is the same as an assignment, and those with a length, whose own function refuses longer values. */
const plainType =
  /^(?:text|jsonb?|uuid|bytea|boolean|date|smallint|integer|bigint|real|double precision|inet|(?:[\w]+\.)?citext|numeric(?:\(\d+,\d+\))?|time(?:stamp)?(?:\(\d\))? with(?:out)? time zone)$/;
const limitedType = /^(character(?: varying)?)\((\d+)\)$/;
const anyLength = "character varying";

/** Whether the new rows of a table can be a copy that replaces it, and are so many that it pays. Pure. */
export function canBeCopied(table: Table, columns: readonly ColumnChange[], schema: Schema): boolean {
  // Each foreign key to the table is validated again, which reads the referencing table.
  const referencing = schema.tables.filter(({ id }) =>
    id !== table.id && schema.foreignKeys.some(({ child, parent }) => child === id && parent === table.id)
  );
  return table.kind === "table" && table.postgresql !== undefined && table.postgresql.copyObstacle === undefined &&
    table.bytes >= fromBytes && referencing.reduce((sum, { bytes }) => sum + bytes, 0) <= table.bytes &&
    columns.every(({ column: { type } }) => plainType.test(type) || limitedType.test(type) || type === anyLength);
}

/** The tables that {@linkcode copySwap} locks: the table, and those at the other ends of its foreign keys. */
export function lockedByCopy(table: Table, schema: Schema): readonly string[] {
  const others = schema.foreignKeys.flatMap(({ child, parent }) =>
    child === table.id ? [parent] : parent === table.id ? [child] : []
  );
  return [...new Set([table.id, ...others])];
}

/** What replaces a table by its copy, and what is to be done when every other table is changed. */
export interface CopySwap {
  readonly step: Step;
  readonly afterwards: readonly Step[];
}

/**
 * One statement, which copies the rows, drops the table and makes the copy all that it was. Where the copy is not defined as the
 * table was, or anything fails, the statement takes that back and does what `otherwise` does.
 *
 * @param valueOf What a row gets for the column of a change.
 */
export function copySwap(
  table: Table,
  columns: readonly ColumnChange[],
  schema: Schema,
  valueOf: (change: ColumnChange) => Sql,
  otherwise: Step,
): CopySwap {
  const keys = schema.foreignKeys.filter(({ child, parent, notValid }) =>
    (child === table.id || parent === table.id) && !notValid
  );
  return {
    step: {
      ...otherwise,
      otherwise: "no copy could replace it, so it was altered in place, which is slower",
      sql: sql`DO ${stringConstant(replacement(table, copyOf(table, columns, valueOf), otherwise.sql).text)}`,
    },
    // Those that were valid may not have been while rows that they reference were deleted; otherwise this does nothing.
    afterwards: keys.flatMap(({ name, child }): readonly Step[] => {
      const referencing = schema.tables.find(({ id }) => id === child);
      return referencing === undefined ? [] : [{
        label: `validate ${name} of ${child}`,
        sql: sql`ALTER TABLE ${tableName("", referencing)} VALIDATE CONSTRAINT ${new Name(name)}`,
      }];
    }),
  };
}

/** The query for the new rows, with the table's columns in their order and with their types. */
function copyOf(table: Table, columns: readonly ColumnChange[], valueOf: (change: ColumnChange) => Sql): Sql {
  const values = table.columns.map((column) => {
    const change = columns.find((one) => one.column.name === column.name);
    const name = new Name(column.name);
    return change ? sql`${assigned(valueOf(change), column, table)} AS ${name}` : sql`${name}`;
  });
  return sql`SELECT ${joinSql(values, ", ")} FROM ONLY ${tableName("", table)}`;
}

/** The value as an assignment makes it, which unlike a cast refuses a text that is too long. */
function assigned(value: Sql, { name, type }: Column, table: Table): Sql {
  const [, limited, length] = limitedType.exec(type) ?? [];
  const cast = limited === undefined
    ? sql`((${value})::${trusted(type)})`
    : sql`(${lengthCheck(limited, value, Number(length))}::${trusted(type)})`;
  if (limited === undefined && type !== anyLength && type !== "text" && !type.endsWith("citext")) return cast;
  const own = table.postgresql?.columns.find((one) => one.name === name)?.collation;
  return sql`${cast} COLLATE ${own === undefined ? new Name("pg_catalog", "default") : trusted(own)}`;
}

/** The functions behind assignments of texts; a type's modifier is its length and four bytes of a header. */
function lengthCheck(type: string, value: Sql, length: number): Sql {
  const base = new Name("pg_catalog", type === anyLength ? "varchar" : "bpchar");
  return sql`${base}((${value})::${base}, ${length + 4}, false)`;
}

/**
 * The statement's body. What it runs on the copy it makes of the catalogue while the table is as it was; so no text of a catalogue comes
 * here.
 */
function replacement(table: Table, copy: Sql, otherwise: Sql): Sql {
  const name = textLiteral(tableName("", table).quote('"'));
  const scratch = textLiteral(new Name(scratchSchema).quote('"'));
  const parameters = (table.postgresql?.parameters ?? []).map((one) => {
    const at = one.indexOf("=");
    return sql`${new Name(one.slice(0, at))} = ${stringConstant(one.slice(at + 1))}`;
  });
  const storage = parameters.length === 0 ? sql`` : sql`WITH (${joinSql(parameters, ", ")})`;
  const create = sql` ${storage} AS ${copy}`;
  return sql`
DECLARE
  old CONSTANT oid := ${name}::regclass;
  place CONSTANT text := ${name};
  copy CONSTANT text := ${scratch} || '.' || quote_ident('copy of ' || old);
  before CONSTANT jsonb := (${definitionOf(sql`old`)});
  statements text[];
  keys text[];
  line text;
BEGIN
  BEGIN
    -- The server's estimates know nothing of what a hash or a function costs.
    SET LOCAL parallel_tuple_cost = 0;
    SET LOCAL parallel_setup_cost = 0;
    EXECUTE 'CREATE TABLE ' || copy || ${stringConstant(create.text)};
    statements := ${statements};
    FOR line IN SELECT d.objid::regclass ${identitySequences} LOOP
      EXECUTE format('SELECT format(''SELECT setval(%%L, %%s, %%L)'', %L, last_value, is_called) FROM %s', line, line) INTO line;
      statements := statements || line;
    END LOOP;
    keys := ${foreignKeys};
    FOREACH line IN ARRAY statements LOOP EXECUTE line; END LOOP;
    FOREACH line IN ARRAY keys LOOP
      BEGIN
        EXECUTE line;
      EXCEPTION WHEN foreign_key_violation THEN
        EXECUTE line || ' NOT VALID';
      END;
    END LOOP;
    IF before IS DISTINCT FROM (${definitionOf(sql`place::regclass`)}) THEN
      RAISE EXCEPTION 'the copy is not defined as the table';
    END IF;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'the table is altered instead of copied: %', SQLSTATE;
    EXECUTE ${stringConstant(otherwise.text)};
  END;
END`;
}

const constraints = sql`SELECT k.*, pg_get_constraintdef(k.oid) AS definition
  FROM pg_constraint k WHERE k.conrelid = old`;

/** The sequences of identity columns, which are dropped with the table. */
const identitySequences = sql`FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = old AND d.deptype = 'i'`;

/** Texts of a query's statements, in its order. */
function texts(query: Sql): Sql {
  return sql`ARRAY(${query})`;
}

/**
 * Everything but foreign keys, in the order in which it can be made: the constraints and defaults of columns by one statement, which reads
 * the rows once. A sequence has to have its table's schema and owner before it can be owned by it.
 */
const statements: Sql = joinSql([
  texts(sql`SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname)
    FROM pg_constraint k WHERE k.contype = 'f' AND old IN (k.conrelid, k.confrelid)`),
  texts(sql`SELECT format('ALTER SEQUENCE %s OWNED BY NONE', d.objid::regclass) FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = old AND d.deptype = 'a'
      AND d.refobjsubid > 0 AND EXISTS (SELECT FROM pg_class s WHERE s.oid = d.objid AND s.relkind = 'S')`),
  sql`ARRAY['DROP TABLE ' || place]`,
  texts(sql`SELECT unnest(ARRAY[format('ALTER TABLE %s SET SCHEMA %s', copy, c.relnamespace::regnamespace),
      format('ALTER TABLE %s.%I RENAME TO %I', c.relnamespace::regnamespace, 'copy of ' || old, c.relname)])
    FROM pg_class c WHERE c.oid = old`),
  texts(sql`SELECT format('ALTER TABLE %s %s', place, string_agg(action, ', ')) FROM (
      SELECT format('ALTER COLUMN %I SET DEFAULT %s', a.attname, pg_get_expr(e.adbin, e.adrelid)) AS action
      FROM pg_attribute a JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
      WHERE a.attrelid = old AND NOT a.attisdropped
      UNION ALL SELECT format('ALTER COLUMN %I SET NOT NULL', a.attname) FROM pg_attribute a
      WHERE a.attrelid = old AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = old AND k.contype = 'n' AND a.attnum = ANY (k.conkey))
      UNION ALL SELECT format('ADD CONSTRAINT %I %s', conname, definition) FROM (${constraints}) k WHERE contype IN ('c', 'n')
    ) AS actions HAVING count(*) > 0`),
  texts(sql`SELECT format(
        'ALTER TABLE %s ALTER COLUMN %I ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s %s)',
        place, a.attname, CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, i.seq::regclass, q.seqincrement, q.seqmin, q.seqmax,
        q.seqstart, q.seqcache, CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
      FROM (SELECT d.objid, d.refobjsubid ${identitySequences}) AS i (seq, attnum) JOIN pg_sequence q ON q.seqrelid = i.seq
      JOIN pg_attribute a ON a.attrelid = old AND a.attnum = i.attnum`),
  texts(
    sql`SELECT format('ALTER TABLE %s OWNER TO %I', place, pg_get_userbyid(c.relowner)) FROM pg_class c WHERE c.oid = old`,
  ),
  texts(sql`SELECT format('REVOKE ALL ON %s FROM %I', place, pg_get_userbyid(c.relowner)) FROM pg_class c
    WHERE c.oid = old AND c.relacl IS NOT NULL`),
  texts(sql`SELECT format('GRANT %s ON %s TO %s%s', one.privilege_type, place,
      CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(one.grantee)) END,
      CASE WHEN one.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class c CROSS JOIN aclexplode(c.relacl) AS one WHERE c.oid = old`),
  texts(sql`SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', d.objid::regclass, place, a.attname) FROM pg_depend d
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = old AND d.deptype = 'a'
      AND a.attnum > 0 AND EXISTS (SELECT FROM pg_class s WHERE s.oid = d.objid AND s.relkind = 'S')`),
  texts(sql`SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = old ORDER BY i.indexrelid`),
  texts(sql`SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', place, conname,
      CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname)
    FROM (${constraints}) k WHERE contype IN ('p', 'u') ORDER BY oid`),
  texts(sql`SELECT format('COMMENT ON %s IS %L', target, description) FROM (
      SELECT 'TABLE ' || place, obj_description(old, 'pg_class')
      UNION ALL SELECT format('COLUMN %s.%I', place, a.attname), col_description(old, a.attnum) FROM pg_attribute a
      WHERE a.attrelid = old AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL SELECT format('INDEX %s', i.indexrelid::regclass), obj_description(i.indexrelid, 'pg_class') FROM pg_index i
      WHERE i.indrelid = old
      UNION ALL SELECT format('CONSTRAINT %I ON %s', conname, place), obj_description(oid, 'pg_constraint') FROM (${constraints}) k
      WHERE contype <> 'f'
    ) AS comments (target, description) WHERE description IS NOT NULL`),
], " || ");

/** Foreign keys of the table and to it: each without NOT VALID, unless it was not valid, and then its comment. */
const foreignKeys: Sql = sql`ARRAY(SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname,
      pg_get_constraintdef(k.oid))
    FROM pg_constraint k WHERE k.contype = 'f' AND old IN (k.conrelid, k.confrelid) ORDER BY k.oid)
  || ARRAY(SELECT format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, k.conrelid::regclass,
      obj_description(k.oid, 'pg_constraint'))
    FROM pg_constraint k WHERE k.contype = 'f' AND old IN (k.conrelid, k.confrelid)
      AND obj_description(k.oid, 'pg_constraint') IS NOT NULL)`;
