import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import type { Json } from "../../../lib/engine/expressions.ts";
import type { JsonPlaces } from "../../../lib/engine/json_places.ts";
import type { Column, ColumnKind } from "../../../lib/engine/schema.ts";
import { Name, type Sql, trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { chosenTextCases } from "../../fixtures/chosen_text.ts";
import { identifiers } from "../../fixtures/identifiers.ts";
import { mysqlProducts } from "../../servers.ts";
import { create, key, open, value } from "../fixture.ts";

const e = mysql.expressions;
const columns = `id int PRIMARY KEY,
    narrow varchar(100) CHARACTER SET latin1 COLLATE latin1_swedish_ci,
    old varchar(100) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci,
    wide text CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    modern varchar(100) CHARACTER SET utf8mb4,
    exact varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, copy varchar(100)`;

/** Texts that have gone wrong somewhere once. */
const texts = [
  "",
  " ",
  "a ",
  "A@Example.org",
  "it's \"quoted\" `back` \\n \\' \\\\",
  "Émil ß İ ſ",
  "日本語",
  "👩‍👩‍👧 🏴",
  "line\nfeed\r\t\0\x1a",
  "%_%",
  "?:${}",
];

function column(kind: ColumnKind, type: string): Column {
  return { name: "c", type, kind, nullable: true, hasDefault: false, generated: false };
}

const text = column("text", "varchar(100)");
const json = column("json", "json");

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

for (const { product, start } of mysqlProducts) {
  const test = (name: string, fn: () => void | Promise<void>) => Deno.test(`${product}: ${name}`, fn);
  const server = await start();
  await create(
    server,
    "app",
    `CREATE TABLE t (${columns})`,
    "INSERT INTO t VALUES (1, 'Émil', 'Émil', 'Émil', 'Émil', 'Émil', 'old'), (2, 'a ', 'a', 'A', 'á', 'a', NULL)",
  );
  const session = await open(server, "app");
  Deno.test.afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop("now");
  });

  for (
    const given of [
      '{"mail": "old", "mail": "old"}',
      '{"mail": null, "mail": "old"}',
      '{"m\\u0061il": "old"}',
      '{"mail": "old", "m\\u0061il": "old"}',
      '{"user": {"mail": "old"}, "user": {"mail": "old"}}',
      '{"user": 1, "user": {"mail": "old"}}',
      '{"user": {"mail": "old", "mail": "old"}}',
      '{"\\u0075ser": {"mail": "old"}}',
      '{"list": [{"mail": "old", "mail": "old"}]}',
      '{"list": [{"mail\\u003a": ":", "ma\\u0069l": "old"}]}',
      '{"a/mail": "old", "a\\/mail": "old"}',
    ]
  ) {
    test(`documents keep no value of a key that is there twice, or escaped: ${given}`, async () => {
      const leaf = { leaf: "new" };
      const object = { keys: new Map([["mail", leaf]]) };
      const places = {
        keys: new Map<string, JsonPlaces<string>>([
          ["mail", leaf],
          ["a/mail", leaf],
          ["user", object],
          ["list", { every: object }],
        ]),
      };
      const all = (document: Sql) =>
        e.documents.texts(document, places, (found) => e.documents.scalar(found), (found) => e.asText(found, json));
      const change = (document: Sql) =>
        e.documents.mapped(
          document,
          places,
          () => e.documents.string(e.text("new")),
          (found) => e.emptied(found, json),
        );
      const isNew = (document: Sql) =>
        e.documents.holds(
          document,
          places,
          (found) => e.same(e.documents.scalar(found), e.text("new")),
          (found) => e.same(e.asText(found, json), e.asText(e.emptied(found, json), json)),
        );
      const old = e.documents.parsed(e.text(given));
      const changed = String(await value(session, change(old).text));
      assertEquals(changed.includes("old"), false, changed);
      assertStringIncludes(String(await value(session, all(old).text)), "old");
      assertEquals(await value(session, isNew(old).text), 0);
      assertEquals(await value(session, isNew(e.documents.parsed(e.text(changed))).text), 1);
    });
  }

  for (const given of texts) {
    test(`text() keeps ${JSON.stringify(given)}`, async () => {
      assertEquals(await value(session, e.text(given).text), given);
    });

    test(`text() means the same without backslash escapes: ${JSON.stringify(given)}`, async () => {
      await using other = await open(server, "app");
      await other.query(trusted("SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES', NAMES latin1"));
      await other.query(trusted("SET character_set_results = utf8mb4"));
      assertEquals(await value(other, e.text(given).text), given);
    });

    test(`pseudonym() is SHA-256 over key and UTF-8 bytes: ${JSON.stringify(given)}`, async () => {
      const bytes = new TextEncoder().encode(given);
      assertEquals(
        await value(session, e.pseudonym(e.text(given)).text),
        await sha256(Uint8Array.from([...key, ...bytes])),
      );
    });

    test(`percentEncoded() is encodeURIComponent's for ASCII: ${JSON.stringify(given)}`, async () => {
      const expected = given.replaceAll(
        /[\0-\x7f]/g,
        (letter) =>
          encodeURIComponent(letter).replaceAll(
            /[!'()*]/g,
            (mark) => "%" + mark.charCodeAt(0).toString(16).toUpperCase(),
          ),
      );
      assertEquals(await value(session, e.percentEncoded(e.text(given)).text), expected);
    });

    test(`json() keeps a string: ${JSON.stringify(given)}`, async () => {
      assertEquals(await value(session, `JSON_UNQUOTE(${e.json(given, json).text})`), given);
    });

    test(`without() finds itself wholly: ${JSON.stringify(given)}`, async () => {
      const given_ = e.text(given);
      const whole = e.concat(e.text("<"), given_, e.text("|"), given_, e.text(">"));
      const expected = given === "" ? "<|>" : "< | >";
      assertEquals(await value(session, e.without(whole, given_).text), expected);
    });

    test(`documents take ${JSON.stringify(given)} as a key`, async () => {
      const document = e.json({ outer: { [given]: 1, other: 2 } }, json);
      const places = { keys: new Map([["outer", { keys: new Map([[given, { leaf: given }]]) }]]) };
      const replaced = e.documents.mapped(
        document,
        places,
        (_, leaf) => e.documents.string(e.text(leaf)),
        (found) => found,
      );
      const found = await value(session, `CAST(${replaced.text} AS CHAR)`);
      assertEquals(JSON.parse(String(found)), { outer: { [given]: given, other: 2 } });
    });
  }

  for (const name of ["narrow", "old", "wide", "modern", "exact"]) {
    test(`pseudonym() of a column does not depend on its character set: ${name}`, async () => {
      const hash = e.pseudonym(trusted(name)).text;
      const [row] = await session.query(trusted(`SELECT ${hash} AS hash FROM t WHERE id = 1`));
      assertEquals(row?.hash, await value(session, e.pseudonym(e.text("Émil")).text));
    });

    for (const other of ["narrow", "old", "wide", "modern", "exact"]) {
      test(`texts of any two character sets go together: ${name}, ${other}`, async () => {
        const [a, b] = [trusted(name), trusted(other)];
        const [row] = await session.query(
          trusted(`SELECT ${e.concat(a, b).text} AS joined, ${e.same(a, b).text} AS same,
        ${e.without(a, b).text} AS without,
        ${e.same(e.choose(e.same(a, b), e.fold(a), b), e.text("émil")).text} AS folded,
        ${e.equal(a, b, text).text} AS equal FROM t WHERE id = 1`),
        );
        assertEquals(row, { joined: "ÉmilÉmil", same: 1, without: " ", folded: 1, equal: 1 });
      });
    }
  }

  const nothing = trusted("CAST(NULL AS CHAR)");

  for (const [name, expression, expected] of chosenTextCases(e, nothing)) {
    test(name, async () => {
      const found = await value(session, expression.text);
      assertEquals(found === null ? null : String(found), expected);
    });
  }

  for (
    const { what, given, expected } of [
      { what: "pseudonym of NULL", given: e.pseudonym(nothing), expected: null },
      { what: "fold", given: e.fold(e.text("MiXed@Example.ORG")), expected: "mixed@example.org" },
      { what: "part", given: e.part(e.text("a👩bc"), 2, 2), expected: "👩b" },
      { what: "overlaid", given: e.overlaid(e.text("a👩bc"), 2, 1, e.text("-x")), expected: "a-xbc" },
      {
        what: "overlaid without taking anything",
        given: e.overlaid(e.text("abc"), 3, 0, e.text("-")),
        expected: "ab-c",
      },
      { what: "part beyond the end", given: e.part(e.text("ab"), 2, 9), expected: "b" },
      { what: "concat of nothing", given: e.concat(), expected: "" },
      { what: "concat with NULL", given: e.concat(e.text("a"), nothing), expected: null },
      { what: "length in characters", given: e.length(e.text("a👩é")), expected: 3 },
      { what: "same by case", given: e.same(e.text("a"), e.text("A")), expected: 0 },
      { what: "same by accent", given: e.same(e.text("a"), e.text("á")), expected: 0 },
      { what: "same by trailing space", given: e.same(e.text("a"), e.text("a ")), expected: 0 },
      { what: "same of NULL", given: e.same(e.text("a"), nothing), expected: null },
      { what: "without by case", given: e.without(e.text("Aa"), e.text("a")), expected: "A " },
      { what: "without nothing", given: e.without(e.text("aa"), e.text("")), expected: "aa" },
      { what: "without NULL", given: e.without(e.text("aa"), nothing), expected: "aa" },
      {
        what: "matches",
        given: e.matches(e.text("user-0af@example.com"), "user-[0-9a-f]+@example\\.com"),
        expected: 1,
      },
      { what: "matches by case", given: e.matches(e.text("A"), "a"), expected: 0 },
      { what: "matches the whole", given: e.matches(e.text("ab"), "a|b"), expected: 0 },
      { what: "matches with a line feed after", given: e.matches(e.text("a\n"), "a"), expected: 0 },
      { what: "matches a dot with a line feed", given: e.matches(e.text("a\nb"), "a.b"), expected: 1 },
      { what: "matches of NULL", given: e.matches(nothing, "a"), expected: null },
      { what: "filled", given: e.filled("Lorem ", trusted("8")), expected: "Lorem Lo" },
      { what: "filled with wide letters", given: e.filled("é👩", trusted("3")), expected: "é👩é" },
      { what: "filled with nothing", given: e.filled("Lorem ", trusted("0")), expected: "" },
      { what: "filled of NULL", given: e.filled("Lorem ", trusted("NULL")), expected: null },
      { what: "choose", given: e.choose(trusted("1 = 1"), e.text("yes"), e.text("no")), expected: "yes" },
      { what: "choose on NULL", given: e.choose(trusted("NULL"), e.text("yes"), e.text("no")), expected: "no" },
      { what: "nothing", given: e.nothing(text), expected: null },
      {
        what: "timestamp",
        given: e.timestamp(new Date("2026-02-03T04:05:06.789Z")),
        expected: "2026-02-03 04:05:06.789",
      },
      { what: "equal by case", given: e.equal(e.text("a"), e.text("A"), text), expected: 0 },
      { what: "equal to NULL", given: e.equal(e.text("a"), nothing, text), expected: 0 },
      { what: "equal of NULLs", given: e.equal(nothing, nothing, text), expected: 0 },
      {
        what: "equal of documents",
        given: e.equal(e.text('{"a": 1, "b": 2}'), e.text('{"b":2,"a":1}'), json),
        expected: 1,
      },
      {
        what: "equal of numbers",
        given: e.equal(trusted("1.50"), trusted("1.5"), column("decimal", "decimal(5,2)")),
        expected: 1,
      },
      { what: "emptied text", given: e.emptied(e.text("x"), text), expected: "" },
      { what: "emptied NULL", given: e.emptied(nothing, text), expected: null },
      { what: "emptied binary", given: e.emptied(trusted("X'00'"), column("binary", "blob")), expected: "" },
      {
        what: "asText of a number",
        given: e.asText(trusted("18446744073709551615"), column("integer", "bigint unsigned")),
        expected: "18446744073709551615",
      },
      { what: "asText of bytes", given: e.asText(trusted("X'0AFF'"), column("binary", "blob")), expected: "0aff" },
      {
        what: "asText of a date",
        given: e.asText(trusted("DATE'2020-01-02'"), column("date", "date")),
        expected: "2020-01-02",
      },
      {
        what: "fromText of a number",
        given: e.fromText(e.text("-7"), column("integer", "int")),
        expected: -7,
      },
      {
        what: "fromText of a big number",
        given: e.fromText(e.text("18446744073709551615"), column("integer", "bigint unsigned")),
        expected: "18446744073709551615",
      },
      {
        what: "fromText of a decimal",
        given: e.fromText(e.text("1.25"), column("decimal", "decimal(10,2)")),
        expected: "1.25",
      },
      { what: "fromText of bytes", given: e.fromText(e.text("0aff"), column("binary", "blob")), expected: "0aff" },
      { what: "fromText of text", given: e.fromText(e.text("é"), text), expected: "é" },
      {
        what: "fromText of a time",
        given: e.fromText(e.text("2020-01-02 03:04:05"), column("timestamp", "datetime")),
        expected: "2020-01-02 03:04:05.000000",
      },
    ] satisfies { what: string; given: Sql; expected: Json }[]
  ) {
    test(`${what} gives ${JSON.stringify(expected)}`, async () => {
      assertEquals(await value(session, given.text), expected);
    });
  }

  for (
    const { given, expected } of [
      { given: '{"a":1}', expected: "{}" },
      { given: "[1]", expected: "[]" },
      { given: '"a"', expected: '""' },
      { given: "12", expected: "0" },
      { given: "-1.5", expected: "0" },
      { given: "18446744073709551615", expected: "0" },
      { given: "true", expected: "false" },
      { given: "null", expected: "null" },
    ]
  ) {
    test(`emptied() of the document ${given} is ${expected}`, async () => {
      const document = e.documents.parsed(e.text(given));
      assertEquals(await value(session, e.emptied(document, json).text), expected);
    });
  }

  if (product === "MySQL") {
    test("emptied() of a document that is a date is an empty text", async () => {
      assertEquals(await value(session, e.emptied(trusted("CAST(DATE'2020-01-02' AS JSON)"), json).text), '""');
    });
  }

  test("emptied() of a JSON column's NULL is NULL", async () => {
    assertEquals(await value(session, e.emptied(e.documents.parsed(nothing), json).text), null);
  });

  test("filled() is cut where max_allowed_packet would make it NULL", async () => {
    const length = e.length(e.filled("Lorem 👩", trusted("4294967295"))).text;
    assertEquals(await value(session, `${length} > 1000000`), 1);
  });

  test("filled() needs a filler", () => {
    assertThrows(() => e.filled("", trusted("1")), TypeError);
  });

  for (
    const { what, statement } of [
      { what: "SELECT", statement: (hash: string) => `SELECT ${hash} FROM t` },
      { what: "UPDATE", statement: (hash: string) => `UPDATE t SET copy = ${hash}` },
      {
        what: "INSERT … SELECT",
        statement: (hash: string) => `INSERT INTO t (id, copy) SELECT id + 10, ${hash} FROM t`,
      },
      { what: "CREATE TABLE … SELECT", statement: (hash: string) => `CREATE TABLE u SELECT ${hash} AS hash FROM t` },
    ]
  ) {
    for (const lost of ["NULL", "''", "'short'", "REPEAT('a', 33)", "1"]) {
      for (const mode of ["STRICT_ALL_TABLES", ""]) {
        test(`pseudonym() in ${what} raises where the key is ${lost} and sql_mode "${mode}"`, async () => {
          await using other = await open(server, "app");
          await other.query(trusted(`SET @datascrubber_key = ${lost}, sql_mode = '${mode}'`));
          const error = await assertRejects(
            () => other.scan(trusted(statement(e.pseudonym(trusted("copy")).text))),
            ScrubError,
          );
          assertStringIncludes(error.message, "ER_DATA_OUT_OF_RANGE");
          const rows = await other.query(trusted("SELECT id, copy FROM t ORDER BY id"));
          assertEquals(rows, [{ id: 1, copy: "old" }, { id: 2, copy: null }]);
        });
      }
    }
  }

  const table = e.sql`${new Name("app", "t")}`;
  for (const given of identifiers) {
    test(`fingerprints() of an identifier are those of the same text: ${JSON.stringify(given)}`, async () => {
      const all = (identifier: boolean) =>
        e.sql`(SELECT GROUP_CONCAT(DISTINCT fingerprint ORDER BY fingerprint) FROM (${
          e.fingerprintsInRows({ table, texts: [{ text: e.text(given), flags: 1, identifier }], where: e.sql`id = 1` })
        }) AS found)`;
      const [row] = await session.query(e.sql`SELECT ${all(true)} AS quick, ${all(false)} AS slow`);
      assertEquals(row?.quick, row?.slow);
    });
  }
}
