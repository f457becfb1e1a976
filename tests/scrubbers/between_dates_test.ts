/** Schemas between the two dates: each is scrubbed, or refused, but never scrubbed in part. @module */

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Column, Schema, Table } from "../../lib/engine/schema.ts";
import { bind, definitionFor } from "../../lib/scrub/rules/bind.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { whitehall } from "../../scrubbers/whitehall/mod.ts";
import { publishingApi } from "../../scrubbers/publishing_api/mod.ts";
import { emailAlertApi } from "../../scrubbers/email_alert_api/mod.ts";
import { accountFor } from "../../lib/scrub/coverage/coverage.ts";
import type { Scrubber } from "../../lib/scrub/rules/definition.ts";
import { readReviewed } from "../../lib/scrub/coverage/reviewed.ts";
import { fixtureSchema } from "./fixture_schema.ts";

const old = await fixtureSchema("whitehall-2018");
const recent = await fixtureSchema("whitehall-2026");
const text: Column = {
  name: "text",
  type: "varchar(255)",
  kind: "text",
  length: 255,
  nullable: true,
  hasDefault: false,
  generated: false,
};

function change(schema: Schema, name: string, to: (table: Table) => Table): Schema {
  return { ...schema, tables: schema.tables.map((table) => table.name === name ? to(table) : table) };
}

function add(schema: Schema, name: string, ...columns: readonly Column[]): Schema {
  return change(schema, name, (table) => ({ ...table, columns: [...table.columns, ...columns] }));
}

function drop(schema: Schema, name: string, column: string): Schema {
  return change(schema, name, (table) => ({ ...table, columns: table.columns.filter((one) => one.name !== column) }));
}

function rename(schema: Schema, name: string, to: string): Schema {
  return change(schema, name, (table) => ({ ...table, id: to, name: to }));
}

/** Names of columns that whitehall's rules change in a table. */
function changed(schema: Schema, table: string): string[] {
  const bound = bind(whitehall, schema).tables.find((one) => one.table.name === table);
  return bound?.columns.map(({ column }) => column.name).sort() ?? [];
}

const flag: Column = { ...text, name: "access_limited", type: "tinyint(1)", kind: "boolean" };
const summer2026 = add(recent, "editions", flag);
const spring2026 = add(
  drop(drop(summer2026, "editions", "access_limiting"), "editions", "slug_override"),
  "documents",
  {
    ...text,
    name: "slug",
  },
);

Deno.test("whitehall before 2026-06-03: the old flag restricts an edition", () => {
  assertEquals(restricting(spring2026), ["access_limited"]);
});

Deno.test("whitehall from 2026-06-03 to 2026-07-22: either flag restricts an edition", () => {
  assertEquals(restricting(summer2026), ["access_limited", "access_limiting"]);
});

Deno.test("whitehall since 2026-07-22: the new flag restricts an edition", () => {
  assertEquals(restricting(recent), ["access_limiting"]);
});

function restricting(schema: Schema): string[] {
  const where = definitionFor(whitehall, schema).selections.restricted?.where ?? [];
  const names = where.flatMap((part) => typeof part === "object" && "column" in part ? [part.column] : []);
  return [...new Set(names)].sort();
}

Deno.test("whitehall without either flag is refused", () => {
  assertThrows(
    () => bind(whitehall, drop(recent, "editions", "access_limiting")),
    ScrubError,
    'selection restricted: there is no column "access_limiting"',
  );
});

Deno.test("whitehall in spring 2026: slugs of documents and of editions change", () => {
  assertEquals(changed(spring2026, "documents"), ["slug"]);
  assert(changed(spring2026, "editions").includes("slug"));
  assert(changed(spring2026, "editions").includes("slug_from_title"));
});

Deno.test("whitehall in summer 2025: the body of configurable documents changes under its first name", () => {
  const json: Column = { ...text, name: "flexible_page_content", type: "json", kind: "json" };
  const summer2025 = add(drop(recent, "edition_translations", "block_content"), "edition_translations", json);
  assertEquals(changed(summer2025, "edition_translations"), ["body", "flexible_page_content", "summary", "title"]);
});

Deno.test("whitehall in 2023: responses change under either name", () => {
  assertEquals(changed(old, "responses"), ["summary"]);
  assertEquals(changed(rename(old, "responses", "consultation_responses"), "consultation_responses"), ["summary"]);
});

