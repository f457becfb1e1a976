/** Scratch: keys of rows in unlogged tables of a schema of our own, which is dropped before the snapshot. @module */

import { foreignScratchInPlace } from "../../engine/database_error.ts";
import type { Scratch, Session, Step } from "../../engine/engine.ts";
import { findColumn, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql, stringConstant, textLiteral } from "../sql/literals.ts";
import { expressions } from "../expressions/expressions.ts";
import { createFingerprints } from "../leak_search/fingerprints.ts";
import { createDigits } from "../expressions/digits.ts";
import { createParser } from "../expressions/json.ts";
import { createSpelled } from "../expressions/spelled.ts";
import { createSubstituted } from "../expressions/substitution.ts";
import { scratchSchema } from "../sql/table_name.ts";

const schema = new Name(scratchSchema);
/** NAMEDATALEN less one: the server cuts longer names off, and two of them could become one. */
const longestName = 63;

/** A function whose body is a pseudonym: without the run's key, no schema can pass for ours. */
const mark = new Name(scratchSchema, "mark");

/**
 * Creates the schema, empty but for functions, and drops an earlier one of ours.
 *
 * @throws {ScrubError} `scratch` where the schema is not ours.
 */
export async function openScratch(session: Session): Promise<void> {
  await closeScratch(session);
  const functions = [
    createSubstituted,
    createSpelled,
    createParser,
    ...createDigits,
    ...createFingerprints(expressions.pseudonym),
  ].map(({ text }) => sql`EXECUTE ${stringConstant(text)};`);
  // In one transaction, which is written to disk once.
  const all = sql`BEGIN
    ${createMarked}
    ${joinSql(functions, "\n")}
  END`;
  await session.query(sql`DO ${stringConstant(all.text)}`);
}

const body = sql`pg_catalog.format('SELECT %L', ${expressions.pseudonym(textLiteral("scratch of datascrubber"))})`;
const createMarked = sql`CREATE SCHEMA ${schema};
  EXECUTE pg_catalog.format('CREATE FUNCTION ${mark}() RETURNS pg_catalog.text LANGUAGE sql AS %L', ${body});`;

/**
 * Inventories leave scratch out: data of production must not hide behind its name.
 *
 * @throws {ScrubError} `scratch` where a schema of its name is not ours.
 */
export async function refuseForeignScratch(session: Session): Promise<void> {
  const [found] = await session.query(sql`
    SELECT EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid AND proname = 'mark')
      AND coalesce(current_setting('datascrubber.key', true), '') <> '' AS marked
    FROM pg_namespace n WHERE n.nspname = ${textLiteral(scratchSchema)}`);
  if (found === undefined || await isMarked(session)) return;
  if (found["marked"] === true) {
    const [ours] = await session.query(sql`SELECT bool_and(prosrc = ${body}) AS ours FROM pg_proc
      WHERE pronamespace = ${textLiteral(scratchSchema)}::regnamespace AND proname = 'mark'`);
    if (ours?.["ours"] === true) return;
  }
  throw new ScrubError(
    "scratch",
    `Cannot work in database "${session.database}": it has a schema "${scratchSchema}", which is the name of our scratch`,
    "Rename the schema in production, or drop it there, before the next snapshot.",
    { inPlace: foreignScratchInPlace },
  );
}

/**
 * Drops the schema with all that is in it.
 *
 * @throws {ScrubError} `scratch` where the schema is not ours.
 */
export async function closeScratch(session: Session): Promise<void> {
  await refuseForeignScratch(session);
  await session.query(sql`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}

/** A table without columns that says it by its name, since a comment would be one more object of the database. */
const markName = "scrub not finished: this database may hold personal data";
const unfinished = new Name(scratchSchema, markName);

/** See {@linkcode Engine.markUnfinished}. In one transaction. */
export async function markUnfinished(session: Session, alone?: "alone"): Promise<void> {
  await refuseForeignScratch(session);
  const drop = sql`DROP SCHEMA IF EXISTS ${schema} CASCADE;`;
  const mark = sql`BEGIN
    ${alone ? drop : sql``}
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${unfinished} ();
  END`;
  await session.query(sql`DO ${stringConstant(mark.text)}`);
}

/** Whether a run of ours marked the schema, and did not come to its end. */
async function isMarked(session: Session): Promise<boolean> {
  const [row] = await session.query(sql`
    SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${textLiteral(scratchSchema)} AND c.relname = ${textLiteral(markName)} AND c.relkind = 'r'
        AND c.relnatts = 0) AS marked`);
  return row?.["marked"] === true;
}

/** The scratch that a name stands for; equal names are equal scratch. */
export function scratch(_database: string, name: string, of: Table): Scratch {
  return { table: new Name(scratchSchema, fitted(name)), of };
}

/**
 * Creates the table and fills it. Its primary key removes duplicates and serves EXISTS.
 *
 * @throws {ScrubError} `table` where the table has no primary key.
 */
export function fillScratch(scratch: Scratch, rows: Sql): readonly Step[] {
  const { table, of } = scratch;
  if (of.primaryKey.length === 0) {
    throw new ScrubError(
      "table",
      `Cannot select rows of ${of.id}: it has no primary key`,
      "Write the rule for all its rows, without a selection.",
    );
  }
  const columns = of.primaryKey.map((name) => sql`${new Name(name)} ${keyType(of, name)} NOT NULL`);
  const create = sql`CREATE UNLOGGED TABLE ${table} (${joinSql(columns, ", ")}, PRIMARY KEY (${keyOf(of)}))`;
  return [
    { label: `make scratch for rows of ${of.id}`, sql: create },
    addToScratch(scratch, rows),
    { label: `count scratch for rows of ${of.id}`, sql: sql`ANALYZE ${table}` },
  ];
}

/** Adds rows; `run` returns how many were new. */
export function addToScratch({ table, of }: Scratch, rows: Sql): Step {
  return {
    label: `select rows of ${of.id}`,
    sql: sql`INSERT INTO ${table} (${keyOf(of)}) SELECT * FROM (${rows}) AS picked ON CONFLICT DO NOTHING`,
  };
}

/** The primary key's columns, as a list. */
function keyOf(table: Table): Sql {
  return joinSql(table.primaryKey.map((name) => sql`${new Name(name)}`), ", ");
}

function keyType(table: Table, name: string): Sql {
  const column = findColumn(table, name);
  if (!column) throw new TypeError(`Cannot make scratch for ${table.id}: its key's column "${name}" is not there`);
  return trusted(column.type);
}

function fitted(name: string): string {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= longestName) return name;
  const start = [...name].slice(0, 12).join("");
  return `${start} ${fingerprint(bytes)}`;
}

/** FNV-1a, 64 bits: distinguishes long names; it need not be hard to forge. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, "0");
}
