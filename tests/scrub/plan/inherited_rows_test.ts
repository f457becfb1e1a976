/** PostgreSQL's inheritance: a statement on a table also reaches the rows of tables that inherit from it, which may have the same keys. @module */

import { assertEquals } from "@std/assert";
import { type Definition, exceptIn, sql } from "../../../lib/scrub/rules/definition.ts";
import { email, keep, setNull, userName } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, scrubberOf, scrubFixture, serverOf } from "../scrub_fixture.ts";

/** Ann is no member of staff, but the former version of her row has what selects staff. */
const people = `
  CREATE TABLE people (id bigint PRIMARY KEY, login text NOT NULL UNIQUE, staff boolean, name text, mail text);
  CREATE TABLE former_people () INHERITS (people);
  INSERT INTO people VALUES (1, 'ann', false, 'Ann', 'ann@mail.example'), (2, 'bob', true, 'Bob', 'bob@mail.example');
  INSERT INTO former_people VALUES (1, 'ann', true, 'Ann', 'was-ann@mail.example'), (2, 'ann', true, 'Bob', NULL)`;
const staff = { of: "people", where: sql`staff` };

interface Case {
  readonly what: string;
  readonly make: string;
  readonly selections?: Definition["selections"];
  readonly tables: Definition["tables"];
  readonly show: string;
  readonly shown: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: "except chooses by a table's own rows",
    make: people,
    selections: { staff },
    tables: { people: { columns: { name: exceptIn("staff", setNull()) } } },
    show: "SELECT name FROM ONLY people ORDER BY id",
    shown: ["null", "Bob"],
  },
  {
    what: "a key follows the row that it references, not one of a table that inherits",
    make: `${people}; CREATE TABLE posts (id bigint PRIMARY KEY, login text REFERENCES people (login));
      INSERT INTO posts VALUES (1, 'ann'), (2, 'bob')`,
    selections: { staff },
    tables: { people: { columns: { login: exceptIn("staff", userName()) } } },
    show: "SELECT login IN ('ann', 'bob') FROM posts ORDER BY id",
    shown: ["false", "true"],
  },
  {
    what: "keepRows keeps by a table's own rows",
    make: people,
    selections: { staff },
    tables: { people: { keepRows: "staff", columns: {} } },
    show: "SELECT name FROM ONLY people ORDER BY id",
    shown: ["Bob"],
  },
  {
    what: "a kept row needs nothing that only a row of a table that inherits needs",
    make:
      `CREATE TABLE shops (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, shop bigint REFERENCES shops);
      CREATE TABLE old_orders () INHERITS (orders);
      INSERT INTO shops VALUES (1), (2); INSERT INTO orders VALUES (1, 1), (2, 2); INSERT INTO old_orders VALUES (1, 2)`,
    selections: { wanted: { of: "orders", where: sql`id = 1` } },
    tables: { orders: { keepRows: "wanted", columns: {} }, shops: { keepReferenced: true, columns: {} } },
    show: "SELECT id FROM shops ORDER BY id",
    shown: ["1"],
  },
  {
    what: "deleteRows deletes a table's own rows",
    make: people,
    selections: { staff },
    tables: { people: { deleteRows: "staff", columns: {} } },
    show: "SELECT tableoid::regclass || ' ' || id FROM people ORDER BY 1",
    shown: ["former_people 1", "former_people 2", "people 1"],
  },
  {
    what: "what a table that inherits keeps is neither removed nor kept by its parent's rule",
    make:
      `${people}; CREATE TABLE log (id bigint PRIMARY KEY, line text); INSERT INTO log VALUES (1, 'was-ann@mail.example')`,
    tables: {
      people: { columns: { mail: email() } },
      former_people: { keep: "shown on the site" },
      log: { columns: { line: keep("shown, too") } },
    },
    show: "SELECT line FROM log",
    shown: ["was-ann@mail.example"],
  },
];

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));
for (const [at, { what, make, selections, tables, show, shown }] of cases.entries()) {
  Deno.test(`postgresql, inheritance: ${what}`, async () => {
    const database = `inherited_${at}`;
    await createTestDatabase(server, "postgresql", database, make);
    await scrubFixture(server, "postgresql", database, scrubberOf("postgresql", tables, selections));
    const rows = await server.run(show, database);
    assertEquals(rows.map((row) => String(Object.values(row)[0])), shown);
  });
}
