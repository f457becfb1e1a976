/** Scratch, plans and purge: what is planned, and what it does to rows. @module */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { ColumnChange, Scratch, Session, TableChange } from "../../../lib/engine/engine.ts";
import { findColumn, findTable, type Schema, type Table } from "../../../lib/engine/schema.ts";
import { type Sql, trusted } from "../../../lib/engine/sql.ts";
import { sql } from "../../../lib/postgresql/sql/literals.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { applicationServer, asApplication, database, ownerSession, targetOf } from "../fixture.ts";

const server = await applicationServer(`
  CREATE TABLE people (id int PRIMARY KEY, email varchar(60) UNIQUE, name text, "odd ""col" text,
    twice text GENERATED ALWAYS AS (name || name) STORED);
  CREATE TABLE letters (id int PRIMARY KEY, person int NOT NULL REFERENCES people ON DELETE CASCADE, body text);
  CREATE TABLE pairs (a int, b text, note text, PRIMARY KEY (a, b));
  CREATE TABLE keyless (note text);
  CREATE TABLE mother (id int PRIMARY KEY, note text);
  CREATE TABLE daughter (extra text) INHERITS (mother);
  CREATE TABLE events (id int, at date, who text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE MATERIALIZED VIEW summary AS SELECT 1 AS one;
  CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'triggered'; END$$;
  CREATE TRIGGER forbid BEFORE UPDATE OR DELETE ON people FOR EACH ROW EXECUTE FUNCTION forbid()`);
const session: Session = await ownerSession(server);
const schema: Schema = await engine.schema(session);
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});

function table(id: string): Table {
  const found = findTable(schema, id);
  if (!found) throw new Error(`no table ${id}`);
  return found;
}

function change(id: string, column: string, next: string, only?: Scratch): ColumnChange {
  const found = findColumn(table(id), column);
  if (!found) throw new Error(`no column ${column}`);
  return { column: found, newValue: trusted(next), ...(only ? { onlyKeys: only } : {}) };
}

async function fresh(): Promise<void> {
  await asApplication(
    server,
    `TRUNCATE people, letters, pairs, keyless, mother, events;
    INSERT INTO people VALUES (1, 'a@x', 'Anna', 'o1'), (2, 'b@x', 'Bert', 'o2'), (3, NULL, NULL, NULL), (4, 'd@x', 'Dora', '');
    INSERT INTO letters VALUES (10, 1, 'x'), (20, 2, 'y');
    INSERT INTO pairs VALUES (1, 'x', 'n1'), (1, 'y', 'n2'), (2, 'x', 'n3');
    INSERT INTO keyless VALUES ('k'), ('k');
    INSERT INTO mother VALUES (1, 'm'); INSERT INTO daughter VALUES (2, 'd', 'e');
    INSERT INTO events VALUES (1, '2026-05-05', 'w'), (2, '2026-05-06', 'v')`,
  );
  await engine.openScratch(session);
}

async function pick(id: string, name: string, where: string): Promise<Scratch> {
  const scratch = engine.scratch(schema.database, name, table(id));
  const key = trusted(table(id).primaryKey.join());
  for (const step of engine.fillScratch(scratch, rowsOf(key, id, where))) await session.run(step);
  return scratch;
}

function rowsOf(key: Sql, id: string, where: string): Sql {
  return sql`SELECT ${key} FROM ${engine.tableName(schema.database, table(id))} WHERE ${trusted(where)}`;
}

/** Runs a change's plan; tells how many rows each step changed that counts them. */
async function carryOut(change: TableChange): Promise<number[]> {
  const rows: number[] = [];
  const { steps, afterwards = [] } = engine.plan(change, schema);
  for (const step of [...steps, ...afterwards]) {
    const changed = (await session.run(step)).rows;
    if (step.counts === "changed" || step.counts === "deleted") rows.push(changed);
  }
  return rows;
}

async function rows(statement: string): Promise<string[]> {
  return (await session.query(trusted(statement))).map((row) => Object.values(row).join("|"));
}

Deno.test("fillScratch() keeps each key once, and addToScratch() tells how many are new", async () => {
  await fresh();
  const scratch = engine.scratch(schema.database, "twice", table("people"));
  const fill = engine.fillScratch(scratch, sql`SELECT 1 AS id UNION ALL SELECT 1 UNION ALL SELECT 2`);
  const counts: number[] = [];
  for (const step of fill) counts.push((await session.run(step)).rows);
  assertEquals(counts, [0, 2, 0]);
  assertEquals(await session.run(engine.addToScratch(scratch, sql`SELECT 2 AS id UNION ALL SELECT 3`)), { rows: 1 });
  assertEquals(await rows(`SELECT id FROM ${scratch.table.quote('"')} ORDER BY id`), ["1", "2", "3"]);
});

