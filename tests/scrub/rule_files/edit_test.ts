/** What `review --write` adds to a rule file: where it goes, and that the rest of the text stays as it is. */

import { assertEquals } from "@std/assert";
import { addReview, addRule, type EditedRuleFile, ruleInLine } from "../../../lib/scrub/rule_files/edit.ts";
import type { ColumnRule } from "../../../lib/scrub/rules/definition.ts";
import type { Reviewed } from "../../../lib/core/reviewed.ts";

const head = "database: orders # the shop\nengine: postgresql\n";
const options = { environment: { STAFF: "example.org" }, scrubbers: [] };

function textOf(edited: EditedRuleFile): string {
  if ("refused" in edited) throw new Error(edited.refused);
  return edited.text;
}

const email: ColumnRule = { strategy: "email" };
const person: ColumnRule = { strategy: "template", with: "Person, {hash}" };

interface Case {
  readonly what: string;
  /** Below the head. */
  readonly before: string;
  readonly after: string;
  readonly column?: string;
  readonly table?: string;
  readonly rule?: ColumnRule;
}

const rules: readonly Case[] = [
  {
    what: "a table of the short form gets a line",
    before: "tables:\n  customers:\n    phone:   phone # why\n\n  notes: truncate\n",
    after: "tables:\n  customers:\n    phone:   phone # why\n    email: email\n\n  notes: truncate\n",
  },
  {
    what: "a parameter is written as a value that YAML reads back",
    before: "tables:\n  customers:\n    phone: phone\n",
    after: 'tables:\n  customers:\n    phone: phone\n    email: { template: "Person, {hash}" }\n',
    rule: person,
  },
  {
    what: "a table in brackets gets it between them",
    before: "tables:\n  customers: { phone: phone } # why\n",
    after: "tables:\n  customers: { phone: phone, email: email } # why\n",
  },
  {
    what: "brackets over several lines stay so",
    before: "tables: {\n  customers: {\n    phone: phone, # why\n  },\n}\n",
    after: "tables: {\n  customers: {\n    phone: phone, email: email, # why\n  },\n}\n",
  },
  {
    what: "a table of the long form gets it below its columns",
    before: "tables:\n  customers:\n    columns:\n        phone: phone\n    optional: true\n",
    after: "tables:\n  customers:\n    columns:\n        phone: phone\n        email: email\n    optional: true\n",
  },
  {
    what: "a table of the long form without columns gets them",
    before: "tables:\n  customers:\n    optional: true\n",
    after: "tables:\n  customers:\n    optional: true\n    columns:\n      email: email\n",
  },
  {
    what: "a table of the long form in brackets without columns gets them",
    before: "tables: { customers: { optional: true } }\n",
    after: "tables: { customers: { optional: true, columns: { email: email } } }\n",
  },
  {
    what: "a new table goes behind the others, and behind comments on the last of them",
    before: "tables:\n  notes:\n    body: lorem\n    # title: decide\n\n# what may stay\nreviewed: []\n",
    after:
      "tables:\n  notes:\n    body: lorem\n    # title: decide\n  customers:\n    email: email\n\n# what may stay\nreviewed: []\n",
  },
  {
    what: "a new table between brackets stands on their line",
    before: "tables: {}\n",
    after: "tables: { customers: { email: email } }\n",
  },
  {
    what: "tables are added where there are none",
    before: "reviewed: []\n",
    after: "reviewed: []\ntables:\n  customers:\n    email: email\n",
  },
  {
    what: "tables are added behind a last line without an end",
    before: "reviewed: []",
    after: "reviewed: []\ntables:\n  customers:\n    email: email\n",
  },
  {
    what: "empty tables are filled",
    before: "tables: # none yet\nreviewed: []\n",
    after: "tables: # none yet\n  customers:\n    email: email\nreviewed: []\n",
  },
  {
    what: "a table with nothing but comments keeps them, below the rule",
    before: "tables:\n  customers:\n    # phone: decide\n  notes: truncate\n",
    after: "tables:\n  customers:\n    email: email\n    # phone: decide\n  notes: truncate\n",
  },
  {
    what: "a table that is written as null gets brackets",
    before: "tables:\n  customers: ~ # nothing\n",
    after: "tables:\n  customers: { email: email } # nothing\n",
  },
  {
    what: "an empty table between brackets is filled",
    before: "tables: { customers, notes: truncate }\n",
    after: "tables: { customers: { email: email }, notes: truncate }\n",
  },
  {
    what: "text over several lines is left whole",
    before:
      'tables:\n  customers:\n    phone: { keep: "a\n      b" } # c\n    fax:\n      keep: |\n        everybody\n\n        knows\n',
    after:
      'tables:\n  customers:\n    phone: { keep: "a\n      b" } # c\n    fax:\n      keep: |\n        everybody\n\n        knows\n    email: email\n',
  },
  {
    what: "lines that end as on Windows still do",
    before: "tables:\r\n  customers:\r\n    phone: phone\r\n",
    after: "tables:\r\n  customers:\r\n    phone: phone\r\n    email: email\r\n",
  },
  {
    what: "names that YAML would read as something else are found and quoted",
    before: 'tables:\n  "null": { phone: phone }\n',
    after: 'tables:\n  "null": { phone: phone, "true": email }\n',
    table: "null",
    column: "true",
  },
  {
    what: "a plain name that looks like a number is the text that it is",
    before: "tables:\n  2024:\n    phone: phone\n",
    after: 'tables:\n  2024:\n    phone: phone\n    "2025": email\n',
    table: "2024",
    column: "2025",
  },
  {
    what: "a table in a schema, with a name that needs quotes between brackets",
    before: "tables: {}\n",
    after: 'tables: { "crm.a,b": { "x: y": email } }\n',
    table: "crm.a,b",
    column: "x: y",
  },
  {
    what: "a new table whose column is a word of the long form is written in it",
    before: "tables: {}\n",
    after: "tables: { customers: { columns: { public: email } } }\n",
    column: "public",
  },
  {
    what: "a column that is a word of the long form moves a short table's columns",
    before: "tables:\n  customers:\n    phone: phone # why\n    # more\n    fax: phone\n  notes: truncate\n",
    after:
      "tables:\n  customers:\n    columns:\n      phone: phone # why\n      # more\n      fax: phone\n      keep: email\n  notes: truncate\n",
    column: "keep",
  },
  {
    what: "a column that is a word of the long form moves a short table's columns between brackets",
    before: "tables:\n  customers: { phone: phone }\n",
    after: "tables:\n  customers: { columns: { phone: phone, keep: email } }\n",
    column: "keep",
  },
  {
    what: "what looks like a variable is none",
    before: 'tables:\n  customers:\n    phone: { constant: "${STAFF}" }\n',
    after: 'tables:\n  customers:\n    phone: { constant: "${STAFF}" }\n    email: { constant: "$${STAFF}" }\n',
    rule: { strategy: "constant", with: "${STAFF}" },
  },
];

