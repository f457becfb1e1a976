/** Opens the databases of a workspace: first of all each is kept from acting as production, then prepared. @module */

import type { Engine, PseudonymKey, Session, Step, Target } from "../engine/engine.ts";
import { policyFor } from "../scrub/coverage/object_policy.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import type { SessionPool } from "../scrub/parallel/session_pool.ts";

/** What undoes the preparation of one session's database. */
export interface Prepared {
  readonly session: Session;
  readonly steps: readonly Step[];
}

/** A database that is scrubbed, kept or empty, and how to reach it. */
export interface OpenedDatabase {
  readonly assignment: Assignment;
  readonly session: Session;
  readonly target: Target;
  readonly pool: SessionPool;
}

/** What opening databases takes. */
export interface Opening {
  readonly engine: Engine;
  /** The maintenance database, as master. */
  readonly target: Target;
  /** The session on it, which is defused and prepared. */
  readonly maintenance: Session;
  readonly key: PseudonymKey;
  /** Sessions that may work on a database at a time. */
  readonly concurrency: number;
  /** Owns the sessions. */
  readonly sessions: AsyncDisposableStack;
  /** Gets what undoes the preparations. */
  readonly undo: Prepared[];
  /** Keeps a database from acting as production. */
  disableSideEffects(session: Session): Promise<void>;
}

/**
 * Defuses every database but the maintenance one, which is defused already, and then prepares those that stay: no statement that
 * changes anything comes before the last of them is defused. One that admits no connections is left alone.
 */
export async function openDatabases(
  opening: Opening,
  assignments: readonly Assignment[],
  signal: AbortSignal,
): Promise<readonly OpenedDatabase[]> {
  const { engine, key, concurrency, sessions, undo, maintenance } = opening;
  const opened: OpenedDatabase[] = [];
  for (const assignment of assignments) {
    if (assignment.fate !== "scrubbed" && !assignment.connectable) continue;
    const { database, fate } = assignment;
    const target = { ...opening.target, database };
    const pool = { size: concurrency, open: () => engine.open(target, key, signal) };
    if (fate === "empty" && database === maintenance.database) {
      opened.push({ assignment, session: maintenance, target, pool });
      continue;
    }
    const session = await engine.open(target, key, signal);
    if (fate === "dropped") {
      await using leaving = session;
      await opening.disableSideEffects(leaving);
    } else {
      await opening.disableSideEffects(sessions.use(session));
      opened.push({ assignment, session, target, pool });
    }
  }
  for (const { session } of opened) {
    if (session !== maintenance) undo.push({ session, steps: await engine.prepare(session) });
  }
  return opened;
}

/** Takes away what leads to other servers of production, such as a subscription: it may not leave even with a kept database. */
export async function cutLinks(engine: Engine, session: Session): Promise<void> {
  const { objects } = await engine.inventory(session);
  for (const step of engine.dropObjects(objects.filter((object) => policyFor(object)[0] === "dropped"))) {
    await session.run(step);
  }
}

/** Drops a database. A server lets none go that still has a subscription, which only a session on it can take away. */
export async function dropDatabase(
  { engine, target, key }: Pick<Opening, "engine" | "target" | "key">,
  maintenance: Session,
  { database, connectable }: { readonly database: string; readonly connectable: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (connectable) {
    await using session = await engine.open({ ...target, database }, key, signal);
    const prepared = await engine.prepare(session);
    await cutLinks(engine, session);
    for (const step of prepared.toReversed()) await session.run(step);
  }
  await engine.dropDatabase(maintenance, database);
}
