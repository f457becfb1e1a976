/** The short ways of fingerprints() leave no token out and add none, whatever a text is stored as and on whichever product. @module */

import { assertEquals } from "@std/assert";
import { foundFingerprint } from "../../../lib/engine/expressions.ts";
import type { Column } from "../../../lib/engine/schema.ts";
import { joinSql, Name, type Sql, trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { sql, textLiteral } from "../../../lib/mysql/sql/literals.ts";
import { identifiers } from "../../fixtures/identifiers.ts";
import { randomTexts, textColumns } from "../../fixtures/random_texts.ts";
import { seed } from "../../seed.ts";
import { mysqlProducts } from "../../servers.ts";
import { create, open } from "../fixture.ts";
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

const rowsOf = (at: number) =>
  texts.slice(at, at + 500).map((text, n) => `(${at + n}, ${Array(5).fill(textLiteral(text).text).join(", ")})`);

const name = new Name("app", "t");
const columns = Array.from({ length: 5 }, (_, at): Column => {
  return { name: `v_${at}`, type: "mediumtext", kind: "text", nullable: true, hasDefault: false, generated: false };
});

/** The fingerprints in each row that has any, by its id. */
type Found = ReadonlyMap<number, string>;

/** What every product finds in a column, from the first, which does without any short way. */
const expected = new Map<string, Found>();

for (const { product, start } of mysqlProducts) {
  const server = await start();
  await create(server, "app", `CREATE TABLE t (id int PRIMARY KEY, ${textColumns("v")})`);
  for (let at = 0; at < texts.length; at += 500) {
    await server.run(`SET sql_mode = ''; INSERT INTO t VALUES ${rowsOf(at).join(", ")}`, "app");
  }
  const session = await open(server, "app");
  Deno.test.afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await server.stop("now");
  });
  const read = async (query: Sql): Promise<Found> => {
    const rows = await session.scan(query);
    return new Map(
      [...Map.groupBy(rows, ({ id }) => Number(id))].map(([id, found]) => [
        id,
        found.map(({ fingerprint }) => String(fingerprint)).join(" "),
      ]),
    );
  };
  const differing = (a: Found, b: Found) =>
    texts.filter((_, at) => a.get(at) !== b.get(at)).map((one) => one.slice(-200));

  for (const column of columns) {
    const text = mysql.expressions.searchable(trusted(column.name), column) ?? trusted("NULL");
    const { fingerprints, fingerprintsInRows, fingerprintsInTables } = mysql.expressions;

    Deno.test(`${product}: ${column.type} ${column.name}: no token is lost or added, of seed ${seed}`, async () => {
      const short = await read(sql`SELECT DISTINCT id, ${foundFingerprint} AS fingerprint FROM t
        CROSS JOIN ${fingerprints([{ text, flags: 1 }])} ORDER BY id, fingerprint`);
      const all = expected.get(column.name) ??
        await read(sql`SELECT DISTINCT id, fingerprint FROM t CROSS JOIN LATERAL ${longWay(text)} AS found
          ORDER BY id, fingerprint`);
      expected.set(column.name, all);
      assertEquals(all.size > texts.length / 20, true, "hardly any text holds a token");
      assertEquals(differing(all, short), []);
    });

    Deno.test(`${product}: ${column.type} ${column.name}: queries over rows and over tables find the same, of seed ${seed}`, async () => {
      const setOf = async (rows: Sql) => {
        const found = await session.scan(sql`SELECT fingerprint, bit_or(flags) AS flags FROM (${rows}) AS found
          GROUP BY fingerprint ORDER BY fingerprint`);
        return found.map(({ fingerprint, flags }) => `${fingerprint} ${flags}`);
      };
      const part = sql`id % 2 = 0`;
      const all = await setOf(sql`SELECT ${foundFingerprint} AS fingerprint, IF(${part}, 5, 4) AS flags FROM t
        CROSS JOIN ${fingerprints([{ text, flags: 1 }])}`);
      const [whole, some] = [[{ text, flags: 4, identifier: true }], [{ text, flags: 1 }]];
      const table = sql`${name}`;
      const inRows = [{ table, texts: whole }, { table, texts: some, where: part }].map(fingerprintsInRows);
      const inTables = fingerprintsInTables([{ table, texts: whole }, { table, texts: some, where: part }]);
      assertEquals(all.length > texts.length / 20, true, "hardly any text holds a token");
      assertEquals(await setOf(joinSql(inRows, " UNION ALL ")), all);
      assertEquals(await setOf(inTables), all);
    });
  }
}
