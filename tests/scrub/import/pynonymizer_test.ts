/** pynonymizer's strategy files as rules of ours. */

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { fixture, imported, ruleOf, rulesOf } from "./imports.ts";

const whole = imported(await fixture("pynonymizer.yaml"), "mysql");

function column(strategy: string) {
  return imported(`tables: { t: { columns: { c: ${strategy} } } }`, "postgresql");
}

Deno.test("a whole strategy file becomes a rule file", () => {
  assertEquals(rulesOf(whole), {
    database: "new",
    engine: "mysql",
    selections: {},
    knownValues: [],
    reviewed: [],
    after: ["UPDATE accounts SET username = 'tester' WHERE id = 1"],
    tables: {
      accounts: {
        columns: {
          password: { strategy: "blank" },
          last_sign_in_ip: { strategy: "ipAddress" },
          username: { strategy: "userName" },
          full_name: { strategy: "name" },
          born_on: { strategy: "blank" },
          email: { strategy: "email" },
          visits: { strategy: "integer", with: { minimum: 1, maximum: 50 } },
        },
      },
      transactions: { truncate: true },
      secrets: { truncate: true },
    },
  });
});

Deno.test("what of a strategy file has no equal is said", () => {
  assertEquals(whole.lost.map((one) => one.replace(/: .*/s, "")), [
    "scripts.before, number 1",
    "scripts.after, number 2",
    "accounts.last_seen_at",
    "accounts.shirt",
  ]);
});

Deno.test("a generator of one's own is a comment at its column", () => {
  assertMatch(whole.text, /\n {4}# shirt: decide: pynonymizer our_own_provider has no equal: /);
});

Deno.test("a condition is said: now every row is changed", () => {
  assertStringIncludes(whole.differs.find((one) => one.startsWith("accounts.email")) ?? "", "only some rows");
});

Deno.test("no value of the old file is in a message", () => {
  assertEquals([...whole.lost, ...whole.differs].filter((one) => /admin|secret'|tester|NOW/.test(one)), []);
});

for (
  const [strategy, expected] of [
    ["first_name", { name: { part: "first" } }],
    ["last_name_male", { name: { part: "last" } }],
    ["user_name", "userName"],
    ["unique_email", "email"],
    ["phone_number", "phone"],
    ["company", "organisation"],
    ["paragraph", "lorem"],
    ["street_address", "postalAddress"],
    ["city", { postalAddress: { part: "town" } }],
    ["address", { postalAddress: { part: "full" } }],
    ["postcode", "postcode"],
    ["uri", "url"],
    ["domain_name", { template: "{hash}.example.com" }],
    ["mac_address", "macAddress"],
    ["credit_card_number", "card"],
    ["iban", "iban"],
    ["isbn13", "hash"],
    ["uuid4", "opaque"],
    ["past_date", "blank"],
    ["boolean", { choice: [true, false] }],
    ["user_agent", { constant: "Mozilla/5.0 (example)" }],
    ["random_int", { integer: { minimum: 0, maximum: 9999 } }],
    ["{ fake_type: pydecimal, fake_args: { min_value: 1, max_value: 2 } }", { decimal: { minimum: 1, maximum: 2 } }],
    ["{ type: empty }", "blank"],
    ["{ type: literal, value: NULL }", "setNull"],
    ["( NULL )", "setNull"],
    ["( 'it''s gone' )", { constant: "it's gone" }],
    ["( '' )", "blank"],
    ["( 0 )", { constant: 0 }],
  ] as const
) {
  Deno.test(`${strategy} becomes ${JSON.stringify(expected)}`, () => {
    const found = column(strategy);
    assertEquals([ruleOf(found, "t", "c"), found.lost], [expected, []]);
  });
}

for (const strategy of ["our_own", "( RAND() )", "( 'a' || email )", "{ fake_type: color }"]) {
  Deno.test(`${strategy} has no equal, and leaves the column without a rule`, () => {
    const found = column(strategy);
    assertEquals([found.lost.length, ruleOf(found, "t", "c")], [1, undefined]);
  });
}

Deno.test("values drawn from a pool are said to have broken joins", () => {
  assertStringIncludes(column("email").differs.join(), "random");
});

Deno.test("values for every row are said to have filled in NULL", () => {
  assertEquals(column("unique_email").differs, ["t.c: unique_email: filled in NULL; now NULL stays NULL"]);
});

Deno.test("NULL for every row is said to have done nothing else", () => {
  assertEquals(column("( NULL )").differs, []);
});

Deno.test("tables and columns may be lists", () => {
  const found = imported(
    "tables: [{ table_name: a, type: truncate }, { table_name: b, schema: hr, columns: [{ column_name: c, type: empty }] }]",
    "postgresql",
  );
  assertEquals(rulesOf(found).tables, { a: { truncate: true }, "hr.b": { columns: { c: { strategy: "blank" } } } });
});

for (
  const [what, text, expected] of [
    ["a table without columns", "tables:\n  a: {}\n", "line 2: the table"],
    ["an unknown kind of table", "tables:\n  a: shorten\n", "line 2: the table"],
    ["a column's strategy that is a list", "tables:\n  a:\n    columns:\n      b: []\n", "line 4: a column's"],
    ["a column without a type", "tables:\n  a:\n    columns:\n      b: { where: x }\n", "line 4: a column's"],
    ["a list's table without a name", "tables:\n  - type: truncate\n", "line 2: an entry of tables"],
    ["tables that are text", "tables: all\n", "line 1: tables is neither"],
    ["a script that is none", "tables: {}\nscripts:\n  after: [{}]\n", "line 3: an entry of scripts.after"],
  ] as const
) {
  Deno.test(`refused with its line: ${what}`, () => {
    assertStringIncludes(assertThrows(() => imported(text, "mysql"), ScrubError).message, expected);
  });
}

Deno.test("a strategy file does not say which server it is for", () => {
  const { message, hint } = assertThrows(() => imported("tables: { a: truncate }"), ScrubError);
  assertStringIncludes(message, "does not say for which server");
  assertEquals(hint, "Add --engine postgresql or --engine mysql.");
});
