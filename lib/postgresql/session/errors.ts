/** Errors of PostgreSQL and its driver as errors for people: codes and names, never a word that could hold a value. @module */

import { DatabaseError, lockTimeout, networkObstacles, serverCodeOf } from "../../engine/database_error.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { LoginObstacle } from "../../core/login_obstacle.ts";

/** RDS checks the token of a role with rds_iam by PAM, whatever its password (RDS Guide, "IAM database authentication"). */
const refusedByPam = "28000 PAM";

/** The codes of a login that the server refused: its password, its user or its way of authentication. */
const refusedLogin: readonly string[] = ["28P01", "28000", refusedByPam];

/** Why a login failed, by code. */
const loginObstacles: Readonly<Record<string, LoginObstacle>> = {
  ...networkObstacles,
  "28P01": "refused",
  [refusedByPam]: "iam",
  "53300": "starting",
  "57P01": "starting",
  "57P03": "starting",
  CONNECTION_CLOSED: "starting",
  CONNECT_TIMEOUT: "unreachable",
};

/** Why a login failed; undefined where waiting cannot help. */
export function loginObstacle(error: unknown): LoginObstacle | undefined {
  return loginObstacles[serverCodeOf(error) ?? ""];
}

/** Codes for a server that speaks another protocol. */
export const otherServer = { mysql: "MYSQL_SERVER", unknown: "NOT_POSTGRESQL" } as const;

interface Known {
  readonly why: (names: Names) => string;
  readonly hint: string;
  /** The hint for a database by URL, where it is another one. */
  readonly inPlace?: string;
}

interface Names {
  readonly table: string;
  readonly column: string;
  readonly constraint: string;
}

const lockNotAvailable = "55P03";

const rule = "Correct the scrubber's rule, then run again.";
const lost = "Run again: a workspace whose session broke is thrown away.";
const lostInPlace = "Look at the server's log, then run again.";

/** By SQLSTATE (PostgreSQL, appendix A). */
const byState: ReadonlyMap<string, Known> = new Map(Object.entries({
  "23505": {
    why: ({ constraint, table }: Names) => `two rows of ${table} would be equal under the unique key ${constraint}`,
    hint: "Use a strategy that keeps rows apart on this column, then run again.",
  },
  "23502": {
    why: ({ column, table }: Names) => `column ${column} of ${table} must not be NULL`,
    hint: rule,
  },
  "23503": { why: ({ constraint, table }: Names) => `${table} would break the foreign key ${constraint}`, hint: rule },
  "23P01": {
    why: ({ constraint, table }: Names) => `two rows of ${table} would exclude each other by ${constraint}`,
    hint: "Use a strategy that keeps rows apart on this column, then run again.",
  },
  "22P05": {
    why: () => "a JSON document holds \\u0000, which the server cannot look into",
    hint: "Use a rule that takes the whole document away, such as setNull or constant.",
  },
  "23514": { why: ({ constraint, table }: Names) => `${table} would break the check ${constraint}`, hint: rule },
  "22001": { why: () => "a new value is too long for its column", hint: rule },
  "2202E": { why: () => "the session has no pseudonym key of 32 bytes", hint: lost, inPlace: lostInPlace },
  "25006": {
    why: () => "the server takes no changes now: it is read-only",
    hint: "Look at the instance's storage and state: RDS makes a full or replicating instance read-only.",
    inPlace: "Check that the server is no standby, and that default_transaction_read_only is off.",
  },
  "40P01": { why: () => "it ran into a deadlock", hint: lost, inPlace: lostInPlace },
  "42501": {
    why: ({ table }: Names) => `the master user lacks a privilege (${table})`,
    hint: "Make the master user a member of the role that owns it, or its owner a role that the master user may join.",
    inPlace: "Take the user who owns it, or a superuser.",
  },
  "42601": { why: () => "its SQL has a syntax error", hint: rule },
  "42703": { why: () => "its SQL names a column that is not there", hint: rule },
  "42704": { why: () => "its SQL names an object or setting that is not there", hint: rule },
  "42883": { why: () => "its SQL names a function or operator that is not there", hint: rule },
  "42P01": { why: () => "its SQL names a table that is not there", hint: rule },
  "53100": {
    why: () => "the server's disk is full",
    hint: "Give the workspace more storage, by --allocated-storage, then run again.",
    inPlace: "Make room on the server's disk, then run again.",
  },
  "53200": {
    why: () => "the server's memory is full",
    hint: "Give the workspace a larger instance class, then run again.",
    inPlace: "Give the server more memory, or lower --concurrency, then run again.",
  },
  "53400": {
    why: () => "it needs more room for temporary files than the server allows",
    hint: "Raise temp_file_limit in the workspace's parameter group, then run again.",
    inPlace: "Raise temp_file_limit, then run again.",
  },
  "53300": { why: () => "the server has no connection left", hint: "Lower --concurrency, then run again." },
  "57014": { why: () => "the statement was cancelled", hint: lost, inPlace: lostInPlace },
  "57P03": { why: () => "the server is starting or stopping", hint: "Wait a minute, then run again." },
}));

