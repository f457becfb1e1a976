/** The part of the story that happens inside the workspace: discover, plan, scrub, verify, purge. @module */

import type { DatabaseInfo, Residue, Session } from "../engine/engine.ts";
import { assignDatabases, type Assignment } from "../scrub/coverage/assignment.ts";
import type { PlannedDatabase } from "../scrub/plan/plan_database.ts";
import { type ScrubbedDatabase, scrubDatabase } from "../scrub/execute/scrub_database.ts";
import type { KeptDatabase } from "../scrub/leak_search/leak_search.ts";
import { captureVerification, type VerificationRecord } from "../scrub/verify/verification_record.ts";
import { type Proof, verify } from "../scrub/verify/verify.ts";
import type { DatabasesRun } from "./databases_run.ts";
import { concurrencyOf } from "./engines.ts";
import { cutLinks, dropDatabase, openDatabases, type OpenedDatabase, type Prepared } from "./open_databases.ts";
import { checkStorageAndPrepareLeakSearch, planDatabases, type PlannedDatabases } from "./plan_databases.ts";
import { reportAssignment, reportDatabase } from "./report_database.ts";
import { refuseServerObjects } from "./server_objects.ts";

/**
 * Scrubs every database of the workspace and proves it. Every rule is held against every schema before the first change.
 *
 * @returns the proof; undefined where only a plan was wanted, and the workspace is to be thrown away.
 * @throws {ScrubError} whatever went wrong; the workspace is to be thrown away then.
 */
export async function scrubDatabases(run: DatabasesRun, signal: AbortSignal): Promise<Proof | undefined> {
  await using sessions = new AsyncDisposableStack();
  run.phase("discover");
  const found = await discover(run, sessions, signal);
  run.phase("plan");
  const plan = await planDatabases(run, found.assignments, found.opened);
  if (run.settings.planOnly) {
    run.reportPlan(plan.outlines);
    return undefined;
  }
  const { planned, kept } = await checkStorageAndPrepareLeakSearch(run, plan, found.opened);
  run.phase("scrub");
  const scrubbed = await scrubAll(run, found, { ...plan, planned, kept }, signal);
  // Before verification: what nobody else can change any more is what counts.
  await lockAccounts(run, found.maintenance);
  run.phase("verify");
  const proof = await prove(run, found, scrubbed);
  run.report(found.assignments.map((assignment) => plan.covered(reportDatabase(assignment, scrubbed, kept, proof))));
  for (const { session } of [...kept, ...scrubbed]) await run.engine.closeScratch(session);
  // Before purge, which also removes what reading a database leaves behind, and while the master may read everything.
  await run.exportProven?.(proof.databases.map(({ database }) => database));
  run.phase("purge");
  await purge(run, found, scrubbed, signal);
  return proof;
}

/** The workspace's databases, none of which can act as production any more. */
interface Discovered {
  /** The maintenance database, as master. */
  readonly maintenance: Session;
  readonly assignments: readonly Assignment[];
  /** Those that are scrubbed, kept or empty, and admit connections. */
  readonly opened: readonly OpenedDatabase[];
  /** What undoes the preparation of every session's database. */
  readonly undo: readonly Prepared[];
  /** Asks the server which databases there are. */
  list(): Promise<readonly DatabaseInfo[]>;
  /** Adds to what kept the workspace from acting as production. */
  reportSideEffects(sentences: readonly string[]): void;
}

async function discover(run: DatabasesRun, sessions: AsyncDisposableStack, signal: AbortSignal): Promise<Discovered> {
  const { engine, target, log, settings } = run;
  const maintenance = sessions.use(await engine.open(target, run.key, signal));
  const sideEffects: string[] = [];
  const reportSideEffects = (sentences: readonly string[]) => {
    sideEffects.push(...sentences);
    for (const sentence of sentences) log.info(sentence);
    run.reportSideEffects({ sideEffects });
  };
  const disableSideEffects = async (session: Session) => reportSideEffects(await engine.disableSideEffects(session));
  await disableSideEffects(maintenance); // before anything of production can act, and before a statement of ours can set it off
  const undo: Prepared[] = [{ session: maintenance, steps: await engine.prepare(maintenance) }];
  const list = () => engine.listDatabases(maintenance, target, signal);
  const assignments = assignDatabases(run.source, engine.name, await list(), run.scrubbers, settings);
  for (const assignment of assignments) {
    log.info(describe(assignment));
    if (assignment.fate === "kept" && !assignment.connectable) log.warn(unseen(assignment.database));
  }
  run.report(assignments.map(reportAssignment));
  await refuseServerObjects(run, maintenance, assignments);
  const opened = await openDatabases(
    { ...run, maintenance, concurrency: concurrencyOf(run), sessions, undo, disableSideEffects },
    assignments,
    signal,
  );
  // Before the first change of data, and not after hours of it.
  if (!settings.keepAccounts) await engine.checkAccounts(maintenance);
  return { maintenance, assignments, opened, undo, list, reportSideEffects };
}

