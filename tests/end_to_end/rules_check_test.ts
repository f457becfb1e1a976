/** `rules check --url`: whether a rule file fits a live schema, asked without AWS and without a change. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { runProgram } from "../fleet/program.ts";
import { ordersStage } from "./orders_stage.ts";

const { urls, folder } = await ordersStage(
  "CREATE TABLE customers (id integer PRIMARY KEY, email varchar(80), pin varchar(9))",
);

const fits = "selections: { old: { of: customers, where: \"email LIKE '%@x.example'\" } }\n" +
  "tables: { customers: { email: { email: {}, except: old } } }\n";

for (const engine of ["postgresql", "mysql"] as const) {
  const check = async (rules: string) => {
    const path = `${folder}/${engine}.yaml`;
    await Deno.writeTextFile(path, `database: orders\nengine: ${engine}\n${rules}`);
    return await runProgram(["rules", "check", path], { DATASCRUBBER_URL: urls[engine] });
  };

  Deno.test(`rules that fit a live schema: ${engine}`, async () => {
    const { code, stdout, stderr } = await check(fits);
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, 'the rules of orders fit database "orders_test"');
  });

  for (
    const [what, from, to, expected] of [
      ["a column that is missing", "{ email:", "{ mail:", "column customers.mail: missing from the schema"],
      [
        "a table that is missing",
        "{ customers: { email",
        "{ clients: { email",
        "table clients: missing from the schema",
      ],
      [
        "a strategy that does not fit",
        "{ email: {}, except: old }",
        "email, pin: email",
        "column customers.pin: email does not fit",
      ],
      [
        "a condition that the server does not understand",
        "email LIKE",
        "mail LIKE",
        "selection old: the server does not understand its condition",
      ],
    ] as const
  ) {
    Deno.test(`rules with ${what} end with status 3: ${engine}`, async () => {
      const { code, stdout } = await check(fits.replace(from, to));
      assertEquals(code, 3, stdout);
      assertStringIncludes(stdout, expected);
    });
  }
}
