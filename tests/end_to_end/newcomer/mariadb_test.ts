/** A MariaDB by its URL: drafted, planned and scrubbed where it is, as a MySQL is. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { runProgram } from "../../fleet/program.ts";
import { laptop } from "../scrub_url_stage.ts";
import { ordersRows, ordersSchema, planted } from "./orders.ts";

Deno.test("MariaDB: a database of every kind of personal column is drafted and scrubbed without an edit", {
  ignore: !hasMariadb,
}, async () => {
  await using place = await laptop("mariadb");
  const { server } = place;
  const folder = await Deno.makeTempDir();
  await using _folder = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(args, { DATASCRUBBER_URL: place.url("orders") });
    assertEquals(code, 0, stdout + stderr);
    return stdout;
  };
  const contents = async () => {
    const tables = ["customers", "suppliers", "products", "orders", "order_lines", "sessions"];
    const rows: unknown[] = [];
    for (const table of tables) rows.push(await server.run(`SELECT * FROM ${table}`, "orders"));
    return JSON.stringify(rows).toLowerCase();
  };
  await server.run("CREATE DATABASE orders");
  await server.run(ordersSchema("mysql") + ordersRows(), "orders");
  const held = (text: string) => planted.filter((value) => text.includes(value.toLowerCase()));
  assertEquals(held(await contents()), planted);

  const path = `${folder}/orders.yaml`;
  assertMatch(await run("init", path), /are\s+kept and 0 are left to\s+decide/);
  await run("scrub", "--rules", path, "--yes-scrub", "orders", "--log-mode", "console");
  const after = await contents();
  assertEquals(held(after), []);
  assertStringIncludes(after, "oak table");
});
