/** Reads where the numbers of AUTO_INCREMENT columns stand, and sets them back. @module */

import type { Session, Step } from "../../engine/engine.ts";
import type { Counter } from "../../engine/counters.ts";
import type { Schema } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { tableName } from "../sql/table_name.ts";

/** The greatest that there is, in seconds: what the server remembers of a table does not expire. */
const neverExpires = 31536000;

/**
 * The counters of the schema's tables. The server may remember for other sessions where one stood a while ago
 * (information_schema_stats_expiry): the greater number counts.
 */
export async function readCounters(session: Session, { database, tables }: Schema): Promise<readonly Counter[]> {
  const query = sql`SELECT table_name AS name, CAST(auto_increment AS CHAR) AS next
    FROM information_schema.tables WHERE table_schema = ${textLiteral(database)} AND table_type = 'BASE TABLE'
      AND auto_increment IS NOT NULL ORDER BY table_name`;
  const rows = [...await session.query(query), ...await remembered(session, query)];
  const next = Map.groupBy(rows, ({ name }) => String(name));
  return tables.flatMap((table): readonly Counter[] => {
    const column = table.columns.find(({ generatedBy }) => generatedBy === "auto_increment");
    const numbers = (next.get(table.name) ?? []).map(({ next }) => BigInt(String(next)) - 1n);
    if (!column || table.kind !== "table" || numbers.length === 0) return [];
    const last = numbers.reduce((one, other) => one > other ? one : other);
    return [{ name: `${table.id} AUTO_INCREMENT`, last, initial: 0n, step: 1n, columns: [{ table, column }] }];
  });
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
export function restartCounter({ name, columns }: Counter, { database }: Schema): readonly Step[] {
  return columns.flatMap(({ table }) => [
    { label: `restart ${name}`, sql: sql`ALTER TABLE ${tableName(database, table)} AUTO_INCREMENT = 1` },
    { label: `forget ${name}`, sql: sql`ANALYZE NO_WRITE_TO_BINLOG TABLE ${tableName(database, table)}` },
  ]);
}
