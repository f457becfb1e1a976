/** Every strategy's example on both engines: what the reference shows is what comes out, with a key of 32 bytes of 1. @module */

import { assertEquals } from "@std/assert";
import { email, phone } from "../../../lib/scrub/rules/strategies.ts";
import type { ColumnRule, Json } from "../../../lib/scrub/rules/definition.ts";
import { strategies } from "../../../lib/scrub/rules/strategy/mod.ts";
import { quoteText } from "../../fixtures/database.ts";
import { createTestDatabase, engineNames, scrubberOf, scrubFixture, serverOf, testKey } from "../scrub_fixture.ts";
import type { PerEngine } from "./strategy_cases.ts";

const json: PerEngine = { postgresql: "v jsonb", mysql: "v json" };

/** The columns of an example's table; absent: text. */
const columns: Readonly<Record<string, PerEngine>> = {
  blank: "v integer",
  decimal: "v numeric(10, 2)",
  emptied: json,
  integer: "v integer",
  json,
  noise: "v integer",
  shiftDate: "v date",
  freeText: "v text, email varchar(255), phone varchar(50)",
  replacing: "v text, email varchar(255)",
};

/** Values of the columns after `v`, and rules for them. */
const others: Readonly<
  Record<string, { readonly values: readonly string[]; readonly rules: Record<string, ColumnRule> }>
> = {
  freeText: { values: ["ada@mail.example", "020 7946 0018"], rules: { email: email(), phone: phone() } },
  replacing: { values: ["ada@mail.example"], rules: { email: email() } },
};

/** Values of `v` in further rows. */
const moreRows: Readonly<Record<string, readonly string[]>> = { shuffle: ["Oslo", "Rome"] };

/** A rule as a rule file spells it, as a scrubber's. */
function columnRule(rule: Json): ColumnRule {
  if (typeof rule === "string") return { strategy: rule };
  const [entry] = Object.entries(rule as Readonly<Record<string, Json>>);
  if (!entry) throw new TypeError("an example has no rule");
  return { strategy: entry[0], with: entry[1] };
}

for (const engine of engineNames) {
  Deno.test(`${engine}: every example is true`, async () => {
    const server = await serverOf(engine);
    try {
      const statements = [...strategies].flatMap(([name, { description: { example } }]) => {
        const definition = columns[name] ?? "v varchar(255)";
        const values = [example.before, ...(others[name]?.values ?? [])].map((value) =>
          value === null ? "NULL" : quoteText(engine, value)
        );
        return [
          `CREATE TABLE ${table(name)} (id integer PRIMARY KEY, ${
            typeof definition === "string" ? definition : definition[engine]
          })`,
          `INSERT INTO ${table(name)} VALUES (1, ${values.join(", ")})`,
          ...(moreRows[name] ?? []).map((value, at) =>
            `INSERT INTO ${table(name)} VALUES (${at + 2}, ${quoteText(engine, value)})`
          ),
        ];
      });
      await createTestDatabase(server, engine, "examples", statements.join("; "));
      const rules = Object.fromEntries(
        [...strategies].map(([name, { description: { example } }]) => [
          table(name),
          { columns: { v: columnRule(example.rule), ...others[name]?.rules } },
        ]),
      );
      await scrubFixture(server, engine, "examples", scrubberOf(engine, rules), { key: testKey() });
      const text = engine === "mysql" ? "CONVERT(v USING utf8mb4)" : "v::text";
      const found: Record<string, string | null> = {};
      for (const name of strategies.keys()) {
        const [row] = await server.run(`SELECT ${text} AS v FROM ${table(name)} WHERE id = 1`, "examples");
        found[name] = row?.["v"] === null || row === undefined ? null : unspaced(name, String(row["v"]));
      }
      const wanted = Object.fromEntries(
        [...strategies].map(([name, { description }]) => [name, description.example.after]),
      );
      assertEquals(found, wanted);
    } finally {
      await server.stop("now");
    }
  });
}

function table(strategy: string): string {
  return `example_${strategy.toLowerCase()}`;
}

/** JSON without the servers' spaces. */
function unspaced(name: string, value: string): string {
  return columns[name] === json ? JSON.stringify(JSON.parse(value)) : value;
}
