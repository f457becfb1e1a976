/** Which databases a server shows, whether they are empty, what pg_cron left in them, and their end. @module */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { DatabaseInfo, Session, Target } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { postgresql } from "../../servers.ts";
import { createExtension, createPgCron } from "./extension.ts";
import { key, targetOf } from "../fixture.ts";

const server = await postgresql({ applications: ["app"] });
const target = targetOf(server);
const maintenance: Target = { ...target, database: "postgres" };
const never = new AbortController().signal;
Deno.test.afterAll(() => server.stop("now"));

async function open(where: Target = maintenance): Promise<Session> {
  return await engine.open(where, key, never);
}

/** What discovery sees. */
async function databases(): Promise<readonly DatabaseInfo[]> {
  await using session = await open();
  const steps = await engine.prepare(session);
  const found = await engine.listDatabases(session, target, never);
  for (const step of steps.toReversed()) await session.run(step);
  return found;
}

async function database(name: string): Promise<DatabaseInfo> {
  const found = (await databases()).find((one) => one.name === name);
  assert(found, `"${name}" is not listed`);
  return found;
}

/** Runs SQL in a database, looks, and undoes it. */
async function withObjects(where: string, make: string, undo: string): Promise<DatabaseInfo> {
  await server.run(make, where);
  try {
    return await database(where);
  } finally {
    await server.run(undo, where);
  }
}

Deno.test("databases() lists every database but template0 and rdsadmin, and tells which are open and empty", async () => {
  const made: Readonly<Record<string, string>> = {
    empty_one: "CREATE EXTENSION pg_stat_statements; CREATE EXTENSION citext",
    only_a_function: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    only_an_object: "SELECT lo_create(0)",
    only_a_dictionary: "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)",
    closed: "SELECT 1",
    no_connections: "CREATE TABLE t (a text)",
    no_room: "CREATE TABLE t (a text)",
    a_template: "CREATE TABLE t (a text)",
    for_its_owner: "SELECT 1",
  };
  for (const [name, objects] of Object.entries(made)) {
    await server.run(`CREATE DATABASE ${name} OWNER app`);
    await server.run(objects, name);
  }
  await server.run("REVOKE ALL ON DATABASE for_its_owner FROM PUBLIC");
  await server.run("ALTER DATABASE no_room CONNECTION LIMIT 0");
  await server.run("ALTER DATABASE a_template IS_TEMPLATE true");
  await server.run(
    "ALTER DATABASE no_connections ALLOW_CONNECTIONS false; ALTER DATABASE closed ALLOW_CONNECTIONS false",
  );
  try {
    assertEquals(
      (await databases()).map(({ name, connectable, empty, maintenance }) => [
        name,
        ...(connectable ? ["connectable"] : []),
        ...(empty ? ["empty"] : []),
        ...(maintenance ? ["maintenance"] : []),
      ]),
      [
        ["a_template", "connectable"],
        ["closed"],
        ["empty_one", "connectable", "empty"],
        ["for_its_owner", "connectable", "empty"],
        ["no_connections"],
        ["no_room"],
        ["only_a_dictionary", "connectable"],
        ["only_a_function", "connectable"],
        ["only_an_object", "connectable"],
        ["postgres", "connectable", "empty", "maintenance"],
        ["template1", "connectable", "empty", "maintenance"],
      ],
    );
  } finally {
    await server.run("ALTER DATABASE a_template IS_TEMPLATE false");
    for (const name of Object.keys(made)) await server.run(`DROP DATABASE ${name}`);
  }
});

