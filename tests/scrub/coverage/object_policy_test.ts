/** Everything that can carry a value besides rows: for each kind a database that has one, and what becomes of it. @module */

import { assertEquals } from "@std/assert";
import { policyFor, objectPolicies } from "../../../lib/scrub/coverage/object_policy.ts";
import { coverDatabase } from "../../../lib/scrub/coverage/cover_database.ts";
import { template } from "../../../lib/scrub/rules/strategies.ts";
import type { TestServer } from "../../servers.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  never,
  scrubberOf,
  serverOf,
  targetOf,
  testKey,
} from "../scrub_fixture.ts";
import { schemaObjectKinds, type SchemaObjectKind } from "../../../lib/core/object_kinds.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

interface Case {
  readonly kind: SchemaObjectKind;
  /** Run by the application (PostgreSQL: as the owner). */
  readonly statements: string;
  /** Run by a superuser afterwards, in the database. */
  readonly asSuperuser?: string;
  /** What stops the run or goes, besides what is checked and let through. */
  readonly refused?: readonly string[];
  readonly removed?: readonly string[];
}

const people = "CREATE TABLE people (id int PRIMARY KEY, name text)";
const address = "zmark@private.test";

const postgresqlCases: readonly Case[] = [
  { kind: "view", statements: "CREATE VIEW ids AS SELECT id FROM people" },
  {
    kind: "view",
    statements: `CREATE VIEW v AS SELECT id FROM people WHERE name <> '${address}'`,
    refused: ["view public.v"],
  },
  {
    kind: "materialised view",
    statements: "CREATE MATERIALIZED VIEW names AS SELECT name FROM people",
    removed: ["materialised view public.names"],
  },
  {
    kind: "rule",
    statements: `CREATE RULE r AS ON INSERT TO people WHERE new.name = '${address}' DO INSTEAD NOTHING`,
    refused: ["rule r on public.people"],
  },
  {
    kind: "policy",
    statements: `CREATE POLICY p ON people USING (name <> '${address}')`,
    refused: ["policy p on public.people"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'https://user:zmark@host.test/' $$`,
    refused: ["function public.f()"],
  },
  {
    kind: "trigger",
    statements: `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
      CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW WHEN (new.name <> '${address}') EXECUTE FUNCTION t()`,
    refused: ["trigger t on public.people"],
  },
  {
    kind: "event trigger",
    statements: "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
    asSuperuser: "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()",
  },
  {
    kind: "generated column",
    statements: `ALTER TABLE people ADD mail text GENERATED ALWAYS AS (name || '${address}') STORED`,
    refused: ["generated column public.people.mail"],
  },
  {
    kind: "default",
    statements: "ALTER TABLE people ALTER name SET DEFAULT 'd41d8cd98f00b204e9800998ecf8427e'",
    refused: ["default public.people.name"],
  },
  {
    kind: "check constraint",
    statements: `ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '${address}')`,
    refused: ["check constraint c on public.people"],
  },
  {
    kind: "domain",
    statements: `CREATE DOMAIN d AS text DEFAULT '${address}'`,
    refused: ["domain public.d"],
  },
  {
    kind: "index expression",
    statements: `CREATE INDEX i ON people (id) WHERE name = '${address}'`,
    refused: ["index expression public.i"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (id int, name text) PARTITION BY LIST (name);
      CREATE TABLE part PARTITION OF parted FOR VALUES IN ('${address}')`,
    refused: ["partition bound public.part"],
  },
  {
    kind: "enum labels",
    statements: `CREATE TYPE mood AS ENUM ('calm', '${address}')`,
    refused: ["enum labels public.mood"],
  },
  {
    kind: "comment",
    statements: "COMMENT ON COLUMN people.name IS 'as they write it'",
  },
  {
    kind: "comment",
    statements: `COMMENT ON COLUMN people.name IS 'ask ${address}'`,
    refused: ["comment column name of table public.people"],
  },
  {
    kind: "setting",
    statements: "",
    asSuperuser: "ALTER DATABASE :database SET app.api_token = 'zmark-of-a-token'",
    refused: ["setting database: app.api_token"],
  },
  {
    // An embedded server has no provider of labels: the row is written past it.
    kind: "security label",
    statements: "",
    asSuperuser: `SET allow_system_table_mods = on;
      INSERT INTO pg_seclabel VALUES ('people'::regclass, 'pg_class'::regclass, 0, 'none', 'ask ${address}')`,
    refused: ["security label public.people"],
  },
  {
    kind: "foreign server",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
      ALTER SERVER far OWNER TO application`,
    removed: ["foreign server far"],
  },
  {
    kind: "user mapping",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
      ALTER SERVER far OWNER TO application; CREATE USER MAPPING FOR application SERVER far OPTIONS (password 'zmark')`,
    removed: ["foreign server far", "user mapping application on far"],
  },
  {
    kind: "foreign table",
    statements: "",
    asSuperuser: `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
      ALTER SERVER far OWNER TO application; CREATE FOREIGN TABLE distant (name text) SERVER far;
      ALTER FOREIGN TABLE distant OWNER TO application`,
    removed: ["foreign server far", "foreign table public.distant"],
  },
  {
    kind: "subscription",
    statements: "",
    asSuperuser: `CREATE SUBSCRIPTION :subscription CONNECTION 'host=nowhere.test dbname=x password=zmark user=u'
      PUBLICATION p WITH (connect = false); GRANT pg_create_subscription TO application;
      GRANT CREATE ON DATABASE :database TO application; ALTER SUBSCRIPTION :subscription OWNER TO application`,
    removed: ["subscription :subscription"],
  },
  { kind: "publication", statements: "", asSuperuser: "CREATE PUBLICATION p FOR TABLE people" },
  {
    kind: "large objects",
    statements: "SELECT lo_from_bytea(0, 'zmark')",
    refused: ["large objects of the database"],
  },
  {
    kind: "table of an extension",
    statements: "CREATE TABLE jobs (command text); INSERT INTO jobs VALUES ('zmark')",
    asSuperuser: "CREATE EXTENSION pg_trgm; ALTER EXTENSION pg_trgm ADD TABLE jobs",
    refused: ["table of an extension public.jobs"],
  },
];

