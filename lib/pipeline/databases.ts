/** The part of the story that happens inside the workspace: discover, plan, scrub, verify, purge. @module */

import type { DatabaseInfo, Engine, PseudonymKey, Residue, Session, Target } from "../engine/engine.ts";
import type { Phase } from "../fleet/protocol.ts";
import type { Journal } from "../report/log.ts";
import type { DatabaseOutline } from "../report/outline.ts";
import { planLines } from "../report/plan_text.ts";
import type { CoverageReport, DatabaseReport, ResidueReport } from "../report/report.ts";
import type { Settings } from "../cli/settings.ts";
import { assignDatabases, type Assignment } from "../scrub/assignment.ts";
import { coverDatabase, type CoveredDatabase } from "../scrub/cover.ts";
import { planDatabase, type PlannedDatabase, type ScrubbedDatabase, scrubDatabase } from "../scrub/database.ts";
import type { Scrubber } from "../scrub/definition.ts";
import { prepareLeakSearch, type SearchedDatabase } from "../scrub/leak_search.ts";
import { refusal } from "../scrub/drift.ts";
import { outline, outlineOther } from "../scrub/outline.ts";
import { refuseWithoutRoom } from "../scrub/room.ts";
import { suspiciousRules } from "../scrub/suspicious.ts";
import { remember, type RememberedDatabase } from "../scrub/remembered.ts";
import { type Proof, verify } from "../scrub/verify.ts";
import { defaultConcurrency } from "./engines.ts";
import { cutLinks, dropDatabase, openDatabases, type OpenedDatabase, type Prepared } from "./open_databases.ts";
import { reportAssignment, reportDatabase } from "./report_database.ts";

/** What the databases of one workspace need. */
export interface DatabasesRun {
  readonly engine: Engine;
  /** The maintenance database, as master. */
  readonly target: Target;
  /** DBInstanceIdentifier of the source. */
  readonly source: string;
  /** DbiResourceId of the workspace. */
  readonly resourceId: string;
  /** The workspace's storage, where RDS tells. */
  readonly storageBytes: number | undefined;
  readonly asOf: Date;
  readonly key: PseudonymKey;
  readonly settings: Settings;
  readonly scrubbers: readonly Scrubber[];
  readonly journal: Journal;
  phase(phase: Phase): void;
  report(databases: readonly DatabaseReport[]): void;
  /** Dumps databases that are proven; absent: nobody wants dumps. */
  exportProven?(databases: readonly string[]): Promise<void>;
  /** Gets what `--prove` needs, before scratch is gone. Absent: nobody proves. */
  remember?(remembered: readonly RememberedDatabase[], letThrough: readonly string[]): void;
  /** Gets the plan, where only that is wanted. */
  reportPlan(outlines: readonly DatabaseOutline[]): void;
  reportResidue(residue: readonly ResidueReport[]): void;
  /** What kept the workspace from acting as production, and what became of accounts, in sentences. */
  reportDefused(facts: { readonly sideEffects?: readonly string[]; readonly accounts?: readonly string[] }): void;
}

/**
 * Scrubs every database of the workspace and proves it. Every rule is held against every schema before the first change.
 *
 * @returns the proof; undefined where only a plan was wanted, and the workspace is to be thrown away.
 * @throws {ScrubError} whatever went wrong; the workspace is to be thrown away then.
 */
