import { assert, assertEquals } from "@std/assert";
import { largePool, makeProduction, type Omission, scrubCopy, wantOfRoom } from "./residue_fixture.ts";

const production = await makeProduction();
Deno.test.afterAll(async () => await production[Symbol.asyncDispose]());

Deno.test("after scrub and purge no file of a stopped server holds an old value but where the report says so", async () => {
  const { marked: { [wantOfRoom]: unreached, ...others }, residue } = await scrubCopy(production, {});
  assertEquals(others, {});
  const told = residue.find(({ result }) => result.includes("had no room"))?.result ?? "";
  assert((unreached ?? 0) * 16 <= Number(/up to (\d+) KiB$/.exec(told)?.[1]), `${unreached} pages, and "${told}"`);
});

Deno.test("with a buffer pool too large to fill, the report says how much the change buffer keeps", async () => {
  const { marked: { [wantOfRoom]: _, ibdata1 = 0, ...others }, residue } = await scrubCopy(production, {}, largePool);
  assertEquals(others, {});
  const told = residue.find(({ step }) => step === "change buffer")?.result ?? "";
  assert(ibdata1 <= Number(/^up to (\d+) pages/.exec(told)?.[1]), `${ibdata1} pages, and "${told}"`);
});

for (
  const { what, omitted, found } of [
    {
      what: "what each place of its own needs",
      omitted: {
        purge: [
          "purgeLogTables",
          "purgeSystemSpace",
          "purgeChangeBuffer",
          "rewriteConfiguration",
          "overwriteHistograms",
        ],
        rebuild: true,
      },
      found: ["log tables", "ibdata1", "dictionary", "tables", "sys"],
    },
    {
      what: "the overwriting of undo, where tables are changed in place",
      omitted: { purge: ["purgeUndo"], copy: true },
      found: ["undo"],
    },
    {
      what: "the overwriting of undo and redo, and the steps before that may fill the redo log by themselves",
      omitted: { purge: ["purgeUndo", "purgeRedo", "purgeSystemSpace", "purgeChangeBuffer", "overwriteHistograms"] },
      found: ["redo", "undo"],
    },
  ] satisfies readonly { what: string; omitted: Omission; found: readonly string[] }[]
) {
  Deno.test(`the search finds old values without ${what}`, async () => {
    const places = Object.keys((await scrubCopy(production, omitted)).marked);
    for (const place of found) assert(places.includes(place), `nothing in ${place}, only in ${places}`);
  });
}
