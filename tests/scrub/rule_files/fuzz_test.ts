/** Whatever stands in a rule file: it is read or refused with a place in it, and reading comes to an end. @module */

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import type { RuleFile } from "../../../lib/scrub/rule_files/rule_file.ts";
import { scrubberOf } from "../../../lib/scrub/rule_files/scrubber.ts";
import { writeRuleFile } from "../../../lib/scrub/rule_files/write.ts";
import { readCondition } from "../../../lib/scrub/rules/condition/condition.ts";
import { strategies } from "../../../lib/scrub/rules/strategy/mod.ts";
import type { TableRule } from "../../../lib/scrub/rules/definition.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";
import { seed } from "../../seed.ts";
import { malformedFiles } from "./malformed.ts";

const environment = { A: "x", B: "${A}", C: "5" };

/** Reads a file, and holds the outcome to what every outcome is. */
function read(text: string): void {
  const bytes = new TextEncoder().encode(text);
  const { file, problems } = parseRuleFile(bytes, { environment, scrubbers });
  assertEquals(file === undefined, problems.length > 0);
  const lines = text.split(/\r\n|\n|\r/).length;
  for (const { line, column, message } of problems) {
    assert(line >= 1 && line <= lines + 1 && column >= 1 && message.length > 5, `${line}:${column}: ${message}`);
  }
  if (file) scrubberOf(file, scrubbers.find(({ name }) => name === file.extends)).define({ has: () => true });
}

const words = [
  ..."database:|engine:|postgresql|mysql|tables:|selections:|old:|of:|where:|columns:|keep:|truncate|email|template:"
    .split("|"),
  ...'deleteRows:|only:|except:|optional:|true|null|reviewed:|knownValues:|extends:|whitehall|"id < 3"|${A}|${|$${'
    .split("|"),
  ..."{|}|[|]|,|:|-|?|&a|*a|!x|!!str|%|@|`|'|\"|#|\\|~|.nan|0x1F|012|1e999|<<:|__proto__:|constructor:|---|...|\t|\u0085|\ud800"
    .split("|"),
];

const pieces = fc.array(
  fc.tuple(fc.constantFrom(...words), fc.constantFrom("", " ", "\n", "\n  ", "\n    ", "\r\n", " # ")),
  { maxLength: 60 },
).map((all) => all.flat().join(""));

const runs = { numRuns: 400, seed };

Deno.test("any text is read or refused", () => {
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: "binary" }), read), runs);
});

Deno.test("any words of rule files and of YAML are read or refused", () => {
  fc.assert(fc.property(pieces, (text) => read(`database: orders\nengine: mysql\n${text}`)), runs);
  fc.assert(fc.property(pieces, read), runs);
});

const example = writeRuleFile({
  database: "orders",
  engine: "postgresql",
  selections: {
    old: {
      of: "notes",
      where: "{column:made} < {asOf} - interval '30 days' AND id IN (SELECT n.id FROM {table:notes} n)",
    },
  },
  knownValues: [{ table: "notes", column: "kind", values: ["a", null] }],
  tables: {
    customers: {
      columns: { email: { strategy: "email", except: "old", restPublic: "why" }, pin: { strategy: "setNull" } },
    },
    notes: { deleteRows: "old", columns: { body: { strategy: "template", with: "Note {hash}" } } },
    countries: { keep: "public", public: true },
  },
  reviewed: [{ table: "notes", column: "made", type: "timestamp", reason: "r", by: "b", source: "s" }],
});

Deno.test("a good file with anything cut out, put in or moved is read or refused", () => {
  const edit = fc.tuple(
    fc.constantFrom(example, ...malformedFiles.map(({ text }) => text)),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 }))), {
      maxLength: 4,
    }),
  );
  fc.assert(
    fc.property(edit, ([text, edits]) => {
      for (const [place, length, put] of edits) {
        const at = text.length === 0 ? 0 : place % text.length;
        text = text.slice(0, at) + put + text.slice(at + length);
      }
      read(text);
    }),
    { numRuns: 1000, seed },
  );
});

