/** Rules that match nothing where something was to be expected. @module */

import { assertEquals } from "@std/assert";
import { sql, type TableRule } from "../../../lib/scrub/rules/definition.ts";
import { lorem, setNull } from "../../../lib/scrub/rules/strategies.ts";
import { suspiciousRules } from "../../../lib/scrub/plan/suspicious.ts";
import { createTestDatabase, engineNames, planFixture, scrubberOf, serverOf } from "../scrub_fixture.ts";

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  const cases = [
    { what: "a selection that is empty", where: sql`id < 0`, expected: "is said" },
    { what: "a selection with rows", where: sql`id < 10`, expected: "is not" },
    { what: "an empty selection of a small table", where: sql`id < 0`, rows: 10, expected: "is not" },
    { what: "an empty selection of rows that go", where: sql`id < 0`, deletes: true, expected: "is said" },
  ] as const;

  for (const [at, one] of cases.entries()) {
    Deno.test(`${engine}: ${one.what} ${one.expected}`, async () => {
      const database = `suspicious_${at}`;
      const rows = "rows" in one ? one.rows : 5000;
      const numbers = engine === "postgresql"
        ? `SELECT n, 'x', 'x' FROM generate_series(1, ${rows}) AS n; ANALYZE notes`
        : `WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < ${rows}) SELECT n, 'x', 'x' FROM s;
          ANALYZE TABLE notes`;
      await createTestDatabase(
        server,
        engine,
        database,
        `${engine === "mysql" ? "SET SESSION cte_max_recursion_depth = 10000;" : ""}
        CREATE TABLE notes (id integer PRIMARY KEY, v varchar(10), w varchar(10)); INSERT INTO notes ${numbers}`,
      );
      const only = { only: "restricted" } as const;
      const rule: TableRule = "deletes" in one
        ? { deleteRows: "restricted", columns: {} }
        : { columns: { v: { ...lorem(), ...only }, w: { ...setNull(), ...only } } };
      const scrubber = scrubberOf(engine, { notes: rule }, { restricted: { of: "notes", where: one.where } });
      await using opened = await planFixture(server, engine, database, scrubber);
      const found = await suspiciousRules(opened.planned);
      const what = "deletes" in one ? "deleted rows" : "column v, column w";
      const sentences = found.map((sentence) => sentence.replace(/about \d+ rows$/, "about N rows"));
      const sentence = `${database}: the rule for notes (${what}) matches none of about N rows`;
      assertEquals(sentences, one.expected === "is said" ? [sentence] : []);
    });
  }
}
