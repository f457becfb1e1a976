/** The part of the story inside the workspace: discover, plan, scrub, verify, export, purge. @module */

import type { DatabaseInfo, Residue, Session } from "../engine/engine.ts";
import { assignDatabases, type Assignment } from "../scrub/coverage/assignment.ts";
import type { Reviewed } from "../core/reviewed.ts";
import { readReviewed } from "../scrub/coverage/reviewed.ts";
import { refusedOfServer, serverRefusal } from "../scrub/coverage/server_objects.ts";
import { type ScrubbedDatabase, scrubDatabase } from "../scrub/execute/scrub_database.ts";
import type { PlannedDatabase } from "../scrub/plan/plan_database.ts";
import { captureVerification, type VerificationRecord } from "../scrub/verify/verification_record.ts";
import { findNewObjects } from "../scrub/verify/new_objects.ts";
import { ScrubError } from "../core/errors.ts";
import { type Proof, verify } from "../scrub/verify/verify.ts";
import { concurrencyOf } from "./engines.ts";
import {
  cutLinks,
  disableSideEffects,
  dropDatabase,
  openDatabases,
  type OpenedDatabase,
  reportSideEffects,
  type WorkspaceSessions,
} from "./open_databases.ts";
import { checkStorageAndPrepareLeakSearch, planDatabases } from "./plan_databases.ts";
import { type DatabaseFacts, reportDatabases } from "./report_database.ts";
import type { DatabasesRun } from "./run.ts";

/** The proof of a workspace, and what its snapshot is verified against. */
export interface ProvenDatabases {
  readonly proof: Proof;
  /** Databases that were kept on purpose. */
  readonly letThrough: readonly string[];
  /** The entries of every scrubber. */
  readonly reviewed: readonly Reviewed[];
  /** Empty without `--prove`. */
  readonly records: readonly VerificationRecord[];
}

type Scrubbed = readonly [ScrubbedDatabase, ...ScrubbedDatabase[]];

/**
 * Scrubs every database of the workspace and proves it. Every rule is held against every schema before the first change.
 *
 * @returns undefined where only a plan was wanted, and the workspace is to be deleted.
 * @throws {ScrubError} whatever went wrong; the workspace is to be deleted then.
 */
export async function scrubDatabases(run: DatabasesRun, signal: AbortSignal): Promise<ProvenDatabases | undefined> {
  const { engine, settings, report } = run;
  await using sessions = new AsyncDisposableStack();

  run.phase("discover");
  const found = await discover(run, sessions, signal);

  run.phase("plan");
  const { outlines, coverages, ...plan } = await planDatabases(run, found.assignments, found.opened);
  if (settings.planOnly) {
    report.set({ plan: outlines });
    return undefined;
  }
  const { planned, kept } = await checkStorageAndPrepareLeakSearch(run, plan.planned, found.opened);

  run.phase("scrub");
  const facts = { coverages, kept };
  const scrubbed = await scrubAll(run, found, planned, facts, signal);
  // Lock the accounts first, so that nobody can write after verification.
  await lockAccounts(run, found.maintenance);

  run.phase("verify");
  const proven = await prove(run, found, scrubbed);
  reportDatabases(run, found.assignments, { ...facts, scrubbed, proof: proven.proof });
  for (const { session } of [...kept, ...scrubbed]) await engine.closeScratch(session);

  // Before purge, which also removes what reading leaves behind, and while the master may read everything.
  await exportProven(run, proven.proof, signal);

  run.phase("purge");
  await purge(run, found, scrubbed, signal);
  return proven;
}

/** The workspace's databases, none of which can act as production any more. */
interface Discovered extends WorkspaceSessions {
  readonly assignments: readonly Assignment[];
  /** Those that are scrubbed, kept or empty, and admit connections. */
  readonly opened: readonly OpenedDatabase[];
  /** Asks the server which databases there are. */
  list(): Promise<readonly DatabaseInfo[]>;
}

async function discover(run: DatabasesRun, sessions: AsyncDisposableStack, signal: AbortSignal): Promise<Discovered> {
  const { engine, target, log, settings } = run;
  const maintenance = sessions.use(await engine.open(target, run.key, signal));
  await disableSideEffects(run, maintenance); // before anything of production acts, or a statement of ours sets it off
  const opening = { maintenance, sessions, undo: [{ session: maintenance, steps: await engine.prepare(maintenance) }] };
  const list = () => engine.listDatabases(maintenance, target, signal);
  const assignments = assignDatabases(run.source, engine.name, await list(), run.scrubbers, settings);
  for (const assignment of assignments) {
    log.info(describe(assignment));
    if (assignment.disposition === "kept" && !assignment.connectable) log.warn(unseen(assignment.database));
  }
  reportDatabases(run, assignments);
  await refuseServerObjects(run, maintenance, assignments);
  const opened = await openDatabases(run, opening, assignments, signal);
  // Before the first change of data, not after hours of it.
  if (!settings.keepAccounts) await engine.checkAccounts(maintenance);
  return { ...opening, assignments, opened, list };
}

/**
 * Refuses the server's own objects by policy, and catalogues that this version does not know.
 *
 * @throws {ScrubError} `coverage` or `catalogue`.
 */
