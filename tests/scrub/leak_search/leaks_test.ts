/** The leak search on real servers: it finds what should be gone, wherever and however it is written, and nothing else. @module */

import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Fingerprint } from "../../../lib/engine/engine.ts";
import { foundFingerprint } from "../../../lib/engine/expressions.ts";
import { scrubDatabase } from "../../../lib/scrub/execute/scrub_database.ts";
import { fewerThanOneIn, shareOf } from "../../../lib/scrub/leak_search/leak_sample.ts";
import { prepareLeakSearch } from "../../../lib/scrub/leak_search/leak_search.ts";
import { foundIn, readSet, writeSet } from "../../../lib/scrub/leak_search/leak_sets.ts";
import {
  constant,
  email,
  json as jsonOf,
  lorem,
  opaque,
  published,
  replacing,
  setNull,
} from "../../../lib/scrub/rules/strategies.ts";
import { onlyIn, sql, type TableRule } from "../../../lib/scrub/rules/definition.ts";
import { verify } from "../../../lib/scrub/verify/verify.ts";
import { quoteText } from "../../fixtures/database.ts";
import { columnTypes, digitsUuid, plainAddress, spellings, tokens } from "./leak_cases.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  leakOptions,
  never,
  planFixture,
  scrubberOf,
  scrubFixture,
  serverOf,
  silent,
  targetOf,
  testKey,
  workspaceWith,
} from "../scrub_fixture.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";

/** The values that are taken away, one of each kind. */
const people: TableRule = { columns: { mail: email(), uid: opaque(), secret: opaque() } };

function createPeople(engine: EngineName): string {
  const uuid = engine === "postgresql" ? "uuid" : "char(36)";
  return `CREATE TABLE people (id integer PRIMARY KEY, mail varchar(100), uid ${uuid}, secret varchar(100));
    INSERT INTO people VALUES (1, ${quoteText(engine, tokens.address)}, '${tokens.uuid}', '${tokens.opaque}'),
      (2, '${plainAddress}', '${digitsUuid}', '')`;
}

