/** What the command `strategies` prints. @module */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { strategiesText } from "../../../lib/cli/commands/strategies.ts";
import { parameterText, ruleText } from "../../../lib/cli/help/strategy_text.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { strategies } from "../../../lib/scrub/rules/strategy/mod.ts";

Deno.test("strategiesText() lists every strategy with its example", () => {
  const text = strategiesText({ format: "table" });
  for (const [name, { description }] of strategies) {
    assertStringIncludes(text, `${name}: ${description.summary}\n`);
    assertStringIncludes(text, `  example: ${ruleText(description.example.rule)}\n`);
  }
});

Deno.test("strategiesText() of one says what its parameter is", () => {
  assertEquals(
    strategiesText({ name: "keep", format: "table" }),
    `keep: The old value, for a reason that is shown in the plan and the report.
  parameter: Why the column may stay.
  example: { keep: "published on the website" }
    Annual report -> Annual report
`,
  );
});

Deno.test("strategiesText() and the README say which strategies may change keys", async () => {
  const readme = await Deno.readTextFile(new URL("../../../lib/scrub/rules/README.md", import.meta.url));
  const [, paragraph = ""] = /\*\*Keys\*\*: (.*?)\n\n/s.exec(readme) ?? [];
  const [, listed = ""] = /strategy that makes equal values of\s+equal ones \((.*?)\)/s.exec(paragraph) ?? [];
  const named = [...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assertEquals(named, [...strategies].filter(([, { ofValue }]) => ofValue !== undefined).map(([name]) => name));
  for (const name of strategies.keys()) {
    assertEquals(
      strategiesText({ name, format: "table" }).includes("  keys: it may change them"),
      named.includes(name),
    );
  }
});

Deno.test("strategiesText() in JSON has the schema of a parameter", () => {
  const { version, strategies: [only] } = JSON.parse(strategiesText({ name: "template", format: "json" }));
  assertEquals([version, only.name, only.parameter.type], [1, "template", "string"]);
});

Deno.test("strategiesText() in JSON has every strategy, and none a parameter that it does not take", () => {
  const { strategies: all } = JSON.parse(strategiesText({ format: "json" }));
  assertEquals(
    all.map(({ name, parameter }: { name: string; parameter?: unknown }) => [name, parameter !== undefined]),
    [...strategies].map(([name, { parameter }]) => [name, parameter !== undefined]),
  );
});

Deno.test("every parameter says what it is", () => {
  for (const [name, { parameter }] of strategies) assert(!parameter || parameterText(parameter) !== "", name);
});

Deno.test("strategiesText() names the strategy that was meant", () => {
  const error = assertThrows(() => strategiesText({ name: "emial", format: "table" }), ScrubError);
  assertEquals(
    [error.message, error.hint],
    ['Cannot describe "emial": no strategy is called so', "Did you mean email?"],
  );
});