Deno.test("whitehall without a table of responses is refused", () => {
  assertThrows(
    () => bind(whitehall, rename(old, "responses", "outcomes")),
    ScrubError,
    'there is no table "consultation_responses"',
  );
});

Deno.test("whitehall in summer 2023: assets without file names are scrubbed", () => {
  assertEquals(changed(drop(recent, "assets", "filename"), "assets"), ["asset_manager_id"]);
});

Deno.test("whitehall from 2022 to 2026: a preview id that may not be NULL is scrubbed", () => {
  const strict = change(recent, "editions", (table) => ({
    ...table,
    columns: table.columns.map((one) => one.name === "auth_bypass_id" ? { ...one, nullable: false } : one),
  }));
  assert(changed(strict, "editions").includes("auth_bypass_id"));
});

Deno.test("publishing-api in October 2019: preview ids change in both tables", async () => {
  const ids: Column = { ...text, name: "auth_bypass_ids", type: "jsonb", kind: "json", nullable: false };
  const both = add(await fixtureSchema("publishing_api-2026"), "access_limits", ids);
  const found = bind(publishingApi, both).tables.flatMap(({ table, columns }) =>
    columns.filter(({ column }) => column.name === "auth_bypass_ids").map(() => table.name)
  );
  assertEquals(found.sort(), ["access_limits", "editions"]);
});

/** A schema without some of its tables. */
function without(schema: Schema, ...names: readonly string[]): Schema {
  return {
    ...schema,
    tables: schema.tables.filter(({ name }) => !names.includes(name)),
    foreignKeys: schema.foreignKeys.filter(({ child, parent }) => !names.includes(child) && !names.includes(parent)),
  };
}

/** A schema with another table: a key, a text and a document. */
function withTable(schema: Schema, name: string): Schema {
  const [like] = schema.tables;
  if (!like) throw new TypeError("a schema without tables");
  const key: Column = {
    ...text,
    name: "id",
    type: "bigint",
    kind: "integer",
    nullable: false,
    hasDefault: true,
    generatedBy: "sequence",
  };
  const details: Column = { ...text, name: "details", type: "json", kind: "json" };
  const table: Table = { ...like, id: name, name, primaryKey: ["id"], uniqueKeys: [], columns: [key, text, details] };
  return { ...schema, tables: [...schema.tables, table] };
}

/** Columns that nothing accounts for. */
function drift(scrubber: Scrubber, schema: Schema): readonly string[] {
  const reviewed = readReviewed(scrubber.name, scrubber.reviewed);
  const found = accountFor(schema, { objects: [] }, definitionFor(scrubber, schema), reviewed);
  return found.columnDrift.map(({ table, column }) => `${table.id}.${column.name}`);
}

Deno.test("whitehall in 2016: spreadsheets of imports stop the run", () => {
  const then = ["imports", "import_logs", "import_errors"].reduce(withTable, old);
  assertEquals(
    drift(whitehall, then).filter((column) => column.startsWith("import")),
    ["imports", "import_logs", "import_errors"].flatMap((name) => [`${name}.text`, `${name}.details`]),
  );
});

Deno.test("whitehall in 2024 and 2025: tables of content blocks, which neither date has, stop the run", () => {
  const names = ["content_block_documents", "content_block_editions", "content_block_versions"];
  assertEquals(
    drift(whitehall, names.reduce(withTable, recent)).filter((column) => column.startsWith("content_block")),
    names.flatMap((name) => [`${name}.text`, `${name}.details`]),
  );
});

Deno.test("publishing-api on 2016-10-01: without documents, editions and change notes it is refused", async () => {
  const then = without(await fixtureSchema("publishing_api-2018"), "documents", "editions", "change_notes");
  assertThrows(() => bind(publishingApi, then), ScrubError, "table editions: missing from the schema");
});

Deno.test("email-alert-api on 2016-10-01: with its one table it is refused", async () => {
  const schema = await fixtureSchema("email_alert_api-2018");
  const others = schema.tables.map(({ name }) => name).filter((name) => name !== "subscriber_lists");
  assertThrows(
    () => bind(emailAlertApi, without(schema, ...others)),
    ScrubError,
    "table subscribers: missing from the schema",
  );
});
