/** A copy that replaces a table: what it keeps, and the tables that it is not for. @module */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Session, TablePlan } from "../../../lib/engine/engine.ts";
import { findColumn, findTable, type Schema, type Table } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { execute } from "../../../lib/scrub/execute/execute.ts";
import { never, silent } from "../../scrub/scrub_fixture.ts";
import { applicationServer, asApplication, database, ownerSession } from "../fixture.ts";
import { changed, dump } from "./definitions.ts";

const server = await applicationServer();
await server.run(`CREATE ROLE reader; CREATE ROLE "odd reader"`);
const session: Session = await ownerSession(server);
const version = Math.floor(Number(await value("SELECT current_setting('server_version_num')::int")) / 10_000);
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});

/** A new database's schema of these objects, whose tables are all large. */
async function large(objects: string): Promise<Schema> {
  await server.run(
    `DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION app; GRANT USAGE ON SCHEMA public TO PUBLIC`,
    database,
  );
  await asApplication(server, objects);
  await engine.openScratch(session);
  const schema = await engine.schema(session);
  return { ...schema, tables: schema.tables.map((table) => ({ ...table, bytes: 2 ** 30 })) };
}

function table(schema: Schema, id: string): Table {
  const found = findTable(schema, id);
  if (!found) throw new Error(`no table ${id}`);
  return found;
}

function planOf(schema: Schema, id: string, next: Readonly<Record<string, string>>): TablePlan {
  const of = table(schema, id);
  const columns = Object.entries(next).map(([name, value]) => {
    const column = findColumn(of, name);
    if (!column) throw new Error(`no column ${name}`);
    return { column, newValue: trusted(value) };
  });
  return engine.plan({ table: of, columns }, schema);
}

async function carryOut(schema: Schema, ...plans: readonly TablePlan[]): Promise<void> {
  await execute({ engine, schema }, plans, [session], silent, never);
}

async function value(query: string): Promise<unknown> {
  const [row] = await server.run(query, database);
  return row && Object.values(row)[0];
}

const identifier = () => value(`SELECT 'people'::regclass::oid::text`);

/** All that the replacement makes anew. */
const usual = `
  CREATE TABLE teams (id serial PRIMARY KEY, name text); INSERT INTO teams (name) VALUES ('a'), ('b');
  CREATE SEQUENCE numbers; CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN short AS text CHECK (length(value) < 9);
  CREATE TABLE people (
    first int, id bigserial PRIMARY KEY, gone text, team int NOT NULL DEFAULT 1 REFERENCES teams ON DELETE CASCADE,
    email varchar(40) COLLATE "C" NOT NULL DEFAULT 'none', "odd ""name" text DEFAULT 'it''s \\', code char(5), number int DEFAULT nextval('numbers'),
    mood mood DEFAULT 'sad', small short, doc jsonb, price numeric(8, 2), at timestamptz(3) DEFAULT now(), above bigint,
    folded text COLLATE "und-x-icu" NOT NULL) WITH (fillfactor = 71, autovacuum_enabled = off);
  INSERT INTO people (first, team, email, "odd ""name", code, small, doc, price, above, folded)
    SELECT n, 1 + n % 2, 'zmark' || n, 'Name ' || n, n, 's', '{}', n, nullif(n - 1, 0), 'F' || n FROM generate_series(1, 500) n;
  ALTER TABLE people DROP gone; ALTER TABLE people ADD late text DEFAULT 'late';
  ALTER TABLE people ADD FOREIGN KEY (above) REFERENCES people DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT long_enough CHECK (length(email) > 1), ADD CONSTRAINT later CHECK (code <> 'x') NOT VALID,
    ADD CONSTRAINT one_email UNIQUE (email), ADD CONSTRAINT "odd key" UNIQUE${
  version >= 15 ? " NULLS NOT DISTINCT" : ""
} (first) WITH (fillfactor = 80);
  CREATE TABLE letters (id int PRIMARY KEY, person bigint CONSTRAINT "to people" REFERENCES people ON UPDATE CASCADE, other bigint, twice varchar(40));
  INSERT INTO letters SELECT n, n, n FROM generate_series(1, 20) n; INSERT INTO letters VALUES (99, 1, 12345);
  ALTER TABLE letters ADD CONSTRAINT unchecked FOREIGN KEY (other) REFERENCES people NOT VALID;
  CREATE UNIQUE INDEX folded ON people (lower(email)); CREATE INDEX documents ON people USING gin (doc jsonb_path_ops) WITH (fastupdate = off);
  CREATE INDEX partly ON people ("odd ""name" text_pattern_ops DESC NULLS LAST) INCLUDE (price) WHERE code IS NOT NULL;
  COMMENT ON TABLE people IS 'it''s a table'; COMMENT ON COLUMN people.email IS 'column'; COMMENT ON INDEX folded IS 'index';
  COMMENT ON CONSTRAINT one_email ON people IS 'constraint'; COMMENT ON CONSTRAINT "to people" ON letters IS 'foreign key';
  COMMENT ON CONSTRAINT long_enough ON people IS 'check'; COMMENT ON INDEX people_pkey IS 'primary key';
  GRANT SELECT ON people TO reader WITH GRANT OPTION; GRANT UPDATE, INSERT ON people TO "odd reader"; GRANT SELECT ON people TO PUBLIC;
  REVOKE TRUNCATE ON people FROM app`;

