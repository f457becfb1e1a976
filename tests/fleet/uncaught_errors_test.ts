/** Errors that nobody caught. @module */

import { assertEquals, assertInstanceOf } from "@std/assert";
import { watchUncaughtErrors } from "../../lib/fleet/uncaught_errors.ts";

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
  using _watch = watchUncaughtErrors(resolve);
  stray();
  const heard = await promise;
  assertInstanceOf(heard, RangeError);
  assertEquals(heard.message, "astray");
});
