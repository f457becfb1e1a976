/** One database's way from its live schema to scrubbed tables. @module */

import type { Engine, PseudonymKey, Session, Step, TablePlan, Target } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Log } from "../../core/log.ts";
import { bind, type BoundDefinition } from "../rules/bind.ts";
import { closeOverForeignKeys } from "../plan/foreign_key_closure.ts";
import { definitionFor } from "../coverage/cover_database.ts";
import { type AccountedColumn, coverage } from "../coverage/coverage.ts";
import type { SessionPool } from "./session_pool.ts";
import type { Scrubber } from "../rules/definition.ts";
import { execute, type Executed } from "./execute.ts";
import { type ProvableChange, tableChanges } from "../plan/table_change.ts";
import { refuseUnknownValues } from "../plan/known_values.ts";
import type { LeakSearch } from "../leak_search/leak_search.ts";
import { isShared } from "./chunk_queue.ts";
import { readReviewed } from "../coverage/reviewed.ts";
import { ServerWatch } from "./server_progress.ts";
import { evaluateSelections } from "../plan/selections.ts";
import { structureOf } from "../coverage/structural.ts";

/** A database whose rules fit it. */
export interface BoundDatabase {
  readonly schema: Schema;
  readonly bound: BoundDefinition;
  /** What accounts for each column. */
  readonly columns: readonly AccountedColumn[];
  /** What takes away objects that may not leave: first of all changes. */
  readonly removals: readonly Step[];
  /** What fills emptied objects again from scrubbed rows: last of all changes. */
  readonly refills: readonly Step[];
}

/** A database whose scrub is decided and whose rows are untouched. */
export interface PlannedDatabase {
  readonly engine: Engine;
  /** Its own session: the one that plans and verifies. */
  readonly session: Session;
  readonly target: Target;
  readonly schema: Schema;
  readonly scrubber: Scrubber;
  readonly columns: readonly AccountedColumn[];
  readonly fates: readonly ProvableChange[];
  readonly plans: readonly TablePlan[];
  readonly removals: readonly Step[];
  readonly refills: readonly Step[];
  /** Who else may read it. */
  readonly pool?: SessionPool;
  /** What is looked for afterwards; absent: nothing. */
  readonly leaks?: LeakSearch;
}

/** A database whose plans have run. */
export interface ScrubbedDatabase extends PlannedDatabase {
  readonly executed: readonly Executed[];
}

/** Reads the schema and holds the scrubber's rules against it, whatever they do not cover (cover.ts). Writes nothing. */
export async function bindDatabase(
  engine: Engine,
  session: Session,
  scrubber: Scrubber,
): Promise<BoundDatabase> {
  const schema = await engine.schema(session);
  const reviewed = readReviewed(`reviewed.json of "${scrubber.name}"`, scrubber.reviewed);
  const { columns } = coverage(schema, { objects: [] }, definitionFor(scrubber, schema), reviewed);
  return { schema, bound: bind(scrubber, schema), columns, removals: [], refills: [] };
}

/**
 * Decides the scrub of one database: selections, closure over foreign keys, fates, plans. Writes to scratch only.
 *
 * @throws {ScrubError} `refused` where rows have values that the rules don't know.
 */
export async function planDatabase(
  engine: Engine,
  session: Session,
  target: Target,
  scrubber: Scrubber,
  { schema, bound, columns, removals, refills }: BoundDatabase,
  asOf: Date,
): Promise<PlannedDatabase> {
  await refuseUnknownValues(engine, session, schema, bound);
  await engine.openScratch(session);
  const selections = await evaluateSelections(engine, session, schema, bound.selections, asOf);
  const deletions = new Map(bound.tables.flatMap(({ table, deleteRows }) => {
    const scratch = deleteRows === undefined ? undefined : selections.get(deleteRows);
    return scratch ? [[table, scratch] as const] : [];
  }));
  const closure = await closeOverForeignKeys(engine, session, schema, deletions);
  const provable = tableChanges(engine, schema, bound, selections, closure);
  return {
    engine,
    session,
    target,
    schema,
    scrubber,
    columns,
    fates: provable,
    plans: planTables(engine, schema, provable),
    removals,
    refills,
  };
}

/**
 * Biggest first. A table that no rule touches is written anew, unless it never had anything but structure: then nothing of
 * anybody's can linger in its file.
 */
function planTables(engine: Engine, schema: Schema, provable: readonly ProvableChange[]): readonly TablePlan[] {
  const touched = new Set(provable.map(({ fate }) => fate.table));
  const untouched = schema.tables.filter((table) => !touched.has(table)).map((table) =>
    engine.plan({ table, columns: [], mayHoldOldRows: !isStructure(schema, table) }, schema)
  );
  return [
    ...provable.map(({ fate }) => engine.plan(fate, schema)),
    ...untouched.filter(({ steps, afterwards = [] }) => steps.length + afterwards.length > 0),
  ].sort((a, b) => b.table.bytes - a.table.bytes);
}

/** All columns; the engine tells of those that were dropped. */
function isStructure(schema: Schema, table: Table): boolean {
  return table.columns.every((column) => structureOf(schema, table, column) !== undefined);
}

/** Takes away what may not leave, and runs a database's plans on so many connections of their own. */
export async function scrubDatabase(
  planned: PlannedDatabase,
  key: PseudonymKey,
  concurrency: number,
  log: Log,
  signal: AbortSignal,
): Promise<ScrubbedDatabase> {
  const { engine, session, target, schema, plans, removals, refills } = planned;
  for (const step of removals) await session.run(step);
  await using undo = new AsyncDisposableStack();
  const sessions: Session[] = [];
  const most = plans.some((plan) => isShared(plan, concurrency)) ? concurrency : Math.max(1, plans.length);
  for (let n = 0; n < Math.min(concurrency, most); n++) {
    sessions.push(undo.use(await engine.open(target, key, signal)));
  }
  const watch = undo.use(new ServerWatch({ engine, target, key, log }, signal));
  const executed = await execute({ engine, schema }, plans, sessions, watch.log, signal);
  for (const step of refills) await session.run(step);
  return { ...planned, executed };
}
