/** What accounts for a column: a rule, its structure, a review; and what does not. Pure: no server. @module */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import type { Column, Schema, Table } from "../../../lib/engine/schema.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { accountFor } from "../../../lib/scrub/coverage/coverage.ts";
import { type Definition, onlyIn } from "../../../lib/scrub/rules/definition.ts";
import { readReviewed, readReviewedFile } from "../../../lib/scrub/coverage/reviewed.ts";
import { keep, published, setNull } from "../../../lib/scrub/rules/strategies.ts";
import { actsAs, suggest } from "../../../lib/scrub/coverage/suggestion.ts";
import type { Reviewed } from "../../../lib/core/reviewed.ts";

const plain: Column = { name: "c", type: "text", kind: "text", nullable: true, hasDefault: false, generated: false };
const table: Table = {
  id: "t",
  schema: "public",
  name: "t",
  kind: "table",
  columns: [],
  primaryKey: [],
  uniqueKeys: [],
  rows: 0,
  bytes: 0,
  hasTriggers: false,
};
const signature = { reason: "nothing of anybody", by: "a test", source: "a test" };
const noRules: Definition = { selections: {}, tables: {} };

/** A table t with this column, and a parent p with two. */
function schemaOf(
  column: Column,
  more: Partial<Table> = {},
  foreignKeys: Schema["foreignKeys"] = [],
): Schema {
  const parent = { ...table, id: "p", name: "p", columns: [{ ...plain, name: "id" }, { ...plain, name: "other" }] };
  const tables = [{ ...table, columns: [column], ...more }, parent];
  return { engine: "postgresql", database: "d", version: 160000, tables, foreignKeys };
}

/** How the only column of a schema is accounted for. */
function accounted(schema: Schema, definition = noRules, reviewed: readonly Reviewed[] = []): string {
  const found = accountFor(schema, { objects: [] }, definition, reviewed);
  const [column] = found.columns.filter((one) => one.table !== "p");
  const [drift] = found.columnDrift.filter((one) => one.table.id !== "p");
  return column?.by ?? `drift${drift?.reviewedAs ? `, was ${drift.reviewedAs}` : ""}`;
}

const key = { name: "k", child: "t", columns: ["c"], parent: "p", parentColumns: ["id"], onDelete: "cascade" as const };
const integer = { ...plain, type: "integer", kind: "integer" as const };
const counter = { ...integer, nullable: false, hasDefault: true };
const uuid = { ...plain, type: "uuid", kind: "uuid" as const };

const madeUuid = { ...uuid, hasDefault: true, generatedBy: "uuid" as const };
const unique = { name: "u", primary: false, folds: false };
const phone = { ...counter, name: "phone" };
const pair = { ...key, columns: ["c", "d"], parentColumns: ["id", "other"] };
const selfKeyed = {
  columns: [integer, { ...counter, name: "id", generatedBy: "identity" as const }],
  primaryKey: ["id"],
};

/** Two columns, the second of which may be NULL. */
function two(nullable: boolean): Partial<Table> {
  return { columns: [integer, { ...integer, name: "d", nullable }] };
}

type StructureCase = readonly [what: string, schema: Schema, by: string];

