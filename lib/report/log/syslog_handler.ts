/** The log in the system's log, by datagrams to its socket (RFC 3164). @module */

import { BaseHandler, type LevelName, type LogRecord } from "@std/log";
import { type LineFormat, severity } from "./log_format.ts";

/** Facility `user`, as the original's. */
const facility = 1;

/** rsyslog and journald take longer messages, but not every reader behind them does. */
const longestMessage = 8000;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Sends each record as one datagram. A record that can't be sent goes to `lost`, and so does every later one. */
export class SyslogHandler extends BaseHandler {
  readonly #path: string;
  readonly #ident: string;
  readonly #lost: (record: LogRecord) => void;
  readonly #socket: Deno.DatagramConn;
  #sending: Promise<void> = Promise.resolve();
  #broken = false;

  /** Throws where no socket can be made to send from. */
  constructor(levelName: LevelName, options: {
    readonly formatter: LineFormat;
    /** The log's socket, such as `/dev/log`. */
    readonly path: string;
    readonly ident: string;
    readonly lost: (record: LogRecord) => void;
  }) {
    super(levelName, { formatter: options.formatter });
    this.#path = options.path;
    this.#ident = options.ident;
    this.#lost = options.lost;
    // A leading NUL is an abstract address: no file is left behind.
    const own = `\0${options.ident}-${crypto.randomUUID()}`;
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
  }

  override handle(record: LogRecord): void {
    if (record.level < this.level) return;
    const text = this.format(record);
    this.#sending = this.#sending.then(() => this.#send(record, text));
  }

  override log(): void {
    // handle() sends: a bare text has no priority.
  }

  /** Resolves when everything logged so far is sent or lost. */
  flush(): Promise<void> {
    return this.#sending;
  }

  override destroy(): void {
    this.#broken = true;
    this.#socket.close();
  }

  async #send(record: LogRecord, text: string): Promise<void> {
    if (this.#broken) return this.#lost(record);
    const cut = text.length > longestMessage ? `${text.slice(0, longestMessage).toWellFormed()}…` : text;
    const line = `<${facility * 8 + severity(record.level)}>${
      timestamp(record.datetime)
    } ${this.#ident}[${Deno.pid}]: ${cut}`;
    try {
      await this.#socket.send(new TextEncoder().encode(line), { transport: "unixpacket", path: this.#path });
    } catch {
      this.#broken = true;
      this.#lost(record);
    }
  }
}

/** `Nov  4 03:00:00`, in local time, as RFC 3164 has it. */
function timestamp(time: Date): string {
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0"));
  return `${months[time.getMonth()]} ${String(time.getDate()).padStart(2)} ${clock.join(":")}`;
}
