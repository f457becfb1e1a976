/** The database of `--url`, checked. @module */

import type { Environment, ParsedOptions } from "../parse/parsed_options.ts";
import { usageError } from "../parse/usage_error.ts";
import type { EngineName } from "../../core/engine_name.ts";
import type { LiveDatabase } from "../../core/live_database.ts";

const engines: Readonly<Record<string, readonly [engine: EngineName, port: number]>> = {
  "postgres:": ["postgresql", 5432],
  "postgresql:": ["postgresql", 5432],
  "mysql:": ["mysql", 3306],
  "mysql2:": ["mysql", 3306],
};

/** The environment variables from which each engine's own clients take a password. */
export const passwordVariables: Readonly<Record<EngineName, string>> = { postgresql: "PGPASSWORD", mysql: "MYSQL_PWD" };

/** libpq's sslmode and MySQL's ssl-mode. */
const modes: Readonly<Record<string, LiveDatabase["tls"]>> = {
  "disable": "off",
  "disabled": "off",
  "allow": "preferred",
  "prefer": "preferred",
  "preferred": "preferred",
  "require": "unverified",
  "required": "unverified",
  "verify-ca": "unverified",
  "verify_ca": "unverified",
  "verify-full": "verified",
  "verify_identity": "verified",
};

const shape = "postgresql://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE";

/**
 * The database of `--url`; undefined without it. The URL is a secret: no message repeats it.
 *
 * The password comes from the URL, else from PGPASSWORD or MYSQL_PWD; it is empty where neither has one. Everybody on this
 * machine can read arguments, so there the URL may hold a password only if the database is on this machine too: usually such a
 * database is a test's.
 */
export function readLiveDatabase(parsed: ParsedOptions, environment: Environment): LiveDatabase | undefined {
  const text = parsed.text("url");
  if (text === undefined) return undefined;
  const label = parsed.label("url");
  const url = URL.parse(text);
  const known = engines[url?.protocol ?? ""];
  if (!url || !known) throw usageError(`Cannot use ${label}: it is not the URL of a database`, `Write ${shape}.`);
  const [engine, port] = known;
  const passwordVariable = passwordVariables[engine];
  const host = decoded(url.hostname, label).replace(/^\[(.*)\]$/, "$1");
  const database = decoded(url.pathname.replace(/^\//, ""), label);
  const user = decoded(url.username, label);
  if (host === "" || url.searchParams.has("host")) {
    throw usageError(
      `Cannot use ${label}: it names no host`,
      `Write ${shape}; Unix sockets are not supported.`,
    );
  }
  if (database === "" || database.includes("/")) {
    throw usageError(`Cannot use ${label}: it names no database`, `Write ${shape}.`);
  }
  if (user === "") throw usageError(`Cannot use ${label}: it names no user`, `Write ${shape}.`);
  if (url.password !== "" && !isLoopback(host) && parsed.origin("url") === "command line") {
    throw usageError(
      `Cannot use ${label} with a password in it: everybody on this machine can read arguments`,
      `Put the URL into the environment variable DATASCRUBBER_URL, or the password into ${passwordVariable}.`,
    );
  }
  return {
    engine,
    host,
    port: url.port === "" ? port : Number(url.port),
    database,
    user,
    password: url.password === "" ? environment[passwordVariable] ?? "" : decoded(url.password, label),
    tls: readTls(parsed, url, host),
  };
}

/** To another machine TLS is verified, unless --insecure waives that. */
function readTls(parsed: ParsedOptions, url: URL, host: string): LiveDatabase["tls"] {
  const label = parsed.label("url");
  const mode = url.searchParams.get("sslmode") ?? url.searchParams.get("ssl-mode") ?? url.searchParams.get("ssl_mode");
  const asked = mode === null ? undefined : modes[mode.toLowerCase()];
  if (mode !== null && asked === undefined) {
    throw usageError(
      `Cannot use ${label}: its sslmode is unknown`,
      "Write verify-full, require or disable.",
    );
  }
  if (parsed.flag("insecure") || isLoopback(host)) return asked ?? "preferred";
  if (asked === "off") {
    throw usageError(
      `Cannot use ${label}: it disables TLS to another machine`,
      "Remove sslmode, or add --insecure if the network is private, such as one of containers.",
    );
  }
  if (/^[\d.]+$|:/.test(host)) {
    throw usageError(
      `Cannot use ${label}: it has an IP address, and the server's certificate is checked against a host name`,
      "Write the host's name, or add --insecure if the network is private, such as one of containers.",
    );
  }
  return "verified";
}

/** Whether the host is this machine, by its name or address. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function decoded(text: string, label: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw usageError(`Cannot use ${label}: it has a stray %`, "Write % as %25.");
  }
}
