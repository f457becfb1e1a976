/** Identifiers that go a way of their own have the tokens that the search finds in any text. @module */

import { assertEquals } from "@std/assert";
import { foundFingerprint, foundFlags } from "../../../lib/engine/expressions.ts";
import { type Sql, trusted } from "../../../lib/engine/sql.ts";
import { postgresql } from "../../../lib/postgresql/mod.ts";
import { readSchema } from "../../../lib/postgresql/schema/schema.ts";
import { sql, textLiteral } from "../../../lib/postgresql/sql/literals.ts";
import { tableName } from "../../../lib/postgresql/sql/table_name.ts";
import { identifiers } from "../../fixtures/identifiers.ts";
import { randomTexts } from "../../fixtures/random_texts.ts";
import { seed } from "../../seed.ts";
import { applicationServer, ownerSession } from "../fixture.ts";

const pieces = [
  ..."@.+-_~%&;= 4a".split(""),
  ...["ann", "Bob", "MAIL.example", "0123456789", "abcdefghij", "x-1_y", "ü", "É", "＠", "&#64;", "&#39;", "%40", "\n"],
  ...["5EEDDA7A-1111-4222-8333-444455556666", "5eedda7a", "-1111", "kX9_secret-Token1234567890", "anna@mail.example"],
];
const texts = [...identifiers, "x".repeat(301) + "1@mail.example", ...randomTexts(pieces, 3_000, 5)];

const values = texts.map((text, at) => `(${at}, ${textLiteral(text).text}, NULL)`).join(", ");
const server = await applicationServer(`CREATE TABLE t (id integer PRIMARY KEY, v varchar, w text);
  INSERT INTO t VALUES ${values}; ANALYZE t`);
const session = await ownerSession(server);
await postgresql.openScratch(session);
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});
const table = (await readSchema(session)).tables.find(({ name }) => name === "t");
if (!table) throw new TypeError("Cannot read the texts: they are not there");
const name = tableName("", table);
const { fingerprints, fingerprintsInRows } = postgresql.expressions;
const text = trusted("v::pg_catalog.text");

/** Texts that have other tokens so than with a word more, with which a text is no identifier. */
async function differing(identifier: boolean): Promise<readonly (string | undefined)[]> {
  const tokens = (rows: Sql) => sql`SELECT id, ${foundFingerprint}, ${foundFlags} FROM ${name} CROSS JOIN ${rows}`;
  const own = tokens(
    fingerprints([{ text, flags: 5, identifier }, { text: trusted("w"), flags: 6, identifier: true }]),
  );
  const longer = tokens(fingerprints([{ text: sql`(${text} || ' .')`, flags: 5 }]));
  const rows = await session.scan(
    sql`SELECT DISTINCT id FROM (((${own}) EXCEPT (${longer})) UNION ALL ((${longer}) EXCEPT (${own})))
    AS different ORDER BY id`,
  );
  return rows.map(({ id }) => texts[Number(id)]);
}

for (const identifier of [true, false]) {
  Deno.test(`${identifier ? "identifiers" : "texts"} have the same tokens as with a word after them, of seed ${seed}`, async () => {
    assertEquals(await differing(identifier), []);
  });
}

Deno.test("one text in twenty has a token at least", async () => {
  const [row] = await session.scan(
    sql`SELECT count(*) AS n FROM (${
      fingerprintsInRows({ table: sql`${name}`, texts: [{ text, flags: 1, identifier: true }] })
    }) AS found`,
  );
  assertEquals(Number(row?.["n"]) > texts.length / 20, true);
});
