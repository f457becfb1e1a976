/**
 * Subsets: which rows stay of a database whose rules have `keepRows` or `keepReferenced`. definition.ts (TableRule) says what they
 * mean; this is how it is found out, by keys in scratch, before the first change:
 *
 * 1. Needed (up). The selected rows of every table with `keepRows`, and, again and again, the rows that these need. Only tables that can
 *    lose rows matter: tables with `keepRows` or `deleteRows`, those with a reference that may lead nowhere, and what needs one of
 *    those.
 * 2. Deleted (down). What `deleteRows` selects, rows whose reference leads nowhere, and the rows of tables with `keepRows` that are not
 *    needed; with all that needs them (Deletions). Never a needed row: its parents are needed themselves. If there is one all the
 *    same, `deleteRows` or a reference that leads nowhere contradicts the selection, and the run is refused.
 * 3. Referenced (sweep). Of tables with `keepReferenced`: what remaining rows of other tables reference, and what these rows
 *    reference in such tables. The rest is deleted. Nothing has to be deleted with it: what references it goes as well.
 * 4. References that become NULL, and a last look at those that must not dangle, as for every deletion (Deletions.finish).
 *
 * The keys to delete go into the tables' changes like those of `deleteRows`: from there on a subset is no special case.
 *
 * @module
 */

import type { Scratch } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import type { Name, Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundTable } from "../rules/bind.ts";
import type { BoundReference } from "../rules/bind_references.ts";
import { selected } from "../rules/fragment.ts";
import { allKeysOf, type Closure, Deletions, type Referenced } from "./foreign_key_closure.ts";
import { KeySets } from "./key_sets.ts";
import { child, keyedTable, leadsTo, parent, references, tableOf } from "./references.ts";
import { keyColumns } from "./selections.ts";

/** Whether rules make a database a subset. */
export function isSubset(tables: readonly Pick<BoundTable, "keepRows" | "keepReferenced">[]): boolean {
  return tables.some(({ keepRows, keepReferenced }) => keepRows !== undefined || keepReferenced);
}

/**
 * What has to be deleted so that the subset is left.
 *
 * @param deletions Rows that `deleteRows` selects.
 * @param truncated Tables whose rows are all deleted.
 * @throws {ScrubError} `rules` where `keepRows` would keep no row; `reference` where a row that has to stay references one that has
 * to go.
 */
export async function closeSubset(
  database: Referenced,
  rules: readonly BoundTable[],
  selections: ReadonlyMap<string, Scratch>,
  deletions: ReadonlyMap<Table, Scratch>,
  truncated: ReadonlySet<Table>,
): Promise<Closure> {
  const roots = new Map(rules.flatMap(({ table, keepRows }) => {
    const scratch = keepRows === undefined ? undefined : selections.get(keepRows);
    return scratch ? [[table, scratch] as const] : [];
  }));
  for (const [table, selection] of roots) await refuseEmptySelection(database, table, selection);
  const needed = await findNeeded(
    database,
    roots,
    losing(database, [...roots.keys(), ...deletions.keys(), ...truncated]),
  );
  const closing = new Deletions(database, truncated);
  for (const [table, selection] of deletions) await closing.add(table, allKeysOf(database, selection));
  await closing.addDangling();
  for (const table of roots.keys()) await closing.add(table, rowsOutside(database, table, needed));
  await closing.close();
  for (const table of needed.tables) await refuseContradiction(database, table, needed, closing.keys, truncated);
  const swept = rules.filter(({ keepReferenced }) => keepReferenced).map(({ table }) => table);
  if (swept.length > 0) {
    const referenced = await findReferenced(database, new Set(swept), closing.keys, truncated);
    for (const table of swept) await closing.add(table, rowsOutside(database, table, referenced));
  }
  return await closing.finish(new Set(deletions.keys()));
}

/**
 * Tables that rows of the given ones can take along, and these themselves. The rows that a subset deletes of any other table go for its
 * size, and not because of what `deleteRows` and `truncate` were told.
 */
export function takenAlong({ schema, references }: Referenced, first: Iterable<Table>): ReadonlySet<Table> {
  const needs = references.filter(({ whenDeleted }) => whenDeleted === "delete");
  const tables = new Set(first);
  for (let size = -1; size !== tables.size;) {
    size = tables.size;
    for (const one of needs) if (tables.has(keyedTable(schema, one.parent))) tables.add(keyedTable(schema, one.child));
  }
  return tables;
}

/** Tables that can lose rows before anything is swept. */
function losing(database: Referenced, first: readonly Table[]): ReadonlySet<Table> {
  const dangling = database.references.filter(({ whenDeleted, mayDangle }) => whenDeleted === "delete" && mayDangle);
  return takenAlong(database, [...first, ...dangling.map(({ child }) => keyedTable(database.schema, child))]);
}

/** Selected rows, and those of the given tables that they need. */
async function findNeeded(
  database: Referenced,
  roots: ReadonlyMap<Table, Scratch>,
  among: ReadonlySet<Table>,
): Promise<KeySets> {
  const needed = new KeySets(database, "needed");
  for (const [table, selection] of roots) await needed.add(table, allKeysOf(database, selection));
  const needs = database.references.filter(({ whenDeleted, parent }) =>
    whenDeleted === "delete" && among.has(keyedTable(database.schema, parent))
  );
  await spread(database, needed, new Set(roots.keys()), needs);
  return needed;
}

