/**
 * The parts of a rule file as valibot schemas: parse.ts checks by them, and the JSON Schema for editors is made of them
 * (json_schema.ts). Descriptions are what an editor shows.
 *
 * @module
 */

import * as v from "valibot";
import { schemaObjectKinds } from "../../core/object_kinds.ts";

/** Text that is not blank. */
export function filledText(description: string): v.GenericSchema<string> {
  return v.pipe(v.string(), v.regex(/\S/, "is empty"), v.description(description));
}

function onlyTrue(description: string): v.GenericSchema<true> {
  return v.pipe(v.literal(true), v.description(description));
}

const optional = v.optional(onlyTrue("It may be missing from the schema."));

/** `selections`: one of them. */
export const selection = v.strictObject({
  of: filledText("The table."),
  where: filledText(
    "Which rows: one SQL expression. {table:NAME}, {column:NAME}, {selection:NAME} and {asOf} stand for names and the data's time.",
  ),
  optional,
});

/** `knownValues`: one of them. */
export const knownValues = v.strictObject({
  table: filledText("The table."),
  column: filledText("The column."),
  values: v.pipe(
    v.array(v.nullable(v.string())),
    v.minLength(1, "has no value"),
    v.description("Every value that the rules know; another one stops the run."),
  ),
  optional,
});

/** What a column's rule can say besides its strategy. */
export const modifiers = {
  only: v.optional(filledText("A selection of this table: only its rows change.")),
  except: v.optional(filledText("A selection of this table: all rows but its own change.")),
  optional: v.optional(onlyTrue("The column may be missing from the schema.")),
  public: v.optional(onlyTrue("With keep: everybody can read what it holds; the reason says where.")),
  restPublic: v.optional(filledText("With only or except: why what the other rows hold is public.")),
} as const satisfies v.ObjectEntries;

const rows = v.pipe(v.number(), v.integer("is no whole number"), v.minValue(0, "is less than 0"));
const rowRange = v.strictObject({ minimum: v.optional(rows), maximum: v.optional(rows) });

/** `expect` of a table. */
export const expect = v.pipe(
  v.strictObject({
    changed: v.optional(rowRange),
    gone: v.optional(rowRange),
    left: v.optional(rowRange),
    goneShare: v.optional(v.pipe(v.number(), v.minValue(0, "is less than 0"), v.maxValue(1, "is more than 1"))),
  }),
  v.description("How many rows the rules are expected to change and to delete; anything else fails verification."),
);

const columnNames = v.pipe(v.array(v.string()), v.minLength(1, "names no column"));

/** `references` of a table: one of them. */
export const reference = v.pipe(
  v.strictObject({
    columns: v.pipe(columnNames, v.description("Columns of this table.")),
    to: v.pipe(
      v.union([v.string(), v.record(v.string(), v.nullable(v.string()))]),
      v.description("The referenced table; or tables by the text in the column of type, null where it means no table."),
    ),
    toColumns: v.optional(v.pipe(columnNames, v.description("Unique columns there (default: the primary key)."))),
    type: v.optional(filledText("The column that says which of the tables is referenced.")),
    whenDeleted: v.optional(
      v.pipe(
        v.picklist(["delete", "set null"]),
        v.description(
          "What happens to rows whose referenced row is deleted (default: what the foreign key says, or delete).",
        ),
      ),
    ),
    optional,
  }),
  v.description("A reference that the server does not enforce, or an exception from what a foreign key says."),
);

/** A table that is kept as it is. */
export const keptTable = v.strictObject({
  keep: filledText("Why the table may stay as it is."),
  public: v.optional(onlyTrue("Everybody can read what it holds; the reason says where.")),
  optional: v.optional(onlyTrue("The table may be missing from the schema.")),
});

/** A table that loses every row. */
export const truncatedTable = v.strictObject({
  truncate: onlyTrue("Every row is deleted."),
  optional: v.optional(onlyTrue("The table may be missing from the schema.")),
});

/** The long form of a table, without its columns. */
export const tableMembers = {
  optional: v.optional(onlyTrue("The table may be missing from the schema.")),
  deleteRows: v.optional(filledText("A selection of this table: its rows are deleted.")),
  keepRows: v.optional(
    filledText("A selection of this table: its rows stay with what they need; the others go, and what needs those."),
  ),
  keepReferenced: v.optional(onlyTrue("Only rows that a remaining row of another table references stay.")),
  references: v.optional(v.array(reference)),
  expect: v.optional(expect),
} as const satisfies v.ObjectEntries;

const signature = {
  reason: filledText("Why it may stay."),
  by: filledText("Who looked at it."),
  source: filledText("What was looked at, such as the schema of a date."),
} as const satisfies v.ObjectEntries;
const published = v.optional(onlyTrue("Everybody can read what it holds; the reason says where."));

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
