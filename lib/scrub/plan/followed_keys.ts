/** What changed keys need of the rows that repeat them: that they follow the row that they reference, and that there is one. @module */

import type { Scratch } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundColumn, BoundTable } from "../rules/bind.ts";
import type { BoundReference } from "../rules/bind_references.ts";
import { normalised } from "../rules/strategy/strategy.ts";
import type { Closure, Referenced } from "./foreign_key_closure.ts";
import { KeySets, sameKey } from "./key_sets.ts";
import { child, keyedTable, leadsTo, parent, references, tableOf } from "./references.ts";
import { chosenOf, keyColumns } from "./selections.ts";

const listed = new Name("listed");

/**
 * The selections, and for every column that follows a key of which some rows stay the rows that stay with it: those that reference one,
 * step by step along the references.
 *
 * @throws {ScrubError} `table` where such rows have no primary key.
 */
export async function followSelections(
  database: Referenced,
  tables: readonly BoundTable[],
  selections: ReadonlyMap<string, Scratch>,
): Promise<ReadonlyMap<string, Scratch>> {
  const { schema } = database;
  const followers = tables.flatMap(({ table, columns }) =>
    columns.flatMap((rule) =>
      rule.follows !== undefined && rule.except !== undefined
        ? [{ table, rule, name: rule.except, stay: new KeySets(database, `stays by ${rule.column.name}`) }]
        : []
    )
  );
  const steps = followers.flatMap((follower) =>
    database.references.flatMap((reference) =>
      keyedTable(schema, reference.child) === follower.table
        ? reference.columns.flatMap((name, at) =>
          name === follower.rule.column.name ? [{ follower, reference, above: reference.parentColumns[at] ?? "" }] : []
        )
        : []
    )
  );
  for (let added = true; added;) {
    added = false;
    for (const { follower: { table, stay }, reference, above } of steps) {
      const parentTable = keyedTable(schema, reference.parent);
      const found = ruleIn(tables, parentTable, above);
      const stays = found && staysAs(database, parentTable, found, selections, followers);
      if (!stays) continue;
      const isFirst = stay.of(table) === undefined;
      if (await stay.add(table, followingRows(database, reference, stays)) > 0 || isFirst) added = true;
    }
  }
  return new Map([
    ...selections,
    ...followers.flatMap(({ table, name, stay }) => {
      const scratch = stay.of(table);
      return scratch ? [[name, scratch] as const] : [];
    }),
  ]);
}

/** That a row with the alias `parent` keeps its value; undefined where none does. */
function staysAs(
  { engine }: Referenced,
  table: Table,
  rule: BoundColumn,
  selections: ReadonlyMap<string, Scratch>,
  followers: readonly { readonly rule: BoundColumn; readonly stay: KeySets }[],
): Sql | undefined {
  const follower = followers.find((one) => one.rule === rule);
  if (follower) return follower.stay.of(table) ? follower.stay.has(table, parent) : undefined;
  const { sql } = engine.expressions;
  const { onlyKeys, exceptKeys } = chosenOf(rule, selections);
  const scratch = onlyKeys ?? exceptKeys;
  if (!scratch) return undefined;
  const listedRow = sql`EXISTS (SELECT 1 FROM ${scratch.table} AS ${listed} WHERE ${
    sameKey(engine, table, listed, parent)
  })`;
  return onlyKeys ? sql`NOT ${listedRow}` : listedRow;
}

/** Keys of the rows that reference one which meets a condition on the alias `parent`. */
function followingRows({ engine, schema }: Referenced, reference: BoundReference, condition: Sql): Sql {
  const { sql } = engine.expressions;
  const rowsOf = (id: string) => engine.ownRows(schema.database, tableOf(schema, id));
  const [from, to] = [rowsOf(reference.child), rowsOf(reference.parent)];
  return sql`SELECT ${keyColumns(engine, keyedTable(schema, reference.child), child)} FROM ${from} AS ${child} WHERE ${
    references(engine, reference)
  } AND EXISTS (SELECT 1 FROM ${to} AS ${parent} WHERE ${leadsTo(engine, schema, reference)} AND ${condition})`;
}

/**
 * Refuses keys that would lead nowhere once they are changed: those that lead nowhere already, and those that the server takes for
 * equal to what they reference though they are spelled in another way, such as with an accent or a blank at the end. Reads only.
 *
 * @throws {ScrubError} `reference`, with the reference and the number of rows.
 */
export async function refuseStrayKeys(
  database: Referenced,
  tables: readonly BoundTable[],
  closure: Closure,
): Promise<void> {
  const { engine, session, schema } = database;
  const { sql } = engine.expressions;
  for (const reference of database.references) {
    const spelled = sameSpelling(database, tables, reference);
    if (!spelled) continue;
    const table = engine.tableName(schema.database, tableOf(schema, reference.child));
    const found = sql`SELECT 1 FROM ${
      engine.tableName(schema.database, tableOf(schema, reference.parent))
    } AS ${parent} WHERE ${leadsTo(engine, schema, reference)} AND ${spelled}`;
    const conditions = [
      references(engine, reference),
      sql`NOT EXISTS (${found})`,
      ...leaving(database, reference, closure).map((rows) => sql`NOT ${rows}`),
    ];
    const [row] = await session.scan(
      sql`SELECT count(*) AS stray FROM ${table} AS ${child} WHERE ${joinSql(conditions, " AND ")}`,
    );
    const stray = Number(row?.["stray"]);
    if (stray === 0) continue;
    throw new ScrubError(
      "reference",
      `Cannot change the key of ${reference.parent} in database "${schema.database}": in ${stray} rows of ${reference.child} the ` +
        `${reference.words} leads to no row that has the same value in the same spelling, and afterwards it would lead nowhere`,
      `Nothing was changed. Delete those rows of ${reference.child} by a rule, or correct them in the source.`,
    );
  }
}

/** Whether the pairs of columns that change are spelled alike, as far as strategies tell; undefined where no pair changes. */
function sameSpelling(
  { engine: { expressions: e }, schema }: Referenced,
  tables: readonly BoundTable[],
  reference: BoundReference,
): Sql | undefined {
  const pairs = reference.columns.flatMap((name, at): Sql[] => {
    const above = reference.parentColumns[at] ?? "";
    const key = ruleIn(tables, keyedTable(schema, reference.child), name)?.key;
    if (!key || !ruleIn(tables, keyedTable(schema, reference.parent), above)) return [];
    const of = (alias: Name, column: string) => normalised(e, { ...key, value: e.sql`${alias}.${new Name(column)}` });
    return [e.same(of(child, name), of(parent, above))];
  });
  return pairs.length === 0 ? undefined : joinSql(pairs, " AND ");
}

function ruleIn(tables: readonly BoundTable[], table: Table, name: string): BoundColumn | undefined {
  return tables.find((rule) => rule.table === table)?.columns.find(({ column }) => column.name === name);
}

/** Rows of the alias `child` that are deleted, or whose reference becomes NULL. */
function leaving({ engine, schema }: Referenced, reference: BoundReference, closure: Closure): readonly Sql[] {
  const { sql } = engine.expressions;
  const table = keyedTable(schema, reference.child);
  const scratches = [
    closure.deletedKeys.get(table.id),
    ...closure.nulled.filter(({ key }) => key === reference).map(({ rows }) => rows),
  ].flatMap((scratch) => scratch ? [scratch] : []);
  return scratches.map((scratch) =>
    sql`EXISTS (SELECT 1 FROM ${scratch.table} AS ${listed} WHERE ${sameKey(engine, table, listed, child)})`
  );
}
