/** What the command `status` prints. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { statusText } from "../../../lib/cli/commands/status.ts";

const item = {
  source: "orders",
  engine: "postgres",
  kind: "snapshot",
  id: "scrubbed-orders-2026-11-24-03-48",
  state: "scrubbed",
  status: "available",
  time: "2026-11-24T03:48:12.000Z",
  sharedWith: ["123456789012"],
  proven: true,
} as const;

Deno.test("status is a table with advice on what is orphaned", () => {
  const orphan = {
    ...item,
    kind: "instance",
    id: "scrubber-postgres-x\x1b[2J",
    state: "orphaned",
    sharedWith: [],
  } as const;
  const text = statusText({ region: "eu-west-1", items: [orphan, item] }, "table");
  assertEquals(text.split("\n").slice(0, 3), [
    "SOURCE  STATE     WHAT      NAME                              TIME (UTC)        SHARED WITH",
    "orders  ORPHANED  instance  scrubber-postgres-x\\x1b[2J        2026-11-24 03:48",
    "orders  scrubbed  snapshot  scrubbed-orders-2026-11-24-03-48  2026-11-24 03:48  123456789012",
  ]);
  assertStringIncludes(text, "The source's next run deletes it.");
});

Deno.test("status says where nothing is", () => {
  assertEquals(statusText({ region: "eu-west-1", items: [] }, "table"), "datascrubber has nothing in eu-west-1.\n");
});
