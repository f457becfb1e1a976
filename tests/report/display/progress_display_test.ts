/** What the operator sees of a run, on a terminal and elsewhere. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LiveDisplay } from "../../../lib/report/display/live_display.ts";
import type { PhaseEstimate } from "../../../lib/report/display/overall_progress.ts";
import { PlainDisplay } from "../../../lib/report/display/plain_display.ts";
import { elapsedText, progressText } from "../../../lib/report/display/progress_display.ts";
import { FakeTerminal } from "./fake_terminal.ts";

const estimates: readonly PhaseEstimate[] = [
  { phase: "restore", seconds: 60 },
  { phase: "scrub", seconds: 300 },
  { phase: "prune", seconds: 10 },
];

function live(sources: readonly string[], columns = 80, rows = 24) {
  const terminal = new FakeTerminal(columns, rows);
  const clock = { now: 0 };
  const display = new LiveDisplay({
    sources,
    write: terminal.write,
    now: () => clock.now,
    size: terminal.size,
    estimates: () => estimates,
  });
  return { terminal, clock, display };
}

Deno.test("LiveDisplay shows one line a source: share and time of the whole run, phase n of m, and what is worked on", () => {
  const { terminal, clock, display } = live(["orders", "blog"], 100);
  display.phase("orders", "restore");
  clock.now = 60_000;
  display.phase("orders", "scrub");
  clock.now = 65_000;
  display.progress("orders", { what: "emails", rows: 1234567 });
  assertEquals(
    terminal.screen,
    "orders   17 %     1:05     ~5:05 left  2/3 scrub       emails, 1,234,567 rows\n" +
      "blog              1:05                 waiting",
  );
});

Deno.test("LiveDisplay says what it waits for where nothing moves for 15 seconds", () => {
  const { terminal, clock, display } = live(["orders", "blog"], 100);
  display.phase("orders", "restore");
  display.phase("blog", "scrub");
  display.progress("blog", { what: "emails", rows: 7 });
  clock.now = 14_000;
  display.progress("blog", { what: "emails", rows: 7 });
  display.tick();
  assertEquals(/waiting for/.test(terminal.screen), false, terminal.screen);
  clock.now = 20_000;
  display.tick();
  assertMatch(terminal.screen, /restore +waiting for RDS for 0:20\n.*waiting for the server for 0:20, em/);
});

for (const columns of [60, 80, 100, 120]) {
  Deno.test(`LiveDisplay cuts neither share nor time nor phase at ${columns} columns, however long the names are`, () => {
    const name = "a-database-instance-of-a-very-long-name-indeed";
    const { terminal, clock, display } = live([name], columns);
    display.phase(name, "restore");
    clock.now = 3_600_000;
    display.phase(name, "scrub");
    clock.now += 60_000;
    display.progress(name, { what: "a_table_of_a_long_name_too", share: 0.005, rows: 1 });
    assertMatch(terminal.screen, /^a-data.* {2}\d+ % .*~\d+:\d\d:\d\d left {2}2\/3 scrub .*a_table/);
    assertEquals(terminal.screen.length <= columns, true);
  });
}

Deno.test("LiveDisplay prints logs above its lines and keeps them whole", () => {
  const { terminal, display } = live(["orders"]);
  display.print("before\n");
  display.phase("orders", "restore");
  display.print("one\n");
  display.print("two\n");
  assertEquals(terminal.screen, "before\none\ntwo\norders    0 %     0:00     ~6:10 left  1/3 restore");
});

Deno.test("LiveDisplay redraws in one write", () => {
  const { terminal, display } = live(["orders"]);
  display.phase("orders", "restore");
  const before = terminal.writes.length;
  display.print("one\n");
  assertEquals(terminal.writes.length, before + 1);
});

Deno.test("LiveDisplay redraws at most every tenth of a second while rows go by", () => {
  const { terminal, clock, display } = live(["orders"]);
  display.phase("orders", "scrub");
  const before = terminal.writes.length;
  for (let rows = 0; rows < 100; rows++) {
    clock.now += 10;
    display.progress("orders", { what: "emails", rows });
  }
  assertEquals(terminal.writes.length, before + 10);
});

Deno.test("LiveDisplay cuts its lines on a narrow terminal", () => {
  const { terminal, display } = live(["orders"], 30);
  display.phase("orders", "scrub");
  display.print("");
  display.progress("orders", { what: "subscriber_lists_with_a_long_name" });
  display.tick();
  assertEquals(terminal.screen, "orders    0 %     ~5:10 left…");
});

Deno.test("LiveDisplay leaves nothing behind when the terminal becomes narrower", () => {
  const { terminal, display } = live(["orders", "blog"], 80);
  display.print("log\n");
  display.phase("orders", "scrub");
  display.progress("orders", { what: "subscriber_lists_with_a_long_name" });
  display.tick();
  terminal.resize(30);
  display.tick();
  assertEquals(terminal.screen, "log\norders    0 %     ~5:10 left…\nblog                        …");
});

Deno.test("LiveDisplay shows as many sources as the terminal has rows", () => {
  const { terminal, display } = live(["a", "b", "c", "d", "e"], 80, 4);
  display.tick();
  assertEquals(
    terminal.screen,
    "a            0:00                 waiting\nb            0:00                 waiting\nand 3 more",
  );
});

Deno.test("LiveDisplay stops the clock of a finished source", () => {
  const { terminal, clock, display } = live(["orders"]);
  display.phase("orders", "prune");
  clock.now = 60_000;
  display.ended("orders", "done");
  clock.now = 120_000;
  display.tick();
  assertEquals(terminal.screen, "orders            1:00                 done");
});

Deno.test("LiveDisplay goes away when closed, and print goes on", () => {
  const { terminal, display } = live(["orders"]);
  display.phase("orders", "prune");
  display.close();
  display.print("summary\n");
  display.tick();
  assertEquals(terminal.screen, "summary");
});

Deno.test("LiveDisplay shows escapes in names instead of obeying them", () => {
  const { terminal, display } = live(["orders"]);
  display.phase("orders", "scrub");
  display.progress("orders", { what: "\x1b[2Jtable\n" });
  display.tick();
  assertEquals(terminal.screen, "orders    0 %     0:00     ~5:10 left  2/3 scrub       \\x1b[2Jtable\\n");
});

Deno.test("PlainDisplay says a line at each phase and every minute", () => {
  const lines: string[] = [];
  let now = 0;
  const display = new PlainDisplay({
    say: (source, phase, message) => lines.push(`${source} ${phase}: ${message}`),
    write: () => {},
    now: () => now,
    estimates: () => estimates,
  });
  display.phase("orders", "restore");
  for (; now < 150_000; now += 1000) {
    if (now === 70_000) display.progress("orders", { what: "creating", share: 0.5 });
    display.tick();
  }
  display.phase("orders", "scrub");
  display.ended("orders");
  now += 120_000;
  display.tick();
  assertEquals(lines, [
    "orders restore: begins",
    "orders restore: goes on: waiting for RDS for 1:00, 1:00 so far, 16 % of the run, about 5:13 left",
    "orders restore: goes on: waiting for RDS for 0:50, creating, 2:00 so far, 26 % of the run, about 5:30 left",
    "orders scrub: begins",
  ]);
});

for (
  const [milliseconds, text] of [[0, "0:00"], [59_999, "0:59"], [605_000, "10:05"], [3_665_000, "1:01:05"], [
    -1,
    "0:00",
  ]] as const
) {
  Deno.test(`elapsedText() of ${milliseconds} ms is ${text}`, () => assertEquals(elapsedText(milliseconds), text));
}

for (
  const [progress, text] of [
    [{ what: "emails" }, "emails"],
    [{ what: "", bytes: 1200 }, "1.2 kB"],
    [{ what: "emails", share: 0.999, rows: 1000 }, "emails, 1,000 rows"],
  ] as const
) {
  Deno.test(`progressText() says "${text}"`, () => assertEquals(progressText(progress), text));
}

Deno.test("LiveDisplay counts wide characters as two columns", () => {
  const { terminal, display } = live(["orders"], 60);
  display.phase("orders", "scrub");
  display.progress("orders", { what: "表表表表表表表表表表" });
  display.tick();
  assertStringIncludes(terminal.screen, "表表…");
});

Deno.test("LiveDisplay goes on when its terminal has gone", () => {
  const { terminal } = live([]);
  const display = new LiveDisplay({
    sources: ["orders"],
    write: terminal.write,
    now: () => 0,
    estimates: () => estimates,
    size: () => {
      throw new Error("not a terminal");
    },
  });
  display.phase("orders", "restore");
  assertEquals(terminal.screen, "orders    0 %     0:00     ~6:10 left  1/3 restore");
});
