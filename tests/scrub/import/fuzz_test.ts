/** Files that are damaged anywhere are imported or refused with a line, and what is imported is a rule file. */

import { assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { ScrubError } from "../../../lib/core/errors.ts";
import { importLabels } from "../../../lib/scrub/import/anon_labels.ts";
import { seed } from "../../seed.ts";
import { fixture, imported, rulesOf } from "./imports.ts";

const runs = { numRuns: 400, seed };
const pieces = [
  "",
  " ",
  "\n",
  ":",
  "- ",
  "{",
  "}",
  "[",
  "]",
  "'",
  "(",
  "null",
  "0",
  "*a",
  "&a ",
  "<<: *a",
  "\t",
  "[null]",
];
const edit = fc.tuple(fc.nat(), fc.nat(30), fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })));

function damaged(text: string, [place, length, piece]: readonly [number, number, string]): string {
  const at = place % text.length;
  return text.slice(0, at) + piece + text.slice(at + length);
}

for (const name of ["greenmask.yaml", "pynonymizer.yaml", "db_tools_bundle.yaml"]) {
  const text = await fixture(name);
  Deno.test(`${name}, damaged, of seed ${seed}`, () => {
    fc.assert(
      fc.property(edit, (one) => {
        try {
          rulesOf(imported(damaged(text, one), "postgresql"));
        } catch (error) {
          if (!(error instanceof ScrubError)) throw error;
          assertMatch(error.message, /: line \d+: /);
        }
      }),
      runs,
    );
  });
}

Deno.test(`a damaged label, of seed ${seed}`, () => {
  const label = "MASKED WITH FUNCTION pg_catalog.left(anon.random_in(ARRAY['a''b', $$c$$])::varchar(30), 12)";
  fc.assert(
    fc.property(edit, (one) => {
      rulesOf(importLabels([{ schema: "public", table: "t", column: "c", label: damaged(label, one) }], "shop"));
    }),
    runs,
  );
});