Deno.test("a copy that replaces a table has the new values, the other rows' values, and the same definition", async () => {
  const schema = await large(usual);
  const kept =
    `SELECT md5(string_agg(concat_ws('|', first, id, team, number, mood, small, price, at, above, late), ',' ORDER BY id)) FROM people`;
  const [before, rows, oid] = [await dump(server), await value(kept), await identifier()];
  const plan = planOf(schema, "people", {
    email: "'new' || id::text",
    'odd "name': "'Person'",
    code: "'c'",
    doc: `'{"b": 1}'::jsonb`,
    folded: "upper(folded)",
  });
  assertEquals(table(schema, "people").postgresql?.copyObstacle, undefined);
  assertEquals(plan.shape, "copy-swap");
  assertEquals(plan.locks.toSorted(), ["letters", "people", "teams"]);
  await carryOut(schema, plan);
  assertEquals(changed(before, await dump(server)), { gone: [], come: [] });
  assertEquals(await value(kept), rows);
  assertEquals(
    await value(
      `SELECT json_agg(DISTINCT jsonb_build_array(email = 'new' || id, "odd ""name", code, doc, folded COLLATE "C" = 'F' || id))
      FROM people`,
    ),
    [[true, "Person", "c    ", { b: 1 }, true]],
  );
  assertEquals(await identifier() === oid, false, "the table was altered, not replaced");
  // What no dump shows: the sequence numbers on, and goes with the table.
  assertEquals(
    await value(`INSERT INTO people (first, folded, email) VALUES (0, 'f', 'more') RETURNING id::int`),
    501,
  );
  assertEquals(await value(`SELECT pg_get_serial_sequence('people', 'id')`), "public.people_id_seq");
});

Deno.test("foreign keys are validated when rows that they miss meanwhile are deleted, too", async () => {
  const schema = await large(
    `CREATE TABLE people (id int PRIMARY KEY, name text); INSERT INTO people VALUES (1, 'a'), (2, 'b');
    CREATE TABLE letters (id int PRIMARY KEY, person int REFERENCES people); INSERT INTO letters VALUES (1, 1), (2, 2)`,
  );
  await session.query(trusted("DELETE FROM public.people WHERE id = 2"));
  const { steps, afterwards = [] } = planOf(schema, "people", { name: "'n'" });
  for (const step of steps) await session.run(step);
  assertEquals(await value(`SELECT convalidated FROM pg_constraint WHERE contype = 'f'`), false);
  await assertRejects(() => session.run(afterwards[0] ?? { label: "", sql: trusted("") }), Error, "foreign key");
  await session.query(trusted("DELETE FROM public.letters WHERE id = 2"));
  for (const step of afterwards) await session.run(step);
  assertEquals(await value(`SELECT convalidated FROM pg_constraint WHERE contype = 'f'`), true);
});

Deno.test("a value that is too long for its column fails as in an ALTER TABLE, and leaves the table", async () => {
  const schema = await large(
    `CREATE TABLE people (id int PRIMARY KEY, name varchar(5), code char(2)); INSERT INTO people VALUES (1, 'a', 'b')`,
  );
  for (const [column, ends] of [["name", "123456"], ["code", "123"]] as const) {
    const oid = await identifier();
    await assertRejects(() => carryOut(schema, planOf(schema, "people", { [column]: `'${ends}'` })), Error, "22001");
    assertEquals([await identifier(), await value(`SELECT name FROM people`)], [oid, "a"]);
  }
});

