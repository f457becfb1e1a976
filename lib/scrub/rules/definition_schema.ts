/**
 * Definitions as valibot schemas: what scrubbers in TypeScript return is checked by them, and so is what rule files say. The JSON
 * Schema for editors is made of them; descriptions are what an editor shows.
 *
 * @module
 */

import * as v from "valibot";
import { closestName } from "../../core/closest_name.ts";
import type { Definition, TableRule } from "./definition.ts";

/** Text that is not blank. */
export function filledText(description: string): v.GenericSchema<string> {
  return v.pipe(v.string(), v.regex(/\S/, "is empty"), v.description(description));
}

/** `true`, or nothing. */
export function onlyTrue(description: string): v.GenericSchema<true> {
  return v.pipe(v.literal(true), v.description(description));
}

/** That a table or column may be missing. */
export const optional: v.OptionalSchema<v.GenericSchema<true>, undefined> = v.optional(
  onlyTrue("It may be missing from the schema."),
);

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
  type: v.optional(
    filledText("With keep: the type that the reason is about, as in reviewed.json; another one is drift."),
  ),
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

/** `selections`: one of them. */
const selection = v.strictObject({ of: filledText("The table."), where: v.array(v.any()), optional });

const columnRule = v.strictObject({
  strategy: filledText("The strategy's name."),
  with: v.optional(v.any()),
  ...modifiers,
});

const ruledTable = v.strictObject({ ...tableMembers, columns: v.record(v.string(), v.any()) });

const definition = v.strictObject({
  selections: v.record(v.string(), v.any()),
  tables: v.record(v.string(), v.any()),
  knownValues: v.optional(v.array(v.any())),
  after: v.optional(v.array(v.any())),
});

/** What is wrong with a definition whatever the schema is, as sentences; a scrubber in TypeScript may be of any shape. */
export function definitionProblems(given: Definition): readonly string[] {
  const found = problemsOf(given, definition, "the definition");
  if (found.length > 0) return found;
  return [
    ...Object.entries(given.selections).flatMap(([name, one]) => problemsOf(one, selection, `selection ${name}`)),
    ...(given.knownValues ?? []).flatMap((one) => problemsOf(one, knownValues, `known values of ${one?.table}`)),
    ...Object.entries(given.tables).flatMap(([name, rule]) => tableProblems(name, rule)),
  ];
}

function tableProblems(name: string, rule: TableRule): readonly string[] {
  const place = `table ${name}`;
  if (typeof rule !== "object" || rule === null) return [`${place}: its rule is no object`];
  if ("keep" in rule) return problemsOf(rule, keptTable, place);
  if ("truncate" in rule) return problemsOf(rule, truncatedTable, place);
  const found = problemsOf(rule, ruledTable, place);
  if (found.length > 0) return found;
  return Object.entries(rule.columns).flatMap(([column, one]) =>
    problemsOf(one, columnRule, `column ${name}.${column}`)
  );
}

function problemsOf(
  value: unknown,
  schema: v.StrictObjectSchema<v.ObjectEntries, undefined>,
  place: string,
): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${place}: it is no object`];
  const names = Object.keys(schema.entries);
  const unknown = Object.keys(value).filter((name) => !names.includes(name)).map((name) => {
    const meant = closestName(name, names);
    return `${place}: there is no "${name}"${
      meant === undefined ? `; it has ${names.join(", ")}` : `; did you mean "${meant}"?`
    }`;
  });
  if (unknown.length > 0) return unknown;
  return (v.safeParse(schema, value).issues ?? []).map((issue) => {
    const path = v.getDotPath(issue) ?? "";
    if (issue.received === "undefined") return `${place}: "${path}" is missing`;
    return `${place}: "${path}" ${issue.kind === "validation" ? issue.message : `is not ${issue.expected}`}`;
  });
}
