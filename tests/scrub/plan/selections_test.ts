/** Selections: which rows they come to, on real servers, and which definitions are refused. @module */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { bind } from "../../../lib/scrub/rules/bind.ts";
import {
  asOf,
  column,
  type Definition,
  type EngineName,
  type Fragment,
  onlyIn,
  selection,
  sql,
  table,
} from "../../../lib/scrub/rules/definition.ts";
import { published, setNull } from "../../../lib/scrub/rules/strategies.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  scrubFixture,
  serverOf,
  targetOf,
  testKey,
} from "../scrub_fixture.ts";

function create(engine: EngineName): string {
  const time = engine === "mysql" ? "datetime(6)" : "timestamp";
  return [
    `CREATE TABLE t (id integer PRIMARY KEY, kind varchar(9), at ${time}, v varchar(9), w varchar(9))`,
    "CREATE TABLE u (id integer PRIMARY KEY, t integer, v varchar(9))",
    "CREATE TABLE pairs (a integer, b integer, v varchar(9), PRIMARY KEY (a, b))",
    "CREATE TABLE keyless (v varchar(9))",
    `INSERT INTO t VALUES (1, 'draft', '2026-08-20 11:59:59.999999', 'x', 'x'), (2, 'draft', '2026-08-20 12:00:00', 'x', 'x'),
      (3, 'open', '2026-08-20 12:00:00.000001', 'x', 'x'), (4, NULL, NULL, 'x', 'x')`,
    "INSERT INTO u VALUES (10, 1, 'x'), (20, 2, 'x'), (30, 3, 'x'), (40, 99, 'x'), (50, NULL, 'x')",
    "INSERT INTO pairs VALUES (1, 1, 'x'), (1, 2, 'x'), (2, 1, 'x')",
  ].join("; ");
}

const drafts = { of: "t", where: sql`${column("kind")} = 'draft'` };
const ofDrafts = { of: "u", where: sql`${column("t")} IN ${selection("drafts")}` };

interface Case {
  readonly what: string;
  readonly selections: Definition["selections"];
  readonly tables: Definition["tables"];
  /** Query to the keys of the rows that changed. */
  readonly expected: Readonly<Record<string, readonly string[]>>;
}

const changedT = "SELECT id FROM t WHERE v IS NULL";
const changedU = "SELECT id FROM u WHERE v IS NULL";

const cases: readonly Case[] = [
  {
    what: "a condition; NULL is no match",
    selections: { drafts },
    tables: { t: { columns: { v: onlyIn("drafts", setNull()) } } },
    expected: { [changedT]: ["1", "2"] },
  },
  {
    what: "a selection in a selection",
    selections: { drafts, ofDrafts },
    tables: { u: { columns: { v: onlyIn("ofDrafts", setNull()) } } },
    expected: { [changedU]: ["10", "20"] },
  },
  {
    what: "a selection of another table's rows, by name and alias",
    selections: {
      lost: { of: "u", where: sql`NOT EXISTS (SELECT 1 FROM ${table("t")} x WHERE x.id = ${column("t")})` },
    },
    tables: { u: { columns: { v: onlyIn("lost", setNull()) } } },
    expected: { [changedU]: ["40", "50"] },
  },
  {
    what: "rows before the time of the data, to the microsecond",
    selections: { old: { of: "t", where: sql`${column("at")} < ${asOf} - INTERVAL '1' DAY` } },
    tables: { t: { columns: { v: onlyIn("old", setNull()) } } },
    expected: { [changedT]: ["1"] },
  },
  {
    what: "what was true before anything changed",
    selections: { drafts, ofDrafts },
    tables: {
      t: { columns: { kind: setNull(), v: onlyIn("drafts", setNull()), w: onlyIn("drafts", setNull()) } },
      u: { columns: { t: setNull(), v: onlyIn("ofDrafts", setNull()) } },
    },
    expected: { [changedT]: ["1", "2"], [changedU]: ["10", "20"], "SELECT id FROM u WHERE t IS NOT NULL": [] },
  },
  {
    what: "rows of two selections in one table",
    selections: { drafts, open: { of: "t", where: sql`${column("kind")} = 'open'` } },
    tables: { t: { columns: { v: onlyIn("drafts", setNull()), w: onlyIn("open", setNull()) } } },
    expected: { [changedT]: ["1", "2"], "SELECT id FROM t WHERE w IS NULL": ["3"] },
  },
  {
    what: "rows by a key of two columns",
    selections: { ones: { of: "pairs", where: sql`${column("a")} = 1 AND ${column("b")} = 2` } },
    tables: { pairs: { columns: { v: onlyIn("ones", setNull()) } } },
    expected: { "SELECT a FROM pairs WHERE v IS NULL": ["1"], "SELECT b FROM pairs WHERE v IS NULL": ["2"] },
  },
  {
    what: "no rows of a table that may be missing, and rules that use them do nothing",
    selections: { missing: { of: "nowhere", where: sql`TRUE`, optional: true }, drafts },
    tables: {
      nowhere: { optional: true, deleteRows: "missing", columns: { v: setNull() } },
      t: { columns: { v: onlyIn("drafts", setNull()) } },
    },
    expected: { [changedT]: ["1", "2"] },
  },
];

