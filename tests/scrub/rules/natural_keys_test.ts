/** Keys that other rows repeat, on real servers: every reference leads to the same row as before, and the catalogue is the same. @module */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { onlyIn, sql } from "../../../lib/scrub/rules/definition.ts";
import { constant, email } from "../../../lib/scrub/rules/strategies.ts";
import type { TestServer } from "../../servers.ts";
import {
  createTestDatabase,
  engineNames,
  planFixture,
  refusalOf,
  scrubberOf,
  scrubFixture,
  serverOf,
} from "../scrub_fixture.ts";
import { keyCases, keyRefusals, type PerEngine } from "./natural_keys_cases.ts";

/** Customers by address, of whom one is deleted; `seen` has all addresses, and its pseudonyms show what theirs would be. */
const meddledShop = `
  CREATE TABLE customers (email varchar(100) PRIMARY KEY, name varchar(60));
  CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), CONSTRAINT placed_by FOREIGN KEY (customer) REFERENCES customers (email));
  CREATE TABLE seen (id integer PRIMARY KEY, email varchar(100) UNIQUE);
  INSERT INTO customers VALUES ('ada@mail.example', 'Ada Lovelace'), ('bob@mail.example', 'Bob Builder'), ('cyd@mail.example', 'Cyd Charisse');
  INSERT INTO orders VALUES (1, 'ada@mail.example'); INSERT INTO seen VALUES (1, 'ada@mail.example'), (2, 'bob@mail.example'), (3, 'cyd@mail.example')`;

const meddledRules = {
  customers: { deleteRows: "bobs", columns: { email: email(), name: onlyIn("adas", constant("nameless")) } },
  seen: { columns: { email: email() } },
};

const meddledSelections = {
  bobs: { of: "customers", where: sql`name LIKE 'Bob%'` },
  adas: { of: "customers", where: sql`name LIKE 'Ada%'` },
};

/** What changes between scrub and verification. */
const meddling: readonly { readonly what: string; readonly statement: string; readonly why: RegExp }[] = [
  {
    what: "a column that follows a key and holds an old one",
    statement: "UPDATE orders SET customer = 'dee@mail.example'",
    why: /orders\.customer does not look like email: 1 row\n.*: orders has 1 orphans by the foreign key "placed_by"/,
  },
  {
    what: "a column that follows a key and leads nowhere",
    statement: "DELETE FROM customers WHERE name = 'nameless'",
    why: /customers has 1 row, not 2\n.*: orders has 1 orphans by the foreign key "placed_by"/,
  },
  {
    what: "a row that was to be deleted, by the key that it has by now",
    statement: "UPDATE customers SET email = (SELECT email FROM seen WHERE id = 2) WHERE name = 'Cyd Charisse'",
    why: /customers still has rows that were to be deleted: 1 row$/,
  },
  {
    what: "a selected row that is not as its rule says, by the key that it has by now",
    statement: "UPDATE customers SET name = 'Ada Byron' WHERE email = (SELECT email FROM seen WHERE id = 1)",
    why: /customers\.name does not look like constant: 1 row$/,
  },
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  let databases = 0;

  for (const { what, create, tables, selections, same, gone, stay = [], followers } of keyCases) {
    const statements = sqlFor(engine, create);
    if (statements === null) continue;
    Deno.test(`${engine}: ${what}: rows belong together as before, and no old key is left`, async () => {
      const database = `keys_${databases++}`;
      await createTestDatabase(server, engine, database, statements);
      const before = await Promise.all(same.map((query) => server.run(query, database)));
      const catalogue = await catalogueOf(server, engine, database);
      const old = await textOf(server, engine, database);
      for (const value of [...gone, ...stay.filter((one) => one !== "nameless")]) {
        assert(old.includes(value), `${value} was not there`);
      }

      const { scrubbed, proof } = await scrubFixture(server, engine, database, scrubberOf(engine, tables, selections));

      const after = await Promise.all(same.map((query) => server.run(query, database)));
      assertEquals(after, before);
      assertEquals(await catalogueOf(server, engine, database), catalogue);
      const now = await textOf(server, engine, database);
      for (const value of gone) assert(!now.includes(value), `${value} is still there`);
      for (const value of stay) assert(now.includes(value), `${value} is no longer there`);
      const followed = scrubbed.columns.filter(({ reason }) => reason.includes(", follows "));
      assertEquals(followed.map(({ table, column }) => `${table}.${column}`).sort(), followers);
      assertEquals(proof.databases[0]?.foreignKeys, scrubbed.references.length);
    });
  }

  for (const { what, statement, why } of meddling) {
    Deno.test(`${engine}: verification finds ${what}`, async () => {
      const database = `keys_${databases++}`;
      await createTestDatabase(server, engine, database, meddledShop);
      const unchecked = engine === "mysql" ? "SET foreign_key_checks = 0" : "SET session_replication_role = replica";
      const meddle = async () => {
        await server.run(`${unchecked}; ${statement}`, database);
      };
      const scrubber = scrubberOf(engine, meddledRules, meddledSelections);
      const error = await assertRejects(() => scrubFixture(server, engine, database, scrubber, { meddle }), ScrubError);
      assertEquals(error.code, "verification");
      assertMatch(error.message, why);
    });
  }

  for (const { what, create, tables, selections, why } of keyRefusals) {
    const statements = sqlFor(engine, create);
    if (statements === null) continue;
    Deno.test(`${engine}: refused before anything changes: ${what}`, async () => {
      const database = `keys_${databases++}`;
      await createTestDatabase(server, engine, database, statements);
      const old = await textOf(server, engine, database);
      const error = await refusalOf(planFixture(server, engine, database, scrubberOf(engine, tables, selections)));
      assert(error, "it was not refused");
      assertMatch(error.message, why);
      assertEquals(await textOf(server, engine, database), old);
    });
  }
}

function sqlFor(engine: EngineName, sql: PerEngine): string | null {
  return typeof sql === "string" ? sql : sql[engine];
}

async function tablesOf(server: TestServer, engine: EngineName, database: string): Promise<readonly string[]> {
  const schema = engine === "postgresql" ? "'public'" : "database()";
  const found = await server.run(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${schema} AND table_type = 'BASE TABLE' ORDER BY 1`,
    database,
  );
  return found.map(({ name }) => String(name));
}

/** All rows of all tables. */
async function textOf(server: TestServer, engine: EngineName, database: string): Promise<string> {
  const texts: string[] = [];
  for (const table of await tablesOf(server, engine, database)) {
    texts.push(JSON.stringify(await server.run(`SELECT * FROM ${table} ORDER BY 1`, database)));
  }
  return texts.join("\n");
}

/** Tables, constraints and indexes as the server spells them. */
async function catalogueOf(server: TestServer, engine: EngineName, database: string): Promise<unknown> {
  if (engine === "mysql") {
    const found: unknown[] = [];
    for (const table of await tablesOf(server, engine, database)) {
      found.push(await server.run(`SHOW CREATE TABLE ${table}`, database));
    }
    return found;
  }
  return await server.run(
    `SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) AS definition, convalidated::text AS checked,
        condeferrable::text || condeferred::text AS deferred, conparentid <> 0 AS inherited
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tablename, indexname, indexdef, '', '', false FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text, '', false FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1, 2, 3`,
    database,
  );
}