async function scrubAll(
  run: DatabasesRun,
  { maintenance, assignments, opened, reportSideEffects }: Discovered,
  { planned, kept, covered }: Pick<PlannedDatabases, "planned" | "covered"> & {
    readonly kept: readonly KeptDatabase[];
  },
  signal: AbortSignal,
): Promise<readonly [ScrubbedDatabase, ...ScrubbedDatabase[]]> {
  const { engine, key, log } = run;
  for (const assignment of assignments) {
    if (assignment.fate === "dropped") await dropDatabase(run, maintenance, assignment, signal);
  }
  for (const { assignment: { fate }, session } of opened) {
    if (fate !== "scrubbed") await cutLinks(engine, session);
    if (fate === "empty") reportSideEffects(await engine.clear(session));
  }
  const scrubbed: ScrubbedDatabase[] = [];
  async function scrub(database: PlannedDatabase): Promise<ScrubbedDatabase> {
    const done = await scrubDatabase(database, key, concurrencyOf(run), log, signal);
    scrubbed.push(done);
    run.report(assignments.map((assignment) => covered(reportDatabase(assignment, scrubbed, kept))));
    return done;
  }
  const [first, ...rest] = planned;
  if (!first) throw new TypeError("Cannot scrub: nothing was planned"); // assignDatabases has refused it
  const all: [ScrubbedDatabase, ...ScrubbedDatabase[]] = [await scrub(first)];
  for (const database of rest) all.push(await scrub(database));
  return all;
}

/** Before purge, which takes away the old rows of accounts where it can, and while the master may alter every role. */
async function lockAccounts(run: DatabasesRun, maintenance: Session): Promise<void> {
  const { engine, log, settings } = run;
  if (settings.keepAccounts) return log.warn("--keep-accounts: all accounts keep production's passwords");
  const accounts = await engine.lockAccounts(maintenance);
  for (const sentence of accounts) log.info(sentence);
  run.reportSideEffects({ accounts });
}

async function prove(
  run: DatabasesRun,
  { assignments, list }: Discovered,
  scrubbed: readonly [ScrubbedDatabase, ...ScrubbedDatabase[]],
): Promise<Proof> {
  const letThrough = assignments.filter(({ fate }) => fate === "kept").map(({ database }) => database);
  const workspace = { resourceId: run.resourceId, databases: list, letThrough };
  const proof = await verify(workspace, scrubbed, run.log);
  if (run.remember) {
    const remembered: VerificationRecord[] = [];
    for (const database of scrubbed) remembered.push(await captureVerification(database, run.log));
    run.remember(remembered, letThrough);
  }
  return proof;
}

async function purge(
  run: DatabasesRun,
  { maintenance, undo }: Discovered,
  scrubbed: readonly ScrubbedDatabase[],
  signal: AbortSignal,
): Promise<void> {
  const { engine, target, key, log } = run;
  const residue: Residue[] = [];
  for (const { session, schema, plans } of scrubbed) residue.push(...await engine.purge(session, schema, plans));
  for (const { session, steps } of undo.toReversed()) {
    for (const step of steps.toReversed()) await session.run(step);
  }
  const plans = scrubbed.flatMap((database) => database.plans);
  residue.push(...await engine.purgeServer(maintenance, plans, () => engine.open(target, key, signal)));
  run.reportResidue(residue);
  for (const { step, result } of residue) log.info(`purge: ${step}: ${result}`);
}

function describe(assignment: Assignment): string {
  const name = JSON.stringify(assignment.database);
  return assignment.fate === "scrubbed"
    ? `database ${name}: scrubbed by "${assignment.scrubber.name}"`
    : `database ${name}: ${assignment.fate} (${assignment.reason})`;
}

function unseen(database: string): string {
  return `--keep-database lets ${
    JSON.stringify(database)
  } through, and nobody looked into it or disabled what acts in it: ` +
    "it admits no connections of the master user";
}
