/** What a URL of a database comes to, and what is refused. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { systemFiles } from "../../../lib/cli/parse/files.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { LiveRequest } from "../../../lib/core/live_database.ts";

type Case = readonly [what: string, url: string, wanted: Partial<LiveRequest["target"]>, ...more: readonly string[]];

async function parse(environment: Record<string, string>, ...args: readonly string[]): Promise<LiveRequest> {
  const command = await parseCommandLine(["review", ...args], environment, systemFiles);
  if (command.command !== "review") throw new TypeError("not a review");
  return command.request;
}

const cases: readonly Case[] = [
  ["a PostgreSQL URL", "postgresql://me@localhost/shop", { engine: "postgresql", port: 5432, database: "shop" }],
  ["the short scheme", "postgres://me@localhost:6000/shop", { engine: "postgresql", port: 6000 }],
  ["a MySQL URL", "mysql://me@localhost/shop", { engine: "mysql", port: 3306 }],
  ["Rails' scheme", "mysql2://me@localhost/shop?encoding=utf8mb4&pool=5", { engine: "mysql" }],
  ["MariaDB's scheme", "mariadb://me@localhost/shop", { engine: "mysql", port: 3306 }],
  ["an encoded password", "mysql://me:a%40b@localhost/shop", { user: "me", password: "a@b" }],
  ["this machine without a word on TLS", "mysql://me@127.0.0.1/shop", { tls: "preferred" }],
  ["this machine by IPv6", "mysql://me@[::1]/shop", { host: "::1", tls: "preferred" }],
  ["this machine with TLS asked for", "mysql://me@localhost/shop?ssl-mode=REQUIRED", { tls: "unverified" }],
  ["this machine without TLS", "postgresql://me@localhost/shop?sslmode=disable", { tls: "off" }],
  ["another machine", "postgresql://me@db.example.com/shop", { tls: "verified" }],
  ["another machine, TLS asked for", "postgresql://me@db.example.com/shop?sslmode=require", { tls: "verified" }],
  ["another machine, insecure", "postgresql://me@db/shop", { tls: "preferred" }, "--insecure"],
  ["another machine, insecure and plain", "postgresql://me@db/shop?sslmode=disable", { tls: "off" }, "--insecure"],
  ["an address, insecure", "postgresql://me@192.0.2.1/shop", { host: "192.0.2.1" }, "--insecure"],
];

for (const [what, url, wanted, ...more] of cases) {
  Deno.test(`${what} is understood`, async () => {
    const { target } = await parse({ DATASCRUBBER_URL: url }, ...more);
    assertEquals({ ...target, ...wanted }, target);
  });
}

for (
  const [what, args, environment, why] of [
    ["no URL", [], {}, "no database is named"],
    ["a URL of something else", ["--url", "https://example.com/"], {}, "it is not the URL of a database"],
    ["no database", ["--url", "mysql://me@localhost"], {}, "it names no database"],
    ["no user", ["--url", "mysql://localhost/shop"], {}, "it names no user"],
    ["a socket", ["--url", "postgresql://me@localhost/shop?host=/run"], {}, "it names no host"],
    ["plain text to another machine", ["--url", "mysql://me@db/shop?ssl-mode=disabled"], {}, "disables TLS"],
    ["an address of another machine", ["--url", "mysql://me@192.0.2.1/shop"], {}, "it has an IP address"],
    ["an unknown sslmode", ["--url", "mysql://me@localhost/shop?sslmode=maybe"], {}, "its sslmode"],
    ["a password in an argument", ["--url", "mysql://me:hunter2@db/shop"], {}, "everybody on this machine"],
    ["--write without a file", ["--url", "mysql://me@localhost/shop", "--write"], {}, "names no file"],
    ["--show-values alone", ["--url", "mysql://me@localhost/shop", "--show-values"], {}, "only review --write"],
  ] as const
) {
  Deno.test(`${what} is refused, and the URL is repeated nowhere`, async () => {
    const error = await assertRejects(() => parse(environment, ...args), ScrubError);
    assertEquals(error.kind, "usage");
    assertStringIncludes(error.message, why);
    assertEquals(/hunter2|me@/.test(error.message + error.hint.replace("postgresql://USER@HOST", "")), false);
  });
}

Deno.test("a password of this machine's database may stand in an argument", async () => {
  const { target } = await parse({}, "--url", "postgresql://ci:ci@localhost/test");
  assertEquals(target.password, "ci");
});

Deno.test("a password that the URL lacks comes from the client's own variable", async () => {
  const environment = { PGPASSWORD: "for postgresql", MYSQL_PWD: "for mysql" };
  const { target: { password } } = await parse(environment, "--url", "postgresql://me@db.example.com/shop");
  assertEquals(password, "for postgresql");
  const { target } = await parse(environment, "--url", "mysql://me@db.example.com/shop");
  assertEquals(target.password, "for mysql");
});

Deno.test("a run takes none of the options that only review and plan have", async () => {
  const args = ["--postgresql-instances", "orders", "--url", "mysql://me@localhost/shop"];
  const error = await assertRejects(() => parseCommandLine(args, {}, systemFiles), ScrubError);
  assertStringIncludes(error.message, "--url with a run");
});

Deno.test("plan of a source shares, exports and tells nobody", async () => {
  const environment = { DATASCRUBBER_SHARE_WITH: "123456789012", DATASCRUBBER_NOTIFY: "https://example.com/hook" };
  const command = await parseCommandLine(["plan", "--mysql-instances", "blog"], environment, systemFiles);
  if (command.command !== "scrub") throw new TypeError("not a source's plan");
  const { settings: { planOnly, shareWith, notify } } = command;
  assertEquals({ planOnly, shareWith, notify }, { planOnly: true, shareWith: [], notify: undefined });
});
