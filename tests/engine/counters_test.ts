/** Which numbers of counters and their settings may be a person's. @module */

import { assertEquals } from "@std/assert";
import { isChosen, isLong } from "../../lib/engine/counters.ts";

const chosen: readonly bigint[] = [
  0n,
  1n,
  -1n,
  9_999_999n,
  10_000_000n,
  10_000_001n,
  99_999_999n,
  -99_999_999n,
  150_000_000n,
  31_536_000n,
  104_857_600n,
  604_800_000n,
  999_999_999_999n,
  1_000_000_000_001n,
  2_147_483_647n,
  -2_147_483_648n,
  4_294_967_295n,
  9_007_199_254_740_991n,
  9_223_372_036_854_775_807n,
  -9_223_372_036_854_775_808n,
];

/** A telephone number with and without its prefix, a date of birth, an NHS number, a card. */
const surprising: readonly bigint[] = [
  447_700_900_124n,
  2_079_460_123n,
  -2_079_460_123n,
  19_700_131n,
  20_000_101n,
  9_434_765_919n,
  4_111_111_111_111_111n,
  12_345_678n,
];

for (const value of chosen) {
  Deno.test(`${value} is a number that people and servers choose`, () => assertEquals(isChosen(value), true));
}

for (const value of surprising) {
  Deno.test(`${value} is a number that nobody chooses for a counter`, () => assertEquals(isChosen(value), false));
}

Deno.test("a number is long from eight digits on, on either side of 0", () => {
  assertEquals([9_999_999n, 10_000_000n, -9_999_999n, -10_000_000n].map(isLong), [false, true, false, true]);
});