for (const { what, before, after, table = "customers", column = "email", rule = email } of rules) {
  Deno.test(`a rule: ${what}`, () => {
    assertEquals(textOf(addRule(head + before, { table, column, rule }, options)), head + after);
  });
}

for (
  const [what, yaml, refused] of [
    [
      "truncated",
      "tables: { customers: truncate }",
      'the file truncates the table "customers", so no column of it has a rule',
    ],
    [
      "truncated in the long form",
      "tables:\n  customers: { truncate: true, optional: true }",
      'the file truncates the table "customers", so no column of it has a rule',
    ],
    [
      "kept",
      "tables: { customers: { keep: why } }",
      'the file keeps the table "customers", so no column of it has a rule',
    ],
    ["ruled already", "tables: { customers: { email: lorem } }", 'the file has a rule for "customers.email" already'],
    ["of a file that is wrong", "tables: { customers: { email: emial } }", "the file is not a valid rule file"],
  ] as const
) {
  Deno.test(`a rule for a column that is ${what} is refused`, () => {
    assertEquals(addRule(head + yaml, { table: "customers", column: "email", rule: email }, options), { refused });
  });
}

Deno.test("a rule that the parser would refuse is not written", () => {
  const wrong = addRule(head, { table: "customers", column: "email", rule: { strategy: "emial" } }, options);
  assertEquals(wrong, { refused: "it has no place in the file's layout; write it by hand" });
});

