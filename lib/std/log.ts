/**
 * The part of `@std/log` that this program uses, with the names and the behaviour that JSR's package has, so that `deno.json`
 * can put that one in its place. No package on npm has it.
 * @module
 */

/** Levels by name. */
export const LogLevels = { NOTSET: 0, DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, CRITICAL: 50 } as const;

/** Name of a level. */
export type LevelName = keyof typeof LogLevels;

/** Number of a level. */
export type LogLevel = typeof LogLevels[LevelName];

const levelNames = {
  0: "NOTSET",
  10: "DEBUG",
  20: "INFO",
  30: "WARN",
  40: "ERROR",
  50: "CRITICAL",
} as const satisfies Record<LogLevel, LevelName>;

/** One message with its circumstances. */
export class LogRecord {
  readonly msg: string;
  /** What was logged beside the message. */
  readonly args: unknown[];
  readonly level: LogLevel;
  readonly levelName: LevelName;
  readonly loggerName: string;
  readonly datetime: Date = new Date();

  constructor({ msg, args, level, loggerName }: Pick<LogRecord, "msg" | "args" | "level" | "loggerName">) {
    this.msg = msg;
    this.args = args;
    this.level = level;
    this.levelName = levelNames[level];
    this.loggerName = loggerName;
  }
}

/** Writes records of a level and above. */
export abstract class BaseHandler {
  readonly level: LogLevel;
  /** Makes a record's text. */
  readonly formatter: (record: LogRecord) => string;

  constructor(levelName: LevelName, options: { readonly formatter?: (record: LogRecord) => string } = {}) {
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

  /** Called when logging is set up anew. */
  destroy(): void {}
}

/** Makes records and hands them to its handlers. */
class Logger {
  readonly #level: LogLevel;
  readonly #name: string;
  readonly #handlers: readonly BaseHandler[];

  constructor(name: string, levelName: LevelName, handlers: readonly BaseHandler[]) {
    this.#name = name;
    this.#level = LogLevels[levelName];
    this.#handlers = handlers;
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
    if (level < this.#level) return;
    const record = new LogRecord({ msg, args, level, loggerName: this.#name });
    for (const handler of this.#handlers) handler.handle(record);
  }
}

let handlers: readonly BaseHandler[] = [];
let loggers: ReadonlyMap<string, Logger> = new Map();

/** The logger of this name; silent where none was set up. */
export function getLogger(name = "default"): Logger {
  return loggers.get(name) ?? new Logger(name, "NOTSET", []);
}

/** Replaces handlers and loggers: the handlers before are destroyed. A logger names its handlers. */
export function setup(config: {
  readonly handlers?: Readonly<Record<string, BaseHandler>>;
  readonly loggers?: Readonly<Record<string, { readonly level: LevelName; readonly handlers: readonly string[] }>>;
}): void {
  for (const handler of handlers) handler.destroy();
  const named = config.handlers ?? {};
  handlers = Object.values(named);
  for (const handler of handlers) handler.setup();
  loggers = new Map(
    Object.entries(config.loggers ?? {}).map(([name, { level, handlers }]) => {
      const used = handlers.map((key) => named[key]).filter((handler) => handler !== undefined);
      return [name, new Logger(name, level, used)];
    }),
  );
}