/** The findings of a verification that has to fail. */
async function findings(run: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(run, ScrubError);
  assertEquals(error.kind, "refused");
  for (const token of Object.values(tokens)) assertEquals(error.message.includes(token), false);
  return error.message;
}

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  let databases = 0;

  const fresh = async (statements: string): Promise<string> => {
    const database = `leaks_${databases++}`;
    await createTestDatabase(server, engine, database, statements);
    return database;
  };

  // One scrub for all: each case is a row that is planted after it, searched for, and taken out again.
  const types = columnTypes[engine];
  const database = await fresh(
    `${createPeople(engine)}; ${
      types.map(({ type }, at) => `CREATE TABLE kept_${at} (id integer PRIMARY KEY, v ${type})`).join("; ")
    }`,
  );
  await using undo = new AsyncDisposableStack();
  const opened = undo.use(await planFixture(server, engine, database, scrubberOf(engine, { people })));
  const { planned: [planned = opened.planned] } = await prepareLeakSearch(
    [opened.planned],
    [],
    leakOptions({ leakSearch: "full" }),
    silent,
  );
  const scrubbed = await scrubDatabase(planned, testKey(), 1, silent, never);
  const owned = undo.move();
  Deno.test.afterAll(() => owned.disposeAsync());

  for (const [at, { type, value, uuidOnly, addressOnly }] of types.entries()) {
    const planted = spellings.flatMap(({ name, spell }) =>
      Object.entries(tokens).flatMap(([kind, listed]) => {
        if (addressOnly && (kind !== "address" || !/^(plain|upper)/.test(name))) return [];
        const token = addressOnly ? plainAddress : listed;
        if (uuidOnly && (kind !== "uuid" || !/^(plain|upper case)$/.test(name))) return [];
        const text = spell(token);
        return /\(200\)/.test(type) && text.length > 200 ? [] : [{ what: `${kind}, ${name}`, text }];
      })
    );
    Deno.test(`${engine}: a leak in a column of type ${type} is found in every spelling`, async () => {
      for (const [n, { text }] of planted.entries()) {
        await server.run(`INSERT INTO kept_${at} VALUES (${n}, ${value(quoteText(engine, text))})`, database);
      }
      // All at once first: nearly always nothing more has to be asked.
      const found = new RegExp(`${database}: kept_${at}\\.v holds .*: (\\d+) rows`).exec(
        await findings(() => verify(workspaceWith(database), [scrubbed], silent)),
      );
      const missed: string[] = [];
      if (found?.[1] !== String(planted.length)) {
        for (const [n, { what }] of planted.entries()) {
          await server.run(`CREATE TABLE aside AS SELECT * FROM kept_${at} WHERE id <> ${n}`, database);
          await server.run(`DELETE FROM kept_${at} WHERE id <> ${n}`, database);
          await verify(workspaceWith(database), [scrubbed], silent).then(() => missed.push(what), () => {});
          await server.run(`INSERT INTO kept_${at} SELECT * FROM aside; DROP TABLE aside`, database);
        }
      }
      await server.run(`DELETE FROM kept_${at}`, database);
      assertEquals(missed, []);
      assertEquals(found?.[1], String(planted.length));
    });
  }

  Deno.test(`${engine}: pseudonyms, ordinary words and other people's values are no leak`, async () => {
    const [type] = types;
    const values = [
      "user-0123456789abcdef01234567@example.com",
      "responsibilities and recommendations",
      "someone.else@mail.example",
      "5eedda7a-1111-4222-8333-444455556667",
      "mail.example",
      "Anna.Example+news",
    ];
    const rows = values.map((text, n) => `(${n}, ${type?.value(quoteText(engine, text))})`);
    await server.run(`INSERT INTO kept_0 VALUES ${rows.join(", ")}`, database);
    await server.run(`INSERT INTO kept_0 SELECT 100 + id, mail FROM people`, database);
    await server.run(`INSERT INTO kept_0 SELECT 200 + id, secret FROM people`, database);
    await verify(workspaceWith(database), [scrubbed], silent);
    await server.run("DELETE FROM kept_0", database);
  });

  for (const text of [digitsUuid, `id=${digitsUuid}.`, `row-${digitsUuid}`]) {
    Deno.test(`${engine}: a UUID of digits alone is found in ${text}`, async () => {
      await server.run(`INSERT INTO kept_0 VALUES (1, ${types[0]?.value(`'${text}'`)})`, database);
      const message = await findings(() => verify(workspaceWith(database), [scrubbed], silent));
      await server.run("DELETE FROM kept_0", database);
      assertStringIncludes(message, `${database}: kept_0.v holds`);
    });
  }

  Deno.test(`${engine}: a planted leak in a column that was replaced is found by its evidence`, async () => {
    await server.run(`UPDATE people SET secret = '${tokens.opaque}' WHERE id = 1`, database);
    const message = await findings(() => verify(workspaceWith(database), [scrubbed], silent));
    await server.run("UPDATE people SET secret = '' WHERE id = 1", database);
    assertStringIncludes(message, `${database}: people.secret does not look like opaque: 1 row`);
  });

  const text = engine === "postgresql" ? "text" : "longtext";
  const json = engine === "postgresql" ? "jsonb" : "json";

  Deno.test(`${engine}: what a strategy that keeps parts has kept is found`, async () => {
    const name = await fresh(
      `${createPeople(engine)};
      CREATE TABLE mails (id integer PRIMARY KEY, address varchar(100), body ${text}, details ${json}, hint varchar(100));
      INSERT INTO mails VALUES (1, 'bob@mail.example', ${
        quoteText(engine, `To bob@mail.example and ${encodeURIComponent(tokens.address)}`)
      }, '{"to": "${tokens.address}", "body": "x"}', 'x')`,
    );
    const rules = {
      people,
      mails: {
        columns: {
          address: email(),
          body: replacing("address"),
          details: jsonOf({ "$.body": constant("y") }),
          hint: constant("y"),
        },
      },
    };
    const message = await findings(() => scrubFixture(server, engine, name, scrubberOf(engine, rules)));
    const leak = (column: string) => `${name}: mails.${column} holds values that rules remove elsewhere: 1 row`;
    assertEquals(message.replace(/^[^:]*: /, ""), ["2 faults", leak("body"), leak("details")].join("\n"));
  });

  const staying: readonly { readonly what: string; readonly table: string; readonly value: string }[] = [
    { what: "as it is", table: `(id integer PRIMARY KEY, v ${text})`, value: tokens.address },
    { what: "in another case", table: `(id integer PRIMARY KEY, v ${text})`, value: tokens.address.toUpperCase() },
    {
      what: "inside JSON",
      table: `(id integer PRIMARY KEY, v ${json})`,
      value: JSON.stringify({ contact: [tokens.address] }),
    },
  ];
  for (const { what, table, value } of staying) {
    Deno.test(`${engine}: a value that also stays in a public column is no leak: ${what}`, async () => {
      const name = await fresh(
        `${createPeople(engine)}; CREATE TABLE contacts ${table};
        INSERT INTO contacts VALUES (1, ${quoteText(engine, value)})`,
      );
      const contacts = { columns: { v: published("printed on every page") } };
      const { proof } = await scrubFixture(server, engine, name, scrubberOf(engine, { people, contacts }));
      const { alsoStay, fingerprints, kept } = proof.databases[0]?.leaks ?? {};
      assertEquals([alsoStay, fingerprints, kept?.exempt], [1, 4, [{ column: "contacts.v", fingerprints: 1 }]]);
    });
  }

  Deno.test(`${engine}: a value that stays in a public row outside of a selection is no leak`, async () => {
    const name = await fresh(
      `CREATE TABLE drafts (id integer PRIMARY KEY, v ${text}, w ${text});
      INSERT INTO drafts VALUES (1, 'budget-2026-plans', 'x'), (2, 'budget-2026-plans', 'see budget-2026-plans')`,
    );
    const rest = { restPublic: "those are published" };
    const rules = {
      drafts: { columns: { v: onlyIn("secret", lorem(), rest), w: onlyIn("secret", setNull(), rest) } },
    };
    const secret = { secret: { of: "drafts", where: sql`id = 1` } };
    const { proof } = await scrubFixture(server, engine, name, scrubberOf(engine, rules, secret));
    const { kept, ...leaks } = proof.databases[0]?.leaks ?? {};
    const exempt = [{ column: "drafts.v", fingerprints: 1 }, { column: "drafts.w", fingerprints: 1 }];
    assertEquals(kept, { tables: 1, columns: 2, exempt });
    assertEquals(leaks, { fingerprints: 0, alsoStay: 1, tables: 0, sampled: [], inFull: [], goneSampled: [] });
  });

  Deno.test(`${engine}: what rows that go held is found in rows that stay, if it was not there before`, async () => {
    const name = await fresh(
      `CREATE TABLE drafts (id integer PRIMARY KEY, v ${text});
      INSERT INTO drafts VALUES (1, ${quoteText(engine, tokens.address)}), (2, 'x')`,
    );
    const rules = { drafts: { deleteRows: "secret", columns: {} } };
    const secret = { secret: { of: "drafts", where: sql`id = 1` } };
    const meddle = async () => {
      await server.run(`UPDATE drafts SET v = ${quoteText(engine, tokens.address)} WHERE id = 2`, name);
    };
    const message = await findings(() =>
      scrubFixture(server, engine, name, scrubberOf(engine, rules, secret), { meddle })
    );
    assertMatch(message, /: drafts\.v holds values that rules remove elsewhere: 1 row$/);
  });

  Deno.test(`${engine}: a constant that was there before is no leak`, async () => {
    const name = await fresh(
      `CREATE TABLE senders (id integer PRIMARY KEY, v varchar(100), w ${text});
      INSERT INTO senders VALUES (1, 'no-reply@mail.example', ''), (2, 'anna@mail.example', 'from no-reply@mail.example')`,
    );
    const rules = { senders: { columns: { v: constant("no-reply@mail.example"), w: replacing("v") } } };
    await scrubFixture(server, engine, name, scrubberOf(engine, rules));
  });

  const many = (values: string) =>
    engine === "postgresql"
      ? `INSERT INTO mails SELECT n, ${values} FROM generate_series(1, 45000) AS n; ANALYZE mails`
      : `SET SESSION cte_max_recursion_depth = 50000; INSERT INTO mails WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL
        SELECT n + 1 FROM s WHERE n < 45000) SELECT n, ${values} FROM s; ANALYZE TABLE mails`;
  const address = "concat('person', n, '@mail.example')";

  Deno.test(`${engine}: a sample says how sure it is`, async () => {
    const name = await fresh(
      `CREATE TABLE mails (id integer PRIMARY KEY, address varchar(100), note ${text}); ${many(`${address}, 'x'`)}`,
    );
    const rules = { mails: { columns: { address: email() } } };
    const { proof } = await scrubFixture(server, engine, name, scrubberOf(engine, rules), { leakSearch: "sample" });
    const [sampled] = proof.databases[0]?.leaks?.sampled ?? [];
    assertEquals(sampled?.table, "mails");
    assertEquals(sampled?.fewerThanOneIn, fewerThanOneIn(sampled?.rows ?? 0));
    assertEquals((sampled?.rows ?? 0) > 21_500 && (sampled?.rows ?? 0) < 23_500, true);
  });

  Deno.test(`${engine}: a sample finds a leak in many rows`, async () => {
    const again = await fresh(
      `CREATE TABLE mails (id integer PRIMARY KEY, address varchar(100), note ${text}); ${many(`${address}, 'x'`)}`,
    );
    const meddle = async () => {
      await server.run("UPDATE mails SET note = 'to person3@mail.example' WHERE id % 10 = 1", again);
    };
    const mails = { mails: { columns: { address: email() } } };
    const options = { leakSearch: "sample", meddle } as const;
    const message = await findings(() => scrubFixture(server, engine, again, scrubberOf(engine, mails), options));
    assertMatch(message, /: mails\.note holds values that rules remove elsewhere: \d+ rows?$/);
  });

  Deno.test(`${engine}: without a search nothing is looked for, and the proof says so`, async () => {
    const name = await fresh(createPeople(engine));
    const { proof } = await scrubFixture(server, engine, name, scrubberOf(engine, { people }), { leakSearch: "off" });
    assertEquals(proof.databases[0]?.leaks, undefined);
  });

  Deno.test(`${engine}: fingerprints are not what the values' pseudonyms show`, async () => {
    const name = await fresh(createPeople(engine));
    await using one = await planFixture(server, engine, name, scrubberOf(engine, { people }));
    const { planned: [planned] } = await prepareLeakSearch([one.planned], [], leakOptions(), silent);
    await using session = await engineNamed(engine).open(targetOf(server, name), testKey(2), never);
    const e = engineNamed(engine).expressions;
    const set = planned?.leaks?.sought;
    if (!set) throw new TypeError("Cannot compare fingerprints: there are none");
    const [row] = await session.query(
      e.sql`SELECT count(*) AS n FROM ${set} WHERE fingerprint IN (SELECT ${foundFingerprint} FROM ${
        e.fingerprints([{ text: e.text(Object.values(tokens).join(" ")), flags: 1 }])
      })`,
    );
    assertEquals(Number(row?.["n"]), 0);
    await engineNamed(engine).closeScratch(one.session);
  });

  Deno.test(`${engine}: a set that was written, page by page, is read with the same fingerprints, whatever their sign`, async () => {
    const name = await fresh(createPeople(engine));
    await using one = await planFixture(server, engine, name, scrubberOf(engine, { people }));
    const database = { engine: engineNamed(engine), session: one.session };
    const set = database.engine.fingerprintSet(name, "written");
    const extremes: readonly Fingerprint[] = [[-(2n ** 63n), 1], [-1n, 2 ** 51], [0n, 7], [
      2n ** 63n - 1n,
      2 ** 52 - 1,
    ]];
    const more = Array.from({ length: 20_000 }, (_, at): Fingerprint => [BigInt(at) * 2n ** 48n + 5n, 3]);
    const pages = [extremes, more];
    await writeSet(database, set, pages);
    const bySize = ([a]: Fingerprint, [b]: Fingerprint) => a < b ? -1 : 1;
    assertEquals((await Array.fromAsync(readSet(database, set))).flat(), pages.flat().toSorted(bySize));
    assertEquals([...await foundIn(database, set, [...extremes, [6n, 1]])].sort(bySize), extremes);
    await database.engine.closeScratch(one.session);
  });
}

Deno.test("shareOf() reads all of a small table, one row in 20 of a huge one, and all where a row has no name", () => {
  const table = {
    id: "t",
    schema: "s",
    name: "t",
    kind: "table",
    columns: [],
    uniqueKeys: [],
    hasTriggers: false,
  } as const;
  const sized = (rows: number, bytes: number, primaryKey = ["id"]) => ({ ...table, primaryKey, rows, bytes });
  const [mega, giga] = [2 ** 20, 2 ** 30];
  assertEquals(shareOf(sized(1e6, 100 * mega), undefined), 1);
  assertEquals(shareOf(sized(1e6, giga), undefined), 20);
  assertEquals(shareOf(sized(100_000, giga), undefined), 5);
  assertEquals(shareOf(sized(10_000, giga), undefined), 1);
  assertEquals(shareOf(sized(1e6, giga, []), undefined), 1);
  assertEquals(shareOf(sized(1e6, giga), "full"), 1);
  assertEquals(shareOf(sized(100_000, mega), "sample"), 5);
});
