/** How restriction passes from row to row. A row without its owner counts as restricted: nothing shows that it is not. @module */

import { column, type Fragment, type KnownValues, selection, sql, table } from "../../lib/scrub/rules/definition.ts";

/** Rows whose foreign key leads to a selected row, or to none. */
export function below(parent: string, foreignKey: string, selectionName: string): Fragment {
  return sql`(${column(foreignKey)} IN ${selection(selectionName)}
    OR NOT EXISTS (SELECT 1 FROM ${table(parent)} p WHERE p.id = ${column(foreignKey)}))`;
}

/** Rows that a selected row of the child uses by its foreign key, or that no row uses. Not every such key has an index. */
export function used(child: string, foreignKey: string, selectionName: string): Fragment {
  return sql`(${column("id")} IN (SELECT c.${foreignKey} FROM ${table(child)} c WHERE c.id IN ${
    selection(selectionName)
  })
    OR ${column("id")} NOT IN (SELECT c.${foreignKey} FROM ${table(child)} c WHERE c.${foreignKey} IS NOT NULL))`;
}

/** Owners whose rows may be restricted: the class names that Rails writes, their table, and its restricted rows. */
export type Owner = readonly [types: readonly string[], table: string, selectionName: string];

/** A pair of columns, `…_type` and `…_id`, by which rows of a table belong to rows of several others. */
export interface PolymorphicPair {
  readonly table: string;
  /** The prefix of `_type`. */
  readonly name: string;
  readonly owners: readonly Owner[];
  /** Types whose tables no longer exist: their rows have no owner. */
  readonly gone?: readonly string[];
  /** Types whose rows are public. */
  readonly open: readonly string[];
  /** Not every version of the application has it. */
  readonly optional?: true;
}

/** Rows whose owner, by type and id, is selected or missing. */
export function attached({ name, owners, gone = [] }: PolymorphicPair): Fragment {
  const type = column(`${name}_type`);
  const lost = sql`${type} IS NULL OR ${column(`${name}_id`)} IS NULL`;
  return anyOf(
    lost,
    ...(gone.length > 0 ? [sql`${type} IN (${quoted(gone)})`] : []),
    ...owners.map(([types, owner, selectionName]) =>
      sql`(${type} IN (${quoted(types)}) AND ${below(owner, `${name}_id`, selectionName)})`
    ),
  );
}

/** Every type that {@linkcode attached} knows, or keeps. */
export function typesOf({ table, name, owners, gone = [], open, optional }: PolymorphicPair): KnownValues {
  return {
    table,
    column: `${name}_type`,
    values: [null, ...owners.flatMap(([types]) => types), ...gone, ...open],
    ...(optional && { optional }),
  };
}

function quoted(types: readonly string[]): string {
  return types.map((each) => `'${each}'`).join(", ");
}

/** Rows that one of the conditions selects. */
export function anyOf(first: Fragment, ...others: readonly Fragment[]): Fragment {
  return sql`(${others.reduce((all, each) => sql`${all} OR ${each}`, first)})`;
}
