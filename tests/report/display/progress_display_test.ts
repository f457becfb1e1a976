/** What the operator sees of a run, on a terminal and elsewhere. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { LiveDisplay } from "../../../lib/report/display/live_display.ts";
import { PlainDisplay } from "../../../lib/report/display/plain_display.ts";
import { elapsedText, progressText } from "../../../lib/report/display/progress_display.ts";
import { FakeTerminal } from "./fake_terminal.ts";

function live(sources: readonly string[], columns = 80, rows = 24) {
  const terminal = new FakeTerminal(columns, rows);
  const clock = { now: 0 };
  const display = new LiveDisplay({ sources, write: terminal.write, now: () => clock.now, size: terminal.size });
  return { terminal, clock, display };
}

Deno.test("LiveDisplay shows one line a source with phase, elapsed time and progress", () => {
  const { terminal, clock, display } = live(["orders", "blog"]);
  display.phase("orders", "scrub");
  clock.now = 65_000;
  display.progress("orders", { what: "emails", share: 0.429, rows: 1234567 });
  assertEquals(
    terminal.screen,
    "orders  scrub        1:05  emails, 42 %, 1,234,567 rows\nblog    waiting      1:05",
  );
});

Deno.test("LiveDisplay prints logs above its lines and keeps them whole", () => {
  const { terminal, display } = live(["orders"]);
  display.print("before\n");
  display.phase("orders", "restore");
  display.print("one\n");
  display.print("two\n");
  assertEquals(terminal.screen, "before\none\ntwo\norders  restore      0:00");
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
  assertEquals(terminal.screen, "orders  scrub        0:00  s…");
});

Deno.test("LiveDisplay leaves nothing behind when the terminal becomes narrower", () => {
  const { terminal, display } = live(["orders", "blog"], 80);
  display.print("log\n");
  display.phase("orders", "scrub");
  display.progress("orders", { what: "subscriber_lists_with_a_long_name" });
  display.tick();
  terminal.resize(30);
  display.tick();
  assertEquals(terminal.screen, "log\norders  scrub        0:00  s…\nblog    waiting      0:00");
});

Deno.test("LiveDisplay shows as many sources as the terminal has rows", () => {
  const { terminal, display } = live(["a", "b", "c", "d", "e"], 80, 4);
  display.tick();
  assertEquals(terminal.screen, "a  waiting      0:00\nb  waiting      0:00\nand 3 more");
});

Deno.test("LiveDisplay stops the clock of a finished source", () => {
  const { terminal, clock, display } = live(["orders"]);
  display.phase("orders", "prune");
  clock.now = 60_000;
  display.finished("orders", "done");
  clock.now = 120_000;
  display.tick();
  assertEquals(terminal.screen, "orders  done         1:00");
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
  assertEquals(terminal.screen, "orders  scrub        0:00  \\x1b[2Jtable\\n");
});

Deno.test("PlainDisplay says a line at each phase and every minute", () => {
  const lines: string[] = [];
  let now = 0;
  const display = new PlainDisplay({
    say: (source, phase, message) => lines.push(`${source} ${phase}: ${message}`),
    write: () => {},
    now: () => now,
  });
  display.phase("orders", "restore");
  for (; now < 150_000; now += 1000) {
    if (now === 70_000) display.progress("orders", { what: "creating", share: 0.5 });
    display.tick();
  }
  display.phase("orders", "scrub");
  display.finished("orders");
  now += 120_000;
  display.tick();
  assertEquals(lines, [
    "orders restore: begins",
    "orders restore: goes on: 1:00 so far",
    "orders restore: goes on: creating, 50 %, 2:00 so far",
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
    [{ what: "", share: 1.2 }, "100 %"],
    [{ what: "emails", share: 0.999, rows: 1000 }, "emails, 99 %, 1,000 rows"],
  ] as const
) {
  Deno.test(`progressText() says "${text}"`, () => assertEquals(progressText(progress), text));
}

Deno.test("LiveDisplay counts wide characters as two columns", () => {
  const { terminal, display } = live(["orders"], 34);
  display.phase("orders", "scrub");
  display.progress("orders", { what: "表表表表表表" });
  display.tick();
  assertStringIncludes(terminal.screen, "表表…");
});

Deno.test("LiveDisplay goes on when its terminal has gone", () => {
  const { terminal } = live([]);
  const display = new LiveDisplay({
    sources: ["orders"],
    write: terminal.write,
    now: () => 0,
    size: () => {
      throw new Error("not a terminal");
    },
  });
  display.phase("orders", "share");
  assertEquals(terminal.screen, "orders  share        0:00");
});
