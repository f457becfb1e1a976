/** What hangs on a table is the same before and after a scrub, whichever shape it took. @module */
import { assertEquals } from "@std/assert";
import type { Session, TablePlan } from "../../../lib/engine/engine.ts";
import { type Column, findTable, type Schema } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";
import { execute } from "../../../lib/scrub/execute/execute.ts";
import { never, silent } from "../../scrub/scrub_fixture.ts";
import { applicationServer, asApplication, database, ownerSession } from "../fixture.ts";
import { changed, dump } from "./definitions.ts";

/** A table with one of everything, and what the planner makes of its columns. */
const everything = `
  CREATE TABLE parents (id int PRIMARY KEY, name text); INSERT INTO parents VALUES (1, 'p'), (2, 'q');
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''fired''; END';
  CREATE TABLE people (
    id int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5) PRIMARY KEY, serial bigserial, parent int REFERENCES parents ON DELETE CASCADE,
    email varchar(80) COLLATE "C" NOT NULL DEFAULT 'nobody', name text, body text COMPRESSION pglz,
    tags text[] DEFAULT '{}', doc jsonb, span int, shown text, kept text DEFAULT 'k')
    WITH (fillfactor = 71, autovacuum_enabled = off, toast.autovacuum_enabled = off);
  ALTER TABLE people ALTER name SET STORAGE EXTERNAL;
  INSERT INTO people (parent, email, name, body, tags, doc, span, shown)
    SELECT 1 + n % 2, 'zmark' || n, 'Name ' || n, repeat('body ' || n, 1000), ARRAY['a' || n], jsonb_build_object('a', n), n, 's' || n
    FROM generate_series(1, 200) n;
  CREATE TABLE letters (id int PRIMARY KEY, person int REFERENCES people (id) ON DELETE SET NULL, text text);
  INSERT INTO letters SELECT n, 5 + 5 * n, 't' FROM generate_series(1, 20) n;
  ALTER TABLE people ADD CONSTRAINT long_enough CHECK (length(email) > 1), ADD CONSTRAINT later CHECK (body <> 'x') NOT VALID,
    ADD CONSTRAINT one_email UNIQUE (email) DEFERRABLE INITIALLY DEFERRED, ADD CONSTRAINT no_overlap EXCLUDE (name WITH =) WHERE (span > 0);
  CREATE UNIQUE INDEX folded ON people (lower(email)); ALTER INDEX folded ALTER COLUMN 1 SET STATISTICS 321;
  CREATE INDEX partly ON people (name text_pattern_ops DESC NULLS LAST) INCLUDE (span) WITH (fillfactor = 55) WHERE body IS NOT NULL;
  CREATE INDEX documents ON people USING gin (doc jsonb_path_ops); CREATE UNIQUE INDEX identity ON people (serial);
  CREATE UNIQUE INDEX identified ON people (email, id);
  ALTER TABLE people CLUSTER ON folded; ALTER TABLE people ALTER serial SET NOT NULL, REPLICA IDENTITY USING INDEX identified;
  ALTER TABLE people ALTER email SET STATISTICS 123, ALTER name SET (n_distinct = 7, n_distinct_inherited = 8);
  CREATE STATISTICS together (mcv, dependencies) ON email, name FROM people; ALTER STATISTICS together SET STATISTICS 99;
  CREATE STATISTICS expressed ON (lower(email)), parent FROM people;
  COMMENT ON TABLE people IS 'table'; COMMENT ON COLUMN people.email IS 'column'; COMMENT ON INDEX folded IS 'index';
  COMMENT ON CONSTRAINT one_email ON people IS 'constraint'; COMMENT ON CONSTRAINT long_enough ON people IS 'check';
  COMMENT ON STATISTICS together IS 'statistics';
  GRANT SELECT ON people TO reader WITH GRANT OPTION; GRANT UPDATE (email, name), INSERT (body) ON people TO "odd reader";
  CREATE TRIGGER usual BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION noted();
  CREATE TRIGGER off AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION noted(); ALTER TABLE people DISABLE TRIGGER off;
  CREATE TRIGGER always AFTER UPDATE OR DELETE ON people FOR EACH ROW EXECUTE FUNCTION noted(); ALTER TABLE people ENABLE ALWAYS TRIGGER always;
  CREATE TRIGGER replica BEFORE DELETE ON people FOR EACH STATEMENT EXECUTE FUNCTION noted(); ALTER TABLE people ENABLE REPLICA TRIGGER replica;
  COMMENT ON TRIGGER always ON people IS 'trigger';
  CREATE RULE never AS ON UPDATE TO people WHERE old.kept = '' DO INSTEAD NOTHING; ALTER TABLE people ENABLE ALWAYS RULE never;
  CREATE VIEW seen WITH (security_barrier) AS SELECT id, kept FROM people; GRANT SELECT ON seen TO reader; COMMENT ON VIEW seen IS 'view';
  CREATE POLICY mine ON people TO reader USING (kept = 'k') WITH CHECK (kept <> '');
  ALTER TABLE people ENABLE ROW LEVEL SECURITY; ALTER TABLE people FORCE ROW LEVEL SECURITY;
  CREATE UNLOGGED TABLE quick (id int PRIMARY KEY, note text); INSERT INTO quick VALUES (1, 'n'), (2, 'n');
  CREATE TABLE visits (id int, at date, who text, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
  CREATE TABLE visits_2 (id int NOT NULL, at date NOT NULL, who text, note text COMPRESSION pglz);
  ALTER TABLE visits_2 ADD CONSTRAINT only_here CHECK (who <> 'nobody');
  ALTER TABLE visits ATTACH PARTITION visits_2 FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
  ALTER TABLE ONLY visits ALTER note SET STORAGE MAIN; ALTER TABLE visits_2 ALTER note SET STORAGE EXTERNAL;
  CREATE INDEX by_who ON visits (who); ALTER TABLE visits_2 ALTER note SET STATISTICS 44;
  INSERT INTO visits SELECT n, date '2026-01-01' + n, 'zmark', 'note' FROM generate_series(1, 300) n`;

