/** Scratch: a database of its own beside each target database, since MySQL's schemas are databases. @module */

import { foreignScratchInPlace } from "../../engine/database_error.ts";
import { createHash } from "node:crypto";
import type { Scratch, Session, Step } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { expressions } from "../expressions/expressions.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** Marks tables as ours: by the name alone, a production database of that name would be taken for scratch. */
export const scratchComment = "datascrubber scratch";

/** MySQL's limit on names, in characters. */
const longestName = 64;

/** The database that holds a target database's scratch. */
export function scratchDatabase(database: string): string {
  return fit(`datascrubber_${database}`);
}

/** The database in which copies of a target database's tables are made before they replace them: all names are free there. */
export function copyDatabase(database: string): string {
  return fit(`datascrubbercopy_${database}`);
}

/** The scratch that a name stands for. */
export function scratch(database: string, name: string, of: Table): Scratch {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, "_");
  const table = plain === name ? fit(name) : fit(`${plain}_${digest(name)}`);
  return { table: new Name(scratchDatabase(database), table), of };
}

/** A table that holds a pseudonym: without the run's key, no database can pass for ours. No scratch has this name. */
const mark = "datascrubber-mark";

function markOf(database: string): Sql {
  return expressions.pseudonym(textLiteral(`scratch of ${database}`));
}

/** Whether the databases of a target database's scratch and copies, as far as there are any, are ours. */
export async function isOurScratch(session: Session, database: string): Promise<boolean> {
  const place = scratchDatabase(database);
  const marks = await session.query(sql`SELECT 1 FROM information_schema.columns JOIN information_schema.tables
      USING (table_schema, table_name) WHERE table_schema = ${textLiteral(place)} AND table_name = ${textLiteral(mark)}
      AND column_name = 'mark' AND table_type = 'BASE TABLE' AND engine = 'InnoDB'`);
  if (marks.length === 0) return false;
  const [found] = await session.query(
    sql`SELECT MAX(mark = ${markOf(database)}) AS ours FROM ${new Name(place, mark)}`,
  );
  return found?.ours === 1;
}

/** @throws {ScrubError} `scratch` where a database of scratch's name is not ours. */
async function refuseForeignScratch(session: Session): Promise<void> {
  const { database } = session;
  const names = [scratchDatabase(database), copyDatabase(database)];
  const found = await session.query(sql`SELECT schema_name AS name FROM information_schema.schemata
    WHERE schema_name IN (${joinSql(names.map(textLiteral), ", ")})`);
  if (found.length === 0 || await isMarked(session) || await isOurScratch(session, database)) return;
  throw new ScrubError(
    "scratch",
    `Cannot work in database "${database}": there is a database "${found[0]?.name}", which is the name of our scratch`,
    "Rename that database in production, or drop it there, before the next snapshot.",
    { inPlace: foreignScratchInPlace },
  );
}

/**
 * Creates empty databases for scratch and for copies, and drops earlier ones of ours.
 *
 * @throws {ScrubError} `scratch` where a database of their names is not ours.
 */
export async function openScratch(session: Session): Promise<void> {
  await closeScratch(session);
  for (const name of [scratchDatabase(session.database), copyDatabase(session.database)]) {
    await session.query(sql`CREATE DATABASE ${new Name(name)} CHARACTER SET utf8mb4`);
  }
  await session.query(sql`CREATE TABLE ${new Name(scratchDatabase(session.database), mark)}
    (mark char(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY) ENGINE=InnoDB COMMENT=${
    trusted(`'${scratchComment}'`)
  }
    SELECT ${markOf(session.database)} AS mark`);
}

/**
 * Drops them.
 *
 * @throws {ScrubError} `scratch` where a database of their names is not ours.
 */
export async function closeScratch(session: Session): Promise<void> {
  await refuseForeignScratch(session);
  await putCopiesInPlace(session);
  for (const name of [scratchDatabase(session.database), copyDatabase(session.database)]) {
    await session.query(sql`DROP DATABASE IF EXISTS ${new Name(name)}`);
  }
}

const unfinished = "datascrubber-unfinished";
const unfinishedText =
  "A scrub of the database that this is called after did not come to its end: it may hold personal data. " +
  "Scrub it again, or drop both.";

