/** Scratch: a database of its own beside each target database, since MySQL's schemas are databases. @module */

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
  if (found.length === 0 || await isOurScratch(session, database)) return;
  throw new ScrubError(
    "scratch",
    `Cannot work in database "${database}": there is a database "${found[0]?.name}", which is the name of our scratch`,
    "Rename that database in production, or drop it there, before the next snapshot.",
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
  for (const name of [scratchDatabase(session.database), copyDatabase(session.database)]) {
    await session.query(sql`DROP DATABASE IF EXISTS ${new Name(name)}`);
  }
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

/** Not by INSERT IGNORE, which would turn other errors, such as NULL keys, into warnings. */
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
