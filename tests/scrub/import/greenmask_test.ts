/** Greenmask's configuration as rules of ours. */

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { daysOf } from "../../../lib/scrub/import/greenmask_table.ts";
import { fixture, imported, ruleOf, rulesOf } from "./imports.ts";

const whole = imported(await fixture("greenmask.yaml"));

function transformed(transformer: string) {
  return imported(`dump: { transformation: [{ schema: public, name: t, transformers: [${transformer}] }] }`);
}

Deno.test("a whole configuration becomes a rule file", () => {
  assertEquals(rulesOf(whole), {
    database: "shop",
    engine: "postgresql",
    selections: {},
    knownValues: [],
    reviewed: [],
    tables: {
      customers: {
        columns: {
          email: { strategy: "email" },
          first_name: { strategy: "name", with: { part: "first" } },
          last_name: { strategy: "name", with: { part: "last" } },
          mobile: { strategy: "phone" },
          born_on: { strategy: "shiftDate", with: { days: 428 } },
        },
      },
      "billing.invoices": {
        columns: {
          total: { strategy: "noise", with: { share: 0.2, minimum: 1 } },
          reference: { strategy: "constant", with: "removed" },
          token: { strategy: "opaque" },
        },
      },
      sessions: { truncate: true },
      carts: { truncate: true },
    },
  });
});

Deno.test("what of a configuration has no equal is said", () => {
  assertEquals(whole.lost.map((one) => one.replace(/: .*/s, "")), [
    "pg_dump_options.exclude-schema chose what is dumped; rows that it left out are there now",
    "customers.remarks",
    "billing.invoices",
    "billing.invoices",
  ]);
});