for (
  const [line, table, column, expected] of [
    ["customers: { columns: { email: email } }", "customers", "email", email],
    [
      '"crm.a,b": { columns: { "x: y": { template: "Person, {hash}" } } }',
      "crm.a,b",
      "x: y",
      person,
    ],
    ["null: { columns: { public: setNull } }", "null", "public", { strategy: "setNull" }],
    ["customers: { columns: { email: email } }", "customers", "phone", undefined],
    ["customers: { columns: { email: email() } },", "customers", "email", undefined],
  ] as const
) {
  Deno.test(`the rule for ${table}.${column} in the printed line ${line}`, () => {
    assertEquals(ruleInLine(line, table, column), expected);
  });
}

const signature = { reason: "is public", by: "a test", source: "the schema" };
const entry: Reviewed = { table: "customers", column: "size", type: "integer", ...signature };
const written = "{ table: customers, column: size, type: integer, reason: is public, by: a test, source: the schema }";
const older = "table: customers, column: size, type: text, reason: old, by: me, source: it";

const reviews: readonly (readonly [what: string, before: string, after: string, entry?: Reviewed])[] = [
  ["a list is added", "tables: {} # why\n", `tables: {} # why\nreviewed:\n  - ${written}\n`],
  ["an empty list between brackets is filled", "reviewed: [] # why\n", `reviewed: [ ${written} ] # why\n`],
  ["a list that holds nothing is filled", "reviewed:\ntables: {}\n", `reviewed:\n  - ${written}\ntables: {}\n`],
  [
    "a list gets one more line",
    "reviewed:\n- object: view\n  name: v # why\n  reason: r\n  by: me\n  source: it # all\n\n# the rest\ntables: {}\n",
    `reviewed:\n- object: view\n  name: v # why\n  reason: r\n  by: me\n  source: it # all\n- ${written}\n\n# the rest\ntables: {}\n`,
  ],
  [
    "a column that was reviewed as another type loses that review",
    `reviewed:\n  - { ${older} } # why\n  - { object: view, name: v, reason: r, by: me, source: it }\n`,
    `reviewed:\n  - ${written} # why\n  - { object: view, name: v, reason: r, by: me, source: it }\n`,
  ],
  [
    "a review on several lines is replaced whole",
    `reviewed:\n  - ${older.replaceAll(", ", "\n    ").replace("source: it", "source: |\n      it")}\ntables: {}\n`,
    `reviewed:\n  - ${written}\ntables: {}\n`,
  ],
  [
    "an object's entry is written as one",
    "reviewed:\n",
    "reviewed:\n  - { object: view, name: v, reason: is public, by: a test, source: the schema }\n",
    { object: "view", name: "v", ...signature },
  ],
  [
    "what is said may hold anything",
    "reviewed:\n",
    'reviewed:\n  - { object: view, name: v, reason: "a: #b, ]}", by: "$${STAFF}", source: "- x" }\n',
    { object: "view", name: "v", reason: "a: #b, ]}", by: "${STAFF}", source: "- x" },
  ],
];

for (const [what, before, after, added = entry] of reviews) {
  Deno.test(`a review: ${what}`, () => {
    assertEquals(textOf(addReview(head + before, added, options)), head + after);
  });
}

Deno.test("a review of a column in a group is refused, as the group's reason would no longer be the only one", () => {
  const group =
    "reviewed:\n  - { group: sizes, columns: { customers: { size: text } }, reason: r, by: me, source: it }\n";
  assertEquals(addReview(head + group, entry, options), {
    refused: 'the group "sizes" of reviewed has "customers.size" as another type; correct it there',
  });
});
