/** Errors of MySQL and its driver as errors for people: codes and names, never a word that could hold a value. @module */

import { DatabaseError, lockTimeout, networkObstacles, serverCodeOf } from "../../engine/database_error.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { LoginObstacle } from "../../core/login_obstacle.ts";

/** What the driver says to a server that asks for the password as clear text, as RDS does for IAM's tokens. */
const clearTextWanted = "MYSQL_CLEAR_PASSWORD_NOT_ENABLED";

/** The code for a server that speaks PostgreSQL's protocol. */
export const postgresqlThere = "POSTGRESQL_SERVER";

/** What the driver says where it lacks the plugin by which an account logs in. */
const unknownPlugin = "AUTH_SWITCH_PLUGIN_ERROR";

/** Errors of MariaDB's own, of which the driver knows no name, or the name that MySQL has given to the same number. */
const mariadbErrors: readonly (readonly [number: number, message: RegExp, name: string])[] = [
  [1927, /./, "ER_CONNECTION_KILLED"],
  [1969, /max_statement_time/, "ER_STATEMENT_TIMEOUT"],
  [4025, /^CONSTRAINT /, "ER_CONSTRAINT_FAILED"],
  ...[4035, 4036, 4037, 4038, 4039, 4040].map((number) => [number, /\bJSON\b/, "ER_JSON_SYNTAX"] as const),
];

/** Why a login failed, by code. */
const loginObstacles: Readonly<Record<string, LoginObstacle>> = {
  ...networkObstacles,
  ER_ACCESS_DENIED_ERROR: "refused",
  [clearTextWanted]: "iam",
  ER_CON_COUNT_ERROR: "starting",
  PROTOCOL_CONNECTION_LOST: "starting",
};

/** Why a login failed; undefined where waiting cannot help. */
export function loginObstacle(error: unknown): LoginObstacle | undefined {
  return loginObstacles[serverCodeOf(error) ?? ""];
}

const accessDenied = "ER_ACCESS_DENIED_ERROR";
const lockWaitTimeout = "ER_LOCK_WAIT_TIMEOUT";

interface Explanation {
  readonly why: string;
  readonly hint: string;
  /** The hint for a database by URL, where it is another one. */
  readonly inPlace?: string;
}

const lost: Explanation = {
  why: "the connection was lost, and the pseudonym key with it",
  hint: "Look at the instance's recent events, then run again.",
  inPlace: "Look at the server's error log, then run again.",
};
const unreachable: Explanation = {
  why: "the server cannot be reached",
  hint: "Let the workspace's security groups and subnets accept connections from here.",
  inPlace: "Check that the server runs, and that firewalls let this machine in.",
};
const full: Explanation = {
  why: "no room is left for it: the server's storage is full, or a table has reached its size limit",
  hint: "Give the workspace more storage, by --allocated-storage, then run again.",
  inPlace: "Make room on the server's disk, then run again.",
};
const readOnly: Explanation = {
  why: "the server takes no changes now: it is read-only",
  hint: "Look at the instance's storage, state and parameters (read_only, innodb_read_only): RDS makes a full or " +
    "replicating instance read-only.",
  inPlace: "Check that the server is no replica, and that read_only, super_read_only and innodb_read_only are off.",
};
const untrusted: Explanation = {
  why: "the server's certificate is not trusted, or is for another host name",
  hint: "Name the CA bundle of this server with --tls-ca.",
};

const forbidden: Explanation = {
  why: "a CHECK constraint refuses a new value",
  hint: "Use a strategy whose values the constraint allows.",
};

/** MySQL takes none into a column. */
const noDocument: Explanation = {
  why: "a document of JSON is none, or deeper than the server reads",
  hint: "Correct in production what SELECT … WHERE NOT JSON_VALID(column) finds, then take the snapshot again.",
  inPlace: "Correct what SELECT … WHERE NOT JSON_VALID(column) finds, then run again.",
};

const longForPatterns: Explanation = {
  why: "a text is too long, or too uniform, for the server's regular expressions",
  hint:
    "Raise regexp_time_limit and regexp_stack_limit tenfold in the instance's parameter group, then run again. If that is not " +
    "enough, shorten the longest texts of that database that have no blanks, in production.",
  inPlace:
    "SET GLOBAL regexp_time_limit = 320, regexp_stack_limit = 80000000, then run again. If that is not enough, shorten the " +
    "longest texts of that database that have no blanks.",
};

/** MariaDB's limit cannot be set. */
const longForPcre: Explanation = {
  why: longForPatterns.why,
  hint: "Shorten the longest texts of that database that have no blanks, in production.",
  inPlace: "Shorten the longest texts of that database that have no blanks.",
};