const sqlPieces = [
  ..."id|name|=|<|'x'|'it''s'|'|\"a\"|\"|`a`|`|(|)|[|]|,|;|--|/*|*/|#|{table:t}|{column:id}|{asOf}|{selection:s}|{|}|SELECT|FROM"
    .split("|"),
  ..."WHERE|IN|lower(|now(|AND|OR|NOT|EXISTS|DELETE|INTO|E'\\''|$1|$$|@x|:=|?|\\|1.5|1e5|.|::|public.f(|CASE|END|LIMIT|FOR|\0"
    .split("|"),
];

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`any condition on ${engine} is one expression in balanced brackets, or refused`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...sqlPieces), fc.constantFrom("", " ", "\n")), { maxLength: 25 }),
        (all) => {
          const text = all.flat().join("");
          const found = readCondition(text, engine);
          if ("problems" in found) {
            assert(found.problems.length > 0);
            for (const { at } of found.problems) assert(at >= 0 && at <= text.length);
            return;
          }
          const parts = found.fragment.slice(1, -1);
          // Every part is whole: a text, a name, or code without anything that ends or hides something.
          const code = parts.filter((part) => typeof part === "string" && !/^\w{0,2}&?['"`]/.test(part)).join(" ");
          assert(!/;|--|\/\*|\*\/|\0|\\|['"`]/.test(code), code);
          let depth = 0;
          for (const sign of code.replaceAll(/[^()[\]]/g, "")) {
            depth += sign === "(" || sign === "[" ? 1 : -1;
            assert(depth >= 0, code);
          }
          assertEquals(depth, 0);
        },
      ),
      { numRuns: 3000, seed },
    );
  });
}

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    "columns",
    "keep",
    "public",
    "truncate",
    "optional",
    "null",
    "true",
    "12",
    "- a",
    "a: b",
    "#",
    "${A}",
    "$${",
    "é\u2028",
  ),
).filter((text) => text.trim() !== "" && text !== "__proto__");
/** -0 is written as 0, and whole numbers that a double does not hold exactly are refused. */
function readable(one: unknown): unknown {
  return typeof one === "number" && (one === 0 || (Number.isInteger(one) && !Number.isSafeInteger(one))) ? 0 : one;
}

const json = fc.jsonValue({ maxDepth: 2, noUnicodeString: false }).map((value) =>
  // No rule holds __proto__.
  JSON.parse(JSON.stringify(value, (key, one) => key === "__proto__" ? undefined : readable(one)) ?? "null")
);
const rule = fc.oneof(
  fc.constantFrom({ strategy: "email" }, { strategy: "setNull", optional: true as const }),
  fc.record({ strategy: fc.constant("constant"), with: json }),
  fc.record({ strategy: fc.constant("keep"), with: name }),
  fc.record({ strategy: fc.constant("lorem"), except: fc.constant("old"), restPublic: name }),
);
const columns = fc.uniqueArray(fc.tuple(name, rule), { maxLength: 4, selector: ([one]) => one }).map(
  Object.fromEntries,
);
const table: fc.Arbitrary<TableRule> = fc.oneof(
  fc.record({ columns }),
  fc.record({ deleteRows: fc.constant("old"), columns }),
  fc.record({ optional: fc.constant(true as const), columns }),
  fc.record({ keep: name.filter((text) => !strategies.has(text)) }),
);

Deno.test("whatever is written is read back as the same", () => {
  const tables = fc.uniqueArray(fc.tuple(name, table), { maxLength: 4, selector: ([one]) => one }).map(
    Object.fromEntries,
  );
  fc.assert(
    fc.property(name, name, tables, (database, summary, tables) => {
      const file: RuleFile = {
        database,
        engine: "mysql",
        summary,
        selections: { old: { of: "t", where: "id < 3" } },
        knownValues: [],
        tables,
        reviewed: [],
      };
      const { file: again, problems } = parseRuleFile(new TextEncoder().encode(writeRuleFile(file)), {
        environment: {},
        scrubbers: [],
      });
      assertEquals(problems, []);
      assertEquals(again, file);
    }),
    { numRuns: 300, seed },
  );
});
