/** Both products make the same of the same text: a rule means the same, and values that databases share stay equal. @module */

import { assertEquals } from "@std/assert";
import { foundFingerprint } from "../../../lib/engine/expressions.ts";
import type { JsonPlaces } from "../../../lib/engine/json_places.ts";
import type { Column } from "../../../lib/engine/schema.ts";
import { Name, type Sql, trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { randomTexts } from "../../fixtures/random_texts.ts";
import { seed } from "../../seed.ts";
import { mysqlProducts } from "../../servers.ts";
import { create, open } from "../fixture.ts";

const pieces = [
  ..." \t\n@.+-_~%\\/\"'`&;#=?*$0123456789".split(""),
  ...[
    "ann",
    "Bob",
    "É",
    "ß",
    "İ",
    "и",
    "例",
    "👩",
    "Ӏ",
    "Ƞ",
    "Ԫ",
    "\u200b",
    "\0",
    "\x1a",
    "a@mail.example",
    "kX9_secret-Token1234567890",
  ],
  ...["%40", "%2e", "\\u0040", "&#64;", "=40", "null", "{}", "[1, 2]", "ａ＠ｂ．example", "𝔘"],
];
const e = mysql.expressions;
const [v, w] = [trusted("v"), trusted("w")];
const text: Column = { name: "v", type: "text", kind: "text", nullable: true, hasDefault: false, generated: false };
const json: Column = { ...text, name: "d", type: "json", kind: "json" };
const places: JsonPlaces<string> = {
  keys: new Map<string, JsonPlaces<string>>([
    ["one", { leaf: "one" }],
    ["list", { every: { keys: new Map([["mail", { leaf: "mail" }]]) } }],
  ]),
};
const document = e.json(
  { kept: [1.5, "x", null, true], one: "old", list: [{ mail: "a" }, { mail: null }, "other"] },
  json,
);
const hash = e.pseudonym(v);
const substitution = { replacement: e.part(hash, 1, 8), shortest: 2, filler: "x", limit: 60 };

const expressions: Readonly<Record<string, Sql>> = {
  pseudonym: hash,
  number: e.number(hash, 7, 10 ** 15),
  spelled: e.spelled(hash, 64, "abcdefghijklmnopqrstuvwxyz0123456789._-"),
  padded: e.padded(e.number(hash, 1, 1_000), 6),
  digitsReplaced: e.digitsReplaced(v, e.padded(e.number(hash, 1, 10 ** 12), 12)),
  checked: e.checked(e.padded(e.number(hash, 1, 100), 2), {
    summands: [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    endings: ["x", "-y", "zz"],
    kept: 2,
  }),
  substituted: e.substituted(e.concat(v, e.text("-"), w, e.percentEncoded(v)), { needle: v, ...substitution }),
  "substituted within": e.substituted(v, { needle: w, ...substitution }),
  without: e.without(v, w),
  percentEncoded: e.percentEncoded(v),
  "part and overlaid": e.overlaid(e.concat(e.text("1234"), e.part(v, 2, 5)), 2, 2, w),
  fold: e.fold(v),
  length: e.length(v),
  filled: e.filled("Lorem 👩 ", e.length(v)),
  matches: e.matches(v, "[^0-9]*[0-9.@ ]?.*(?:é|É|\\u4f8b|[a-z]+).*"),
  replaced: e.replaced(v, "[^0-9A-Za-z]", " "),
  lookUp: e.lookUp(v, [["a", e.text("1")], ["A", e.text("2")]], w),
  emptied: e.emptied(v, text),
  choose: e.choose(e.same(v, w), v, e.concat(w, v)),
  oneIn: e.oneIn(4, v),
  searchable: e.joined([e.searchable(v, text) ?? trusted("NULL"), w]),
  parsed: e.documents.orNull(e.documents.parsed(v)),
  "documents.mapped": e.documents.mapped(
    document,
    places,
    (_, leaf) => leaf === "one" ? e.documents.string(v) : e.documents.number(e.length(v)),
    (found) => found,
  ),
};

/** Those whose spelling makes no difference. */
const documents: ReadonlySet<string> = new Set(["parsed", "documents.mapped"]);

for (const [name, expression] of Object.entries(expressions)) {
  Deno.test({
    name: `${name}: MariaDB gives what MySQL gives, for texts of seed ${seed}`,
    ignore: !hasMariadb,
    fn: async () => {
      const [expected, actual] = await Promise.all(
        sessions.map((session) =>
          session.scan(e.sql`SELECT id, HEX(CONVERT(${expression} USING utf8mb4)) AS value FROM t ORDER BY id`)
        ),
      );
      const read = (rows: typeof expected) =>
        (rows ?? []).map(({ id, value }) => {
          if (name === "parsed" && !isJson(given[Number(id)] ?? "null")) return "may be read or not";
          const found = value === null ? null : new TextDecoder().decode(Uint8Array.fromHex(String(value)));
          return found !== null && documents.has(name) ? JSON.parse(found) : found;
        });
      assertEquals(expected?.length, 302);
      assertEquals(read(actual), read(expected));
    },
  });
}

Deno.test({
  name: `fingerprints: MariaDB gives what MySQL gives, for texts of seed ${seed}`,
  ignore: !hasMariadb,
  fn: async () => {
    const row = [{ text: v, flags: 1 }, { text: w, flags: 2 }];
    const table = e.sql`${new Name("app", "t")}`;
    const queries = [
      e.sql`SELECT id, ${foundFingerprint} AS fingerprint FROM t CROSS JOIN ${e.fingerprints(row)}`,
      e.sql`SELECT flags AS id, fingerprint FROM (${
        e.fingerprintsInRows({ table, texts: row.map((one) => ({ ...one, identifier: true })) })
      }) AS found`,
    ];
    const found = await Promise.all(sessions.map((session) =>
      Promise.all(queries.map(async (query) => {
        const rows = await session.scan(query);
        return [...new Set(rows.map(({ id, fingerprint }) => `${id} ${fingerprint}`))].sort();
      }))
    ));
    assertEquals((found[0]?.[0]?.length ?? 0) > 20, true, "hardly any text holds a token");
    assertEquals(found[1], found[0]);
  },
});

/** MySQL lets a NUL follow a document, and MariaDB lets a number end with its point. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const texts = randomTexts(pieces, 600, 10);
const others = texts.slice(300);
// Every third text holds the other one.
const given = texts.slice(0, 300).map((one, at) => at % 3 === 0 ? one + others[at] + one.toUpperCase() : one);
const rows = given.map((one, at) =>
  `(${at}, ${e.text(one).text}, ${at % 50 === 49 ? "NULL" : e.text(others[at] ?? "").text})`
);
const sessions = await Promise.all(mysqlProducts.map(async ({ start }) => {
  const server = await start();
  await create(
    server,
    "app",
    "CREATE TABLE t (id int PRIMARY KEY, v text CHARACTER SET utf8mb4, w text CHARACTER SET utf8mb4)",
    `INSERT INTO t VALUES ${rows.join(", ")}, (300, NULL, 'x'), (301, '', '')`,
  );
  const session = await open(server, "app");
  Deno.test.afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop("now");
  });
  return session;
}));