/** See the MySQL Error Message Reference, and "Errors" of Node.js for those of sockets. */
const explanations: Readonly<Record<string, Explanation>> = {
  ER_ACCESS_DENIED_ERROR: {
    why: "the user name or password is refused",
    hint: "Wait until the new password holds, or see whether the user is bound to IAM authentication.",
  },
  ER_DBACCESS_DENIED_ERROR: {
    why: "the user may not use this database",
    hint: "Use the instance's master user.",
    inPlace: "Take a user who may use this database.",
  },
  [clearTextWanted]: {
    why: "the user is bound to IAM authentication and has no password",
    hint: "Take the role or plugin for IAM authentication off the master user in production.",
  },
  ER_BAD_DB_ERROR: { why: "there is no such database", hint: "Look at the instance's databases." },
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  ENOTFOUND: { why: "the host name is not known", hint: "Wait for the endpoint, or look at this host's resolver." },
  EAI_AGAIN: { why: "the host name cannot be resolved now", hint: "Look at this host's resolver." },
  HANDSHAKE_SSL_ERROR: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  [postgresqlThere]: {
    why: "a PostgreSQL server listens there",
    hint: "Check the port: MySQL's is usually 3306.",
  },
  [unknownPlugin]: {
    why: "the user logs in by a plugin that this program does not have, such as MariaDB's ed25519",
    hint: "Give the master user a password of the plugin mysql_native_password or caching_sha2_password in production.",
    inPlace: "Take a user whose plugin is mysql_native_password or caching_sha2_password.",
  },
  unread: {
    why: "the server left out a part of what it read, or more warnings than it keeps",
    hint: "Raise max_allowed_packet in the instance's parameter group to 1 GiB, then run again.",
    inPlace: "SET GLOBAL max_allowed_packet = 1073741824, then run again.",
  },
  HANDSHAKE_NO_SSL_SUPPORT: { why: "the server offers no TLS", hint: "Turn TLS on for the instance." },
  PROTOCOL_CONNECTION_LOST: lost,
  ECONNRESET: lost,
  EPIPE: lost,
  ER_CLIENT_INTERACTION_TIMEOUT: lost,
  ER_CONNECTION_KILLED: lost,
  ER_SERVER_SHUTDOWN: lost,
  ER_QUERY_INTERRUPTED: { why: "the statement was stopped", hint: "Run again." },
  ER_LOCK_DEADLOCK: {
    why: "it met another session in a deadlock",
    hint: "Find out who else is connected to the server, then run again.",
  },
  ER_RECORD_FILE_FULL: full,
  ER_DISK_FULL: full,
  ER_DISK_FULL_NOWAIT: full,
  ER_TEMP_FILE_WRITE_FAILURE: full,
  EE_DISK_FULL: full,
  EE_DISK_FULL_WITH_RETRY_MSG: full,
  ER_READ_ONLY_MODE: readOnly,
  ER_INNODB_READ_ONLY: readOnly,
  ER_READ_ONLY_TRANSACTION: readOnly,
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: readOnly,
  ER_SCHEMA_READ_ONLY: {
    why: "the database is set READ ONLY",
    hint: "ALTER DATABASE … READ ONLY = 0 in production, then take the snapshot again.",
    inPlace: "ALTER DATABASE … READ ONLY = 0, then run again.",
  },
  ER_ENGINE_OUT_OF_MEMORY: {
    why: "the server's memory is full",
    hint: "Give the workspace a larger instance class, then run again.",
    inPlace: "Give the server more memory, or lower --concurrency, then run again.",
  },
  ER_REGEXP_TIME_OUT: longForPatterns,
  ER_REGEXP_STACK_OVERFLOW: longForPatterns,
  ER_DUP_ENTRY: {
    why: "two rows would have the same value in a unique key",
    hint: "Use a strategy that keeps different values different.",
  },
  ER_DATA_TOO_LONG: { why: "a new value is too long", hint: "Use a strategy that fits the column." },
  ER_BAD_NULL_ERROR: { why: "a new value is NULL and must not be", hint: "Use a strategy that gives a value." },
  ER_CHECK_CONSTRAINT_VIOLATED: forbidden,
  ER_CONSTRAINT_FAILED: forbidden,
  ER_JSON_SYNTAX: noDocument,
  ER_DATA_OUT_OF_RANGE: {
    why: "a number is out of range, which is also how a session without its pseudonym key fails",
    hint: "Run again; if it happens again, look at the table's rules.",
  },
};

/**
 * Explanations that depend on the server's message: many codes mean a file that could not be written, or an option that forbids a
 * statement, or a pattern that is wrong.
 */
const byMessage: readonly (readonly [code: RegExp, message: RegExp, Explanation])[] = [
  [/^(EE_|ER_|HA_)/, /\b(?:errno|error):? 28\b/, full],
  [/^ER_OPTION_PREVENTS_STATEMENT$/, /--(?:super-|innodb-)?read-only\b/, readOnly],
  [/^ER_REGEXP_ERROR$/, /\blimit exceeded\b/, longForPcre],
];

