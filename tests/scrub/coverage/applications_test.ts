/** The three applications' databases of 2018 and 2026, scrubbed by their rules: what goes is gone, and nothing else. @module */

import { assert, assertEquals } from "@std/assert";
import type { EngineName } from "../../../lib/scrub/rules/definition.ts";
import type { ScrubbedDatabase } from "../../../lib/scrub/execute/scrub_database.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";
import { countMarks, type MarkCount } from "../../fixtures/count_marks.ts";
import type { Row } from "../../fixtures/database.ts";
import { fill } from "../../fixtures/fill.ts";
import { engineOf, type SchemaName, schemaNames } from "../../fixtures/load.ts";
import { createDatabase } from "../../fixtures/server_database.ts";
import { sensitiveColumns } from "../../scrubbers/sensitive_columns.ts";
import type { TestServer } from "../../servers.ts";
import { scrubFixture, serverOf } from "../scrub_fixture.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

/** What was found of one schema before and after. */
interface Story {
  readonly scrubbed: ScrubbedDatabase;
  readonly before: readonly MarkCount[];
  readonly after: readonly MarkCount[];
  readonly foreignKeys: number;
}

for (const schema of schemaNames) {
  const engine = engineOf(schema);
  const server = servers[engine];

  Deno.test(`${schema}: scrubs, and marks are left only where the rules leave them`, async (t) => {
    const { scrubbed, before, after, foreignKeys } = await scrubSchema(server, schema);

    await t.step("every table keeps its rows, but for deletions", () => {
      const deleting = new Set(
        scrubbed.changes.filter(({ change: fate }) => fate.deletedKeys).map(({ change: fate }) => fate.table.name),
      );
      for (const { table, column, rows } of after) {
        if (deleting.has(table)) continue;
        assertEquals(rows, before.find((one) => one.table === table && one.column === column)?.rows, table);
      }
    });

    await t.step("a column that changes in every row has no mark left", () => {
      const changing = columnsOf(scrubbed, (only) => !only);
      const left = after.filter((one) => changing.has(`${one.table}.${one.column}`) && one.marked > 0);
      assertEquals(left.map(nameOf), []);
      assert(before.some((one) => changing.has(`${one.table}.${one.column}`) && one.marked > 0), "there were none");
    });

    await t.step("a column that changes in some rows has no restricted mark left", () => {
      const changing = columnsOf(scrubbed, (only) => only);
      const left = after.filter((one) => changing.has(`${one.table}.${one.column}`) && one.restricted > 0);
      assertEquals(left.map(nameOf), []);
    });

    await t.step("a column that no rule changes keeps its marks", () => {
      const changing = columnsOf(scrubbed, () => true);
      const deleting = new Set(
        scrubbed.changes.filter(({ change: fate }) => fate.deletedKeys).map(({ change: fate }) => fate.table.name),
      );
      const lost = after.filter((one) =>
        !changing.has(`${one.table}.${one.column}`) && !deleting.has(one.table) &&
        one.marked !== before.find((other) => nameOf(other) === nameOf(one))?.marked
      );
      assertEquals(lost.map(nameOf), []);
      assert(after.some(({ marked }) => marked > 0), "every mark is gone");
    });

    await t.step("columns of people, staff and tokens have no mark left", () => {
      const people = sensitiveColumns[schema].flatMap(([table, columns, holds]) =>
        holds.startsWith("L") || !/[PST]/.test(holds) ? [] : columns.split(" ").map((column) => `${table}.${column}`)
      );
      const keys = new Set(
        scrubbed.schema.foreignKeys.flatMap(({ child, columns }) => columns.map((name) => `${child}.${name}`)),
      );
      const left = after.filter((one) => people.includes(nameOf(one)) && !keys.has(nameOf(one)) && one.marked > 0);
      assertEquals(left.map(nameOf), []);
    });

    await t.step("no row is an orphan, and every foreign key is there as before", async () => {
      assertEquals(await countForeignKeys(server, engine, schema), foreignKeys);
      assertEquals(scrubbed.schema.foreignKeys.length > 0, true);
      for (const sql of orphanQueries(scrubbed, engine)) assertEquals(await server.run(sql, schema), []);
    });

    await t.step("unique and NOT NULL hold, as the server itself sees it", async () => {
      for (const { name } of scrubbed.schema.tables.slice(0, 200)) {
        if (engine === "mysql") {
          const [row] = await server.run(`CHECK TABLE \`${name}\``, schema);
          assertEquals(row?.["Msg_text"], "OK", name);
        }
      }
      if (engine === "postgresql") await server.run("REINDEX DATABASE", schema);
    });
  });
}

async function scrubSchema(server: TestServer, schema: SchemaName): Promise<Story> {
  const engine = engineOf(schema);
  const scrubber = scrubbers.find(({ name }) => schema.startsWith(name.replaceAll("-", "_")));
  assert(scrubber !== undefined);
  const db = await createDatabase(server, schema, schema, engine === "mysql" ? undefined : "application");
  await fill(db, { rows: 5 });
  const before = await countMarks(db);
  const foreignKeys = await countForeignKeys(server, engine, schema);
  const { scrubbed } = await scrubFixture(server, engine, schema, scrubber, { concurrency: 2 });
  return { scrubbed, before, after: await countMarks(db), foreignKeys };
}

function nameOf({ table, column }: MarkCount): string {
  return `${table}.${column}`;
}

/** Columns with a fate, for all rows or for some. */
function columnsOf(scrubbed: ScrubbedDatabase, wanted: (only: boolean) => boolean): Set<string> {
  return new Set(
    scrubbed.changes.flatMap(({ change: fate }) =>
      fate.columns.filter(({ onlyKeys: only }) => wanted(only !== undefined)).map(({ column }) =>
        `${fate.table.name}.${column.name}`
      )
    ),
  );
}

async function countForeignKeys(server: TestServer, engine: EngineName, database: string): Promise<number> {
  const [row]: readonly Row[] = await server.run(
    engine === "mysql"
      ? "SELECT count(*) AS n FROM information_schema.referential_constraints WHERE constraint_schema = database()"
      : "SELECT count(*) AS n FROM pg_constraint WHERE contype = 'f'",
    database,
  );
  return Number(row?.["n"]);
}

/** For every foreign key a query that gives a row where there is an orphan. */
function orphanQueries({ schema }: ScrubbedDatabase, engine: EngineName): string[] {
  const mark = engine === "mysql" ? "`" : '"';
  const quote = (name: string) => `${mark}${name}${mark}`;
  return schema.foreignKeys.map(({ child, columns, parent, parentColumns }) => {
    const same = columns.map((name, at) => `p.${quote(parentColumns[at] ?? "")} = c.${quote(name)}`).join(" AND ");
    const there = columns.map((name) => `c.${quote(name)} IS NOT NULL`).join(" AND ");
    const none = `NOT EXISTS (SELECT 1 FROM ${quote(parent)} p WHERE ${same})`;
    return `SELECT 1 AS orphan FROM ${quote(child)} c WHERE ${there} AND ${none} LIMIT 1`;
  });
}
