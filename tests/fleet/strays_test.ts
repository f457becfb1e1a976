/** Errors that nobody caught. @module */

import { assertEquals, assertInstanceOf } from "@std/assert";
import { watchStrays } from "../../lib/fleet/strays.ts";

Deno.test.each([
  { what: "a rejection", stray: () => void Promise.reject(new RangeError("astray")) },
  {
    what: "a throw",
    stray: () =>
      queueMicrotask(() => {
        throw new RangeError("astray");
      }),
  },
  { what: "an error that a watcher reports", stray: () => reportError(new RangeError("astray")) },
])("watchStrays() hears $what, and the program goes on", async ({ stray }) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  using _watch = watchStrays(resolve);
  stray();
  const heard = await promise;
  assertInstanceOf(heard, RangeError);
  assertEquals(heard.message, "astray");
});
