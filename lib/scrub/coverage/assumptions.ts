/**
 * What the proof of a database takes on trust, by column: what verification cannot tell from values, so that a reader of the report
 * sees what it rests on. README's threat model says the same of all databases. Pure.
 *
 * @module
 */

import { findColumn, findTable, type Schema } from "../../engine/schema.ts";
import type { AssumptionReport } from "../../core/report.ts";
import type { AccountedColumn } from "./coverage.ts";
import { type Structure, structureOf } from "./structural.ts";

/** The structures that are taken on trust: a key of integers and one of UUIDs rest on different things. */
type Trusted = Exclude<Structure["kind"], "key"> | "integer key" | "uuid key";

const onStructure: Record<Trusted, string> = {
  "integer key":
    "The server gave these numbers. A short one that something else wrote is not told from them (PostgreSQL: up to seven digits; " +
    "MySQL: up to nine)",
  "uuid key": "The server's generator made these UUIDs. What a program coded in one is not noticed",
  "foreign key":
    "They repeat keys that are listed themselves. What a table's name says of those whose keys it repeats is not judged",
  boolean: "They are true or false. What that says of a person under a name that tells nothing is not known",
  timestamp:
    "They say when something happened. A few dates of birth among many timestamps, recent ones, those at odd times of the day, and " +
    "numbers written as timestamps are not noticed",
  counter: "They count. A number of up to seven digits may be anything else: a year of birth, a code, a letter",
};

const onReview =
  "A person or a rule decided that these columns, or the rows outside a rule's selection, stay. They were searched for addresses " +
  "and tokens that rules remove, not for names, postal addresses, dates, telephone numbers and short words";

const onPublication =
  "A person or a rule declared these columns public. Addresses and tokens in them were not looked for anywhere";

const onCatalogues =
  "Names and definitions of objects, comments and settings were searched for removed tokens, and for what looks personal or secret. " +
  "Names of persons outside of lists of values, single words, and numbers outside of lists are not recognised in them";

/**
 * Every assumption that some column rests on, with its columns, and the one about catalogues, without. Columns that a rule changes in
 * every row rest on evidence instead.
 */
export function assumptionsOf(schema: Schema, columns: readonly AccountedColumn[]): readonly AssumptionReport[] {
  const resting = columns.flatMap((column) => {
    const assumption = assumptionOf(schema, column);
    return assumption === undefined ? [] : [{ assumption, column: `${column.table}.${column.column}` }];
  });
  const byColumn = [...Map.groupBy(resting, ({ assumption }) => assumption)].map(([assumption, its]) => ({
    assumption,
    columns: its.map(({ column }) => column),
  }));
  return [...byColumn, { assumption: onCatalogues, columns: [] }];
}

function assumptionOf(schema: Schema, column: AccountedColumn): string | undefined {
  switch (column.by) {
    case "structural": {
      const trusted = structureNow(schema, column);
      return trusted && onStructure[trusted];
    }
    case "reviewed":
    case "ruled":
      if (column.stays === undefined) return undefined;
      return column.public === undefined ? onReview : onPublication;
    case "computed":
      // From columns of the same row, which are listed themselves.
      return undefined;
    default:
      return column.by satisfies never;
  }
}

function structureNow(schema: Schema, { table: id, column: name }: AccountedColumn): Trusted | undefined {
  const table = findTable(schema, id);
  const column = table && findColumn(table, name);
  const structure = column && structureOf(schema, table, column);
  if (!structure) return undefined;
  if (structure.kind !== "key") return structure.kind;
  return column.kind === "uuid" ? "uuid key" : "integer key";
}