const structures: readonly StructureCase[] = [
  ...(["identity", "sequence", "auto_increment"] as const).map((generatedBy): StructureCase => [
    `a primary key whose numbers are made by ${generatedBy}`,
    schemaOf({ ...counter, generatedBy }, { primaryKey: ["c"] }),
    "structural",
  ]),
  ["a UUID that the server makes for the primary key", schemaOf(madeUuid, { primaryKey: ["c"] }), "structural"],
  [
    "a primary key that the application makes, such as a number of a card",
    schemaOf(integer, { primaryKey: ["c"] }),
    "drift",
  ],
  [
    "a primary key of eight bytes with a default of 0",
    schemaOf({ ...counter, type: "bigint" }, { primaryKey: ["c"] }),
    "drift",
  ],
  ["a primary key of four bytes with a default of 0", schemaOf(counter, { primaryKey: ["c"] }), "drift"],
  [
    "a number of four bytes with a default that is unique by itself",
    schemaOf(counter, { uniqueKeys: [{ ...unique, columns: ["c"] }] }),
    "drift",
  ],
  [
    "a counter that is unique together with another column",
    schemaOf(counter, { uniqueKeys: [{ ...unique, columns: ["d", "c"] }] }),
    "structural",
  ],
  [
    "a counter in a foreign key that the server has not checked",
    schemaOf(counter, {}, [{ ...key, notValid: true }]),
    "drift",
  ],
  ["a phone number as primary key with a default of 0", schemaOf(phone, { primaryKey: ["phone"] }), "drift"],
  [
    "a primary key of UUIDs with a constant default",
    schemaOf({ ...uuid, hasDefault: true }, { primaryKey: ["c"] }),
    "drift",
  ],
  ["a primary key of text", schemaOf({ ...plain, hasDefault: true }, { primaryKey: ["c"] }), "drift"],
  [
    "a primary key of text that is a UUID by default, and may be anything else",
    schemaOf({ ...plain, hasDefault: true, generatedBy: "uuid" }, { primaryKey: ["c"] }),
    "drift",
  ],
  [
    "a number that the server makes in a primary key of two columns",
    schemaOf({ ...counter, type: "bigint", generatedBy: "sequence" }, { primaryKey: ["c", "d"] }),
    "structural",
  ],
  [
    "a number that the application makes in a primary key of two columns",
    schemaOf({ ...counter, type: "bigint" }, { primaryKey: ["d", "c"] }),
    "drift",
  ],
  ["a foreign key of whole numbers", schemaOf(integer, {}, [key]), "structural"],
  ["a foreign key of UUIDs", schemaOf(uuid, {}, [key]), "structural"],
  ["a foreign key that the server has not checked", schemaOf(integer, {}, [{ ...key, notValid: true }]), "drift"],
  ["a foreign key to a table of nowhere", schemaOf(integer, {}, [{ ...key, parent: "nowhere" }]), "drift"],
  ["a foreign key to itself", schemaOf(integer, {}, [{ ...key, parent: "t", parentColumns: ["c"] }]), "drift"],
  ["a foreign key to the table's own key", schemaOf(integer, selfKeyed, [{ ...key, parent: "t" }]), "structural"],
  [
    "a foreign key that the parent leads back to",
    schemaOf(integer, {}, [key, {
      ...key,
      name: "back",
      child: "p",
      columns: ["id"],
      parent: "t",
      parentColumns: ["c"],
    }]),
    "drift",
  ],
  ["a foreign key of two columns that are NOT NULL", schemaOf(integer, two(false), [pair]), "structural"],
  ["a foreign key of two columns, the other of which may be NULL", schemaOf(integer, two(true), [pair]), "drift"],
  [
    "a foreign key that tells somebody's religion",
    schemaOf({ ...integer, name: "religion_id" }, {}, [{ ...key, columns: ["religion_id"] }]),
    "drift",
  ],
  [
    "a foreign key to an address",
    schemaOf({ ...integer, name: "address_id" }, {}, [{ ...key, columns: ["address_id"] }]),
    "structural",
  ],
  ["a foreign key of text", schemaOf(plain, {}, [key]), "drift"],
  ["a foreign key of another table", schemaOf(integer, {}, [{ ...key, child: "other" }]), "drift"],
  ["a number called user_id without a constraint", schemaOf({ ...integer, name: "user_id" }), "drift"],
  ["a UUID without a constraint", schemaOf(uuid), "drift"],
  ["a boolean", schemaOf({ ...plain, kind: "boolean", type: "boolean" }), "structural"],
  ["a timestamp", schemaOf({ ...plain, kind: "timestamp", type: "timestamp", name: "created_at" }), "structural"],
  [
    "a timestamp called date_of_birth",
    schemaOf({ ...plain, kind: "timestamp", type: "timestamp", name: "date_of_birth" }),
    "drift",
  ],
  ["a date", schemaOf({ ...plain, kind: "date", type: "date", name: "created_on" }), "drift"],
  ["a counter", schemaOf({ ...counter, name: "visits" }), "structural"],
  ["a number that may be NULL", schemaOf({ ...integer, name: "visits" }), "drift"],
  ["a number of eight bytes, which holds a telephone number", schemaOf({ ...counter, type: "bigint" }), "drift"],
  [
    "a counter of four bytes without a sign, which holds an IPv4 address",
    schemaOf({ ...counter, type: "int unsigned" }),
    "drift",
  ],
  ["a counter of three bytes without a sign", schemaOf({ ...counter, type: "mediumint unsigned" }), "structural"],
  ["a year with a default", schemaOf({ ...counter, type: "year" }), "drift"],
  ["bits with a default", schemaOf({ ...counter, type: "bit(8)", kind: "other" }), "drift"],
  ["a counter called phone", schemaOf(phone), "drift"],
  ["a counter called mobilePhone", schemaOf({ ...counter, name: "mobilePhone" }), "drift"],
  ["text called created_at", schemaOf({ ...plain, name: "created_at" }), "drift"],
  ["text called id", schemaOf({ ...plain, name: "id" }), "drift"],
  ["JSON", schemaOf({ ...plain, kind: "json", type: "jsonb" }), "drift"],
  ["an array", schemaOf({ ...plain, kind: "array", type: "text[]", element: "text" }), "drift"],
  ["bytes", schemaOf({ ...plain, kind: "binary", type: "bytea" }), "drift"],
  ["an enum", schemaOf({ ...plain, kind: "enum", type: "mood" }), "drift"],
  ["a type that no strategy understands", schemaOf({ ...plain, kind: "other", type: "inet" }), "drift"],
  ["a decimal", schemaOf({ ...plain, kind: "decimal", type: "numeric" }), "drift"],
  ["text that the server computes", schemaOf({ ...plain, generated: true }), "computed"],
];
for (const [what, schema, by] of structures) {
  Deno.test(`${what} is ${by}`, () => assertEquals(accounted(schema), by));
}

