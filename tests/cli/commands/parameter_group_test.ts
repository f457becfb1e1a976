/** What the command `parameter-group` prints. @module */

import { assertEquals } from "@std/assert";
import { outcomeText } from "../../../lib/cli/commands/parameter_group.ts";

const outcome = {
  source: "orders",
  group: "scrubber-mysql8-4-orders",
  from: "orders-mysql",
  made: true,
  dryRun: false,
};
const changes = [
  { name: "event_scheduler", value: "OFF", why: "otherwise events run" },
  { name: "general_log", before: "1", value: "0", why: "otherwise all is logged" },
  { name: "init_connect", why: "otherwise statements run" },
];

for (
  const { name, more, text } of [
    {
      name: "what a new group sets, and never a value that is not to be shown",
      more: { changes },
      text: `Made parameter group "scrubber-mysql8-4-orders" for workspaces of "orders", after "orders-mysql":
  event_scheduler: OFF (otherwise events run)
  general_log: 1 -> 0 (otherwise all is logged)
  init_connect (otherwise statements run)
Runs of this source use it from now on.
`,
    },
    {
      name: "what it would change",
      more: { made: false, dryRun: true, changes: changes.slice(0, 1) },
      text: `Would change parameter group "scrubber-mysql8-4-orders" for workspaces of "orders":
  event_scheduler: OFF (otherwise events run)
`,
    },
    {
      name: "that there is nothing to change",
      more: { made: false, changes: [] },
      text: `The parameter group "scrubber-mysql8-4-orders" for workspaces of "orders" is as it should be.\n`,
    },
  ]
) {
  Deno.test(`parameter-group says ${name}`, () => {
    assertEquals(outcomeText({ ...outcome, ...more }), text);
  });
}