const ended: ReadonlySet<string> = new Set([
  "57P01",
  "57P02",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);

/** The error of a lost connection. `doing`: what was tried, without data, as in `update emails`. */
export function lostConnection(doing: string, serverCode = "CONNECTION_CLOSED"): DatabaseError {
  return new DatabaseError(
    "connection",
    serverCode,
    `Cannot ${doing}: the connection is lost, and with it the session's pseudonym key`,
    lost,
    { inPlace: lostInPlace },
  );
}

/** The error of a statement that waited for a lock in vain; `tables`: those that other sessions hold. */
export function heldLock(doing: string, tables: readonly string[] = []): DatabaseError {
  return lockTimeout(doing, lockNotAvailable, tables);
}

/** The error of a statement. `doing`: what was tried, without data. */
export function statementError(doing: string, error: unknown): DatabaseError {
  const state = codeOf(error);
  if (ended.has(state)) return lostConnection(doing, state);
  if (state === lockNotAvailable) return heldLock(doing);
  const known = byState.get(state);
  if (known) {
    const code: ErrorCode = state === "53100" ? "storage" : "statement";
    return new DatabaseError(
      code,
      state,
      `Cannot ${doing}: ${known.why(namesOf(error))} (${state})`,
      known.hint,
      known,
    );
  }
  return new DatabaseError(
    "statement",
    state,
    `Cannot ${doing}: the server refused it with SQLSTATE ${state}${placeOf(error)}`,
    "Look up the SQLSTATE in PostgreSQL's documentation (appendix A); the server's log has the statement's text.",
  );
}

/** The error of a connection that could not be made. */
export function connectionError(
  { host, port, database }: { readonly host: string; readonly port: number; readonly database: string },
  error: unknown,
): DatabaseError {
  const text = textOf(error);
  const code = codeOf(error) === "28000" && /PAM/.test(text) ? refusedByPam : codeOf(error);
  const [message, hint] = connectionText(code, text, `"${host}:${port}"`, host, database);
  return new DatabaseError(refusedLogin.includes(code) ? "login" : "connection", code, message, hint);
}

function connectionText(code: string, text: string, at: string, host: string, database: string): [string, string] {
  switch (code) {
    case "28P01":
      return [`Cannot log in at ${at}: the server refused the password`, "Set the master user's password anew."];
    case refusedByPam:
      return [
        `Cannot log in at ${at}: the master user is bound to IAM authentication and takes no password`,
        "Revoke rds_iam from the master user on the source.",
      ];
    case "28000":
      return [
        `Cannot log in at ${at}: the server refused the user or the way of connecting (28000)`,
        "Check that the user may log in by password over TLS.",
      ];
    case "3D000":
      return [`Cannot open database "${database}" at ${at}: there is no such database`, "Check the database's name."];
    case "42501":
    case "55000":
      return [
        `Cannot open database "${database}" at ${at}: the master user may not connect to it (${code})`,
        "Grant the master user CONNECT on it, or drop it by --drop-database.",
      ];
    case "53300":
    case "57P03":
      return [`Cannot log in at ${at}: the server takes no connection now (${code})`, "Wait a minute, then run again."];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [`Cannot reach ${at}: the host name does not resolve`, "Check the name and the resolver of this machine."];
    case "ECONNREFUSED":
      return [`Cannot reach ${at}: the connection was refused`, "Check the port, and that the server is running."];
    case "CONNECT_TIMEOUT":
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [
        `Cannot reach ${at}: no answer (${code})`,
        "Check that the instance's security groups and the subnets' routes let this machine in.",
      ];
    case "NO_TLS":
      return [
        `Cannot trust the server at ${at}: it offers no TLS, so its identity cannot be checked`,
        "Turn TLS on for the instance (parameter ssl), and look for a proxy between it and this machine.",
      ];
    case otherServer.mysql:
      return [
        `Cannot log in at ${at}: a MySQL server listens there`,
        "Check the port: PostgreSQL's is usually 5432.",
      ];
    case otherServer.unknown:
      return [`Cannot log in at ${at}: what listens there is no PostgreSQL server`, "Check the host and the port."];
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return [
        `Cannot trust the server at ${at}: its certificate is for another name than "${host}"`,
        "Use the endpoint's own name, and no alias or tunnel.",
      ];
  }
  if (/certificate not valid for name/i.test(text)) {
    return connectionText("ERR_TLS_CERT_ALTNAME_INVALID", text, at, host, database);
  }
  if (/CERT|VERIFY|ISSUER|SIGNATURE/.test(code) || /certificate/i.test(text)) {
    return [
      `Cannot trust the server at ${at}: no known CA vouches for its certificate`,
      "Name the CA bundle that signed it by --tls-ca.",
    ];
  }
  return [
    `Cannot log in at ${at}: the connection failed (${code})`,
    "Check that a PostgreSQL server with TLS listens there.",
  ];
}

/** Whether a statement waited for a lock in vain. */
export function isLockTimeout(error: unknown): boolean {
  return serverCodeOf(error) === lockNotAvailable;
}

/** Whether the user lacks a privilege. */
export function isDenied(error: unknown): boolean {
  return serverCodeOf(error) === "42501";
}

/** Whether the error is an answer of a server that runs: an SQLSTATE, and not that it is starting or stopping. */
export function isServerReply(error: unknown): boolean {
  return /^(?!57P)(?=.*\d)[0-9A-Z]{5}\b/.test(serverCodeOf(error) ?? "");
}

/** The code of a driver's error; never its message. */
export function codeOf(error: unknown): string {
  const code = field(error, "code");
  return code !== undefined && /^[A-Z0-9_]{2,60}$/.test(code) ? code : "unknown";
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function namesOf(error: unknown): Names {
  return {
    table: quoted(nameIn(error, "table"), "a table"),
    column: quoted(nameIn(error, "column"), "a column"),
    constraint: quoted(nameIn(error, "constraint"), "a constraint"),
  };
}

function placeOf(error: unknown): string {
  const names = (["table", "column", "constraint"] as const).flatMap((kind) => {
    const name = nameIn(error, kind);
    return name === undefined ? [] : [`${kind} "${name}"`];
  });
  return names.length > 0 ? ` (${names.join(", ")})` : "";
}

function quoted(name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `"${name}"`;
}

/** A name in an error, which a function of the application's may have made up of a row's values. */
function nameIn(error: unknown, kind: "table" | "column" | "constraint"): string | undefined {
  const name = field(error, `${kind}_name`);
  return name !== undefined && /^[\p{L}_][\p{L}\p{N}_$ -]*$/u.test(name) ? name : undefined;
}

function field(error: unknown, name: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}
