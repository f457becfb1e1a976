/** Reads sequences: where each stands, which columns it numbers, and which of them may hold a number that is a person's. @module */

import type { Cell, Session, Step } from "../../engine/engine.ts";
import { type Counter, isChosen } from "../../engine/counters.ts";
import { findColumn, type Schema } from "../../engine/schema.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { relations } from "./schema_queries.ts";

/**
 * Every sequence outside of temporary schemas, with the columns that it numbers as `[schema, table, column]`: identities, and numbers,
 * of a domain too, with nextval() and nothing else as default; of tables that rules reach, not of views and extensions. What a reader's user may not see is left out; a run's master may see all. The
 * planner may ask for the privilege of every relation, and the function raises an error for one that is no sequence: hence the CASE.
 */
const sequencesQuery = sql`
  WITH used AS (
    SELECT d.refobjid AS sequence, e.adrelid AS relation, e.adnum AS attnum
    FROM pg_attrdef e JOIN pg_depend d
      ON d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_class'::regclass
    WHERE pg_get_expr(e.adbin, e.adrelid) ~ '^nextval\\([(]?''[^'']+''(::text[)])?::regclass\\)$'
    UNION
    SELECT d.objid, d.refobjid, d.refobjsubid FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i' AND d.refobjsubid > 0
  )
  SELECT n.nspname, c.relname, c.oid::regclass::text AS name, s.seqstart::text AS start, s.seqmin::text AS least,
    s.seqmax::text AS most, s.seqincrement::text AS step, s.seqcache::text AS cache,
    (SELECT coalesce(json_agg(json_build_array(tn.nspname, t.relname, a.attname)), '[]')::text
      FROM used u JOIN pg_class t ON t.oid = u.relation JOIN pg_namespace tn ON tn.oid = t.relnamespace
      JOIN pg_attribute a ON a.attrelid = u.relation AND a.attnum = u.attnum JOIN pg_type kind ON kind.oid = a.atttypid
      WHERE u.sequence = c.oid AND kind.typcategory = 'N' AND kind.typname !~ '^reg'
        AND t.oid IN (SELECT reached.oid FROM (${relations}) AS reached WHERE reached.relkind IN ('r', 'p'))) AS columns
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_temp' AND n.nspname <> 'datascrubber'
    AND (current_setting('transaction_read_only') = 'off'
      OR has_schema_privilege(n.oid, 'USAGE') AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT') END)
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

interface Sequence {
  /** As people name it. */
  readonly name: string;
  readonly relation: Name;
  readonly columns: readonly (readonly [schema: string, table: string, column: string])[];
  readonly start: bigint;
  readonly step: bigint;
  readonly last: bigint;
  readonly called: boolean;
  /** Bounds, start, step and cache. */
  readonly settings: readonly bigint[];
}

async function readSequences(session: Session): Promise<readonly Sequence[]> {
  const rows = await session.query(sequencesQuery);
  const relations = rows.map(({ nspname, relname }) => new Name(String(nspname), String(relname)));
  // pg_sequences shows no number that a sequence has not given out yet, but the sequence itself does.
  const parts = relations.map((relation, at) =>
    sql`SELECT ${at} AS place, last_value::text AS last, is_called AS called FROM ${relation}`
  );
  const values = parts.length === 0 ? [] : await session.query(sql`${joinSql(parts, " UNION ALL ")} ORDER BY place`);
  return rows.map((row, at) => ({
    name: String(row["name"]),
    relation: relations[at] ?? new Name(""),
    columns: JSON.parse(String(row["columns"])),
    start: whole(row["start"]),
    step: whole(row["step"]),
    last: whole(values[at]?.["last"]),
    called: values[at]?.["called"] === true,
    settings: ["start", "least", "most", "step", "cache"].map((name) => whole(row[name])),
  }));
}

/**
 * The sequences that may hold a person's number for good: with a long number among its settings, or that stand at
 * one and number no column by which they could be set back.
 */
export async function suspectSequences(session: Session): Promise<readonly FoundObject[]> {
  const suspects = (await readSequences(session)).filter(({ columns, last, settings }) =>
    settings.some((value) => !isChosen(value)) || (columns.length === 0 && !isChosen(last))
  );
  return suspects.map(({ name }) => ({ kind: "sequence", name, text: "none" }));
}

/** The sequences that number columns of the schema's tables. */
export async function readCounters(session: Session, schema: Schema): Promise<readonly Counter[]> {
  const found = await readSequences(session);
  return found.flatMap((sequence): readonly Counter[] => {
    const columns = sequence.columns.flatMap(([space, name, column]) => {
      const table = schema.tables.find((one) => one.schema === space && one.name === name);
      const found = table && findColumn(table, column);
      return found ? [{ table, column: found }] : [];
    });
    const last = sequence.called ? sequence.last : sequence.last - sequence.step;
    const { name, start, step } = sequence;
    const initial = start - step;
    return columns.length === 0 ? [] : [{ name, last, initial, step, columns }];
  });
}

/** The steps that set a sequence back to the greatest number of its columns (the least, where it counts down), or to its start. */
export function restartCounter({ name, step, columns }: Counter): readonly Step[] {
  const [extreme, furthest] = step < 0n ? [sql`min`, sql`least`] : [sql`max`, sql`greatest`];
  const values = columns.map(({ table, column }): Sql =>
    sql`(SELECT ${extreme}(${new Name(column.name)})::bigint FROM ${new Name(table.schema, table.name)})`
  );
  const sequence = sql`${textLiteral(name)}::pg_catalog.regclass`;
  return [{
    label: `restart the sequence ${name}`,
    sql: sql`SELECT setval(${sequence}, CASE WHEN fits THEN furthest ELSE seqstart END, fits)
      FROM (SELECT seqstart, furthest, coalesce(furthest BETWEEN seqmin AND seqmax, false) AS fits
        FROM pg_catalog.pg_sequence CROSS JOIN (SELECT ${furthest}(${joinSql(values, ", ")}) AS furthest) AS used
        WHERE seqrelid = ${sequence}) AS next`,
  }];
}

function whole(value: Cell | undefined): bigint {
  if (typeof value !== "string") throw new TypeError("Cannot read a sequence: its number is none");
  return BigInt(value);
}
