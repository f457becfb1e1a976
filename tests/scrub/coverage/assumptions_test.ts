/** What the report says that the proof takes on trust, by column. Pure: no server. @module */

import { assertEquals } from "@std/assert";
import type { Column, Schema, Table } from "../../../lib/engine/schema.ts";
import { assumptionsOf } from "../../../lib/scrub/coverage/assumptions.ts";
import { accountFor } from "../../../lib/scrub/coverage/coverage.ts";
import { type Definition, exceptIn, onlyIn } from "../../../lib/scrub/rules/definition.ts";
import { email, keep, published } from "../../../lib/scrub/rules/strategies.ts";

const text: Column = { name: "", type: "text", kind: "text", nullable: false, hasDefault: false, generated: false };
const integer: Column = { ...text, type: "integer", kind: "integer" };
const uuid: Column = { ...text, type: "uuid", kind: "uuid" };

const parent: Table = {
  id: "orders",
  schema: "public",
  name: "orders",
  kind: "table",
  columns: [{ ...integer, name: "id", hasDefault: true, generatedBy: "identity" }],
  primaryKey: ["id"],
  uniqueKeys: [],
  rows: 0,
  bytes: 0,
  hasTriggers: false,
};
const child: Table = {
  ...parent,
  id: "lines",
  name: "lines",
  primaryKey: ["uuid"],
  columns: [
    { ...uuid, name: "uuid", hasDefault: true, generatedBy: "uuid" },
    { ...integer, name: "order_id" },
    { ...text, name: "sent", type: "boolean", kind: "boolean" },
    { ...text, name: "created_at", type: "timestamp with time zone", kind: "timestamp" },
    { ...integer, name: "clicks", hasDefault: true },
    { ...text, name: "size", generated: true },
    { ...text, name: "colour" },
    { ...text, name: "label" },
    { ...text, name: "contact" },
    { ...text, name: "sender" },
    { ...text, name: "reader" },
    { ...text, name: "recipient" },
  ],
};
const schema: Schema = {
  engine: "postgresql",
  database: "shop",
  version: 160000,
  tables: [parent, child],
  foreignKeys: [{
    name: "of_order",
    child: "lines",
    columns: ["order_id"],
    parent: "orders",
    parentColumns: ["id"],
    onDelete: "cascade",
  }],
};
const definition: Definition = {
  selections: {},
  tables: {
    lines: {
      columns: {
        label: keep("a word of ours"),
        contact: published("on our website"),
        sender: exceptIn("staff", email()),
        reader: onlyIn("customers", email()),
        recipient: email(),
      },
    },
  },
};
const reviewed = [{
  table: "lines",
  column: "colour",
  type: "text",
  reason: "red or blue",
  by: "a test",
  source: "a test",
}];

const { columns } = accountFor(schema, { objects: [] }, definition, reviewed);
const assumptions = assumptionsOf(schema, columns);

const cases: readonly (readonly [column: string, assumption: RegExp | undefined])[] = [
  ["orders.id", /^The server gave these numbers/],
  ["lines.uuid", /^The server's generator made these UUIDs/],
  ["lines.order_id", /^They repeat keys/],
  ["lines.sent", /^They are true or false/],
  ["lines.created_at", /^They say when something happened/],
  ["lines.clicks", /^They count/],
  ["lines.colour", /^A person or a rule decided/],
  ["lines.label", /^A person or a rule decided/],
  ["lines.contact", /declared these columns public/],
  ["lines.sender", /^A person or a rule decided/],
  ["lines.reader", /^A person or a rule decided/],
  ["lines.size", undefined],
  ["lines.recipient", undefined],
];
for (const [column, expected] of cases) {
  Deno.test(`${column} ${expected ? `is taken on trust: ${expected.source}` : "rests on no assumption"}`, () => {
    const its = assumptions.filter(({ columns }) => columns.includes(column)).map(({ assumption }) => assumption);
    assertEquals(its.map((assumption) => expected?.test(assumption)), expected ? [true] : []);
  });
}

Deno.test("the cases above are all columns of the schema", () => {
  assertEquals(
    cases.map(([column]) => column).toSorted(),
    columns.map(({ table, column }) => `${table}.${column}`).toSorted(),
  );
});

Deno.test("what catalogues hold is taken on trust in every database", () => {
  const empty = assumptionsOf({ ...schema, tables: [] }, []);
  assertEquals(empty.map(({ columns }) => columns), [[]]);
});