async function refuseServerObjects(
  { engine, source, settings }: DatabasesRun,
  maintenance: Session,
  assignments: readonly Assignment[],
): Promise<void> {
  const refused = serverRefusal(source, await engine.serverInventory(maintenance), reviewedOf(assignments, settings));
  if (refused) throw refused;
}

/** The entries of every scrubber of the source's databases. */
function reviewedOf(
  assignments: readonly Assignment[],
  settings: DatabasesRun["settings"],
): readonly Reviewed[] {
  const scrubbers = new Set(assignments.flatMap((one) => one.disposition === "scrubbed" ? [one.scrubber] : []));
  return [...scrubbers].flatMap(({ name, reviewed }) => [
    ...readReviewed(`reviewed.json of "${name}"`, reviewed),
    ...settings.reviewed[name] ?? [],
  ]);
}

async function scrubAll(
  run: DatabasesRun,
  { maintenance, assignments, opened }: Discovered,
  planned: readonly PlannedDatabase[],
  facts: DatabaseFacts,
  signal: AbortSignal,
): Promise<Scrubbed> {
  const { engine, key, log } = run;
  for (const assignment of assignments) {
    if (assignment.disposition === "dropped") await dropDatabase(run, maintenance, assignment, signal);
  }
  for (const { assignment: { disposition }, session } of opened) {
    if (disposition !== "scrubbed") await cutLinks(engine, session);
    if (disposition === "empty") reportSideEffects(run, await engine.clear(session));
  }
  const scrubbed: ScrubbedDatabase[] = [];
  for (const database of planned) {
    scrubbed.push(await scrubDatabase(database, key, concurrencyOf(run), log, signal));
    reportDatabases(run, assignments, { ...facts, scrubbed });
  }
  const [first, ...rest] = scrubbed;
  if (!first) throw new TypeError("Cannot scrub: nothing was planned"); // assignDatabases has refused it
  return [first, ...rest];
}

/** Before purge, which removes the old rows of accounts where it can, and while the master may alter every role. */
async function lockAccounts({ engine, log, settings, report }: DatabasesRun, maintenance: Session): Promise<void> {
  if (settings.keepAccounts) return log.warn("--keep-accounts: all accounts keep production's passwords");
  const accounts = await engine.lockAccounts(maintenance);
  for (const sentence of accounts) log.info(sentence);
  report.set({ accounts });
}

async function prove(
  { engine, resourceId, settings, log }: DatabasesRun,
  { assignments, maintenance, list: databases }: Discovered,
  scrubbed: Scrubbed,
): Promise<ProvenDatabases> {
  const letThrough = assignments.filter(({ disposition }) => disposition === "kept").map(({ database }) => database);
  const reviewed = reviewedOf(assignments, settings);
  const refusedObjects = async () => refusedOfServer(await engine.serverInventory(maintenance), reviewed);
  const proof = await verify({ resourceId, databases, refusedObjects, letThrough }, scrubbed, log);
  const records: VerificationRecord[] = [];
  for (const database of settings.prove ? scrubbed : []) records.push(await captureVerification(database, log));
  return { proof, letThrough, reviewed, records };
}

async function exportProven(
  { engine, target, settings, log, report, phase }: DatabasesRun,
  proof: Proof,
  signal: AbortSignal,
): Promise<void> {
  if (!settings.s3Export) return;
  phase("export");
  const { exportDatabases } = await import("../export/export.ts"); // the S3 client takes memory
  const s3 = settings.region === undefined ? {} : { region: settings.region };
  const databases = proof.databases.map(({ database }) => database);
  const work = { engine: engine.name, target, databases, settings: settings.s3Export, s3, log };
  report.set({ exports: await exportDatabases(work, signal) });
}

async function purge(
  { engine, target, key, log, report }: DatabasesRun,
  { maintenance, undo }: Discovered,
  scrubbed: Scrubbed,
  signal: AbortSignal,
): Promise<void> {
  const residue: Residue[] = [];
  for (const { session, schema, plans } of scrubbed) residue.push(...await engine.purge(session, schema, plans));
  // Nobody but the master user can log in by now, unless accounts are kept.
  for (const database of scrubbed) refuseNewObjects(await findNewObjects(database));
  for (const { session, steps } of undo.toReversed()) {
    for (const step of steps.toReversed()) await session.run(step);
  }
  const plans = scrubbed.flatMap((database) => database.plans);
  residue.push(...await engine.purgeServer(maintenance, plans, () => engine.open(target, key, signal)));
  report.set({ residue });
  for (const { step, result } of residue) log.info(`purge: ${step}: ${result}`);
}

function refuseNewObjects(found: readonly string[]): void {
  if (found.length === 0) return;
  throw new ScrubError(
    "verification",
    `Cannot make a snapshot: after the verification there were new objects: ${found.join("; ")}`,
    "No snapshot was made. Find out who else is connected to the workspace, then run again.",
  );
}

function describe(assignment: Assignment): string {
  const name = JSON.stringify(assignment.database);
  return assignment.disposition === "scrubbed"
    ? `database ${name}: scrubbed by "${assignment.scrubber.name}"`
    : `database ${name}: ${assignment.disposition} (${assignment.reason})`;
}

function unseen(database: string): string {
  return `--keep-database keeps ${JSON.stringify(database)} unread, with its side effects enabled: ` +
    "the master user cannot connect to it";
}
