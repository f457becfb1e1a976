/** Rules for some rows of a table, without saying so at each column. @module */

import { type ColumnRule, onlyIn } from "../lib/scrub/rules/definition.ts";

/** The same rules, each for the rows of one selection only. `restPublic`: why everybody can read the other rows anyway. */
export function allOnlyIn(
  selectionName: string,
  rules: Readonly<Record<string, ColumnRule>>,
  rest: { readonly restPublic?: string } = {},
): Readonly<Record<string, ColumnRule>> {
  return Object.fromEntries(Object.entries(rules).map(([column, rule]) => [column, onlyIn(selectionName, rule, rest)]));
}