const entry = { table: "t", column: "c", type: "text", ...signature };
const accounts:
  readonly (readonly [what: string, by: string, definition: Definition, reviewed: readonly Reviewed[]])[] = [
    ["a rule", "ruled", { ...noRules, tables: { t: { columns: { c: setNull() } } } }, []],
    ["a rule that keeps", "ruled", { ...noRules, tables: { t: { columns: { c: keep("why") } } } }, []],
    ["a rule that keeps text", "ruled", { ...noRules, tables: { t: { columns: { c: keep("why", "text") } } } }, []],
    [
      "a rule that keeps a number",
      "drift, was integer",
      { ...noRules, tables: { t: { columns: { c: keep("why", "integer") } } } },
      [],
    ],
    ["a table that is kept", "ruled", { ...noRules, tables: { t: { keep: "why" } } }, []],
    ["a rule for another column", "drift", { ...noRules, tables: { t: { columns: { d: setNull() } } } }, []],
    ["a review of the column", "reviewed", noRules, [entry]],
    ["a review of a group", "reviewed", noRules, [{ group: "g", columns: { t: { c: "text" } }, ...signature }]],
    ["a review of the table", "reviewed", noRules, [{ table: "t", ...signature }]],
    ["a review of another type", "drift, was integer", noRules, [{ ...entry, type: "integer" }]],
    ["a review of another type and one of the table", "drift, was integer", noRules, [{ ...entry, type: "integer" }, {
      table: "t",
      ...signature,
    }]],
    ["a review of another table", "drift", noRules, [{ ...entry, table: "u" }]],
  ];
for (const [what, by, definition, reviewed] of accounts) {
  Deno.test(`with ${what} a column is ${by}`, () => assertEquals(accounted(schemaOf(plain), definition, reviewed), by));
}

