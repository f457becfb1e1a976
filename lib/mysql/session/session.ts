/** A session on one database: the driver's connection with the key and the settings that make a scrub safe. @module */

import type { Cell, PseudonymKey, Session, Step, Target } from "../../engine/engine.ts";
import { maskKey } from "../../engine/one_time_pad.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { statementTimeout } from "../../engine/database_error.ts";
import { type Loss, lostStatement, watchLiveness } from "../../engine/liveness.ts";
import { ScrubError } from "../../core/errors.ts";
import {
  connectionError,
  heldLock,
  isLockTimeout,
  isServerReply,
  lostConnection,
  postgresqlThere,
  refusedStatement,
  statementError,
  unreadResult,
} from "./errors.ts";
import { connect, type Connection, defaultLimits, firstOf, type Limits, maintenanceDatabase } from "./connection.ts";
import { whenPostgresqlAnswers } from "./postgresql_probe.ts";
import { lockHolders } from "./activity.ts";
import { sql } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";
import { sessionSettings } from "./session_settings.ts";

/** MariaDB's: a regular expression failed, JSON_ARRAYAGG or GROUP_CONCAT was cut, a result is longer than max_allowed_packet. */
const unreadWarnings: ReadonlySet<number> = new Set([1139, 1260, 1301]);

type Row = Readonly<Record<string, Cell>>;

/**
 * Logs in and out again.
 *
 * @throws {DatabaseError} where the login is refused, or the host cannot be reached or trusted.
 */
export async function login(target: Target, signal: AbortSignal): Promise<void> {
  const connection = await connect(target, "log in", defaultLimits.connect, signal);
  connection.destroy();
}

/**
 * Opens a session, with the key set if there is one. `limits`: how long to wait.
 *
 * @throws {DatabaseError} as {@linkcode login}, and where a setting is refused.
 */
