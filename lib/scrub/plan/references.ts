/** References between rows as conditions, for closures and verification. @module */

import type { Engine } from "../../engine/engine.ts";
import { type Column, findColumn, findTable, isCaseless, type Schema, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { BoundReference } from "../rules/bind_references.ts";

/** The alias of a referencing row. */
export const child: Name = new Name("child");
/** The alias of a referenced row. */
export const parent: Name = new Name("parent");

/**
 * The table with this id.
 *
 * @throws {TypeError} for a table that is not in the schema.
 */
export function tableOf(schema: Schema, id: string): Table {
  const table = findTable(schema, id);
  if (!table) throw new TypeError(`Cannot follow a reference: its table ${id} is not in the schema`);
  return table;
}

/** The table whose primary key identifies the rows: of a partition its partitioned table, which alone is planned. */
export function keyedTable(schema: Schema, id: string): Table {
  const table = tableOf(schema, id);
  const root = table.kind === "partition" ? table.postgresql?.root : undefined;
  return root === undefined ? table : tableOf(schema, root);
}

/** Whether the row with the alias `child` references anything by the reference. */
export function references({ expressions: e }: Engine, { columns, type }: BoundReference): Sql {
  const { sql } = e;
  return joinSql([
    ...columns.map((name) => sql`${child}.${new Name(name)} IS NOT NULL`),
    ...(type ? [e.same(e.asText(sql`${child}.${new Name(type.column.name)}`, type.column), e.text(type.value))] : []),
  ], " AND ");
}

/** Whether the row with the alias `child` references the one with the alias `to`, if it references anything. */
export function leadsTo(
  { expressions: e }: Engine,
  schema: Schema,
  reference: BoundReference,
  to: Name = parent,
): Sql {
  const { sql } = e;
  const [childTable, parentTable] = [tableOf(schema, reference.child), tableOf(schema, reference.parent)];
  return joinSql(
    reference.columns.map((name, at) => {
      const parentName = reference.parentColumns[at] ?? "";
      const [from, key] = [sql`${child}.${new Name(name)}`, sql`${to}.${new Name(parentName)}`];
      const [own, other] = [columnOf(childTable, name), columnOf(parentTable, parentName)];
      if (isCaseless(own) && isCaseless(other)) {
        return e.same(e.fold(e.asText(from, own)), e.fold(e.asText(key, other)));
      }
      if (reference.period && at === reference.columns.length - 1) return sql`${from} && ${key}`;
      return reference.asText ? e.same(e.asText(from, own), e.asText(key, other)) : sql`${from} = ${key}`;
    }),
    " AND ",
  );
}

/** Whether the row with the alias `child` references a row that is not there; by a period, rows that do not cover it. */
export function leadsNowhere(engine: Engine, schema: Schema, reference: BoundReference): Sql {
  const { sql } = engine.expressions;
  const table = engine.tableName(schema.database, tableOf(schema, reference.parent));
  const from = sql`FROM ${table} AS ${parent} WHERE ${leadsTo(engine, schema, reference)}`;
  const isFound = reference.period ? coversPeriod(engine, reference, from) : sql`EXISTS (SELECT 1 ${from})`;
  return sql`${references(engine, reference)} AND NOT ${isFound}`;
}

/** Whether the ranges of all referenced rows together cover that of the row with the alias `child`. */
function coversPeriod(
  { expressions: { sql } }: Engine,
  { columns, parentColumns }: BoundReference,
  referenced: Sql,
): Sql {
  const [own, other] = [new Name(columns.at(-1) ?? ""), new Name(parentColumns.at(-1) ?? "")];
  return sql`coalesce(${child}.${own} <@ (SELECT range_agg(${parent}.${other}) ${referenced}), FALSE)`;
}

function columnOf(table: Table, name: string): Column {
  const column = findColumn(table, name);
  if (!column) throw new TypeError(`Cannot follow a reference: ${table.id} has no column ${name}`);
  return column;
}
