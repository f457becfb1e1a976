/** What counts as the confirmation of a scrub in place. @module */

import { assertEquals, assertThrows } from "@std/assert";
import { isConfirmed, refuseUnconfirmed } from "../../../lib/cli/commands/scrub_url.ts";
import { ScrubError } from "../../../lib/core/errors.ts";

for (
  const [answer, confirmed] of [
    ["orders", true],
    [" orders ", true],
    ["Orders", false],
    ["order", false],
    ["yes", false],
    ["", false],
    [null, false],
  ] as const
) {
  Deno.test(`isConfirmed() ${confirmed ? "takes" : "does not take"} ${JSON.stringify(answer)} for orders`, () => {
    assertEquals(isConfirmed("orders", answer), confirmed);
  });
}

for (
  const [confirmed, canAsk, why] of [
    [undefined, false, "this is no terminal"],
    ["order", true, '--yes-scrub names "order"'],
    ["", false, '--yes-scrub names ""'],
  ] as const
) {
  Deno.test(`refuseUnconfirmed() refuses --yes-scrub ${confirmed}${canAsk ? " on a terminal" : ""}`, () => {
    assertThrows(() => refuseUnconfirmed("orders", confirmed, canAsk), ScrubError, why);
  });
}

Deno.test("refuseUnconfirmed() takes the name, and leaves a terminal to be asked", () => {
  refuseUnconfirmed("orders", "orders", false);
  refuseUnconfirmed("orders", undefined, true);
});