const place = { ...plain, type: "public.place", kind: "other", attributes: "public.place(town text)" } as const;
const array = { ...plain, type: "inet[]", kind: "array", element: "other" } as const;
const retyped: readonly (readonly [what: string, column: Column, reviewed: string, by: string])[] = [
  ["a composite type that has the attributes it had", place, "public.place: public.place(town text)", "reviewed"],
  [
    "a composite type that got another attribute",
    { ...place, attributes: "public.place(town text, phone text)" },
    "public.place: public.place(town text)",
    "drift, was public.place: public.place(town text)",
  ],
  ["a composite type whose attributes nobody noted", place, "public.place", "drift, was public.place"],
  ["an array of the server's type that it had", array, "inet[]", "reviewed"],
  ["an array of another type than the server's that it had", array, "point[]", "drift, was point[]"],
  ["an array of longer text", { ...array, type: "character varying(80)[]", element: "text" }, "text array", "reviewed"],
];
for (const [what, column, type, by] of retyped) {
  Deno.test(`with a review a column of ${what} is ${by}`, () => {
    assertEquals(accounted(schemaOf(column), noRules, [{ ...entry, type }]), by);
  });
}

for (const name of ["constructor", "__proto__", "toString"]) {
  Deno.test(`a column called ${name} is drift like any other`, () => {
    const definition = { ...noRules, tables: { t: { columns: {} } } };
    assertEquals(accounted(schemaOf({ ...plain, name }), definition), "drift");
    assertEquals(accounted(schemaOf(plain, { id: name, name })), "drift");
  });
}

for (
  const [what, reviewed] of [
    ["a column", entry],
    ["a group", { group: "g", columns: { t: { c: "text" } }, ...signature }],
    ["a table", { table: "t", ...signature }],
  ] as const
) {
  Deno.test(`a column kept by the review of ${what} has its reviewer, and what was looked at`, () => {
    const own = { ...reviewed, by: "Alex", source: "ticket 7" };
    const { columns: [found] } = accountFor(schemaOf(plain), { objects: [] }, noRules, [own]);
    assertEquals([found?.decidedBy, found?.source], ["Alex", "ticket 7"]);
  });
}

const open = { ...signature, public: true } as const;
const publics: readonly (readonly [what: string, why: string | undefined, Definition, readonly Reviewed[]])[] = [
  ["a rule that keeps it", undefined, { ...noRules, tables: { t: { columns: { c: keep("why") } } } }, []],
  ["a rule that calls it published", "why", { ...noRules, tables: { t: { columns: { c: published("why") } } } }, []],
  ["a rule that keeps its public table", "why", { ...noRules, tables: { t: { keep: "why", public: true } } }, []],
  ["a rule for some rows", undefined, { ...noRules, tables: { t: { columns: { c: onlyIn("s", setNull()) } } } }, []],
  [
    "a rule for some rows, whose rest is public",
    "why",
    { ...noRules, tables: { t: { columns: { c: onlyIn("s", setNull(), { restPublic: "why" }) } } } },
    [],
  ],
  ["a review", undefined, noRules, [entry]],
  ["a public review", signature.reason, noRules, [{ ...entry, ...open }]],
  ["a public review of another type", undefined, noRules, [{ ...entry, ...open, type: "integer" }]],
  ["a public group", signature.reason, noRules, [{ group: "g", columns: { t: { c: "text" } }, ...open }]],
  ["a public review of its table", signature.reason, noRules, [{ table: "t", ...open }]],
  ["a review, and a public one by the operator", signature.reason, noRules, [entry, { ...entry, ...open }]],
  ["a review, and a public one of its table", undefined, noRules, [entry, { table: "t", ...open }]],
];
for (const [what, why, definition, reviewed] of publics) {
  Deno.test(`with ${what} what stays of a column is ${why === undefined ? "not " : ""}public`, () => {
    const { columns: [found] } = accountFor(schemaOf(plain), { objects: [] }, definition, reviewed);
    assertEquals(found?.public, why);
  });
}

