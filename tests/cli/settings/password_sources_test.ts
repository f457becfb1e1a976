/** Where a password that the URL lacks comes from: the places of the engines' own clients, in their order. @module */

import { assertEquals } from "@std/assert";
import { findPassword } from "../../../lib/cli/settings/password_sources.ts";
import { passwordInPgpass } from "../../../lib/cli/settings/password_files.ts";
import type { Files } from "../../../lib/cli/parse/files.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";

const login = { host: "db.example", port: 5432, database: "shop", user: "me" };

for (
  const [what, text, wanted] of [
    ["its line", "db.example:5432:shop:me:secret", "secret"],
    ["the first of two lines", "*:*:*:me:one\n*:*:*:me:two", "one"],
    ["a line of wildcards", "*:*:*:*:any", "any"],
    ["the second line, where the first is another user's", "*:*:*:you:one\ndb.example:*:shop:me:two", "two"],
    ["a password with escaped colons and backslashes", "*:*:*:*:a\\:b\\\\c", "a:b\\c"],
    ["a password with plain colons", "*:*:*:*:a:b", "a:b"],
    ["an escaped colon in a name", "db.example:5432:shop:m\\:e:no\n*:*:*:me:yes", "yes"],
    ["a line behind a comment", "# *:*:*:*:no\n*:*:*:*:yes", "yes"],
    ["lines of Windows", "*:*:*:*:yes\r\n", "yes"],
    ["none of another port", "db.example:5433:shop:me:no", undefined],
    ["none of another database", "db.example:5432:shopping:me:no", undefined],
    ["none of a line that is cut off", "db.example:5432:shop:me", undefined],
    ["none of an empty file", "", undefined],
  ] as const
) {
  Deno.test(`.pgpass gives ${what}`, () => assertEquals(passwordInPgpass(text, login), wanted));
}

type Contents = Readonly<Record<string, readonly [text: string, mode: number]>>;

function filesOf(contents: Contents): Files {
  const found = (path: string) => {
    const file = contents[path];
    if (file === undefined) throw new Deno.errors.NotFound();
    return file;
  };
  return {
    read: (path) => Promise.try(() => new TextEncoder().encode(found(path)[0])),
    mode: (path) => Promise.try(() => found(path)[1]),
    list: () => Promise.reject(new Deno.errors.NotFound()),
    tryToWrite: () => Promise.resolve(),
  };
}

const pgpass: Contents = { "/home/me/.pgpass": ["*:*:*:*:of pgpass", 0o600] };
const service = (lines: string): Contents => ({ "/home/me/.pg_service.conf": [`[prod]\n${lines}\n`, 0o644] });
const cnf = (text: string, mode = 0o600): Contents => ({ "/home/me/.my.cnf": [text, mode] });

for (
  const { what, engine = "postgresql", contents = {}, environment = {}, wanted, notes = [] } of [
    { what: "nothing where there is nothing", wanted: "" },
    { what: "nothing on MySQL either", engine: "mysql", wanted: "" },
    { what: "PGPASSWORD", environment: { PGPASSWORD: "of the variable" }, wanted: "of the variable" },
    { what: ".pgpass", contents: pgpass, wanted: "of pgpass" },
    {
      what: "PGPASSWORD before .pgpass",
      contents: pgpass,
      environment: { PGPASSWORD: "of the variable" },
      wanted: "of the variable",
    },
    {
      what: ".pgpass where PGPASSWORD is empty",
      contents: pgpass,
      environment: { PGPASSWORD: "" },
      wanted: "of pgpass",
    },
    {
      what: "the file of PGPASSFILE",
      contents: { "/etc/pass": ["*:*:*:*:of another", 0o400], ...pgpass },
      environment: { PGPASSFILE: "/etc/pass" },
      wanted: "of another",
    },
    {
      what: "no .pgpass that the group may read, with a word",
      contents: { "/home/me/.pgpass": ["*:*:*:*:no", 0o640] },
      wanted: "",
      notes: ['"/home/me/.pgpass" is not used: others may read or change it: chmod 600 it'],
    },
    {
      what: "a service before PGPASSWORD",
      contents: service("host=db.example\nuser=me\npassword=of the service"),
      environment: { PGSERVICE: "prod", PGPASSWORD: "no" },
      wanted: "of the service",
    },
    {
      what: "no password of a service for another user",
      contents: { ...service("user=root\npassword=no"), ...pgpass },
      environment: { PGSERVICE: "prod" },
      wanted: "of pgpass",
      notes: ['service "prod" is for another user'],
    },
    {
      what: "a service of the system's file",
      contents: { "/etc/pg/pg_service.conf": ["# all\n[prod]\npassword=of the system\n", 0o644] },
      environment: { PGSERVICE: "prod", PGSYSCONFDIR: "/etc/pg" },
      wanted: "of the system",
    },
    {
      what: "a service of PGSERVICEFILE",
      contents: { "/etc/services": ["[prod]\npassword=of the file\n", 0o644], ...service("password=no") },
      environment: { PGSERVICE: "prod", PGSERVICEFILE: "/etc/services" },
      wanted: "of the file",
    },
    { what: "MYSQL_PWD", engine: "mysql", environment: { MYSQL_PWD: "of the variable" }, wanted: "of the variable" },
    {
      what: "the client group before MYSQL_PWD",
      engine: "mysql",
      contents: cnf("[mysqld]\npassword=no\n[client]\npassword = of the file # or not\n"),
      environment: { MYSQL_PWD: "no" },
      wanted: "of the file",
    },
    {
      what: "a quoted password with a # and an escape",
      engine: "mysql",
      contents: cnf('[client]\nuser=me\npassword="a # b\\sc"\n'),
      wanted: "a # b c",
    },
    {
      what: "MYSQL_PWD where the file has a password without a value",
      engine: "mysql",
      contents: cnf("[client]\npassword\n"),
      environment: { MYSQL_PWD: "of the variable" },
      wanted: "of the variable",
    },
    {
      what: "no client group for another host",
      engine: "mysql",
      contents: cnf("[client]\nhost=other\npassword=no\n"),
      wanted: "",
      notes: ['the client group of "/home/me/.my.cnf" is for another host'],
    },
    {
      what: "no option file that everybody may change",
      engine: "mysql",
      contents: cnf("[client]\npassword=no\n", 0o646),
      wanted: "",
      notes: ['"/home/me/.my.cnf" is not used: everybody may change it: chmod 600 it'],
    },
    {
      what: "an option file that others may read",
      engine: "mysql",
      contents: cnf("[client]\npassword=yes\n", 0o644),
      wanted: "yes",
    },
  ] satisfies readonly {
    what: string;
    engine?: EngineName;
    contents?: Contents;
    environment?: Readonly<Record<string, string>>;
    wanted: string;
    notes?: readonly string[];
  }[]
) {
  Deno.test(`the password of ${engine} is ${what}`, async () => {
    const found = await findPassword(engine, login, { HOME: "/home/me", ...environment }, filesOf(contents));
    assertEquals(found.password, wanted);
    assertEquals(found.notes, wanted === "" || notes.length > 0 ? notes : []);
  });
}

Deno.test("without HOME there are no files to look into", async () => {
  assertEquals(await findPassword("postgresql", login, {}, filesOf(pgpass)), { password: "", notes: [] });
});