/** Tables that look as if a copy could replace them: the statement finds out that it can't. */
const misjudged: Readonly<Record<string, string>> = {
  "a trigger": `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER t AFTER UPDATE ON people FOR EACH ROW EXECUTE FUNCTION f()`,
  "a view": "CREATE VIEW v AS SELECT id FROM people",
  "a column's privilege": "GRANT SELECT (name) ON people TO reader",
  "an array's dimension": "ALTER TABLE people ADD tags text[]",
  "a statistics target": "ALTER TABLE people ALTER name SET STATISTICS 7",
  "a column's storage": "ALTER TABLE people ALTER name SET STORAGE EXTERNAL",
  "a replica identity": "ALTER TABLE people REPLICA IDENTITY FULL",
  "a policy": "CREATE POLICY p ON people",
  "row security": "ALTER TABLE people ENABLE ROW LEVEL SECURITY",
  "an identity": "ALTER TABLE people ALTER id ADD GENERATED ALWAYS AS IDENTITY",
  "extended statistics": "CREATE STATISTICS s ON id, name FROM people",
  "a TOAST table's parameter": "ALTER TABLE people SET (toast.autovacuum_enabled = off)",
  "an index to cluster by": "ALTER TABLE people CLUSTER ON people_pkey",
  "a deferrable key": "ALTER TABLE people ADD UNIQUE (name) DEFERRABLE",
};

for (const [what, objects] of Object.entries(misjudged)) {
  Deno.test(`with ${what}, the table is altered: planned so, and where the plan is wrong`, async () => {
    const schema = await large(
      `CREATE TABLE people (id int PRIMARY KEY, name text); INSERT INTO people VALUES (1, 'a'); ${objects}`,
    );
    assertEquals(planOf(schema, "people", { name: "'n'" }).shape, "rewrite");
    const [before, oid] = [await dump(server), await identifier()];
    const wrong: Schema = {
      ...schema,
      tables: schema.tables.map((table) => {
        if (!table.postgresql) return table;
        const { copyObstacle: _, ...postgresql } = table.postgresql;
        return { ...table, postgresql };
      }),
    };
    const plan = planOf(wrong, "people", { name: "'n'" });
    assertEquals(plan.shape, "copy-swap");
    await carryOut(wrong, plan);
    assertEquals(changed(before, await dump(server)), { gone: [], come: [] });
    assertEquals([await identifier(), await value("SELECT name FROM people")], [oid, "n"]);
  });
}

/** Tables of which a copy would be a different one for something else. */
const obstacles: readonly (readonly [what: string, objects: string, why: string, since?: number])[] = [
  ["a table that inherits", "CREATE TABLE child () INHERITS (people)", "it is in a hierarchy"],
  ["a row type in another table", "CREATE TABLE other (one people)", "other objects depend on it"],
  ["an array of rows in another table", "CREATE TABLE other (many people[])", "other objects depend on it"],
  [
    "a function's argument",
    "CREATE FUNCTION f(people) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "other objects depend on it",
  ],
  [
    "a function's body",
    "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM people; END",
    "other objects depend on it",
    14,
  ],
  ["a publication", "CREATE PUBLICATION p FOR TABLE people", "other objects depend on it"],
  ["an unlogged table", "ALTER TABLE people SET UNLOGGED", "its storage is special"],
  ["a rule", "CREATE RULE r AS ON UPDATE TO people DO ALSO NOTHING", "it has triggers or rules"],
  [
    "a generated column",
    "ALTER TABLE people ADD twice int GENERATED ALWAYS AS (id * 2) STORED",
    "a column is special",
    14,
  ],
  ["a compression method", "ALTER TABLE people ALTER name SET COMPRESSION pglz", "a column is special", 14],
  ["a column's options", "ALTER TABLE people ALTER name SET (n_distinct = 4)", "a column is special"],
  [
    "an index's statistics target",
    "CREATE INDEX i ON people (lower(name)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 9",
    "an index is special",
  ],
  ["an exclusion constraint", "ALTER TABLE people ADD EXCLUDE (name WITH =)", "an index is special"],
  [
    "a partitioned table that references it",
    "CREATE TABLE p (id int REFERENCES people) PARTITION BY LIST (id)",
    "a constraint is special",
  ],
  [
    "a reference to a partitioned table",
    "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); ALTER TABLE people ADD FOREIGN KEY (id) REFERENCES p NOT VALID",
    "a constraint is special",
  ],
  [
    "a constraint trigger",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE CONSTRAINT TRIGGER t AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION f()",
    "it has triggers or rules",
  ],
  [
    "identifiers of tables among rows",
    "CREATE TABLE audit (of regclass)",
    "a column of the database may hold identifiers of tables",
  ],
  ["arrays of them", "CREATE TABLE audit (of oid[])", "a column of the database may hold identifiers of tables"],
];

