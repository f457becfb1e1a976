/** What the scrub took away is in no file of the final snapshot: a byte search over its data directory. @module */

import { assert, assertEquals } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { hasMariadb } from "../../scripts/local_rds/programs.ts";
import type { Server } from "../../scripts/local_rds/server.ts";
import { applications, fillLifelike } from "../fixtures/lifelike.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { instances, runProgram } from "./stage.ts";

/** As in tests/fixtures/mark.ts: text, and the first bytes of every invented UUID, as text and as PostgreSQL stores them. */
const needles = ["zmark", "5eedda7a", "\\x5e\\xed\\xda\\x7a"];

const tools = new URL("../../.tools/", import.meta.url).pathname;
/** Of the server's version. */
const programs = {
  postgres: [
    ...["--pg-dump", `${tools}postgresql-client/pg_dump`],
    ...["--pg-restore", `${tools}postgresql-client/pg_restore`],
  ],
  mysql: ["--mysql-dump", `${tools}mysql/mysqldump`, "--mysql-client", `${tools}mysql/mysql`],
} as const;

/** How the final snapshot is made. */
const deleting = ["--final-snapshot", "delete"];
const ways = {
  postgres: [deleting, ["--final-snapshot", "create"], ["--rebuild", ...programs.postgres]],
  mysql: [deleting, ["--final-snapshot", "create"], ["--rebuild", ...programs.mysql]],
  mariadb: [deleting],
} as const;

for (
  const { engine, flag, id, holds } of [
    {
      engine: "postgres",
      flag: "--postgresql-instances",
      id: instances.postgresql,
      holds: ["email-alert-api", "publishing-api"],
    },
    { engine: "mysql", flag: "--mysql-instances", id: instances.mysql, holds: ["whitehall"] },
    { engine: "mariadb", flag: "--mysql-instances", id: "govuk-mariadb-primary", holds: ["whitehall"] },
  ] as const
) {
  const name = `no file of the final ${engine} snapshot holds what was scrubbed, and the source's files do`;
  Deno.test(name, { ignore: engine === "mariadb" && !hasMariadb }, async () => {
    await using rds = await startLocalRds();
    await rds.addProduction({
      id,
      engine,
      applications: engine === "postgres" ? ["application"] : [],
      prepare: async (server) => {
        for (const name of holds) {
          const { database, schema } = applications[name];
          const role = engine === "postgres" ? "application" : undefined;
          // Half of the mails are a day old: both kinds, those that go and those that stay, are there.
          await fillLifelike(await createDatabase(server, schema, database, role), name, {
            scale: 0.02,
            asOf: new Date(),
          });
          if (engine === "mariadb") await fillSystemTables(server, database);
        }
      },
    });
    const [before] = rds.snapshots();
    assert(before);
    const marked = await filesWith(rds.dataDirOf(before.id));
    assert(marked.length > 0, "the search finds nothing even before the scrub");
    if (engine === "mariadb") {
      for (const one of ["column_stats", "event", "global_priv", "proc", "servers"]) {
        assert(marked.some((file) => file.includes(`mysql/${one}.MAD`)), `nothing in mysql.${one}`);
      }
    }
    for (const how of ways[engine]) {
      const earlier = rds.made();
      const { code, stderr } = await runProgram(rds, [flag, id, ...how]);
      assertEquals(code, 0, stderr);
      const made = rds.made().find((one) => !earlier.includes(one));
      assert(made);
      assertEquals(await filesWith(rds.dataDirOf(made)), [], how.join(" "));
    }
  });
}

/** Has MariaDB keep statistics of each table, with values of its columns, and rows of objects that are gone, or go with the run. */
async function fillSystemTables(server: Server, database: string): Promise<void> {
  const tables = await server.run(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    database,
  );
  await server.run(tables.map(({ name }) => `ANALYZE TABLE \`${name}\` PERSISTENT FOR ALL`).join(";"), database);
  await server.run(
    `CREATE USER zmark_user IDENTIFIED BY 'x'; DROP USER zmark_user;
    CREATE USER certified REQUIRE SUBJECT '/CN=zmark';
    CREATE SERVER other FOREIGN DATA WRAPPER mysql OPTIONS (USER 'zmark', PASSWORD 'zmark', HOST '10.0.0.1', DATABASE 'x');
    CREATE PROCEDURE gone_procedure() SELECT 'zmark'; DROP PROCEDURE gone_procedure;
    CREATE EVENT gone_event ON SCHEDULE EVERY 1 DAY DO SELECT 'zmark'; DROP EVENT gone_event;
    CREATE TABLE gone_table (id int PRIMARY KEY, body text) ENGINE=Aria SELECT 1 AS id, 'zmark' AS body;
    DROP TABLE gone_table`,
    database,
  );
}

/** Files below a folder that hold a mark, and how many lines of each do. */
async function filesWith(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const needle of needles) {
    const { stdout } = await new Deno.Command("grep", {
      args: ["-rcaiP", needle, "."],
      cwd: folder,
      env: { LC_ALL: "C" },
    }).output();
    const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "" && !line.endsWith(":0"));
    found.push(...lines.map((line) => `${needle} in ${line}`));
  }
  return found;
}
