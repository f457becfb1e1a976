/** How restriction passes from row to row. A row that has lost its owner counts as restricted: nothing shows that it is not. @module */

import { column, type Fragment, selection, sql, table } from "../../lib/scrub/rules/definition.ts";

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

/** What rows of a polymorphic pair may belong to: the class names that Rails writes, their table, and its restricted rows. */
export type Owner = readonly [types: readonly string[], table: string, selectionName: string];

/** Rows whose owner, by type and id, is selected or missing. Types that no owner has are let through. */
export function attached(name: string, owners: readonly Owner[]): Fragment {
  const type = column(`${name}_type`);
  const lost = sql`${type} IS NULL OR ${column(`${name}_id`)} IS NULL`;
  return anyOf(
    lost,
    ...owners.map(([types, owner, selectionName]) => {
      const names = types.map((each) => `'${each}'`).join(", ");
      return sql`(${type} IN (${names}) AND ${below(owner, `${name}_id`, selectionName)})`;
    }),
  );
}

/** Rows that one of the conditions selects. */
export function anyOf(first: Fragment, ...others: readonly Fragment[]): Fragment {
  return sql`(${others.reduce((all, each) => sql`${all} OR ${each}`, first)})`;
}
