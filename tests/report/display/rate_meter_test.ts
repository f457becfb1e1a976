/** Rates of a phase. @module */

import { assertEquals } from "@std/assert";
import { bar, RateMeter } from "../../../lib/report/display/rate_meter.ts";
import { blend } from "../../../lib/scrub/execute/server_progress.ts";

Deno.test("RateMeter tells nothing of what has hardly begun", () => {
  const meter = new RateMeter();
  meter.take({ what: "a", rows: 0 }, 0);
  meter.take({ what: "a", rows: 500 }, 1000);
  assertEquals(meter.rate, "");
});

Deno.test("RateMeter tells rows a second of one table", () => {
  const meter = new RateMeter();
  meter.take({ what: "a", rows: 1000 }, 0);
  meter.take({ what: "a", rows: 25_000 }, 4000);
  assertEquals(meter.rate, "6,000 rows/s");
});

Deno.test("RateMeter tells bytes a second of a dump", () => {
  const meter = new RateMeter();
  meter.take({ what: "a", bytes: 0 }, 0);
  meter.take({ what: "a", bytes: 24_000_000 }, 4000);
  assertEquals(meter.rate, "6.0 MB/s");
});

Deno.test("RateMeter takes no rate over from one table to the next", () => {
  const meter = new RateMeter();
  meter.take({ what: "a", rows: 1000 }, 0);
  meter.take({ what: "b", rows: 90_000 }, 4000);
  assertEquals(meter.rate, "");
});

for (
  const [share, text] of [[0, "[........]"], [0.5, "[####....]"], [1, "[########]"], [7, "[########]"], [
    -1,
    "[........]",
  ]] as const
) {
  Deno.test(`bar() of ${share} is ${text}`, () => assertEquals(bar(share, 10), text));
}

Deno.test("blend() moves a share on by what the server says of the table's statement", () => {
  const last = { what: "emails", share: 0.2, next: 0.6, rows: 100 };
  assertEquals(blend(last, [{ what: "users", share: 0.9 }, { what: "emails", share: 0.5 }]), { ...last, share: 0.4 });
});

Deno.test("blend() tells a share by rows where the server counts only those", () => {
  const last = { what: "emails", share: 0, next: 1, rows: 200 };
  assertEquals(blend(last, [{ rows: 50 }]), { ...last, share: 0.25, rows: 50 });
});

Deno.test("blend() says nothing where the server tells of another table alone", () => {
  assertEquals(blend({ what: "emails", share: 0.2 }, [{ what: "users", share: 0.9 }]), undefined);
});
