/** Sessions that share the scan of a table, where the server gives a statement only one processor. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
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
