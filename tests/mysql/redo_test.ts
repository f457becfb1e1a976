/** The last step of the purge says what it overwrote, and does no work for a doublewrite buffer that is not in use. @module */

import { assertEquals } from "@std/assert";
import { purgeRedo } from "../../lib/mysql/redo.ts";
import { mysql as startServer } from "../servers.ts";
import { open } from "./fixture.ts";

const cases = [
  {
    doublewrite: "ON",
    steps: ["redo log and doublewrite buffer", "doublewrite file for a full buffer pool"],
  },
  { doublewrite: "OFF", steps: ["redo log", "doublewrite buffer"] },
  { doublewrite: "DETECT_ONLY", steps: ["redo log", "doublewrite buffer"] },
];

for (const { doublewrite, steps } of cases) {
  Deno.test(`purgeRedo() with innodb_doublewrite=${doublewrite} tells of: ${steps.join(", ")}`, async () => {
    await using server = await startServer({ settings: { "innodb-doublewrite": doublewrite } });
    await using session = await open(server);
    assertEquals((await purgeRedo(session)).map(({ step }) => step), steps);
  });
}
