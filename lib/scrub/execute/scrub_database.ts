/** Carries out the plans of one database. @module */

import type { Log } from "../../core/log.ts";
import { inParallel } from "../../core/in_parallel.ts";
import type { PseudonymKey } from "../../engine/engine.ts";
import type { SearchedPlan } from "../leak_search/leak_search.ts";
import { isShared } from "../parallel/chunk_queue.ts";
import { execute, type Executed } from "./execute.ts";
import { type AfterRun, runAfter } from "./run_after.ts";
import { restartCounters } from "./restart_counters.ts";
import { ProgressMonitor } from "./server_progress.ts";

/** A database whose plans have run. */
export interface ScrubbedDatabase extends SearchedPlan {
  readonly executed: readonly Executed[];
  /** Counters that were set back, as people name them. */
  readonly restarted: readonly string[];
  /** The statements of `after`, as they ran. */
  readonly ranAfter: readonly AfterRun[];
}

/**
 * Removes objects that the snapshot may not hold, runs a database's plans on up to `concurrency` sessions and what the rules have
 * run afterwards, sets counters back, and fills views again.
 *
 * @throws {ScrubError} what a session's statement throws; the workspace is to be deleted then.
 */
export async function scrubDatabase(
  planned: SearchedPlan,
  key: PseudonymKey,
  concurrency: number,
  log: Log,
  signal: AbortSignal,
): Promise<ScrubbedDatabase> {
  const { engine, session, target, schema, plans, removals, refills } = planned;
  for (const step of removals) await session.run(step);
  await using undo = new AsyncDisposableStack();
  const most = plans.some((plan) => isShared(plan, concurrency)) ? concurrency : Math.max(1, plans.length);
  const count = Math.min(concurrency, most);
  const sessions = await inParallel(
    Array.from({ length: count }),
    count,
    async () => undo.use(await engine.open(target, key, signal)),
  );
  const monitor = undo.use(new ProgressMonitor({ engine, target, key, log }, signal));
  const executed = await execute({ engine, schema }, plans, sessions, monitor.log, signal);
  const { ran: ranAfter, ...after } = await runAfter(planned, sessions, monitor.log, signal);
  // Before views are refilled: one may show a sequence.
  const restarted = await restartCounters({ engine, session, schema });
  for (const name of restarted) log.info(`set back in "${schema.database}": ${name}`, { database: schema.database });
  if (refills.length > 0) {
    await using keyless = await engine.open(target, undefined, signal);
    for (const step of refills) await keyless.run(step);
  }
  return { ...planned, ...after, executed, restarted, ranAfter };
}
