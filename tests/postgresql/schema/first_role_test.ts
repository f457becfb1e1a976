/** The role that initdb made: on a laptop it is a developer's, with settings like any other's. @module */

import { assertEquals } from "@std/assert";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { laptop, password } from "../../end_to_end/scrub_url_stage.ts";
import { key } from "../fixture.ts";

Deno.test("settings of the role that initdb made are read", async () => {
  await using own = await laptop("postgresql");
  const { port, ca } = own.server;
  const target = { host: "localhost", port, ca, user: "developer", password, database: "postgres" };
  await using session = await engine.open(target, key, new AbortController().signal);
  await session.query(trusted("ALTER ROLE rdsadmin RENAME TO postgres"));
  await session.query(trusted("ALTER ROLE postgres IN DATABASE postgres SET app.contact = 'zmark@private.test'"));
  const { objects } = await engine.inventory(session);
  const found = objects.filter(({ kind }) => kind === "setting").map(({ name, text }) => [name, text]);
  assertEquals(found, [["role postgres: app.contact", "sensitive"]]);
});
