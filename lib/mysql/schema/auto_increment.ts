/** Reads where the numbers of AUTO_INCREMENT columns stand, and sets them back. @module */

import type { Session, Step } from "../../engine/engine.ts";
import type { Counter } from "../../engine/counters.ts";
import type { Schema } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { readSequenceCounters, restartSequence } from "./sequences.ts";
import { productOf } from "../sql/product.ts";
import { tableName } from "../sql/table_name.ts";

/** The greatest that there is, in seconds: what the server remembers of a table does not expire. */
const neverExpires = 31536000;

/**
 * The counters of the schema's tables. MySQL may remember for other sessions where one stood a while ago
 * (information_schema_stats_expiry): the greater number counts.
 */
export async function readCounters(session: Session, schema: Schema): Promise<readonly Counter[]> {
  const { database, tables } = schema;
  const query = sql`SELECT table_name AS name, CAST(auto_increment AS CHAR) AS next
    FROM information_schema.tables WHERE table_schema = ${textLiteral(database)} AND table_type = 'BASE TABLE'
      AND auto_increment IS NOT NULL ORDER BY table_name`;
  const now = lastOf(await session.query(query));
  const before = await productOf(session) === "mysql" ? lastOf(await remembered(session, query)) : now;
  const own = tables.flatMap((table): readonly Counter[] => {
    const column = table.columns.find(({ generatedBy }) => generatedBy === "auto_increment");
    const [live, former] = [now.get(table.name), before.get(table.name)];
    const [one, other] = [live ?? former, former ?? live];
    if (table.kind !== "table" || one === undefined || other === undefined) return [];
    const counter = { name: `${table.id} AUTO_INCREMENT`, initial: 0n, step: 1n };
    if (column) return [{ ...counter, last: one > other ? one : other, columns: [{ table, column }] }];
    // What MyISAM keeps of a table without such a column is an option of the inventory.
    return live === other ? [] : [{ ...counter, last: other, columns: [], remembered: table }];
  });
  return [...own, ...await readSequenceCounters(session, schema)];
}

/** The last number by the table's name. */
function lastOf(rows: Awaited<ReturnType<Session["query"]>>): ReadonlyMap<string, bigint> {
  return new Map(rows.map(({ name, next }) => [String(name), BigInt(String(next)) - 1n]));
}

/** What the server remembers, and nothing added to it: a session that may not write leaves it as it is. */
async function remembered(session: Session, query: Sql): ReturnType<Session["query"]> {
  const [before] = await session.query(
    sql`SELECT @@transaction_read_only AS reading, @@information_schema_stats_expiry AS expiry`,
  );
  await session.query(
    sql`SET SESSION transaction_read_only = 1, SESSION information_schema_stats_expiry = ${neverExpires}`,
  );
  const rows = await session.query(query);
  await session.query(
    sql`SET SESSION transaction_read_only = ${Number(before?.reading)},
      SESSION information_schema_stats_expiry = ${Number(before?.expiry)}`,
  );
  return rows;
}

/**
 * The steps that set a counter back: the server raises 1 to the number behind the greatest one that a row has. Then it forgets where
 * the counter stood.
 */
export function restartCounter(counter: Counter, schema: Schema): readonly Step[] {
  const { name, columns, remembered, sequence } = counter;
  if (sequence) return restartSequence(counter, sequence, schema);
  const { database } = schema;
  const tables = columns.map(({ table }) => table);
  return [
    ...tables.map((table) => (
      { label: `restart ${name}`, sql: sql`ALTER TABLE ${tableName(database, table)} AUTO_INCREMENT = 1` }
    )),
    ...[...tables, ...(remembered ? [remembered] : [])].map((table) => (
      { label: `forget ${name}`, sql: sql`ANALYZE NO_WRITE_TO_BINLOG TABLE ${tableName(database, table)}` }
    )),
  ];
}
