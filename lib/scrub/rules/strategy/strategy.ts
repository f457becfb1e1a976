/** The contract of a strategy, and a row as expressions. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { Column, Table } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";

/** A rule's column. */
export interface Place {
  readonly table: Table;
  readonly column: Column;
  /** Whether a rule changes this column of the table. */
  changes(columnName: string): boolean;
}

/** One row, old or new, as expressions without a table's name before them. */
export interface Row extends Place {
  /** The value of the rule's own column. */
  readonly value: Sql;
  /** The value of another column; throws a TypeError for one that is not there (`refuse` comes first). */
  of(columnName: string): Sql;
  /** What another column's rule makes of this row; the column itself where no rule changes it. */
  newValueOf(columnName: string): Sql;
}

/** What a strategy does, for those who choose one; the reference of strategies is made of it. */
export interface StrategyDescription {
  /** What it makes of a value: one or two sentences. */
  readonly summary: string;
  /** A rule as a rule file spells it (a strategy's name, or its name with the parameter), and a value as text before and after. */
  readonly example: { readonly rule: Json; readonly before: string | null; readonly after: string | null };
}

/**
 * What happens to a column, for any engine. `refuse` is asked only about a parameter that its schema has accepted, and the rest is
 * called only where `refuse` has accepted the column.
 */
export interface Strategy {
  readonly description: StrategyDescription;
  /** The shape of a rule's parameter, checked before `refuse` is asked; absent: it takes none. JSON Schema is made of it. */
  readonly parameter?: v.GenericSchema;
  /** Why the column or parameter does not fit, as the end of a sentence; undefined where it does. Refuse rather than truncate. */
  refuse(place: Place, parameter: Json): string | undefined;
  /** The new value, from the old row only. */
  newValue(e: Expressions, old: Row, parameter: Json): Sql;
  /**
   * A condition that is true for every row that was scrubbed, and false for an old value that must not remain: the column then counts as
   * proven. `by construction` where the new row alone cannot tell: then it does not, and the leak search reads it whole.
   */
  evidence(e: Expressions, now: Row, parameter: Json): Sql | "by construction";
  /**
   * How many different new values there are at least; absent or undefined: as many as there are old ones. A unique column is refused
   * where its rows are too many for that.
   */
  space?(place: Place, parameter: Json): number | undefined;
  /** What of the old value may not be found anywhere afterwards, as text; absent: all of it. It returns undefined for nothing. */
  removed?(e: Expressions, old: Row, parameter: Json): Sql | undefined;
  /** A scrubbed value can hold parts of the old row whatever the evidence says, so the leak search reads it like any other. */
  readonly keepsParts?: true;
  /** Every new value but NULL and empty text holds 64 bits or more that the key decides: no old value can hold one. */
  readonly keyed?: true;
  /**
   * The new value is made of the old one alone: equal values get equal ones, NULL stays NULL, and different ones stay apart as far as
   * `space` goes. It may change keys, which other rows repeat. A function: whether it is so with this parameter.
   */
  readonly ofValue?: true | ((parameter: Json) => boolean);
  /** The new value is always NULL, which no foreign key objects to. */
  readonly makesNull?: true;
  /** The new values are those of other rows, which a plan makes instead of `newValue`; all old values stay in the column. */
  readonly shuffles?: true;
  /** The column whose new value is part of this one's. */
  embeddedColumn?(parameter: Json): string;
  /** Old values are identifiers of a few dozen characters: the leak search can read all of them, however many rows there are. */
  readonly short?: true;
}

/** Any JSON value. */
export const anyJson: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.number(), v.string(), v.array(anyJson), v.record(v.string(), anyJson)])
);

/** A parameter of text that is not blank; `problem` is the end of a sentence about one that is. */
export function words(description: string, problem: string): v.GenericSchema<string> {
  return v.pipe(v.string(), v.regex(/\S/, problem), v.description(description));
}

/** Why this column cannot hold a constant: it is part of a key that forbids equal values. */
export function refuseUnique({ table, column }: Place): string | undefined {
  const key = table.uniqueKeys.find((key) => key.columns.includes(column.name));
  return key && `"${key.name}" forbids equal values; use a strategy that keeps them apart`;
}

/** Why this column cannot hold text of so many characters. */
export function refuseLength({ column }: Place, characters: number): string | undefined {
  if (column.length === undefined || column.length >= characters) return undefined;
  return `it holds ${column.length} characters and the new value has ${characters}`;
}

/** Texts that every server folds alike. */
const ascii = "[\\x01-\\x7f]*";

/**
 * The text that is hashed: folded, so that all spellings of one address share a pseudonym; as it is where a unique key of the
 * column distinguishes case, so that two rows never get the same value. Letters outside ASCII are never folded: collations
 * disagree about them.
 */
export function normalised(e: Expressions, row: Pick<Row, "table" | "column" | "value">): Sql {
  const text = e.asText(row.value, row.column);
  const exact = row.table.uniqueKeys.some((key) => !key.folds && key.columns.includes(row.column.name));
  return exact ? text : folded(e, text);
}

/** A text of ASCII alone in lower case, any other as it is. */
export function folded(e: Expressions, text: Sql): Sql {
  return e.choose(e.matches(text, ascii), e.fold(text), text);
}

/**
 * The text that is hashed of a number that people space as they like: its ASCII letters, in lower case, and digits alone, so that all
 * spellings share a pseudonym. Two spellings in a unique column would too.
 */
export function lettersAndDigits(e: Expressions, row: Row): Sql {
  return e.fold(e.replaced(e.asText(row.value, row.column), "[^0-9A-Za-z]", ""));
}

/** Whether the strategy may change keys. */
export function isOfValue({ ofValue }: Strategy, parameter: Json): boolean {
  return typeof ofValue === "function" ? ofValue(parameter) : ofValue === true;
}

/** The old value as text where it differs from the new one: a constant that was there before is no leak. */
export function removedUnlessEqual(e: Expressions, old: Row, newValue: Sql): Sql | undefined {
  const text = e.searchable(old.value, old.column);
  return text && e.sql`CASE WHEN NOT ${e.equal(old.value, newValue, old.column)} THEN ${text} END`;
}

/** `scrubbed`, but NULL and empty text are kept. */
export function unlessEmpty(e: Expressions, row: Row, scrubbed: Sql): Sql {
  if (row.column.kind !== "text") return scrubbed;
  return e.choose(e.same(e.asText(row.value, row.column), e.text("")), row.value, scrubbed);
}

/** The condition, or that the value is NULL or empty text. */
export function orEmpty(e: Expressions, row: Row, condition: Sql): Sql {
  const empty = row.column.kind === "text"
    ? e.sql`(${row.value} IS NULL OR ${e.same(e.asText(row.value, row.column), e.text(""))})`
    : e.sql`(${row.value} IS NULL)`;
  return e.sql`(${empty} OR ${condition})`;
}

/** What is wrong with a rule's parameter whatever the column is, as the end of a sentence; undefined where nothing is. */
export function parameterProblem({ parameter }: Strategy, given: Json | undefined): string | undefined {
  if (!parameter) return given === undefined || given === null ? undefined : "it takes no parameter";
  const { success, issues } = v.safeParse(parameter, given);
  if (success) return undefined;
  if (given === undefined) return "it needs a parameter";
  return issues.map((issue) => {
    const path = v.getDotPath(issue);
    const where = path === null ? "its parameter" : `"${path}" of its parameter`;
    return issue.kind === "validation" ? issue.message : `${where} is not ${issue.expected ?? "valid"}`;
  }).join(", ");
}
