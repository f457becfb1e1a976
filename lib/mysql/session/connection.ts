/**
 * The only file that knows mysql2: a connection that is verified and made within its time, and waits that can end early.
 *
 * @module
 */

import { type Connection, createConnection, type SslOptions } from "mysql2/promise";
import type { Target } from "../../engine/engine.ts";
import { type LivenessTimeouts, livenessTimeouts } from "../../engine/liveness.ts";
import { connectionError, hasNoTls } from "./errors.ts";

export type { Connection };

const SECOND = 1_000;

/** How long things may take, in milliseconds. */
export interface Limits {
  /** A connection with its login. */
  readonly connect: number;
  /** A short statement. */
  readonly short: number;
  /** Each step of closing: to stop a statement, to log out. */
  readonly end: number;
  /** For whether a statement without a limit is still running. */
  readonly liveness: LivenessTimeouts;
}

/** What the program uses. */
export const defaultLimits: Limits = {
  connect: 30 * SECOND,
  short: 60 * SECOND,
  end: 10 * SECOND,
  liveness: livenessTimeouts,
};

/** The TLS options of the driver: every target is verified but one that says otherwise. */
function tlsOf(target: Target): { ssl?: SslOptions } {
  const { tls = "verified" } = target;
  if (tls === "off") return {};
  if (tls !== "verified") return { ssl: { rejectUnauthorized: false } };
  // Without verifyIdentity the driver checks no host name.
  return { ssl: { ca: target.ca, verifyIdentity: true, rejectUnauthorized: true, minVersion: "TLSv1.2" } };
}

/** The database of sessions that need none, so that a name without a schema finds no user's table. */
export const maintenanceDatabase: string = "information_schema";

/** No server gives a number twice in one run. */
const own = new Set<number>();

/** Numbers of all connections that this run has made. */
export function ownConnections(): readonly number[] {
  return [...own];
}

/**
 * Connects and logs in within `limit` milliseconds. `doing`: for what, as in `log in`.
 *
 * @throws {DatabaseError} where the login is refused, or the host cannot be reached or trusted.
 */
export async function connect(
  target: Target,
  doing: string,
  limit: number,
  signal: AbortSignal,
): Promise<Connection> {
  try {
    return await connectOnce(target, doing, limit, signal);
  } catch (error) {
    if (target.tls !== "preferred" || !hasNoTls(error)) throw error;
    return await connectOnce({ ...target, tls: "off" }, doing, limit, signal);
  }
}

async function connectOnce(
  target: Target,
  doing: string,
  limit: number,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  const attempt = createConnection({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database ?? maintenanceDatabase,
    ...tlsOf(target),
    // FOUND_ROWS off: counts are of rows that changed, not of rows that were found.
    flags: ["-LOCAL_FILES", "-FOUND_ROWS", "-IGNORE_SPACE"],
    multipleStatements: false,
    connectTimeout: limit,
    enableKeepAlive: true,
    keepAliveInitialDelay: 30 * SECOND,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    connectAttributes: { program_name: "datascrubber" },
  }).then(afresh);
  // connectTimeout only covers the server's first packet, this the login as well.
  const outcome = await firstOf(attempt, limit, signal).catch((error) => {
    throw connectionError(doing, target, error);
  });
  if (outcome.kind === "done") {
    own.add(outcome.value.threadId);
    return outcome.value;
  }
  attempt.then((connection) => connection.destroy(), () => {});
  signal.throwIfAborted();
  throw connectionError(doing, target, Object.assign(new Error(), { code: "ETIMEDOUT" }));
}

/** Without what `init_connect` of the server's made: settings, and tables of the session's own, which hide others of their names. */
async function afresh(connection: Connection): Promise<Connection> {
  try {
    await connection.reset();
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** How a wait ended. */
export type Outcome<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "late" } | {
  readonly kind: "aborted";
};

/** Waits for the work, the limit or the signal, whichever comes first; rejects only as the work itself does. */
export async function firstOf<T>(
  work: Promise<T>,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  const { promise, resolve } = Promise.withResolvers<Outcome<T>>();
  const abort = () => resolve({ kind: "aborted" });
  signal.addEventListener("abort", abort);
  const timer = limit === undefined ? undefined : setTimeout(() => resolve({ kind: "late" }), limit);
  try {
    if (signal.aborted) abort();
    return await Promise.race([promise, work.then((value): Outcome<T> => ({ kind: "done", value }))]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
