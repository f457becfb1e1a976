/** Reads when the final snapshot should exist. @module */

import type { FinishBy } from "../../core/finish_by.ts";
import { parseDuration } from "../parse/duration.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

const offset = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

/**
 * `--finish-by`; undefined without it.
 *
 * @throws {ScrubError} `usage`
 */
export function readFinishBy(parsed: ParsedOptions): FinishBy | undefined {
  const value = parsed.text("finish-by");
  if (value === undefined) return undefined;
  const found = parseFinishBy(value.trim());
  if (found !== undefined) return found;
  throw usageError(
    `Cannot use ${parsed.label("finish-by")}: ${quoted(value)} is neither a time of day, a date with a time nor a span`,
    "Write such as 06:00, 06:00Z or 06:00+01:00, 2026-11-24T06:00, or 4h; without Z or an offset it is this machine's time.",
  );
}

/** Undefined where the text is none of what it can be. `zone`: this machine's. */
export function parseFinishBy(text: string, zone: string = Temporal.Now.timeZoneId()): FinishBy | undefined {
  const [, hour, minute, given] = /^(\d{1,2}):(\d\d) ?(\D.*)?$/.exec(text) ?? [];
  if (hour !== undefined) return timeOfDay(Number(hour), Number(minute), given);
  if (/^\d{4}-\d\d-\d\d[T ]/i.test(text)) return moment(text, zone);
  // A bare number would be hours to one reader and o'clock to another.
  const milliseconds = /[a-z]$/i.test(text) ? parseDuration(text, 0) : undefined;
  return milliseconds !== undefined && milliseconds > 0 ? { kind: "span", milliseconds } : undefined;
}

function timeOfDay(hour: number, minute: number, given: string | undefined): FinishBy | undefined {
  if (hour > 23 || minute > 59) return undefined;
  if (given === undefined) return { kind: "time of day", hour, minute };
  if (!new RegExp(`^${offset.source}`, "i").test(given)) return undefined;
  const zone = /^Z$/i.test(given) ? "UTC" : given;
  try {
    Temporal.Now.zonedDateTimeISO(zone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return { kind: "time of day", hour, minute, zone };
}

function moment(text: string, zone: string): FinishBy | undefined {
  try {
    const time = offset.test(text.slice("2026-11-24T".length))
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
    return { kind: "moment", time };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
