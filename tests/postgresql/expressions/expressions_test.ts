/** Every expression on a real server, among objects that somebody planted to be picked up instead of the server's own. @module */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import type { Cell } from "../../../lib/engine/engine.ts";
import { foundFingerprint, type Json } from "../../../lib/engine/expressions.ts";
import type { Column, ColumnKind } from "../../../lib/engine/schema.ts";
import { type Sql, trusted } from "../../../lib/engine/sql.ts";
import { expressions as e } from "../../../lib/postgresql/expressions/expressions.ts";
import { openScratch } from "../../../lib/postgresql/scratch/scratch.ts";
import { open } from "../../../lib/postgresql/session/session.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { chosenTextCases } from "../../fixtures/chosen_text.ts";
import { identifiers } from "../../fixtures/identifiers.ts";
import { applicationServer, key, ownerSession, targetOf } from "../fixture.ts";

// Each would raise an error, or give something wrong, if an expression reached it.
const hostile = ["lower(varchar)", "replace(varchar, varchar, varchar)", "char_length(varchar)", "sha256(text)"].map((
  of,
) => `CREATE FUNCTION ${of} RETURNS text LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'hijacked'; END$$;`);
const server = await applicationServer(`
  ${hostile.join("\n")}
  CREATE FUNCTION never(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false';
  CREATE OPERATOR = (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = never);
  CREATE TYPE mood AS ENUM ('sad', 'happy');
  CREATE FUNCTION lie(mood) RETURNS text LANGUAGE sql AS $$SELECT 'a lie'$$;
  CREATE CAST (mood AS text) WITH FUNCTION lie(mood);
  CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE TABLE said (word text COLLATE loose, short varchar(5));
  INSERT INTO said VALUES ('Straße', 'abc')`);
await server.run(`ALTER DATABASE "app_production" SET search_path = public, pg_catalog`);
const session = await ownerSession(server);
await openScratch(session);
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});

function column(kind: ColumnKind, type: string, element?: ColumnKind): Column {
  const more = element === undefined ? {} : { element };
  return { name: "c", type, kind, nullable: true, hasDefault: false, generated: false, ...more };
}

const json = column("json", "json");
const jsonb = column("json", "jsonb");
const mood = column("enum", "public.mood");
const uuid = column("uuid", "uuid");
const varchar = column("text", "character varying(5)");
const bytes = column("binary", "bytea");
const texts = column("array", "text[]", "text");

async function value(expression: Sql): Promise<Cell> {
  const [row] = await session.query(e.sql`SELECT (${expression})::text AS value`);
  return row?.["value"] ?? null;
}

