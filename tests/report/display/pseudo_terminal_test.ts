/** Progress on a real pseudo-terminal. Left out where script(1) of util-linux is not installed. @module */

import { assert, assertEquals } from "@std/assert";
import { canOpenTerminals, onTerminal } from "./pseudo_terminal.ts";

const can = await canOpenTerminals();
const note = can ? "" : " (left out: there is no script(1) of util-linux)";

/** The screen below the program's first lines. */
function shown(screen: string): readonly string[] {
  const lines = screen.split("\n");
  return lines.slice(lines.findIndex((line) => line.startsWith("ready ")) + 1);
}

Deno.test(`a terminal shows a bar, the rate and the rest, and logs stay whole above them${note}`, async () => {
  if (!can) return;
  await using terminal = await onTerminal("live.ts", 120);
  await terminal.send({ event: "phase", source: "orders", phase: "scrub" });
  await terminal.send({ event: "progress", source: "orders", progress: { what: "emails", share: 0, rows: 0 } });
  await terminal.send({ event: "wait", milliseconds: 59_000 });
  await terminal.send({ event: "progress", source: "orders", progress: { what: "emails", share: 0.25, rows: 61_000 } });
  await terminal.send({ event: "log", source: "orders", message: "first" });
  await terminal.send({ event: "log", source: "blog", message: "second" });
  await terminal.until((screen) =>
    screen.includes("second") && /^blog .*1:05 +waiting$/.test(shown(screen).at(-1) ?? "")
  );
  const lines = shown(terminal.screen).map((line) => line.replace(/^\d{4}-\S+ /, ""));
  assertEquals(lines, [
    "INFO     orders: first",
    "INFO     blog: second",
    "orders  [#####...............]   25 %     1:05     ~3:04 left  2/2 scrub       emails, 61,000 rows, 1,000 rows/s",
    "blog                                      1:05                 waiting",
  ]);
});

Deno.test(`a terminal that is made narrower and wider again shows each source once${note}`, async () => {
  if (!can) return;
  await using terminal = await onTerminal("live.ts", 110);
  await terminal.send({ event: "phase", source: "orders", phase: "restore" });
  const progress = { what: "a status with a long name", share: 0.5 };
  await terminal.send({ event: "progress", source: "orders", progress });
  await terminal.until((screen) => screen.includes("a status with"));
  for (const columns of [40, 25, 110]) {
    await terminal.resize(columns);
    await terminal.send({ event: "log", source: "orders", message: `now ${columns}` });
    const drawn = new RegExp(`orders: now ${columns}blog {4}`);
    await terminal.until((screen) =>
      shown(screen).filter((line) => !line.startsWith("orders  ")).join("").match(drawn) !== null
    );
    const lines = shown(terminal.screen);
    assertEquals(lines.filter((line) => /^orders {2}/.test(line)).length, 1, terminal.screen);
    assertEquals(lines.filter((line) => /^blog {4}/.test(line)).length, 1, terminal.screen);
    assert(lines.every((line) => line.length <= columns), terminal.screen);
  }
});

for (
  const [name, environment, colour] of [["", {}, true], [" with NO_COLOR", { NO_COLOR: "1" }, false]] as const
) {
  Deno.test(`a log on a terminal is ${colour ? "" : "not "}coloured${name}${note}`, async () => {
    if (!can) return;
    await using terminal = await onTerminal("live.ts", 100, environment);
    await terminal.send({ event: "log", source: "orders", message: "hello" });
    await terminal.until((screen) => screen.includes("hello"));
    // deno-lint-ignore no-control-regex
    assertEquals(/\x1b\[\d+m/.test(terminal.raw), colour);
  });
}
