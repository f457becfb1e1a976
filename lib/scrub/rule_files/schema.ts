/**
 * The parts of a rule file as valibot schemas, with those of definitions (../rules/definition_schema.ts): parse.ts checks by them, and
 * the JSON Schema for editors is made of them (json_schema.ts). Descriptions are what an editor shows.
 *
 * @module
 */

import * as v from "valibot";
import { schemaObjectKinds } from "../../core/object_kinds.ts";
import { filledText, onlyTrue, optional } from "../rules/definition_schema.ts";

/** `selections`: one of them. */
export const selection = v.strictObject({
  of: filledText("The table."),
  where: filledText(
    "Which rows: one SQL expression. {table:NAME}, {column:NAME}, {selection:NAME} and {asOf} stand for names and the data's time.",
  ),
  optional,
});

const signature = {
  reason: filledText("Why it may stay."),
  by: filledText("Who looked at it."),
  source: filledText("What was looked at, such as the schema of a date."),
} as const satisfies v.ObjectEntries;
const published = v.optional(onlyTrue("Everybody can read what it holds; the reason says where."));

/** `after`: one of the statements. */
export const afterStatement = filledText(
  "A SQL statement that runs in the scrubbed database before verification, such as for a test login; written without ;",
);

/** `reviewed`: the kinds of entries, those with more members first. */
export const reviewedEntries = [
  v.strictObject({
    table: filledText("The table."),
    column: filledText("The column."),
    type: filledText("The column's type, as review names it."),
    ...signature,
    public: published,
  }),
  v.strictObject({
    group: filledText("A name for the columns."),
    columns: v.pipe(
      v.record(v.string(), v.record(v.string(), filledText("The type, as review names it."))),
      v.description("Types by column by table."),
    ),
    ...signature,
    public: published,
  }),
  v.strictObject({
    object: v.pipe(v.picklist(schemaObjectKinds), v.description("The kind of object.")),
    name: filledText("Its name, as review shows it."),
    digest: v.optional(filledText("Of its text, as review shows it: an object of another text is drift.")),
    ...signature,
  }),
  v.strictObject({ table: filledText("The table, with every column that it has."), ...signature, public: published }),
] as const;

/** The names at the top of a file, without those that have readers of their own. */
export const head = {
  database: filledText(
    "The application's name: orders matches the databases orders, orders_production, orders_staging …",
  ),
  engine: v.pipe(v.picklist(["postgresql", "mysql"]), v.description("The server.")),
  summary: v.optional(filledText("One sentence for datascrubber scrubbers.")),
  extends: v.optional(filledText("A built-in scrubber whose rules hold as well.")),
  replaces: v.optional(filledText("A built-in scrubber whose rules hold no longer.")),
} as const satisfies v.ObjectEntries;
