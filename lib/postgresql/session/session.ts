/** A session on one database: the driver's connection with the key and the settings that make a scrub safe. @module */

import type { Cell, PseudonymKey, Session, Step, Target } from "../../engine/engine.ts";
import { maskKey } from "../../engine/one_time_pad.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import { pause } from "../../core/pause.ts";
import { Connection, defaultLimits, type Limits, type Reply, type SendOptions } from "./connection.ts";
import { heldLock, isLockTimeout } from "./errors.ts";
import { lockHolders } from "./activity.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** Settings that only some servers let the master user change: they keep our statements out of the server's log. */
const quiet = [
  ["log_statement", "none"],
  ["log_min_duration_statement", "-1"],
  ["log_min_error_statement", "panic"],
  ["idle_session_timeout", "0"],
  ["transaction_timeout", "0"],
  ["role", "none"],
] as const;

/** A session of the contract, on a reserved connection. */
class PostgresqlSession implements Session {
  readonly #connection: Connection;
  readonly #limits: Limits;

  constructor(connection: Connection, limits: Limits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  get database(): string {
    return this.#connection.database;
  }

  async query(statement: Sql): Promise<readonly Readonly<Record<string, Cell>>[]> {
    return (await this.#send(statement, "ask", this.#limits.short)).rows;
  }

  async scan(statement: Sql): Promise<readonly Readonly<Record<string, Cell>>[]> {
    return (await this.#send(statement, "read")).rows;
  }

  async run(step: Step): Promise<{ readonly rows: number; readonly warned?: true }> {
    const { expect } = step;
    const rewritten = expect && "rewritten" in expect
      ? new Name(expect.rewritten.schema, expect.rewritten.name)
      : undefined;
    const before = rewritten && await this.#file(rewritten);
    const started = performance.now();
    let reply = await this.#send(step.sql, step.label);
    const took = performance.now() - started;
    for (const milliseconds of pausesAfter(took, this.#limits.again)) {
      if (reply.keptDead === 0) break;
      await pause(milliseconds);
      reply = await this.#send(step.sql, step.label);
    }
    this.#checkWarnings(step, reply);
    if (reply.keptDead > 0) throw stillSeen(step, this.database, reply.keptDead);
    if (rewritten && await this.#file(rewritten) === before) {
      throw this.#unexpected(step, "the table's file is still the old one");
    }
    if (expect && "rows" in expect && reply.changed !== expect.rows) {
      throw this.#unexpected(step, `it changed ${reply.changed} rows instead of ${expect.rows}`);
    }
    const counted = reply.rows[0]?.["counted_rows"];
    const rows = counted === undefined ? reply.changed : Number(counted);
    return reply.warnings.length > 0 ? { rows, warned: true } : { rows };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  async #send(statement: Sql, doing: string, deadline?: number): Promise<Reply> {
    const what = `${doing} in database "${this.database}"`;
    try {
      return await this.#connection.send(statement.text, deadline === undefined ? { what } : { what, deadline });
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      throw heldLock(what, await this.#heldTables(statement));
    }
  }

  /** None where the server does not tell them: the lock is what matters. */
  async #heldTables(statement: Sql): Promise<readonly string[]> {
    const sending: SendOptions = { what: "look for locks", deadline: this.#limits.short };
    return await lockHolders(async ({ text }) => (await this.#connection.send(text, sending)).rows, statement)
      .catch(() => []);
  }

  /** VACUUM and ANALYZE skip what the user may not touch, and call it a warning. */
  #checkWarnings(step: Step, { warnings }: Reply): void {
    if (warnings.length === 0 || !/^\s*(VACUUM|ANALYZE|CLUSTER)\b/i.test(step.sql.text)) return;
    throw this.#unexpected(step, `the server skipped it with a warning (${warnings.join(", ")})`);
  }

  #unexpected(step: Step, why: string): ScrubError {
    return new ScrubError(
      "statement",
      `Cannot ${step.label} in database "${this.database}": ${why}`,
      "Check that the master user may join the role that owns it.",
    );
  }

  async #file(table: Name): Promise<Cell> {
    const name = textLiteral(table.quote('"'));
    const [row] = await this.query(
      sql`SELECT pg_catalog.pg_relation_filenode(${name}::pg_catalog.regclass)::text AS file`,
    );
    return row?.["file"] ?? null;
  }
}

/** Pauses before each retry of what took so many milliseconds: it is not repeated sooner, unless after a second or more. */
export function pausesAfter(took: number, pauses: readonly number[]): readonly number[] {
  return pauses.filter((milliseconds) => milliseconds >= Math.min(took, 1_000));
}

/** VACUUM FULL copies dead rows that an old snapshot may still see: old values would remain. */
function stillSeen({ label }: Step, database: string, rows: number): ScrubError {
  return new ScrubError(
    "statement",
    `Cannot ${label} in database "${database}": ${rows} old rows remain, because another transaction may still see them`,
    "Find out who else is connected to the server, or what prepared transaction or slot it holds, then run again.",
  );
}

/**
 * Opens a session, with the key set if there is one. `limits`: how long to wait.
 *
 * @throws {DatabaseError} where the login is refused, the host can't be reached or trusted, or a setting is refused.
 */
export async function open(
  target: Target,
  key: PseudonymKey | undefined,
  signal: AbortSignal,
  limits: Limits = defaultLimits,
): Promise<Session> {
  if (key && key.length !== 32) throw new TypeError(`Cannot use a pseudonym key of ${key.length} bytes: it must be 32`);
  const connection = await Connection.open(target, limits, signal);
  try {
    await prepareSession(connection, key, limits);
    return new PostgresqlSession(connection, limits);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens a session for questions, of any user: the server refuses every change.
 *
 * @throws {DatabaseError} as {@linkcode open}.
 */
export async function openReadOnly(target: Target, signal: AbortSignal, key?: PseudonymKey): Promise<Session> {
  const connection = await Connection.open(target, defaultLimits, signal, "read only");
  try {
    if (key) await sendKey(connection, key, defaultLimits);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
  return new PostgresqlSession(connection, defaultLimits);
}

/**
 * Half of the processors for one statement where there are many: on RDS `max_worker_processes` is twice their number, and at
 * least 8 (parameter group defaults). The server's own default, 2, is left where that is more.
 */
const parallel = ["max_parallel_workers_per_gather", "max_parallel_maintenance_workers"].map((name) =>
  `PERFORM pg_catalog.set_config('${name}', GREATEST(pg_catalog.current_setting('${name}')::pg_catalog.int4,
    pg_catalog.current_setting('max_worker_processes')::pg_catalog.int4 / 4)::pg_catalog.text, false);`
).join(" ");

/**
 * Memory for building indexes: up to 1 GB, but for builds on all processors no more than the server's shared buffers, which on RDS are
 * a quarter of its memory. Measured on a busy machine, where a table of 1.5 million rows was rewritten with three indexes: 256 MB instead
 * of RDS's least, 64 MB, wrote no temporary files instead of 168 MB where no workers helped, and took a tenth less processor time (6.4
 * to 5.7 s) where they did.
 */
const memory = `PERFORM pg_catalog.set_config('maintenance_work_mem', GREATEST(
    pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')),
    LEAST(1073741824, pg_catalog.pg_size_bytes(pg_catalog.current_setting('shared_buffers')) * 2
      / pg_catalog.current_setting('max_worker_processes')::pg_catalog.int4)) / 1024 || 'kB', false);`;

/** From now on the session has no key: functions of the application's run in it. */
export async function forgetKey(session: Session): Promise<void> {
  await session.query(sql`SELECT set_config('datascrubber.key', '', false) IS NULL`);
}

async function prepareSession(
  connection: Connection,
  key: PseudonymKey | undefined,
  { short }: Limits,
): Promise<void> {
  const where = `in database "${connection.database}"`;
  // A setting that this version or this user does not have stays as it is.
  const attempts = quiet.map(([name, value]) =>
    `BEGIN PERFORM pg_catalog.set_config('${name}', '${value}', false);
    EXCEPTION WHEN insufficient_privilege OR undefined_object THEN NULL; END;`
  );
  await connection.send(`DO $$BEGIN ${attempts.join(" ")} ${parallel} ${memory} END$$`, {
    what: `prepare a session ${where}`,
    deadline: short,
  });
  await connection.send("SET session_replication_role = replica", {
    what: `switch the application's triggers off ${where}`,
    deadline: short,
  });
  if (key) await sendKey(connection, key, { short });
}

async function sendKey(
  connection: Connection,
  key: PseudonymKey,
  { short }: Pick<Limits, "short">,
): Promise<void> {
  const sending = { what: `set the pseudonym key in database "${connection.database}"`, deadline: short };
  const { rows: [row] } = await connection.send(makePad.text, sending);
  await connection.send(setKey(maskKey(key, row?.["pad"])).text, sending);
}

/** Three of the server's random UUIDs have more chance in them than the key. */
const makePad = sql`SELECT set_config('datascrubber.pad',
  encode(sha256(convert_to(concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), 'UTF8')), 'hex'), false) AS pad`;

/** A bound value would not do: a log of statements shows it, and not every server lets the master user switch that off. */
function setKey(mask: string): Sql {
  const part = (of: Sql) => sql`('x' || substr(${of}, 16 * n + 1, 16))::bit(64)`;
  const bits = sql`${part(textLiteral(mask))} # ${part(sql`current_setting('datascrubber.pad')`)}`;
  return sql`SELECT set_config('datascrubber.key',
      (SELECT string_agg(lpad(to_hex((${bits})::int8), 16, '0'), '' ORDER BY n) FROM generate_series(0, 3) AS n), false) IS NULL,
    set_config('datascrubber.pad', '', false) IS NULL`;
}

/**
 * Logs in and out again.
 *
 * @throws {DatabaseError} where the login is refused, or the host cannot be reached or trusted.
 */
export async function login(target: Target, signal: AbortSignal, limits: Limits = defaultLimits): Promise<void> {
  const connection = await Connection.open(target, limits, signal);
  await connection[Symbol.asyncDispose]();
}
