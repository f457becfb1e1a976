/** Decides the scrub of one database: from its live schema and rules to a plan for each table. @module */

import { ScrubError } from "../../core/errors.ts";
import { DatabaseError } from "../../engine/database_error.ts";
import type { SchemaObject } from "../../engine/inventory.ts";
import type { Reviewed } from "../../core/reviewed.ts";
import type { Engine, Session, Step, TablePlan, Target } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { BoundReference } from "../rules/bind_references.ts";
import { trusted } from "../../engine/sql.ts";
import type { AfterStatement } from "../rules/after.ts";
import { closeOverForeignKeys } from "./foreign_key_closure.ts";
import type { CoveredDatabase } from "../coverage/cover_database.ts";
import type { AccountedColumn } from "../coverage/coverage.ts";
import { countWhere } from "../parallel/count_where.ts";
import type { Pooled, SessionPool } from "../parallel/session_pool.ts";
import type { Scrubber } from "../rules/definition.ts";
import { type ProvableChange, tableChanges } from "./table_change.ts";
import { refuseUnknownValues } from "./known_values.ts";
import { refuseSmallSpaces } from "./uncounted_tables.ts";
import { evaluateSelections } from "./selections.ts";
import { evaluateShuffles } from "./shuffles.ts";
import { followSelections, refuseStrayKeys } from "./followed_keys.ts";
import { rekey } from "./rekey.ts";
import { closeSubset, isSubset, takenAlong } from "./subset.ts";
import { structureOf } from "../coverage/structural.ts";

/** A planned database: nothing is changed yet. Its session plans and verifies. */
export interface PlannedDatabase extends Pooled {
  readonly target: Target;
  readonly scrubber: Scrubber;
  readonly columns: readonly AccountedColumn[];
  /** What the database held besides rows when it was covered. */
  readonly objects: readonly SchemaObject[];
  /** What was reviewed. */
  readonly reviewed: readonly Reviewed[];
  /** The server's foreign keys, and the references that rules declare. */
  readonly references: readonly BoundReference[];
  readonly changes: readonly ProvableChange[];
  readonly plans: readonly TablePlan[];
  readonly removals: readonly Step[];
  readonly refills: readonly Step[];
  /** Statements that run before verification. */
  readonly after: readonly AfterStatement[];
}

/**
 * Decides the scrub of one database: selections, closure over foreign keys, changes, plans. Writes to scratch only.
 *
 * @param pool Further sessions that read with the given one; absent: it reads alone.
 * @throws {ScrubError} `rules` where rows have values that the rules do not know, or would get equal ones in a unique column, `reference` where rows that are kept reference rows that are deleted, `table` where a change cannot be made.
 */
export async function planDatabase(
  engine: Engine,
  session: Session,
  target: Target,
  scrubber: Scrubber,
  { schema, bound, coverage: { columns }, objects, reviewed, removals, refills }: CoveredDatabase,
  asOf: Date,
  pool?: SessionPool,
): Promise<PlannedDatabase> {
  if (!bound) throw new TypeError(`Cannot plan "${schema.database}": its rules do not fit`); // the caller has refused its drift
  await refuseUnknownValues(engine, session, schema, bound);
  await refuseSmallSpaces({ engine, session, schema, ...(pool && { pool }) }, bound);
  await explainAfter(engine, session, bound.after);
  await engine.openScratch(session);
  const { references } = bound;
  const database = { engine, session, schema, references, ...(pool && { pool }) };
  const selections = await followSelections(
    database,
    bound.tables,
    await evaluateSelections(engine, session, schema, bound.selections, asOf),
  );
  const deletions = new Map(bound.tables.flatMap(({ table, deleteRows }) => {
    const scratch = deleteRows === undefined ? undefined : selections.get(deleteRows);
    return scratch ? [[table, scratch] as const] : [];
  }));
  const truncated = new Set(bound.tables.filter(({ truncate }) => truncate).map(({ table }) => table));
  const closure = isSubset(bound.tables)
    ? await closeSubset(database, bound.tables, selections, deletions, truncated)
    : await closeOverForeignKeys(database, deletions, truncated);
  // Rows that deleteRows and truncate delete may have to go because of what they hold.
  const notForSize = takenAlong(database, isSubset(bound.tables) ? [...deletions.keys(), ...truncated] : schema.tables);
  const shuffles = await evaluateShuffles(engine, session, schema, bound.tables, selections, closure.deletedKeys);
  await refuseStrayKeys(database, bound.tables, closure);
  const rekeyed = await rekey(database, bound.tables, selections, closure);
  const planned = tableChanges(engine, schema, bound, selections, closure, shuffles, rekeyed);
  const changes = (await countDeletions(database, planned)).map((change): ProvableChange =>
    change.change.deletedKeys && !notForSize.has(change.change.table) ? { ...change, deletedForSize: true } : change
  );
  return {
    engine,
    session,
    ...(pool && { pool }),
    target,
    schema,
    scrubber,
    columns,
    objects,
    reviewed,
    references,
    changes,
    plans: planTables(engine, schema, changes),
    removals,
    refills,
    after: bound.after,
  };
}

/**
 * Before the first change, and not after hours of it.
 *
 * @throws {ScrubError} `rules` where the server does not take a statement.
 */
async function explainAfter(engine: Engine, session: Session, after: readonly AfterStatement[]): Promise<void> {
  for (const { name, text, explainable } of after) {
    if (!explainable) continue;
    try {
      await engine.explain(session, trusted(text));
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== "statement") throw error;
      throw new ScrubError(
        "rules",
        `Cannot run after ${name} in database "${session.database}": the server refuses it (${error.serverCode})`,
        "Nothing was changed. Correct the statement in the rules.",
        { cause: error },
      );
    }
  }
}

/** How many rows there are of each table that loses some: for the plan, and to be held against what is left. */
async function countDeletions(
  database: Pooled,
  changes: readonly ProvableChange[],
): Promise<readonly ProvableChange[]> {
  const counted: ProvableChange[] = [];
  for (const provable of changes) {
    const { table, deletedKeys } = provable.change;
    if (deletedKeys?.rows === undefined) {
      counted.push(provable);
      continue;
    }
    const [rows] = await countWhere(database, table, []);
    counted.push({ ...provable, sizes: { deleted: deletedKeys.rows, kept: rows - deletedKeys.rows } });
  }
  return counted;
}

/**
 * Biggest first. A table that no rule changes is rewritten too, since its file may hold old rows, unless all its columns are
 * structural.
 */
function planTables(engine: Engine, schema: Schema, changes: readonly ProvableChange[]): readonly TablePlan[] {
  const touched = new Set(changes.map(({ change }) => change.table));
  const untouched = schema.tables.filter((table) => !touched.has(table)).map((table) =>
    engine.plan({ table, columns: [], mayHoldOldRows: !isStructure(schema, table) }, schema)
  );
  return [
    ...changes.map(({ change }) => engine.plan(change, schema)),
    ...untouched.filter(({ steps, afterwards = [] }) => steps.length + afterwards.length > 0),
  ].sort((a, b) => b.table.bytes - a.table.bytes);
}

/** Whether all columns are structural; the engine knows about dropped ones. */
function isStructure(schema: Schema, table: Table): boolean {
  return table.columns.every((column) => structureOf(schema, table, column) !== undefined);
}
