/** How a log record is written: one line, whatever it holds. @module */

import { type LogLevel, LogLevels, LogRecord } from "@std/log";
import type { Failure } from "../../core/errors.ts";
import { Redactor } from "./redactor.ts";
import { visible } from "../../core/visible.ts";
import type { LogFields, Phase } from "../../core/progress.ts";

/** What a record says beside its message; its first argument. */
export interface LogContext extends LogFields {
  /** The source as the operator named it. */
  readonly source?: string;
  readonly phase?: Phase;
  /** When it happened, in milliseconds since the epoch; absent: when the record was made. */
  readonly time?: number;
}

/** What a line is made of, redacted and safe to print. */
interface Line extends LogFields {
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
    return `${line.time} ${options.colour ? paint(level, record.level) : level} ${subject(line)}${sentences(line)}`;
  };
}

/** `WARNING: orders restore: message`: syslog adds the time itself. */
export function syslogFormat(redactor: Redactor): LineFormat {
  return (record) => {
    const line = lineOf(record, redactor);
    return `${line.level}: ${subject(line)}${sentences(line)}`;
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

/** One JSON object: `time`, `level`, `run`, `source`, `phase`, `message` and the record's other fields; absent ones are left out. */
export function jsonFormat(redactor: Redactor, run?: string): LineFormat {
  return (record) => {
    const { time, level, ...line } = lineOf(record, redactor);
    return JSON.stringify({ time, level, ...(run !== undefined && { run }), ...line });
  };
}

/** A failure, and what else went wrong on the way out, as {@linkcode jsonFormat} writes them: for a program that has no log yet. */
export function failureJson({ code, message, hint, also }: Failure): string {
  const details = { code, ...(hint !== "" && { hint }) };
  const record = new LogRecord({ msg: message, args: [details], level: LogLevels.ERROR, loggerName: "default" });
  return `${jsonFormat(new Redactor())(record)}\n${also.map(failureJson).join("")}`;
}

function lineOf(record: LogRecord, redactor: Redactor): Line {
  const [first] = record.args;
  const { time, source, phase, ...fields } = isContext(first) ? first : {};
  const safe = Object.entries(fields).map((
    [name, value],
  ) => [name, typeof value === "string" ? oneLine(value) : value]);
  /** The text without secrets, and without line ends: messages of servers and programs have some. */
  function oneLine(text: string): string {
    return visible(redactor.redact(text).trim().replaceAll(/\s*\n\s*/g, " "));
  }
  return {
    time: timeOf(time, record).toISOString(),
    level: record.levelName === "WARN" ? "WARNING" : record.levelName,
    source: source === undefined ? undefined : visible(redactor.redact(source)),
    phase,
    ...Object.fromEntries(safe),
    message: oneLine(record.msg),
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

/** The message, and what to do about it. */
function sentences({ message, hint = "" }: Line): string {
  return hint === "" ? message : `${message.replace(/\.?$/, ".")} ${hint}`;
}

function paint(text: string, level: LogLevel): string {
  const colour = level >= 40 ? 31 : level >= 30 ? 33 : level >= 20 ? 32 : 2;
  return `\x1b[${colour}m${text}\x1b[0m`;
}
