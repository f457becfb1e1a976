/** A connection that is lost between two steps takes the pseudonym key with it: the run fails, and nothing is hashed without. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Session } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { email } from "../../../lib/scrub/rules/strategies.ts";
import { execute } from "../../../lib/scrub/execute/execute.ts";
import type { TestServer } from "../../servers.ts";
import {
  createTestDatabase,
  engineNames,
  never,
  planFixture,
  scrubberOf,
  serverOf,
  silent,
  targetOf,
  testKey,
} from "../scrub_fixture.ts";

for (const engine of engineNames) {
  Deno.test(`${engine}: a backend that is killed between two steps fails the scrub`, async () => {
    await using server = await serverOf(engine);
    const tables = ["one", "two", "three"];
    await createTestDatabase(
      server,
      engine,
      "app",
      tables.flatMap((table) => [
        `CREATE TABLE ${table} (id integer PRIMARY KEY, address varchar(255))`,
        `INSERT INTO ${table} VALUES (1, 'zmark@x.example')`,
      ]).join("; "),
    );
    const rules = Object.fromEntries(tables.map((table) => [table, { columns: { address: email() } }]));
    await using opened = await planFixture(server, engine, "app", scrubberOf(engine, rules));
    const { planned } = opened;
    await using session = await planned.engine.open(targetOf(server, "app"), testKey(), never);
    const [first, ...others] = planned.plans;
    assert(first !== undefined && others.length === 2);
    const done = await execute(planned, [first], [session], silent, never);
    assertEquals(done.length, 1);
    await kill(server, engine, session);
    await assertRejects(() => execute(planned, others, [session], silent, never), ScrubError, "Cannot ");
    const addresses = await Promise.all(
      others.map(({ table }) => server.run(`SELECT address FROM ${table.name}`, "app")),
    );
    assertEquals(addresses.flat().map(({ address }) => address), ["zmark@x.example", "zmark@x.example"]);
  });
}

/** Ends the session's backend, and waits until it is gone. */
async function kill(server: TestServer, engine: string, session: Session): Promise<void> {
  const own = engine === "mysql" ? "connection_id()" : "pg_catalog.pg_backend_pid()";
  const [row] = await session.query(trusted(`SELECT ${own} AS id`));
  const id = Number(row?.["id"]);
  const alive = engine === "mysql"
    ? `SELECT id FROM information_schema.processlist WHERE id = ${id}`
    : `SELECT pid FROM pg_stat_activity WHERE pid = ${id}`;
  assertEquals((await server.run(alive)).length, 1);
  await server.run(engine === "mysql" ? `KILL ${id}` : `SELECT pg_terminate_backend(${id})`);
  while ((await server.run(alive)).length > 0);
}
