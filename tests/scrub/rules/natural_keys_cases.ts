/** Keys that rows of other tables repeat: what happens to them, and what is refused. @module */

import type { EngineName } from "../../../lib/core/engine_name.ts";
import { type ColumnRule, type Definition, exceptIn, onlyIn, sql } from "../../../lib/scrub/rules/definition.ts";
import {
  constant,
  email,
  freeText,
  hash,
  integer,
  keep,
  lorem,
  nationalInsurance,
  opaque,
  setNull,
  shuffle,
  template,
  truncate,
  userName,
} from "../../../lib/scrub/rules/strategies.ts";

/** Statements for both engines, or for each; null: not for this engine. */
export type PerEngine = string | Readonly<Record<EngineName, string | null>>;

/** A database with a key that is scrubbed. */
export interface KeyCase {
  readonly what: string;
  readonly create: PerEngine;
  readonly tables: Definition["tables"];
  readonly selections?: Definition["selections"];
  /** Queries that give the same before and after. */
  readonly same: readonly string[];
  /** Values that are nowhere afterwards. */
  readonly gone: readonly string[];
  /** Values that are still there. */
  readonly stay?: readonly string[];
  /** The columns that got a rule because they repeat a key. */
  readonly followers: readonly string[];
}

/** A database whose rules are refused before anything changes. */
export interface KeyRefusal {
  readonly what: string;
  readonly create: PerEngine;
  readonly tables: Definition["tables"];
  readonly selections?: Definition["selections"];
  readonly why: RegExp;
}

const customers = "CREATE TABLE customers (email varchar(100) PRIMARY KEY, name varchar(60) NOT NULL)";
const orders = (key = "REFERENCES customers (email)", type = "varchar(100)") =>
  `CREATE TABLE orders (id integer PRIMARY KEY, customer ${type}, note varchar(200),
    CONSTRAINT orders_customer FOREIGN KEY (customer) ${key})`;
const rows = `INSERT INTO customers VALUES ('ada@mail.example', 'Ada Lovelace'), ('bob@mail.example', 'Bob Builder'),
    ('cyd@mail.example', 'Cyd Charisse');
  INSERT INTO orders VALUES (1, 'ada@mail.example', 'call ada@mail.example'), (2, 'ada@mail.example', NULL),
    (3, 'bob@mail.example', NULL), (4, NULL, NULL)`;
const shop = (key?: string, type?: string) => `${customers}; ${orders(key, type)}; ${rows}`;
const people = ["ada@mail.example", "bob@mail.example", "cyd@mail.example"];

const joined = [
  "SELECT o.id, c.name FROM orders o JOIN customers c ON c.email = o.customer ORDER BY o.id",
  "SELECT count(*) AS n FROM orders o LEFT JOIN customers c ON c.email = o.customer WHERE c.email IS NULL",
  "SELECT count(DISTINCT email) AS n FROM customers",
];
const byEmail = { customers: { columns: { email: email() } } };

/** What each engine says of a foreign key. */
const actions: readonly (readonly [what: string, postgresql: string | null, mysql: string | null])[] = [
  ["NO ACTION", "ON UPDATE NO ACTION", "ON UPDATE NO ACTION"],
  ["RESTRICT", "ON UPDATE RESTRICT ON DELETE RESTRICT", "ON UPDATE RESTRICT ON DELETE RESTRICT"],
  ["CASCADE", "ON UPDATE CASCADE ON DELETE CASCADE", "ON UPDATE CASCADE ON DELETE CASCADE"],
  ["SET NULL", "ON UPDATE SET NULL", "ON UPDATE SET NULL"],
  ["DEFERRABLE", "DEFERRABLE INITIALLY IMMEDIATE", null],
  ["INITIALLY DEFERRED", "ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED", null],
  ["MATCH FULL", "MATCH FULL", null],
];

