/** How the servers' own programs log in: verified, and with the password on no command line. @module */

import type { Target } from "../engine/engine.ts";

/**
 * Libpq's environment, but for the database. It cannot read the password from stdin.
 * https://www.postgresql.org/docs/current/libpq-envars.html
 */
export function postgresqlLogin(target: Target, caFile: string): Readonly<Record<string, string>> {
  return {
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGPASSWORD: target.password,
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: caFile,
    PGOPTIONS: "",
    PGCONNECT_TIMEOUT: "30",
  };
}

/** An option file for MySQL's programs, to be read from stdin instead of the user's own. */
export function mysqlLogin(target: Target, caFile: string): string {
  const options = {
    host: target.host,
    // By default localhost means a socket.
    protocol: "TCP",
    port: String(target.port),
    user: target.user,
    password: target.password,
    "ssl-mode": "VERIFY_IDENTITY",
    "ssl-ca": caFile,
  };
  return `[client]\n${Object.entries(options).map(([name, value]) => `${name}=${quoted(value)}\n`).join("")}`;
}

/** Quotes a value for an option file. https://dev.mysql.com/doc/refman/8.4/en/option-files.html */
export function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
