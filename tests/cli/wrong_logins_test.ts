/** Logins by URL that fail at the server: what is said of each, on both engines. The rest of what can be wrong is in wrong_inputs.ts. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { withPassword } from "../../lib/cli/commands/password.ts";
import { systemFiles } from "../../lib/cli/parse/files.ts";
import { failureStatus } from "../../lib/core/exit_status.ts";
import { failureOf } from "../../lib/fleet/failure.ts";
import { runWorkerRequest } from "../../lib/pipeline/worker_requests.ts";
import { scrubbers } from "../../scrubbers/mod.ts";
import * as servers from "../servers.ts";

const postgresql = await servers.postgresql();
const mysql = await servers.mysql();
const http = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => new Response("hello"));
Deno.test.afterAll(async () => {
  await http.shutdown();
  await postgresql.stop("now");
  await mysql.stop("now");
});

await postgresql.run("CREATE ROLE me LOGIN PASSWORD 'hunter2'; CREATE ROLE other LOGIN PASSWORD 'hunter2'");
for (const name of ["shop", "closed", "whitehall_test"]) await postgresql.run(`CREATE DATABASE ${name}`);
await postgresql.run("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
await mysql.run(
  "CREATE USER me IDENTIFIED BY 'hunter2'; CREATE DATABASE shop; CREATE DATABASE closed; GRANT ALL ON shop.* TO me",
);

const pg = `localhost:${postgresql.port}`;
const my = `127.0.0.1:${mysql.port}`;
const ownDatabase = 'For an application of your own write one: README, "Add a database".';

interface WrongLogin {
  readonly what: string;
  readonly url: string;
  readonly args?: readonly string[];
  readonly status?: number;
  readonly code: string;
  readonly says: string;
  readonly advises: string;
}

const logins: readonly WrongLogin[] = [
  {
    what: "a wrong password",
    url: `postgresql://me:wrong@${pg}/shop`,
    code: "login",
    says: "the server refused the password",
    advises: "Check the user and the password: those of the URL, or the password in PGPASSWORD",
  },
  {
    what: "no password for a server that wants one",
    url: `postgresql://me@${pg}/shop`,
    code: "login",
    says: "the server refused the password",
    advises: "No password was found: put it into PGPASSWORD, ~/.pgpass",
  },
  {
    what: "a user who is not there",
    url: `postgresql://nobody:hunter2@${pg}/shop`,
    code: "login",
    says: "the server refused the password",
    advises: "Check the user and the password",
  },
  {
    what: "a server that takes no user without TLS",
    url: `postgresql://me:hunter2@${pg}/shop?sslmode=disable`,
    code: "login",
    says: "the server refused the user or the way of connecting (28000)",
    advises: "Check the user, and that pg_hba.conf lets it in from here",
  },
  {
    what: "a database that is not there",
    url: `postgresql://me:hunter2@${pg}/nowhere`,
    code: "connection",
    says: 'Cannot open database "nowhere"',
    advises: "Check the database's name in the URL",
  },
  {
    what: "a database that the user may not connect to",
    url: `postgresql://me:hunter2@${pg}/closed`,
    code: "connection",
    says: "the user may not connect to it (42501)",
    advises: "Take a user who may connect",
  },
  {
    what: "a certificate of an unknown CA",
    url: `postgresql://me:hunter2@${pg}/shop?sslmode=verify-full`,
    code: "connection",
    says: "no known CA vouches for its certificate",
    advises: "--tls-ca",
  },
  {
    what: "the same for verify-ca, which is no less than verify-full",
    url: `postgresql://me:hunter2@${pg}/shop?sslmode=verify-ca`,
    code: "connection",
    says: "no known CA vouches for its certificate",
    advises: "or add --insecure if the network is private",
  },
  ...["prefer", "disable", "require", "verify-full"].map((mode) => ({
    what: `MySQL's port, sslmode ${mode}`,
    url: `postgresql://me:hunter2@localhost:${mysql.port}/shop?sslmode=${mode}`,
    code: "connection",
    says: "a MySQL server listens there",
    advises: "Check the port: PostgreSQL's is usually 5432",
  })),
  {
    what: "a port of something else",
    url: `postgresql://me:hunter2@127.0.0.1:${http.addr.port}/shop`,
    code: "connection",
    says: "what listens there is no PostgreSQL server",
    advises: "Check the host and the port",
  },
  {
    what: "a port where nothing listens",
    url: "postgresql://me:hunter2@127.0.0.1:1/shop",
    code: "connection",
    says: "the connection was refused",
    advises: "Check the host and the port in the URL",
  },
  {
    what: "a host that is not there",
    url: "postgresql://me:hunter2@nowhere.invalid/shop",
    code: "connection",
    says: "the host name does not resolve",
    advises: "Check the host's name in the URL",
  },
  {
    what: "an application without a scrubber",
    url: `postgresql://me:hunter2@${pg}/shop`,
    status: 2,
    code: "usage",
    says: 'no scrubber for postgresql is called "shop"; the login succeeded',
    advises: ownDatabase,
  },
  {
    what: "a scrubber that is not there",
    url: `postgresql://me:hunter2@${pg}/shop`,
    args: ["--scrubber", "shopping"],
    status: 2,
    code: "usage",
    says: 'no scrubber for postgresql is called "shopping"',
    advises: "Name one with --scrubber: email-alert-api, publishing-api.",
  },
  {
    what: "a scrubber of the other engine",
    url: `postgresql://me:hunter2@${pg}/whitehall_test`,
    status: 2,
    code: "usage",
    says: '"whitehall" is a scrubber for mysql, and this is a postgresql database; the login succeeded',
    advises: "Name one with --scrubber",
  },
  {
    what: "a wrong password",
    url: `mysql://me:wrong@${my}/shop`,
    code: "login",
    says: "the user name or password is refused",
    advises: "Check the user and the password: those of the URL, or the password in MYSQL_PWD",
  },
  {
    what: "no password for a server that wants one",
    url: `mysql://me@${my}/shop`,
    code: "login",
    says: "the user name or password is refused",
    advises: "No password was found: put it into MYSQL_PWD or the client group of ~/.my.cnf",
  },
  {
    what: "a database that the user may not use",
    url: `mysql://me:hunter2@${my}/closed`,
    code: "statement",
    says: "the user may not use this database",
    advises: "Take a user who may connect",
  },
  {
    what: "a certificate of an unknown CA",
    url: `mysql://me:hunter2@localhost:${mysql.port}/shop?ssl-mode=VERIFY_IDENTITY`,
    code: "connection",
    says: "the server's certificate is not trusted",
    advises: "--tls-ca",
  },
  {
    what: "PostgreSQL's port",
    url: `mysql://me:hunter2@127.0.0.1:${postgresql.port}/shop`,
    code: "connection",
    says: "a PostgreSQL server listens there",
    advises: "Check the port: MySQL's is usually 3306",
  },
  {
    what: "a port where nothing listens",
    url: "mysql://me:hunter2@127.0.0.1:1/shop",
    code: "connection",
    says: "the server cannot be reached (ECONNREFUSED)",
    advises: "Check the host and the port in the URL",
  },
  {
    what: "a host that is not there",
    url: "mysql://me:hunter2@nowhere.invalid/shop",
    code: "connection",
    says: "the host name is not known",
    advises: "Check the host's name in the URL",
  },
  {
    what: "an application without a scrubber",
    url: `mysql://me:hunter2@${my}/shop`,
    status: 2,
    code: "usage",
    says: 'no scrubber for mysql is called "shop"; the login succeeded',
    advises: ownDatabase,
  },
];

for (const login of logins) {
  Deno.test({
    name: `${login.url.split(":")[0]}: ${login.what} is told`,
    // mysql2 cannot give an attempt up: its time-out of half a minute outlasts the test, as it does not the worker.
    sanitizeOps: login.says !== "a PostgreSQL server listens there",
    sanitizeResources: login.says !== "a PostgreSQL server listens there",
    fn: () => check(login),
  });
}

Deno.test("postgresql: a server without TLS is told where TLS is asked for", async () => {
  await using plain = await servers.postgresql({ settings: { ssl: "off" } });
  for (const mode of ["require", "verify-full"]) {
    await check({
      what: mode,
      url: `postgresql://me:hunter2@localhost:${plain.port}/shop?sslmode=${mode}`,
      code: "connection",
      says: "it offers no TLS",
      advises: "Turn TLS on there, or ask for none: sslmode=disable",
    });
  }
});

Deno.test("mysql: a server without TLS is told where TLS is asked for", async () => {
  await mysql.run("SET GLOBAL ssl_cert = '/nowhere'; ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR");
  await check({
    what: "required",
    url: `mysql://me:hunter2@localhost:${mysql.port}/shop?ssl-mode=VERIFY_IDENTITY`,
    code: "connection",
    says: "the server offers no TLS",
    advises: "Turn TLS on there, or ask for none: sslmode=disable",
  });
});

const log = { debug() {}, info() {}, warn() {}, progress() {} };

async function check({ url, args = [], status = 1, code, says, advises }: WrongLogin): Promise<void> {
  for (const name of ["review", "plan"]) {
    const error = await (async () => {
      const command = await parseCommandLine([name, ...args], { DATASCRUBBER_URL: url }, systemFiles);
      if (command.command !== "review" && command.command !== "plan") throw new TypeError("neither");
      const request = await withPassword(command.request);
      const { signal } = new AbortController();
      await runWorkerRequest({ type: command.command, request, showValues: false }, scrubbers, log, signal);
    })().then(() => assert(false, "taken"), (error) => error);
    const failure = failureOf(error);
    assertEquals([failureStatus(failure), failure.code], [status, code], failure.message);
    assertStringIncludes(failure.message, says);
    assertStringIncludes(failure.hint, advises);
    assertMatch(failure.message, /^Cannot [^\n]+[^.\n]$/);
    assert(!/hunter2|master user|security groups/.test(failure.message + failure.hint), failure.hint);
  }
}
