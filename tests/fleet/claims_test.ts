/** Which source gets which workspace. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { SourceRequest } from "../../lib/core/settings.ts";
import { Claims } from "../../lib/fleet/claims.ts";

const one: SourceRequest = { engine: "mysql", kind: "host", value: "whitehall-mysql" };
const two: SourceRequest = { engine: "mysql", kind: "snapshot", value: "rds:whitehall" };

Deno.test("Claims grants workspaces that differ", async () => {
  const claims = new Claims(2);
  assertEquals(await Promise.all([claims.claim(one, "a"), claims.claim(two, "b")]), [
    { granted: true },
    { granted: true },
  ]);
});

Deno.test("Claims names both sources of one workspace and how each was named", async () => {
  const claims = new Claims(2);
  const [first, second] = await Promise.all([claims.claim(one, "a"), claims.claim(two, "a")]);
  for (const verdict of [first, second]) {
    const message = verdict.granted ? "" : verdict.failure.message;
    assertStringIncludes(message, '"whitehall-mysql" (--mysql-hosts)');
    assertStringIncludes(message, '"rds:whitehall" (--mysql-snapshots)');
  }
});

Deno.test("Claims answers when the last source drops out", async () => {
  const claims = new Claims(2);
  const verdict = claims.claim(one, "a");
  claims.dropOut();
  assertEquals(await verdict, { granted: true });
});

Deno.test("Claims answers nobody while a source is outstanding", async () => {
  const claims = new Claims(2);
  const order: string[] = [];
  const verdict = claims.claim(one, "a").then(() => order.push("answered"));
  await Promise.resolve().then(() => order.push("a turn later"));
  claims.dropOut();
  await verdict;
  assertEquals(order, ["a turn later", "answered"]);
});
