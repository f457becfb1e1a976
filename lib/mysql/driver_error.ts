/** Errors of the server and the driver as errors for people, without the values that the server quotes. @module */

import { ScrubError } from "../report/error.ts";

/** What is known of a driver's error. Its message is read only by patterns that let names through, never values. */
export interface ServerError {
  /** The server's or the driver's code, such as `ER_DUP_ENTRY` or `ECONNREFUSED`. */
  readonly code: string;
  readonly message: string;
}

interface Explanation {
  readonly why: string;
  readonly hint: string;
}

const lost: Explanation = {
  why: "the connection was lost, and the pseudonym key with it",
  hint: "Look at the instance's recent events, then run again.",
};
const unreachable: Explanation = {
  why: "the server cannot be reached",
  hint: "Let the workspace's security groups and subnets accept connections from here.",
};
const full: Explanation = { why: "the disk is full", hint: "Give the source instance more storage, then run again." };
const readOnly: Explanation = { why: "the server is read-only", hint: "Use a source that is no read replica." };
const untrusted: Explanation = {
  why: "the server's certificate is not one for this host name that we trust",
  hint: "Name the CA bundle of this server with --tls-ca.",
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
  },
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: {
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
  HANDSHAKE_NO_SSL_SUPPORT: { why: "the server offers no TLS", hint: "Turn TLS on for the instance." },
  PROTOCOL_CONNECTION_LOST: lost,
  ECONNRESET: lost,
  EPIPE: lost,
  ER_CLIENT_INTERACTION_TIMEOUT: lost,
  ER_SERVER_SHUTDOWN: lost,
  ER_QUERY_INTERRUPTED: { why: "somebody stopped the statement", hint: "Run again." },
  ER_LOCK_WAIT_TIMEOUT: {
    why: "another session held a lock for too long",
    hint: "Find out who else is connected to the workspace, then run again.",
  },
  ER_LOCK_DEADLOCK: {
    why: "it met another session in a deadlock",
    hint: "Find out who else is connected to the workspace, then run again.",
  },
  ER_RECORD_FILE_FULL: full,
  ER_DISK_FULL: full,
  ER_DISK_FULL_NOWAIT: full,
  ER_OPTION_PREVENTS_STATEMENT: readOnly,
  ER_READ_ONLY_MODE: readOnly,
  ER_DUP_ENTRY: {
    why: "two rows would have the same value in a unique key",
    hint: "Use a strategy that keeps different values different.",
  },
  ER_DATA_TOO_LONG: { why: "a new value is too long", hint: "Use a strategy that fits the column." },
  ER_BAD_NULL_ERROR: { why: "a new value is NULL and must not be", hint: "Use a strategy that gives a value." },
  ER_CHECK_CONSTRAINT_VIOLATED: {
    why: "a CHECK constraint refuses a new value",
    hint: "Use a strategy whose values the constraint allows.",
  },
  ER_DATA_OUT_OF_RANGE: {
    why: "a number is out of range, which is also how a session without its pseudonym key fails",
    hint: "Run again; if it happens again, look at the table's rules.",
  },
};

/** Parts of messages that are names. Each pattern is anchored where only the server writes. */
const names: readonly RegExp[] = [
  /^Duplicate entry [^]* for key '([\w$.-]+)'$/,
  /^Data too long for column '([\w$]+)' at row \d+$/,
  /^Column '([\w$]+)' cannot be null$/,
  /^Check constraint '([\w$]+)' is violated\.$/,
  /^Table '([\w$.-]+)' doesn't exist$/,
  /^Unknown column '([\w$.]+)' in '[\w ]+'$/,
];

/** The error for people. `doing`: what was tried, without values, as in `update emails`. */
export function explained(doing: string, error: ServerError): ScrubError {
  const { why, hint } = explanations[error.code] ?? {
    why: "the server refused it",
    hint: "Look the code up in MySQL's error reference.",
  };
  const name = names.map((pattern) => pattern.exec(error.message)?.[1]).find((found) => found !== undefined);
  return new ScrubError("failed", `Cannot ${doing}: ${why} (${error.code}${name ? ` "${name}"` : ""})`, hint);
}

/** What a thrown value tells. */
export function serverError(thrown: unknown): ServerError {
  if (!(thrown instanceof Error)) return { code: "UNKNOWN", message: "" };
  const code = "code" in thrown && typeof thrown.code === "string" && thrown.code !== "" ? thrown.code : undefined;
  const closed = /closed state|Connection lost/.test(thrown.message) ? "PROTOCOL_CONNECTION_LOST" : undefined;
  return { code: closed ?? code ?? thrown.name, message: thrown.message };
}
