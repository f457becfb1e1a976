/** Places where production's data were hidden from a run: old rows of a crashed volume, accounts, names of our own scratch. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { Server } from "../../scripts/local_rds/server.ts";
import { leftIn, nothing, oneApplication, runProgram } from "./stage.ts";

/** Bytes as they stand in files. Production's own mark is in columns that stay, too. */
const mark = "zhiddenmark";
const postgresqlDatabase = "email-alert-api_production";
const mysqlDatabase = "whitehall_production";

const rds = await startLocalRds();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());

/** Adds a production with one application's database. The name tells its instance from others. */
async function addProduction(id: string, engine: "postgres" | "mysql", more: (server: Server) => Promise<void>) {
  const application = engine === "postgres"
    ? oneApplication("email_alert_api-2026", postgresqlDatabase, { rows: 1 })
    : oneApplication("whitehall-2026", mysqlDatabase, { rows: 1 });
  await rds.addProduction({ id, ...await application, change: more });
}

/** Files of a snapshot that hold a text. */
async function filesWith(snapshot: string, text: string): Promise<string> {
  const { stdout } = await new Deno.Command("grep", {
    args: ["-rlaP", text, "."],
    cwd: rds.dataDirOf(snapshot),
    env: { LC_ALL: "C" },
  }).output();
  return new TextDecoder().decode(stdout);
}

for (
  const { engine, flag, database, place, more, open } of [
    {
      engine: "postgres",
      flag: "--postgresql-instances",
      database: postgresqlDatabase,
      place: /^\.\/base\//m,
      // Eight bytes that spell a word backwards; a table of structure alone with nothing else dropped.
      more: `SET ROLE application;
        CREATE TABLE schema_migrations (version text PRIMARY KEY);
        INSERT INTO schema_migrations SELECT '${mark} ' || n FROM generate_series(1, 500) n;
        DELETE FROM schema_migrations WHERE version LIKE '${mark}%';
        ALTER TABLE matched_content_changes ADD COLUMN number bigint;
        UPDATE matched_content_changes SET number = ${BigInt("0x" + hexOf("krambmun"))};
        ALTER TABLE matched_content_changes DROP COLUMN number`,
      open: undefined,
    },
    {
      engine: "mysql",
      flag: "--mysql-instances",
      database: mysqlDatabase,
      place: /^\.\/whitehall_production\//m,
      more: `CREATE USER rds_report@'%' IDENTIFIED BY 'OldPassword1' COMMENT 'of ${mark}';
        CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY);
        INSERT INTO schema_migrations
          WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500) SELECT CONCAT('${mark} ', n) FROM n;
        DELETE FROM schema_migrations WHERE version LIKE '${mark}%'`,
      open: async (server: Server) =>
        assertEquals(
          await server.run(
            "SELECT account_locked AS locked, user_attributes LIKE '%comment%' AS told FROM mysql.user WHERE user = 'rds_report'",
          ),
          [{ locked: "Y", told: 0 }],
        ),
    },
  ] as const
) {
  Deno.test(`a ${engine} snapshot of a volume that was never stopped cleanly holds no old row when it is scrubbed`, async () => {
    const id = `crashed-${engine}`;
    await addProduction(id, engine, async (server) => {
      await server.run(more, database);
      await server.stop("now");
    });
    const source = rds.snapshots().find(({ instanceId }) => instanceId === id)?.id ?? "";
    const { code, stderr } = await runProgram(rds, [flag, id]);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /tables that no rule touches are rewritten/);
    const made = rds.made().at(-1) ?? "";
    for (const text of engine === "postgres" ? [mark, "numbmark"] : [mark]) {
      assert((await filesWith(source, text)) !== "", `the search finds no ${text} even before the scrub`);
      assertEquals((await filesWith(made, text)).match(place), null);
    }
    if (open === undefined) return;
    await using server = await rds.openSnapshot(made);
    await open(server);
  });
}

const refused: readonly {
  readonly id: string;
  readonly engine: "postgres" | "mysql";
  readonly make: string;
  readonly database?: string;
  readonly message: string;
}[] = [
  {
    id: "locked-out",
    engine: "postgres",
    make: "CREATE ROLE stranger LOGIN PASSWORD 'p'",
    message: 'Cannot take the passwords of "stranger": the master user may not alter these roles (42501)',
  },
  {
    id: "own-name",
    engine: "postgres",
    make: `SET ROLE application; CREATE SCHEMA datascrubber; CREATE TABLE datascrubber.t AS SELECT '${mark}' AS a`,
    database: postgresqlDatabase,
    message:
      `Cannot work in database "${postgresqlDatabase}": it has a schema "datascrubber", which is the name of our scratch`,
  },
  {
    id: "out-of-reach",
    engine: "mysql",
    make: "CREATE USER boss@'%' IDENTIFIED BY 'OldPassword1'; GRANT SYSTEM_USER ON *.* TO boss@'%'",
    message: 'Cannot lock account "boss@%": the master user may not',
  },
  {
    id: "own-database",
    engine: "mysql",
    make: `CREATE DATABASE datascrubber_${mysqlDatabase};
      CREATE TABLE datascrubber_${mysqlDatabase}.t (a text) COMMENT='datascrubber scratch' SELECT '${mark}' AS a`,
    message:
      `Cannot work in database "${mysqlDatabase}": there is a database "datascrubber_${mysqlDatabase}", which is the name`,
  },
];

Deno.test("what a run could not finish, or would drop unasked, is refused before the first change", async (t) => {
  for (const { id, engine, make, database } of refused) {
    await addProduction(id, engine, async (server) => void await server.run(make, database));
  }
  const before = await leftIn(rds);
  const ids = (engine: string) => refused.filter((one) => one.engine === engine).map(({ id }) => id);
  const args = ["--postgresql-instances", ...ids("postgres"), "--mysql-instances", ...ids("mysql")];
  const { code, stdout } = await runProgram(rds, [...args, "--unknown-databases", "drop"]);
  assertEquals(code, 3, stdout);
  for (const { message } of refused) {
    await t.step(message, () => assertStringIncludes(stdout, message));
  }
  assertEquals(stdout.includes("scrub: begins"), false);
  assertEquals(await leftIn(rds), before);
  assertEquals(before.workspaces, nothing.workspaces);
});

function hexOf(text: string): string {
  return [...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}
