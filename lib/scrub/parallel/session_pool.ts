/** Sessions that share the scan of a table, where the server gives a statement only one processor. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import { inParallel } from "../../core/in_parallel.ts";
import { ChunkQueue, chunksOf } from "./chunk_queue.ts";

/** How many sessions of a database may work at a time, and how to get one more. */
export interface SessionPool {
  readonly size: number;
  open(): Promise<Session>;
}

/** A database whose tables several sessions can scan. */
export interface Pooled {
  readonly engine: Engine;
  readonly session: Session;
  readonly schema: Schema;
  /** Absent: its session works alone. */
  readonly pool?: SessionPool;
}

/**
 * Does work on the chunks of a table, each row being in exactly one, by as many sessions as the pool has.
 *
 * @param most How many chunks at most; absent: a few for each session.
 * @returns each chunk's result, in no order; a single one where one statement is best.
 */
export async function inChunks<T>(
  { engine, session, schema, pool }: Pooled,
  table: Table,
  work: (session: Session, condition: Sql) => Promise<T>,
  most?: number,
): Promise<readonly T[]> {
  const size = pool?.size ?? 1;
  const chunks = await chunksOf({ engine, schema }, session, table, size, most);
  const queue = new ChunkQueue(chunks, work);
  await using others = new AsyncDisposableStack();
  const sessions = [session];
  while (pool && sessions.length < Math.min(size, chunks.length)) sessions.push(others.use(await pool.open()));
  await Promise.all(sessions.map((one) => queue.drain(one)));
  return await queue.result();
}

/**
 * Does work on each item, on as many sessions at a time as the pool has, where the server gives a statement only one processor;
 * elsewhere one item after the other. Starts none after the first failure, and has ended whatever was started when it settles.
 *
 * @returns the results in the items' order.
 */
export async function onSessions<T, R>(
  { engine, session, pool }: Pick<Pooled, "engine" | "session" | "pool">,
  items: readonly T[],
  work: (session: Session, item: T) => Promise<R>,
): Promise<readonly R[]> {
  const most = engine.divide ? Math.min(pool?.size ?? 1, items.length) : 1;
  await using others = new AsyncDisposableStack();
  const free = [session];
  while (pool && free.length < most) free.push(others.use(await pool.open()));
  return await inParallel(items, free.length, async (item) => {
    const one = free.pop();
    if (!one) throw new TypeError("Cannot work: no session is free");
    try {
      return await work(one, item);
    } finally {
      free.push(one);
    }
  });
}