const server = await applicationServer();
await server.run(`CREATE ROLE reader; CREATE ROLE "odd reader"`);
await asApplication(server, everything);
const session: Session = await ownerSession(server);
Deno.test.afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await server.stop("now");
});

/** Plans a table with each of these columns made new in every row, or in those of a selection. */
function planOf(schema: Schema, id: string, next: Readonly<Record<string, string>>): TablePlan {
  const table = findTable(schema, id);
  if (!table) throw new Error(`no table ${id}`);
  const columns = Object.entries(next).map(([name, value]) => {
    const column: Column | undefined = table.columns.find((one) => one.name === name);
    if (!column) throw new Error(`no column ${name}`);
    return { column, newValue: trusted(value) };
  });
  return engine.plan({ table, columns }, schema);
}

const changes: readonly (readonly [id: string, next: Readonly<Record<string, string>>])[] = [
  ["people", {
    email: "'new' || id::text",
    name: "'Person ' || id::text",
    body: "repeat('new ', 10)",
    tags: "ARRAY['t']",
    doc: `'{"b": 1}'::jsonb`,
    span: "-span",
    shown: "NULL",
  }],
  ["quick", { note: "'new'" }],
  ["visits", { who: "'new'", note: "'other'" }],
];

for (const way of ["in one pass", "in place"] as const) {
  Deno.test(`a scrub ${way} leaves everything else as it was`, async () => {
    const before = await dump(server);
    const undo = await engine.prepare(session);
    const schema = await engine.schema(session);
    // In place is what an obstacle makes of it.
    const seen: Schema = way === "in one pass" ? schema : {
      ...schema,
      tables: schema.tables.map((table) => ({
        ...table,
        ...(table.postgresql && { postgresql: { ...table.postgresql, obstacle: "told by the test" } }),
      })),
    };
    const plans = changes.map(([id, next]) => planOf(seen, id, next));
    const shape = way === "in one pass" ? "rewrite" : "update";
    assertEquals(plans.map((plan) => plan.shape), [shape, shape, shape]);
    await execute({ engine, schema: seen }, plans, [session], silent, never);
    await engine.purge(session, seen, plans);
    for (const step of undo.toReversed()) await session.run(step);
    const [row] = await server.run(
      `SELECT count(*) FILTER (WHERE email ~ '^new') AS people, (SELECT count(*) FROM visits WHERE who = 'new') AS visits,
        (SELECT count(*) FROM quick WHERE note = 'new') AS quick FROM people`,
      database,
    );
    assertEquals(row, { people: "200", visits: "300", quick: "2" });
    const after = await dump(server);
    assertEquals(changed(before, after), { gone: [], come: [] });
  });
}
