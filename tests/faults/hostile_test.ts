/** What comes from a database is hostile: names, values, planted objects. None changes what is scrubbed, or runs as master. @module */

import { assert, assertEquals } from "@std/assert";
import { postgresql } from "../../lib/postgresql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { column, type Definition, onlyIn, sql } from "../../lib/scrub/rules/definition.ts";
import { email, keep, lorem, replacing, setNull, template } from "../../lib/scrub/rules/strategies.ts";
import {
  createTestDatabase,
  engineNames,
  never,
  scrubberOf,
  scrubFixture,
  serverOf,
  targetOf,
  testKey,
} from "../scrub/scrub_fixture.ts";
import type { TestServer } from "../servers.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

const servers: Readonly<Record<EngineName, TestServer>> = {
  postgresql: await serverOf("postgresql"),
  mysql: await serverOf("mysql"),
};
Deno.test.afterAll(async () => {
  for (const server of Object.values(servers)) await server.stop("now");
});

let databases = 0;

/** A name for one more database. */
function nextDatabase(): string {
  return `hostile_${++databases}`;
}

function quoted(engine: EngineName, name: string): string {
  return engine === "mysql" ? `\`${name.replaceAll("`", "``")}\`` : `"${name.replaceAll('"', '""')}"`;
}

/** Text as a literal: both servers take hexadecimal digits, whatever their settings. */
function literal(engine: EngineName, text: string): string {
  const hex = new TextEncoder().encode(text).toHex();
  return engine === "mysql" ? `CONVERT(0x${hex} USING utf8mb4)` : `convert_from('\\x${hex}', 'UTF8')`;
}

async function countOf(server: TestServer, database: string, query: string): Promise<number> {
  const [row] = await server.run(query, database);
  return Number(row?.["n"]);
}

const names: readonly string[] = [
  'dou"ble',
  "back`tick",
  "quo'te",
  "semi;colon",
  "dot.ted",
  "two.dots.here",
  "back\\slash",
  "new\nline",
  "carriage\rreturn",
  "tab\tbed",
  "esc\x1b[31mape",
  "bell\x07",
  "per%cent",
  "dollar$1",
  "$$",
  "question?",
  "at@var",
  "comment --",
  "comment/*",
  "# hash",
  "sp ace",
  "SELECT",
  "users; DROP TABLE twin",
  "\u202eright to left",
  "zero\u200bwidth",
  "us\u0435rs", // a Cyrillic e
  "ｕｓｅｒｓ",
  "naïve",
  "x".repeat(63),
  "é".repeat(31),
];

for (const engine of engineNames) {
  Deno.test(`${engine}: tables and columns of hostile names are scrubbed, and their neighbours are not`, async (t) => {
    const server = servers[engine];
    const database = nextDatabase();
    await createTestDatabase(
      server,
      engine,
      database,
      "CREATE TABLE twin (id int PRIMARY KEY, address varchar(255)); INSERT INTO twin VALUES (1, 'stays@x.example')",
    );
    for (const name of names) {
      await t.step(JSON.stringify(name), async () => {
        const table = quoted(engine, name);
        const column = quoted(engine, `${name.slice(0, 28)} c`);
        const own = engine === "mysql" ? "" : "SET ROLE application; ";
        await server.run(
          `${own}CREATE TABLE ${table} (id int PRIMARY KEY, ${column} varchar(255), other varchar(255))`,
          database,
        );
        await server.run(`INSERT INTO ${table} VALUES (1, 'zmark@x.example', 'stays@x.example')`, database);
        const rules: Definition["tables"] = { [name]: { columns: { [`${name.slice(0, 28)} c`]: email() } } };
        // A dot in a name that a rule has means a schema: such a table can be refused, with the reason, but never mistaken.
        const outcome = await scrubFixture(server, engine, database, scrubberOf(engine, rules)).then(
          () => "scrubbed",
          (error) => error,
        );
        if (outcome !== "scrubbed") {
          assert(outcome instanceof ScrubError && name.includes("."), String(outcome));
          // deno-lint-ignore no-control-regex
          assert(!/[\x00-\x09\x0b-\x1f\x7f]/.test(outcome.message), outcome.message);
        }
        const left = await countOf(
          server,
          database,
          `SELECT count(*) AS n FROM ${table} WHERE ${column} LIKE 'zmark%'`,
        );
        assertEquals(left, outcome === "scrubbed" ? 0 : 1);
        assertEquals(
          await countOf(server, database, `SELECT count(*) AS n FROM ${table} WHERE other = 'stays@x.example'`),
          1,
        );
        await server.run(`DROP TABLE ${table}`, database);
      });
    }
    assertEquals(
      await countOf(server, database, "SELECT count(*) AS n FROM twin WHERE address = 'stays@x.example'"),
      1,
    );
  });
}