/** What remaining rows of other tables reference in the swept ones, and what those rows reference there. */
async function findReferenced(
  database: Referenced,
  swept: ReadonlySet<Table>,
  deleted: KeySets,
  truncated: ReadonlySet<Table>,
): Promise<KeySets> {
  const { schema } = database;
  const referenced = new KeySets(database, "referenced");
  const into = database.references.filter(({ child, parent }) =>
    swept.has(keyedTable(schema, parent)) && !truncated.has(keyedTable(schema, child))
  );
  const changed = new Set<Table>();
  for (const reference of into.filter(({ child }) => !swept.has(keyedTable(schema, child)))) {
    const remains = isNotIn(database, deleted, keyedTable(schema, reference.child), child);
    const table = keyedTable(schema, reference.parent);
    if (await referenced.add(table, parentsOf(database, reference, remains, deleted)) > 0) changed.add(table);
  }
  await spread(database, referenced, changed, into, deleted);
  return referenced;
}

/** Adds to the sets what their rows reference, until nothing is new. `without`: rows that are left out. */
async function spread(
  database: Referenced,
  sets: KeySets,
  changed: Set<Table>,
  along: readonly BoundReference[],
  without?: KeySets,
): Promise<void> {
  const { schema } = database;
  const waiting = new Set(changed);
  for (const table of waiting) {
    waiting.delete(table); // and again at the end of the set when more rows are added
    for (const reference of along.filter(({ child }) => keyedTable(schema, child) === table)) {
      const parentTable = keyedTable(schema, reference.parent);
      if (parentTable.primaryKey.length === 0) continue; // its rows can't be deleted
      const rows = parentsOf(database, reference, sets.has(table, child), without);
      if (await sets.add(parentTable, rows) > 0) waiting.add(parentTable);
    }
  }
}

/** Keys of the rows that children which meet a condition on the alias `child` reference. */
function parentsOf(database: Referenced, reference: BoundReference, condition: Sql, without?: KeySets): Sql {
  const { engine, schema } = database;
  const { sql } = engine.expressions;
  const table = keyedTable(schema, reference.parent);
  const rowsOf = (id: string) => engine.ownRows(schema.database, tableOf(schema, id));
  const remains = without ? sql` AND ${isNotIn(database, without, table, parent)}` : sql``;
  return sql`SELECT ${keyColumns(engine, table, parent)} FROM ${
    rowsOf(reference.parent)
  } AS ${parent} WHERE EXISTS (SELECT 1 FROM ${rowsOf(reference.child)} AS ${child} WHERE ${
    references(engine, reference)
  } AND ${leadsTo(engine, schema, reference)} AND ${condition})${remains}`;
}

/** Keys of a table's rows that are not in the sets. */
function rowsOutside(database: Referenced, table: Table, sets: KeySets): Sql {
  const { engine, schema } = database;
  const { sql } = engine.expressions;
  return sql`SELECT ${keyColumns(engine, table, selected)} FROM ${
    engine.rowsToChoose(schema.database, table, selected)
  } WHERE ${isNotIn(database, sets, table, selected)}`;
}

function isNotIn({ engine }: Referenced, sets: KeySets, table: Table, row: Name): Sql {
  return engine.expressions.sql`NOT ${sets.has(table, row)}`;
}

async function refuseEmptySelection(
  { engine, session, schema }: Referenced,
  table: Table,
  selection: Scratch,
): Promise<void> {
  if (selection.rows !== 0) return;
  const { sql } = engine.expressions;
  const rows = await session.scan(sql`SELECT 1 AS one FROM ${engine.ownRows(schema.database, table)} LIMIT 1`);
  if (rows.length === 0) return;
  throw new ScrubError(
    "rules",
    `Cannot make a subset of database "${schema.database}": keepRows of ${table.id} selects no row, and all its rows would go`,
    `Nothing was changed. Let the selection match at least one row of ${table.id}.`,
  );
}

async function refuseContradiction(
  { engine, session, schema }: Referenced,
  table: Table,
  needed: KeySets,
  deleted: KeySets,
  truncated: ReadonlySet<Table>,
): Promise<void> {
  const [keep, go] = [needed.of(table), deleted.of(table)];
  const all = truncated.has(table);
  if (!keep || (!all && (!go || go.rows === 0))) return;
  const { sql } = engine.expressions;
  const goes = all ? sql`TRUE` : deleted.has(table, selected);
  const [row] = await session.scan(sql`SELECT count(*) AS n FROM ${keep.table} AS ${selected} WHERE ${goes}`);
  const rows = Number(row?.["n"]);
  if (rows === 0) return;
  throw new ScrubError(
    "reference",
    `Cannot make a subset of database "${schema.database}": keepRows keeps ${rows} rows of ${table.id}, or rows that need them, and ` +
      `they are to be deleted: they need rows that deleteRows or truncate deletes, or that are not there`,
    'Nothing was changed. Leave those rows out of the selection, or say whenDeleted: "set null" for the reference.',
  );
}
