/** Values that a rule takes away in one place and that would stay in another: found before the first change, on real servers. @module */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { onlyIn, type Scrubber, sql, type TableRule } from "../../../lib/scrub/rules/definition.ts";
import { type KeptDatabase, prepareLeakSearch } from "../../../lib/scrub/leak_search/leak_search.ts";
import { isSampled } from "../../../lib/scrub/leak_search/leak_texts.ts";
import {
  email,
  keep,
  lorem,
  opaque,
  published,
  replacing,
  setNull,
  shuffle,
} from "../../../lib/scrub/rules/strategies.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  leakOptions,
  planFixture,
  scrubberOf,
  scrubFixture,
  serverOf,
  silent,
} from "../scrub_fixture.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";

const address = "zoe.adams@mail.example";
const uid = "5eedda7a-1111-4222-8333-444455556666";
const plan = "budget-2026-plans-x1";
const people: TableRule = { columns: { mail: email(), uid: opaque() } };

function createPeople(engine: EngineName): string {
  const type = engine === "postgresql" ? "uuid" : "char(36)";
  return `CREATE TABLE people (id integer PRIMARY KEY, mail varchar(100), uid ${type});
    INSERT INTO people VALUES (1, '${address}', '${uid}'), (2, 'bob@mail.example', NULL)`;
}

/** A case: what stands beside the people, what is declared, and which columns refuse the run with how many rows. */
interface EchoCase {
  readonly what: string;
  /** `TEXT` and `JSON` are the engine's types. */
  readonly create: string;
  readonly tables?: Readonly<Record<string, TableRule>>;
  readonly selections?: Parameters<typeof scrubberOf>[2];
  readonly reviewed?: Scrubber["reviewed"];
  readonly echoes: Readonly<Record<string, number>>;
  /** Where it passes: what may stay, by column. */
  readonly exempt?: Readonly<Record<string, number>>;
  /** Where it passes: how many tokens may stay; absent: some where columns are exempt. */
  readonly staying?: number;
  readonly engine?: EngineName;
}

const signed = { reason: "printed on every page", by: "a test", source: "a test" };
const drafts = `CREATE TABLE drafts (id integer PRIMARY KEY, v TEXT);
  INSERT INTO drafts VALUES (1, 'see ${plan}'), (2, 'also ${plan}'), (3, 'nothing')`;
const secret = { secret: { of: "drafts", where: sql`id = 1` } };
const open = { few: { of: "drafts", where: sql`id > 1` } };
const audit = `CREATE TABLE audit (id integer PRIMARY KEY, details TEXT, note TEXT);
  INSERT INTO audit VALUES (1, 'by <${address}>', 'x'), (2, 'mailto:${
  encodeURIComponent(address)
}', '${uid}'), (3, 'x', NULL)`;

