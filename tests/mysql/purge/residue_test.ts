import { assert, assertEquals } from "@std/assert";
import { makeProduction, type Omission, scrubCopy } from "./residue_fixture.ts";

const production = await makeProduction();
Deno.test.afterAll(async () => await production[Symbol.asyncDispose]());

Deno.test("after scrub and purge no file of a stopped server holds an old value", async () => {
  assertEquals(await scrubCopy(production, {}), {});
});

for (
  const { what, omitted, found } of [
    {
      what: "what each place of its own needs",
      omitted: { purge: ["purgeLogTables", "purgeSystemSpace", "overwriteHistograms"], rebuild: true },
      found: ["log tables", "ibdata1", "dictionary", "tables"],
    },
    {
      what: "the overwriting of undo, where tables are changed in place",
      omitted: { purge: ["purgeUndo"], copy: true },
      found: ["undo"],
    },
    {
      what: "the overwriting of undo and redo",
      omitted: { purge: ["purgeUndo", "purgeRedo"] },
      found: ["redo", "undo"],
    },
  ] satisfies readonly { what: string; omitted: Omission; found: readonly string[] }[]
) {
  Deno.test(`the search finds old values without ${what}`, async () => {
    const places = Object.keys(await scrubCopy(production, omitted));
    for (const place of found) assert(places.includes(place), `nothing in ${place}, only in ${places}`);
  });
}