async function sha256(text: string): Promise<string> {
  const bytes = Uint8Array.from([...key, ...new TextEncoder().encode(text)]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

const odd = [
  "",
  "plain",
  "it's",
  '"quoted"',
  "back\\slash \\' \\",
  "new\nline\ttab",
  "é ß 😀 İ",
  "$1 $$ %s {}",
  "--;/* */",
  "a".repeat(2000),
];

for (const text of odd) {
  const shown = JSON.stringify(text.slice(0, 20));
  Deno.test(`text() gives ${shown} back as it was`, async () => assertEquals(await value(e.text(text)), text));
  Deno.test(`pseudonym() of ${shown} is SHA-256 over key and UTF-8`, async () => {
    assertEquals(await value(e.pseudonym(e.text(text))), await sha256(text));
  });
  Deno.test(`percentEncoded() of ${shown} is what a browser writes in a query string`, async () => {
    const expected = encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    assertEquals(await value(e.percentEncoded(e.text(text))), expected);
  });
}

const allOfAscii = String.fromCharCode(...Array.from({ length: 127 }, (_, at) => at + 1));
const nothing = trusted("NULL::text");

function jsonText(value: Json, type: string): Sql {
  return trusted(`'${JSON.stringify(value).replaceAll("'", "''")}'::${type}`);
}

const cases: readonly [string, Sql, Cell][] = [
  [
    "percentEncoded() of every ASCII character has the right length",
    e.length(e.percentEncoded(e.text(allOfAscii))),
    String(66 + 61 * 3),
  ],
  [
    "percentEncoded() of an address takes the short way to the same",
    e.percentEncoded(e.text("a.B+c_~-@x.org")),
    "a.B%2Bc_~-%40x.org",
  ],
  ["percentEncoded() of NULL is NULL", e.percentEncoded(nothing), null],
  ["percentEncoded() of a percent code encodes it again", e.percentEncoded(e.text("%41%4")), "%2541%254"],
  ["pseudonym() of NULL is NULL", e.pseudonym(nothing), null],
  [
    "pseudonym() takes a varchar",
    e.part(e.pseudonym(trusted("'a'::varchar(3)")), 1, 8),
    (await sha256("a")).slice(0, 8),
  ],
  ["fold() lowers ASCII letters", e.fold(e.text("AbC@X.Org")), "abc@x.org"],
  ["fold() takes a varchar past a planted lower(varchar)", e.fold(trusted("'ABC'::varchar")), "abc"],
  ["fold() of NULL is NULL", e.fold(nothing), null],
  ["overlaid() counts characters from one", e.overlaid(e.text("é😀xyz"), 2, 1, e.text("-x")), "é-xxyz"],
  ["overlaid() without taking anything inserts", e.overlaid(e.text("abc"), 3, 0, e.text("-")), "ab-c"],
  ["part() counts characters from one", e.part(e.text("é😀xyz"), 2, 2), "😀x"],
  ["concat() joins", e.concat(e.text("a"), trusted("'b'::varchar"), e.text("")), "ab"],
  ["concat() of nothing is empty", e.concat(), ""],
  ["concat() is NULL where a text is", e.concat(e.text("a"), nothing), null],
  ["length() counts characters", e.length(e.text("é😀x")), "3"],
  ["length() takes a varchar past a planted char_length(varchar)", e.length(trusted("'abc'::varchar")), "3"],
  ["same() is true for equal bytes", e.same(e.text("a"), e.text("a")), "true"],
  ["same() is false for another case", e.same(e.text("a"), e.text("A")), "false"],
  ["same() takes varchars past a planted operator", e.same(trusted("'a'::varchar"), trusted("'a'::varchar")), "true"],
  ["same() is NULL for NULL", e.same(nothing, e.text("a")), null],
  [
    "same() is exact in a collation that is not",
    trusted(`(SELECT ${e.same(trusted("word"), e.text("STRASSE")).text} FROM public.said)`),
    "false",
  ],
  ["without() takes all away, by case", e.without(e.text("aXaAa"), e.text("a")), " X A "],
  ["without() has no wild cards", e.without(e.text("xay"), e.text("%")), "xay"],
  ["without() takes the percent-encoded away", e.without(e.text("b%40c b@c"), e.text("b@c")), "   "],
  ["without() with an empty needle changes nothing", e.without(e.text("abc"), e.text("")), "abc"],
  ["without() with NULL changes nothing", e.without(e.text("abc"), trusted("NULL::text")), "abc"],
  ["without() takes varchars past a planted one", e.without(trusted("'ab'::varchar"), trusted("'a'::varchar")), " b"],
  [
    "without() is exact in a collation that is not",
    trusted(`(SELECT ${e.without(trusted("word"), e.text("STRA")).text} FROM public.said)`),
    "Straße",
  ],
  ["matches() wants the whole text", e.matches(e.text("abc"), "b"), "false"],
  ["matches() takes alternatives as a whole", e.matches(e.text("abx"), "ab|cd"), "false"],
  ["matches() allows no line after the end", e.matches(e.text("ab\n"), "ab"), "false"],
  ["matches() finds", e.matches(e.text("user-0a@example.com"), "user-[0-9a-f]{2}@example[.]com"), "true"],
  ["matches() knows case", e.matches(e.text("AB"), "[a-z]+"), "false"],
  ["matches() of NULL is NULL", e.matches(nothing, "a"), null],
  ["filled() repeats and cuts", e.filled("lorem ", trusted("8")), "lorem lo"],
  ["filled() of no length is empty", e.filled("lorem ", trusted("0")), ""],
  ["filled() of NULL is NULL", e.filled("lorem ", trusted("NULL::int")), null],
  ["timestamp() is in UTC", e.timestamp(new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 7))), "2026-02-03 04:05:06.007+00"],
  ["nothing() is NULL", e.nothing(uuid), null],
  ["json() keeps quotes and backslashes", e.json({ a: 'it\'s \\ "x"' }, jsonb), '{"a": "it\'s \\\\ \\"x\\""}'],
  [
    "asText() of a UUID is lower-case",
    e.asText(trusted("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid"), uuid),
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  ],
  ["asText() of an enum takes no planted cast", e.asText(trusted("'happy'::public.mood"), mood), "happy"],
  ["asText() of a NULL enum is NULL", e.asText(trusted("NULL::public.mood"), mood), null],
  ["asText() of an array is its literal", e.asText(trusted("ARRAY['a','b c']"), texts), '{a,"b c"}'],
  ["asText() of bytes is hexadecimal", e.asText(trusted("'\\xff00'::bytea"), bytes), "ff00"],
  [
    "fromText() gives a UUID",
    e.fromText(e.text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), uuid),
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  ],
  ["fromText() cuts no text off", e.fromText(e.text("longer than five"), varchar), "longer than five"],
  ["fromText() gives bytes of a text with backslashes", e.asText(e.fromText(e.text("\\a"), bytes), bytes), "5c61"],
  ["emptied() of an array", e.emptied(trusted("ARRAY['a']"), texts), "{}"],
  ["emptied() of a NULL array is NULL", e.emptied(trusted("NULL::text[]"), texts), null],
  ["emptied() of NULL JSON is NULL", e.emptied(trusted("NULL::jsonb"), jsonb), null],
  [
    "emptied() of a document that only type json can hold",
    e.emptied(trusted(`'{"a": "\\u0000"}'::json`), { ...jsonb, type: "json" }),
    "{}",
  ],
  [
    "equal() compares json as documents",
    e.equal(jsonText({ a: 1, b: 2 }, "json"), trusted(`'{"b":2, "a":1}'::json`), json),
    "true",
  ],
  ["equal() is false where one is NULL", e.equal(nothing, e.text("a"), varchar), "false"],
  [
    "equal() takes varchars past a planted operator",
    e.equal(trusted("'a'::varchar"), trusted("'a'::varchar"), varchar),
    "true",
  ],
  ["equal() compares enums", e.equal(trusted("'sad'::public.mood"), trusted("'happy'::public.mood"), mood), "false"],
  ["equal() compares UUIDs", e.equal(trusted("gen_random_uuid()"), trusted("gen_random_uuid()"), uuid), "false"],
  [
    "equal() compares arrays of what has no equality",
    e.equal(trusted("ARRAY['1'::json]"), trusted("ARRAY['1'::json]"), column("array", "json[]", "json")),
    "true",
  ],
  ["choose() takes the first on true", e.choose(trusted("true"), e.text("a"), e.text("b")), "a"],
  ["choose() takes the second on NULL", e.choose(trusted("NULL::boolean"), e.text("a"), e.text("b")), "b"],
];