export async function scrubDatabases(run: DatabasesRun, signal: AbortSignal): Promise<Proof | undefined> {
  const { engine, target, journal, settings } = run;
  await using sessions = new AsyncDisposableStack();

  run.phase("discover");
  const maintenance = sessions.use(await engine.open(target, run.key, signal));
  const sideEffects: string[] = [];
  const defuse = async (session: Session) => {
    const sentences = await engine.defuse(session);
    sideEffects.push(...sentences);
    for (const sentence of sentences) journal.info(sentence);
    run.reportDefused({ sideEffects });
  };
  await defuse(maintenance); // before anything of production can act, and before a statement of ours can set it off
  const undo: Prepared[] = [{ session: maintenance, steps: await engine.prepare(maintenance) }];
  const list = (): Promise<readonly DatabaseInfo[]> => engine.databases(maintenance, target, signal);
  const assignments = assignDatabases(run.source, engine.name, await list(), run.scrubbers, settings);
  for (const assignment of assignments) journal.info(describe(assignment));
  run.report(assignments.map(reportAssignment));

  const opened = await openDatabases({ ...run, sessions, undo, defuse }, assignments, signal);

  run.phase("plan");
  const covered = await coverAll(run, opened);
  const coverages = new Map(covered.map(({ target: { database }, found }) => [database, found.report]));
  const report = (databases: readonly DatabaseReport[]) => run.report(withCoverage(databases, coverages));
  report(assignments.map(reportAssignment));
  for (const { scrubber, found } of covered) describeCoverage(scrubber, found, journal);
  const refused = refusal(run.source, covered.map(({ found }) => found.drift));
  if (refused) throw refused;
  const unsearched = await planAll(run, covered);
  const outlines = assignments.map((assignment): DatabaseOutline => {
    if (assignment.fate !== "scrubbed") return outlineOther(engine.name, assignment);
    const { scrubber, found } = covered.find(({ target }) => target.database === assignment.database) ?? lost();
    return outline(found, scrubber, unsearched.find(({ schema }) => schema === found.schema));
  });
  for (const line of outlines.filter(({ fate }) => fate === "scrubbed").flatMap(planLines)) journal.info(line);
  for (const database of unsearched) {
    for (const sentence of await suspiciousRules(database)) journal.warn(sentence);
  }
  if (settings.planOnly) {
    run.reportPlan(outlines);
    return undefined;
  }
  const concurrency = settings.concurrency ?? defaultConcurrency[engine.name];
  refuseWithoutRoom(unsearched, concurrency, run.storageBytes);
  if (settings.leakSearch === "off") journal.warn("--leak-search off: nobody looks for what the scrub may have missed");
  const { planned, kept } = await prepareLeakSearch(
    unsearched,
    settings.leakSearch === "off" ? [] : await searchKept(engine, opened),
    settings.leakSearch,
    journal,
  );

  run.phase("scrub");
  for (const { database, fate } of assignments) {
    if (fate === "dropped") await dropDatabase(run, maintenance, database, signal);
    if (fate === "empty") await cutLinks(engine, maintenance);
  }
  for (const { assignment: { fate }, session } of opened) {
    if (fate === "kept") await cutLinks(engine, session);
  }
  const scrubbed: ScrubbedDatabase[] = [];
  for (const database of planned) {
    scrubbed.push(await scrubDatabase(database, run.key, concurrency, journal, signal));
    report(assignments.map((assignment) => reportDatabase(assignment, scrubbed)));
  }

  // Before verification: what nobody else can change any more is what counts. And before purge, which takes away the old rows
  // of accounts where it can, and while the master may alter every role.
  if (settings.keepAccounts) journal.warn("--keep-accounts: all accounts keep production's passwords");
  else {
    const accounts = await engine.lockAccounts(maintenance);
    for (const sentence of accounts) journal.info(sentence);
    run.reportDefused({ accounts });
  }

  run.phase("verify");
  const letThrough = assignments.filter(({ fate }) => fate === "kept" || fate === "empty").map(({ database }) =>
    database
  );
  const [first, ...rest] = scrubbed;
  if (!first) throw new TypeError("Cannot verify: nothing was scrubbed"); // assignDatabases has refused it
  const workspace = { resourceId: run.resourceId, databases: list, letThrough, kept };
  const proof = await verify(workspace, [first, ...rest], journal);
  report(assignments.map((assignment) => reportDatabase(assignment, scrubbed, proof)));

  if (run.remember) {
    const remembered: RememberedDatabase[] = [];
    for (const database of scrubbed) remembered.push(await remember(database, journal));
    run.remember(remembered, letThrough);
  }
  for (const { session } of [...kept, ...scrubbed]) await engine.closeScratch(session);
  // Before purge, which also removes what reading a database leaves behind, and while the master may read everything.
  await run.exportProven?.(proof.databases.map(({ database }) => database));

  run.phase("purge");
  const residue: Residue[] = [];
  for (const { session, schema, plans } of scrubbed) residue.push(...await engine.purge(session, schema, plans));
  for (const { session, steps } of undo.toReversed()) {
    for (const step of steps.toReversed()) await session.run(step);
  }
  residue.push(...await engine.purgeServer(maintenance, scrubbed.flatMap(({ plans }) => plans)));
  run.reportResidue(residue);
  for (const { step, result } of residue) journal.info(`purge: ${step}: ${result}`);
  return proof;
}