for (
  const { what, make, undo } of [
    {
      what: "admits connections",
      make: ["ALTER DATABASE template0 ALLOW_CONNECTIONS true"],
      undo: ["ALTER DATABASE template0 ALLOW_CONNECTIONS false"],
    },
    {
      what: "belongs to a user",
      make: ["ALTER DATABASE template0 OWNER TO app"],
      undo: ["ALTER DATABASE template0 OWNER TO rdsadmin"],
    },
    {
      what: "was made by a user",
      make: ["ALTER DATABASE template0 RENAME TO first0", "CREATE DATABASE template0 ALLOW_CONNECTIONS false"],
      undo: ["DROP DATABASE template0", "ALTER DATABASE first0 RENAME TO template0"],
    },
  ]
) {
  Deno.test(`databases() lists a template0 that ${what}`, async () => {
    for (const statement of make) await server.run(statement);
    try {
      assert((await databases()).some(({ name }) => name === "template0"));
    } finally {
      for (const statement of undo) await server.run(statement);
    }
  });
}

Deno.test("databases() lists an rdsadmin that is no superuser's", async () => {
  await server.run("ALTER DATABASE rdsadmin OWNER TO app; ALTER DATABASE rdsadmin ALLOW_CONNECTIONS false");
  try {
    assert((await databases()).some(({ name }) => name === "rdsadmin"));
  } finally {
    await server.run("ALTER DATABASE rdsadmin OWNER TO rdsadmin; ALTER DATABASE rdsadmin ALLOW_CONNECTIONS true");
  }
});

for (const where of ["postgres", "template1"]) {
  Deno.test(`databases() tells what is in use in ${where}`, async () => {
    const found = await withObjects(where, "CREATE TABLE of_somebody (a int)", "DROP TABLE of_somebody");
    assertEquals([found.empty, found.userObjects], [false, ["table public.of_somebody"]]);
  });

  Deno.test(`databases() brings the inventory of an empty ${where}`, async () => {
    const found = await withObjects(
      where,
      "COMMENT ON SCHEMA public IS 'ask zmark@elsewhere.test'",
      "COMMENT ON SCHEMA public IS 'standard public schema'",
    );
    assertEquals(found.empty, true);
    const telling = found.objects.filter(({ text }) => text === "sensitive").map(({ kind, name }) => [kind, name]);
    assertEquals(telling, [["comment", "schema public"]]);
  });

  Deno.test(`databases() calls ${where} with rows of an extension's empty, and names the table`, async () => {
    await createExtension(server, where, "keeper", "CREATE TABLE kept (a text); INSERT INTO kept VALUES ('zmark')");
    try {
      const { empty, objects, clearable } = await database(where);
      assertEquals([empty, clearable], [true, []]);
      assertEquals(objects.filter(({ kind }) => kind === "table of an extension").map(({ name }) => name), [
        "public.kept",
      ]);
    } finally {
      await server.run("DROP EXTENSION keeper", where);
    }
  });
}

Deno.test("clear() takes the rows of pg_cron and the samples of them, and databases() says before that it will", async () => {
  await createPgCron(server, "postgres", "rds_superuser", "UPDATE t SET a = 'zmark@elsewhere.test'");
  try {
    assertEquals((await database("postgres")).clearable.map(({ name }) => name), ["cron.job", "cron.job_run_details"]);
    const samples = () =>
      server.run(`SELECT tablename, attname FROM pg_stats WHERE schemaname = 'cron' AND attname <> 'username'
        AND (most_common_vals IS NOT NULL OR histogram_bounds IS NOT NULL)`);
    assert((await samples()).length > 0);
    {
      await using session = await open();
      assertEquals(await engine.clear(session), ['database "postgres": jobs of pg_cron and their history removed']);
      assertEquals(await engine.clear(session), []);
    }
    assertEquals(await samples(), []);
    const { objects, clearable } = await database("postgres");
    assertEquals([objects.filter(({ kind }) => kind === "table of an extension"), clearable], [[], []]);
    assertEquals(await server.run("SELECT 1 FROM cron.job UNION ALL SELECT 1 FROM cron.job_run_details"), []);
  } finally {
    await server.run("DROP EXTENSION pg_cron CASCADE; DROP SCHEMA IF EXISTS cron");
  }
});

