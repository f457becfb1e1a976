/** Random migrations on real servers: a run refuses what they added, or empties it; no mark gets through either way. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { quoteName } from "../fixtures/database.ts";
import { fill } from "../fixtures/fill.ts";
import { engineOf, type SchemaName } from "../fixtures/load.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { coverAndScrub, refusalOf, strict } from "../scrub/coverage/cover_fixture.ts";
import { serverOf } from "../scrub/scrub_fixture.ts";
import { fixtureSchema } from "./fixture_schema.ts";
import { scrubberOf } from "./scrubber_of.ts";
import { seed } from "../seed.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

/** A type and a value with a mark in it. */
const types = {
  postgresql: [["text", "'zmark'"], ["jsonb", `'{"a": "zmark"}'`], ["text[]", "'{zmark}'"], ["bytea", "'zmark'"], [
    "varchar(30)",
    "'zmark'",
  ]],
  mysql: [["text", "'zmark'"], ["json", `'{"a": "zmark"}'`], ["blob", "'zmark'"], ["varchar(30)", "'zmark'"]],
} as const;

interface Added {
  readonly table: string;
  readonly column: string;
}

for (const name of ["email_alert_api-2026", "publishing_api-2026", "whitehall-2026"] satisfies SchemaName[]) {
  const engine = engineOf(name);
  const schema = await fixtureSchema(name);
  const addition = fc.record({
    table: fc.constantFrom(...schema.tables.map(({ id }) => id)),
    column: fc.stringMatching(/^z[a-z]{4,9}(_id|_at|_count)?$/),
    type: fc.constantFrom(...types[engine]),
    strict: fc.boolean(),
  });
  const [additions = []] = fc.sample(
    fc.uniqueArray(addition, { minLength: 6, maxLength: 6, selector: (one) => one.table }),
    {
      numRuns: 1,
      seed,
    },
  );

  Deno.test(`${name}: random columns are refused, and empty after --on-drift blank (seed ${seed})`, async () => {
    const database = `random_${name.replace("-", "_")}`;
    const db = await createDatabase(servers[engine], name, database, "application");
    await fill(db, { rows: 1 });
    const quoted = (table: string) => quoteName(engine, table);
    const added: Added[] = [];
    for (const { table, column, type: [type, value], strict } of additions) {
      await db.run(`ALTER TABLE ${quoted(table)} ADD ${column} ${type}`);
      await db.run(`UPDATE ${quoted(table)} SET ${column} = ${value}`);
      if (strict && engine === "postgresql") await db.run(`ALTER TABLE ${quoted(table)} ALTER ${column} SET NOT NULL`);
      added.push({ table, column });
    }
    const run = (onDrift: "refuse" | "blank") =>
      coverAndScrub(servers[engine], engine, database, scrubberOf(name), { ...strict, onDrift });

    const { message } = await refusalOf(run("refuse"));
    for (const { table, column } of added) assertStringIncludes(message, `${table}.${column} `);
    assertEquals(await marksIn(added), added.length);

    const report = await run("blank");
    assertEquals(report.blanked.length, added.length);
    assertEquals(await marksIn(added), 0);

    /** How many of the new columns still hold a mark. */
    async function marksIn(columns: readonly Added[]): Promise<number> {
      let found = 0;
      for (const { table, column } of columns) {
        const text = engine === "mysql" ? `CONVERT(${column} USING utf8mb4)` : `${column}::text`;
        const bytes = engine === "postgresql" ? ` OR ${column}::text LIKE '%7a6d61726b%'` : "";
        const [row] = await db.run(`SELECT count(*) AS n FROM ${quoted(table)} WHERE ${text} LIKE '%zmark%'${bytes}`);
        if (Number(row?.["n"]) > 0) found++;
      }
      return found;
    }
    assert(additions.length > 0);
  });
}