for (const [what, objects, why, since = 0] of obstacles) {
  Deno.test({ name: `no copy replaces a table with ${what}`, ignore: version < since }, async () => {
    const schema = await large(`CREATE TABLE people (id int PRIMARY KEY, name text); ${objects}`);
    assertEquals(table(schema, "people").postgresql?.copyObstacle, why);
  });
}

Deno.test("no copy replaces a table whose privileges another role granted, or whose owner may not create tables", async () => {
  const objects = "CREATE TABLE people (id int PRIMARY KEY, name text)";
  await large(objects);
  await asApplication(
    server,
    `GRANT SELECT ON people TO reader WITH GRANT OPTION; SET ROLE reader; GRANT SELECT ON people TO "odd reader"`,
  );
  assertEquals(table(await engine.schema(session), "people").postgresql?.copyObstacle, "its privileges are special");
  await large(objects);
  await server.run("ALTER SCHEMA public OWNER TO reader", database);
  assertEquals(table(await engine.schema(session), "people").postgresql?.copyObstacle, "its owner may not create it");
});

/** What decides besides the catalogue. */
const cases:
  readonly (readonly [what: string, bytes: Readonly<Record<string, number>>, column: string, shape: string])[] = [
    ["of 64 MiB", { people: 2 ** 26, letters: 0 }, "name", "copy-swap"],
    ["of less", { people: 2 ** 26 - 1, letters: 0 }, "name", "rewrite"],
    ["that a larger one references", { people: 2 ** 30, letters: 2 ** 30 + 1 }, "name", "rewrite"],
    ["that references a larger one", { people: 2 ** 31, letters: 2 ** 30 }, "body", "copy-swap"],
    ["of which a column of a user's type changes", { people: 2 ** 30, letters: 0 }, "mood", "rewrite"],
    ["of which a column of a domain changes", { people: 2 ** 30, letters: 0 }, "small", "rewrite"],
  ];
for (const [what, bytes, column, shape] of cases) {
  Deno.test(`a table ${what}: ${shape}`, async () => {
    const schema = await large(`CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN short AS varchar(9);
      CREATE TABLE people (id int PRIMARY KEY, name text, mood mood, small short);
      CREATE TABLE letters (id int PRIMARY KEY, person int REFERENCES people, body text)`);
    const sized = { ...schema, tables: schema.tables.map((one) => ({ ...one, bytes: bytes[one.id] ?? 0 })) };
    assertEquals(planOf(sized, column === "body" ? "letters" : "people", { [column]: "NULL" }).shape, shape);
  });
}

Deno.test({
  name: "several processes of the server compute a copy, also where rows are chosen by a key",
  ignore: version < 18,
}, async () => {
  const schema = await large(`CREATE TABLE people (id int PRIMARY KEY, name text);
    INSERT INTO people SELECT n, repeat('n', 900) FROM generate_series(1, 20000) n`);
  const people = table(schema, "people");
  const column = findColumn(people, "name");
  if (!column) throw new Error("no column");
  const some = engine.scratch(schema.database, "some", people);
  for (const step of engine.fillScratch(some, trusted("SELECT 1 AS id"))) await session.run(step);
  const workers = async () => {
    await session.query(trusted("SELECT pg_stat_force_next_flush()"));
    return Number(
      await value(`SELECT parallel_workers_launched FROM pg_stat_database WHERE datname = current_database()`),
    );
  };
  const newValue = engine.expressions.pseudonym(trusted('"name"'));
  for (const exceptKeys of [undefined, { ...some, rows: 1 }]) {
    const before = await workers();
    await carryOut(
      schema,
      engine.plan({ table: people, columns: [{ column, newValue, ...(exceptKeys && { exceptKeys }) }] }, schema),
    );
    assert(await workers() > before);
  }
});

Deno.test("rows that are not chosen keep their values in a copy", async () => {
  const schema = await large(
    `CREATE TABLE people (id int PRIMARY KEY, name text); INSERT INTO people SELECT n, 'old' FROM generate_series(1, 4) n`,
  );
  const people = table(schema, "people");
  const only = engine.scratch(schema.database, "some", people);
  for (const step of engine.fillScratch(only, trusted("SELECT id FROM public.people WHERE id > 2"))) {
    await session.run(step);
  }
  const column = findColumn(people, "name");
  if (!column) throw new Error("no column");
  const plan = engine.plan({
    table: people,
    columns: [{ column, newValue: trusted("'new'"), exceptKeys: { ...only, rows: 2 } }],
  }, schema);
  assertEquals(plan.shape, "copy-swap");
  await carryOut(schema, plan);
  assertEquals(await value("SELECT string_agg(name, ' ' ORDER BY id) FROM people"), "new new old old");
});
