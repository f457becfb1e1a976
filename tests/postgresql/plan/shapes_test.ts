/** Which shape the planner picks, without a server. @module */
import { assertEquals } from "@std/assert";
import type { ColumnChange, Scratch, TableChange } from "../../../lib/engine/engine.ts";
import type { PostgresqlDetails } from "../../../lib/engine/postgresql_details.ts";
import type { Column, Schema, Table } from "../../../lib/engine/schema.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { postgresql as engine } from "../../../lib/postgresql/mod.ts";

const megabyte = 1024 * 1024;

function column(name: string, type = "text"): Column {
  return { name, type, kind: "text", nullable: true, hasDefault: false, generated: false };
}

const nothing: PostgresqlDetails = {
  copyObstacle: "told by the test",
  parameters: [],
  hasNoStorage: false,
  columns: [],
  alwaysFiring: [],
  indexTargets: [],
  statistics: [],
  droppedValues: false,
  valuesForOldRows: false,
  computedIndexes: false,
};

function table(details: Partial<PostgresqlDetails> = {}, more: Partial<Table> = {}): Table {
  return {
    id: "t",
    schema: "public",
    name: "t",
    kind: "table",
    columns: [column("id", "integer"), column("email"), column("body"), column("note")],
    primaryKey: ["id"],
    uniqueKeys: [],
    rows: 1000,
    bytes: megabyte,
    hasTriggers: false,
    ...more,
    postgresql: { ...nothing, ...details },
  };
}

function change(name: string, next: string, only?: Scratch): ColumnChange {
  return { column: column(name), newValue: trusted(next), ...(only && { onlyKeys: only }) };
}

function schemaOf(...tables: readonly Table[]): Schema {
  return { engine: "postgresql", database: "d", version: 180000, tables, foreignKeys: [] };
}

/** Shape and labels of the steps, with a bar before those that run afterwards. */
function sketch(change: TableChange, schema = schemaOf(change.table)): string {
  const { shape, steps, afterwards } = engine.plan(change, schema);
  const early = steps.map(({ label }) => label).join(", ");
  return `${shape}: ${early}${afterwards ? ` | ${afterwards.map(({ label }) => label).join(", ")}` : ""}`;
}

const plain = table();
const few: Scratch = { ...engine.scratch("d", "few", plain), rows: 20 };
const most: Scratch = { ...engine.scratch("d", "most", plain), rows: 900 };
const unknown: Scratch = engine.scratch("d", "unknown", plain);
const whole = change("email", "'x'");

const shapes: readonly (readonly [what: string, change: TableChange, expected: string])[] = [
  ["nothing", { table: plain, columns: [] }, "none: "],
  ["a column of all rows", { table: plain, columns: [whole] }, "rewrite: rewrite t"],
  ["rows that go", { table: plain, deletedKeys: few, columns: [] }, "delete: delete rows of t | rewrite t"],
  [
    "rows that go and a column of all others",
    { table: plain, deletedKeys: few, columns: [whole] },
    "rewrite: delete rows of t, rewrite t",
  ],
  ["a column of few rows", { table: plain, columns: [change("email", "'x'", few)] }, "update: update t | rewrite t"],
  [
    "a column of nobody knows how many rows",
    { table: plain, columns: [change("email", "'x'", unknown)] },
    "update: update t | rewrite t",
  ],
  [
    "a column of most rows",
    { table: plain, columns: [change("email", "'x'", most)] },
    "rewrite: create a function that looks up rows of t, rewrite t",
  ],
  [
    "a column of few rows beside one of all rows",
    { table: plain, columns: [whole, change("body", "email", few)] },
    "rewrite: update t, rewrite t",
  ],
  [
    "a column of few rows that one of all rows reads",
    { table: plain, columns: [change("email", `coalesce("body", 'x')`), change("body", "'y'", few)] },
    "rewrite: create a function that looks up rows of t, rewrite t",
  ],
  [
    "a table with an obstacle",
    { table: table({ obstacle: "it is a typed table" }), columns: [whole] },
    "update: update t | rewrite t",
  ],
  [
    "a column with an obstacle",
    { table: table({ columns: [{ name: "email", obstacle: "a view or rule uses it" }] }), columns: [whole] },
    "update: update t | rewrite t",
  ],
  [
    "another column with an obstacle",
    { table: table({ columns: [{ name: "body", obstacle: "a view or rule uses it" }] }), columns: [whole] },
    "rewrite: rewrite t",
  ],
  [
    "a column of few rows with an obstacle, beside one of all rows without",
    {
      table: table({ columns: [{ name: "body", obstacle: "a view or rule uses it" }] }),
      columns: [whole, change("body", "'y'", few)],
    },
    "rewrite: update t, rewrite t",
  ],
  [
    "triggers that always fire with a pass alone",
    { table: table({ alwaysFiring: [{ kind: "TRIGGER", name: "g", fires: "ALWAYS" }] }), columns: [whole] },
    "rewrite: rewrite t",
  ],
  [
    "triggers that always fire with rows that go",
    {
      table: table({ alwaysFiring: [{ kind: "TRIGGER", name: "g", fires: "ALWAYS" }] }),
      deletedKeys: few,
      columns: [whole],
    },
    "rewrite: disable trigger g of t, delete rows of t, enable trigger g of t, rewrite t",
  ],
  [
    "an index and a statistics object with targets",
    {
      table: table({
        indexTargets: [{ schema: "public", index: "i", column: 1, target: 5 }],
        statistics: [{ schema: "public", name: "s", owner: "app", target: 7 }],
      }),
      columns: [whole],
    },
    "rewrite: rewrite t, restore statistics target of public.i, restore statistics target of public.s, restore owner of public.s",
  ],
  ["nothing", { table: table(), columns: [] }, "none: "],
  ["dropped columns", { table: table({ droppedValues: true }), columns: [] }, "rewrite:  | rewrite t"],
  ["rows that may be there no more", { table: table(), columns: [], mayHoldOldRows: true }, "rewrite:  | rewrite t"],
  [
    "the same in a huge table",
    { table: table({}, { bytes: 300_000 * megabyte }), columns: [], mayHoldOldRows: true },
    "rewrite:  | rewrite t",
  ],
  [
    "the same in a view that keeps its rows",
    { table: table({}, { kind: "materialised view" }), columns: [], mayHoldOldRows: true },
    "none: ",
  ],
];

