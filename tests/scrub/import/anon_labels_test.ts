/** PostgreSQL Anonymizer's labels as rules of ours. That they are read from a server: tests/end_to_end/import_test.ts. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { importLabels } from "../../../lib/scrub/import/anon_labels.ts";
import { ruleOf, rulesOf } from "./imports.ts";

function labelled(label: string) {
  return importLabels([{ schema: "public", table: "t", column: "c", label }], "shop");
}

for (
  const [label, expected] of [
    ["MASKED WITH FUNCTION anon.fake_email()", "email"],
    ["masked with function anon.fake_first_name()", { name: { part: "first" } }],
    ["MASKED WITH FUNCTION anon.fake_last_name()::VARCHAR(30)", { name: { part: "last" } }],
    ["MASKED WITH FUNCTION anon.fake_city()", { postalAddress: { part: "town" } }],
    ["MASKED WITH FUNCTION anon.fake_company()", "organisation"],
    ["MASKED WITH FUNCTION anon.fake_iban()", "iban"],
    ["MASKED WITH FUNCTION anon.fake_siren()", { hash: { length: 9, alphabet: "0123456789" } }],
    ["MASKED WITH FUNCTION anon.pseudo_email(users.login) ", "email"],
    ["MASKED WITH FUNCTION anon.dummy_phone_number_locale('fr_FR')", "phone"],
    ["MASKED WITH FUNCTION anon.dummy_username()", "userName"],
    ["MASKED WITH FUNCTION anon.random_date()", "blank"],
    ["MASKED WITH FUNCTION anon.random_int_between(1, 9)", { integer: { minimum: 1, maximum: 9 } }],
    ["MASKED WITH FUNCTION anon.random_string(12)", { hash: { length: 12 } }],
    ["MASKED WITH FUNCTION anon.random_zip()", "postcode"],
    ["MASKED WITH FUNCTION anon.random_phone('0612')", "phone"],
    ["MASKED WITH FUNCTION anon.random_in(ARRAY['a','b, c'])", { choice: ["a", "b, c"] }],
    ["MASKED WITH FUNCTION anon.noise(salary, 0.33)", { noise: { share: 0.33 } }],
    ["MASKED WITH FUNCTION anon.dnoise(born_on, '2 days'::interval)", { shiftDate: { days: 2 } }],
    ["MASKED WITH FUNCTION anon.noise(born_on, INTERVAL '1 month')", { shiftDate: { days: 30 } }],
    ["MASKED WITH FUNCTION anon.partial(phone, 2, $$*****$$, 2)", "hash"],
    ["MASKED WITH FUNCTION anon.partial_email(mail)", "email"],
    ["MASKED WITH FUNCTION anon.hash(phone)", "hash"],
    ["MASKED WITH FUNCTION pg_catalog.left(anon.hash(phone),12)", { hash: { length: 12 } }],
    ["MASKED WITH FUNCTION anon.lorem_ipsum( words := 20 )", "lorem"],
    ["MASKED WITH VALUE NULL", "setNull"],
    ["MASKED WITH VALUE 'CONFIDENTIAL' ", { constant: "CONFIDENTIAL" }],
    ["MASKED WITH VALUE 'it''s gone'::text", { constant: "it's gone" }],
    ["MASKED WITH VALUE $$gone$$", { constant: "gone" }],
    ["MASKED WITH VALUE 0", { constant: 0 }],
    ["MASKED WITH VALUE ''", "blank"],
  ] as const
) {
  Deno.test(`${label} becomes ${JSON.stringify(expected)}`, () => {
    const found = labelled(label);
    assertEquals([ruleOf(found, "t", "c"), found.lost], [expected, []]);
  });
}

for (
  const label of [
    "MASKED WITH FUNCTION bar.foo(c)",
    "MASKED WITH FUNCTION anon.generalize_int4range(c, 10)",
    "MASKED WITH FUNCTION anon.fake_first_name() || anon.fake_last_name()",
    "MASKED WITH FUNCTION anon.unknown()",
    "MASKED WITH FUNCTION anon.noise(c, d)",
    "MASKED WITH FUNCTION anon.random_in(ARRAY[a, b])",
    "MASKED WITH FUNCTION anon.random_int_between(1, pg_catalog.length(c))",
    "MASKED WITH VALUE c || 'x'",
    "MASKED WITH VALUE now()",
    "MASKED BY MAGIC",
    "MASKED WITH FUNCTION",
  ]
) {
  Deno.test(`${label} has no equal, and leaves the column without a rule`, () => {
    const found = labelled(label);
    assertEquals([found.lost.length, ruleOf(found, "t", "c")], [1, undefined]);
  });
}

for (
  const [what, label, expected] of [
    ["random values", "MASKED WITH FUNCTION anon.fake_email()", "random"],
    ["filled NULLs", "MASKED WITH FUNCTION anon.fake_email()", "NULL"],
    ["NULLs that a value filled", "MASKED WITH VALUE 'x'", "NULL"],
    ["noise", "MASKED WITH FUNCTION anon.noise(c, 0.1)", "noise"],
    ["a partial mask", "MASKED WITH FUNCTION anon.partial(c, 2, 'x', 3)", "left the first 2 and the last 3 characters"],
    ["a partial mask of an address", "MASKED WITH FUNCTION anon.partial_email(c)", "partial mask"],
    ["a salt that can be read", "MASKED WITH FUNCTION anon.digest(c, 'pepper', 'sha256')", "salt stands in the label"],
  ] as const
) {
  Deno.test(`an import says what leaked or broke: ${what}`, () => {
    assertStringIncludes(labelled(label).differs.join(), expected);
  });
}

Deno.test("a pseudonym did nothing else", () => {
  assertEquals(labelled("MASKED WITH FUNCTION anon.pseudo_email(c)").differs, []);
});

Deno.test("no argument is in a message", () => {
  const found = labelled("MASKED WITH FUNCTION anon.digest(c, 'pepper', 'sha256')");
  assertEquals([...found.lost, ...found.differs].filter((one) => one.includes("pepper")), []);
});

Deno.test("a column that is not masked has no rule, and is not kept", () => {
  assertEquals(rulesOf(labelled("NOT MASKED")).tables, {});
});

Deno.test("a table outside public is named with its schema", () => {
  const found = importLabels(
    [{ schema: "hr", table: "people", column: "mail", label: "MASKED WITH FUNCTION anon.fake_email()" }],
    "shop",
  );
  assertEquals(rulesOf(found).tables, { "hr.people": { columns: { mail: { strategy: "email" } } } });
});

Deno.test("rows that a label leaves out are said", () => {
  const found = importLabels(
    [{ schema: "public", table: "t", label: "TABLESAMPLE BERNOULLI(10)" }, { label: "TABLESAMPLE SYSTEM(5)" }],
    "shop",
  );
  assertEquals(found.lost.map((one) => one.split(" ")[0]), ["TABLESAMPLE", "t:"]);
});

Deno.test("a label that masks some rows is said at each column", () => {
  const found = importLabels([
    { schema: "public", table: "t", label: "MASKED WHEN admin IS FALSE" },
    { schema: "public", table: "t", column: "c", label: "MASKED WITH VALUE NULL" },
  ], "shop");
  assertStringIncludes(found.differs.join(), "only some rows");
});
