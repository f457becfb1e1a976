/** What `scrub --url` refuses before it changes anything. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { countMarks } from "../fixtures/count_marks.ts";
import { type EngineName, type Laptop, laptop, password, runScrub, scratchIn } from "./scrub_url_stage.ts";

interface Case {
  readonly what: string;
  /** Done before, by the superuser; what undoes it. */
  readonly before?: string;
  readonly after?: string;
  /** Kept open on the database meanwhile, as a statement that sleeps. */
  readonly session?: string;
  readonly args?: readonly string[];
  readonly user?: string;
  readonly code: number;
  readonly says: string;
}

const withoutServer: readonly Case[] = [
  {
    what: "no --yes-scrub without a terminal",
    args: [],
    code: 2,
    says: "this is no terminal, so its name cannot be asked for",
  },
  { what: "--yes-scrub of another name", args: ["--yes-scrub", "other"], code: 2, says: '--yes-scrub names "other"' },
  {
    what: "a name in --protected",
    args: ["--yes-scrub", "copy", "--protected", "cop*"],
    code: 3,
    says: 'its name "copy" is protected by "cop*"',
  },
  {
    what: "an option of runs in RDS",
    args: ["--yes-scrub", "copy", "--share-with", "123456789012"],
    code: 2,
    says: 'Cannot use "--share-with" with scrub',
  },
];

const cases: Readonly<Record<EngineName, readonly Case[]>> = {
  postgresql: [
    ...withoutServer,
    { what: "another session", session: "SELECT pg_sleep(1000)", code: 3, says: "it is in use by 1 other session (of" },
    {
      what: "a replication slot",
      before: "SELECT pg_create_physical_replication_slot('replica')",
      after: "SELECT pg_drop_replication_slot('replica')",
      code: 3,
      says: "it has 1 replication slot",
    },
    {
      what: "a managed server",
      before: "CREATE DATABASE rdsadmin",
      after: "DROP DATABASE rdsadmin",
      code: 3,
      says: "it is a managed server of a cloud (database rdsadmin)",
    },
    { what: "a user without rights", user: "weak", code: 3, says: "the user may not switch triggers off" },
  ],
  mysql: [
    ...withoutServer,
    { what: "another session", session: "SELECT SLEEP(1000)", code: 3, says: "it is in use by 1 other session (of" },
    {
      what: "a replica",
      before: "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'primary.example', SOURCE_USER = 'x', SOURCE_PASSWORD = 'x'",
      after: "RESET REPLICA ALL",
      code: 3,
      says: "it is a replica",
    },
    {
      what: "a server that is read-only",
      before: "SET GLOBAL read_only = 1",
      after: "SET GLOBAL read_only = 0",
      code: 3,
      says: "it is read-only, as replicas are",
    },
    {
      what: "a managed server",
      before: "CREATE PROCEDURE mysql.rds_kill_query(IN thread BIGINT) SELECT thread",
      after: "DROP PROCEDURE mysql.rds_kill_query",
      code: 3,
      says: "it is a managed server of a cloud (procedures mysql.rds_…)",
    },
    { what: "a user without rights", user: "weak", code: 3, says: "the user has no global privilege" },
  ],
};

const weak: Readonly<Record<EngineName, string>> = {
  postgresql: `CREATE ROLE weak LOGIN PASSWORD '${password}' IN ROLE pg_read_all_data`,
  mysql: `CREATE USER weak IDENTIFIED BY '${password}'; GRANT ALL ON copy.* TO weak;
    GRANT SELECT ON performance_schema.* TO weak`,
};

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: scrub --url refuses, and changes nothing`, async (t) => {
    await using place = await laptop(engine);
    const database = await place.addDatabase("copy");
    await place.server.run(weak[engine]);
    const marks = await countMarks(database);
    for (const one of cases[engine]) {
      await t.step(one.what, async () => {
        if (one.before) await place.server.run(one.before);
        const held = one.session ? await hold(place, one.session) : undefined;
        const { code, stdout, stderr } = await runScrub(place, "copy", one.args, one.user);
        await held?.();
        if (one.after) await place.server.run(one.after);
        assertStringIncludes(stdout + stderr, one.says);
        assertEquals(code, one.code, stdout + stderr);
      });
    }
    assertEquals(await countMarks(database), marks);
    assertEquals(await scratchIn(place, "copy"), []);
  });
}

/** A session on the database; what ends it. */
async function hold({ server, engine }: Laptop, statement: string): Promise<() => Promise<void>> {
  const over = server.run(statement, "copy").catch(() => {}); // it is killed
  const found = engine === "postgresql"
    ? "SELECT pid AS id FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1000)%' AND pid <> pg_backend_pid()"
    : "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'";
  let id: unknown;
  while (id === undefined) id = (await server.run(found))[0]?.["id"];
  return async () => {
    await server.run(engine === "postgresql" ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`);
    await over;
  };
}
