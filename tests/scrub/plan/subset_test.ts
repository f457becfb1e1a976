/** Which rows a subset keeps, on real servers, from the rules to the proof. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { outline } from "../../../lib/scrub/plan/outline.ts";
import { countSelection } from "../../../lib/scrub/plan/selections.ts";
import { bind } from "../../../lib/scrub/rules/bind.ts";
import { column, type Definition, type EngineName, selection, sql } from "../../../lib/scrub/rules/definition.ts";
import { setNull } from "../../../lib/scrub/rules/strategies.ts";
import {
  coverRuled,
  createTestDatabase,
  dataTime,
  engineNamed,
  engineNames,
  never,
  planFixture,
  scrubberOf,
  scrubFixture,
  serverOf,
  targetOf,
} from "../scrub_fixture.ts";

interface Case {
  readonly what: string;
  readonly engines?: readonly EngineName[];
  readonly create: readonly string[];
  /** Table to the condition on `x` of its selection, which is called like the table. */
  readonly select: Readonly<Record<string, string>>;
  readonly tables: Definition["tables"];
  /** Table to its rows afterwards, values joined by blanks. */
  readonly expected?: Readonly<Record<string, readonly string[]>>;
  readonly refused?: RegExp;
}

const none = { columns: {} } as const;
const keepA = { a: { keepRows: "a", columns: {} } } as const;

/** A table of `x` and references, each `column table action`; `!` behind the column: NOT NULL. */
function table(name: string, ...references: readonly string[]): string {
  const parts = references.map((reference) => {
    const [of = "", to = "", ...action] = reference.split(" ");
    const name = of.replace("!", "");
    return {
      column: `${name} integer${of.endsWith("!") ? " NOT NULL" : ""}`,
      key: to === "" ? "" : `FOREIGN KEY (${name}) REFERENCES ${to} (x) ${action.join(" ")}`,
    };
  });
  const keys = parts.flatMap(({ key }) => key === "" ? [] : [key]);
  return `CREATE TABLE ${name} (${
    ["x integer PRIMARY KEY", ...parts.map(({ column }) => column), ...keys].join(", ")
  })`;
}

/** An INSERT of rows whose values are numbers, `-` for NULL. */
function rows(name: string, ...values: readonly string[]): string {
  return `INSERT INTO ${name} VALUES ${
    values.map((row) => `(${row.split(" ").map((one) => one === "-" ? "NULL" : one).join(", ")})`).join(", ")
  }`;
}

const pairOf = (reference: string) => [
  table("a"),
  table("b", reference),
  rows("a", "1", "2"),
  rows("b", "10 1", "20 2", "30 -"),
];

const posts = [
  "CREATE TABLE a (x integer PRIMARY KEY)",
  "CREATE TABLE p (x integer PRIMARY KEY, a integer, FOREIGN KEY (a) REFERENCES a (x))",
  "CREATE TABLE n (x integer PRIMARY KEY, item integer, kind varchar(20))",
  rows("a", "1", "2"),
  rows("p", "1 2", "2 1", "3 2"),
];

