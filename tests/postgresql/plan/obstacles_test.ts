/** What forbids the one pass over a table: the planner sees it, the server refuses the pass, and the other shape works. @module */
import { assertEquals, assertRejects } from "@std/assert";
import type { Session } from "../../../lib/engine/engine.ts";
import { findColumn, findTable } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { applicationServer, asApplication, database, ownerSession } from "../fixture.ts";

/** The table that each case has; its column `text` changes. */
const plain = "CREATE TABLE t (id int PRIMARY KEY, text text, more text)";

const cases: readonly (readonly [what: string, objects: string, why: string | undefined])[] = [
  ["nothing", plain, undefined],
  ["a view on another column", `${plain}; CREATE VIEW v AS SELECT more FROM t`, undefined],
  ["a view", `${plain}; CREATE VIEW v AS SELECT text FROM t`, "t.text: a view or rule uses it"],
  [
    "a materialised view",
    `${plain}; CREATE MATERIALIZED VIEW v AS SELECT text FROM t`,
    "t.text: a view or rule uses it",
  ],
  [
    "a rule",
    `${plain}; CREATE RULE r AS ON UPDATE TO t WHERE old.text = 'never' DO INSTEAD NOTHING`,
    "t.text: a view or rule uses it",
  ],
  ["a policy", `${plain}; CREATE POLICY p ON t USING (text <> '')`, "t.text: a policy uses it"],
  [
    "a stored generated column",
    "CREATE TABLE t (id int PRIMARY KEY, text text, more text GENERATED ALWAYS AS (text || '!') STORED)",
    "t.text: a generated column is computed from it",
  ],
  [
    "a trigger's list of columns",
    `${plain}; CREATE TRIGGER g BEFORE UPDATE OF text ON t FOR EACH ROW EXECUTE FUNCTION forbid()`,
    "t.text: a trigger names it",
  ],
  [
    "a trigger's condition",
    `${plain}; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (old.text = '') EXECUTE FUNCTION forbid()`,
    "t.text: a trigger names it",
  ],
  ["a trigger of another kind", `${plain}; CREATE TRIGGER g BEFORE UPDATE ON t EXECUTE FUNCTION forbid()`, undefined],
  [
    "a function with a parsed body",
    `${plain}; CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT max(text) FROM t; END`,
    "t.text: the body of a function uses it",
  ],
  [
    "a publication's filter",
    `${plain}; ALTER TABLE t REPLICA IDENTITY FULL; CREATE PUBLICATION filtered FOR TABLE t WHERE (text <> '')`,
    "t.text: a publication filters by it",
  ],
  [
    "a publication's list of columns",
    `${plain}; CREATE PUBLICATION listed FOR TABLE t (id, text)`,
    "t.text: a publication filters by it",
  ],
  ["a publication", `${plain}; CREATE PUBLICATION simple FOR TABLE t`, undefined],
  [
    "a partition key",
    "CREATE TABLE t (id int, text text, more text) PARTITION BY LIST (more); CREATE TABLE t_1 PARTITION OF t DEFAULT",
    undefined,
  ],
  [
    "a partition key of the column",
    "CREATE TABLE t (id int, text text, more text) PARTITION BY LIST (text); CREATE TABLE t_1 PARTITION OF t DEFAULT",
    "t.text: it is part of the partition key",
  ],
  [
    "a partition key that is computed from the column",
    "CREATE TABLE t (id int, text text, more text) PARTITION BY LIST (lower(text)); CREATE TABLE t_1 PARTITION OF t DEFAULT",
    "t.text: it is part of the partition key",
  ],
  [
    "a view on a partition",
    `CREATE TABLE t (id int, text text, more text) PARTITION BY RANGE (id); CREATE TABLE t_1 PARTITION OF t DEFAULT;
    CREATE VIEW v AS SELECT text FROM t_1`,
    "t_1.text: a view or rule uses it",
  ],
  ["a child table", `${plain}; CREATE TABLE c () INHERITS (t)`, "t: other tables inherit from it"],
  [
    "a parent table",
    "CREATE TABLE mother (id int, text text); CREATE TABLE t (more text) INHERITS (mother)",
    "t.text: it is inherited",
  ],
  [
    "a type of its own",
    "CREATE TYPE kind AS (id int, text text, more text); CREATE TABLE t OF kind (PRIMARY KEY (id))",
    "t: it is a typed table",
  ],
  ["its row type in a column", `${plain}; CREATE TABLE u (one t)`, "t: a column of another table has its row type"],
  [
    "an array of its row type in a column",
    `${plain}; CREATE TABLE u (all_of t[])`,
    "t: a column of another table has its row type",
  ],
  ["an index over an expression", `${plain}; CREATE UNIQUE INDEX i ON t (lower(text), id) WHERE text <> ''`, undefined],
  [
    "a replica identity",
    `${plain}; ALTER TABLE t ALTER text SET NOT NULL; CREATE UNIQUE INDEX i ON t (text);
    ALTER TABLE t REPLICA IDENTITY USING INDEX i`,
    undefined,
  ],
  [
    "a foreign key on the column",
    `CREATE TABLE u (name text PRIMARY KEY); INSERT INTO u VALUES ('new 1'), ('a');
    CREATE TABLE t (id int PRIMARY KEY, text text REFERENCES u, more text)`,
    "t.text: it is part of a foreign key",
  ],
];

