/** The words for who leaves at once. @module */

import { assertEquals } from "@std/assert";
import { describeLeftovers } from "../../lib/fleet/leftovers.ts";

Deno.test("leftBehind() names every workspace, its unfinished snapshots and its source", () => {
  const held = new Map([
    ["scrubber-mysql-1", { source: "whitehall", snapshots: ["scrubbed-whitehall-1"] }],
    ["scrubber-postgres-2", { source: "emails", snapshots: [] }],
  ]);
  assertEquals(
    describeLeftovers(held),
    'Left behind in AWS, maybe with unscrubbed data:\n  RDS instance "scrubber-mysql-1" (of "whitehall")\n' +
      '  unfinished snapshot "scrubbed-whitehall-1" (of "whitehall")\n' +
      '  RDS instance "scrubber-postgres-2" (of "emails")\nDelete without a final snapshot.\n',
  );
});

Deno.test("leftBehind() says so where nothing is left", () => {
  assertEquals(describeLeftovers(new Map()), "Nothing is left behind in AWS.\n");
});
