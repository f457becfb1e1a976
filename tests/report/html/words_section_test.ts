/** The page explains its words. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { exampleSources, textOf } from "./page_text.ts";

const { clean, refused } = exampleSources();
const strategies = new Map([["email", "An address of the same shape."], ["iban", "A valid IBAN."]]);
const ofWords = async (text: Promise<string>) => (await text).split("Words condition")[1] ?? "";

for (const word of ["structural", "computed", "reviewed", "ruled", "kept", "public", "token", "orphan", "workspace"]) {
  Deno.test(`the page says what "${word}" means`, async () => {
    assertStringIncludes(await ofWords(textOf([clean])), ` ${word}`);
  });
}

Deno.test("a strategy is explained where the report names it, another is not", async () => {
  const text = await ofWords(textOf([clean], { strategies }));
  assertEquals([text.includes("email An address"), text.includes("iban")], [true, false]);
});

Deno.test("a strategy for some rows is explained as well", async () => {
  const [database] = clean.databases;
  if (!database?.coverage) throw new TypeError("Cannot test: the example has no columns");
  const column = { table: "t", column: "c", by: "ruled", reason: "iban, all rows but those of staff" } as const;
  const databases = [{ ...database, coverage: { ...database.coverage, columns: [column] } }];
  assertStringIncludes(await ofWords(textOf([{ ...clean, databases }], { strategies })), "iban A valid IBAN.");
});

Deno.test("a report without strategies has no heading for them", async () => {
  assertEquals((await ofWords(textOf([refused], { strategies }))).includes("Strategies"), false);
});
