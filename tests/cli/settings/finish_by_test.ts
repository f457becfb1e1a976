/** How `--finish-by` is written. @module */

import { assertEquals } from "@std/assert";
import { parseFinishBy } from "../../../lib/cli/settings/finish_by.ts";
import type { FinishBy } from "../../../lib/core/finish_by.ts";

const at = (hour: number, minute: number) => ({ kind: "time of day", hour, minute } as const);
const on = (text: string) => ({ kind: "moment", time: Date.parse(text) } as const);

const spellings: Readonly<Record<string, FinishBy | undefined>> = {
  "06:00": at(6, 0),
  "6:05": at(6, 5),
  "23:59": at(23, 59),
  "06:00Z": { ...at(6, 0), zone: "UTC" },
  "06:00z": { ...at(6, 0), zone: "UTC" },
  "06:00+01:00": { ...at(6, 0), zone: "+01:00" },
  "06:00 -0330": { ...at(6, 0), zone: "-0330" },
  "06:00+01": { ...at(6, 0), zone: "+01" },
  "4h": { kind: "span", milliseconds: 14_400_000 },
  "1h30m": { kind: "span", milliseconds: 5_400_000 },
  "2026-11-24T06:00Z": on("2026-11-24T06:00Z"),
  "2026-11-24T06:00:30+01:00": on("2026-11-24T05:00:30Z"),
  "2026-11-24 06:00": on("2026-11-24T06:00Z"),
  "2026-07-01T06:00": on("2026-07-01T05:00Z"),
  "24:00": undefined,
  "06:60": undefined,
  "06:00+25:00": undefined,
  "06:00 GMT": undefined,
  "06:00:30": undefined,
  "6": undefined,
  "0h": undefined,
  "-4h": undefined,
  "4 h": undefined,
  "2026-11-24": undefined,
  "2026-02-30T06:00": undefined,
  "2026-11-24T06:00 sharp": undefined,
  "tomorrow": undefined,
  "": undefined,
};

for (const [text, means] of Object.entries(spellings)) {
  Deno.test(`--finish-by "${text}" is ${means === undefined ? "refused" : `a ${means.kind}`}`, () => {
    assertEquals(parseFinishBy(text, "Europe/London"), means);
  });
}
