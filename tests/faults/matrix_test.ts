/** A few cases of the matrices of faults and kills, others for every seed; `deno task faults` runs them all. @module */

import { assertEquals } from "@std/assert";
import { callCase, callFaults, longest } from "../../scripts/faults/calls.ts";
import type { Case } from "../../scripts/faults/cases.ts";
import { killAtCall } from "../../scripts/faults/kills.ts";
import { engineOf, openStage, otherRegion, products } from "../../scripts/faults/stage.ts";
import { statementCase, statementFaults } from "../../scripts/faults/statements.ts";
import { hasMariadb } from "../../scripts/local_rds/programs.ts";
import { smallStage } from "../end_to_end/stage.ts";
import { seed } from "../seed.ts";

/** How many stretches of calls, and statements, every run has at least; and each of the longest. */
const stretches = 20;
const longestStretches = [46, 58] as const;
const statements = 60;

function assertFine(found: Case | undefined): void {
  assertEquals(found?.bad, undefined, JSON.stringify(found));
}

Deno.test("a call of AWS that goes wrong ends well, and the next run leaves nothing", async (t) => {
  await using rds = await openStage("postgresql");
  for (let n = 0; n < 3; n++) {
    const settings = longest[(seed + n) % longest.length];
    const stretch = 1 + (seed * 3 + n * 7) % (longestStretches[(seed + n) % longest.length] ?? stretches);
    const fault = callFaults[(seed + n) % callFaults.length];
    if (!fault) continue;
    await t.step(`call ${stretch}: ${fault.name}`, async () => {
      assertFine(await callCase(rds, "postgresql", stretch, fault, settings));
    });
  }
});

Deno.test("a call about a cluster that goes wrong ends well, and the next run leaves nothing", async (t) => {
  await using rds = await openStage("mysql", "cluster");
  const stretch = 1 + (seed * 5) % 40;
  const fault = callFaults[(seed + 3) % callFaults.length];
  if (!fault) return;
  await t.step(`call ${stretch}: ${fault.name}`, async () => {
    assertFine(await callCase(rds, "mysql", stretch, fault, longest[seed % longest.length]));
  });
});

for (const product of products) {
  Deno.test(`${product}: a statement that goes wrong ends well, and the next run leaves nothing`, async (t) => {
    await using rds = await openStage(product);
    const engine = engineOf(product);
    for (let n = 0; n < 2; n++) {
      const nth = 1 + (seed * 11 + n * 31) % statements;
      const what = statementFaults[(seed + n) % statementFaults.length];
      if (what === undefined) continue;
      await t.step(`statement ${nth}: ${what}`, async () => assertFine(await statementCase(rds, engine, nth, what)));
    }
  });
}

Deno.test("MariaDB: after a SIGKILL the next run leaves nothing", { ignore: !hasMariadb }, async () => {
  await using rds = await openStage("mariadb");
  assertFine(await killAtCall(rds, 7 + (seed * 7) % (stretches - 7), "after"));
});

Deno.test("after a SIGKILL during the work on a cluster the next run leaves nothing", async () => {
  await using rds = await smallStage({}, undefined, "cluster");
  assertFine(await killAtCall(rds, 7 + (seed * 3) % (stretches - 5), "after"));
});

Deno.test("after a SIGKILL of the whole program the next run leaves nothing", async (t) => {
  await using rds = await smallStage({ moreRegions: [otherRegion] });
  for (const [n, when] of (["before", "after"] as const).entries()) {
    const stretch = 7 + (seed * 5 + n * 3) % (stretches - 7);
    await t.step(`${when} the effect of call ${stretch}`, async () => {
      const final = (["delete", "create"] as const)[(seed + n) % 2];
      assertFine(await killAtCall(rds, stretch, when, final));
    });
  }
});