const mysqlCases: readonly Case[] = [
  { kind: "view", statements: "CREATE VIEW ids AS SELECT id FROM people" },
  {
    kind: "view",
    statements: `CREATE VIEW v AS SELECT id FROM people WHERE name <> '${address}'`,
    refused: ["view v"],
  },
  {
    kind: "function",
    statements: `CREATE FUNCTION f() RETURNS text DETERMINISTIC RETURN '${address}'`,
    refused: ["function f"],
  },
  {
    kind: "trigger",
    statements: `CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW SET new.name = '${address}'`,
    refused: ["trigger t on people"],
  },
  {
    kind: "event",
    statements: `CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO DELETE FROM people WHERE name = '${address}'`,
    refused: ["event e"],
  },
  {
    kind: "generated column",
    statements: `ALTER TABLE people ADD mail varchar(99) GENERATED ALWAYS AS (concat(id, '${address}')) VIRTUAL`,
    refused: ["generated column people.mail"],
  },
  {
    kind: "default",
    statements: `ALTER TABLE people MODIFY name varchar(99) DEFAULT '${address}'`,
    refused: ["default people.name"],
  },
  {
    kind: "check constraint",
    statements: `ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '${address}')`,
    refused: ["check constraint c on people"],
  },
  {
    kind: "index expression",
    statements: `CREATE INDEX i ON people ((nullif(id, length('${address}'))))`,
    refused: ["index expression i on people"],
  },
  {
    kind: "partition bound",
    statements: `CREATE TABLE parted (name varchar(99)) PARTITION BY LIST COLUMNS (name)
      (PARTITION part VALUES IN ('${address}'))`,
    refused: ["partition bound part of parted"],
  },
  {
    kind: "enum labels",
    statements: `CREATE TABLE moods (id int auto_increment PRIMARY KEY, mood enum('calm', '${address}'))`,
    refused: ["enum labels moods.mood"],
  },
  { kind: "comment", statements: "ALTER TABLE people COMMENT 'as they write it'" },
  { kind: "comment", statements: `ALTER TABLE people COMMENT 'ask ${address}'`, refused: ["comment table people"] },
  {
    kind: "table of another storage engine",
    statements: "CREATE TABLE logs (id int auto_increment PRIMARY KEY) ENGINE = MyISAM",
  },
  {
    // The last one: it is the server's, and so found from every database.
    kind: "leftover in mysql",
    statements: "",
    asSuperuser: "CREATE TABLE mysql.user_old (id int)",
    refused: ["leftover in mysql user_old"],
  },
];

const cases = { postgresql: postgresqlCases, mysql: mysqlCases };
let made = 0;

for (const engine of engineNames) {
  for (const one of cases[engine]) {
    const { kind, refused = [], removed = [] } = one;
    const outcome = refused.length > 0 ? "refused" : removed.length > 0 ? "removed" : "checked and let through";
    Deno.test(`${engine}: a ${kind} is ${outcome} (${one.statements.slice(0, 40) || "by a superuser"})`, async () => {
      const database = `answers${++made}`;
      const filled = (text: string) =>
        text.replaceAll(":database", database).replaceAll(":subscription", `sub${database}`);
      await make(servers[engine], engine, database, one, filled);
      const found = await cover(servers[engine], engine, database);
      assertEquals(found.kinds.includes(kind), true, `found: ${found.kinds}`);
      assertEquals(found.refused, refused.map(filled));
      assertEquals(found.removed, removed.map(filled).toSorted());
    });
  }
}

async function make(
  server: TestServer,
  engine: "postgresql" | "mysql",
  database: string,
  { statements, asSuperuser }: Case,
  filled: (text: string) => string,
): Promise<void> {
  await createTestDatabase(server, engine, database, `${people}; ${filled(statements)}`);
  if (asSuperuser) await server.run(filled(asSuperuser), database);
}

async function cover(server: TestServer, engineName: "postgresql" | "mysql", database: string) {
  const engine = engineNamed(engineName);
  await using session = await engine.open(targetOf(server, database), testKey(), never);
  await engine.prepare(session);
  const scrubber = scrubberOf(engineName, { people: { columns: { name: template("{hash}") } } });
  const { coverage, drift } = await coverDatabase(engine, session, scrubber, { onDrift: "refuse", reviewed: [] });
  const { objects } = await engine.inventory(session);
  return {
    kinds: objects.map(({ kind }) => kind),
    refused: drift.objects.map(({ object: { kind, name } }) => `${kind} ${name}`),
    removed: coverage.removed.map(({ kind, name }) => `${kind} ${name}`).toSorted(),
  };
}

Deno.test("every kind has an answer with a reason, and a test on a server of its own", () => {
  const untested = schemaObjectKinds.filter((kind) => !Object.values(cases).flat().some((one) => one.kind === kind));
  assertEquals(untested, []);
  assertEquals(schemaObjectKinds.filter((kind) => objectPolicies[kind][1].length < 8), []);
});

Deno.test("a text that the master user may not read is refused", () => {
  assertEquals(policyFor({ kind: "view", name: "v", text: "unreadable" })[0], "refused");
});