Deno.test("what has no equal is a comment at its column", () => {
  assertMatch(whole.text, /\n {4}# remarks: decide: Greenmask RegexpReplace has no equal: /);
});

Deno.test("what the old rule did is a comment at its column", () => {
  assertMatch(whole.text, /\n {4}email: email # Greenmask RandomEmail; .*kept the mail's domain/);
});

Deno.test("columns and tables are counted", () => {
  assertEquals([whole.columns, whole.truncated], [8, 2]);
});

for (
  const [transformer, expected] of [
    ["{ name: RandomEmail, params: { column: c, engine: hash } }", "email"],
    ["{ name: RandomUsername, params: { column: c } }", "userName"],
    ["{ name: RandomPassword, params: { column: c } }", "opaque"],
    ["{ name: RandomFirstName, params: { column: c } }", { name: { part: "first" } }],
    ["{ name: RandomPhoneNumber, params: { column: c } }", "phone"],
    ["{ name: RandomCCNumber, params: { column: c } }", "card"],
    ["{ name: RandomURL, params: { column: c } }", "url"],
    ["{ name: RandomDomainName, params: { column: c } }", { template: "{hash}.example.com" }],
    ["{ name: RandomIp, params: { column: c, subnet: 10.0.0.0/8 } }", "ipAddress"],
    ["{ name: RandomMac, params: { column: c } }", "macAddress"],
    ["{ name: RandomString, params: { column: c, min_length: 3, max_length: 9, symbols: ABCA } }", {
      hash: { length: 9, alphabet: "ABC" },
    }],
    ["{ name: RandomParagraph, params: { column: c } }", "lorem"],
    ["{ name: RandomInt, params: { column: c, min: 1, max: '30' } }", { integer: { minimum: 1, maximum: 30 } }],
    ["{ name: RandomFloat, params: { column: c, min: 0.5, max: 2 } }", { decimal: { minimum: 0.5, maximum: 2 } }],
    ["{ name: RandomDate, params: { column: c, min: '2023-01-01', max: '2024-01-01' } }", "blank"],
    ["{ name: RandomChoice, params: { column: c, values: [a, b, '\\N'] } }", { choice: ["a", "b"] }],
    ["{ name: RandomChoice, params: { column: c, values: [a] } }", { constant: "a" }],
    ["{ name: NoiseInt, params: { column: c, max_ratio: 0.4, max: 9 } }", { noise: { share: 0.4, maximum: 9 } }],
    ["{ name: NoiseDate, params: { column: c, max_ratio: '01:00:00' } }", { shiftDate: { days: 1 } }],
    ["{ name: Masking, params: { column: c, type: email } }", "email"],
    ["{ name: Masking, params: { column: c } }", "lorem"],
    ["{ name: Hash, params: { column: c, max_length: 10 } }", { hash: { length: 10 } }],
    ["{ name: Replace, params: { column: c, value: null } }", "setNull"],
    ["{ name: SetNull, params: { column: c } }", "setNull"],
    ["{ name: Json, params: { column: c, operations: [{ operation: set, path: a.b, value: x }] } }", {
      json: { "$.a.b": { constant: "x" } },
    }],
    ["{ name: Json, params: { column: c, operations: [{ operation: delete, path: a }] } }", {
      json: { "$.a": "setNull" },
    }],
    ["{ name: RandomCompany, params: { columns: [{ name: c }] } }", "organisation"],
    ["{ name: RandomPerson, params: { columns: [{ name: c, template: '{{ .LastName }}, {{ .FirstName }}' }] } }", {
      name: { part: "lastFirst" },
    }],
    ["{ name: RealAddress, params: { columns: [{ name: c, template: '{{.Address}} {{.City}}' }] } }", {
      postalAddress: { part: "full" },
    }],
    ["{ name: RealAddress, params: { columns: [{ name: c, template: '{{ .PostalCode }}' }] } }", "postcode"],
  ] as const
) {
  Deno.test(`${transformer} becomes ${JSON.stringify(expected)}`, () => {
    const found = transformed(transformer);
    assertEquals([ruleOf(found, "t", "c"), found.lost], [expected, []]);
  });
}

for (
  const [what, transformer] of [
    ["a program", "{ name: Cmd, params: { column: c } }"],
    ["a list that leaves values", "{ name: Dict, params: { column: c } }"],
    ["a template", "{ name: Template, params: { column: c } }"],
    ["a transformer of one's own", "{ name: OurOwn, params: { column: c } }"],
    ["another column's value", "{ name: Replace, params: { column: c }, dynamic_params: { value: { column: d } } }"],
    ["a path of JSON with an index", "{ name: Json, params: { column: c, operations: [{ path: 'a.0', value: 1 }] } }"],
    ["an operation on JSON that is none", "{ name: Json, params: { column: c, operations: [null] } }"],
    ["noise without a bound", "{ name: NoiseInt, params: { column: c } }"],
    ["noise beyond ours", "{ name: NoiseInt, params: { column: c, max_ratio: 7 } }"],
    ["an unknown mask", "{ name: Masking, params: { column: c, type: shoe } }"],
  ] as const
) {
  Deno.test(`${what} has no equal, and leaves the column without a rule`, () => {
    const found = transformed(transformer);
    assertEquals([found.lost.length, ruleOf(found, "t", "c")], [1, undefined]);
    assertStringIncludes(found.lost[0] ?? "", "t.c: ");
  });
}

for (
  const [what, transformer, expected] of [
    ["the mail's domain", "{ name: RandomEmail, params: { column: c, keep_original_domain: true } }", "domain"],
    ["random values", "{ name: RandomUuid, params: { column: c } }", "random"],
    ["filled NULLs", "{ name: RandomInt, params: { column: c, min: 1, max: 2, keep_null: 'false' } }", "NULL"],
    ["digits under a mask", "{ name: Masking, params: { column: c, type: credit } }", "partial mask"],
    ["noise", "{ name: NoiseInt, params: { column: c, max_ratio: 0.1 } }", "noise"],
    ["a condition", "{ name: SetNull, when: 'record.a == 1', params: { column: c } }", "only some rows"],
  ] as const
) {
  Deno.test(`an import says what leaked: ${what}`, () => {
    const { differs } = transformed(transformer);
    assertEquals(differs.length, 1);
    assertStringIncludes(differs[0] ?? "", expected);
  });
}

Deno.test("an option that neither leaks nor breaks anything is not said", () => {
  assertEquals(transformed("{ name: RandomEmail, params: { column: c, engine: hash, keep_null: true } }").differs, []);
});

Deno.test("no value of the old file is in a message", () => {
  const found = transformed(
    "{ name: Replace, when: secret1, params: { column: c, value: secret2, keep_null: false } }",
  );
  assertEquals([...found.lost, ...found.differs].filter((one) => one.includes("secret")), []);
});

Deno.test("of several rules for one column the last decides", () => {
  const found = transformed("{ name: SetNull, params: { column: c } }, { name: RandomUuid, params: { column: c } }");
  assertEquals(ruleOf(found, "t", "c"), "opaque");
});

for (
  const [interval, expected] of [
    ["1 year 2 mons 3 day 04:05:06.07", 428],
    ["10 days", 10],
    ["36 hours", 2],
    ["00:10:00", 1],
    ["1 fortnight", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`the interval ${JSON.stringify(interval)} is ${expected ?? "no number of"} days`, () => {
    assertEquals(daysOf(interval), expected);
  });
}

for (
  const [what, text, expected] of [
    ["YAML that is none", "dump:\n  transformation: [", "line 2: "],
    ["an empty file", "# nothing\n", "line 1: the file is empty"],
    ["a configuration without rules", "dump:\n  pg_dump_options: {}\n", "line 1: dump has no transformation"],
    ["a list that is none", "dump:\n  transformation: {}\n", "line 2: dump.transformation is no list"],
    ["a table without a name", "dump:\n  transformation:\n    - schema: a\n", "line 3: an entry of"],
    [
      "a transformer without a name",
      "dump:\n  transformation:\n    - name: t\n      transformers:\n        - params: {}\n",
      "line 5: a transformer has no name",
    ],
    ["a rule file of ours", "database: a\nengine: mysql\n", "it is a rule file of datascrubber already"],
    ["another file", "services: {}\n", "line 1: it is none of the files that can be imported"],
    ["an alias to nothing", "dump:\n  transformation: *x\n", "line 2: "],
    ["bytes that are no text", "dump: \0", "line 1: the file is not text in UTF-8"],
  ] as const
) {
  Deno.test(`refused with its line: ${what}`, () => {
    const error = assertThrows(() => imported(text), ScrubError);
    assertStringIncludes(error.message, 'Cannot import "old.yaml": ');
    assertStringIncludes(error.message, expected);
  });
}

Deno.test("aliases that grow without bound are refused", () => {
  const levels = Array.from({ length: 9 }, (_, at) => `a${at}: &a${at} [${Array(9).fill(at ? `*a${at - 1}` : "x")}]`);
  assertThrows(() => imported(levels.join("\n")), ScrubError, "repeat too much");
});
