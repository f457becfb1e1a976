/** A lock of somebody else's is waited for a while, and then told, with the table and without a value. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Session } from "../../lib/engine/engine.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  serverOf,
  targetOf,
  testKey,
} from "../scrub/scrub_fixture.ts";
import type { TestServer } from "../servers.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

const servers: Readonly<Record<EngineName, TestServer>> = {
  postgresql: await serverOf("postgresql"),
  mysql: await serverOf("mysql"),
};
Deno.test.afterAll(async () => {
  for (const server of Object.values(servers)) await server.stop("now");
});
const mark = "zmark-of-a-person";
for (const engine of engineNames) {
  const rows = ["people", "others"].map((table) =>
    `CREATE TABLE ${table} (id integer PRIMARY KEY, address varchar(255)); INSERT INTO ${table} VALUES (1, '${mark}')`
  );
  await createTestDatabase(servers[engine], engine, "app", rows.join("; "));
}

/** How tables are told. */
const placeOf = { postgresql: "public", mysql: "app" } as const;

interface Held {
  readonly what: string;
  /** What the other session does and holds on to. */
  readonly hold: Readonly<Record<EngineName, string>>;
  readonly run: (session: Session, engine: EngineName) => Promise<unknown>;
  readonly doing: string;
}

const quoted = { postgresql: '"public"."people"', mysql: "`app`.`people`" } as const;

const cases: readonly Held[] = [
  {
    what: "a job that has locked the table, met by a step",
    hold: {
      postgresql: "BEGIN; LOCK TABLE people, others IN ACCESS EXCLUSIVE MODE",
      mysql: "LOCK TABLES people WRITE, others WRITE",
    },
    run: (session, engine) =>
      session.run({ label: "update people", sql: trusted(`UPDATE ${quoted[engine]} SET address = '${mark}-2'`) }),
    doing: "update people",
  },
  {
    what: "a job that has locked the table, met by a search",
    hold: {
      postgresql: "BEGIN; LOCK TABLE people, others IN ACCESS EXCLUSIVE MODE",
      mysql: "LOCK TABLES people WRITE, others WRITE",
    },
    run: (session, engine) =>
      session.scan(trusted(`SELECT count(*) AS n FROM ${quoted[engine]} WHERE address = '${mark}'`)),
    doing: "read",
  },
  {
    what: "a transaction that has changed a row",
    hold: {
      postgresql: `BEGIN; UPDATE people SET address = '${mark}-3'`,
      mysql: `BEGIN; UPDATE people SET address = '${mark}-3'`,
    },
    run: (session, engine) =>
      session.run({ label: "update people", sql: trusted(`UPDATE ${quoted[engine]} SET address = '${mark}-2'`) }),
    doing: "update people",
  },
  {
    what: "a transaction that reads, met by a rewrite",
    hold: {
      postgresql: "BEGIN; SELECT count(*) FROM people",
      mysql: "BEGIN; SELECT count(*) FROM people",
    },
    run: (session, engine) =>
      session.run({
        label: "rewrite people",
        sql: trusted(`ALTER TABLE ${quoted[engine]} ALTER COLUMN address SET DEFAULT 'x'`),
      }),
    doing: "rewrite people",
  },
];

/** As short as the servers allow. The program's own limit is half a minute, as a test of each driver shows. */
const short = {
  postgresql: ["SET lock_timeout = '50ms'"],
  mysql: ["SET SESSION lock_wait_timeout = 1", "SET SESSION innodb_lock_wait_timeout = 1"],
} as const;

const asleep = {
  postgresql: "SELECT pid AS id FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
  mysql: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'",
} as const;

for (const name of engineNames) {
  const [server, engine] = [servers[name], engineNamed(name)];

  for (const { what, hold, run, doing } of cases) {
    Deno.test(`${name}: ${what}: the error names the table`, async () => {
      const sleep = name === "mysql" ? "SELECT SLEEP(600)" : "SELECT pg_sleep(600)";
      const holding = server.run(`${hold[name]}; ${sleep}`, "app").catch(() => {}); // ended by the test
      let id: unknown;
      while (id === undefined) id = (await server.run(asleep[name]))[0]?.["id"];
      try {
        await using session = await engine.open(targetOf(server, "app"), testKey(), never);
        if (name === "postgresql") await engine.prepare(session);
        for (const statement of short[name]) await session.query(trusted(statement));
        const error = await assertRejects(() => run(session, name), ScrubError);
        const code = name === "mysql" ? "ER_LOCK_WAIT_TIMEOUT" : "55P03";
        assertEquals(
          error.message,
          `Cannot ${doing} in database "app": another session holds a lock on "${placeOf[name]}.people" (${code})`,
        );
        assertMatch(error.hint, /^Find out who/);
        assertEquals(Deno.inspect(error, { depth: 10, showHidden: true }).includes(mark), false);
        // The session is as good as before.
        assertEquals((await session.query(trusted("SELECT 1 AS one")))[0]?.["one"], 1);
      } finally {
        await server.run(name === "mysql" ? `KILL ${id}` : `SELECT pg_cancel_backend(${id})`);
        await holding;
      }
    });
  }
}
