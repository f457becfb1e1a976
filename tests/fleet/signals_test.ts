/** The first signal, the second, and those that don't count. @module */

import { assertEquals } from "@std/assert";
import { countSignals } from "../../lib/fleet/signals.ts";
import type { StopSignal } from "../../lib/core/exit_status.ts";

type Came = readonly [name: StopSignal, time: number];

Deno.test.each<{ what: string; came: readonly Came[]; heard: readonly string[] }>([
  { what: "stops at the first", came: [["SIGTERM", 0]], heard: ["first SIGTERM"] },
  { what: "goes at the second", came: [["SIGINT", 0], ["SIGINT", 900]], heard: ["first SIGINT", "second SIGINT"] },
  {
    what: "goes by another second at once",
    came: [["SIGINT", 0], ["SIGTERM", 5]],
    heard: ["first SIGINT", "second SIGTERM"],
  },
  {
    what: "goes only once",
    came: [["SIGINT", 0], ["SIGINT", 900], ["SIGINT", 1800]],
    heard: [
      "first SIGINT",
      "second SIGINT",
    ],
  },
  { what: "takes an echo for the first", came: [["SIGINT", 5], ["SIGINT", 20]], heard: ["first SIGINT"] },
  { what: "stops at a SIGHUP", came: [["SIGHUP", 0]], heard: ["first SIGHUP"] },
  { what: "never goes by a SIGHUP", came: [["SIGTERM", 0], ["SIGHUP", 900]], heard: ["first SIGTERM"] },
])("countSignals() $what", ({ came, heard }) => {
  const calls: string[] = [];
  const count = countSignals((name) => calls.push(`first ${name}`), (name) => calls.push(`second ${name}`));
  for (const [name, time] of came) count.received(name, time);
  assertEquals(calls, heard);
});
