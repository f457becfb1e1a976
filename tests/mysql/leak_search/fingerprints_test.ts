/** The short ways of fingerprints() leave no token out and add none, whatever a text is stored as. @module */

import { assertEquals } from "@std/assert";
import { joinSql, type Sql, trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { readSchema } from "../../../lib/mysql/schema/schema.ts";
import { sql, textLiteral } from "../../../lib/mysql/sql/literals.ts";
import { identifiers } from "../../fixtures/identifiers.ts";
import { randomTexts, textColumns } from "../../fixtures/random_texts.ts";
import { seed } from "../../seed.ts";
import { mysql as startServer } from "../../servers.ts";
import { create, open, tableOf } from "../fixture.ts";
import { longWay } from "./long_way.ts";

const pieces = [
  ..."@.+-_~%\\&;#=ux40 \n".split(""),
  ...[
    "ann",
    "Bob",
    "mail.example",
    "a mail.example and",
    "0123456789",
    "abcdefghij",
    "x-1_y",
    "ü",
    "É",
    "и",
    "例",
    "。",
    "，",
  ],
  ...["＠", "．", "－", "＿", "Ａ１ｂ２Ｃ３ｄ４Ｅ５ｆ６Ｇ７ｈ８", "\u200b", "\u00ad", "\u202c"],
  ...[
    "&#39;",
    "&#039;",
    "&#x27;",
    "&#X2F;",
    "&#34;",
    "&#160;",
    "&#8217;",
    "&#x201c;",
    "&amp;",
    "&amp;#39;",
    "&nbsp;",
    "&#38;",
  ],
  ...[
    "&#64;",
    "&#x40",
    "&#x2e;",
    "&#46",
    "&commat;",
    "&period;",
    "&hyphen;",
    "&lowbar;",
    "&shy;",
    "&#8203;",
    "&#252;",
    "&#45;",
  ],
  ...["%40", "%2e", "%C3%BC", "%c3", "%u0040", "%2540", "%27", "\\u0040", "\\u00fc", "\\x2e", "\\n", "\\\\", '"'],
  ...["=40", "=2E", "=5f", "=\n", "=C3=BC", "?id=5", "=cat"],
  ...["5eedda7a-1111-4222-8333-444455556666", "5eedda7a", "-1111", "kX9_secret-Token1234567890", "anna@mail.example"],
];
const texts = [...randomTexts(pieces, 3_000, 14), ...identifiers, "word and ".repeat(3_000) + "&#64;anna@mail.example"];

const server = await startServer();
await create(server, "app", `CREATE TABLE t (id int PRIMARY KEY, ${textColumns("v")})`);
for (let at = 0; at < texts.length; at += 500) {
  const rows = texts.slice(at, at + 500).map((text, n) => {
    const literal = textLiteral(text).text;
    return `(${at + n}, ${Array(5).fill(literal).join(", ")})`;
  });
  await server.run(`SET sql_mode = ''; INSERT INTO t VALUES ${rows.join(", ")}`, "app");
}
const session = await open(server, "app");
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});
const table = tableOf(await readSchema(session), "t");

for (const column of table.columns.filter(({ kind }) => kind === "text")) {
  for (const identifier of [false, true]) {
    Deno.test(`${column.type} ${column.name}${identifier ? " of identifiers" : ""}: no token is lost or added, of seed ${seed}`, async () => {
      const text = mysql.expressions.searchable(trusted(column.name), column) ?? trusted("NULL");
      const short = mysql.expressions.fingerprints([{ text, flags: 1, identifier }]);
      const of = async (rows: typeof short) => {
        const found = await session.scan(sql`SELECT DISTINCT id, fingerprint FROM t
          CROSS JOIN LATERAL ${rows} AS found ORDER BY id, fingerprint`);
        return Map.groupBy(found, ({ id }) => Number(id));
      };
      const [expected, actual] = [await of(longWay(text)), await of(short)];
      assertEquals(expected.size > texts.length / 20, true, "hardly any text holds a token");
      const print = (rows: ReadonlyMap<number, readonly { readonly [name: string]: unknown }[]>, at: number) =>
        (rows.get(at) ?? []).map(({ fingerprint }) => String(fingerprint)).join(" ");
      const different = texts.filter((_, at) => print(expected, at) !== print(actual, at)).map((one) =>
        one.slice(-200)
      );
      assertEquals(different, []);
    });
  }

  Deno.test(`${column.type} ${column.name}: queries over rows and over tables find the same, of seed ${seed}`, async () => {
    const text = mysql.expressions.searchable(trusted(column.name), column) ?? trusted("NULL");
    const { fingerprintsInRows, fingerprintsInTables } = mysql.expressions;
    const name = mysql.tableName("app", table);
    const setOf = async (rows: Sql) => {
      const found = await session.scan(sql`SELECT fingerprint, bit_or(flags) AS flags FROM (${rows}) AS found
          GROUP BY fingerprint ORDER BY fingerprint`);
      return found.map(({ fingerprint, flags }) => `${fingerprint} ${flags}`);
    };
    const part = sql`id % 2 = 0`;
    const expected = await setOf(sql`SELECT fingerprint, IF(${part}, 5, 4) AS flags FROM t
        CROSS JOIN LATERAL ${longWay(text)} AS found`);
    const [all, some] = [[{ text, flags: 4, identifier: true }], [{ text, flags: 1 }]];
    const inRows = [{ table: name, texts: all }, { table: name, texts: some, where: part }].map(fingerprintsInRows);
    const inTables = fingerprintsInTables([{ table: name, texts: all }, { table: name, texts: some, where: part }]);
    assertEquals(expected.length > texts.length / 20, true, "hardly any text holds a token");
    assertEquals(await setOf(joinSql(inRows, " UNION ALL ")), expected);
    assertEquals(await setOf(inTables), expected);
  });
}
