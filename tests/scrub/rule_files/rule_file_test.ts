/** Rule files: what each form means, and that what is written is read back. @module */

import { assertEquals } from "@std/assert";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import type { RuleFile } from "../../../lib/scrub/rule_files/rule_file.ts";
import { scrubberOf } from "../../../lib/scrub/rule_files/scrubber.ts";
import { writeRuleFile } from "../../../lib/scrub/rule_files/write.ts";
import { emailAlertApi } from "../../../scrubbers/email_alert_api/mod.ts";

const head = "database: orders\nengine: postgresql\n";

function parse(text: string, environment: Readonly<Record<string, string>> = {}) {
  return parseRuleFile(new TextEncoder().encode(text), { environment, scrubbers: [emailAlertApi] });
}

function fileOf(text: string, environment?: Readonly<Record<string, string>>): RuleFile {
  const { file, problems } = parse(text, environment);
  assertEquals(problems, []);
  if (!file) throw new TypeError("no file");
  return file;
}

const nothing = { database: "orders", engine: "postgresql", selections: {}, knownValues: [], tables: {}, reviewed: [] };

const forms: readonly (readonly [what: string, yaml: string, expected: unknown])[] = [
  ["a strategy's name is a rule", "customers: { email: email }", { columns: { email: { strategy: "email" } } }],
  [
    "a mapping with a strategy's name gives it its parameter",
    'customers: { name: { template: "Person {hash}" } }',
    { columns: { name: { strategy: "template", with: "Person {hash}" } } },
  ],
  ["{} is no parameter", "customers: { email: { email: {} } }", { columns: { email: { strategy: "email" } } }],
  ["nothing is no parameter", "customers: { email: { email: } }", { columns: { email: { strategy: "email" } } }],
  ["{} is a constant", "customers: { a: { constant: {} } }", { columns: { a: { strategy: "constant", with: {} } } }],
  ["null is a constant", "customers: { a: { constant: null } }", {
    columns: { a: { strategy: "constant", with: null } },
  }],
  [
    "modifiers stand beside the strategy",
    "customers: { a: { email: {}, optional: true, only: old, restPublic: why } }\n",
    { columns: { a: { strategy: "email", optional: true, only: "old", restPublic: "why" } } },
  ],
  ["a table without columns has no rules", "customers:", { columns: {} }],
  ["a table that loses every row is one word", "customers: truncate", { truncate: true }],
  ["a truncated table may be missing", "customers: { truncate: true, optional: true }", {
    truncate: true,
    optional: true,
  }],
  ["a kept table has its reason", "customers: { keep: everybody knows }", { keep: "everybody knows" }],
  [
    "a word of the long form makes it the long form",
    "customers: { deleteRows: old, columns: { body: lorem } }",
    { deleteRows: "old", columns: { body: { strategy: "lorem" } } },
  ],
  [
    "columns with names of the long form's words are written in the long form",
    "customers: { columns: { columns: lorem, keep: lorem, public: setNull } }",
    {
      columns: { columns: { strategy: "lorem" }, keep: { strategy: "lorem" }, public: { strategy: "setNull" } },
    },
  ],
  [
    "columns with names of other words are columns",
    "customers: { constructor: lorem, 2024: lorem, yes: lorem }",
    { columns: { "2024": { strategy: "lorem" }, constructor: { strategy: "lorem" }, yes: { strategy: "lorem" } } },
  ],
];

for (const [what, yaml, expected] of forms) {
  Deno.test(`a rule file: ${what}`, () => {
    const { tables } = fileOf(`${head}selections:\n  old: { of: customers, where: id < 5 }\ntables:\n  ${yaml}\n`);
    assertEquals(tables["customers"], expected);
  });
}

Deno.test("a rule file: variables are filled into values, and $${ stands for ${", () => {
  const environment = { DAYS: "5", NAME: "Ada ${DAYS} : {" };
  const { tables } = fileOf(
    head +
      'tables:\n  t:\n    a: { constant: "${NAME}" }\n    b:\n      constant: ${DAYS}\n    c: { constant: "$${NAME}" }\n',
    environment,
  );
  assertEquals(tables["t"], {
    columns: {
      a: { strategy: "constant", with: "Ada ${DAYS} : {" },
      b: { strategy: "constant", with: 5 },
      c: { strategy: "constant", with: "${NAME}" },
    },
  });
});

Deno.test("a rule file's conditions become fragments in brackets", () => {
  const file = fileOf(
    `${head}selections:\n  staff: { of: customers, where: "{column:email} LIKE '%@ourcompany.example' OR made < {asOf}" }\n`,
  );
  assertEquals(scrubberOf(file).define({ has: () => true }).selections["staff"]?.where.filter((part) => part !== " "), [
    "(",
    { column: "email" },
    "LIKE",
    "'%@ourcompany.example'",
    "OR",
    "made",
    "<",
    { asOf: true },
    ")",
  ]);
});