/** See {@linkcode Engine.markUnfinished}. The mark is with the copies: among scratch every name may be taken. */
export async function markUnfinished(session: Session, alone?: "alone"): Promise<void> {
  await refuseForeignScratch(session);
  const place = copyDatabase(session.database);
  await session.query(sql`CREATE DATABASE IF NOT EXISTS ${new Name(place)} CHARACTER SET utf8mb4`);
  await session.query(sql`CREATE TABLE IF NOT EXISTS ${new Name(place, unfinished)} (nothing int) ENGINE=InnoDB
    COMMENT=${trusted(`'${unfinishedText}'`)}`);
  if (!alone) return;
  await putCopiesInPlace(session);
  for (const { name } of await copiesOf(session)) await session.query(sql`DROP TABLE ${new Name(place, name)}`);
  await session.query(sql`DROP DATABASE IF EXISTS ${new Name(scratchDatabase(session.database))}`);
}

/** Whether a run of ours marked the database of the copies, and did not come to its end. */
async function isMarked(session: Session): Promise<boolean> {
  const marks = await session.query(sql`SELECT 1 FROM information_schema.tables
    WHERE table_schema = ${textLiteral(copyDatabase(session.database))} AND table_name = ${textLiteral(unfinished)}
      AND table_comment = ${textLiteral(unfinishedText)}`);
  return marks.length > 0;
}

/** The copies of tables, and whether each is all that is left of its table: a swap drops the old one before it renames the copy. */
async function copiesOf(session: Session): Promise<readonly { readonly name: string; readonly alone: boolean }[]> {
  const rows = await session.query(
    sql`SELECT c.table_name AS name, NOT EXISTS (SELECT 1 FROM information_schema.tables AS t
      WHERE t.table_schema = ${textLiteral(session.database)} AND t.table_name = c.table_name) AS alone
    FROM information_schema.tables AS c WHERE c.table_schema = ${textLiteral(copyDatabase(session.database))}
      AND c.table_name <> ${textLiteral(unfinished)} ORDER BY c.table_name`,
  );
  return rows.map(({ name, alone }) => ({ name: String(name), alone: Number(alone) === 1 }));
}

/** Ends swaps that were interrupted between their last two steps. */
async function putCopiesInPlace(session: Session): Promise<void> {
  for (const statement of await swapsToEnd(session)) await session.query(statement);
}

/** The statements that end swaps which were interrupted. Reads only. */
export async function swapsToEnd(session: Session): Promise<readonly Sql[]> {
  const { database } = session;
  return (await copiesOf(session)).filter(({ alone }) => alone).map(({ name }) =>
    sql`RENAME TABLE ${new Name(copyDatabase(database), name)} TO ${new Name(database, name)}`
  );
}

/** Creates scratch with key columns of the source's own types and collations, then fills it. */
export function fillScratch(target: Scratch, rows: Sql): readonly Step[] {
  const keys = keysOf(target);
  return [{
    label: `create scratch of ${target.of.id}`,
    sql: sql`CREATE TABLE ${target.table} (PRIMARY KEY (${keys})) ENGINE=InnoDB COMMENT=${
      trusted(`'${scratchComment}'`)
    } SELECT ${keys} FROM ${new Name(
      target.of.schema,
      target.of.name,
    )} LIMIT 0`,
  }, addToScratch(target, rows)];
}

/**
 * Not by INSERT IGNORE, which would turn other errors, such as NULL keys, into warnings.
 *
 * @throws {TypeError} for a table without a primary key.
 */
export function addToScratch(target: Scratch, rows: Sql): Step {
  const keys = keysOf(target);
  const [first] = target.of.primaryKey;
  if (first === undefined) throw new TypeError(`Cannot keep keys of ${target.of.id}: it has no primary key`);
  const same = sql`${target.table}.${new Name(first)}`;
  return {
    label: `fill scratch of ${target.of.id}`,
    sql:
      sql`INSERT INTO ${target.table} (${keys}) SELECT found.* FROM (${rows}) AS found ON DUPLICATE KEY UPDATE ${new Name(
        first,
      )} = ${same}`,
  };
}

function keysOf({ of }: Scratch): Sql {
  return joinSql(of.primaryKey.map((key) => sql`${new Name(key)}`), ", ");
}

/** A name that is too long keeps its start and gets a digest of the whole. */
function fit(name: string): string {
  if ([...name].length <= longestName) return name;
  return [...name].slice(0, longestName - 17).join("") + "_" + digest(name);
}

function digest(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 16);
}
