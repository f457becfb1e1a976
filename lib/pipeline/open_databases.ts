/** Logs in to a workspace, and opens its databases: side effects are disabled in all of them before any is prepared. @module */

import { inParallel } from "../core/in_parallel.ts";
import type { Engine, Session, Step, Target } from "../engine/engine.ts";
import { checkServerSettings } from "../rds/parameters/choose_group.ts";
import { wakingNames } from "../rds/parameters/waking_settings.ts";
import { type Login, untilLoggedIn, type Workspace } from "../rds/workspace/workspace.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import { policyFor } from "../scrub/coverage/object_policy.ts";
import type { SessionPool } from "../scrub/parallel/session_pool.ts";
import { concurrencyOf } from "./engines.ts";
import type { DatabasesRun, SourceRun } from "./run.ts";

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

/** The sessions of a workspace. */
export interface WorkspaceSessions {
  /** On the maintenance database, as master; prepared, its side effects disabled. */
  readonly maintenance: Session;
  /** Owns every session. */
  readonly sessions: AsyncDisposableStack;
  /** What undoes the preparations; openDatabases adds to it. */
  readonly undo: Prepared[];
}

/**
 * Sets a new master password and waits until it works: the maintenance database, as master.
 *
 * @throws {ScrubError} `workspace`, `login` or `aws-timeout`.
 */
export async function logIn(
  workspace: Workspace,
  engine: Engine,
  run: Pick<SourceRun, "settings" | "log">,
  signal: AbortSignal,
): Promise<Target> {
  return await logInAs(await workspace.secure(signal), engine, run, signal);
}

/**
 * Waits until a login works: the maintenance database, as master.
 *
 * @throws {ScrubError} `login`.
 */
export async function logInAs(
  login: Login,
  engine: Engine,
  { settings, log }: Pick<SourceRun, "settings" | "log">,
  signal: AbortSignal,
): Promise<Target> {
  const target: Target = { ...login, ca: settings.tlsCa };
  await untilLoggedIn(() => engine.login(target, signal), engine.loginObstacle, { settings, log }, signal);
  return target;
}

/** Gives back what the master user was given, the last first. */
export async function undoPreparation(prepared: readonly Prepared[]): Promise<void> {
  for (const { session, steps } of prepared.toReversed()) {
    for (const step of steps.toReversed()) await session.run(step);
  }
}

/** Disables what acts as production in a session's database, and reports it. */
export async function disableSideEffects(run: DatabasesRun, session: Session): Promise<void> {
  reportSideEffects(run, await run.engine.disableSideEffects(session));
}

/**
 * Checks that the server starts nothing by itself and logs no statements, as it is set for a session's database. Before anything is
 * changed there.
 *
 * @throws {ScrubError} `active`
 */
export async function checkQuiet(
  { engine, settings, log }: Pick<DatabasesRun, "engine" | "settings" | "log">,
  source: string,
  session: Session,
): Promise<void> {
  const values = await engine.readSettings(session, wakingNames(engine.name));
  for (const warning of checkServerSettings({ engine: engine.name, name: source }, values, settings)) log.warn(warning);
}

/** Adds to the report what was disabled or cleared. */
export function reportSideEffects({ log, report }: DatabasesRun, sentences: readonly string[]): void {
  for (const sentence of sentences) log.info(sentence);
  report.set({ sideEffects: [...report.report.sideEffects ?? [], ...sentences] });
}

/** Sessions that are opened at a time. */
const atATime = 4;

/**
 * Disables the side effects of every database but the maintenance one, where they are disabled already, and then prepares those
 * that are not dropped: no statement that changes anything comes before. A database that admits no connections is left alone.
 */
export async function openDatabases(
  run: DatabasesRun,
  { maintenance, sessions, undo }: WorkspaceSessions,
  assignments: readonly Assignment[],
  signal: AbortSignal,
): Promise<readonly OpenedDatabase[]> {
  const { engine, key } = run;
  const reached = assignments.filter((one) => one.disposition === "scrubbed" || one.connectable);
  const connected = await inParallel(reached, atATime, async (assignment) => {
    const { database, disposition } = assignment;
    const target = { ...run.target, database };
    const isMaintenance = disposition === "empty" && database === maintenance.database;
    return {
      assignment,
      target,
      session: isMaintenance ? maintenance : sessions.use(await engine.open(target, key, signal)),
    };
  });
  const opened: OpenedDatabase[] = [];
  for (const { assignment, target, session } of connected) {
    const { disposition } = assignment;
    const pool = { size: concurrencyOf(run), open: () => engine.open(target, key, signal) };
    if (session === maintenance) {
      opened.push({ assignment, session, target, pool });
      continue;
    }
    // What is accepted was said on the maintenance database.
    if (!run.settings.allowActive) await checkQuiet(run, run.source, session);
    if (disposition === "dropped") {
      await using brief = session;
      await disableSideEffects(run, brief);
    } else {
      await disableSideEffects(run, session);
      opened.push({ assignment, session, target, pool });
    }
  }
  for (const { session } of opened) {
    if (session !== maintenance) undo.push({ session, steps: await engine.prepare(session) });
  }
  return opened;
}

/** Removes what leads to other servers of production, such as a subscription: not even a kept database may keep it. */
export async function cutLinks(engine: Engine, session: Session): Promise<void> {
  const { objects } = await engine.inventory(session);
  for (const step of engine.dropObjects(objects.filter((object) => policyFor(object)[0] === "dropped"))) {
    await session.run(step);
  }
}

/** Drops a database. First its subscriptions, which keep the server from dropping it and which only a session on it can remove. */
export async function dropDatabase(
  { engine, target, key }: Pick<DatabasesRun, "engine" | "target" | "key">,
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
