/** Runs table plans: biggest first, several at a time, never two with a lock in common. @module */

import type { Session, Step, TablePlan } from "../../engine/engine.ts";
import type { Log } from "../../core/log.ts";
import { explainCollision } from "./collision.ts";
import { type ChunkedDatabase, ChunkQueue, chunksOf, isShared } from "../parallel/chunk_queue.ts";

/** One plan that has run. */
export interface Executed {
  readonly plan: TablePlan;
  /** Rows that each step changed, in the plan's order. */
  readonly rows: readonly number[];
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly seconds: number;
}

/** How many rows one plan changed and deleted. `left`: rows in the table afterwards. */
export function countRows(
  { plan, rows }: Executed,
  left: number,
): { readonly changed: number; readonly deleted: number } {
  const sum = (what: "changed" | "deleted") =>
    plan.steps.reduce((sum, { counts }, at) => sum + (counts === what ? rows[at] ?? 0 : 0), 0);
  // Steps that changed some rows before one that changed every row count once.
  const every = plan.steps.find(({ counts }) => counts === "every row");
  const changed = every ? Math.max(0, left - (every.excepted ?? 0)) : sum("changed");
  return { changed, deleted: sum("deleted") };
}

/** Some steps of one plan. */
interface PlanSteps {
  readonly plan: TablePlan;
  readonly steps: readonly Step[];
}

/** How far a run is, in bytes of tables. */
interface Progress {
  readonly total: number;
  done: number;
}

/**
 * Runs the plans on the sessions, one statement a session at a time, and then their `afterwards` steps. Free sessions share the
 * chunks of a plan that can be divided, and begin no other plan meanwhile: two tables at a time would be slower than one after the
 * other. After the first failure no plan starts; it is thrown when the running ones have ended.
 */
export async function execute(
  database: ChunkedDatabase,
  plans: readonly TablePlan[],
  sessions: readonly Session[],
  log: Log,
  signal: AbortSignal,
): Promise<readonly Executed[]> {
  const parts = plans.map((plan): PlanSteps => ({ plan, steps: plan.steps })).filter(({ steps }) => steps.length > 0);
  const late = plans.map((plan): PlanSteps => ({ plan, steps: plan.afterwards ?? [] })).filter(({ steps }) =>
    steps.length > 0
  );
  const progress = { total: [...parts, ...late].reduce((sum, { plan }) => sum + plan.table.bytes, 0), done: 0 };
  const done = await runParts(database, parts, sessions, log, progress, signal);
  const doneLate = await runParts(database, late, sessions, log, progress, signal);
  return [
    ...done.map((first) => {
      const second = doneLate.find(({ plan }) => plan === first.plan);
      return second
        ? { ...first, rows: [...first.rows, ...second.rows], seconds: first.seconds + second.seconds }
        : first;
    }),
    ...doneLate.filter(({ plan }) => !done.some((first) => first.plan === plan)),
  ];
}

/** Long enough to be worth a line, in seconds. */
const long = 5;

function logTable(database: string, { plan: { table }, seconds: exact }: Executed, log: Log): void {
  const seconds = Math.round(exact * 1000) / 1000;
  const details = { database, table: table.id, rows: table.rows, seconds };
  const message = `scrubbed table "${table.id}" of "${database}", about ${table.rows} rows, in ${seconds} s`;
  if (seconds < long) log.debug(message, details);
  else log.info(message, details);
}

async function runParts(
  database: ChunkedDatabase,
  parts: readonly PlanSteps[],
  sessions: readonly Session[],
  log: Log,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly Executed[]> {
  const waiting = [...parts];
  const locked = new Set<string>();
  const done: Executed[] = [];
  let failure: { readonly error: unknown } | undefined;
  let running = 0;
  /** The plan whose work is shared, and the chunks of it that wait for a session. */
  let shared: { chunks?: ChunkQueue<number> } | undefined;
  /** Resolved and replaced whenever locks become free or chunks wait. */
  let changed = Promise.withResolvers<void>();
  function wake(): void {
    const before = changed;
    changed = Promise.withResolvers();
    before.resolve();
  }

  /** Takes the first plan that may begin now. */
  function take(): PlanSteps | undefined {
    if (shared) return undefined;
    const at = waiting.findIndex(({ plan }) => plan.locks.every((lock) => !locked.has(lock)));
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  }

  async function runStep(step: Step, plan: TablePlan, session: Session): Promise<number> {
    const { over, otherwise } = step;
    if (!over || !isShared(plan, sessions.length)) {
      const { rows, warned } = await session.run(step);
      if (warned && otherwise !== undefined) log.info(`${step.label} in "${database.schema.database}": ${otherwise}`);
      return rows;
    }
    const conditions = await chunksOf(database, session, plan.table, sessions.length);
    if (conditions.length < 2) return (await session.run(step)).rows;
    const chunks = new ChunkQueue(
      conditions,
      async (session, chunk) => (await session.run({ ...step, sql: over(chunk) })).rows,
    );
    shared = { chunks };
    wake();
    await chunks.drain(session);
    return (await chunks.result()).reduce((sum, rows) => sum + rows, 0);
  }

  async function runPart({ plan, steps }: PlanSteps, session: Session): Promise<Executed> {
    const started = Date.now();
    const before = performance.now();
    const rows: number[] = [];
    for (const step of steps) rows.push(await runStep(step, plan, session));
    return { plan, rows, started, seconds: (performance.now() - before) / 1000 };
  }

  async function begin(part: PlanSteps, session: Session): Promise<void> {
    const { locks, table } = part.plan;
    const shares = isShared(part.plan, sessions.length);
    if (shares) shared = {};
    locks.forEach((lock) => locked.add(lock));
    running++;
    const share = progress.total > 0 ? progress.done / progress.total : 0;
    const next = progress.total > 0 ? (progress.done + table.bytes) / progress.total : 0;
    log.progress({ what: table.id, share, next, rows: table.rows });
    try {
      const executed = await runPart(part, session);
      done.push(executed);
      progress.done += table.bytes;
      logTable(database.schema.database, executed, log);
    } catch (error) {
      failure ??= { error: explainCollision(error, table) };
    } finally {
      locks.forEach((lock) => locked.delete(lock));
      if (shares) shared = undefined;
      running--;
      wake();
    }
  }

  async function work(session: Session): Promise<void> {
    while (!failure && !signal.aborted) {
      const part = take();
      if (part) await begin(part, session);
      else if (shared?.chunks?.hasWaiting) await shared.chunks.drain(session);
      else if (waiting.length > 0 || running > 0) await changed.promise;
      else return;
    }
  }

  await Promise.all(sessions.map(work));
  if (failure) throw failure.error;
  signal.throwIfAborted();
  return done;
}