export async function open(
  target: Target,
  key: PseudonymKey | undefined,
  signal: AbortSignal,
  limits: Limits = defaultLimits,
): Promise<Session> {
  const connection = await connect(target, "open a session", limits.connect, signal);
  const session = new MysqlSession(connection, target, limits, signal);
  try {
    await session.query(sessionSettings);
    if (key) await session.setKey(key);
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return session;
}

/**
 * Opens a session for questions, of any user: the server refuses every change.
 *
 * @throws {DatabaseError} as {@linkcode login}.
 * @throws {ScrubError} `usage` where the server spells the database's name otherwise.
 */
export async function openReadOnly(target: Target, signal: AbortSignal, key?: PseudonymKey): Promise<Session> {
  const connection = await connectReadOnly(target, signal);
  const session = new MysqlSession(connection, target, defaultLimits, signal);
  try {
    await session.query(sessionSettings);
    if (key) await session.setKey(key);
    await session.query(sql`SET SESSION TRANSACTION READ ONLY`);
    await refuseOtherSpelling(session, target);
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return session;
}

/**
 * With lower_case_table_names = 1 the server takes any case for a name, and shows its own in its catalogue (MySQL manual, "Identifier Case
 * Sensitivity").
 */
async function refuseOtherSpelling(session: Session, { database }: Target): Promise<void> {
  if (database === undefined) return;
  const [row] = await session.query(sql`SELECT DATABASE() AS name`);
  if (row?.name === database) return;
  throw new ScrubError(
    "usage",
    `Cannot use database "${database}": the server calls it "${row?.name}"`,
    `Name it "${row?.name}".`,
  );
}

/** Connects; a port of PostgreSQL is recognised before the time-out. */
async function connectReadOnly(target: Target, signal: AbortSignal): Promise<Connection> {
  const settled = new AbortController();
  const both = AbortSignal.any([signal, settled.signal]);
  const doing = "open a session";
  const attempt = connect(target, doing, defaultLimits.connect, both);
  try {
    const first = await Promise.race([attempt, whenPostgresqlAnswers(target, both)]);
    if (first !== true) return first;
    attempt.then((connection) => connection.destroy(), () => {});
    throw connectionError(doing, target, Object.assign(new Error(), { code: postgresqlThere }));
  } finally {
    settled.abort();
  }
}

/** Where a session keeps the pseudonym key. */
const keyVariable = "@datascrubber_key";

/** A session of the contract. mysql2 never reconnects a single connection; each step that reads the key checks it all the same. */
class MysqlSession implements Session {
  readonly database: string;
  readonly #connection: Connection;
  readonly #target: Target;
  readonly #limits: Limits;
  readonly #signal: AbortSignal;
  #keyBytes = 0;
  #over = false;

  constructor(connection: Connection, target: Target, limits: Limits, signal: AbortSignal) {
    this.#connection = connection;
    this.#target = target;
    this.#limits = limits;
    this.#signal = signal;
    this.database = target.database ?? maintenanceDatabase;
    // Without a listener an error between statements would be uncaught; the next statement fails by it.
    connection.on("error", () => {});
  }

  async setKey(key: PseudonymKey): Promise<void> {
    this.#keyBytes = 32;
    // Not as a bound value: general and slow log show it in the statement's text.
    const send = (text: Sql) => this.#send("set the pseudonym key", text, this.#limits.short);
    await send(sql`SET @datascrubber_pad = RANDOM_BYTES(${key.length})`);
    const [row] = rowsOf(await send(sql`SELECT HEX(@datascrubber_pad) AS pad`));
    const mask = trusted(`'${maskKey(key, row?.pad)}'`);
    // By 64 bits: `^` of bytes is a number to MariaDB.
    const bits = (from: Sql, at: number) => sql`CAST(CONV(SUBSTRING(${from}, ${at}, 16), 16, 10) AS UNSIGNED)`;
    const parts = [1, 17, 33, 49].map((at) =>
      sql`LPAD(HEX(${bits(mask, at)} ^ ${bits(sql`HEX(@datascrubber_pad)`, at)}), 16, '0')`
    );
    await send(sql`SET @datascrubber_key = UNHEX(CONCAT(${joinSql(parts, ", ")})), @datascrubber_pad = NULL`);
  }

  async query(text: Sql): Promise<readonly Row[]> {
    return rowsOf(await this.#send("ask", text, this.#limits.short));
  }

  async scan(text: Sql): Promise<readonly Row[]> {
    const isMariadb = await productOf(this) === "mariadb";
    const rows = rowsOf(await this.#send("read", text, undefined));
    if (isMariadb) await this.#refuseUnread();
    return rows;
  }

  async run(step: Step): Promise<{ readonly rows: number }> {
    if (step.sql.text.includes(keyVariable)) await this.#check();
    const result = await this.#send(step.label, step.sql, undefined);
    const failed = rowsOf(result).find((row) => row.Msg_type === "error" || row.Msg_type === "Error");
    if (failed !== undefined) throw refusedStatement(this.#inDatabase(step.label));
    const rows = countedRows(result) ?? changedRows(result);
    const { expect } = step;
    if (expect !== undefined && "rows" in expect && expect.rows !== rows) {
      throw new ScrubError(
        "statement",
        `Cannot ${this.#inDatabase(step.label)}: ${rows} rows changed, and ${expect.rows} should have`,
        "Find out who else is connected to the server, then run again.",
      );
    }
    return { rows };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const never = new AbortController().signal;
    // A lost server does not answer.
    await firstOf(this.#connection.end(), this.#limits.end, never).catch(() => {});
    this.#connection.destroy();
  }

  #inDatabase(doing: string): string {
    return `${doing} in database "${this.database}"`;
  }

  /** Refuses what the last statement could not read as a whole: that is a warning to MariaDB, beside a result without it. */
  async #refuseUnread(): Promise<void> {
    const [row] = await this.query(sql`SELECT @@warning_count AS warnings`);
    if (row?.warnings === 0) return;
    const kept = await this.query(sql`SHOW WARNINGS`);
    const unread = kept.find(({ Code }) => unreadWarnings.has(Number(Code)));
    if (unread === undefined && kept.length === Number(row?.warnings)) return;
    throw unreadResult(this.#inDatabase("read"), String(unread?.Message ?? ""));
  }

  /** Checks that the session still is that of open(), and has the key that it was given. */
  async #check(): Promise<void> {
    const found = await this.query(
      sql`SELECT CONNECTION_ID() AS id, COALESCE(LENGTH(@datascrubber_key), 0) AS bytes`,
    );
    if (found[0]?.id === this.#connection.threadId && found[0].bytes === this.#keyBytes) return;
    await this.#end();
    throw lostConnection(this.#inDatabase("go on"));
  }

  async #send(doing: string, text: Sql, limit: number | undefined): Promise<unknown> {
    this.#signal.throwIfAborted();
    if (this.#over) throw lostConnection(this.#inDatabase(doing));
    try {
      return await this.#await(doing, this.#connection.query(text.text), limit);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      // Without the tables where the server does not tell them: the lock is what matters.
      const ask = async ({ text }: Sql) =>
        rowsOf(await this.#await("look for locks", this.#connection.query(text), this.#limits.short));
      throw heldLock(this.#inDatabase(doing), await lockHolders(ask, text).catch(() => []));
    }
  }

  async #await(doing: string, work: Promise<[unknown, unknown]>, limit: number | undefined): Promise<unknown> {
    const what = this.#inDatabase(doing);
    const ended = new AbortController();
    let lost: Loss | undefined;
    await using _liveness = limit === undefined
      ? watchLiveness((signal) => this.#look(signal), this.#limits.liveness, (loss) => {
        lost = loss;
        ended.abort();
      })
      : undefined;
    const outcome = await firstOf(work, limit, AbortSignal.any([this.#signal, ended.signal])).catch((error) => {
      this.#signal.throwIfAborted();
      throw statementError(what, error);
    });
    if (outcome.kind === "done") return outcome.value[0];
    if (lost) {
      work.catch(() => {});
      await this.#end();
      this.#signal.throwIfAborted();
      throw lostStatement(what, lost);
    }
    await this.#kill(work);
    this.#signal.throwIfAborted();
    throw statementTimeout(what, this.#limits.short);
  }

  /** Asks on another connection whether this one's statement is running. */
  async #look(signal: AbortSignal): Promise<"running" | Loss> {
    try {
      const second = await connect(this.#target, "look after a statement", this.#limits.liveness.look, signal);
      try {
        // Without a privilege it shows the user's own sessions, and needs no performance_schema.
        const found = await firstOf(second.query("SHOW PROCESSLIST"), undefined, signal);
        if (found.kind !== "done") return "no answer";
        const own = rowsOf(found.value[0]).find(({ Id }) => Id === this.#connection.threadId);
        return own === undefined || own.Command === "Sleep" ? "not running" : "running";
      } finally {
        second.destroy();
      }
    } catch (error) {
      // Any reply of the server, such as "too many connections", proves that it runs.
      return isServerReply(error) ? "running" : "no answer";
    }
  }

  /** Ends the statement on the server as well: it would run on without its client. */
  async #kill(work: Promise<unknown>): Promise<void> {
    const settled = work.then(() => {}, () => {});
    const own = new AbortController().signal;
    try {
      const second = await connect(this.#target, "stop a statement", this.#limits.end, own);
      try {
        await firstOf(second.query(`KILL CONNECTION ${Number(this.#connection.threadId)}`), this.#limits.end, own);
        await firstOf(settled, this.#limits.end, own);
      } finally {
        second.destroy();
      }
    } catch {
      // The server is lost or full of connections. The workspace is deleted, and the statement with it.
    } finally {
      await this.#end();
    }
  }

  #end(): Promise<void> {
    this.#over = true;
    this.#connection.destroy();
    return Promise.resolve();
  }
}

/** The count of a step that only counts, in the column of this name. */
function countedRows(result: unknown): number | undefined {
  const counted = rowsOf(result)[0]?.counted_rows;
  return counted === undefined ? undefined : Number(counted);
}

function changedRows(result: unknown): number {
  if (typeof result !== "object" || result === null || !("affectedRows" in result)) return 0;
  return Number(result.affectedRows);
}

function rowsOf(result: unknown): readonly Row[] {
  if (!Array.isArray(result)) return [];
  return result.map((row: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]))
  );
}

/** Bytes come as hexadecimal digits, whole numbers beyond 2^53 and decimals as strings. */
function cell(value: unknown): Cell {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return JSON.stringify(value);
}
