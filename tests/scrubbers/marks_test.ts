/**
 * Both dates of the three applications with a mark in every column that can hold one: after a run no mark is left where it
 * matters, and those in low columns are all still there.
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { definitionFor } from "../../lib/scrub/rules/bind.ts";
import type { Definition } from "../../lib/scrub/rules/definition.ts";
import { countMarks } from "../fixtures/count_marks.ts";
import { fill } from "../fixtures/fill.ts";
import { engineOf, type SchemaName, schemaNames } from "../fixtures/load.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { coverAndScrub } from "../scrub/coverage/cover_fixture.ts";
import { serverOf } from "../scrub/scrub_fixture.ts";
import { fixtureSchema } from "./fixture_schema.ts";
import { scrubberOf } from "./scrubber_of.ts";
import { sensitiveColumns } from "./sensitive_columns.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

/** What every database of Rails has besides its own schema. */
const framework = `CREATE TABLE schema_migrations (version varchar(255) NOT NULL PRIMARY KEY);
  CREATE TABLE ar_internal_metadata ("key" varchar(255) NOT NULL PRIMARY KEY, value varchar(255));
  INSERT INTO schema_migrations VALUES ('20260821000000')`;

type Counts = Awaited<ReturnType<typeof countMarks>>;

for (const name of schemaNames) {
  Deno.test(`${name}: no mark is left where it matters, and every low one is`, async () => {
    const engine = engineOf(name);
    const db = await createDatabase(servers[engine], name, `marked_${name.replace("-", "_")}`, "application");
    await fill(db, { rows: 5 });
    await db.run(engine === "mysql" ? framework.replaceAll('"', "`") : framework);
    const before = await countMarks(db);
    const definition = definitionFor(scrubberOf(name), await fixtureSchema(name));
    const report = await coverAndScrub(servers[engine], engine, `marked_${name.replace("-", "_")}`, scrubberOf(name));
    assertEquals([report.unaccounted, report.blanked], [[], []]);
    const after = await countMarks(db);
    assertGreater(left(name, definition, before).length, 10);
    assertEquals(left(name, definition, after), []);
    assertEquals(wiped(definition, before, after), []);
    const { lost, kept } = low(definition, before, after);
    assertEquals(lost, []);
    assertGreater(kept, 15);
  });
}

/** Marks that should be gone: of people, staff and tokens in all rows, of restricted content in restricted rows. */
function left(name: SchemaName, definition: Definition, counts: Counts): string[] {
  return sensitiveColumns[name].flatMap(([table, columns, holds]) =>
    columns.split(" ").flatMap((column) => {
      const rule = ruleOf(definition, table, column);
      const found = counts.find((one) => one.table === table && one.column === column);
      // Keys stay; the rows that they lead to are replaced.
      if (!found || holds.startsWith("L P") || holds === "L F" || rule?.strategy === "keep") return [];
      const marks = /[PST]/.test(holds) ? found.marked : found.restricted;
      return marks === 0 ? [] : [`${table}.${column}: ${marks} marks (${holds})`];
    })
  );
}

/** Columns of which only restricted rows should change, and no open one is left. */
function wiped(definition: Definition, before: Counts, after: Counts): string[] {
  return before.filter(({ table, column, open }) => {
    if (open === 0 || ruleOf(definition, table, column)?.only === undefined) return false;
    return after.find((one) => one.table === table && one.column === column)?.open === 0;
  }).map(({ table, column }) => `${table}.${column}`);
}

/** Columns that no rule changes, in tables that no rule takes rows from: how many marks stay, and where one is lost. */
function low(definition: Definition, before: Counts, after: Counts): { lost: string[]; kept: number } {
  const lost: string[] = [];
  let kept = 0;
  for (const { table, column, marked } of before) {
    const rule = ruleOf(definition, table, column);
    if (marked === 0 || (rule && rule.strategy !== "keep") || goes(definition, table)) continue;
    const now = after.find((one) => one.table === table && one.column === column)?.marked ?? 0;
    if (now === marked) kept++;
    else lost.push(`${table}.${column}: ${marked} marks became ${now}`);
  }
  return { lost, kept };
}

function ruleOf({ tables }: Definition, table: string, column: string) {
  const rule = tables[table];
  return rule && "columns" in rule ? rule.columns[column] : undefined;
}

/** Rows of this table are deleted, themselves or with their mails. */
function goes({ tables }: Definition, table: string): boolean {
  const rule = tables[table];
  const hangsOnMails = ["subscription_contents", "delivery_attempts"].includes(table);
  return hangsOnMails || (rule !== undefined && "columns" in rule && rule.deleteRows !== undefined);
}