function perEngine(make: (key: string) => string, postgresql: string | null, mysql: string | null): PerEngine {
  return { postgresql: postgresql === null ? null : make(postgresql), mysql: mysql === null ? null : make(mysql) };
}

/** Keys that are scrubbed. */
export const keyCases: readonly KeyCase[] = [
  ...actions.map(([what, postgresql, mysql]): KeyCase => ({
    what: `a foreign key with ${what}`,
    create: perEngine((key) => shop(`REFERENCES customers (email) ${key}`), postgresql, mysql),
    tables: { ...byEmail, orders: { columns: { note: lorem() } } },
    same: joined,
    gone: people,
    followers: ["orders.customer"],
  })),
  {
    what: "a foreign key that is NOT VALID",
    create: {
      postgresql:
        `${customers}; CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), note text); ${rows};
        ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customers (email) NOT VALID`,
      mysql: null,
    },
    tables: { ...byEmail, orders: { columns: { note: setNull() } } },
    same: joined,
    gone: people,
    followers: ["orders.customer"],
  },
  {
    what: "a unique column that is no primary key",
    create: `CREATE TABLE person (id integer PRIMARY KEY, ni varchar(13) NOT NULL UNIQUE, born integer);
      CREATE TABLE claims (id integer PRIMARY KEY, ni varchar(13) NOT NULL, FOREIGN KEY (ni) REFERENCES person (ni));
      CREATE TABLE cards (ni varchar(13) PRIMARY KEY, colour integer, FOREIGN KEY (ni) REFERENCES person (ni));
      INSERT INTO person VALUES (1, 'AB 12 34 56 C', 1950), (2, 'CE123457D', 1951);
      INSERT INTO claims VALUES (1, 'AB 12 34 56 C'), (2, 'CE123457D'), (3, 'CE123457D');
      INSERT INTO cards VALUES ('CE123457D', 7)`,
    tables: { person: { columns: { ni: nationalInsurance() } } },
    same: [
      "SELECT c.id, p.born FROM claims c JOIN person p ON p.ni = c.ni ORDER BY c.id",
      "SELECT c.colour, p.born FROM cards c JOIN person p ON p.ni = c.ni",
    ],
    gone: ["AB 12 34 56 C", "CE123457D"],
    followers: ["cards.ni", "claims.ni"],
  },
  {
    what: "a key of two columns, of which one changes",
    create: `CREATE TABLE members (club integer, name varchar(50), age integer, PRIMARY KEY (club, name));
      CREATE TABLE scores (id integer PRIMARY KEY, club integer, name varchar(50), points integer,
        FOREIGN KEY (club, name) REFERENCES members (club, name));
      INSERT INTO members VALUES (1, 'ada.lovelace', 10), (2, 'ada.lovelace', 20), (2, 'bob.builder', 30);
      INSERT INTO scores VALUES (1, 1, 'ada.lovelace', 5), (2, 2, 'ada.lovelace', 6), (3, 2, 'bob.builder', 7),
        (4, NULL, 'bob.builder', 8), (5, 2, NULL, 9)`,
    tables: { members: { columns: { name: userName() } } },
    same: [
      "SELECT s.points, m.age FROM scores s JOIN members m ON m.club = s.club AND m.name = s.name ORDER BY s.points",
      "SELECT id FROM scores WHERE club IS NULL OR name IS NULL ORDER BY id",
    ],
    gone: ["ada.lovelace", "bob.builder"],
    followers: ["scores.name"],
  },
  {
    what: "a table that references itself",
    create: `CREATE TABLE staff (login varchar(40) PRIMARY KEY, boss varchar(40), age integer,
        FOREIGN KEY (boss) REFERENCES staff (login));
      INSERT INTO staff VALUES ('ada.lovelace', NULL, 1), ('bob.builder', 'ada.lovelace', 2), ('cyd.charisse', 'bob.builder', 3),
        ('dee.dudley', 'dee.dudley', 4)`,
    tables: { staff: { columns: { login: userName() } } },
    same: ["SELECT s.age, b.age AS boss FROM staff s LEFT JOIN staff b ON b.login = s.boss ORDER BY s.age"],
    gone: ["ada.lovelace", "bob.builder", "cyd.charisse", "dee.dudley"],
    followers: ["staff.boss"],
  },
  {
    what: "a chain of three tables",
    create: `CREATE TABLE a (email varchar(100) PRIMARY KEY, n integer);
      CREATE TABLE b (email varchar(80) PRIMARY KEY, n integer, FOREIGN KEY (email) REFERENCES a (email));
      CREATE TABLE c (n integer PRIMARY KEY, email varchar(60), FOREIGN KEY (email) REFERENCES b (email));
      INSERT INTO a VALUES ('ada@mail.example', 1), ('bob@mail.example', 2), ('cyd@mail.example', 3);
      INSERT INTO b VALUES ('ada@mail.example', 1), ('bob@mail.example', 2); INSERT INTO c VALUES (1, 'ada@mail.example'), (2, NULL)`,
    tables: { a: { columns: { email: opaque() } } },
    same: [
      "SELECT a.n, b.n AS b, c.n AS c FROM a LEFT JOIN b ON b.email = a.email LEFT JOIN c ON c.email = b.email ORDER BY a.n",
    ],
    gone: people,
    followers: ["b.email", "c.email"],
  },
  {
    what: "two tables that reference each other",
    create:
      `CREATE TABLE a (code varchar(40) PRIMARY KEY, n integer); CREATE TABLE b (code varchar(40) PRIMARY KEY, n integer);
      INSERT INTO a VALUES ('ada.lovelace', 1), ('bob.builder', 2); INSERT INTO b VALUES ('ada.lovelace', 3), ('bob.builder', 4);
      ALTER TABLE a ADD FOREIGN KEY (code) REFERENCES b (code); ALTER TABLE b ADD FOREIGN KEY (code) REFERENCES a (code)`,
    tables: { a: { columns: { code: hash({ length: 20 }) } } },
    same: ["SELECT a.n, b.n AS b FROM a JOIN b ON b.code = a.code ORDER BY a.n"],
    gone: ["ada.lovelace", "bob.builder"],
    followers: ["b.code"],
  },
  {
    what: "a column that references two tables with the same rule",
    create: `CREATE TABLE a (code varchar(40) PRIMARY KEY); CREATE TABLE b (code varchar(40) PRIMARY KEY);
      CREATE TABLE c (id integer PRIMARY KEY, code varchar(40), FOREIGN KEY (code) REFERENCES a (code), FOREIGN KEY (code) REFERENCES b (code));
      INSERT INTO a VALUES ('ada.lovelace'); INSERT INTO b VALUES ('ada.lovelace'); INSERT INTO c VALUES (1, 'ada.lovelace')`,
    tables: { a: { columns: { code: template("u{hash}") } }, b: { columns: { code: template("u{hash}") } } },
    same: ["SELECT c.id FROM c JOIN a ON a.code = c.code JOIN b ON b.code = c.code"],
    gone: ["ada.lovelace"],
    followers: ["c.code"],
  },
  {
    what: "a column that is shorter than its key",
    create: shop(undefined, "varchar(30)"),
    tables: { customers: { columns: { email: userName() } }, orders: { columns: { note: setNull() } } },
    same: joined,
    gone: people,
    followers: ["orders.customer"],
  },
  {
    what: "columns of types that hold the same texts",
    create: { postgresql: shop(undefined, "text"), mysql: null },
    tables: { ...byEmail, orders: { columns: { note: setNull() } } },
    same: joined,
    gone: people,
    followers: ["orders.customer"],
  },
  {
    what: "a column with the same rule of its own",
    create: shop(),
    tables: { ...byEmail, orders: { columns: { customer: email(), note: setNull() } } },
    same: joined,
    gone: people,
    followers: [],
  },
  {
    what: "a column that becomes NULL, and a table that loses every row",
    create:
      `${shop()}; CREATE TABLE visits (id integer PRIMARY KEY, customer varchar(100), FOREIGN KEY (customer) REFERENCES customers (email));
      INSERT INTO visits VALUES (1, 'ada@mail.example')`,
    tables: { ...byEmail, orders: { columns: { customer: setNull(), note: setNull() } }, visits: truncate() },
    same: ["SELECT name FROM customers ORDER BY name", "SELECT id FROM orders ORDER BY id"],
    gone: people,
    followers: [],
  },
  {
    what: "a text of the row that holds the key",
    create: shop(),
    tables: { ...byEmail, orders: { columns: { note: freeText("customer") } } },
    same: [
      ...joined,
      "SELECT id FROM orders WHERE note = concat('call ', customer)",
      "SELECT count(*) AS n FROM orders WHERE note IS NULL",
    ],
    gone: people,
    followers: ["orders.customer"],
  },
  {
    what: "UUIDs and whole numbers",
    create: {
      postgresql: `CREATE TABLE a (id uuid PRIMARY KEY, nhs bigint NOT NULL UNIQUE, n integer);
        CREATE TABLE b (n integer PRIMARY KEY, a uuid REFERENCES a, nhs bigint REFERENCES a (nhs));
        INSERT INTO a VALUES ('5c9a2bb5-94b9-4f3a-9f4d-f1a9c6a7f001', 9434765919, 1), ('5c9a2bb5-94b9-4f3a-9f4d-f1a9c6a7f002', 9434765870, 2);
        INSERT INTO b SELECT n, id, nhs FROM a`,
      mysql: `CREATE TABLE a (id varchar(36) PRIMARY KEY, nhs bigint NOT NULL UNIQUE, n integer);
        CREATE TABLE b (n integer PRIMARY KEY, a varchar(36), nhs bigint, FOREIGN KEY (a) REFERENCES a (id), FOREIGN KEY (nhs) REFERENCES a (nhs));
        INSERT INTO a VALUES ('5c9a2bb5-94b9-4f3a-9f4d-f1a9c6a7f001', 9434765919, 1), ('5c9a2bb5-94b9-4f3a-9f4d-f1a9c6a7f002', 9434765870, 2);
        INSERT INTO b SELECT n, id, nhs FROM a`,
    },
    tables: {
      a: { columns: { id: opaque(), nhs: integer({ minimum: 1_000_000_000_000, maximum: 9_999_999_999_999 }) } },
    },
    same: ["SELECT a.n, b.n AS b, c.n AS c FROM a JOIN b ON b.a = a.id JOIN b c ON c.nhs = a.nhs ORDER BY a.n"],
    gone: ["5c9a2bb5-94b9-4f3a-9f4d-f1a9c6a7f00", "9434765919", "9434765870"],
    followers: ["b.a", "b.nhs"],
  },
  {
    what: "spellings that the server takes for equal",
    create: {
      postgresql: `CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE customers (email varchar(100) COLLATE loose PRIMARY KEY, name text);
        CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100) COLLATE loose REFERENCES customers, note text);
        INSERT INTO customers VALUES ('Ada@Mail.example', 'Ada Lovelace'); INSERT INTO orders VALUES (1, 'ADA@mail.example', NULL)`,
      mysql: `${customers}; ${orders()}; INSERT INTO customers VALUES ('Ada@Mail.example', 'Ada Lovelace');
        INSERT INTO orders VALUES (1, 'ADA@mail.example', NULL)`,
    },
    tables: byEmail,
    same: joined,
    gone: ["Ada@Mail.example", "ADA@mail.example"],
    followers: ["orders.customer"],
  },
  {
    what: "text without case",
    create: {
      postgresql: `CREATE EXTENSION citext; CREATE TABLE customers (email citext PRIMARY KEY, name text);
        CREATE TABLE orders (id integer PRIMARY KEY, customer citext REFERENCES customers, note text);
        INSERT INTO customers VALUES ('Ada@Mail.example', 'Ada Lovelace'); INSERT INTO orders VALUES (1, 'ADA@mail.example', NULL)`,
      mysql: null,
    },
    tables: byEmail,
    same: joined,
    gone: ["Ada@Mail.example", "ADA@mail.example"],
    followers: ["orders.customer"],
  },
  {
    what: "a subset by a key that changes",
    create: shop(),
    tables: {
      customers: { keepRows: "adas", columns: { email: email() } },
      orders: { columns: { note: setNull() } },
    },
    selections: { adas: { of: "customers", where: sql`name LIKE 'Ada%'` } },
    same: [
      "SELECT o.id, c.name FROM orders o JOIN customers c ON c.email = o.customer WHERE c.name LIKE 'Ada%' ORDER BY o.id",
    ],
    gone: [...people, "Bob Builder", "Cyd Charisse"],
    stay: ["Ada Lovelace"],
    followers: ["orders.customer"],
  },
  {
    what: "a reference that only the rules declare",
    create: `${customers}; CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), note text); ${rows}`,
    tables: {
      ...byEmail,
      orders: { references: [{ columns: ["customer"], to: "customers" }], columns: { note: setNull() } },
    },
    same: joined,
    gone: people,
    followers: ["orders.customer"],
  },
  {
    what: "partitions of the table that references",
    create: {
      postgresql:
        `${customers}; CREATE TABLE orders (id integer, customer varchar(100) REFERENCES customers ON UPDATE CASCADE, note text) PARTITION BY RANGE (id);
        CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (3); CREATE TABLE orders_2 PARTITION OF orders DEFAULT; ${rows}`,
      mysql: null,
    },
    tables: { ...byEmail, orders: { columns: { note: setNull() } } },
    same: joined,
    gone: people,
    followers: ["orders.customer"],
  },
  {
    what: "partitions of the table that is referenced",
    create: {
      postgresql:
        `CREATE TABLE customers (region integer, email varchar(100), name text, PRIMARY KEY (region, email)) PARTITION BY LIST (region);
        CREATE TABLE customers_1 PARTITION OF customers FOR VALUES IN (1); CREATE TABLE customers_2 PARTITION OF customers FOR VALUES IN (2);
        CREATE TABLE orders (id integer PRIMARY KEY, region integer, customer varchar(100), FOREIGN KEY (region, customer) REFERENCES customers);
        INSERT INTO customers VALUES (1, 'ada@mail.example', 'Ada'), (2, 'bob@mail.example', 'Bob');
        INSERT INTO orders VALUES (1, 1, 'ada@mail.example'), (2, 2, 'bob@mail.example')`,
      mysql: null,
    },
    tables: byEmail,
    same: [
      "SELECT o.id, c.name FROM orders o JOIN customers c ON c.email = o.customer AND c.region = o.region ORDER BY o.id",
    ],
    gone: people.slice(0, 2),
    followers: ["orders.customer"],
  },
  {
    what: "rows that are deleted, by a key that changes",
    create: shop("REFERENCES customers (email) ON DELETE CASCADE"),
    tables: {
      customers: { deleteRows: "bobs", columns: { email: email() } },
      orders: { columns: { note: setNull() } },
    },
    selections: { bobs: { of: "customers", where: sql`name LIKE 'Bob%'` } },
    same: [
      "SELECT o.id, c.name FROM orders o JOIN customers c ON c.email = o.customer WHERE c.name NOT LIKE 'Bob%' ORDER BY o.id",
    ],
    gone: [...people, "Bob Builder"],
    followers: ["orders.customer"],
  },
  {
    what: "other columns of selected rows, by a key that changes",
    create: shop(),
    tables: {
      customers: { columns: { email: email(), name: onlyIn("bobs", constant("nameless")) } },
      orders: { columns: { note: setNull() } },
    },
    selections: { bobs: { of: "customers", where: sql`name LIKE 'Bob%'` } },
    same: [
      "SELECT o.id, c.name FROM orders o JOIN customers c ON c.email = o.customer WHERE o.id < 3 ORDER BY o.id",
      ...joined.slice(1),
    ],
    gone: [...people, "Bob Builder"],
    stay: ["Ada Lovelace", "nameless"],
    followers: ["orders.customer"],
  },
  {
    what: "all rows but some, and those that reference them",
    create: shop(),
    tables: {
      customers: { columns: { email: exceptIn("bobs", email()), name: exceptIn("bobs", constant("nameless")) } },
      orders: { columns: { note: lorem() } },
    },
    selections: { bobs: { of: "customers", where: sql`name LIKE 'Bob%'` } },
    same: ["SELECT id FROM orders WHERE customer = 'bob@mail.example'", ...joined.slice(1)],
    gone: ["ada@mail.example", "cyd@mail.example", "Ada Lovelace"],
    stay: ["bob@mail.example", "Bob Builder"],
    followers: ["orders.customer"],
  },
  {
    what: "some rows only, along a chain whose keys are primary keys",
    create: `CREATE TABLE z (n integer PRIMARY KEY, email varchar(80));
      CREATE TABLE c (email varchar(100) PRIMARY KEY, n integer); CREATE TABLE b (email varchar(100) PRIMARY KEY, n integer);
      CREATE TABLE a (email varchar(100) PRIMARY KEY, n integer);
      ALTER TABLE z ADD FOREIGN KEY (email) REFERENCES c (email); ALTER TABLE c ADD FOREIGN KEY (email) REFERENCES b (email);
      ALTER TABLE b ADD FOREIGN KEY (email) REFERENCES a (email);
      INSERT INTO a VALUES ('ada@mail.example', 1), ('bob@mail.example', 2), ('cyd@mail.example', 3);
      INSERT INTO b SELECT email, n FROM a; INSERT INTO c SELECT email, n FROM b; INSERT INTO z SELECT n, email FROM c`,
    tables: { a: { columns: { email: onlyIn("first", email()) } } },
    selections: { first: { of: "a", where: sql`n = 1` } },
    same: [
      "SELECT z.n, c.n AS c, b.n AS b, a.n AS a FROM z JOIN c ON c.email = z.email JOIN b ON b.email = c.email JOIN a ON a.email = b.email ORDER BY z.n",
      "SELECT email FROM z WHERE n > 1 ORDER BY n",
    ],
    gone: ["ada@mail.example"],
    stay: ["bob@mail.example", "cyd@mail.example"],
    followers: ["b.email", "c.email", "z.email"],
  },
  {
    what: "the same value in two rows, of which one keeps it",
    create: `CREATE TABLE members (club integer, name varchar(50), boss varchar(50), PRIMARY KEY (club, name));
      INSERT INTO members VALUES (1, 'ada.lovelace', NULL), (2, 'ada.lovelace', NULL), (2, 'bob.builder', 'ada.lovelace'),
        (1, 'cyd.charisse', 'ada.lovelace');
      ALTER TABLE members ADD CONSTRAINT led_by FOREIGN KEY (club, boss) REFERENCES members (club, name)`,
    tables: { members: { columns: { name: exceptIn("second", userName()) } } },
    selections: { second: { of: "members", where: sql`club = 2` } },
    same: [
      "SELECT m.club, count(*) AS n FROM members m JOIN members b ON b.club = m.club AND b.name = m.boss GROUP BY m.club ORDER BY m.club",
      "SELECT name, boss FROM members WHERE club = 2 ORDER BY name",
    ],
    gone: ["cyd.charisse"],
    stay: ["ada.lovelace", "bob.builder"],
    followers: ["members.boss"],
  },
  {
    what: "tables that can only change in place",
    create: {
      postgresql: `${
        shop("REFERENCES customers (email) ON UPDATE CASCADE")
      }; CREATE VIEW seen AS SELECT email, name FROM customers`,
      mysql: `${shop("REFERENCES customers (email) ON UPDATE CASCADE")}; CREATE USER gone@localhost;
        CREATE DEFINER=gone@localhost TRIGGER x BEFORE INSERT ON customers FOR EACH ROW SET NEW.name = NEW.name;
        CREATE DEFINER=gone@localhost TRIGGER y BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = NEW.note; DROP USER gone@localhost`,
    },
    tables: {
      customers: { columns: { email: email(), name: exceptIn("bobs", constant("nameless")) } },
      orders: { columns: { note: setNull() } },
    },
    selections: { bobs: { of: "customers", where: sql`name LIKE 'Bob%'` } },
    same: [
      "SELECT o.id, c.name FROM orders o JOIN customers c ON c.email = o.customer WHERE o.id = 3",
      ...joined.slice(1),
    ],
    gone: [...people, "Ada Lovelace"],
    stay: ["Bob Builder", "nameless"],
    followers: ["orders.customer"],
  },
];

