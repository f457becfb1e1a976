/** The JSON Schema that editors check rule files by says the same as the parser, as far as a schema can. @module */

import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import { ruleFileSchema } from "../../../lib/scrub/rule_files/json_schema.ts";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import { wordRules } from "../../../lib/scrub/rule_files/table_entry.ts";
import { modifiers } from "../../../lib/scrub/rules/definition_schema.ts";
import { strategies } from "../../../lib/scrub/rules/strategy/mod.ts";
import { faultsOf } from "../../report/json_schema.ts";

const schema = JSON.parse(ruleFileSchema());
const head = "database: orders\nengine: postgresql\nselections: { old: { of: t, where: id < 3 } }\n";

function faults(text: string): readonly unknown[] {
  return faultsOf(schema, parse(text));
}

function problems(text: string): readonly unknown[] {
  return parseRuleFile(new TextEncoder().encode(text), { environment: {}, scrubbers: [] }).problems;
}

const good: readonly string[] = [
  "tables:\n",
  "tables: { t: }\n",
  "tables: { t: truncate }\n",
  "tables: { t: { truncate: true, optional: true } }\n",
  "tables: { t: { keep: why, public: true } }\n",
  "tables: { t: { columns: { c: { keep: why, type: integer } } } }\n",
  "tables: { t: { a: email, b: { email: {}, except: old, restPublic: why }, c: { constant: null } } }\n",
  "tables: { t: { deleteRows: old, optional: true, expect: { gone: { maximum: 9 } }, columns: { public: setNull } } }\n",
  "tables: { t: { columns: } }\n",
  "knownValues: [{ table: t, column: a, values: [x, null] }]\n",
  "reviewed: [{ table: t, reason: r, by: b, source: s }, { object: view, name: v, reason: r, by: b, source: s }]\n",
];

const bad: readonly string[] = [
  "table: {}\n",
  "tables: { t: truncat }\n",
  "tables: { t: { keep: '' } }\n",
  "tables: { t: { a: emial } }\n",
  "tables: { t: { a: { emial: {} } } }\n",
  "tables: { t: { a: { email: {}, lorem: {} } } }\n",
  "tables: { t: { a: { email: {}, excpet: old } } }\n",
  "tables: { t: { a: template } }\n",
  "tables: { t: { a: { template: 5 } } }\n",
  "tables: { t: { a: { email: {}, optional: false } } }\n",
  "tables: { t: { deleteRows: old, a: email } }\n",
  "tables: { t: { columns: lorem } }\n",
  "tables: { t: { expect: { gone: { maximum: -1 } } } }\n",
  "tables: { t: { a: } }\n",
  "knownValues: [{ table: t, column: a, values: [] }]\n",
  "reviewed: [{ table: t, reason: r, by: b }]\n",
  "reviewed: [{ object: views, name: v, reason: r, by: b, source: s }]\n",
];

for (const text of good) {
  Deno.test(`the JSON Schema and the parser accept ${JSON.stringify(text)}`, () => {
    assertEquals([faults(head + text), problems(head + text)], [[], []]);
  });
}

for (const text of bad) {
  Deno.test(`the JSON Schema and the parser refuse ${JSON.stringify(text)}`, () => {
    assert(faults(head + text).length > 0, "the schema accepts it");
    assert(problems(head + text).length > 0, "the parser accepts it");
  });
}

for (const [name, { description: { example } }] of strategies) {
  Deno.test(`the JSON Schema and the parser accept the example of ${name}`, () => {
    const text = JSON.stringify({
      database: "orders",
      engine: "postgresql",
      tables: { t: { columns: { a: example.rule } } },
    });
    assertEquals([faults(text), problems(text)], [[], []]);
  });
}

Deno.test("no strategy is called like something else that a rule can say", () => {
  const words = [...Object.keys(modifiers), ...wordRules.keys()];
  assertEquals([...strategies.keys()].filter((name) => words.includes(name)), []);
});