for (const [name, expression, expected] of [...cases, ...chosenTextCases(e, nothing)]) {
  Deno.test(name, async () => assertEquals(await value(expression), expected));
}

const kinds: readonly [Json, string][] = [[{ a: 1 }, "{}"], [[1], "[]"], ["x", '""'], [5, "0"], [true, "false"], [
  null,
  "null",
]];

for (const [old, empty] of kinds) {
  Deno.test(`emptied() of JSON ${JSON.stringify(old)} is ${empty}, in both types`, async () => {
    assertEquals(await value(e.emptied(jsonText(old, "jsonb"), jsonb)), empty);
    assertEquals(await value(e.emptied(jsonText(old, "json"), json)), empty);
  });
}

// In brackets a text goes the long way.
for (const given of identifiers) {
  Deno.test(`fingerprints() of an identifier are those of a text that holds it: ${JSON.stringify(given)}`, async () => {
    const all = (text: string) =>
      e.sql`(SELECT string_agg(DISTINCT ${foundFingerprint}::text, ' ') FROM ${
        e.fingerprints([{ text: e.text(text), flags: 1 }])
      })`;
    const [row] = await session.query(e.sql`SELECT ${all(given)} AS quick, ${all(`<${given}>`)} AS slow`);
    assertEquals(row?.["quick"], row?.["slow"]);
  });
}

for (const setting of ["", "ab", "0".repeat(62), "0".repeat(66)]) {
  Deno.test(`pseudonym() raises an error with a key of ${setting.length / 2} bytes`, async () => {
    await using other = await open(targetOf(server), key, new AbortController().signal);
    await other.query(trusted(`SELECT set_config('datascrubber.key', '${setting}', false)`));
    const hash = e.sql`SELECT ${e.pseudonym(e.text("a"))} AS hash`;
    const error = await assertRejects(() => other.query(hash), ScrubError);
    assertStringIncludes(error.message, "the session has no pseudonym key of 32 bytes");
  });
}

Deno.test("pseudonym() raises an error in a session that never had the key", async () => {
  await assertRejects(() => server.run(`SELECT ${e.pseudonym(e.text("a")).text}`, "app_production"));
});

Deno.test("timestamp() is a constant, which the server does not make anew for each row", async () => {
  const moment = e.timestamp(new Date("2005-01-01T00:00:00Z"));
  const plan = await session.query(e.sql`EXPLAIN (VERBOSE, COSTS OFF) SELECT ${moment} FROM public.said`);
  assertStringIncludes(JSON.stringify(plan), "Output: '2005-01-01 00:00:00+00'::timestamp with time zone");
});

Deno.test("text() refuses a NUL", () => {
  assertThrows(() => e.text("a\0b"), TypeError, "with a NUL");
});

Deno.test("more texts than a function has arguments are joined", async () => {
  const texts = Array.from({ length: 10_000 }, (_, at) => `t${at}`);
  const [row] = await session.query(trusted(`SELECT ${e.joined(texts.map((text) => e.text(text))).text} AS all_texts`));
  assertEquals(row?.["all_texts"], texts.join(" "));
});