const values: readonly string[] = [
  "'; DROP TABLE twin; --",
  "\\'; DROP TABLE twin; --",
  '"; DROP TABLE twin; --',
  "`; DROP TABLE twin; --",
  "$$; DROP TABLE twin; $$",
  "\\",
  "'",
  "%",
  "_",
  "{hash}{id}",
  "$1 ? :name",
  "\\x00\\n\\t",
  "line\nbreak\r\n",
  "\x1b[2Jesc",
  "\u202e\u200b\ufeff",
  "e\u0301 é",
  "𝕏😀",
  "a".repeat(10_000),
  ".*+?[](){}|^$",
  "%E2%80%AE%27",
  "\\u0000",
  '{"a":"b"}',
  "<script>",
];

for (const engine of engineNames) {
  Deno.test(`${engine}: hostile values are scrubbed like any others`, async () => {
    const server = servers[engine];
    const database = nextDatabase();
    const text = engine === "mysql" ? "mediumtext" : "text";
    await createTestDatabase(
      server,
      engine,
      database,
      `CREATE TABLE twin (id int PRIMARY KEY); CREATE TABLE people (id int PRIMARY KEY, a ${text}, b ${text}, c ${text}, d ${text}, e ${text})`,
    );
    for (const [id, value] of values.entries()) {
      const old = literal(engine, `zmark${value}zmark`);
      const around = literal(engine, `before zmark${value}zmark after`);
      await server.run(`INSERT INTO people VALUES (${id}, ${old}, ${around}, ${old}, ${old}, ${old})`, database);
    }
    const rules: Definition["tables"] = {
      people: {
        columns: {
          a: email(),
          b: replacing("a"),
          c: lorem(),
          d: template("{hash}"),
          e: onlyIn("first", setNull()),
        },
      },
    };
    const selections: Definition["selections"] = { first: { of: "people", where: sql`${column("id")} >= 0` } };
    const { proof } = await scrubFixture(server, engine, database, scrubberOf(engine, rules, selections));
    assertEquals(proof.databases[0]?.rowsLeft["people"], values.length);
    for (const column of ["a", "b", "c", "d", "e"]) {
      const query = `SELECT count(*) AS n FROM people WHERE lower(${column}) LIKE '%zmark%'`;
      assertEquals(await countOf(server, database, query), 0, column);
    }
    assertEquals(await countOf(server, database, "SELECT count(*) AS n FROM twin"), 0);
  });
}

/** Something that somebody planted, as superuser or as the application. `rights`: who planted it. */
interface Planted {
  readonly what: string;
  readonly statements: string;
  readonly as?: "rdsadmin";
  /** As superuser, of what is not the database's. */
  readonly undo?: string;
  /** How the run ends; absent: scrubbed or refused. */
  readonly outcome?: "scrubbed";
}

const record = "BEGIN INSERT INTO public.ran VALUES (current_user); ";

