/** DbToolsBundle's anonymization as rules of ours. */

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { fixture, imported, ruleOf, rulesOf } from "./imports.ts";

const whole = imported(await fixture("db_tools_bundle.yaml"), "mysql");

function column(anonymizer: string) {
  return imported(`customer: { c: ${anonymizer} }`, "postgresql");
}

Deno.test("a whole anonymization becomes a rule file", () => {
  assertEquals(rulesOf(whole), {
    database: "new",
    engine: "mysql",
    selections: {},
    knownValues: [],
    reviewed: [],
    tables: {
      customer: {
        columns: {
          email_address: { strategy: "email" },
          first_name: { strategy: "name", with: { part: "first" } },
          last_name: { strategy: "name", with: { part: "last" } },
          password: { strategy: "opaque" },
          level: { strategy: "choice", with: ["none", "bad", "good"] },
          age: { strategy: "noise", with: { amount: 15 } },
          birth_date: { strategy: "shiftDate", with: { days: 45 } },
          street: { strategy: "postalAddress" },
          zip_code: { strategy: "postcode" },
          city: { strategy: "postalAddress", with: { part: "town" } },
          country: { strategy: "choice", with: ["France", "Japan", "Kenya", "Peru"] },
          account_iban: { strategy: "iban" },
          account_bic: { strategy: "hash", with: { alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" } },
        },
      },
      job_queue: { truncate: true },
    },
  });
});

Deno.test("what of an anonymization has no equal is said", () => {
  assertEquals(whole.lost.length, 1);
  assertStringIncludes(whole.lost[0] ?? "", "customer.biography: pattern: ");
});

Deno.test("what has no equal is a comment at its column", () => {
  assertMatch(whole.text, /\n {4}# biography: decide: DbToolsBundle pattern has no equal: /);
});

for (
  const [anonymizer, expected] of [
    ["email", "email"],
    ["md5", "opaque"],
    ["'null'", "setNull"],
    ["lorem", "lorem"],
    ["{ anonymizer: integer, options: { min: 10, max: 99 } }", { integer: { minimum: 10, maximum: 99 } }],
    ["{ anonymizer: integer, options: { percent: 10 } }", { noise: { share: 0.1 } }],
    ["{ anonymizer: float, options: { min: 1.5, max: 3 } }", { decimal: { minimum: 1.5, maximum: 3 } }],
    ["{ anonymizer: date, options: { min: 'now -3 month', max: now } }", "blank"],
    ["{ anonymizer: date, options: { delta: P1M3DT5H } }", { shiftDate: { days: 33 } }],
    ["{ type: constant, options: { value: gone } }", { constant: "gone" }],
    ["fr-fr.phone", "phone"],
  ] as const
) {
  Deno.test(`${anonymizer} becomes ${JSON.stringify(expected)}`, () => {
    const found = column(anonymizer);
    assertEquals([ruleOf(found, "customer", "c"), found.lost], [expected, []]);
  });
}

for (
  const anonymizer of [
    "App\\Anonymizer\\Shoe",
    "{ anonymizer: file_enum, options: { source: x } }",
    "{ anonymizer: date, options: { delta: soon } }",
    "{ anonymizer: integer }",
    "{ anonymizer: string, options: { sample: [] } }",
  ]
) {
  Deno.test(`${anonymizer} has no equal, and leaves the column without a rule`, () => {
    const found = column(anonymizer);
    assertEquals([found.lost.length, ruleOf(found, "customer", "c")], [1, undefined]);
  });
}

for (
  const [what, anonymizer, expected] of [
    ["an unsalted hash", "{ anonymizer: email, options: { use_salt: false } }", "unsalted"],
    ["noise", "{ anonymizer: integer, options: { delta: 3 } }", "noise"],
    ["random values", "firstname", "random"],
    ["one password for all", "password", "one known password"],
  ] as const
) {
  Deno.test(`an import says what leaked or broke: ${what}`, () => {
    assertStringIncludes(column(anonymizer).differs.join(), expected);
  });
}

Deno.test("a connection may be left out where there is only one", () => {
  assertEquals(rulesOf(imported("anonymization: { customer: { mail: email } }", "mysql")).tables, {
    customer: { columns: { mail: { strategy: "email" } } },
  });
});

for (
  const [what, text, expected] of [
    [
      "rules of several databases",
      "anonymization:\n  shop: { a: { b: email } }\n  blog:\n    c: { d: email }\n",
      "line 3: it has rules of several databases",
    ],
    ["a configuration that only names files", "db_tools:\n  anonymization_files: x\n", "line 1: it only names files"],
    [
      "a table that is no mapping",
      "anonymization:\n  default:\n    a: email\n    b: [email]\n",
      'line 3: the table "a" is no mapping',
    ],
    ["a column without an anonymizer", "anonymization:\n  default:\n    a:\n      b: { options: {} }\n", "line 4: "],
    ["a list of connections", "anonymization: [a]\n", "line 1: anonymization is no mapping"],
  ] as const
) {
  Deno.test(`refused with its line: ${what}`, () => {
    assertStringIncludes(assertThrows(() => imported(text, "mysql"), ScrubError).message, expected);
  });
}
