/** The registry: an explicit list without duplicates. @module */

import { assertEquals, assertThrows } from "@std/assert";
import { registry, scrubbers } from "../../scrubbers/mod.ts";
import { whitehall } from "../../scrubbers/whitehall/mod.ts";

Deno.test("the registry holds the three applications", () => {
  assertEquals(scrubbers.map(({ engine, name }) => `${engine} ${name}`), [
    "postgresql email-alert-api",
    "postgresql publishing-api",
    "mysql whitehall",
  ]);
});

Deno.test("the registry refuses two entries of one name, spelled with _ or -", () => {
  const one = { ...whitehall, name: "white-hall" };
  assertThrows(
    () => registry([one, { ...whitehall, name: "White_Hall" }]),
    TypeError,
    'Cannot list the scrubber "White_Hall" twice for mysql',
  );
});

Deno.test("the registry takes one name on two engines", () => {
  assertEquals(registry([whitehall, { ...whitehall, engine: "postgresql" }]).length, 2);
});
