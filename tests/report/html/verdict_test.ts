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
    assertStringIncludes(
      text,
      "Refused before the scrub: no data was changed, and no snapshot was made. What had been restored was deleted with its workspace.",
    );
    assertEquals([text.includes("were changed"), text.includes("not proven")], [false, false]);
  });
}

Deno.test("a source refused after its scrub, with leftovers, does not say that its workspace was deleted", async () => {
  const found = { ...failure("verification", "m", "h"), also: [failure("leftovers", "m", "h")] };
  const text = await textOf([{ ...refused, phases: scrubBegan, failure: found }]);
  assertStringIncludes(text, "Something was left in AWS.");
  assertEquals(text.includes("workspace was deleted"), false);
});

Deno.test("a source whose snapshot is kept, with leftovers, says both", async () => {
  const text = await textOf([{ ...clean, failure: failure("leftovers", "m", "h") }]);
  assertStringIncludes(text, "Something was left in AWS.");
  assertStringIncludes(text, "The result is snapshot");
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

const [scrubbed, kept] = clean.databases;
if (!scrubbed || kept?.fate !== "kept" || !kept.leakSearch) {
  throw new TypeError("Cannot test: the example keeps no database");
}
const fonts = { ...kept, database: "fonts", reason: "named by --keep-database" };
const echo = { column: "files.owner", rows: 3 };

for (
  const [what, database, sentence] of [
    [
      "values removed elsewhere in one column",
      { ...fonts, leakSearch: { ...kept.leakSearch, echoes: [echo] } },
      "3 rows of it hold values removed elsewhere.",
    ],
    ["such values in two columns", {
      ...fonts,
      leakSearch: { ...kept.leakSearch, echoes: [echo, { ...echo, rows: 4 }] },
    }, "Up to 7 rows of it, in 2 columns, hold values removed elsewhere."],
    [
      "none",
      { ...fonts, leakSearch: { ...kept.leakSearch, echoes: [] } },
      "No value removed elsewhere was found in it.",
    ],
    ["no search", { ...fonts, leakSearch: undefined }, "It was not searched for values removed elsewhere."],
  ] as const
) {
  Deno.test(`a clean source with a kept database with ${what} says so`, async () => {
    const text = await textOf([{ ...clean, databases: [scrubbed, database] }]);
    assertStringIncludes(text, "clean but for 1 database");
    assertStringIncludes(
      text,
      `1 database was handed over unchanged: fonts, because: named by --keep-database. ${sentence}`,
    );
  });
}

Deno.test("two kept databases are listed one by one", async () => {
  const text = await textOf([{ ...clean, databases: [scrubbed, fonts, { ...fonts, database: "icons" }] }]);
  assertStringIncludes(text, "clean but for 2 databases");
  assertStringIncludes(text, "2 databases were handed over unchanged: fonts, because: named by --keep-database.");
  assertStringIncludes(text, "icons, because: named by --keep-database.");
});

Deno.test("a source without a kept database is clean, and nothing is called unchanged", async () => {
  const text = await textOf([{ ...clean, databases: [scrubbed] }]);
  assertEquals([text.includes("clean but for"), text.includes("unchanged")], [false, false]);
});

Deno.test("a snapshot that was restored and verified again is called that, others are not", async () => {
  const again = "before the snapshot, and again on the snapshot, restored";
  const proved = { ...clean, phases: [...clean.phases, { phase: "prove", started: 1, ended: 2 }] };
  assertEquals([(await textOf([proved])).includes(again), (await textOf([clean])).includes(again)], [true, false]);
});

Deno.test("the page has one word for what verification checks", async () => {
  const text = await textOf([clean]);
  assertStringIncludes(
    text,
    "Proven 14 conditions held for every scrubbed row, and no row references a missing row (11 foreign keys)",
  );
  assertEquals(/predicate|no evidence/.test(text), false);
});

Deno.test("the age of the data is said to be that of the run's beginning", async () => {
  assertStringIncludes(await textOf([clean]), "49 min 29 s old when the run began; restored from rds:");
});

const fates = (["scrubbed", "kept", "dropped", "empty"] as const).map((fate) => ({
  database: `a ${fate} one`,
  fate,
  tables: [],
}));

for (
  const [what, phases, said] of [
    ["before its scrub", refused.phases, "1 not scrubbed, 1 was to be kept, 1 was to be dropped, 1 empty"],
    ["after its scrub began", scrubBegan, "1 changed, not proven clean, 1 was to be kept, 1 dropped, 1 empty"],
  ] as const
) {
  Deno.test(`of a source refused ${what}, each database's end is said as it was`, async () => {
    const text = await textOf([{ ...refused, databases: fates, phases, failure: failure("verification", "m", "h") }]);
    assertStringIncludes(text, `Databases ${said}`);
  });
}

Deno.test("what an option asked for is called the operator's", async () => {
  const text = await textOf([{ ...clean, databases: [scrubbed, { ...fonts, reason: "--keep-database" }] }]);
  assertStringIncludes(text, "fonts, because: the operator gave --keep-database.");
});