const server = await applicationServer(
  "CREATE FUNCTION public.forbid() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'fired'; END$$",
);
await server.run("GRANT CREATE ON DATABASE app_production TO app", database);
const session: Session = await ownerSession(server);
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});

async function make(objects: string): Promise<void> {
  await server.run("DROP PUBLICATION IF EXISTS filtered, listed, simple", database);
  await asApplication(
    server,
    `DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE FUNCTION public.forbid() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'fired'; END$$;
    SET search_path = public; ${objects}; INSERT INTO t (id, text) VALUES (1, 'a')`,
  );
}

await server.run("ALTER SCHEMA public OWNER TO app", database);

for (const [what, objects, why] of cases) {
  Deno.test(`plan() knows what ${what} means for one pass, and both shapes change the column`, async () => {
    await make(objects);
    const schema = await engine.schema(session);
    const table = findTable(schema, "t");
    const column = table && findColumn(table, "text");
    if (!table || !column) throw new Error("no table t with a column text");
    const change = { table, columns: [{ column, newValue: trusted("'new ' || id::text") }] };
    const plan = engine.plan(change, schema);
    assertEquals([plan.shape, /\((.*)\)/.exec(plan.why)?.[1]], [why === undefined ? "rewrite" : "update", why]);
    if (why !== undefined && !why.includes("foreign key")) {
      const free = { ...table, postgresql: undefined };
      const { postgresql: _, ...bare } = free;
      const pass = engine.plan({ ...change, table: bare }, { ...schema, tables: [bare] });
      assertEquals(pass.shape, "rewrite");
      await assertRejects(async () => {
        for (const step of pass.steps) await session.run(step);
      });
    }
    for (const step of [...plan.steps, ...plan.afterwards ?? []]) await session.run(step);
    const [row] = await server.run("SELECT text FROM t WHERE id = 1", database);
    assertEquals(row, { text: "new 1" });
  });
}

Deno.test("where a partition numbers its columns otherwise, a new value is not decided by another column", async () => {
  await make(`CREATE TABLE t (id int, text text, more text) PARTITION BY RANGE (id);
    CREATE TABLE t_1 (id int, more text, text text); ALTER TABLE t ATTACH PARTITION t_1 DEFAULT`);
  const schema = await engine.schema(session);
  const table = findTable(schema, "t");
  const column = table && findColumn(table, "text");
  if (!table || !column) throw new Error("no table t with a column text");
  const newValue = trusted("CASE WHEN text IS NULL THEN text ELSE 'new' END");
  const plan = engine.plan({ table, columns: [{ column, newValue }] }, schema);
  for (const step of [...plan.steps, ...plan.afterwards ?? []]) await session.run(step);
  assertEquals(await server.run("SELECT text FROM t", database), [{ text: "new" }]);
  assertEquals(plan.why.includes("t_1: its columns are numbered otherwise than those of the partitioned table"), true);
});
