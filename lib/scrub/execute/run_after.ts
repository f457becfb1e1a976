/** Runs the statements of `after`, and rewrites what they wrote to. @module */

import type { Log } from "../../core/log.ts";
import type { Session, TablePlan } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { trusted } from "../../engine/sql.ts";
import { countWhere } from "../parallel/count_where.ts";
import type { Pooled } from "../parallel/session_pool.ts";
import type { ProvableChange } from "../plan/table_change.ts";
import type { PlannedDatabase } from "../plan/plan_database.ts";
import { execute } from "./execute.ts";

/** A statement that has run. */
export interface AfterRun {
  /** Its number and first words. */
  readonly statement: string;
  /** How many rows it changed. */
  readonly rows: number;
}

/** What statements of `after` came to. */
export interface RanAfter {
  readonly ran: readonly AfterRun[];
  /** The changes, with as many rows left of each table as there have to be now. */
  readonly changes: readonly ProvableChange[];
  /** The plans, with those of tables that had none. */
  readonly plans: readonly TablePlan[];
}

/**
 * Runs the statements in their order, on a session of their own, so that none changes the settings of ours, and none reads the key: it
 * has none. Rows that they update or delete leave old ones in the files, so those tables are rewritten once more.
 *
 * @throws {ScrubError} `statement` by the first that the server refuses.
 */
export async function runAfter(
  { engine, session, target, schema, after, changes, plans }: PlannedDatabase,
  sessions: readonly Session[],
  log: Log,
  signal: AbortSignal,
): Promise<RanAfter> {
  if (after.length === 0) return { ran: [], changes, plans };
  const ran: AfterRun[] = [];
  const written = new Set<Table>();
  const before = await countKept({ engine, session, schema }, changes);
  {
    await using session = await engine.open(target, undefined, signal);
    for (const { name, text } of after) {
      log.progress({ what: `after ${name}` });
      const found = await engine.runRecorded(session, { label: `run after ${name}`, sql: trusted(text) }, schema);
      found.written.forEach((table) => written.add(table));
      ran.push({ statement: name, rows: found.rows });
      log.info(`after ${name}: ${found.rows} rows`);
    }
  }
  const rewrites = [...written].map((table) => engine.plan({ table, columns: [], mayHoldOldRows: true }, schema));
  await execute({ engine, schema }, rewrites, sessions, log, signal);
  const now = await countKept({ engine, session, schema }, changes);
  return {
    ran,
    changes: changes.map((one): ProvableChange => {
      const [was, is] = [before.get(one), now.get(one)];
      if (!one.sizes || was === undefined || is === undefined) return one;
      return { ...one, sizes: { ...one.sizes, kept: one.sizes.kept + is - was } };
    }),
    plans: [...plans, ...rewrites.filter(({ table }) => !plans.some((plan) => plan.table === table))],
  };
}

/** How many rows there are of each table whose rows verification holds against the plan. */
async function countKept(
  database: Pooled,
  changes: readonly ProvableChange[],
): Promise<ReadonlyMap<ProvableChange, number>> {
  const counts = new Map<ProvableChange, number>();
  for (const one of changes) {
    if (one.sizes) counts.set(one, (await countWhere(database, one.change.table, []))[0]);
  }
  return counts;
}
