/** What this folder's tests share: a server, sessions on it, and one-liners to ask it. @module */

import type { Session, Target } from "../../lib/engine/engine.ts";
import type { Schema, Table } from "../../lib/engine/schema.ts";
import { findTable } from "../../lib/engine/schema.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { mysql } from "../../lib/mysql/mod.ts";
import type { TestServer } from "../servers.ts";

/** The key of tests: 32 bytes. */
export const key = new Uint8Array(32).map((_, at) => at);

/** A signal that nobody aborts. */
export const never = new AbortController().signal;

/** Where the server's database is, for the master user. */
export function target(server: TestServer, database?: string): Target {
  const { host, port, ca, master } = server;
  return { host, port, ca, ...master, ...(database === undefined ? {} : { database }) };
}

/** A session as the master user. */
export function open(server: TestServer, database?: string, signal: AbortSignal = never): Promise<Session> {
  return mysql.open(target(server, database), key, signal);
}

/** Creates a database with these statements run in it, whatever was there. */
export async function create(server: TestServer, database: string, ...statements: readonly string[]): Promise<void> {
  await server.run(`DROP DATABASE IF EXISTS \`${database}\`; CREATE DATABASE \`${database}\``);
  for (const statement of statements) await server.run(statement, database);
}

/** The only value of the only row. */
export async function value(session: Session, expression: string): Promise<unknown> {
  const [row] = await session.scan(trusted(`SELECT ${expression} AS value`));
  return row?.value;
}

/** A table that must be there. */
export function tableOf(schema: Schema, id: string): Table {
  const table = findTable(schema, id);
  if (table === undefined) throw new Error(`no table ${id}`);
  return table;
}
