/** What is said of rule files that can't be used: the right place, a clear sentence, and everything at once. @module */

import { assert, assertEquals } from "@std/assert";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import { scrubbers } from "../../../scrubbers/mod.ts";
import { headLines, malformedFiles } from "./malformed.ts";

function problemsOf(bytes: Uint8Array, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  const { problems } = parseRuleFile(bytes, { environment, scrubbers });
  return problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

for (const { text, problems, environment } of malformedFiles) {
  Deno.test(`a rule file is refused, with where and why: ${JSON.stringify(text.slice(-80))}`, () => {
    const found = problemsOf(new TextEncoder().encode(text), environment);
    // A sentence of the table may be the beginning of the whole.
    assertEquals(found.map((sentence, at) => sentence.slice(0, problems[at]?.length)), problems, found.join("\n"));
    for (const sentence of found) {
      assert(!/undefined|\[object|hunter2|\.$/.test(sentence) && sentence.length < 400, sentence);
    }
  });
}

Deno.test("there are more than a hundred of them", () => {
  assert(new Set(malformedFiles.map(({ text }) => text)).size > 150);
});

for (
  const [what, bytes, expected] of [
    ["no text", new Uint8Array([0xff, 0xfe, 0x00]), ["1:1: the file is not text in UTF-8"]],
    ["a NUL", new TextEncoder().encode("database: a\0"), ["1:1: the file is not text in UTF-8"]],
    ["over a megabyte", new Uint8Array(1_000_001).fill(0x20), ["1:1: the file is longer than 1000000 bytes"]],
    [
      "ten thousand brackets",
      new TextEncoder().encode(`${headLines}tables: ${"[".repeat(10_000)}`),
      ["1:1: it is nested too deeply"],
    ],
  ] as const
) {
  Deno.test(`a rule file is refused that is ${what}`, () => {
    const found = problemsOf(bytes);
    assertEquals(found.length > 0 ? [true] : [], [true]);
    if (what !== "ten thousand brackets") assertEquals(found, [...expected]);
  });
}

Deno.test("everything wrong is said at once, in the order of the file, and no more than a hundred times", () => {
  const rules = Array.from({ length: 150 }, (_, at) => `  t${at}: { a: emial }\n`).join("");
  const found = problemsOf(new TextEncoder().encode(`${headLines}tables:\n${rules}`));
  assertEquals(found.length, 101);
  assertEquals(found[0], '4:12: there is no strategy "emial"; did you mean "email"?');
  assertEquals(found.at(-1), "104:14: and 50 problems more from here on");
});

Deno.test("aliases are refused, so they can't make a small file a large one", () => {
  const levels = Array.from(
    { length: 5 },
    (_, at) => `x${at}: &x${at} [${Array(9).fill(at === 0 ? "x" : `*x${at - 1}`)}]`,
  );
  const found = problemsOf(new TextEncoder().encode(`${headLines}${levels.join("\n")}\n`));
  assertEquals(found.filter((sentence) => sentence.includes("an anchor")).length, 5);
  assertEquals(found.filter((sentence) => sentence.includes("an alias")).length, 36);
});
