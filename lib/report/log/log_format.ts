/** How a log record is written: one line, whatever it holds. @module */

import type { LogLevel, LogRecord } from "@std/log";
import type { Redactor } from "./redactor.ts";
import { visible } from "../../core/visible.ts";
import type { Phase } from "../../core/progress.ts";

/** What a record says beside its message; its first argument. */
export interface LogContext {
  /** The source as the operator named it. */
  readonly source?: string;
  readonly phase?: Phase;
  /** When it happened, in milliseconds since the epoch; absent: when the record was made. */
  readonly time?: number;
}

/** What a line is made of, redacted and safe to print. */
interface Line {
  readonly time: string;
  readonly level: string;
  readonly source?: string;
  readonly phase?: string;
  readonly message: string;
}

/** Writes a record, without a newline at the end. */
export type LineFormat = (record: LogRecord) => string;

/** `2026-11-24T03:00:00.000Z WARNING orders restore: message`. */
export function textFormat(redactor: Redactor, options: { readonly colour: boolean }): LineFormat {
  return (record) => {
    const line = lineOf(record, redactor);
    const level = line.level.padEnd(8);
    return `${line.time} ${options.colour ? paint(level, record.level) : level} ${subject(line)}${line.message}`;
  };
}

/** `WARNING: orders restore: message`: syslog adds the time itself. */
export function syslogFormat(redactor: Redactor): LineFormat {
  return (record) => {
    const line = lineOf(record, redactor);
    return `${line.level}: ${subject(line)}${line.message}`;
  };
}

/** The same behind the priority that systemd reads from a service's stderr, in any other format. sd-daemon(3). */
export function journalFormat(format: LineFormat): LineFormat {
  return (record) => journalLines(format(record), record.level);
}

/** Text of some level, each line with its priority for systemd. */
export function journalLines(text: string, level: LogLevel): string {
  return text.replace(/^(?=.)/gm, `<${severity(level)}>`);
}

/** RFC 3164's severities: debug 7, informational 6, warning 4, error 3, critical 2. */
export function severity(level: LogLevel): number {
  if (level >= 50) return 2;
  if (level >= 40) return 3;
  if (level >= 30) return 4;
  return level >= 20 ? 6 : 7;
}

/** One JSON object with `time`, `level`, `source`, `phase` and `message`. */
export function jsonFormat(redactor: Redactor): LineFormat {
  return (record) => JSON.stringify(lineOf(record, redactor));
}

function lineOf(record: LogRecord, redactor: Redactor): Line {
  const [first] = record.args;
  const context = isContext(first) ? first : {};
  return {
    time: timeOf(context.time, record).toISOString(),
    level: record.levelName === "WARN" ? "WARNING" : record.levelName,
    source: context.source === undefined ? undefined : visible(redactor.redact(context.source)),
    phase: context.phase,
    message: visible(redactor.redact(record.msg)),
  };
}

/** A worker's time may be anything; one that is no date must not lose the record. */
function timeOf(time: number | undefined, record: LogRecord): Date {
  const date = new Date(time ?? NaN);
  return Number.isNaN(date.getTime()) ? record.datetime : date;
}

function isContext(value: unknown): value is LogContext {
  return typeof value === "object" && value !== null;
}

function subject({ source, phase }: Line): string {
  const words = [source, phase].filter((word) => word !== undefined);
  return words.length === 0 ? "" : `${words.join(" ")}: `;
}

function paint(text: string, level: LogLevel): string {
  const colour = level >= 40 ? 31 : level >= 30 ? 33 : level >= 20 ? 32 : 2;
  return `\x1b[${colour}m${text}\x1b[0m`;
}
