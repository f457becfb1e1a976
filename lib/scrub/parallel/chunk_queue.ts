/** Work on one table that several sessions share. @module */

import type { Engine, Session, TablePlan } from "../../engine/engine.ts";
import type { Schema, Table } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";

/** Smaller pieces than this, in bytes, are not worth a statement of their own. */
const smallestChunk = 4 * 2 ** 20;

/** Pieces for each session: one that holds more rows than others, or harder ones, keeps the others waiting less. */
const chunksPerSession = 4;

/** How many pieces of a table are worth it, for so many sessions. */
export function chunkCount({ bytes }: Table, sessions: number): number {
  return sessions < 2 ? 1 : Math.max(1, Math.min(chunksPerSession * sessions, Math.floor(bytes / smallestChunk)));
}

/** Whether so many sessions share a plan's work. */
export function isShared({ table, steps }: TablePlan, sessions: number): boolean {
  return chunkCount(table, sessions) > 1 && steps.some(({ over }) => over !== undefined);
}

/** Whose tables are divided, and how. */
export interface ChunkedDatabase {
  readonly engine: Pick<Engine, "divide" | "expressions">;
  readonly schema: Pick<Schema, "database">;
}

/** Conditions on a table's rows for so many sessions; one that all rows meet where one statement is best. */
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

/** Pieces of one job, which sessions take as they are free. The first failure keeps the waiting ones from starting. */
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

  /** Whether there are pieces that nobody has taken. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Works on pieces until none waits. Never rejects: {@linkcode result} tells. */
  async drain(session: Session): Promise<void> {
    for (let chunk = this.#waiting.shift(); chunk; chunk = this.#waiting.shift()) {
      const running = this.#take(session, chunk);
      this.#running.add(running);
      await running;
      this.#running.delete(running);
    }
  }

  /** What the pieces came to, in no order, when all have ended; throws the first failure. */
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
