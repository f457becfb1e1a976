/** Work on one table that several sessions share. @module */

import type { Engine, Session, TablePlan } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";

/** In bytes: a smaller chunk is not worth a statement. */
export const smallestChunk = 4 * 2 ** 20;

/** More than one, so that an expensive chunk does not keep the other sessions waiting. */
const chunksPerSession = 4;

/** Into how many chunks a table is divided for so many sessions. */
function chunkCount({ bytes }: Table, sessions: number): number {
  return sessions < 2 ? 1 : Math.max(1, Math.min(chunksPerSession * sessions, Math.floor(bytes / smallestChunk)));
}

/** Whether so many sessions share the scan of a table. */
export function isDivided(table: Table, sessions: number): boolean {
  return chunkCount(table, sessions) > 1;
}

/** Whether so many sessions share a plan's work. */
export function isShared({ table, steps }: TablePlan, sessions: number): boolean {
  return isDivided(table, sessions) && steps.some(({ over }) => over !== undefined);
}

/** A database whose tables are divided, and its engine. */
export interface ChunkedDatabase {
  readonly engine: Pick<Engine, "divide" | "expressions">;
  readonly schema: Pick<Schema, "database">;
}

/** The chunks of a table for so many sessions, as conditions on its rows; a single one, TRUE, where one statement is best. */
export async function chunksOf(
  { engine: { divide, expressions: { sql } }, schema: { database } }: ChunkedDatabase,
  session: Session,
  table: Table,
  sessions: number,
  atMost: number = chunksPerSession * sessions,
): Promise<readonly Sql[]> {
  const most = Math.min(atMost, chunkCount(table, sessions));
  return most < 2 || !divide ? [sql`TRUE`] : await divide(session, database, table, most);
}

/** Chunks of one job, which free sessions take. After the first failure no other chunk starts. */
export class ChunkQueue<T> {
  readonly #waiting: Sql[];
  readonly #work: (session: Session, chunk: Sql) => Promise<T>;
  readonly #results: T[] = [];
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(chunks: readonly Sql[], work: (session: Session, chunk: Sql) => Promise<T>) {
    this.#waiting = [...chunks];
    this.#work = work;
  }

  /** Whether a chunk waits for a session. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Works on chunks until none waits. Never rejects: {@linkcode result} does. */
  async drain(session: Session): Promise<void> {
    for (let chunk = this.#waiting.shift(); chunk; chunk = this.#waiting.shift()) {
      const running = this.#take(session, chunk);
      this.#running.add(running);
      await running;
      this.#running.delete(running);
    }
  }

  /** The chunks' results, in no order, when all have ended. Rejects with the first failure. */
  async result(): Promise<readonly T[]> {
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
    return this.#results;
  }

  async #take(session: Session, chunk: Sql): Promise<void> {
    try {
      this.#results.push(await this.#work(session, chunk));
    } catch (error) {
      this.#failure ??= { error };
      this.#waiting.length = 0;
    }
  }
}