const planted: readonly Planted[] = [
  {
    what: "a function lower(varchar) in public",
    statements:
      `CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$${record} RETURN 'zmark'; END$$`,
  },
  {
    what: "functions replace, coalesce-like and encode in public",
    statements: [
      "replace(varchar, varchar, varchar)",
      "encode(varchar, varchar)",
      "length(varchar)",
      "left(varchar, int)",
    ]
      .map((f) => `CREATE FUNCTION public.${f} RETURNS text LANGUAGE plpgsql AS $$${record} RETURN 'zmark'; END$$`)
      .join(
        "; ",
      ),
  },
  {
    what: "operators = and || of varchar in public",
    statements:
      `CREATE FUNCTION public.same(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$${record} RETURN true; END$$;
      CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.same);
      CREATE FUNCTION public.glue(varchar, varchar) RETURNS varchar LANGUAGE plpgsql AS $$${record} RETURN 'zmark'; END$$;
      CREATE OPERATOR public.|| (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.glue)`,
  },
  {
    what: "a trigger that always fires",
    statements: `CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS $$${record} RETURN NEW; END$$;
      CREATE TRIGGER fire BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION public.fire();
      ALTER TABLE people ENABLE ALWAYS TRIGGER fire`,
  },
  {
    what: "a trigger that puts the old value back",
    statements: `CREATE FUNCTION public.back() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN OLD; END$$;
      CREATE TRIGGER back BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION public.back();
      ALTER TABLE people ENABLE REPLICA TRIGGER back`,
  },
  {
    what: "a rule on update",
    statements: `CREATE RULE seen AS ON UPDATE TO people DO ALSO INSERT INTO public.ran VALUES (current_user)`,
  },
  {
    what: "a rule that does nothing instead",
    statements: `CREATE RULE no AS ON UPDATE TO people DO INSTEAD NOTHING`,
  },
  {
    what: "an event trigger",
    statements: `CREATE FUNCTION public.event() RETURNS event_trigger LANGUAGE plpgsql AS $$${record} END$$;
      CREATE EVENT TRIGGER event ON ddl_command_end EXECUTE FUNCTION public.event();
      ALTER EVENT TRIGGER event ENABLE ALWAYS`,
    as: "rdsadmin",
  },
  {
    what: "a schema datascrubber that is somebody else's",
    statements: `CREATE SCHEMA datascrubber; CREATE TABLE datascrubber.ran (who text)`,
    as: "rdsadmin",
  },
  {
    what: "a search_path for the database and the master that begins with public",
    statements:
      `DO $do$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
      END$do$; CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE plpgsql AS $$${record} RETURN 'zmark'; END$$`,
    as: "rdsadmin",
  },
  {
    what: "hostile settings that the master brings along",
    statements: `DO $do$ DECLARE setting text; place text; BEGIN
      FOREACH place IN ARRAY ARRAY[format('ROLE master IN DATABASE %I', current_database()), 'ROLE master'] LOOP
        FOREACH setting IN ARRAY ARRAY['standard_conforming_strings = off', 'backslash_quote = off',
          'search_path = public, pg_catalog', $$DateStyle = 'SQL, DMY'$$, 'IntervalStyle = iso_8601', $$TimeZone = 'Asia/Tokyo'$$,
          'bytea_output = hex', 'gin_fuzzy_search_limit = 1', 'extra_float_digits = -15', 'default_transaction_read_only = on', 'row_security = on',
          'session_replication_role = origin', 'lock_timeout = 1', 'statement_timeout = 1', 'quote_all_identifiers = on',
          'array_nulls = off', 'transform_null_equals = on', 'default_transaction_isolation = serializable',
          'idle_in_transaction_session_timeout = 1', 'client_min_messages = error', 'plpgsql.variable_conflict = use_variable',
          'check_function_bodies = off', 'synchronous_commit = off', 'client_encoding = LATIN1']
        LOOP EXECUTE format('ALTER %s SET %s', place, setting); END LOOP;
      END LOOP; END$do$`,
    undo: "ALTER ROLE master RESET ALL",
    outcome: "scrubbed",
    as: "rdsadmin",
  },
  {
    what: "row security that hides rows",
    statements:
      `ALTER TABLE people ENABLE ROW LEVEL SECURITY; ALTER TABLE people FORCE ROW LEVEL SECURITY; CREATE POLICY none ON people USING (false)`,
  },
  {
    what: "a child table that inherits",
    statements: `CREATE TABLE child () INHERITS (people); INSERT INTO child VALUES (2, 'zmark-2@x.example', 'zmark')`,
  },
];

/** What a run does first of all. */
async function defused(server: TestServer, database: string): Promise<void> {
  await using session = await postgresql.open(targetOf(server, database), testKey(), never);
  await postgresql.disableSideEffects(session);
}

for (const { what, statements, as, undo, outcome: expected } of planted) {
  Deno.test(`postgresql: ${what} runs nothing as master and hides nothing`, async () => {
    const server = servers.postgresql;
    const database = nextDatabase();
    await createTestDatabase(
      server,
      "postgresql",
      database,
      `CREATE TABLE ran (who text); GRANT ALL ON ran TO PUBLIC;
      CREATE TABLE people (id int PRIMARY KEY, address varchar(255), note varchar(255));
      INSERT INTO people VALUES (1, 'zmark@x.example', 'zmark')`,
    );
    await server.run(`${as ? "" : "SET ROLE application; "}${statements}`, database);
    await server.run("TRUNCATE ran", database);
    const rules: Definition["tables"] = {
      people: { columns: { address: email(), note: onlyIn("first", setNull()) } },
      ran: { columns: { who: keep("for the test") }, optional: true },
      // A run would be refused without: a table that inherits has rules of its own.
      child: { columns: { address: email(), note: setNull() }, optional: true },
    };
    const selections: Definition["selections"] = { first: { of: "people", where: sql`${column("id")} >= 0` } };
    const outcome = await defused(server, database).then(() =>
      scrubFixture(server, "postgresql", database, scrubberOf("postgresql", rules, selections))
    ).then(() => "scrubbed", (error) => error);
    if (undo !== undefined) await server.run(undo);
    if (expected !== undefined) assertEquals(outcome, expected);
    if (outcome !== "scrubbed") assert(outcome instanceof ScrubError, String(outcome));
    assertEquals(await countOf(server, database, "SELECT count(*) AS n FROM public.ran WHERE who = 'master'"), 0);
    if (outcome === "scrubbed") {
      const left = "SELECT count(*) AS n FROM public.people WHERE address LIKE '%zmark%' OR note LIKE '%zmark%'";
      assertEquals(await countOf(server, database, left), 0);
    }
    await server.run(`DROP DATABASE "${database}"`);
  });
}

