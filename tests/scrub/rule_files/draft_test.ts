/** What `init` drafts for keys, and for text beside a person's columns. Pure: no server. @module */

import { assertEquals, assertMatch } from "@std/assert";
import type { Column, ForeignKey, Schema, Table } from "../../../lib/engine/schema.ts";
import { draftRules } from "../../../lib/scrub/rule_files/draft.ts";
import { writeRuleFile } from "../../../lib/scrub/rule_files/write.ts";
import { suggest } from "../../../lib/scrub/coverage/suggestion.ts";

/** `email(100)`, `body` of any length, `id#` of a number that the server makes. */
function columnOf(text: string): Column {
  const [, name = "", made, length] = /^(\w+)(#)?(?:\((\d+)\))?$/.exec(text) ?? [];
  const plain = { name, nullable: false, generated: false };
  if (made) return { ...plain, type: "integer", kind: "integer", hasDefault: true, generatedBy: "identity" };
  const type = length === undefined ? "text" : `character varying(${length})`;
  return { ...plain, type, kind: "text", hasDefault: false, ...(length !== undefined && { length: Number(length) }) };
}

/** A table whose first column is its primary key. */
function tableOf(id: string, columns: string): Table {
  const all = columns.split(" ").map(columnOf);
  const [first] = all;
  const primaryKey = first ? [first.name] : [];
  return {
    id,
    schema: "public",
    name: id,
    kind: "table",
    columns: all,
    primaryKey,
    uniqueKeys: [{ name: `${id}_pkey`, primary: true, columns: primaryKey, folds: false }],
    rows: 0,
    bytes: 0,
    hasTriggers: false,
  };
}

/** `orders.customer > customers.email` */
function keyOf(text: string): ForeignKey {
  const [child = "", column = "", parent = "", parentColumn = ""] = text.split(/ > |\./);
  return {
    name: `${child}_${column}`,
    child,
    columns: [column],
    parent,
    parentColumns: [parentColumn],
    onDelete: "no action",
  };
}

function schemaOf(tables: Readonly<Record<string, string>>, keys: readonly string[] = []): Schema {
  return {
    engine: "postgresql",
    database: "shop",
    version: 180000,
    tables: Object.entries(tables).map(([id, columns]) => tableOf(id, columns)),
    foreignKeys: keys.map(keyOf),
  };
}

function draft(schema: Schema) {
  return draftRules({ database: "shop", schema, objects: [], seen: () => undefined });
}

function linesOf(schema: Schema): readonly string[] {
  const { file, comments } = draft(schema);
  return writeRuleFile(file, comments).split("\n").map((line) => line.trim());
}

const cases: readonly {
  readonly what: string;
  readonly schema: Schema;
  readonly lines: readonly RegExp[];
  readonly open: readonly string[];
}[] = [
  {
    what: "a personal primary key gets a rule, and what repeats it follows",
    schema: schemaOf({ customers: "email(100)", orders: "id# customer(100)" }, ["orders.customer > customers.email"]),
    lines: [/^email: email # a mail address/, /^# customer: follows customers\.email$/],
    open: [],
  },
  {
    what: "a chain follows its first key",
    schema: schemaOf(
      { customers: "email(100)", accounts: "login(100)", orders: "id# customer(100)" },
      ["accounts.login > customers.email", "orders.customer > accounts.login"],
    ),
    lines: [/^email: email/, /^# login: follows customers\.email$/, /^# customer: follows customers\.email$/],
    open: [],
  },
  {
    what: "a rule for a key fits the shortest column that repeats it",
    schema: schemaOf({ customers: "email(100)", orders: "id# customer(40)" }, ["orders.customer > customers.email"]),
    lines: [/^email: opaque # a mail address/, /^# customer: follows customers\.email$/],
    open: [],
  },
  {
    what: "a key that no rule fits is left to decide",
    schema: schemaOf({ customers: "email(10)", orders: "id# customer(10)" }, ["orders.customer > customers.email"]),
    lines: [/^# email: decide: a mail address: .*, but it holds 10 characters and the new value has 41$/],
    open: ["customers.email character varying(10)", "orders.customer character varying(10)"],
  },
  {
    what: "a key that is a code is kept, and so is what repeats it",
    schema: schemaOf({ countries: "iso2(2) name(60)", orders: "id# country(2)" }, ["orders.country > countries.iso2"]),
    lines: [/^iso2: \{ keep: /, /^country: \{ keep: "?drafted: a foreign key to countries/],
    open: [],
  },
  {
    what: "a text beside a person's columns is replaced, and freeText with those columns stands behind it",
    schema: schemaOf({ customers: "id# email(100) phone(40) city(60) notes" }),
    lines: [
      /^notes: lorem # text that people write: .*; to keep the rest of the text, .*: \{ freeText: \[ email, phone, city \] \}$/,
    ],
    open: [],
  },
  {
    what: "so it does where the person's column is a key of another table",
    schema: schemaOf({ customers: "email(100)", tickets: "id# customer(100) message" }, [
      "tickets.customer > customers.email",
    ]),
    lines: [/^message: lorem # .*: \{ freeText: \[ customer \] \}$/],
    open: [],
  },
  {
    what: "a text beside no column of a person has no freeText",
    schema: schemaOf({ tickets: "id# message" }),
    lines: [/^message: lorem # text that people write: (?!.*freeText).*$/],
    open: [],
  },
];

for (const { what, schema, lines, open } of cases) {
  Deno.test(`init: ${what}`, () => {
    const written = linesOf(schema);
    for (const line of lines) assertMatch(written.find((one) => line.test(one)) ?? written.join("\n"), line);
    assertEquals(draft(schema).open, open);
  });
}

Deno.test("review suggests the rule of the key for a column that repeats it", () => {
  const schema = schemaOf({ customers: "email(100)", orders: "id# customer(100)" }, [
    "orders.customer > customers.email",
  ]);
  const [, orders] = schema.tables;
  const customer = orders?.columns[1];
  assertEquals(
    orders && customer && suggest(schema, orders, customer, "yaml").line,
    "customers: { columns: { email: email } }",
  );
});