const cases: readonly EchoCase[] = [
  { what: "a table that no rule names", create: audit, echoes: { "audit.details": 2, "audit.note": 1 } },
  {
    what: "a column that is kept",
    create: audit,
    tables: { audit: { columns: { details: keep("logs"), note: setNull() } } },
    echoes: { "audit.details": 2 },
  },
  {
    what: "a column whose values move to other rows",
    create: audit,
    tables: { audit: { columns: { details: shuffle(), note: setNull() } } },
    echoes: { "audit.details": 2 },
  },
  {
    what: "a column of which some rows' values move, though the rest is declared public",
    create: audit,
    tables: {
      audit: {
        columns: { details: { ...onlyIn("every", shuffle()), restPublic: "printed on every page" }, note: setNull() },
      },
    },
    selections: { every: { of: "audit", where: sql`id < 9` } },
    echoes: { "audit.details": 2 },
  },
  {
    what: "a table that is kept",
    create: audit,
    tables: { audit: { keep: "logs" } },
    echoes: { "audit.details": 2, "audit.note": 1 },
  },
  {
    what: "JSON of a table that is kept",
    create: `CREATE TABLE audit (id integer PRIMARY KEY, details JSON);
      INSERT INTO audit VALUES (1, '{"by": {"mail": "${address.toUpperCase()}"}}')`,
    tables: { audit: { keep: "logs" } },
    echoes: { "audit.details": 1 },
  },
  {
    what: "a reviewed column",
    create: audit,
    reviewed: [{ table: "audit", column: "details", type: "text", ...signed }],
    echoes: { "audit.details": 2, "audit.note": 1 },
  },
  {
    what: "a public column, by a rule",
    create: audit,
    tables: { audit: { columns: { details: published("printed on every page"), note: setNull() } } },
    echoes: {},
    exempt: { "audit.details": 1 },
  },
  {
    what: "a public table",
    create: audit,
    tables: { audit: { keep: "printed on every page", public: true } },
    echoes: {},
    exempt: { "audit.details": 1, "audit.note": 1 },
  },
  {
    what: "a public column, by a review, and one that is not",
    create: audit,
    reviewed: [{ table: "audit", column: "details", type: "text", public: true, ...signed }],
    echoes: { "audit.note": 1 },
  },
  {
    what: "public columns, by the review of a group",
    create: audit,
    reviewed: [{ group: "audit", columns: { audit: { details: "text", note: "text" } }, public: true, ...signed }],
    echoes: {},
    exempt: { "audit.details": 1, "audit.note": 1 },
  },
  {
    what: "public columns, by the review of a table",
    create: audit,
    reviewed: [{ table: "audit", public: true, ...signed }],
    echoes: {},
    exempt: { "audit.details": 1, "audit.note": 1 },
  },
  {
    what: "a column that repeats what a public one holds",
    create:
      `${audit}; CREATE TABLE log (id integer PRIMARY KEY, line TEXT); INSERT INTO log VALUES (1, 'to ${address}')`,
    tables: { audit: { keep: "printed on every page", public: true } },
    echoes: {},
    exempt: { "audit.details": 1, "audit.note": 1 },
  },
  {
    what: "rows outside a selection",
    create: drafts,
    tables: { drafts: { columns: { v: onlyIn("secret", lorem()) } } },
    selections: secret,
    echoes: { "drafts.v": 1 },
  },
  {
    what: "public rows outside a selection",
    create: drafts,
    tables: { drafts: { columns: { v: onlyIn("secret", lorem(), { restPublic: "those are published" }) } } },
    selections: secret,
    echoes: {},
    exempt: { "drafts.v": 1 },
  },
  {
    what: "rows that stay beside rows that go",
    create: drafts,
    tables: { drafts: { deleteRows: "secret", columns: {} } },
    selections: secret,
    echoes: { "drafts.v": 1 },
  },
  {
    what: "rows that stay in a subset, of what only went with others",
    create: drafts,
    tables: { drafts: { keepRows: "few", columns: {} } },
    selections: open,
    echoes: {},
    exempt: {},
    staying: 1,
  },
  {
    what: "rows that stay in a subset, of what a rule removes from others",
    create: `${drafts}; CREATE TABLE log (id integer PRIMARY KEY, line TEXT); INSERT INTO log VALUES (1, 'of ${plan}')`,
    tables: { drafts: { keepRows: "few", columns: { v: lorem() } } },
    selections: open,
    echoes: { "log.line": 1 },
  },
  {
    what: "rows that stay in a subset, beside a table that deleteRows empties",
    create: `${drafts}; CREATE TABLE log (id integer PRIMARY KEY); INSERT INTO log VALUES (1)`,
    tables: { drafts: { keepRows: "few", columns: {} }, log: { deleteRows: "lines", columns: {} } },
    selections: { ...open, lines: { of: "log", where: sql`TRUE` } },
    echoes: {},
    exempt: {},
    staying: 1,
  },
  {
    what: "rows that stay in a subset, below a table of which deleteRows deletes some",
    create: `CREATE TABLE log (id integer PRIMARY KEY); INSERT INTO log VALUES (1), (2); ${
      drafts.replace("v TEXT", "v TEXT, log integer, FOREIGN KEY (log) REFERENCES log (id)")
        .replace("INTO drafts", "INTO drafts (id, v)")
    }; UPDATE drafts SET log = id WHERE id = 1`,
    tables: { drafts: { keepRows: "few", columns: {} }, log: { deleteRows: "lines", columns: {} } },
    selections: { ...open, lines: { of: "log", where: sql`id = 1` } },
    echoes: { "drafts.v": 1 },
  },
  {
    what: "names and short words, which nobody looks for",
    create:
      `CREATE TABLE log (id integer PRIMARY KEY, line TEXT); INSERT INTO log VALUES (1, 'Zoe Adams, 01632 960123')`,
    echoes: {},
    exempt: {},
  },
  {
    what: "an index of words in a column of its own, which nothing makes anew",
    engine: "postgresql",
    create: `CREATE TABLE posts (id integer PRIMARY KEY, words tsvector);
      INSERT INTO posts VALUES (1, to_tsvector('simple', 'by ${address}'))`,
    tables: { posts: { columns: { words: keep("a test's") } } },
    echoes: { "posts.words": 1 },
  },
  {
    what: "a key that the server made and that a text names",
    engine: "postgresql",
    create:
      `CREATE TABLE pages (id uuid PRIMARY KEY DEFAULT gen_random_uuid()); INSERT INTO pages VALUES ('${plan0()}');
      CREATE TABLE visits (id integer PRIMARY KEY, page_id uuid REFERENCES pages); INSERT INTO visits VALUES (1, '${plan0()}');
      CREATE TABLE mails (id integer PRIMARY KEY, body text); INSERT INTO mails VALUES (1, 'see /pages/${plan0()}')`,
    tables: { mails: { columns: { body: lorem() } } },
    echoes: {},
    exempt: { "pages.id": 1, "visits.page_id": 1 },
  },
  {
    what: "a key that is a person's token",
    engine: "postgresql",
    create:
      `CREATE TABLE profiles (id uuid PRIMARY KEY DEFAULT gen_random_uuid()); INSERT INTO profiles VALUES ('${uid}')`,
    echoes: { "profiles.id": 1 },
  },
  {
    what: "the key of a row that goes, in a row that stays",
    engine: "postgresql",
    create:
      `CREATE TABLE pages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), v text); INSERT INTO pages VALUES ('${plan0()}', 'x');
      CREATE TABLE log (id integer PRIMARY KEY, page uuid); INSERT INTO log VALUES (1, '${plan0()}')`,
    tables: { pages: { deleteRows: "all", columns: {} } },
    selections: { all: { of: "pages", where: sql`TRUE` } },
    echoes: {},
    exempt: {},
  },
  {
    what: "a composite value of which one attribute is NULL",
    engine: "postgresql",
    create:
      `CREATE TYPE contact AS (mail text, phone text); CREATE TABLE orders (id integer PRIMARY KEY, billed contact);
      INSERT INTO orders VALUES (1, ROW('${address}', NULL)), (2, NULL)`,
    tables: { orders: { columns: { billed: keep("a test's") } } },
    echoes: { "orders.billed": 1 },
  },
  {
    what: "an address of a removed composite value of which one attribute is NULL",
    engine: "postgresql",
    create:
      `CREATE TYPE contact AS (mail text, phone text); CREATE TABLE orders (id integer PRIMARY KEY, billed contact);
      INSERT INTO orders VALUES (1, ROW('eve@mail.example', NULL)), (2, ROW('adam@mail.example', '1'));
      CREATE TABLE log (id integer PRIMARY KEY, v text); INSERT INTO log VALUES (1, 'to eve@mail.example'), (2, 'to adam@mail.example')`,
    tables: { orders: { columns: { billed: setNull() } }, log: { columns: { v: keep("logs") } } },
    echoes: { "log.v": 2 },
  },
  {
    what: "bytes of a composite value, behind others that are no letters",
    engine: "postgresql",
    create: String
      .raw`CREATE TYPE packed AS (n integer, body bytea); CREATE TABLE packs (id integer PRIMARY KEY, v packed);
      INSERT INTO packs VALUES (1, ROW(1, '\x0a16'::bytea || '${address}')), (2, ROW(1, '\xc3a9'::bytea || '${address}'))`,
    tables: { packs: { columns: { v: keep("a test's") } } },
    echoes: { "packs.v": 2 },
  },
  {
    what: "an address that a truncated table's computed column put together",
    engine: "postgresql",
    create:
      `CREATE TABLE lists (id integer PRIMARY KEY, who text, host text, mail text GENERATED ALWAYS AS (who || '@' || host) STORED);
      CREATE TABLE log (id integer PRIMARY KEY, v text);
      INSERT INTO lists (id, who, host) VALUES (1, 'eve', 'mail.example'); INSERT INTO log VALUES (1, 'to eve@mail.example')`,
    tables: { lists: { truncate: true }, log: { columns: { v: keep("logs") } } },
    echoes: { "log.v": 1 },
  },
  {
    what: "an address that a deleted row's computed column put together",
    engine: "mysql",
    create: `CREATE TABLE lists (id integer PRIMARY KEY, who text, host text, mail text AS (CONCAT(who, '@', host)));
      CREATE TABLE log (id integer PRIMARY KEY, v text);
      INSERT INTO lists (id, who, host) VALUES (1, 'eve', 'mail.example'); INSERT INTO log VALUES (1, 'to eve@mail.example')`,
    tables: { lists: { deleteRows: "all", columns: {} }, log: { columns: { v: keep("logs") } } },
    selections: { all: { of: "lists", where: sql`TRUE` } },
    echoes: { "log.v": 1 },
  },
  {
    what: "addresses of a host with a low bar in its name",
    create: `CREATE TABLE log (id integer PRIMARY KEY, v TEXT);
      INSERT INTO people VALUES (3, 'eve@my_host.mail.example', NULL), (4, 'zoë@my_host.mail.example', NULL);
      INSERT INTO log VALUES (1, 'to _eve@my_host.mail.example_'), (2, 'by Zoë@my_host.mail.example'), (3, 'my_host'), (4, '${address}_2')`,
    echoes: { "log.v": 3 },
  },
  {
    what: "in columns that are called as the search calls its own",
    create: `CREATE TABLE keys_of (id integer PRIMARY KEY, fingerprint TEXT, flags TEXT);
      INSERT INTO keys_of VALUES (1, 'of ${address}', 'of ${address}')`,
    echoes: { "keys_of.fingerprint": 1, "keys_of.flags": 1 },
  },
  {
    what: "in columns that are called as the search calls its own, of other people",
    create: `CREATE TABLE keys_of (id integer PRIMARY KEY, fingerprint TEXT, flags TEXT);
      INSERT INTO keys_of VALUES (1, 'of eve@mail.example', 'of none')`,
    echoes: {},
    exempt: {},
  },
  {
    what: "in the bytes of columns that hold neither text nor bytes",
    engine: "mysql",
    create: `CREATE TABLE odd (id integer PRIMARY KEY, meaning vector(6), place geometry, flags bit(64));
      INSERT INTO people VALUES (3, 'a@b.test', NULL);
      INSERT INTO odd VALUES (1, _binary 0x${bytesOf(address, 24)},
        ST_GeomFromWKB(0x010200000002000000${bytesOf(address, 32)}), 0x${bytesOf("a@b.test", 8)})`,
    echoes: { "odd.flags": 1, "odd.meaning": 1, "odd.place": 1 },
  },
  {
    what: "an address beyond ASCII in columns of bytes",
    engine: "mysql",
    create: `CREATE TABLE bodies (id integer PRIMARY KEY, v blob, w varbinary(99));
      INSERT INTO people VALUES (3, 'zoë@mail.example', NULL);
      INSERT INTO bodies VALUES (1, CAST('of zoë@mail.example' AS BINARY), CAST('and Zoë@mail.example' AS BINARY))`,
    echoes: { "bodies.v": 1, "bodies.w": 1 },
  },
];