const wrong: readonly (readonly [what: string, value: unknown, message: string])[] = [
  ["no list", {}, "it is no list of entries"],
  ["an entry that is no object", ["t.c"], "entry 1: it is no object"],
  ["an entry of nothing", [signature], 'entry 1: it names no "table", "group" or "object"'],
  ["an entry without a reason", [{ ...entry, reason: " " }], 'entry 1: its "reason" is empty or no text'],
  ["an entry without a signature", [{ ...entry, by: undefined }], 'entry 1: its "by" is empty or no text'],
  ["an entry with an unknown member", [{ ...entry, typ: "text" }], 'entry 1: "typ" is no member of such an entry'],
  ["a public entry that is not", [{ ...entry, public: false }], 'entry 1: its "public" is not true; leave it out'],
  ["a public entry by a word", [{ ...entry, public: "yes" }], 'entry 1: its "public" is not true; leave it out'],
  [
    "a public object",
    [{ object: "view", name: "v", public: true, ...signature }],
    'entry 1: "public" is no member of such an entry',
  ],
  [
    "a column without its type",
    [{ table: "t", column: "c", ...signature }],
    'entry 1: "column" is no member of such an entry',
  ],
  ["a column twice", [entry, { ...entry, type: "integer" }], 'column "t.c" is listed twice'],
  ["an unknown kind of object", [{ object: "wiev", name: "v", ...signature }], 'entry 1: "wiev" is no kind of object'],
  ["a group of a list", [{ group: "g", columns: [], ...signature }], 'entry 1: "columns" is no object of tables'],
];
for (const [what, value, message] of wrong) {
  Deno.test(`readReviewed() refuses ${what}`, () => {
    assertThrows(() => readReviewed("f.json", value), ScrubError, message);
  });
}

Deno.test("readReviewedFile() refuses what is no JSON, without a word of it", () => {
  const error = assertThrows(
    () => readReviewedFile("f.json", "zmark"),
    ScrubError,
    "Cannot use f.json, line 1: it is not JSON",
  );
  assertEquals(error instanceof Error && error.message.includes("zmark"), false);
});

Deno.test("readReviewedFile() says which scrubber's list is wrong", () => {
  assertThrows(() => readReviewedFile("f.json", '{"orders": 1}'), ScrubError, 'f.json, "orders": it is no list');
});

const suggestions: readonly (readonly [column: Column, line: string])[] = [
  [{ ...plain, name: "email" }, "t: { columns: { email: email() } }"],
  [{ ...plain, name: "home phone" }, 't: { columns: { "home phone": phone() } }'],
  [{ ...plain, name: "note", nullable: false }, "t: { columns: { note: lorem() } }"],
  [{ ...plain, name: "extra", kind: "json", type: "jsonb" }, "t: { columns: { extra: emptied() } }"],
  [{ ...integer, name: "religion" }, "t: { columns: { religion: setNull() } }"],
  [{ ...integer, name: "n" }, '{"table":"t","column":"n","type":"integer","reason":"","by":"","source":""}'],
];
for (const [column, line] of suggestions) {
  Deno.test(`the suggestion for ${column.name} ${column.type} is ${line}`, () => {
    const schema = schemaOf(column);
    assertEquals(schema.tables.slice(0, 1).map((its) => suggest(schema, its, column).line), [line]);
  });
}

Deno.test("the suggestion for a rule file is YAML", () => {
  const schema = schemaOf({ ...plain, name: "owner_name", nullable: false });
  const [table] = schema.tables;
  const [column] = table?.columns.slice(-1) ?? [];
  assert(table && column);
  assertMatch(suggest(schema, table, column, "yaml").line, /^t: \{ columns: \{ owner_name: (\w+|\{ \w+: .* \}) \} \}$/);
});

const actors: readonly (readonly [table: string, found: string | undefined])[] = [
  ["delayed_jobs", "a queue of work"],
  ["email_deliveries", "mail or messages to send"],
  ["webhooks", "calls to other services"],
  ["access_tokens", "ways to sign in"],
  ["jobsites", undefined],
  ["people", undefined],
];
for (const [name, found] of actors) {
  Deno.test(`a table called ${name} looks like ${found ?? "nothing that acts by itself"}`, () => {
    assertEquals(actsAs(name), found);
  });
}
