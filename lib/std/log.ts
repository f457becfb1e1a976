/**
 * The part of `@std/log`'s interface that this program uses, under its name. JSR's package has the same names and behaviour,
 * so that `deno.json` can put it in this one's place.
 * @module
 */

/** Levels by name. */
export const LogLevels = { NOTSET: 0, DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, CRITICAL: 50 } as const;

/** Name of a level. */
export type LevelName = keyof typeof LogLevels;

/** Number of a level. */
export type LogLevel = typeof LogLevels[LevelName];

/** What a record is made of. */
export interface LogRecordOptions {
  readonly msg: string;
  readonly args: unknown[];
  readonly level: LogLevel;
  readonly loggerName: string;
}

/** One message with its circumstances. */
export class LogRecord {
  readonly msg: string;
  readonly level: LogLevel;
  readonly levelName: LevelName;
  readonly loggerName: string;
  readonly #args: unknown[];
  readonly #datetime = new Date();

  constructor(options: LogRecordOptions) {
    this.msg = options.msg;
    this.level = options.level;
    this.loggerName = options.loggerName;
    this.levelName = levelNameOf(options.level);
    this.#args = [...options.args];
  }

  /** What was given beside the message. */
  get args(): unknown[] {
    return [...this.#args];
  }

  /** When the record was made. */
  get datetime(): Date {
    return new Date(this.#datetime.getTime());
  }
}

function levelNameOf(level: LogLevel): LevelName {
  switch (level) {
    case LogLevels.NOTSET:
      return "NOTSET";
    case LogLevels.DEBUG:
      return "DEBUG";
    case LogLevels.INFO:
      return "INFO";
    case LogLevels.WARN:
      return "WARN";
    case LogLevels.ERROR:
      return "ERROR";
    case LogLevels.CRITICAL:
      return "CRITICAL";
  }
}

/** Makes a record's text. */
export type FormatterFunction = (record: LogRecord) => string;

/** What every handler may be given. */
export interface BaseHandlerOptions {
  formatter?: FormatterFunction;
}

/** Takes records of a level and above to where they are read. */
export abstract class BaseHandler {
  readonly level: LogLevel;
  readonly levelName: LevelName;
  readonly formatter: FormatterFunction;

  constructor(levelName: LevelName, options: BaseHandlerOptions = {}) {
    this.levelName = levelName;
    this.level = LogLevels[levelName];
    this.formatter = options.formatter ?? (({ levelName, msg }) => `${levelName} ${msg}`);
  }

  /** Logs the record if its level is high enough. */
  handle(record: LogRecord): void {
    if (record.level >= this.level) this.log(this.format(record));
  }

  /** The record's text. */
  format(record: LogRecord): string {
    return this.formatter(record);
  }

  /** Writes one text. */
  abstract log(text: string): void;

  /** Called when logging is set up with this handler. */
  setup(): void {}

  /** Called when another set-up takes its place. */
  destroy(): void {}
}

/** Makes records and gives them to its handlers. */
export class Logger {
  readonly loggerName: string;
  readonly level: LogLevel;
  readonly handlers: BaseHandler[];

  constructor(loggerName: string, levelName: LevelName, options: { handlers?: BaseHandler[] } = {}) {
    this.loggerName = loggerName;
    this.level = LogLevels[levelName];
    this.handlers = options.handlers ?? [];
  }

  debug(message: string, ...args: unknown[]): void {
    this.#log(LogLevels.DEBUG, message, args);
  }

  info(message: string, ...args: unknown[]): void {
    this.#log(LogLevels.INFO, message, args);
  }

  warn(message: string, ...args: unknown[]): void {
    this.#log(LogLevels.WARN, message, args);
  }

  error(message: string, ...args: unknown[]): void {
    this.#log(LogLevels.ERROR, message, args);
  }

  critical(message: string, ...args: unknown[]): void {
    this.#log(LogLevels.CRITICAL, message, args);
  }

  #log(level: LogLevel, msg: string, args: unknown[]): void {
    if (level < this.level) return;
    const record = new LogRecord({ msg, args, level, loggerName: this.loggerName });
    for (const handler of this.handlers) handler.handle(record);
  }
}

/** A logger's part of the configuration. */
export interface LoggerConfig {
  level?: LevelName;
  handlers?: string[];
}

/** Handlers by name, and the loggers that use them. */
export interface LogConfig {
  handlers?: Record<string, BaseHandler>;
  loggers?: Record<string, LoggerConfig>;
}

let handlers: readonly BaseHandler[] = [];
let loggers: ReadonlyMap<string, Logger> = new Map();

/** The logger of this name; without a name, the one that is configured as `default`. One that nobody configured is silent. */
export function getLogger(name = "default"): Logger {
  return loggers.get(name) ?? new Logger(name, "NOTSET");
}

/** Replaces the configuration: the handlers of the earlier one are destroyed. */
export function setup(config: LogConfig): void {
  for (const handler of handlers) handler.destroy();
  const named = config.handlers ?? {};
  handlers = Object.values(named);
  for (const handler of handlers) handler.setup();
  loggers = new Map(
    Object.entries(config.loggers ?? {}).map(([name, { level = "INFO", handlers = [] }]) => {
      const used = handlers.map((key) => named[key]).filter((handler) => handler !== undefined);
      return [name, new Logger(name, level, { handlers: used })];
    }),
  );
}
