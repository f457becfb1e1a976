/** The only file that knows npm:postgres: one connection that is verified, never reconnects, and can be cancelled. @module */

import { connect, isIP, type Socket } from "node:net";
import postgres from "postgres";
import type { Cell, Target } from "../../engine/engine.ts";
import { statementTimeout } from "../../engine/database_error.ts";
import {
  type LivenessTimeouts,
  livenessTimeouts,
  type Loss,
  lostStatement,
  watchLiveness,
} from "../../engine/liveness.ts";
import { ScrubError } from "../../core/errors.ts";
import { codeOf, connectionError, isServerReply, lostConnection, otherServer, statementError } from "./errors.ts";

/** How long to wait, in milliseconds. */
export interface Limits {
  /** For the connection to come about, login included. */
  readonly connect: number;
  /** For a statement that should be short. */
  readonly short: number;
  /** For a statement to end after it was cancelled; then the connection is cut. */
  readonly grace: number;
  /**
   * Before each retry of a VACUUM that had to keep dead rows for another session: the server's own workers soon end. A large table is not
   * rewritten after a shorter pause than a second.
   */
  readonly again: readonly number[];
  /** For whether a statement without a deadline is still running. */
  readonly liveness: LivenessTimeouts;
}

/** What the program uses. */
export const defaultLimits: Limits = {
  connect: 30_000,
  short: 60_000,
  grace: 10_000,
  again: [50, 200, 1_000, 5_000, 20_000],
  liveness: livenessTimeouts,
};

/** The result of a statement. */
export interface Reply {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** How many rows a data-changing statement touched; 0 for any other. */
  readonly changed: number;
  /** SQLSTATEs of the warnings that came with it. */
  readonly warnings: readonly string[];
  /** Dead rows that a VACUUM with VERBOSE kept, because other transactions may still see them; 0 for any other statement. */
  readonly keptDead: number;
}

/** How a statement is sent. */
export interface SendOptions {
  /** What it does, for messages: `update emails in database "x"`. Without data. */
  readonly what: string;
  /** Milliseconds until it is cancelled; absent: none. */
  readonly deadline?: number;
}

/** Settings that hold from the first message on, above anything that the database or role brings along. */
const startup = {
  application_name: "datascrubber",
  search_path: "pg_catalog, pg_temp",
  client_min_messages: "warning",
  statement_timeout: "0",
  lock_timeout: "30s",
  idle_in_transaction_session_timeout: "0",
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  // So that text in bytes can be read, in a view or an array too.
  bytea_output: "escape",
  standard_conforming_strings: "on",
  array_nulls: "on",
  extra_float_digits: "1",
  quote_all_identifiers: "off",
  transform_null_equals: "off",
  // A limit leaves rows out at random: a selection would miss some.
  gin_fuzzy_search_limit: "0",
  // An index may have lost rows (PostgreSQL 14.4's release notes): what is read of a table is read in the table.
  enable_indexonlyscan: "off",
  // A check may call a function that was replaced since: the server would then pass over rows that it takes for impossible.
  constraint_exclusion: "off",
  row_security: "off",
  // RDS has it on: it made the inventory of 800 tables take 0.9 s instead of 0.2, and gained nothing where rows were searched or rewritten.
  jit: "off",
  default_transaction_read_only: "off",
  default_transaction_isolation: "read committed",
  // Keys of selections are hashed once for a statement only if they fit; otherwise the server compares row by row.
  work_mem: "64MB",
  hash_mem_multiplier: "8",
  // What is computed from a row takes longer than reading it: even a small table is worth several processors.
  min_parallel_table_scan_size: "1MB",
};

/** What a connection may do: in sessions of the second kind nothing can be changed. */
const startups = { "read and write": startup, "read only": { ...startup, default_transaction_read_only: "on" } };

/** What a connection may do. */
export type Access = keyof typeof startups;

/** Cells are plain; a bigint that a number holds exactly is one. */
const types = {
  whole: { to: 20, from: [20], serialize: String, parse: wholeNumber },
  plain: { to: 25, from: [17, 114, 1082, 1114, 1184, 3802], serialize: String, parse: (text: string) => text },
};

/** The first number of what VACUUM tells, which in some languages of `lc_messages` has words before it. */
function keptDeadOf({ detail }: { readonly detail?: string }): number {
  return Number(/\d+/.exec(detail ?? "")?.[0] ?? 0);
}

function wholeNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** One reserved connection. Statements run one after the other, in the order of the calls. */
export class Connection implements AsyncDisposable {
  readonly database: string;
  /** The server process that holds the session's settings. */
  #backend = 0;
  readonly #target: Target;
  readonly #limits: Limits;
  readonly #signal: AbortSignal;
  readonly #sockets = new Set<Socket>();
  readonly #sql: postgres.Sql;
  #reserved: postgres.ReservedSql | undefined;
  #warnings: string[] = [];
  #keptDead = 0;
  /** Which new sockets are allowed: the first one, then those that carry a cancellation. */
  #gate: "login" | "shut" | "cancel" = "login";
  /** What `#dial` finds wrong with the server that the driver itself would not tell. */
  readonly #refusal = Promise.withResolvers<never>();
  /** The connection is lost, or a statement was stopped on it. */
  #spent = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(target: Target, defaultLimits: Limits, signal: AbortSignal, access: Access) {
    const { host, port, user, password } = target;
    if (isVerified(target) && (isIP(host) !== 0 || !/^[A-Za-z0-9._-]+$/.test(host) || password === "")) {
      throw new TypeError(`Cannot connect to "${host}": it takes a host name and a password`);
    }
    this.database = target.database ?? "postgres";
    this.#target = target;
    this.#limits = defaultLimits;
    this.#signal = signal;
    this.#refusal.promise.catch(() => {}); // only a login waits for it
    const options = {
      host,
      port,
      user,
      password,
      database: this.database,
      ssl: tlsOf(target),
      socket: () => this.#dial(),
      onclose: () => {
        this.#spent = true;
      },
      onnotice: (notice: postgres.Notice) => {
        if (notice["severity"] === "WARNING") this.#warnings.push(codeOf(notice));
        if (notice["severity"] === "INFO") this.#keptDead += keptDeadOf(notice);
      },
      connection: startups[access],
      types,
      // All that an environment variable could set instead.
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: Math.ceil(defaultLimits.connect / 1000),
      keep_alive: 5,
      max_pipeline: 1,
      backoff: false,
      prepare: false,
      fetch_types: false,
      debug: false,
      sslnegotiation: null,
      publications: "none",
    };
    this.#sql = postgres(options as unknown as postgres.Options<Record<never, never>>);
  }

  /**
   * Connects and logs in.
   *
   * @throws {DatabaseError} where the login is refused, or the host cannot be reached or trusted.
   */
  static async open(
    target: Target,
    defaultLimits: Limits,
    signal: AbortSignal,
    access: Access = "read and write",
  ): Promise<Connection> {
    signal.throwIfAborted();
    const connection = new Connection(target, defaultLimits, signal, access);
    try {
      await connection.#login();
      return connection;
    } catch (error) {
      await connection.#cut();
      signal.throwIfAborted();
      if (error instanceof ScrubError) throw error;
      throw connectionError({ ...target, database: connection.database }, error);
    }
  }

  /** Sends one statement. No text that is sent holds data. */
  send(text: string, sending: SendOptions): Promise<Reply> {
    // Extended protocol: the server refuses a second statement behind a semicolon.
    const options = { prepare: false, simple: false };
    return this.#queue((sql) => sql.unsafe<postgres.Row[]>(text, [], options), sending);
  }

  /** Ends the connection; cuts it where the server does not take part. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#spent) return await this.#cut();
    this.#spent = true;
    this.#reserved?.release(); // end() waits for a reserved connection
    await this.#sql.end({ timeout: 1 });
    this.#destroySockets();
  }

  async #login(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(Object.assign(new Error(), { code: "CONNECT_TIMEOUT" })),
      this.#limits.connect,
    );
    const stop = () => late.reject(this.#signal.reason);
    this.#signal.addEventListener("abort", stop);
    try {
      // reserve() never settles on a connection that is still to be made, if the driver fetches no types first.
      const first = this.#sql.unsafe("SELECT pg_catalog.pg_backend_pid() AS pid", [], { prepare: false }).execute();
      first.catch(() => {}); // it may fail after the time-out
      const result = await Promise.race([first, late.promise, this.#refusal.promise]);
      this.#backend = result.state.pid;
      // A trigger of the database's may have run by now (version 17, `ON login`): no setting, view or plan of its own may stay.
      await Promise.race([this.#sql.unsafe("DISCARD ALL", [], { prepare: false }), late.promise]);
      this.#reserved = await this.#sql.reserve();
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener("abort", stop);
    }
  }

  #queue(
    make: (sql: postgres.ReservedSql) => postgres.PendingQuery<postgres.Row[]>,
    sending: SendOptions,
  ): Promise<Reply> {
    const mine = this.#turn.then(() => this.#run(make, sending));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #run(
    make: (sql: postgres.ReservedSql) => postgres.PendingQuery<postgres.Row[]>,
    { what, deadline }: SendOptions,
  ): Promise<Reply> {
    this.#signal.throwIfAborted();
    if (this.#spent || !this.#reserved) throw lostConnection(what);
    this.#warnings = [];
    this.#keptDead = 0;
    const query = make(this.#reserved);
    let late = false;
    let grace: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      this.#spent = true;
      grace ??= setTimeout(() => void this.#cut(), this.#limits.grace);
      this.#cancel(query);
    };
    const timer = deadline === undefined ? undefined : setTimeout(() => {
      late = true;
      stop();
    }, deadline);
    this.#signal.addEventListener("abort", stop);
    let lost: Loss | undefined;
    await using _liveness = deadline === undefined
      ? watchLiveness((signal) => this.#look(signal), this.#limits.liveness, (loss) => {
        lost = loss;
        void this.#cut();
      })
      : undefined;
    try {
      const result = await query;
      // A process other than open()'s has no key and none of our settings.
      if (result.state.pid !== this.#backend) {
        this.#spent = true;
        throw lostConnection(what);
      }
      this.#signal.throwIfAborted();
      if (late) throw statementTimeout(what, deadline ?? 0);
      const changed = /^(INSERT|UPDATE|DELETE|MERGE)/.test(result.command ?? "") ? result.count : 0;
      return { rows: result.map(cells), changed, warnings: this.#warnings, keptDead: this.#keptDead };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (late) throw statementTimeout(what, deadline ?? 0);
      if (lost) throw lostStatement(what, lost);
      throw error instanceof ScrubError ? error : statementError(what, error);
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      this.#signal.removeEventListener("abort", stop);
    }
  }

  /** Asks on another connection whether this one's statement is running. */
  async #look(signal: AbortSignal): Promise<"running" | Loss> {
    const { liveness } = this.#limits;
    try {
      const brief = { ...this.#limits, connect: liveness.look, grace: 0 };
      await using other = await Connection.open(this.#target, brief, signal, "read only");
      const { rows: [row] } = await other.send(
        `SELECT pg_catalog.count(*) AS running FROM pg_catalog.pg_stat_activity
        WHERE pid = ${this.#backend} AND state IS DISTINCT FROM 'idle'`,
        { what: "look after a statement", deadline: liveness.look },
      );
      return row?.["running"] === 0 ? "not running" : "running";
    } catch (error) {
      // Any reply of the server, such as "too many connections", proves that it runs.
      return isServerReply(error) ? "running" : "no answer";
    }
  }

  /** Asks the server to stop the statement. The driver's own `cancel()` would leave a failed cancellation unhandled. */
  #cancel(query: object): void {
    const canceller: unknown = Reflect.get(query, "canceller");
    if (typeof canceller !== "function") throw new TypeError("Cannot cancel: the driver has no canceller");
    this.#gate = "cancel";
    Promise.resolve(canceller(query)).catch(() => {}); // the grace time ends it then
    this.#gate = "shut";
  }

  /** Makes the driver's socket. Refuses a second one, so that nothing can reconnect unnoticed. */
  async #dial(): Promise<Socket> {
    if (this.#gate === "shut") throw Object.assign(new Error(), { code: "CONNECTION_CLOSED" });
    this.#gate = "shut";
    const { host, port } = this.#target;
    const socket = connect({ host, port });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("connect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error(), { code: "CONNECTION_CLOSED" })));
    await promise;
    socket.removeListener("error", reject);
    socket.once("data", (answer) => this.#checkAnswer(answer));
    return socket;
  }

  /**
   * What the driver would not tell. The first answer of PostgreSQL is a message's letter, or to the request for TLS S or N: after
   * an N the driver would wait for a handshake until the time-out. MySQL speaks first, and begins with its packet's length.
   */
  #checkAnswer(answer: Uint8Array): void {
    const [letter = 0, , , sequence, version] = answer;
    const refuse = (code: string) => this.#refusal.reject(Object.assign(new Error(), { code }));
    if (sequence === 0 && (version === 10 || version === 255)) return refuse(otherServer.mysql);
    if (!"SNERv".includes(String.fromCharCode(letter))) return refuse(otherServer.unknown);
    if (letter === "N".charCodeAt(0) && answer.length === 1 && needsTls(this.#target)) refuse("NO_TLS");
  }

  /** Ends the connection from this side, whatever the server does. */
  async #cut(): Promise<void> {
    this.#spent = true;
    this.#gate = "shut";
    await this.#sql.end({ timeout: 0 });
    this.#destroySockets();
    // Where the socket closed during the login, the driver asks for another one by a timer of no time: it runs before this one.
    if (this.#reserved === undefined) await new Promise<void>((done) => void setTimeout(done));
  }

  #destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}

/** Every target is verified but one that says otherwise. */
function isVerified({ tls }: Target): boolean {
  return tls === undefined || tls === "verified";
}

/** Whether a server without TLS is refused. */
function needsTls(target: Target): boolean {
  return isVerified(target) || target.tls === "unverified";
}

/** The TLS options of the driver. */
function tlsOf(target: Target): object | "prefer" | false {
  const { host, ca, tls } = target;
  if (isVerified(target)) return { ca, servername: host, rejectUnauthorized: true };
  if (tls === "preferred") return "prefer";
  return tls === "off" ? false : { rejectUnauthorized: false };
}

function cells(row: postgres.Row): Readonly<Record<string, Cell>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]));
}

function cell(value: unknown): Cell {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return String(value);
}