Deno.test("fillScratch() makes unlogged tables with the key's own types", async () => {
  await fresh();
  await pick("pairs", "some pairs", "note <> 'n2'");
  assertEquals(
    await rows(`SELECT c.relpersistence, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relname = 'some pairs' ORDER BY a.attnum`),
    ["u|a|integer", "u|b|text"],
  );
});

Deno.test("fillScratch() refuses a table without a primary key", () => {
  const scratch = engine.scratch(schema.database, "none", table("keyless"));
  assertThrows(() => engine.fillScratch(scratch, sql`SELECT 1`), ScrubError, "it has no primary key");
});

Deno.test("scratch() tells long names apart that begin alike, within 63 bytes", async () => {
  await fresh();
  const long = "é".repeat(40);
  await pick("people", `${long}1`, "id = 1");
  await pick("people", `${long}2`, "id > 1");
  await pick("people", 'quoted "name".x', "id > 1");
  assertEquals(
    await rows(`SELECT count(*) FROM pg_class WHERE relnamespace = 'datascrubber'::regnamespace AND relkind = 'r'`),
    ["3"],
  );
});

Deno.test("openScratch() empties what was left, and closeScratch() leaves nothing", async () => {
  await fresh();
  await pick("people", "left", "true");
  await engine.openScratch(session);
  assertEquals(
    await rows(`SELECT count(*) FROM pg_class WHERE relnamespace = 'datascrubber'::regnamespace AND relkind <> 'c'`),
    ["0"],
  );
  await engine.closeScratch(session);
  await engine.closeScratch(session);
  assertEquals(await rows(`SELECT count(*) FROM pg_namespace WHERE nspname = 'datascrubber'`), ["0"]);
});

for (
  const { what, make } of [
    { what: "a schema of scratch's name", make: "CREATE SCHEMA datascrubber; CREATE TABLE datascrubber.t (a text)" },
    { what: "an empty one", make: "CREATE SCHEMA datascrubber" },
    {
      what: "one that looks like scratch",
      make:
        "CREATE SCHEMA datascrubber; CREATE FUNCTION datascrubber.mark() RETURNS text LANGUAGE sql AS $$SELECT 'a'$$",
    },
  ]
) {
  Deno.test(`neither schema(), openScratch() nor closeScratch() takes ${what} for ours`, async () => {
    await engine.closeScratch(session);
    await server.run(make, database);
    for (const use of [engine.schema, engine.openScratch, engine.closeScratch]) {
      await assertRejects(
        async () => await use(session),
        ScrubError,
        'Cannot work in database "app_production": it has a schema "datascrubber", which is the name of our scratch',
      );
    }
    await server.run("DROP SCHEMA datascrubber CASCADE", database);
  });
}

Deno.test("what a run with another key has left is not ours, and a user without a key sees it", async () => {
  await engine.openScratch(session);
  const target = targetOf(server);
  await using later = await engine.open(target, new Uint8Array(32).fill(9), new AbortController().signal);
  await assertRejects(() => engine.openScratch(later), ScrubError, "which is the name of our scratch");
  await using reader = await engine.openReadOnly({ ...target, tls: "verified" }, new AbortController().signal);
  await assertRejects(() => engine.schema(reader), ScrubError, "which is the name of our scratch");
});

Deno.test("schema() shows no scratch", async () => {
  await fresh();
  await pick("people", "hidden", "true");
  assertEquals((await engine.schema(session)).tables.map(({ id }) => id), schema.tables.map(({ id }) => id));
});

Deno.test("plan() changes all columns in one statement, from the old row, past triggers", async () => {
  await fresh();
  const columns = [
    change("people", "email", "'new-' || id"),
    change("people", "name", "email::text"),
    change("people", 'odd "col', "NULL"),
  ];
  assertEquals(await carryOut({ table: table("people"), columns }), [4]);
  assertEquals(await rows(`SELECT id, email, name, "odd ""col", twice FROM public.people ORDER BY id`), [
    "1|new-1|a@x||a@xa@x",
    "2|new-2|b@x||b@xb@x",
    "3|new-3|||",
    "4|new-4|d@x||d@xd@x",
  ]);
});

Deno.test("plan() changes the selected rows only", async () => {
  await fresh();
  const some = await pick("people", "some", "id IN (1, 3)");
  const columns = [change("people", "email", "'new-' || id", some), change("people", "name", "'N'", some)];
  assertEquals(await carryOut({ table: table("people"), columns }), [2]);
  assertEquals(await rows("SELECT id, email, name FROM public.people ORDER BY id"), [
    "1|new-1|N",
    "2|b@x|Bert",
    "3|new-3|N",
    "4|d@x|Dora",
  ]);
});

Deno.test("plan() keeps selections of different columns apart", async () => {
  await fresh();
  const one = await pick("people", "one", "id = 1");
  const two = await pick("people", "two", "id IN (1, 2)");
  const columns = [change("people", "email", "'new-' || id", one), change("people", "name", "'N'", two)];
  assertEquals(await carryOut({ table: table("people"), columns }), [2]);
  assertEquals(await rows("SELECT id, email, name FROM public.people ORDER BY id"), [
    "1|new-1|N",
    "2|b@x|N",
    "3||",
    "4|d@x|Dora",
  ]);
});

