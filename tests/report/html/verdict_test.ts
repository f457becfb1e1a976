/** The verdict claims no more and no less than the run did. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ErrorCode } from "../../../lib/core/errors.ts";
import { failure } from "../../../lib/core/errors.ts";
import { exampleSources, textOf } from "./page_text.ts";

const { clean, refused } = exampleSources();
const scrubBegan = [...refused.phases, { phase: "scrub", started: 1, ended: 2 }, { phase: "verify", started: 2 }];

for (const code of ["verification", "residue", "echo", "coverage"] as const satisfies readonly ErrorCode[]) {
  Deno.test(`a source refused with ${code} after its scrub began was changed`, async () => {
    const text = await textOf([{ ...refused, phases: scrubBegan, failure: failure(code, "m", "h") }]);
    assertStringIncludes(
      text,
      "The databases were changed, but not proven clean. The workspace was deleted; there is no snapshot.",
    );
    assertEquals(text.includes("Nothing was scrubbed"), false);
  });

  Deno.test(`a source refused with ${code} before its scrub was not changed`, async () => {
    const text = await textOf([{ ...refused, failure: failure(code, "m", "h") }]);
    assertStringIncludes(text, "Nothing was scrubbed, and there is no snapshot.");
    assertEquals(text.includes("were changed"), false);
  });
}

Deno.test("a source refused after its scrub, with leftovers, does not say that its workspace was deleted", async () => {
  const found = { ...failure("verification", "m", "h"), also: [failure("leftovers", "m", "h")] };
  const text = await textOf([{ ...refused, phases: scrubBegan, failure: found }]);
  assertStringIncludes(text, "Something was left in AWS.");
  assertEquals(text.includes("workspace was deleted"), false);
});

Deno.test("the databases of a source refused after its scrub are called neither scrubbed nor untouched", async () => {
  const text = await textOf([{ ...refused, phases: scrubBegan, failure: failure("verification", "m", "h") }]);
  assertStringIncludes(text, "Databases 1 changed, not proven clean");
  assertEquals(text.includes("not scrubbed"), false);
});

Deno.test("what became of accounts has a section of its own", async () => {
  const text = await textOf([{
    ...clean,
    sideEffects: ["disabled 2 events"],
    accounts: ["removed the password of 3 roles"],
  }]);
  assertStringIncludes(
    text,
    "Kept from acting as production disabled 2 events Accounts and passwords removed the password of 3 roles",
  );
});

Deno.test("statements run after the scrub are on the page, with their rows", async () => {
  const [database, ...others] = clean.databases;
  if (!database) throw new TypeError("Cannot test the page: the example has no database");
  const after = [{ statement: "1: update users", rows: 12_345 }];
  const text = await textOf([{ ...clean, databases: [{ ...database, after }, ...others] }]);
  assertStringIncludes(
    text,
    "Statements run after the scrub In this order, before verification Statement Rows changed 1: update users 12,345",
  );
});
