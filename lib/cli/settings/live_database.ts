/** The database of `--url`, checked. @module */

import type { Files } from "../parse/files.ts";
import type { Environment, ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import type { EngineName } from "../../core/engine_name.ts";
import type { LiveDatabase } from "../../core/live_database.ts";
import { findPassword } from "./password_sources.ts";

const engines: Readonly<Record<string, readonly [engine: EngineName, port: number]>> = {
  "postgres:": ["postgresql", 5432],
  "postgresql:": ["postgresql", 5432],
  "mysql:": ["mysql", 3306],
  "mysql2:": ["mysql", 3306],
  "mariadb:": ["mysql", 3306],
};

/** The environment variables from which each engine's own clients take a password. */
const passwordVariables: Readonly<Record<EngineName, string>> = { postgresql: "PGPASSWORD", mysql: "MYSQL_PWD" };

/** libpq's sslmode and MySQL's ssl-mode. A certificate whose chain is checked is checked for its name too. */
const modes: Readonly<Record<string, LiveDatabase["tls"]>> = {
  "disable": "off",
  "disabled": "off",
  "allow": "preferred",
  "prefer": "preferred",
  "preferred": "preferred",
  "require": "unverified",
  "required": "unverified",
  "verify-ca": "verified",
  "verify_ca": "verified",
  "verify-full": "verified",
  "verify_identity": "verified",
};

const modeNames: Readonly<Record<EngineName, string>> = {
  postgresql: "sslmode=disable, allow, prefer, require, verify-ca or verify-full",
  mysql: "ssl-mode=DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY",
};

const shape = "postgresql://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE";

/** Parameters of clients that would change where or how to log in, and what to write instead. Others, of frameworks, say nothing. */
const refusedParameters: Readonly<Record<string, string>> = {
  host: `Write ${shape}; Unix sockets are not supported.`,
  hostaddr: `Write the host's name: ${shape}.`,
  socket: `Write ${shape}; Unix sockets are not supported.`,
  port: "Write the port behind the host: HOST:PORT.",
  user: `Write the user before the host: ${shape}.`,
  dbname: `Write the database behind the host: ${shape}.`,
  password: "Write it behind the user, or better into the environment.",
  service: "Name the service in PGSERVICE: its password is taken.",
  passfile: "Name the file in PGPASSFILE.",
  sslrootcert: "Name the file with --tls-ca.",
  "ssl-ca": "Name the file with --tls-ca.",
  sslcert: "Take a user who logs in by password.",
  "ssl-cert": "Take a user who logs in by password.",
};

/** What the URL comes to. */
export interface FoundDatabase {
  readonly target: LiveDatabase;
  /** Why a password file was not used. */
  readonly notes: readonly string[];
}

/**
 * The database of `--url`; undefined without it. The URL is a secret: no message repeats it.
 *
 * The password comes from the URL, else from where the engine's own clients take it; it is empty where there is none. Everybody
 * on this machine can read arguments, so there the URL may hold a password only if the database is on this machine too: usually
 * such a database is a test's.
 *
 * @throws {ScrubError} `usage` on a URL that is not wholly understood.
 */
export async function readLiveDatabase(
  parsed: ParsedOptions,
  environment: Environment,
  files: Files,
): Promise<FoundDatabase | undefined> {
  const text = parsed.text("url");
  if (text === undefined) return undefined;
  const label = parsed.label("url");
  const refuse = (why: string, hint = `Write ${shape}.`) => usageError(`Cannot use ${label}: ${why}`, hint);
  const url = URL.parse(text);
  const known = engines[url?.protocol ?? ""];
  if (!url || !known) throw refuse(...problemOf(text));
  const [engine, port] = known;
  const host = decoded(url.hostname, label).replace(/^\[(.*)\]$/, "$1");
  const database = decoded(url.pathname.replace(/^\//, ""), label);
  const user = decoded(url.username, label);
  const password = decoded(url.password, label);
  refuseParameters(url, refuse);
  if (url.hash !== "") throw refuse("it holds a #", "Percent-encode it: write # as %23.");
  if ([host, database, user, password].some((part) => part.includes("\0"))) {
    throw refuse("it holds a NUL (%00)", "Leave it out.");
  }
  if (host === "" || host.startsWith("/")) {
    throw refuse("it names no host", `Write ${shape}; Unix sockets are not supported.`);
  }
  if (host.includes(",")) throw refuse("it names several hosts", "Name one.");
  if (!/^[A-Za-z0-9._-]+$/.test(host) && !url.hostname.startsWith("[")) {
    throw refuse("its host is not a host's name", "Write a name of letters, digits, dots and hyphens, or an address.");
  }
  if (url.port === "0") throw refuse("its port is 0", "Write the port that the server listens on, or leave it out.");
  if (database === "" || database.includes("/")) throw refuse("it names no database");
  if (user === "") throw refuse("it names no user");
  if (password !== "" && !isLoopback(host) && parsed.origin("url") === "command line") {
    throw usageError(
      `Cannot use ${label} with a password in it: everybody on this machine can read arguments`,
      `Put the URL into the environment variable DATASCRUBBER_URL, or the password into ${passwordVariables[engine]}.`,
    );
  }
  const login = { host, port: url.port === "" ? port : Number(url.port), database, user };
  const tls = readTls(parsed, engine, url, host);
  const found = password === "" ? await findPassword(engine, login, environment, files) : { password, notes: [] };
  return { target: { engine, ...login, password: found.password, tls }, notes: found.notes };
}

type Refuse = (why: string, hint?: string) => Error;

/** What is wrong with a text that is no URL of a database: never more of it than its scheme. */
function problemOf(text: string): [why: string, hint: string] {
  const [, scheme, rest = ""] = /^(?:jdbc:)?([a-z][a-z0-9+.-]*):(.*)$/is.exec(text.trim()) ?? [];
  if (/^jdbc:/i.test(text)) return ["it begins with jdbc:", `Write ${shape}.`];
  if (scheme === undefined || !rest.startsWith("//")) {
    return ["it is not the URL of a database: it has no scheme", `Write ${shape}.`];
  }
  if (engines[`${scheme.toLowerCase()}:`] === undefined) {
    return [`it is not the URL of a database: its scheme is ${quoted(scheme)}`, `Write ${shape}.`];
  }
  if (/^\/\/[^@/?#]*@(?:[/?#:]|$)/.test(rest)) {
    return ["it names no host", `Write ${shape}; Unix sockets are not supported.`];
  }
  const [, port] = /^\/\/(?:[^@/?#]*@)?(?:\[[^\]]*\]|[^:/?#[\]]*):([^/?#@]*)(?:[/?#][^@]*)?$/.exec(rest) ?? [];
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    return ["its port is not a number up to 65535", `Write ${shape}, with :PORT behind HOST if needed.`];
  }
  return [
    "it is not a valid URL",
    "Percent-encode what a URL does not take in a user's name or password: / as %2F, # as %23, @ as %40, ? as %3F, a space as %20.",
  ];
}

function refuseParameters(url: URL, refuse: Refuse): void {
  for (const name of url.searchParams.keys()) {
    const hint = refusedParameters[name.toLowerCase().replaceAll("_", "-")];
    if (hint === undefined) continue;
    if (/^(host|socket)$/i.test(name)) throw refuse("it names no host", hint);
    throw refuse(`its parameter ${name.toLowerCase()} is not supported`, hint);
  }
}

/** To another machine TLS is verified, unless --insecure waives that. */
function readTls(parsed: ParsedOptions, engine: EngineName, url: URL, host: string): LiveDatabase["tls"] {
  const label = parsed.label("url");
  const given = ["sslmode", "ssl-mode", "ssl_mode"].flatMap((name) => url.searchParams.getAll(name));
  const [mode] = given;
  const asked = mode === undefined ? undefined : modes[mode.toLowerCase()];
  if (given.length > 1 || mode !== undefined && asked === undefined) {
    throw usageError(
      `Cannot use ${label}: its sslmode is ${given.length > 1 ? "given twice" : "unknown"}`,
      `Write one of ${modeNames[engine]}, or none: to another machine TLS is always verified.`,
    );
  }
  const tls = readMode(parsed, label, asked, host);
  if (tls === "verified" && isAddress(host)) {
    throw usageError(
      `Cannot use ${label}: it has an IP address, and the server's certificate is checked against a host name`,
      isLoopback(host)
        ? "Write localhost, or another sslmode."
        : "Write the host's name, or add --insecure if the network is private, such as one of containers.",
    );
  }
  return tls;
}

function readMode(
  parsed: ParsedOptions,
  label: string,
  asked: LiveDatabase["tls"] | undefined,
  host: string,
): LiveDatabase["tls"] {
  if (isLoopback(host)) return asked ?? "preferred";
  if (parsed.flag("insecure")) {
    if (asked !== "verified") return asked ?? "preferred";
    throw usageError(
      `Cannot use ${label} with --insecure: its sslmode asks for a verified server`,
      "Leave --insecure out, or the sslmode.",
    );
  }
  if (asked === "off") {
    throw usageError(
      `Cannot use ${label}: it disables TLS to another machine`,
      "Remove sslmode, or add --insecure if the network is private, such as one of containers.",
    );
  }
  return "verified";
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host);
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
