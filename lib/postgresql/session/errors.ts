/** What the driver and the server throw, told to people: codes and names, never a word that could hold a value. @module */

import { type Loss, losses } from "../../engine/liveness.ts";
import { type ErrorCode, ScrubError } from "../../core/errors.ts";

/** The cause of a {@linkcode ScrubError} of this engine: only what can't hold data. */
export class ServerError extends Error {
  override readonly name = "ServerFault";

  /** `code`: SQLSTATE, or the driver's or the network's own code. */
  constructor(readonly code: string) {
    super(code);
  }
}

/** The codes of a login that the server refused: its password, its user or its way of authentication. */
export const refusedLogin: readonly string[] = ["28P01", "28000"];

interface Known {
  readonly why: (names: Names) => string;
  readonly hint: string;
}

interface Names {
  readonly table: string;
  readonly column: string;
  readonly constraint: string;
}

const rule = "Correct the scrubber's rule, then run again.";
const locked = "Find out who else is connected to the workspace, and keep such jobs from it, then run again.";
const lost = "Run again: a workspace whose session broke is thrown away.";

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
  "2202E": { why: () => "the session has no pseudonym key of 32 bytes", hint: lost },
  "25006": {
    why: () => "the server takes no changes now: it is read-only",
    hint: "Look at the instance's storage and state: RDS makes a full or replicating instance read-only.",
  },
  "40P01": { why: () => "it ran into a deadlock", hint: lost },
  "42501": {
    why: ({ table }: Names) => `the master user lacks a privilege (${table})`,
    hint: "Make the master user a member of the role that owns it, or its owner a role that the master user may join.",
  },
  "42601": { why: () => "its SQL has a syntax error", hint: rule },
  "42703": { why: () => "its SQL names a column that is not there", hint: rule },
  "42704": { why: () => "its SQL names an object or setting that is not there", hint: rule },
  "42883": { why: () => "its SQL names a function or operator that is not there", hint: rule },
  "42P01": { why: () => "its SQL names a table that is not there", hint: rule },
  "53100": {
    why: () => "the server's disk is full",
    hint: "Give the source instance more storage: the workspace has as much as it.",
  },
  "53200": {
    why: () => "the server's memory is full",
    hint: "Give the workspace a larger instance class, then run again.",
  },
  "53400": {
    why: () => "it needs more room for temporary files than the server allows",
    hint: "Raise temp_file_limit in the workspace's parameter group, then run again.",
  },
  "53300": { why: () => "the server has no connection left", hint: "Lower --concurrency, then run again." },
  "55P03": { why: () => "another session holds a lock", hint: locked },
  "57014": { why: () => "somebody cancelled the statement", hint: lost },
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

/** The error of a lost connection; `what`: what could not be done. */
export function lostConnection(what: string, code = "CONNECTION_CLOSED"): ScrubError {
  return new ScrubError(
    "connection",
    `Cannot ${what}: the connection is lost, and with it the session's pseudonym key`,
    lost,
    { cause: new ServerError(code) },
  );
}

/** The error of a statement that is not running any more, and has not answered. */
export function lostStatement(what: string, loss: Loss): ScrubError {
  return new ScrubError(
    "connection",
    `Cannot ${what}: ${losses[loss]}`,
    "Look at the instance's recent events and at the network between it and this machine, then run again.",
  );
}

/** The error of a statement that waited for a lock in vain; `tables`: what others hold. */
export function heldLock(what: string, tables: readonly string[], cause: unknown): ScrubError {
  const on = tables.length === 0 ? "" : ` on ${tables.map((table) => `"${table}"`).join(", ")}`;
  return new ScrubError("lock", `Cannot ${what}: another session holds a lock${on} (55P03)`, locked, { cause });
}

function codeFor(state: string): ErrorCode {
  if (state === "55P03") return "lock";
  return state === "53100" ? "storage" : "statement";
}

/** The error of a statement; `what` is what could not be done, without data. */
export function statementFault(what: string, error: unknown): ScrubError {
  const code = codeOf(error);
  if (ended.has(code)) return lostConnection(what, code);
  const known = byState.get(code);
  const cause = new ServerError(code);
  if (known) {
    return new ScrubError(codeFor(code), `Cannot ${what}: ${known.why(namesOf(error))} (${code})`, known.hint, {
      cause,
    });
  }
  return new ScrubError(
    "statement",
    `Cannot ${what}: the server refused it with SQLSTATE ${code}${placeOf(error)}`,
    "Look up the SQLSTATE in PostgreSQL's documentation (appendix A); the server's log has the statement's text.",
    { cause },
  );
}

/** The error of a connection that did not come about. */
export function connectionFault(host: string, port: number, database: string, error: unknown): ScrubError {
  const code = codeOf(error);
  const at = `"${host}:${port}"`;
  const [message, hint] = connectionText(code, textOf(error), at, host, database);
  return new ScrubError(refusedLogin.includes(code) ? "login" : "connection", message, hint, {
    cause: new ServerError(code),
  });
}

function connectionText(code: string, text: string, at: string, host: string, database: string): [string, string] {
  switch (code) {
    case "28P01":
      return [`Cannot log in at ${at}: the server refused the password`, "Set the master user's password anew."];
    case "28000":
      return /PAM/.test(text)
        ? [
          `Cannot log in at ${at}: the master user is bound to IAM authentication and takes no password`,
          "Revoke rds_iam from the master user on the source.",
        ]
        : [
          `Cannot log in at ${at}: the server refused the user or the way of connecting (28000)`,
          "Check that the user may log in by password over TLS.",
        ];
    case "3D000":
      return [`Cannot open database "${database}" at ${at}: it is not there`, "Check the database's name."];
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
        `Cannot trust the server at ${at}: it offers no TLS, so that it could be anybody`,
        "Turn TLS on for the instance (parameter ssl), and look for what stands between it and this machine.",
      ];
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

/** The SQLSTATE behind an error of a session; undefined where there is none. */
export function stateOf(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof ServerError ? error.cause.code : undefined;
}

/** Whether the server itself said it, and not because it is starting or stopping. */
export function isServersWord(error: unknown): boolean {
  const state = stateOf(error);
  return state !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(state) && !state.startsWith("57P");
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
    table: quoted(field(error, "table_name"), "a table"),
    column: quoted(field(error, "column_name"), "a column"),
    constraint: quoted(field(error, "constraint_name"), "a constraint"),
  };
}

function placeOf(error: unknown): string {
  const names = ["table", "column", "constraint"].flatMap((kind) => {
    const name = field(error, `${kind}_name`);
    return name === undefined ? [] : [`${kind} "${name}"`];
  });
  return names.length > 0 ? ` (${names.join(", ")})` : "";
}

function quoted(name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `"${name}"`;
}

function field(error: unknown, name: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}
