/** The moment that `--finish-by` means, also where clocks change. @module */

import { assertEquals } from "@std/assert";
import { type FinishBy, finishMoment } from "../../lib/core/finish_by.ts";

const at = (hour: number, minute = 0, zone?: string): FinishBy => ({
  kind: "time of day",
  hour,
  minute,
  ...(zone !== undefined && { zone }),
});

/** All in London, where clocks went forward on 2026-03-29 at 01:00Z and back on 2026-10-25 at 01:00Z. */
for (
  const { what, finishBy, start, means } of [
    { what: "a time of today", finishBy: at(6), start: "2026-11-24T02:00Z", means: "2026-11-24T06:00Z" },
    {
      what: "a time that has passed, tomorrow",
      finishBy: at(6),
      start: "2026-11-24T22:00Z",
      means: "2026-11-25T06:00Z",
    },
    {
      what: "the very time that it is, tomorrow",
      finishBy: at(6),
      start: "2026-11-24T06:00Z",
      means: "2026-11-25T06:00Z",
    },
    {
      what: "a time in summer, an hour before UTC's",
      finishBy: at(6),
      start: "2026-07-01T02:00Z",
      means: "2026-07-01T05:00Z",
    },
    {
      what: "a time of the other day of another zone",
      finishBy: at(6, 0, "+10:00"),
      start: "2026-11-24T21:00Z",
      means: "2026-11-25T20:00Z",
    },
    {
      what: "a time in UTC, in summer",
      finishBy: at(6, 0, "UTC"),
      start: "2026-07-01T02:00Z",
      means: "2026-07-01T06:00Z",
    },
    {
      what: "a time behind the hour that is skipped",
      finishBy: at(6),
      start: "2026-03-28T23:00Z",
      means: "2026-03-29T05:00Z",
    },
    {
      what: "a time that is skipped, an hour later",
      finishBy: at(1, 30),
      start: "2026-03-28T23:00Z",
      means: "2026-03-29T01:30Z",
    },
    {
      what: "a time behind the hour that is repeated",
      finishBy: at(6),
      start: "2026-10-24T23:00Z",
      means: "2026-10-25T06:00Z",
    },
    {
      what: "a time that is repeated, the first of the two",
      finishBy: at(1, 30),
      start: "2026-10-24T23:00Z",
      means: "2026-10-25T00:30Z",
    },
    {
      what: "a time that is repeated, tomorrow once the first has passed",
      finishBy: at(1, 30),
      start: "2026-10-25T00:45Z",
      means: "2026-10-26T01:30Z",
    },
    {
      what: "a span, also across a change of clocks",
      finishBy: { kind: "span", milliseconds: 4 * 3_600_000 } as const,
      start: "2026-03-28T23:00Z",
      means: "2026-03-29T03:00Z",
    },
    {
      what: "a moment, also one that has passed",
      finishBy: { kind: "moment", time: 0 } as const,
      start: "2026-03-28T23:00Z",
      means: "1970-01-01T00:00Z",
    },
  ]
) {
  Deno.test(`--finish-by means ${what}`, () => {
    assertEquals(finishMoment(finishBy, new Date(start), "Europe/London"), new Date(means));
  });
}