function explanationOf(code: string, message: string): Explanation | undefined {
  return explanations[code] ??
    byMessage.find(([codes, messages]) => codes.test(code) && messages.test(message))?.[2];
}

/** Parts of messages that are names. Each pattern is anchored at text that only the server writes. */
const names: readonly RegExp[] = [
  /^Duplicate entry [^]* for key '([\w$.-]+)'$/,
  /^Data too long for column '([\w$]+)' at row \d+$/,
  /^Column '([\w$]+)' cannot be null$/,
  /^Check constraint '([\w$]+)' is violated\.$/,
  /^CONSTRAINT `([\w$.]+)` failed for `[^`]*`\.`[^`]*`$/,
  /^Table '([\w$.-]+)' doesn't exist$/,
  /^Unknown column '([\w$.]+)' in '[\w ]+'$/,
];

function codeFor(serverCode: string): ErrorCode {
  if ([accessDenied, clearTextWanted, unknownPlugin].includes(serverCode)) return "login";
  const explanation = explanations[serverCode];
  if (explanation === full) return "storage";
  return explanation === lost || explanation === untrusted || !/^(ER_|EE_|HA_|refused$|unread$)/.test(serverCode)
    ? "connection"
    : "statement";
}

/** The error of a lost connection. `doing`: what was tried, without data, as in `update emails`. */
export function lostConnection(doing: string): DatabaseError {
  return databaseError(doing, "PROTOCOL_CONNECTION_LOST");
}

/** The error of a statement that waited for a lock in vain; `tables`: those that other sessions hold. */
export function heldLock(doing: string, tables: readonly string[] = []): DatabaseError {
  return lockTimeout(doing, lockWaitTimeout, tables);
}

/** The error of a statement whose answer is a row that says it failed, as of ANALYZE TABLE. */
export function refusedStatement(doing: string): DatabaseError {
  return databaseError(doing, "refused");
}

/** The error of a result that lacks what the server could not read, by the `message` of its warning. */
export function unreadResult(doing: string, message: string): DatabaseError {
  return databaseError(doing, message.startsWith("Regex error") ? "ER_REGEXP_ERROR" : "unread", message);
}

/** The error of a statement. `doing`: what was tried, without data. */
export function statementError(doing: string, error: unknown): DatabaseError {
  const code = codeOf(error);
  return code === lockWaitTimeout ? heldLock(doing) : databaseError(doing, code, messageOf(error));
}

/** The error of a connection that could not be made. */
export function connectionError(
  doing: string,
  { host, port }: { readonly host: string; readonly port: number },
  error: unknown,
): DatabaseError {
  return databaseError(`${doing} at "${host}:${port}"`, codeOf(error), messageOf(error));
}

/** `message`: the server's; it is read only by patterns that let names through, never values. */
function databaseError(doing: string, code: string, message = ""): DatabaseError {
  const { why, hint, inPlace }: Explanation = explanationOf(code, message) ?? {
    why: "the server refused it",
    hint: "Look the code up in the error reference of MySQL or MariaDB.",
  };
  const name = names.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined);
  const text = `Cannot ${doing}: ${why} (${code}${name ? ` "${name}"` : ""})`;
  return new DatabaseError(codeFor(code), code, text, hint, { inPlace });
}

/** Whether a statement waited for a lock in vain. */
export function isLockTimeout(error: unknown): boolean {
  return serverCodeOf(error) === lockWaitTimeout;
}

/** Whether the user lacks a privilege. */
export function isDenied(error: unknown): boolean {
  return /^ER_\w*ACCESS_DENIED/.test(serverCodeOf(error) ?? "");
}

/** Whether the server offers no TLS. */
export function hasNoTls(error: unknown): boolean {
  return serverCodeOf(error) === "HANDSHAKE_NO_SSL_SUPPORT";
}

/** Whether the error is an answer of a server that runs, and not that it is stopping. */
export function isServerReply(error: unknown): boolean {
  return /^ER_(?!SERVER_SHUTDOWN)/.test(serverCodeOf(error) ?? "");
}

/** The server's or the driver's code, such as `ER_DUP_ENTRY` or `ECONNREFUSED`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "UNKNOWN";
  if (/closed state|Connection lost/.test(error.message)) return "PROTOCOL_CONNECTION_LOST";
  const errno = "errno" in error ? Number(error.errno) : undefined;
  const mariadbs = mariadbErrors.find(([number, message]) => number === errno && message.test(error.message));
  if (mariadbs) return mariadbs[2];
  // As of an error that came with a newer server.
  if (errno !== undefined && errno > 0 && !("code" in error && error.code)) return `ER_${errno}`;
  return "code" in error && typeof error.code === "string" && error.code !== "" ? error.code : error.name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