const modes = [
  "ANSI_QUOTES",
  "NO_BACKSLASH_ESCAPES",
  "PIPES_AS_CONCAT",
  "IGNORE_SPACE",
  "PAD_CHAR_TO_FULL_LENGTH",
  "HIGH_NOT_PRECEDENCE",
  "REAL_AS_FLOAT",
  "NO_UNSIGNED_SUBTRACTION",
  "ANSI",
  "TRADITIONAL",
  "",
];

interface Oddity {
  readonly what: string;
  /** As superuser, in the database. */
  readonly statements: string;
  readonly undo?: string;
}

const oddities: readonly Oddity[] = [
  ...modes.map((mode): Oddity => ({
    what: `sql_mode ${mode || "that is empty"}`,
    statements: `SET GLOBAL sql_mode = '${mode}'`,
    undo: "SET GLOBAL sql_mode = DEFAULT",
  })),
  {
    what: "an init_connect that changes the session",
    statements:
      `SET GLOBAL init_connect = 'SET SESSION sql_mode = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES", SESSION foreign_key_checks = 0, SESSION sql_safe_updates = 1, SESSION sql_select_limit = 0, SESSION autocommit = 0'`,
    undo: "SET GLOBAL init_connect = ''",
  },
  {
    what: "a trigger with a definer",
    statements: `CREATE USER IF NOT EXISTS 'boss'@'%' IDENTIFIED BY 'BossPassword1'; GRANT ALL ON *.* TO 'boss'@'%';
      CREATE DEFINER='boss'@'%' TRIGGER fire BEFORE UPDATE ON people FOR EACH ROW SET NEW.address = OLD.address`,
  },
  {
    what: "a trigger of the master's own on insertion",
    statements:
      "CREATE DEFINER='master'@'%' TRIGGER fire BEFORE INSERT ON people FOR EACH ROW INSERT INTO ran VALUES (CURRENT_USER())",
  },
  {
    what: "functions with the names of the server's own",
    statements:
      "CREATE FUNCTION `lower`(x text) RETURNS text DETERMINISTIC RETURN 'zmark'; CREATE FUNCTION `sha2`(x text, y int) RETURNS text DETERMINISTIC RETURN 'zmark'",
  },
  {
    what: "a view of a temporary table's name",
    statements: "CREATE VIEW `datascrubber` AS SELECT * FROM people; CREATE VIEW `people_new` AS SELECT * FROM people",
  },
  {
    what: "a database datascrubber that is somebody else's",
    statements: "CREATE DATABASE IF NOT EXISTS datascrubber; CREATE TABLE datascrubber.ran (who text)",
    undo: "DROP DATABASE IF EXISTS datascrubber",
  },
];

for (const { what, statements, undo } of oddities) {
  Deno.test(`mysql: ${what} runs nothing as master and hides nothing`, async () => {
    const server = servers.mysql;
    const database = nextDatabase();
    await createTestDatabase(
      server,
      "mysql",
      database,
      `CREATE TABLE ran (who varchar(255)); CREATE TABLE people (id int PRIMARY KEY, address varchar(255), note varchar(255));
      INSERT INTO people VALUES (0, 'zmark@x.example', 'zmark\\\\'), (1, '', NULL)`,
    );
    try {
      await server.run(statements, database);
      const rules: Definition["tables"] = {
        people: { columns: { address: email(), note: onlyIn("first", setNull()) } },
      };
      const selections: Definition["selections"] = { first: { of: "people", where: sql`${column("id")} >= 0` } };
      const outcome = await scrubFixture(server, "mysql", database, scrubberOf("mysql", rules, selections)).then(
        () => "scrubbed",
        (error) => error,
      );
      if (outcome !== "scrubbed") assert(outcome instanceof ScrubError, String(outcome));
      assertEquals(await countOf(server, database, "SELECT count(*) AS n FROM ran"), 0);
      if (outcome === "scrubbed") {
        const left = "SELECT count(*) AS n FROM people WHERE address LIKE '%zmark%' OR note LIKE '%zmark%'";
        assertEquals(await countOf(server, database, left), 0);
        assertEquals(await countOf(server, database, "SELECT count(*) AS n FROM people WHERE id = 0"), 1);
      }
    } finally {
      await server.run(`${undo ?? "DO 0"}; DROP DATABASE \`${database}\``);
    }
  });
}