/** In hexadecimal, with blanks behind it. */
function bytesOf(text: string, length: number): string {
  return new TextEncoder().encode(text.padEnd(length)).toHex();
}

/** A UUID that is nobody's. */
function plan0(): string {
  return "0a1e27a9-0001-4222-8333-444455556666";
}

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  let databases = 0;
  const text = engine === "postgresql" ? "text" : "longtext";

  const fresh = async (statements: string): Promise<string> => {
    const database = `echoes_${databases++}`;
    const json = engine === "postgresql" ? "jsonb" : "json";
    await createTestDatabase(
      server,
      engine,
      database,
      statements.replaceAll(/\bTEXT\b/g, text).replaceAll(/\bJSON\b/g, json),
    );
    return database;
  };

  const refused = async (run: () => Promise<unknown>): Promise<string> => {
    const error = await assertRejects(run, ScrubError);
    assertEquals([error.kind, error.message.includes(address), error.message.includes(uid)], ["refused", false, false]);
    assertStringIncludes(error.hint, "public");
    return error.message;
  };

  for (const { what, create, tables, selections, reviewed, echoes, exempt, staying, engine: only } of cases) {
    if (only !== undefined && only !== engine) continue;
    const fails = Object.keys(echoes).length > 0;
    Deno.test(`${engine}: ${fails ? "an echo refuses the run" : "no echo"}: ${what}`, async () => {
      const database = await fresh(`${createPeople(engine)}; ${create}`);
      const scrubber = { ...scrubberOf(engine, { people, ...tables }, selections), reviewed: reviewed ?? [] };
      if (fails) {
        const before = await server.run("SELECT mail FROM people ORDER BY id", database);
        const message = await refused(() => scrubFixture(server, engine, database, scrubber));
        const found = [...message.matchAll(/(\S+) holds values that rules remove elsewhere: (\d+) rows?\b/g)];
        assertEquals(Object.fromEntries(found.map(([, column, rows]) => [column, Number(rows)])), echoes);
        assertEquals(await server.run("SELECT mail FROM people ORDER BY id", database), before);
      } else {
        const { proof } = await scrubFixture(server, engine, database, scrubber);
        const { kept, alsoStay } = proof.databases[0]?.leaks ?? {};
        const found = kept?.exempt.map(({ column, fingerprints }) => [column, fingerprints] as const) ?? [];
        assertEquals(Object.fromEntries(found), exempt);
        if (staying !== undefined) assertEquals(alsoStay, staying);
        else assertEquals((alsoStay ?? 0) > 0, Object.keys(exempt ?? {}).length > 0);
      }
    });
  }

  Deno.test(`${engine}: what is exempt because it is public may stay elsewhere, and what is not may not`, async () => {
    const database = await fresh(
      `${createPeople(engine)}; CREATE TABLE pages (id integer PRIMARY KEY, v ${text});
      INSERT INTO pages VALUES (1, '${address}'), (2, 'x')`,
    );
    const scrubber = scrubberOf(engine, { people, pages: { columns: { v: published("printed on every page") } } });
    const meddle = (value: string) => () =>
      server.run(`UPDATE pages SET v = '${value}' WHERE id = 2`, database).then(() => {});
    const error = await assertRejects(
      () => scrubFixture(server, engine, database, scrubber, { meddle: meddle("bob@mail.example") }),
      ScrubError,
    );
    assertMatch(error.message, /: pages\.v holds values that rules remove elsewhere: 1 row$/);
  });

  Deno.test(`${engine}: what only went with rows of a subset is searched for afterwards unless kept text has it`, async () => {
    const scrubber = scrubberOf(engine, { people, drafts: { keepRows: "few", columns: {} } }, open);
    const lone = "lone-token-2026-x1";
    const run = async (meddle: string) => {
      const database = await fresh(
        `${createPeople(engine)}; ${drafts}; UPDATE drafts SET v = 'see ${plan} and ${lone}' WHERE id = 1`,
      );
      const options = { meddle: async () => void await server.run(meddle, database) };
      return await scrubFixture(server, engine, database, scrubber, options);
    };
    await run(`UPDATE drafts SET v = '${plan}' WHERE id = 3`);
    const error = await assertRejects(() => run(`UPDATE drafts SET v = '${lone}' WHERE id = 3`), ScrubError);
    assertMatch(error.message, /: drafts\.v holds values that rules remove elsewhere: 1 row$/);
  });

  for (const [standing, mode] of [["other", "scrubbed"], ["public", "scrubbed"], ["other", "kept"]] as const) {
    Deno.test(`${engine}: a value of one database in a column of another one that is ${mode}, ${standing}`, async () => {
      const one = await fresh(createPeople(engine));
      const other = await fresh(
        `CREATE TABLE notes (id integer PRIMARY KEY, v ${text}, w varchar(10)); INSERT INTO notes VALUES (1, 'to ${address}', 'x')`,
      );
      await using first = await planFixture(server, engine, one, scrubberOf(engine, { people }));
      const v = standing === "public" ? published("printed on every page") : keep("a note");
      const rules = { notes: { columns: { v, w: setNull() } } };
      await using second = await planFixture(server, engine, other, scrubberOf(engine, rules));
      const { schema, session } = second.planned;
      const looked: KeptDatabase[] = mode === "kept" ? [{ engine: engineNamed(engine), schema, session }] : [];
      const changed = mode === "kept" ? [first.planned] : [first.planned, second.planned];
      const prepare = () => prepareLeakSearch(changed, looked, leakOptions(), silent);
      if (mode === "kept") {
        const { kept } = await prepare();
        assertEquals(kept.map(({ echoes }) => echoes), [[{ column: "notes.v", rows: 1 }]]);
      } else if (standing === "public") {
        const { planned } = await prepare();
        assertEquals(planned.map(({ leaks }) => leaks?.alsoStay), [1, 0]);
        assertEquals(planned.map(({ leaks }) => leaks?.fingerprints), [2, 2]);
        assertEquals(planned[1]?.leaks?.kept.exempt, [{ column: "notes.v", fingerprints: 1 }]);
      } else {
        assertStringIncludes(
          await refused(prepare),
          `${other}: notes.v holds values that rules remove elsewhere: 1 row`,
        );
      }
      for (const { session } of [first, second]) await engineNamed(engine).closeScratch(session);
    });
  }

  const many = (values: string) =>
    engine === "postgresql"
      ? `INSERT INTO mails SELECT n, ${values} FROM generate_series(1, 45000) AS n; ANALYZE mails`
      : `SET SESSION cte_max_recursion_depth = 50000; INSERT INTO mails WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL
        SELECT n + 1 FROM s WHERE n < 45000) SELECT n, ${values} FROM s; ANALYZE TABLE mails`;
  const createMails = "CREATE TABLE mails (id integer PRIMARY KEY, address varchar(100), body TEXT)";
  const numbered = "concat('person', n, '@mail.example')";
  const runs = ["run 1", "run 2"];

  Deno.test(`${engine}: kept text of a big table is read in full, whatever rows a sample would have read`, async () => {
    const database = await fresh(
      `${createMails}; ${many(`${numbered}, CASE WHEN n = 777 THEN 'to person3@mail.example' ELSE 'x' END`)}`,
    );
    for (const runId of runs) {
      const options = { leakSearch: "sample", runId } as const;
      const rules = { mails: { columns: { address: email() } } };
      const message = await refused(() => scrubFixture(server, engine, database, scrubberOf(engine, rules), options));
      assertMatch(message, /: mails\.body holds values that rules remove elsewhere: 1 row$/);
    }
  });

  Deno.test(`${engine}: columns that no evidence describes are read in full afterwards, in a sampled table too`, async () => {
    const database = await fresh(
      `${createMails}; ${many(`${numbered}, CASE WHEN n = 777 THEN 'to person3@mail.example' ELSE 'x' END`)}`,
    );
    const rules = { mails: { columns: { address: email(), body: replacing("address") } } };
    const error = await assertRejects(
      () => scrubFixture(server, engine, database, scrubberOf(engine, rules), { leakSearch: "sample" }),
      ScrubError,
    );
    assertMatch(error.message, /: mails\.body holds values that rules remove elsewhere: 1 row$/);
    const clean = await fresh(`${createMails}; ${many(`${numbered}, 'x'`)}`);
    const { proof } = await scrubFixture(server, engine, clean, scrubberOf(engine, rules), { leakSearch: "sample" });
    const { sampled, inFull } = proof.databases[0]?.leaks ?? {};
    assertEquals([sampled, inFull, proof.search], [[], ["mails.body"], "full"]);
  });

  Deno.test(`${engine}: of a sampled table short texts that go are taken apart in full, of long ones a sample`, async () => {
    const rules = { mails: { columns: { address: setNull(), body: lorem() } } };
    const options = { leakSearch: "sample" } as const;
    const database = await fresh(`${createMails}; ${many("CASE WHEN n = 777 THEN 'a@b.example' ELSE 'x' END, 'x'")};
      CREATE TABLE log (line TEXT); INSERT INTO log VALUES ('a@b.example')`);
    for (const runId of runs) {
      const scrubber = scrubberOf(engine, rules);
      const message = await refused(() => scrubFixture(server, engine, database, scrubber, { ...options, runId }));
      assertMatch(message, /: log\.line holds values that rules remove elsewhere: 1 row$/);
    }
    await server.run("DROP TABLE log", database);
    const { proof } = await scrubFixture(server, engine, database, scrubberOf(engine, rules), options);
    assertEquals([proof.databases[0]?.leaks?.goneSampled, proof.search], [["mails"], "sample"]);
  });

  Deno.test(`${engine}: two runs read different samples, and one run the same rows twice`, async () => {
    const database = await fresh(`${createMails}; ${many("'x', 'x'")}`);
    await using opened = await planFixture(server, engine, database, scrubberOf(engine, {}));
    const [table] = opened.planned.schema.tables;
    assert(table);
    const { sql } = engineNamed(engine).expressions;
    const read = (salt: string) => isSampled(engineNamed(engine), { table, oneIn: 4, salt }) ?? sql`TRUE`;
    const share = async (one: string, other: string) => {
      const [row] = await opened.session.query(
        sql`SELECT count(*) AS n FROM ${engineNamed(engine).tableName(database, table)} WHERE ${read(one)} AND ${
          read(other)
        }`,
      );
      return Number(row?.["n"]) / 45000;
    };
    const [first = "", second = ""] = runs;
    const [same, both] = [await share(first, first), await share(first, second)];
    assert(same > 0.23 && same < 0.27, `a quarter, not ${same}`);
    assert(both > 0.05 && both < 0.075, `a sixteenth, not ${both}`);
    await engineNamed(engine).closeScratch(opened.session);
  });

  Deno.test(`${engine}: without a search an echo passes, and the proof says that nobody looked`, async () => {
    const database = await fresh(`${createPeople(engine)}; ${audit}`);
    const scrubber = scrubberOf(engine, { people });
    const { proof } = await scrubFixture(server, engine, database, scrubber, { leakSearch: "off" });
    assertEquals([proof.databases[0]?.leaks, proof.search], [undefined, "off"]);
  });
}