Deno.test("purgeServer() counts folders that belong to no database, as a crash during CREATE DATABASE leaves them", async () => {
  const folder = `${server.dataDir}/base/99999`;
  await server.run(`COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; mkdir "${folder}" && echo 1 > "${folder}/16384"'`);
  try {
    await using session = await open();
    const residue = await engine.purgeServer(session, [], open);
    const told = residue.find(({ step }) => step === "orphaned databases")?.result ?? "";
    assertMatch(told, /^1 folder belongs to no database/);
  } finally {
    await server.run(`COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; rm -r "${folder}"'`);
  }
});

Deno.test("clear() names files that belong to no table, as a crash leaves them", async () => {
  const [found] = await server.run("SELECT oid FROM pg_database WHERE datname = 'postgres'");
  const file = `${server.dataDir}/base/${found?.["oid"]}/99999`;
  await server.run(`COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; dd if=/dev/zero of="${file}" bs=1024 count=400'`);
  try {
    await using session = await open();
    const [told = "", ...others] = await engine.clear(session);
    assertMatch(told, /^orphaned files of database "postgres": up to \d{3} KiB belong to no table/);
    assertEquals(others, []);
  } finally {
    await server.run(`COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; rm "${file}"'`);
  }
});

Deno.test("databases() does not call a database empty whose extension's table has statistics of a user's", async () => {
  await createPgCron(server, "postgres", "rds_superuser", "SELECT 'zmark'");
  try {
    await server.run("CREATE STATISTICS public.samples ON command, return_message FROM cron.job_run_details");
    assertEquals((await database("postgres")).userObjects, ["statistics object public.samples"]);
  } finally {
    await server.run("DROP EXTENSION pg_cron CASCADE; DROP SCHEMA IF EXISTS cron");
  }
});

Deno.test("pg_cron's rows are not called clearable where the master user may not change its tables", async () => {
  await createPgCron(server, "postgres", "rdsadmin", "SELECT 'zmark'");
  try {
    const { objects, clearable } = await database("postgres");
    assertEquals(clearable, []);
    assertEquals(objects.filter(({ kind }) => kind === "table of an extension").map(({ name }) => name), [
      "cron.job",
      "cron.job_run_details",
    ]);
  } finally {
    await server.run("DROP EXTENSION pg_cron CASCADE; DROP SCHEMA IF EXISTS cron");
  }
});

Deno.test("databases() tells what acts in a database that admits no connections", async () => {
  await server.run("CREATE DATABASE linked OWNER app");
  await server.run(
    "CREATE SUBSCRIPTION live CONNECTION 'host=nowhere.test' PUBLICATION p WITH (connect = false, slot_name = NONE)",
    "linked",
  );
  await server.run("ALTER DATABASE linked ALLOW_CONNECTIONS false");
  try {
    const { connectable, userObjects } = await database("linked");
    assertEquals([connectable, userObjects], [false, ["subscription live"]]);
  } finally {
    await server.run("ALTER DATABASE linked ALLOW_CONNECTIONS true");
    await server.run("DROP SUBSCRIPTION live", "linked");
    await server.run("DROP DATABASE linked");
  }
});

for (
  const { what, alter } of [
    { what: "a template", alter: "IS_TEMPLATE true" },
    { what: "one that admits no connections", alter: "ALLOW_CONNECTIONS false" },
  ]
) {
  Deno.test(`dropDatabase() drops ${what}`, async () => {
    await server.run("CREATE DATABASE leaving OWNER app");
    await server.run(`ALTER DATABASE leaving ${alter}`);
    await using session = await open();
    await engine.prepare(session);
    await engine.dropDatabase(session, "leaving");
    assertEquals(await session.query(trusted("SELECT 1 AS n FROM pg_database WHERE datname = 'leaving'")), []);
  });
}

Deno.test("dropDatabase() does not drop what only a superuser may", async () => {
  await server.run("CREATE DATABASE leaving");
  await using session = await open();
  await engine.prepare(session);
  await assertRejects(() => engine.dropDatabase(session, "leaving"), ScrubError, "lacks a privilege");
  await server.run("DROP DATABASE leaving");
});
