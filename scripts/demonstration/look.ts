/** A look into two snapshots, before and after: rows side by side, and counts of the marks that sensitive values carry. @module */

import { countMarks } from "../../tests/fixtures/count_marks.ts";
import type { Row } from "../../tests/fixtures/database.ts";
import type { SchemaName } from "../../tests/fixtures/load.ts";
import { databaseOf } from "../../tests/fixtures/server_database.ts";
import type { LocalRds } from "../local_rds/local_rds.ts";
import type { Server } from "../local_rds/server.ts";
import { say, title } from "./say.ts";

/** Which snapshots to compare. */
export interface Looked {
  readonly id: string;
  readonly engine: "postgres" | "mysql";
  readonly databases: readonly { readonly database: string; readonly schema: SchemaName }[];
  readonly before: string;
  readonly after: string;
}

/** Columns to show, by the start of the schema's name. */
const shown: Readonly<
  Record<string, readonly (readonly [table: string, columns: readonly string[], where?: string])[]>
> = {
  email_alert_api: [
    ["subscribers", ["id", "address", "signon_user_uid"]],
    ["emails", ["id", "address", "subject", "body"]],
    ["users", ["id", "name", "email", "uid"]],
    ["subscriber_lists", ["id", "title", "slug"]],
  ],
  publishing_api: [
    ["editions", ["id", "title", "base_path", "content_store"]],
    ["events", ["id", "action", "user_uid", "payload"]],
    ["users", ["id", "name", "email"]],
  ],
  whitehall: [
    ["editions", ["id", "state", "access_limiting", "slug"]],
    ["edition_translations", ["id", "edition_id", "title", "body"]],
    ["fact_check_requests", ["id", "email_address", "comments"]],
    ["users", ["id", "name", "email"]],
  ],
};

/** Prints both, and says how many rows still hold a mark. */
export async function look(rds: LocalRds, looked: Looked): Promise<void> {
  await using before = await rds.openSnapshot(looked.before);
  await using after = await rds.openSnapshot(looked.after);
  for (const { database, schema } of looked.databases) {
    title(`${looked.id}, database ${database}: before and after`);
    for (const [table, columns] of shown[schema.split("-")[0] ?? ""] ?? []) {
      await showRows(looked.engine, before, after, database, table, columns);
    }
    const engine = looked.engine === "mysql" ? "mysql" : "postgresql";
    const [marksBefore, marksAfter] = [
      await countMarks(databaseOf(before, engine, database)),
      await countMarks(databaseOf(after, engine, database)),
    ].map((counts) => counts.reduce((sum, { marked }) => sum + marked, 0));
    say(`\nvalues that hold a mark: ${marksBefore} before, ${marksAfter} after`);
  }
}

async function showRows(
  engine: "postgres" | "mysql",
  before: Server,
  after: Server,
  database: string,
  table: string,
  columns: readonly string[],
): Promise<void> {
  const quote = (name: string) => engine === "mysql" ? `\`${name}\`` : `"${name}"`;
  const list = columns.map(quote).join(", ");
  const [key = "id"] = columns;
  // Rows that are left, and the same ones before.
  const rows = await after.run(`SELECT ${list} FROM ${quote(table)} ORDER BY ${quote(key)} LIMIT 3`, database);
  const keys = rows.map((row) => `'${String(row[key])}'`).join(", ");
  if (keys === "") return;
  const old = await before.run(
    `SELECT ${list} FROM ${quote(table)} WHERE ${quote(key)} IN (${keys}) ORDER BY ${quote(key)}`,
    database,
  );
  say(`\n${table} (${columns.join(", ")})`);
  for (const [at, row] of rows.entries()) {
    say(`  before  ${line(old[at], columns)}`);
    say(`  after   ${line(row, columns)}`);
  }
}

function line(row: Row | undefined, columns: readonly string[]): string {
  return columns.map((name) => {
    const value = row?.[name];
    const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "NULL");
    const flat = text.replaceAll(/\s+/g, " ");
    return flat.length > 44 ? `${flat.slice(0, 43)}…` : flat;
  }).join(" | ");
}
