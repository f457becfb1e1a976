/** Errors of database servers and their drivers: callers go by the server's code, never by the message. @module */

import { type ErrorCode, ScrubError, type ScrubErrorOptions } from "../core/errors.ts";
import type { LoginObstacle } from "../core/login_obstacle.ts";

/** What a server, its driver or the network refused. */
export class DatabaseError extends ScrubError {
  /** `serverCode`: an SQLSTATE or MySQL's symbol such as `ER_DUP_ENTRY`, else the code of the driver or the operating system. */
  constructor(
    code: ErrorCode,
    readonly serverCode: string,
    message: string,
    hint: string,
    options?: ScrubErrorOptions,
  ) {
    super(code, message, hint, options);
  }
}

/** The code of a server's or driver's error; undefined for any other error. */
export function serverCodeOf(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.serverCode : undefined;
}

/** The error of a statement that waited for a lock in vain; `tables`: those that other sessions hold. */
export function lockTimeout(doing: string, serverCode: string, tables: readonly string[]): DatabaseError {
  const on = tables.length === 0 ? "" : ` on ${tables.map((table) => `"${table}"`).join(", ")}`;
  return new DatabaseError(
    "lock",
    serverCode,
    `Cannot ${doing}: another session holds a lock${on} (${serverCode})`,
    "Find out who else is connected to the server, and keep such jobs from it, then run again.",
  );
}

/** The error of a statement that had `milliseconds` for its answer. */
export function statementTimeout(doing: string, milliseconds: number): ScrubError {
  return new ScrubError(
    "connection",
    `Cannot ${doing}: no answer within ${milliseconds / 1000} seconds`,
    "Look at the server's load, its log and recent events, then run again.",
  );
}

/** What the operating system's and the resolver's codes mean for a login: the drivers of both engines pass them on. */
export const networkObstacles: Readonly<Record<string, LoginObstacle>> = {
  ECONNRESET: "starting",
  ECONNREFUSED: "unreachable",
  ETIMEDOUT: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENOTFOUND: "unknown name",
  EAI_AGAIN: "unknown name",
};

/** The hint for a database by URL where scratch is not this run's: nothing can prove that it is an earlier one's. */
export const foreignScratchInPlace =
  "Nothing was changed by this run. If an earlier scrub of it was killed, drop that, and run again; else rename it. After a killed " +
  "scrub the database may hold personal data.";