Deno.test("plan() mixes columns of all rows with columns of some", async () => {
  await fresh();
  const one = await pick("people", "one", "id = 1");
  const columns = [change("people", "email", "NULL"), change("people", "name", "'N'", one)];
  await carryOut({ table: table("people"), columns });
  assertEquals(await rows("SELECT id, email, name FROM public.people ORDER BY id"), [
    "1||N",
    "2||Bert",
    "3||",
    "4||Dora",
  ]);
});

Deno.test("plan() changes most rows in one pass, and the others not, by keys of several columns", async () => {
  await fresh();
  const one = { ...await pick("pairs", "it's one", "a = 1"), rows: 2 };
  const pairs = { ...table("pairs"), rows: 3 };
  const plan = engine.plan({ table: pairs, columns: [change("pairs", "note", "note || b", one)] }, schema);
  assertEquals(plan.shape, "rewrite");
  for (const step of plan.steps) await session.run(step);
  assertEquals(await rows("SELECT * FROM public.pairs ORDER BY a, b"), ["1|x|n1x", "1|y|n2y", "2|x|n3"]);
  await engine.closeScratch(session);
  assertEquals(await rows("SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('datascrubber')"), ["0"]);
});

Deno.test("plan() deletes first, fires no cascade, and does not update what is gone", async () => {
  await fresh();
  const gone = await pick("people", "gone", "id = 1");
  const all = await pick("people", "all", "true");
  assertEquals(
    await carryOut({ table: table("people"), deletedKeys: gone, columns: [change("people", "name", "'N'", all)] }),
    [
      1,
      3,
    ],
  );
  assertEquals(await rows("SELECT id, name FROM public.people ORDER BY id"), ["2|N", "3|N", "4|N"]);
  assertEquals(await rows("SELECT id FROM public.letters ORDER BY id"), ["10", "20"]);
});

Deno.test("plan() finds rows by keys of several columns", async () => {
  await fresh();
  const gone = await pick("pairs", "gone", "note = 'n1'");
  const some = await pick("pairs", "some", "note = 'n2'");
  assertEquals(
    await carryOut({ table: table("pairs"), deletedKeys: gone, columns: [change("pairs", "note", "'new'", some)] }),
    [
      1,
      1,
    ],
  );
  assertEquals(await rows("SELECT * FROM public.pairs ORDER BY a, b"), ["1|y|new", "2|x|n3"]);
});

Deno.test("plan() leaves the rows of tables that inherit to their own changes", async () => {
  await fresh();
  assertEquals(await carryOut({ table: table("mother"), columns: [change("mother", "note", "'new'")] }), [1]);
  assertEquals(await rows("SELECT note FROM public.mother ORDER BY id"), ["new", "d"]);
});

Deno.test("plan() changes partitions through their partitioned table", async () => {
  await fresh();
  const gone = await pick("events", "gone", "id = 1");
  assertEquals(
    await carryOut({ table: table("events"), deletedKeys: gone, columns: [change("events", "who", "'new'")] }),
    [1],
  );
  assertEquals(await rows("SELECT who FROM public.events_1"), ["new"]);
  assertEquals(
    engine.plan({ table: table("events_1"), columns: [change("events_1", "who", "'x'")] }, schema).steps,
    [],
  );
});

Deno.test("plan() refuses text that is too long for its column", async () => {
  await fresh();
  const whole = { table: table("people"), columns: [change("people", "email", "repeat('x', 61)")] };
  await assertRejects(() => carryOut(whole), ScrubError, "a new value is too long for its column");
});

Deno.test("plan() refuses a column that the server computes", () => {
  const whole = { table: table("people"), columns: [change("people", "twice", "NULL")] };
  assertThrows(() => engine.plan(whole, schema), ScrubError, "the server computes it");
});

Deno.test("plan() refuses a materialised view", () => {
  const whole = { table: table("summary"), columns: [change("summary", "one", "NULL")] };
  assertThrows(() => engine.plan(whole, schema), ScrubError, "it is a materialised view");
});

Deno.test("purge() leaves no old value in the planner's statistics", async () => {
  await fresh();
  await asApplication(server, "INSERT INTO keyless SELECT 'zmark' FROM generate_series(1, 100); ANALYZE keyless");
  const samples = "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND most_common_vals::text LIKE '%zmark%'";
  assertEquals(await rows(samples), ["1"]);
  await carryOut({ table: table("keyless"), columns: [change("keyless", "note", "'new'")] });
  const keyless = engine.plan({ table: table("keyless"), columns: [change("keyless", "note", "'new'")] }, schema);
  await engine.purge(session, schema, [keyless]);
  assertEquals(await rows(samples), ["0"]);
});