const cases: readonly Case[] = [
  {
    what: "a chain loses what hangs on the rows that are not selected, at any depth",
    create: [
      table("a"),
      table("b", "a a"),
      table("c", "b! b"),
      table("d", "c c"),
      rows("a", "1", "2", "3"),
      rows("b", "10 1", "11 1", "20 2", "30 -"),
      rows("c", "100 10", "200 20", "300 30"),
      rows("d", "1000 100", "2000 200", "3000 -"),
    ],
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1"], b: ["10 1", "11 1", "30 null"], c: ["100 10", "300 30"], d: ["1000 100", "3000 null"] },
  },
  ...["", "ON DELETE NO ACTION", "ON DELETE RESTRICT", "ON DELETE CASCADE"].map((action): Case => ({
    what: `a row goes with the one that it references, under ${action === "" ? "no action" : action}`,
    create: pairOf(`a a ${action}`.trim()),
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1"], b: ["10 1", "30 null"] },
  })),
  {
    what: "a reference becomes NULL under ON DELETE SET NULL",
    create: pairOf("a a ON DELETE SET NULL"),
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1"], b: ["10 1", "20 null", "30 null"] },
  },
  {
    what: "a row goes although its key says SET NULL where the rule says so",
    create: pairOf("a a ON DELETE SET NULL"),
    select: { a: "= 1" },
    tables: { ...keepA, b: { ...none, references: [{ columns: ["a"], to: "a", whenDeleted: "delete" }] } },
    expected: { a: ["1"], b: ["10 1", "30 null"] },
  },
  {
    what: "a reference becomes NULL although its key says RESTRICT where the rule says so",
    create: pairOf("a a ON DELETE RESTRICT"),
    select: { a: "= 1" },
    tables: { ...keepA, b: { ...none, references: [{ columns: ["a"], to: "a", whenDeleted: "set null" }] } },
    expected: { a: ["1"], b: ["10 1", "20 null", "30 null"] },
  },
  {
    what: "tables above stay whole",
    create: [table("z"), table("a", "z z"), rows("z", "7", "8", "9"), rows("a", "1 7", "2 8")],
    select: { a: "= 1" },
    tables: keepA,
    expected: { z: ["7", "8", "9"], a: ["1 7"] },
  },
  {
    what: "of a table with keepReferenced, what remaining rows reference stays, and what that references",
    create: [
      table("y"),
      table("z", "y y"),
      table("a", "z z ON DELETE SET NULL"),
      table("o", "y y"),
      rows("y", "1", "2", "3", "4"),
      rows("z", "7 1", "8 2", "9 1"),
      rows("a", "1 7", "2 8"),
      rows("o", "1 3", "2 -"),
    ],
    select: { a: "= 1" },
    tables: { ...keepA, y: { ...none, keepReferenced: true }, z: { ...none, keepReferenced: true } },
    expected: { y: ["1", "3"], z: ["7 1"], a: ["1 7"], o: ["1 3", "2 null"] },
  },
  {
    what: "rows that only reference themselves or each other do not stay by keepReferenced",
    create: [
      table("z", "up z"),
      table("a", "z z"),
      rows("z", "1 -", "2 1", "3 2", "4 4", "5 -", "6 5"),
      "UPDATE z SET up = 6 WHERE x = 5",
      rows("a", "1 2", "2 6"),
    ],
    select: { a: "= 1" },
    tables: { ...keepA, z: { ...none, keepReferenced: true } },
    expected: { z: ["1 null", "2 1"], a: ["1 2"] },
  },
  {
    what: "keepReferenced needs no keepRows",
    create: [table("z"), table("a", "z z"), rows("z", "7", "8"), rows("a", "1 7", "2 7")],
    select: {},
    tables: { z: { ...none, keepReferenced: true } },
    expected: { z: ["7"], a: ["1 7", "2 7"] },
  },
  {
    what: "in a diamond a row goes with either of the rows that it references",
    create: [
      table("a"),
      table("b", "a! a"),
      table("c", "a! a"),
      table("d", "b! b", "c! c"),
      rows("a", "1", "2"),
      rows("b", "10 1", "20 2"),
      rows("c", "10 1", "20 2"),
      rows("d", "1 10 10", "2 10 20", "3 20 10", "4 20 20"),
    ],
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1"], b: ["10 1"], c: ["10 1"], d: ["1 10 10"] },
  },
  {
    what: "a selected row stays with the row of another table with keepRows that it needs",
    create: [
      table("a"),
      table("b", "a! a"),
      table("c", "a! a"),
      rows("a", "1", "2", "3"),
      rows("b", "10 1", "20 2", "30 3"),
      rows("c", "10 1", "20 2", "30 3"),
    ],
    select: { a: "= 1", b: "= 20" },
    tables: { a: { ...none, keepRows: "a" }, b: { ...none, keepRows: "b" } },
    expected: { a: ["1", "2"], b: ["20 2"], c: ["10 1", "20 2"] },
  },
  {
    what: "a selected row stays with its ancestors in its own table; others go with theirs",
    create: [
      table("a", "up a"),
      rows("a", "1 -", "2 1", "3 2", "4 1", "5 4", "6 6", "7 -"),
    ],
    select: { a: "IN (3, 7)" },
    tables: keepA,
    expected: { a: ["1 null", "2 1", "3 2", "7 null"] },
  },
  {
    what: "a selected row stays without its ancestors under ON DELETE SET NULL",
    create: [table("a", "up a ON DELETE SET NULL"), rows("a", "1 -", "2 1", "3 2", "4 3")],
    select: { a: "IN (3, 4)" },
    tables: keepA,
    expected: { a: ["3 null", "4 3"] },
  },
  {
    what: "in a cycle of two tables stays what a selected row needs, and what needs only that",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY, b integer)",
      table("b", "a! a"),
      rows("a", "1 -", "2 -", "3 -", "4 -"),
      rows("b", "10 1", "20 2", "30 3"),
      "UPDATE a SET b = 10 * (x + 1) WHERE x < 3",
      "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (x)",
    ],
    select: { a: "= 2" },
    tables: keepA,
    expected: { a: ["2 30", "3 null"], b: ["20 2", "30 3"] },
  },
  {
    what: "a cycle is cut where a reference may become NULL",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY, b integer)",
      table("b", "a! a"),
      rows("a", "1 -", "2 -", "3 -"),
      rows("b", "10 1", "20 2", "30 3"),
      "UPDATE a SET b = 10 * (x + 1) WHERE x < 3",
      "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (x)",
    ],
    select: { a: "= 2" },
    tables: { a: { ...none, keepRows: "a", references: [{ columns: ["b"], to: "b", whenDeleted: "set null" }] } },
    expected: { a: ["2 null"], b: ["20 2"] },
  },
  {
    what: "keys of several columns; a part that is NULL references nothing",
    create: [
      "CREATE TABLE a (x integer, y varchar(9), PRIMARY KEY (y, x))",
      "CREATE TABLE b (x integer PRIMARY KEY, ax integer, ay varchar(9), FOREIGN KEY (ay, ax) REFERENCES a (y, x))",
      "CREATE TABLE c (n integer, b integer, FOREIGN KEY (b) REFERENCES b (x), PRIMARY KEY (b, n))",
      "INSERT INTO a VALUES (1, 'p'), (1, 'q'), (2, 'p')",
      "INSERT INTO b VALUES (10, 1, 'p'), (11, 1, 'q'), (12, 2, 'p'), (13, 2, NULL)",
      "INSERT INTO c VALUES (1, 10), (2, 10), (1, 12), (1, 13)",
    ],
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1 p", "1 q"], b: ["10 1 p", "11 1 q", "13 2 null"], c: ["1 10", "2 10", "1 13"] },
  },
  {
    what: "of a key of several columns only what may be NULL becomes NULL",
    create: [
      "CREATE TABLE a (x integer, t integer, PRIMARY KEY (t, x))",
      "CREATE TABLE b (x integer PRIMARY KEY, t integer NOT NULL, a integer, FOREIGN KEY (t, a) REFERENCES a (t, x))",
      "INSERT INTO a VALUES (1, 5), (2, 5)",
      "INSERT INTO b VALUES (10, 5, 1), (20, 5, 2)",
    ],
    select: { a: "= 1" },
    tables: {
      ...keepA,
      b: { ...none, references: [{ columns: ["a", "t"], to: "a", toColumns: ["x", "t"], whenDeleted: "set null" }] },
    },
    expected: { a: ["1 5"], b: ["10 5 1", "20 5 null"] },
  },
  {
    what: "a key to unique columns that are not the primary key",
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY, code varchar(9) UNIQUE)",
      "CREATE TABLE b (x integer PRIMARY KEY, code varchar(9), FOREIGN KEY (code) REFERENCES a (code))",
      "INSERT INTO a VALUES (1, 'one'), (2, 'two'), (3, NULL)",
      "INSERT INTO b VALUES (10, 'one'), (20, 'two'), (30, NULL)",
    ],
    select: { a: "= 2" },
    tables: keepA,
    expected: { a: ["2 two"], b: ["20 two", "30 null"] },
  },
  {
    what: "a declared reference, of which some rows led nowhere before",
    create: [
      table("a"),
      table("b", "a"),
      table("c", "b! b"),
      rows("a", "1", "2"),
      rows("b", "10 1", "20 2", "30 9", "40 -"),
      rows("c", "1 10", "2 20", "3 30", "4 40"),
    ],
    select: { a: "= 1" },
    tables: { ...keepA, b: { ...none, references: [{ columns: ["a"], to: "a" }] } },
    expected: { a: ["1"], b: ["10 1", "40 null"], c: ["1 10", "4 40"] },
  },
  {
    what: "a foreign key that is NOT VALID, of which some rows led nowhere before",
    engines: ["postgresql"],
    create: [
      table("a"),
      table("b", "a"),
      rows("a", "1", "2"),
      rows("b", "10 1", "20 2", "30 9"),
      "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a (x) NOT VALID",
    ],
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1"], b: ["10 1"] },
  },
  {
    what: "a declared reference that becomes NULL, also where it led nowhere before",
    create: [table("a"), table("b", "a"), rows("a", "1", "2"), rows("b", "10 1", "20 2", "30 9")],
    select: { a: "= 1" },
    tables: { ...keepA, b: { ...none, references: [{ columns: ["a"], to: "a", whenDeleted: "set null" }] } },
    expected: { a: ["1"], b: ["10 1", "20 null", "30 null"] },
  },
  {
    what: "a declared reference holds rows by keepReferenced",
    create: [table("z"), table("a", "z"), rows("z", "7", "8"), rows("a", "1 7", "2 8")],
    select: { a: "= 1" },
    tables: {
      a: { ...none, keepRows: "a", references: [{ columns: ["z"], to: "z" }] },
      z: { ...none, keepReferenced: true },
    },
    expected: { z: ["7"], a: ["1 7"] },
  },
  {
    what: "a declared reference of text to a number",
    create: [
      table("a"),
      "CREATE TABLE b (x integer PRIMARY KEY, a varchar(20))",
      rows("a", "1", "2"),
      "INSERT INTO b VALUES (10, '1'), (20, '2'), (30, '01'), (40, NULL)",
    ],
    select: { a: "= 1" },
    tables: { ...keepA, b: { ...none, references: [{ columns: ["a"], to: "a" }] } },
    expected: { a: ["1"], b: ["10 1", "40 null"] },
  },
  {
    what: "a declared reference that the schema does not have, and may lack",
    create: pairOf("a a"),
    select: { a: "= 1" },
    tables: {
      ...keepA,
      b: {
        ...none,
        references: [{ columns: ["zz"], to: "a", optional: true }, { columns: ["a"], to: "zz", optional: true }],
      },
    },
    expected: { a: ["1"], b: ["10 1", "30 null"] },
  },
  {
    what: "a polymorphic reference by its type",
    create: [
      ...posts,
      "INSERT INTO n VALUES (1, 1, 'A'), (2, 2, 'A'), (3, 1, 'Post'), (4, 2, 'Post'), (5, 9, 'Post'), (6, 7, 'Old'), (7, NULL, NULL), (8, 2, NULL)",
    ],
    select: { a: "= 1" },
    tables: {
      ...keepA,
      n: { ...none, references: [{ columns: ["item"], type: "kind", to: { A: "a", Post: "p", Old: null } }] },
    },
    expected: { a: ["1"], p: ["2 1"], n: ["1 1 A", "4 2 Post", "6 7 Old", "7 null null", "8 2 null"] },
  },
  {
    what: "a polymorphic reference that becomes NULL",
    create: [...posts, "INSERT INTO n VALUES (1, 1, 'A'), (2, 2, 'A'), (3, 1, 'Post'), (4, 2, 'Post'), (5, 9, 'Post')"],
    select: { a: "= 1" },
    tables: {
      ...keepA,
      n: {
        ...none,
        references: [{ columns: ["item"], type: "kind", to: { A: "a", Post: "p" }, whenDeleted: "set null" }],
      },
    },
    expected: { a: ["1"], p: ["2 1"], n: ["1 1 A", "2 null A", "3 null Post", "4 2 Post", "5 null Post"] },
  },
  {
    what: "a polymorphic reference of a selected row holds what it references",
    create: [...posts, "INSERT INTO n VALUES (1, 1, 'A'), (2, 2, 'A'), (3, 1, 'Post'), (4, 2, 'Post')"],
    select: { a: "= 1", n: "= 3" },
    tables: {
      ...keepA,
      n: { ...none, keepRows: "n", references: [{ columns: ["item"], type: "kind", to: { A: "a", Post: "p" } }] },
    },
    expected: { a: ["1", "2"], p: ["1 2", "2 1", "3 2"], n: ["3 1 Post"] },
  },
  {
    what: "a type that the rule does not know",
    create: [...posts, "INSERT INTO n VALUES (1, 1, 'A'), (2, 1, 'Secret')"],
    select: { a: "= 1" },
    tables: { ...keepA, n: { ...none, references: [{ columns: ["item"], type: "kind", to: { A: "a" } }] } },
    refused: /n\.kind has 1 row with values that no rule knows, such as Secret/,
  },
  {
    what: "partitioned tables, and a key of one partition alone",
    engines: ["postgresql"],
    create: [
      "CREATE TABLE a (x integer, y integer, PRIMARY KEY (x, y)) PARTITION BY RANGE (x)",
      "CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (0) TO (10)",
      "CREATE TABLE a2 PARTITION OF a FOR VALUES FROM (10) TO (20)",
      "CREATE TABLE w (x integer PRIMARY KEY)",
      "CREATE TABLE b (x integer, a integer, y integer, w integer, FOREIGN KEY (a, y) REFERENCES a (x, y), PRIMARY KEY (x)) PARTITION BY LIST (x)",
      "CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1, 2, 3)",
      "CREATE TABLE b2 PARTITION OF b DEFAULT",
      "ALTER TABLE b2 ADD FOREIGN KEY (w) REFERENCES w (x)",
      "INSERT INTO a VALUES (1, 1), (2, 1), (11, 1), (12, 1)",
      "INSERT INTO w VALUES (1), (2)",
      "INSERT INTO b VALUES (1, 1, 1, 2), (2, 2, 1, 9), (4, 11, 1, 1), (5, 11, 1, 2), (6, 12, 1, 1)",
    ],
    select: { a: "IN (1, 11)", w: "= 1" },
    tables: { ...keepA, w: { ...none, keepRows: "w" } },
    expected: { a: ["1 1", "11 1"], w: ["1"], b: ["1 1 1 2", "4 11 1 1"] },
  },
  {
    what: "a partitioned table by a declared reference",
    engines: ["mysql"],
    create: [
      "CREATE TABLE a (x integer PRIMARY KEY) PARTITION BY RANGE (x) (PARTITION p1 VALUES LESS THAN (10), PARTITION p2 VALUES LESS THAN (20))",
      "CREATE TABLE b (x integer PRIMARY KEY, a integer) PARTITION BY HASH (x) PARTITIONS 3",
      rows("a", "1", "2", "11", "12"),
      rows("b", "1 1", "2 2", "3 11", "4 12", "5 -"),
    ],
    select: { a: "IN (1, 11)" },
    tables: { ...keepA, b: { ...none, references: [{ columns: ["a"], to: "a" }] } },
    expected: { a: ["1", "11"], b: ["1 1", "3 11", "5 null"] },
  },
  {
    what: "a table without a primary key of which no row is concerned",
    create: [
      table("a"),
      "CREATE TABLE b (x integer, a integer, FOREIGN KEY (a) REFERENCES a (x))",
      rows("a", "1", "2"),
      rows("b", "10 1"),
    ],
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: ["1"], b: ["10 1"] },
  },
  {
    what: "deleteRows of another table, which takes along what needs its rows",
    create: [
      table("a"),
      table("s"),
      table("b", "a! a", "s! s"),
      rows("a", "1", "2"),
      rows("s", "5", "6"),
      rows("b", "10 1 5", "11 1 6", "20 2 5"),
    ],
    select: { a: "= 1", s: "= 6" },
    tables: { ...keepA, s: { ...none, deleteRows: "s" } },
    expected: { a: ["1"], s: ["5"], b: ["10 1 5"] },
  },
  {
    what: "an empty table, of which no row can be selected",
    create: [table("a"), table("b", "a a"), rows("b", "1 -")],
    select: { a: "= 1" },
    tables: keepA,
    expected: { a: [], b: ["1 null"] },
  },
  {
    what: "a selected row that needs one that deleteRows deletes",
    create: [table("s"), table("a", "s! s"), rows("s", "5", "6"), rows("a", "1 5", "2 6")],
    select: { a: "= 1", s: "= 5" },
    tables: { ...keepA, s: { ...none, deleteRows: "s" } },
    refused: /keepRows keeps 1 rows of a, .* they need rows that deleteRows or truncate deletes, or that are not there/,
  },
  {
    what: "a selected row that needs one of a truncated table",
    create: [table("s"), table("a", "s! s"), rows("s", "5", "6"), rows("a", "1 5", "2 6")],
    select: { a: "= 1" },
    tables: { ...keepA, s: { truncate: true } },
    refused: /keepRows keeps 1 rows of a, .* they need rows that deleteRows or truncate deletes/,
  },
  {
    what: "rows of a truncated table need nothing",
    create: [
      table("s"),
      table("a"),
      table("b", "a a", "s s"),
      rows("s", "5", "6"),
      rows("a", "1", "2"),
      rows("b", "10 1 5", "20 2 6"),
    ],
    select: { a: "= 1" },
    tables: { ...keepA, b: { truncate: true }, s: { ...none, keepReferenced: true } },
    expected: { a: ["1"], b: [], s: [] },
  },
  {
    what: "a selected row whose declared reference leads nowhere",
    create: [table("a", "z"), table("z"), rows("a", "1 7", "2 -"), rows("z", "8")],
    select: { a: "= 1" },
    tables: { a: { ...none, keepRows: "a", references: [{ columns: ["z"], to: "z" }] } },
    refused: /keepRows keeps 1 rows of a, .* not there/,
  },
  {
    what: "a selection without rows",
    create: pairOf("a a"),
    select: { a: "= 9" },
    tables: keepA,
    refused: /keepRows of a selects no row, and all its rows would go/,
  },
  {
    what: "rows of a table without a primary key that would have to go",
    create: [
      table("a"),
      "CREATE TABLE b (x integer, a integer, FOREIGN KEY (a) REFERENCES a (x))",
      rows("a", "1", "2"),
      rows("b", "10 1", "20 2"),
    ],
    select: { a: "= 1" },
    tables: keepA,
    refused: /1 rows of b still reference them by the foreign key .*, and b has no primary key/,
  },
  {
    what: "keepRows of a table without a primary key",
    create: ["CREATE TABLE a (x integer)", rows("a", "1", "2")],
    select: { a: "= 1" },
    tables: keepA,
    refused: /selection a: table "a" has no primary key/,
  },
  {
    what: "keepReferenced of a table without a primary key",
    create: ["CREATE TABLE a (x integer NOT NULL UNIQUE)", table("b", "a a"), rows("a", "1", "2")],
    select: {},
    tables: { a: { ...none, keepReferenced: true } },
    refused: /table a: keepReferenced needs a primary key, and it has none/,
  },
  ...([
    ["keepRows without its selection", { a: { ...none, keepRows: "zz" } }, /table a: there is no selection "zz"/],
    [
      "keepRows by the selection of another table",
      { b: { ...none, keepRows: "a" } },
      /table b: selection "a" is of table a/,
    ],
    [
      "keepRows beside deleteRows",
      { a: { ...none, keepRows: "a", deleteRows: "a" } },
      /table a: it has both keepRows and deleteRows/,
    ],
    [
      "keepRows beside keepReferenced",
      { a: { ...none, keepRows: "a", keepReferenced: true } },
      /table a: it has both keepRows and keepReferenced/,
    ],
    [
      "keepReferenced that nothing references",
      { b: { ...none, keepReferenced: true } },
      /table b: keepReferenced would keep no row/,
    ],
    ["a circle of keepReferenced", {
      a: { ...none, keepReferenced: true },
      b: { ...none, keepReferenced: true, references: [] },
      d: { ...none, keepReferenced: true },
    }, /table a: keepReferenced would keep no row: .*table d: keepReferenced would keep no row/],
    [
      "a reference of a column that is not there",
      { b: { ...none, references: [{ columns: ["zz"], to: "a" }] } },
      /reference b\.zz: there is no column "zz"/,
    ],
    [
      "a reference to a table that is not there",
      { b: { ...none, references: [{ columns: ["a"], to: "zz" }] } },
      /reference b\.a: there is no table "zz"/,
    ],
    ["a reference to a column that is not there", {
      b: { ...none, references: [{ columns: ["a"], to: "a", toColumns: ["zz"] }] },
    }, /there is no column "zz" in a/],
    ["a reference to columns that are not unique", {
      a: { ...none, references: [{ columns: ["x"], to: "b", toColumns: ["a"] }] },
    }, /reference a\.x: b \(a\) is not unique/],
    [
      "a reference of too few columns",
      { b: { ...none, references: [{ columns: ["a"], to: "c" }] } },
      /it has 1 columns, and those of c are 2: x, y/,
    ],
    [
      "a reference to itself",
      { a: { ...none, references: [{ columns: ["x"], to: "a" }] } },
      /it leads from every row to itself/,
    ],
    ["a reference that is declared twice", {
      b: { ...none, references: [{ columns: ["x"], to: "a" }, { columns: ["x"], to: "a" }] },
    }, /reference b\.x: it is declared twice/],
    ["a reference that can't become NULL", {
      b: { ...none, references: [{ columns: ["x"], to: "a", whenDeleted: "set null" }] },
    }, /no column of it can be set to NULL/],
    [
      "several tables and no type",
      { b: { ...none, references: [{ columns: ["a"], to: { A: "a" } }] } },
      /"to" names several tables, and "type" no column/,
    ],
    [
      "a type that is no text",
      { b: { ...none, references: [{ columns: ["a"], type: "x", to: { A: "a" } }] } },
      /"x" is no text/,
    ],
    [
      "a type and a single table",
      { b: { ...none, references: [{ columns: ["a"], type: "x", to: "a" }] } },
      /"to" names a single one/,
    ],
    ["a reference that becomes NULL in a column with a rule", {
      a: { ...none, keepRows: "a" },
      b: { columns: { a: setNull() }, references: [{ columns: ["a"], to: "a", whenDeleted: "set null" }] },
    }, /Cannot set b\.a to NULL .*: a rule changes it too/],
  ] as const satisfies readonly (readonly [string, Definition["tables"], RegExp])[]).map((
    [what, tables, refused],
  ): Case => ({
    what,
    create: [
      ...pairOf("a a"),
      "CREATE TABLE c (x integer, y integer, PRIMARY KEY (x, y))",
      table("d", "a a"),
      "ALTER TABLE a ADD d integer",
      "ALTER TABLE a ADD FOREIGN KEY (d) REFERENCES d (x)",
    ],
    select: { a: "= 1" },
    tables,
    refused,
  })),
];

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [at, { what, create, select, tables, expected, refused, engines = engineNames }] of cases.entries()) {
    if (!engines.includes(engine)) continue;
    Deno.test(`${engine}: ${refused ? "refused: " : ""}${what}`, async () => {
      const database = `case_${at}`;
      await createTestDatabase(server, engine, database, create.join("; "));
      const selections = Object.fromEntries(
        Object.entries(select).map(([of, where]) => [of, { of, where: sql`${column("x")} ${where}` }]),
      );
      const scrub = () => scrubFixture(server, engine, database, scrubberOf(engine, tables, selections));
      if (refused) {
        const error = await assertRejects(scrub, ScrubError);
        assertEquals(error.kind, "refused");
        assertMatch(error.message, refused);
        return;
      }
      await scrub();
      for (const [table, rows] of Object.entries(expected ?? {})) {
        const found = await server.run(`SELECT * FROM ${table}`, database);
        assertEquals(found.map((row) => Object.values(row).map(String).join(" ")).sort(), [...rows].sort(), table);
      }
    });
  }

  Deno.test(`${engine}: statements of after may add rows to a subset, and rows that lead nowhere are found`, async () => {
    const run = async (database: string, after: string) => {
      await createTestDatabase(server, engine, database, pairOf("a").join("; "));
      const { define, ...scrubber } = scrubberOf(engine, {
        ...keepA,
        b: { ...none, references: [{ columns: ["a"], to: "a" }] },
      }, { a: { of: "a", where: sql`${column("x")} = 1` } });
      await scrubFixture(server, engine, database, {
        ...scrubber,
        define: (schema) => ({ ...define(schema), after: [after] }),
      });
    };
    await run("added", "INSERT INTO b VALUES (50, 1)");
    assertEquals((await server.run("SELECT x FROM b ORDER BY x", "added")).map(({ x }) => Number(x)), [10, 30, 50]);
    const error = await assertRejects(() => run("dangling", "INSERT INTO b VALUES (50, 7)"), ScrubError);
    assertEquals(error.code, "verification");
    assertMatch(error.message, /b has 1 orphans by the reference "a to a"$/);
  });

  Deno.test(`${engine}: a plan says how many rows of a subset go and stay`, async () => {
    await createTestDatabase(
      server,
      engine,
      "planned",
      [
        table("z"),
        table("a", "z z"),
        table("b", "a! a"),
        table("c", "b b ON DELETE SET NULL"),
        rows("z", "7", "8", "9"),
        rows("a", "1 7", "2 8", "3 8"),
        rows("b", "10 1", "20 2", "30 3", "31 3"),
        rows("c", "1 10", "2 20"),
      ].join("; "),
    );
    const selections: Definition["selections"] = {
      first: { of: "z", where: sql`${column("x")} = 7` },
      few: { of: "a", where: sql`${column("z")} IN ${selection("first")} AND ${column("x")} < 3` },
    };
    const scrubber = scrubberOf(engine, {
      a: { keepRows: "few", columns: {} },
      z: { keepReferenced: true, columns: {} },
    }, selections);
    await using opened = await planFixture(server, engine, "planned", scrubber);
    const covered = await coverRuled(engineNamed(engine), opened.session, scrubber);
    const { tables } = outline(covered, scrubber, {
      ...opened.planned,
      changes: opened.planned.changes.map((provable) => {
        const own = covered.schema.tables.find(({ id }) => id === provable.change.table.id);
        return own ? { ...provable, change: { ...provable.change, table: own } } : provable;
      }),
    });
    assertEquals(tables.map(({ table, deleted, deletedRows, keptRows }) => [table, deleted, deletedRows, keptRows]), [
      ["a", "all but few and what remaining rows need", 2, 1],
      ["b", "those that reference deleted rows", 3, 1],
      ["c", undefined, undefined, undefined],
      ["z", "those that no remaining row references", 2, 1],
    ]);
    await opened.planned.engine.closeScratch(opened.session);
  });

  Deno.test(`${engine}: a live database's selection is counted without writing anything`, async () => {
    const { host, port, ca, ...master } = targetOf(server, "planned");
    const readOnly = { host, port, ca, ...master, tls: "verified" } as const;
    await using session = await engineNamed(engine).openReadOnly(readOnly, never);
    const schema = await engineNamed(engine).schema(session);
    const { selections } = bind(
      scrubberOf(engine, {}, {
        first: { of: "z", where: sql`${column("x")} > 7` },
        few: { of: "a", where: sql`${column("z")} IN ${selection("first")}` },
      }),
      schema,
    );
    assertEquals(await countSelection(engineNamed(engine), session, schema, selections, "few", dataTime), 2);
  });
}
