/** Sets the log up, in main only: workers send their records here. @module */

import { type BaseHandler, getLogger, type LevelName, type LogRecord, setup } from "@std/log";
import type { LogLevelName } from "../../core/settings.ts";
import { ConsoleHandler } from "./console_handler.ts";
import { journalFormat, jsonFormat, type LineFormat, type LogContext, syslogFormat, textFormat } from "./log_format.ts";
import type { Redactor } from "./redactor.ts";
import { SyslogHandler } from "./syslog_handler.ts";
import type { LogFields, Phase, WireRecord } from "../../core/progress.ts";

/** How the log is to be. */
export interface LoggingOptions {
  /** Absent: console on a terminal or where the journal reads it, else syslog. */
  readonly mode?: "console" | "syslog";
  /** Whether systemd's journal reads the console: each line gets its priority then. */
  readonly journal?: boolean;
  readonly level: LogLevelName;
  readonly format: "text" | "json";
  /** The run's id, a field of every line in JSON. */
  readonly run?: string;
  /** Whether a person watches the console. */
  readonly terminal: boolean;
  /** Whether the console's levels are coloured. */
  readonly colour: boolean;
  /** Writes to the console. */
  readonly write: (text: string) => void;
  readonly redactor: Redactor;
  /** The system log's socket; `/dev/log`, but for tests. */
  readonly syslogPath?: string;
}

/** A log that is set up. */
export interface Logging {
  /** Where records go now. */
  readonly mode: "console" | "syslog";
  /** Sends what is under way and closes; later records are dropped. */
  close(): Promise<void>;
}

/** Logs what concerns one source, or the whole run. */
export interface SourceLogger {
  debug(message: string, phase?: Phase, fields?: LogFields): void;
  info(message: string, phase?: Phase, fields?: LogFields): void;
  warn(message: string, phase?: Phase, fields?: LogFields): void;
  error(message: string, phase?: Phase, fields?: LogFields): void;
  critical(message: string, phase?: Phase, fields?: LogFields): void;
  /** A worker's record, with the worker's time. */
  pass(record: WireRecord, phase?: Phase): void;
}

/** Sets the log up. Where no syslog socket is there, or it stops answering, the log goes to the console, with one warning. */
export function setupLogging(options: LoggingOptions): Logging {
  const level = levelName(options.level);
  const path = options.syslogPath ?? "/dev/log";
  const { redactor, write } = options;
  const console = new ConsoleHandler(level, {
    formatter: consoleFormat(options),
    write,
  });
  const mode = options.mode ?? (options.terminal || options.journal ? "console" : "syslog");
  if (mode === "console") {
    use(console, level);
    return { mode, close: () => Promise.resolve(setup({})) };
  }
  let warned = false;
  const warn = () => {
    if (warned) return;
    warned = true;
    use(console, level);
    getLogger().warn(`No syslog answers at ${path}: the log goes to the console`);
  };
  const lost = (record: LogRecord) => {
    warn();
    console.handle(record);
  };
  const formatter = options.format === "json" ? jsonFormat(redactor, options.run) : syslogFormat(redactor);
  const syslog = isSocket(path) ? openSyslog(level, { formatter, path, ident: "datascrubber", lost }) : undefined;
  if (syslog === undefined) {
    warn();
    return { mode: "console", close: () => Promise.resolve(setup({})) };
  }
  use(syslog, level);
  return {
    get mode() {
      return warned ? "console" : "syslog";
    },
    async close() {
      await syslog.flush();
      setup({});
    },
  };
}

/** The logger of a source as the operator named it; without one, of the run. */
export function loggerFor(source?: string): SourceLogger {
  const context = (phase?: Phase, fields?: LogFields): LogContext => ({ source, phase, ...fields });
  return {
    debug: (message, phase, fields) => getLogger().debug(message, context(phase, fields)),
    info: (message, phase, fields) => getLogger().info(message, context(phase, fields)),
    warn: (message, phase, fields) => getLogger().warn(message, context(phase, fields)),
    error: (message, phase, fields) => getLogger().error(message, context(phase, fields)),
    critical: (message, phase, fields) => getLogger().critical(message, context(phase, fields)),
    pass: ({ level, time, message, fields }, phase) => {
      const details: LogContext = { ...context(phase, fields), time };
      const logger = getLogger();
      if (level >= 50) logger.critical(message, details);
      else if (level >= 40) logger.error(message, details);
      else if (level >= 30) logger.warn(message, details);
      else if (level >= 20) logger.info(message, details);
      else logger.debug(message, details);
    },
  };
}

function consoleFormat({ format, redactor, run, colour, journal }: LoggingOptions): LineFormat {
  if (format === "json") return journal ? journalFormat(jsonFormat(redactor, run)) : jsonFormat(redactor, run);
  // The journal adds the time itself, as syslog does.
  return journal ? journalFormat(syslogFormat(redactor)) : textFormat(redactor, { colour });
}

/** The command line says WARNING, as the original did. */
function levelName(level: LogLevelName): LevelName {
  return level === "WARNING" ? "WARN" : level;
}

function use(handler: BaseHandler, level: LevelName): void {
  setup({ handlers: { only: handler }, loggers: { default: { level, handlers: ["only"] } } });
}

function openSyslog(
  level: LevelName,
  options: ConstructorParameters<typeof SyslogHandler>[1],
): SyslogHandler | undefined {
  try {
    return new SyslogHandler(level, options);
  } catch {
    return undefined;
  }
}

function isSocket(path: string): boolean {
  try {
    return Deno.statSync(path).isSocket === true;
  } catch {
    return false;
  }
}
