/** Errors that nobody caught. @module */

import { assertEquals, assertInstanceOf } from "@std/assert";
import { watchUncaughtErrors } from "../../lib/fleet/uncaught_errors.ts";

Deno.test.each([
  { what: "a rejection", fail: () => void Promise.reject(new RangeError("astray")) },
  {
    what: "a throw",
    fail: () =>
      queueMicrotask(() => {
        throw new RangeError("astray");
      }),
  },
  { what: "an error that a watcher reports", fail: () => reportError(new RangeError("astray")) },
])("watchUncaughtErrors() hears $what, and the program goes on", async ({ fail }) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  using _watch = watchUncaughtErrors(resolve);
  fail();
  const heard = await promise;
  assertInstanceOf(heard, RangeError);
  assertEquals(heard.message, "astray");
});