const written: readonly (readonly [what: string, file: Partial<RuleFile>])[] = [
  ["an empty one", {}],
  ["a table that loses every row", { tables: { a: { truncate: true }, b: { truncate: true, optional: true } } }],
  [
    "every member",
    {
      summary: "Orders: all of them # really",
      extends: "email-alert-api",
      selections: {
        old: { of: "notes", where: "a > 'it''s \"old\": {} ${X}'\n AND b", optional: true },
        few: { of: "drafts", where: "a" },
      },
      knownValues: [{ table: "t", column: "c", values: ["a", null, "null", "12"], optional: true }],
      tables: {
        "audit.log": {
          columns: {
            details: {
              strategy: "json",
              with: { "$.user": "email", "$.x": { constant: ["1", "${x}", 2, { a: "- b" }] } },
            },
            "weird: name # x": { strategy: "constant", with: "${HOME}", optional: true },
            "'": { strategy: "keep", with: "why not?", public: true },
          },
        },
        notes: { optional: true, deleteRows: "old", expect: { changed: { minimum: 1 } }, columns: {} },
        drafts: {
          keepRows: "few",
          references: [
            { columns: ["a", "b"], to: "people", toColumns: ["b", "c"], whenDeleted: "set null", optional: true },
            { columns: ["item"], type: "kind", to: { Post: "posts", "Old::Post": null } },
          ],
          columns: {},
        },
        words: { keepReferenced: true, columns: {} },
        posts: { columns: { public: { strategy: "setNull" }, columns: { strategy: "constant", with: {} } } },
        countries: { keep: "a list: public", public: true },
        null: { columns: {} },
      },
      reviewed: [
        { table: "a", column: "b", type: "text", reason: "r", by: "me", source: "s", public: true },
        { group: "g", columns: { t: { c: "text" } }, reason: "r", by: "me", source: "s" },
        { object: "view", name: "v", reason: "r", by: "me", source: "s" },
        { table: "whole", reason: "r", by: "me", source: "s" },
      ],
    },
  ],
];

for (const [what, partial] of written) {
  Deno.test(`what writeRuleFile writes is read back: ${what}`, () => {
    const file = { ...nothing, ...partial } as RuleFile;
    assertEquals(fileOf(writeRuleFile(file)), file);
  });
}

Deno.test("writeRuleFile puts the evidence behind each column, and columns without a rule into comments", () => {
  const file: RuleFile = {
    ...nothing,
    engine: "mysql",
    tables: { customers: { columns: { email: { strategy: "email" } } } },
  };
  const text = writeRuleFile(file, {
    head: "Made from a schema.\nTo be read.",
    tables: {
      customers: {
        above: "120 rows",
        columns: { email: "called like\na mail address", nick: "varchar(80), unclassified" },
      },
      empty: { columns: { x: "text, unclassified" } },
    },
  });
  assertEquals(text.split("\n").slice(1), [
    "# Made from a schema.",
    "# To be read.",
    "database: orders",
    "engine: mysql",
    "",
    "tables:",
    "  # 120 rows",
    "  customers:",
    "    email: email # called like a mail address",
    "    # nick: varchar(80), unclassified",
    "  empty:",
    "    # x: text, unclassified",
    "",
  ]);
  assertEquals(fileOf(text).tables, { ...file.tables, empty: { columns: {} } });
});

Deno.test("a file that extends a scrubber has its rules, and the file's where both name a column", () => {
  const file = fileOf(
    "database: email-alert-api\nengine: postgresql\nextends: email-alert-api\n" +
      "tables:\n  subscribers: { nickname: lorem, address: setNull }\n  new: { a: lorem }\n",
  );
  const all = { has: () => true };
  const { tables } = scrubberOf(file, emailAlertApi).define(all);
  const base = emailAlertApi.define(all).tables;
  assertEquals(Object.keys(tables), [...Object.keys(base), "new"]);
  assertEquals(tables["subscribers"], {
    ...base["subscribers"],
    columns: {
      ...(base["subscribers"] as { columns: object }).columns,
      nickname: { strategy: "lorem" },
      address: { strategy: "setNull" },
    },
  });
});

Deno.test("the rule file in the README can be used", async () => {
  const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
  const [, text = ""] = /```yaml\n(# yaml-language-server[^`]*rules\.schema[^`]*)```/.exec(readme) ?? [];
  assertEquals(Object.keys(fileOf(text).tables), ["customers", "notes", "sessions", "countries"]);
});

Deno.test("a rule file: after is a list of statements, which is written and read back, and behind those of a built-in scrubber", () => {
  const after = ["INSERT INTO users (email) VALUES ('dev@example.com')", "UPDATE flags SET on_off = 'a: #b'"];
  const file = fileOf(`${head}after:\n  - ${after[0]}\n  - "${after[1]}"\n`);
  assertEquals(file, { ...nothing, after } as unknown as RuleFile);
  assertEquals(fileOf(writeRuleFile(file)), file);
  assertEquals(scrubberOf(file).define({ has: () => true }).after, after);
});

for (
  const [what, yaml, problem] of [
    ["two statements in one", "after:\n  - UPDATE a SET b = 1; DELETE FROM a\n", {
      line: 4,
      column: 23,
      message: 'a statement is written without ";", and alone',
    }],
    ["a change of the schema", "after:\n  - SELECT 1\n  - DROP TABLE a\n", {
      line: 5,
      column: 5,
      message: "a statement begins with one of INSERT, UPDATE, DELETE, REPLACE, MERGE, WITH, SELECT, CALL, REFRESH",
    }],
    ["what is no text", "after:\n  - 7\n", {
      line: 4,
      column: 5,
      message: "statement 1 of after is a number instead of text",
    }],
  ] as const
) {
  Deno.test(`a rule file refuses in after ${what}, and says where`, () => {
    assertEquals(parse(head + yaml).problems, [problem]);
  });
}
