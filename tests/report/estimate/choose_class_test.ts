/** Which instance class is taken, from times and prices. @module */

import { assertEquals, assertThrows } from "@std/assert";
import type { ClassChoice, ClassOption } from "../../../lib/core/estimate.ts";
import { chooseClass } from "../../../lib/report/estimate/choose_class.ts";

const one = (instanceClass: string, seconds: number, perHour: number): ClassOption => ({
  instanceClass,
  seconds,
  perHour,
});
const [small, middle, big] = [one("small", 800, 1), one("middle", 400, 2), one("big", 300, 4)];

const cases: readonly {
  readonly what: string;
  readonly classes: readonly ClassOption[];
  readonly seconds?: number;
  readonly chosen: ClassOption;
  readonly why: ClassChoice["why"];
  readonly cheaper?: ClassOption;
}[] = [
  {
    what: "the cheapest, where it is in time",
    classes: [big, middle, small],
    seconds: 800,
    chosen: small,
    why: "meets finish-by",
  },
  {
    what: "the next one, where the cheapest is a second late",
    classes: [big, middle, small],
    seconds: 799,
    chosen: middle,
    why: "meets finish-by",
    cheaper: small,
  },
  {
    what: "the fastest, where none is in time",
    classes: [small, middle, big],
    seconds: 299,
    chosen: big,
    why: "fastest",
    cheaper: middle,
  },
  {
    what: "the fastest, where the time has passed",
    classes: [small, middle, big],
    seconds: -1,
    chosen: big,
    why: "fastest",
    cheaper: middle,
  },
  {
    what: "the cheapest that takes twice as long as the fastest, without a time",
    classes: [small, middle, big],
    chosen: middle,
    why: "at most twice the fastest",
    cheaper: small,
  },
  {
    what: "the faster of two that cost the same",
    classes: [one("slow", 200, 1), one("quick", 100, 1)],
    seconds: 900,
    chosen: one("quick", 100, 1),
    why: "meets finish-by",
  },
  {
    what: "the cheaper of two that are as fast, where none is in time",
    classes: [one("dear", 100, 2), one("cheap", 100, 1)],
    seconds: 1,
    chosen: one("cheap", 100, 1),
    why: "fastest",
  },
  {
    what: "a cheap one that is faster than a dear one",
    classes: [one("dear", 200, 2), one("cheap", 100, 1)],
    chosen: one("cheap", 100, 1),
    why: "at most twice the fastest",
  },
  { what: "the only one", classes: [small], seconds: 1, chosen: small, why: "fastest" },
];

for (const { what, classes, seconds, chosen, why, cheaper } of cases) {
  Deno.test(`the class that is taken is ${what}`, () => {
    assertEquals(chooseClass(classes, seconds), { chosen, why, ...(cheaper && { cheaper }) });
  });
}

Deno.test("without a class there is none to choose", () => {
  assertThrows(() => chooseClass([]), TypeError, "there is none");
});