interface Refusal {
  readonly what: string;
  readonly selections: Definition["selections"];
  readonly tables?: Definition["tables"];
  readonly why: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    what: "a selection of a missing table",
    selections: { s: { of: "nowhere", where: sql`TRUE` } },
    why: /no table "nowhere"/,
  },
  { what: "a missing column", selections: { s: { of: "t", where: sql`${column("x")} = 1` } }, why: /no column "x"/ },
  {
    what: "a missing table in a condition",
    selections: { s: { of: "t", where: sql`EXISTS (SELECT 1 FROM ${table("x")})` } },
    why: /no table "x"/,
  },
  { what: "a later selection", selections: { ofDrafts, drafts }, why: /no selection "drafts" is defined before it/ },
  {
    what: "a table without a key",
    selections: { s: { of: "keyless", where: sql`TRUE` } },
    why: /"keyless" has no primary key/,
  },
  {
    what: "keys of two columns in a condition",
    selections: {
      s: { of: "pairs", where: sql`TRUE` },
      t: { of: "t", where: sql`${column("id")} IN ${selection("s")}` },
    },
    why: /"s" has no key of one column/,
  },
  {
    what: "a selection of another table's rows",
    selections: { drafts },
    tables: { u: { columns: { v: onlyIn("drafts", setNull()) } } },
    why: /column u\.v: selection "drafts" is of table t/,
  },
  {
    what: "a deletion of another table's rows",
    selections: { drafts },
    tables: { u: { deleteRows: "drafts", columns: {} } },
    why: /table u: selection "drafts" is of table t/,
  },
];

/** Functions of MySQL's that answer for some rows only. */
const incomplete: readonly Fragment[] = [
  sql`CONVERT_TZ(${column("at")}, 'UTC', 'Europe/London') > '2020-01-01'`,
  sql`json_value (${column("v")}, '$.kind') = 'x'`,
  sql`'a' IN (SELECT GROUP_CONCAT(v) FROM ${table("u")})`,
  sql`MATCH/* text */(${column("v")}) AGAINST ('x')`,
];