for (const [what, change, expected] of shapes) {
  Deno.test(`plan() of ${what}`, () => assertEquals(sketch(change), expected));
}

const root = table({ hasNoStorage: true }, { kind: "partitioned", bytes: 30 * megabyte });
const middle = table({ hasNoStorage: true, root: "t" }, { id: "m", name: "m", kind: "partition", bytes: 0 });
const leaves = [1, 2].map((n) =>
  table({ root: "t", droppedValues: n === 2 }, {
    id: `t_${n}`,
    name: `t_${n}`,
    kind: "partition",
    bytes: n * 10 * megabyte,
  })
);
const partitioned = schemaOf(root, middle, ...leaves);

Deno.test("plan() of a partitioned table changes all partitions in one pass", () => {
  assertEquals(sketch({ table: root, columns: [whole] }, partitioned), "rewrite: rewrite t");
});

Deno.test("plan() of a partitioned table rewrites each partition after a change in place", () => {
  assertEquals(
    sketch({ table: root, deletedKeys: few, columns: [] }, partitioned),
    "delete: delete rows of t | rewrite t_1, rewrite t_2",
  );
});

Deno.test("plan() of a partitioned table without changes rewrites the partitions that hold dropped values", () => {
  assertEquals(sketch({ table: root, columns: [] }, partitioned), "rewrite:  | rewrite t_2");
});

Deno.test("plan() leaves partitions to their partitioned table", () => {
  for (const one of leaves) {
    assertEquals(sketch({ table: one, columns: [] }, partitioned), "none: ");
    assertEquals(sketch({ table: one, columns: [whole] }, partitioned), "none: ");
  }
});

Deno.test("plan() locks the table and its partitions, and no neighbour", () => {
  assertEquals(engine.plan({ table: plain, columns: [whole] }, schemaOf(plain)).locks, ["t"]);
  assertEquals(engine.plan({ table: root, columns: [whole] }, partitioned).locks, ["t", "m", "t_1", "t_2"]);
});

const peaks: readonly (readonly [what: string, change: TableChange, schema: Schema, megabytes: number])[] = [
  ["a pass is one copy", { table: plain, columns: [whole] }, schemaOf(plain), 1],
  ["a rewrite of few rows is one copy", { table: plain, columns: [change("email", "'x'", few)] }, schemaOf(plain), 1],
  [
    "a change of all rows in place is the old rows and a copy",
    { table: table({ obstacle: "x" }), columns: [whole] },
    schemaOf(plain),
    2,
  ],
  ["a pass over partitions is all of them", { table: root, columns: [whole] }, partitioned, 30],
  ["rewrites of partitions are the largest", { table: root, deletedKeys: few, columns: [] }, partitioned, 20],
  ["nothing is nothing", { table: plain, columns: [] }, schemaOf(plain), 0],
];

for (const [what, change, schema, megabytes] of peaks) {
  Deno.test(`plan() tells the room it needs: ${what}`, () => {
    assertEquals(engine.plan(change, schema).peakBytes, megabytes * megabyte);
  });
}

Deno.test("plan() restates what a new type takes away", () => {
  const [step] = engine.plan({
    table: table({
      columns: [{ name: "email", collation: `"pg_catalog"."C"`, storage: "EXTERNAL", compression: "lz4" }],
    }),
    columns: [whole, change("body", "'y'")],
  }, schemaOf(plain)).steps;
  assertEquals(
    step?.sql.text,
    `ALTER TABLE ONLY "public"."t" ALTER COLUMN "email" TYPE text COLLATE "pg_catalog"."C" USING ('x'), ` +
      `ALTER COLUMN "email" SET STORAGE EXTERNAL, ALTER COLUMN "email" SET COMPRESSION lz4, ` +
      `ALTER COLUMN "body" TYPE text USING ('y')`,
  );
});