const kept: ColumnRule = keep("a test");
const twoKeys = (type: string, other: string) =>
  `CREATE TABLE customers (email ${type} PRIMARY KEY, name varchar(60));
   CREATE TABLE orders (id integer PRIMARY KEY, customer ${other}, FOREIGN KEY (customer) REFERENCES customers (email))`;

/** Rules that are refused. */
export const keyRefusals: readonly KeyRefusal[] = [
  {
    what: "a rule for the column that repeats the key alone",
    create: shop(),
    tables: { orders: { columns: { customer: email() } } },
    why: /column orders\.customer: the foreign key "orders_customer" uses it: write the rule for customers\.email$/,
  },
  {
    what: "another rule for the column that repeats the key",
    create: shop(),
    tables: { customers: { columns: { email: email() } }, orders: { columns: { customer: opaque() } } },
    why:
      /column orders\.customer: its rule \(opaque\) differs from that of customers\.email \(email\), which it repeats by the foreign key "orders_customer"/,
  },
  {
    what: "the same strategy with another parameter",
    create: shop(),
    tables: {
      customers: { columns: { email: hash({ length: 30 }) } },
      orders: { columns: { customer: hash({ length: 31 }) } },
    },
    why: /its rule \(hash \{"length":31\}\) differs from that of customers\.email \(hash \{"length":30\}\)/,
  },
  {
    what: "a column that repeats the key and is kept",
    create: shop(),
    tables: { customers: { columns: { email: email() } }, orders: { columns: { customer: kept } } },
    why:
      /column orders\.customer: it is kept, but it repeats customers\.email by the foreign key "orders_customer", which changes/,
  },
  {
    what: "a table that is kept, a column of which repeats the key",
    create: shop(),
    tables: { customers: { columns: { email: email() } }, orders: { keep: "a test" } },
    why: /column orders\.customer: its table is kept, but it repeats customers\.email/,
  },
  ...([
    ["lorem", lorem()],
    ["shuffle", shuffle()],
    ["a constant", constant("x")],
    ["a template with another column", template("{hash} {id}")],
    ["setNull", setNull()],
  ] as const).map(([what, rule]): KeyRefusal => ({
    what: `a key that ${what} would change`,
    create: `CREATE TABLE customers (id integer PRIMARY KEY, email varchar(100) UNIQUE);
      CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), CONSTRAINT placed_by FOREIGN KEY (customer) REFERENCES customers (email))`,
    tables: { customers: { columns: { email: rule } } },
    why: /column customers\.email: .*the foreign key "placed_by" uses it: only what makes equal values of equal ones/,
  })),
  {
    what: "a column of a chain whose first key has no rule",
    create: `CREATE TABLE a (email varchar(100) PRIMARY KEY);
      CREATE TABLE b (email varchar(100) PRIMARY KEY, FOREIGN KEY (email) REFERENCES a (email));
      CREATE TABLE c (id integer PRIMARY KEY, email varchar(100), FOREIGN KEY (email) REFERENCES b (email))`,
    tables: { b: { columns: { email: email() } } },
    why: /column b\.email: the foreign key ".*" uses it: write the rule for a\.email$/,
  },
  {
    what: "a column that repeats two keys, of which some rows stay",
    create: `CREATE TABLE a (code varchar(40) PRIMARY KEY); CREATE TABLE b (code varchar(40) PRIMARY KEY);
      CREATE TABLE c (id integer PRIMARY KEY, code varchar(40), FOREIGN KEY (code) REFERENCES a (code), FOREIGN KEY (code) REFERENCES b (code))`,
    tables: {
      a: { columns: { code: exceptIn("some", userName()) } },
      b: { columns: { code: exceptIn("some", userName()) } },
    },
    selections: { some: { of: "a", where: sql`code = 'ada'` } },
    why: /column c\.code: it repeats a\.code and b\.code, whose rules are not for every row/,
  },
  {
    what: "rows without a primary key that would have to follow some rows",
    create:
      `${customers}; CREATE TABLE orders (customer varchar(100), FOREIGN KEY (customer) REFERENCES customers (email))`,
    tables: { customers: { columns: { email: exceptIn("bobs", email()) } } },
    selections: { bobs: { of: "customers", where: sql`name LIKE 'Bob%'` } },
    why:
      /column orders\.customer: the rule of customers\.email, .* is not for every row, and orders has no primary key/,
  },
  {
    what: "a column too short for the new key",
    create: twoKeys("varchar(100)", "varchar(40)"),
    tables: { customers: { columns: { email: email() } } },
    why: /column orders\.customer: email does not fit: it holds 40 characters and the new value has 41/,
  },
  {
    what: "a type that pads with blanks",
    create: twoKeys("varchar(100)", "char(100)"),
    tables: { customers: { columns: { email: email() } } },
    why:
      /column orders\.customer: it repeats customers\.email by the foreign key ".*", but is char.*\(100\), and that is .*varchar|varying/,
  },
  {
    what: "whole numbers of another width",
    create: { postgresql: twoKeys("bigint", "integer"), mysql: null },
    tables: { customers: { columns: { email: integer({ minimum: 1_000_000_000_000, maximum: 9_000_000_000_000 }) } } },
    why: /column orders\.customer: it repeats customers\.email .* but is integer, and that is bigint/,
  },
  {
    what: "rows that lead nowhere already",
    create: {
      postgresql:
        `${customers}; CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), note text); ${rows};
        INSERT INTO orders VALUES (9, 'dee@mail.example', NULL);
        ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customers (email) NOT VALID`,
      mysql:
        `${shop()}; SET SESSION foreign_key_checks = 0; INSERT INTO orders VALUES (9, 'dee@mail.example', NULL); SET SESSION foreign_key_checks = 1`,
    },
    tables: byEmail,
    why: /in 1 rows of orders the foreign key "orders_customer" leads to no row that has the same value/,
  },
  {
    what: "spellings that only the server takes for equal",
    create: {
      postgresql: `CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
        CREATE TABLE customers (email varchar(100) COLLATE loose PRIMARY KEY, name text);
        CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100) COLLATE loose, CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customers);
        INSERT INTO customers VALUES ('zoé@mail.example', 'Zoé'); INSERT INTO orders VALUES (1, 'zoe@mail.example')`,
      mysql:
        `${customers}; ${orders()}; INSERT INTO customers VALUES ('zoé@mail.example', 'Zoé'); INSERT INTO orders VALUES (1, 'zoe@mail.example', NULL)`,
    },
    tables: byEmail,
    why:
      /in 1 rows of orders the foreign key "orders_customer" leads to no row that has the same value in the same spelling/,
  },
];
