/** The functions that conditions of rule files may call, held against a server's own catalogue. @module */

import { assert, assertEquals } from "@std/assert";
import { functionNames, isAllowed } from "../../../lib/scrub/rules/condition/functions.ts";
import * as servers from "../../servers.ts";

const postgresql = await servers.postgresql();
Deno.test.afterAll(() => postgresql.stop("now"));

const names = functionNames("postgresql").map((name) => `'${name}'`).join(", ");

Deno.test("no function that a condition may call on PostgreSQL is volatile", async () => {
  const found = await postgresql.run(
    `SELECT DISTINCT proname FROM pg_catalog.pg_proc WHERE proname IN (${names}) AND provolatile = 'v'`,
  );
  assertEquals(found.map(({ proname }) => proname), []);
});

Deno.test("PostgreSQL has nearly every function that a condition may call", async () => {
  const found = await postgresql.run(
    `SELECT count(DISTINCT proname) AS n FROM pg_catalog.pg_proc WHERE proname IN (${names})`,
  );
  // The rest is syntax, such as coalesce, or of newer versions.
  assert(Number(found[0]?.["n"]) > functionNames("postgresql").length * 0.85, String(found[0]?.["n"]));
});

for (
  const name of [
    ..."pg_read_file pg_ls_dir lo_import lo_export dblink pg_sleep setval nextval random now set_config query_to_xml"
      .split(" "),
    ..."load_file sleep benchmark get_lock rand uuid sysdate curdate last_insert_id user version".split(" "),
  ]
) {
  Deno.test(`no condition may call ${name}`, () => {
    assertEquals([isAllowed("postgresql", name), isAllowed("mysql", name.toUpperCase())], [false, false]);
  });
}