/** A database held against its scrubber, and how to reach it. */
interface CoveredTarget {
  readonly session: Session;
  readonly target: Target;
  readonly scrubber: Scrubber;
  readonly found: CoveredDatabase;
}

/** Holds every database that is scrubbed against its scrubber, all of them before the first change. */
async function coverAll(
  { engine, settings }: DatabasesRun,
  opened: readonly OpenedDatabase[],
): Promise<readonly CoveredTarget[]> {
  const covered: CoveredTarget[] = [];
  for (const { assignment, session, target } of opened) {
    if (assignment.fate !== "scrubbed") continue;
    const { scrubber } = assignment;
    const found = await coverDatabase(engine, session, scrubber, {
      onDrift: settings.onDrift,
      reviewed: settings.reviewed[scrubber.name] ?? [],
    });
    covered.push({ session, target, scrubber, found });
  }
  return covered;
}

/** The databases that pass as they are: the leak search looks into them, and writes to scratch alone. */
async function searchKept(engine: Engine, opened: readonly OpenedDatabase[]): Promise<readonly SearchedDatabase[]> {
  const kept: SearchedDatabase[] = [];
  for (const { assignment: { fate }, session } of opened) {
    if (fate !== "kept") continue;
    await engine.openScratch(session);
    kept.push({ engine, session, schema: await engine.schema(session) });
  }
  return kept;
}

async function planAll(run: DatabasesRun, covered: readonly CoveredTarget[]): Promise<readonly PlannedDatabase[]> {
  const planned: PlannedDatabase[] = [];
  for (const { session, target, scrubber, found: { schema, bound, removals, refills } } of covered) {
    if (!bound) throw new TypeError(`Cannot plan "${schema.database}": its rules don't fit`); // refusal() has thrown it
    planned.push(
      await planDatabase(run.engine, session, target, scrubber, { schema, bound, removals, refills }, run.asOf),
    );
  }
  return planned;
}

function lost(): never {
  throw new TypeError("Cannot plan: a database was not covered"); // coverAll covers every one that is scrubbed
}

function withCoverage(
  databases: readonly DatabaseReport[],
  coverages: ReadonlyMap<string | undefined, CoverageReport>,
): readonly DatabaseReport[] {
  return databases.map((one) => {
    const coverage = coverages.get(one.database);
    return coverage ? { ...one, coverage } : one;
  });
}

function describeCoverage({ name }: Scrubber, { schema, report }: CoveredDatabase, journal: Journal): void {
  const { ruled, structural, computed, reviewed, blanked, removed, milliseconds } = report;
  journal.info(
    `coverage of "${schema.database}" by "${name}": ${ruled} columns by rules, ${structural} structural, ${computed} computed, ` +
      `${reviewed} reviewed, in ${milliseconds} ms`,
  );
  for (const column of blanked) journal.warn(`blanked in "${schema.database}": ${column}`);
  for (const object of removed) journal.info(`does not leave "${schema.database}" as it is: ${object}`);
}

function describe(assignment: Assignment): string {
  const name = JSON.stringify(assignment.database);
  return assignment.fate === "scrubbed"
    ? `database ${name}: scrubbed by "${assignment.scrubber.name}"`
    : `database ${name}: ${assignment.fate} (${assignment.reason})`;
}
