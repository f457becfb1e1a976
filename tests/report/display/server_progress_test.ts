/** The servers' own progress views, asked on real servers. @module */

import { assertEquals } from "@std/assert";
import { mysql as mysqlEngine } from "../../../lib/mysql/mod.ts";
import { postgresql as postgresqlEngine } from "../../../lib/postgresql/mod.ts";
import { mysql, postgresql } from "../../servers.ts";

const never = new AbortController().signal;
const key = new Uint8Array(32).fill(7);

Deno.test("PostgreSQL's progress is nothing while nothing long runs", async () => {
  await using server = await postgresql();
  await using session = await postgresqlEngine.open(
    { ...server.master, host: server.host, port: server.port, ca: server.ca },
    key,
    never,
  );
  assertEquals(await postgresqlEngine.progress?.(session), []);
});

Deno.test("MySQL's progress is the rows that another connection has changed so far", async () => {
  await using server = await mysql();
  await server.run("CREATE DATABASE app; CREATE TABLE app.t (id int PRIMARY KEY)");
  const target = { ...server.master, host: server.host, port: server.port, ca: server.ca, database: "app" };
  await using session = await mysqlEngine.open(target, key, never);
  const { expressions: { sql } } = mysqlEngine;
  await using working = await mysqlEngine.open(target, key, never);
  await working.query(sql`START TRANSACTION`);
  await working.query(sql`INSERT INTO t VALUES (1), (2), (3)`);
  assertEquals(await mysqlEngine.progress?.(session), [{ rows: 3 }]);
  await working.query(sql`ROLLBACK`);
});