const volatile: readonly Fragment[] = [
  sql`${column("at")} < now()`,
  sql`${column("at")} < NOW ( )`,
  sql`${column("at")} < now/* */()`,
  sql`${column("at")} < ${sql`now`}${sql`()`}`,
  sql`${column("at")} < pg_catalog.now()`,
  sql`${column("at")} < CURRENT_TIMESTAMP`,
  sql`${column("at")} < current_date`,
  sql`${column("at")} < 'now'`,
  sql`${column("at")} < 'Yesterday'::timestamp`,
  sql`${column("at")} < UTC_TIMESTAMP(6)`,
  sql`${column("at")} < from_unixtime(unix_timestamp())`,
  sql`age(${column("at")}) > interval '1 day'`,
  sql`random() < 0.5`,
  sql`RAND() < 0.5`,
  sql`${column("v")} = gen_random_uuid()::text`,
  sql`${column("v")} = uuidv7()::text`,
  sql`${column("v")} = UUID()`,
  sql`${column("v")} = current_user`,
  sql`${column("v")} = USER()`,
  sql`${column("id")} = nextval('s')`,
  sql`${column("id")} = @counter`,
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [at, { what, selections, tables, expected }] of cases.entries()) {
    Deno.test(`${engine}: a selection is ${what}`, async () => {
      const database = `case_${at}`;
      await createTestDatabase(server, engine, database, create(engine));
      await scrubFixture(server, engine, database, scrubberOf(engine, tables, selections));
      for (const [query, keys] of Object.entries(expected)) {
        const rows = await server.run(`${query} ORDER BY 1`, database);
        assertEquals(rows.flatMap((row) => Object.values(row).map(String)), [...keys], query);
      }
    });
  }

  if (engine === "postgresql") {
    const citext: readonly (readonly [condition: Fragment, isRefused: boolean])[] = [
      [sql`${column("mail")} = 'ann@left.example'`, true],
      [sql`mail LIKE '%@left.example'`, true],
      [sql`id IN (SELECT id FROM ${table("folded")} f WHERE f."mail" <> 'x')`, true],
      [sql`lower(${column("mail")}::text) LIKE '%@left.example' AND mail IS NOT NULL`, false],
      [sql`note = 'mail' -- mail`, false],
    ];
    Deno.test("postgresql: a condition on citext, which would be compared by case, is refused unless it says how", async () => {
      await createTestDatabase(server, engine, "folding", "SELECT 1");
      await server.run(
        "CREATE EXTENSION citext; CREATE TABLE folded (id int PRIMARY KEY, mail citext, note text); ALTER TABLE folded OWNER TO application",
        "folding",
      );
      await using session = await engineNamed(engine).open(targetOf(server, "folding"), testKey(), never);
      const schema = await engineNamed(engine).schema(session);
      for (const [where, isRefused] of citext) {
        const binding = () => bind(scrubberOf(engine, {}, { s: { of: "folded", where } }), schema);
        if (isRefused) assertThrows(binding, ScrubError, 'selection s: "mail" is citext');
        else binding();
      }
    });

    Deno.test("postgresql: a selection finds a row that an index has lost", async () => {
      const rows = `INSERT INTO many (kind, v) SELECT n, 'x' FROM generate_series(1, 20000) AS n`;
      await createTestDatabase(
        server,
        engine,
        "lost",
        `CREATE TABLE many (id serial PRIMARY KEY, kind integer, v text); CREATE INDEX kinds ON many (kind); ${rows}; ANALYZE many`,
      );
      const write = (ready: boolean) =>
        `UPDATE pg_index SET indisready = ${ready} WHERE indexrelid = 'kinds'::regclass`;
      await server.run(`${write(false)}; COMMIT; INSERT INTO many (kind, v) VALUES (-5, 'x'); ${write(true)}`, "lost");
      const selections = { few: { of: "many", where: sql`${column("kind")} < 3` } };
      const tables = { many: { columns: { v: onlyIn("few", setNull()) } } };
      await scrubFixture(server, engine, "lost", scrubberOf(engine, tables, selections));
      assertEquals(await server.run("SELECT kind FROM many WHERE v IS NULL ORDER BY 1", "lost"), [
        { kind: -5 },
        { kind: 1 },
        { kind: 2 },
      ]);
    });
  }

  Deno.test(`${engine}: a selection may be called like a set of the leak search`, async () => {
    const of = "id integer PRIMARY KEY, mail varchar(40), shown varchar(40)";
    const row = "(1, 'ann@zmark.example', 'ann@zmark.example')";
    await createTestDatabase(server, engine, "called", `CREATE TABLE t (${of}); INSERT INTO t VALUES ${row}`);
    const tables = { t: { columns: { mail: onlyIn("exempt", setNull()), shown: published("on a site") } } };
    const exempt = { of: "t", where: sql`${column("id")} = 1` };
    await scrubFixture(server, engine, "called", scrubberOf(engine, tables, { exempt }));
    assertEquals(await server.run("SELECT mail FROM t", "called"), [{ mail: null }]);
  });

  await createTestDatabase(server, engine, "refusals", create(engine));
  const session = await engineNamed(engine).open(targetOf(server, "refusals"), testKey(), never);
  const schema = await engineNamed(engine).schema(session);
  await session[Symbol.asyncDispose]();

  const bound = (selections: Definition["selections"], tables: Definition["tables"] = {}) => () =>
    bind(scrubberOf(engine, tables, selections), schema);

  for (const { what, selections, tables, why } of refusals) {
    Deno.test(`${engine}: refused: ${what}`, () => {
      assertMatch(assertThrows(bound(selections, tables), ScrubError).message, why);
    });
  }

  for (const where of volatile) {
    const text = where.map((part) => typeof part === "string" ? part : "…").join("");
    Deno.test(`${engine}: refused, because it gives another value each time: ${text}`, () => {
      const error = assertThrows(bound({ s: { of: "t", where } }), ScrubError);
      assertMatch(error.message, /gives another value each time; use asOf/);
    });
  }

  for (const where of engine === "mysql" ? incomplete : []) {
    const text = where.map((part) => typeof part === "string" ? part : "…").join("");
    Deno.test(`${engine}: refused, because it leaves values out: ${text}`, () => {
      const error = assertThrows(bound({ s: { of: "t", where } }), ScrubError);
      assertMatch(error.message, /leaves values out without an error, and rows with them/);
    });
  }

  Deno.test(`${engine}: names that only look like volatile functions are let through`, () => {
    bound({
      s: {
        of: "t",
        where: sql`${column("kind")} IN ('nowhere', 'userage (x)', 'randomly') AND lower(${column("v")}) = 'now on'`,
      },
    })();
  });
}
