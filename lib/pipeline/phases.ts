/** The phases that every scrub has, in a workspace or not: plan, scrub, verify, export, purge. @module */

import type { OnProgress, Reach, Residue, Session, TablePlan } from "../engine/engine.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import type { Reviewed } from "../core/reviewed.ts";
import type { FreshData } from "../rds/source/fresh_storage.ts";
import { type ScrubbedDatabase, scrubDatabase } from "../scrub/execute/scrub_database.ts";
import type { PlannedDatabase } from "../scrub/plan/plan_database.ts";
import { captureVerification, type VerificationRecord } from "../scrub/verify/verification_record.ts";
import { findNewObjects } from "../scrub/verify/new_objects.ts";
import { ScrubError } from "../core/errors.ts";
import { type Proof, type VerifiedWorkspace, verify } from "../scrub/verify/verify.ts";
import type { OpenedDatabase } from "./open_databases.ts";
import { checkStorage, checkStorageAndPrepareLeakSearch, planDatabases } from "./plan_databases.ts";
import { type DatabaseFacts, reportDatabases } from "./report_database.ts";
import { ReadCounter } from "./read_counter.ts";
import type { DatabasesRun } from "./run.ts";
import { type WarmedTables, warmStorage } from "./warm_storage.ts";

/** The proof of what was scrubbed, and what a snapshot of it is verified against. */
export interface ProvenDatabases {
  readonly proof: Proof;
  /** Databases that were kept on purpose. */
  readonly letThrough: readonly string[];
  /** The entries of every scrubber. */
  readonly reviewed: readonly Reviewed[];
  /** Empty without `--prove` and `--rebuild`. */
  readonly records: readonly VerificationRecord[];
  /** Absent without `--rebuild`. */
  readonly rebuild?: RebuildBasis;
}

/** What a fresh instance is made and filled from, besides the server. */
export interface RebuildBasis {
  /** Every database of the server but its own. */
  readonly databases: readonly string[];
  readonly holds: FreshData;
}

/** Where the databases are: what differs between a workspace, which is ours as a whole, and a server that is not. */
export interface Place {
  readonly assignments: readonly Assignment[];
  /** Those that are scrubbed, kept or empty, and admit connections. */
  readonly opened: readonly OpenedDatabase[];
  /** How much of the server is purged with a database. */
  readonly reach: Reach;
  /** What is proven, for messages: `the workspace`. */
  readonly name: string;
  /** What a failed proof comes to, as a sentence. */
  readonly consequence: string;
  readonly verified: Omit<VerifiedWorkspace, "name" | "consequence">;
  /** The entries of every scrubber. */
  readonly reviewed: readonly Reviewed[];
  /** The first change, right before those of rows: what becomes of databases that are not scrubbed. */
  begin(): Promise<void>;
  /** Between scrub and verification: keeps others from writing, as far as that is ours to do. */
  seal(): Promise<void>;
  /** Removes a database's scratch, once it is verified. */
  closeScratch(session: Session): Promise<void>;
  /** Hands over what was proven, before purge. */
  handOver(proof: Proof): Promise<void>;
  /** Gets the server ready for a fresh one to be filled from it, instead of being purged; absent: it is purged. */
  readonly leave?: () => Promise<RebuildBasis>;
  /** Purges what is outside of the scrubbed databases, as far as that is ours to do. */
  purgeServer(plans: readonly TablePlan[], onProgress: OnProgress): Promise<readonly Residue[]>;
}

type Scrubbed = readonly [ScrubbedDatabase, ...ScrubbedDatabase[]];

/**
 * Plans, scrubs, verifies and purges. Every rule is held against every schema before the first change.
 *
 * @returns undefined where only a plan was wanted.
 * @throws {ScrubError} whatever went wrong.
 */
export async function runPhases(
  run: DatabasesRun,
  place: Place,
  signal: AbortSignal,
): Promise<ProvenDatabases | undefined> {
  const { settings, report } = run;
  const { assignments, opened } = place;

  run.phase("plan");
  const [any] = opened;
  if (!any) throw new TypeError("Cannot plan: no database is open"); // assignDatabases has refused it
  const reads = await ReadCounter.start(run, any.session);
  const { outlines, coverages, ...plan } = await planDatabases(run, assignments, opened);
  if (settings.planOnly) {
    report.set({ plan: outlines });
    await checkStorage(run, plan.planned);
    return undefined;
  }
  const { planned, kept, concurrency } = await checkStorageAndPrepareLeakSearch(run, plan.planned, opened);
  await warmStorage(run, planned.map(inPlaceTables), "indexes");
  const bytes = planned.reduce((sum, { schema }) => sum + bytesOf(schema), 0);
  await reads.end("plan", bytes);

  run.phase("scrub", bytes);
  const facts = { coverages, kept };
  await place.begin();
  const scrubbed = await scrubAll(run, concurrency, assignments, planned, facts, signal);
  await place.seal();
  await reads.end("scrub", bytes);

  run.phase("verify");
  const proven = await prove(run, place, scrubbed);
  reportDatabases(run, assignments, { ...facts, scrubbed, proof: proven.proof });
  for (const { session } of [...kept, ...scrubbed]) await place.closeScratch(session);
  await reads.end("verify", bytes);

  // Before purge, which also removes what reading leaves behind, and while the master may read everything.
  await place.handOver(proven.proof);

  if (settings.s3Export) await reads.end("export", bytes);

  if (place.leave) {
    for (const { session, plans } of scrubbed) await run.engine.checkDefinitions?.(session, plans);
    for (const database of scrubbed) refuseNewObjects(place, await findNewObjects(database));
    return { ...proven, rebuild: await place.leave() };
  }
  run.phase("purge");
  await purge(run, place, scrubbed);
  await reads.end("purge", bytes);
  return proven;
}

async function scrubAll(
  run: DatabasesRun,
  concurrency: number,
  assignments: readonly Assignment[],
  planned: readonly PlannedDatabase[],
  facts: DatabaseFacts,
  signal: AbortSignal,
): Promise<Scrubbed> {
  const { key, log } = run;
  const scrubbed: ScrubbedDatabase[] = [];
  for (const database of planned) {
    scrubbed.push(await scrubDatabase(database, key, concurrency, log, signal));
    reportDatabases(run, assignments, { ...facts, scrubbed });
  }
  const [first, ...rest] = scrubbed;
  if (!first) throw new TypeError("Cannot scrub: nothing was planned"); // assignDatabases has refused it
  return [first, ...rest];
}

async function prove(
  { settings, log }: DatabasesRun,
  { verified, reviewed, name, consequence }: Place,
  scrubbed: Scrubbed,
): Promise<ProvenDatabases> {
  const proof = await verify({ ...verified, name, consequence }, scrubbed, log);
  const records: VerificationRecord[] = [];
  for (const database of settings.prove || settings.rebuild ? scrubbed : []) {
    records.push(await captureVerification(database, log));
  }
  return { proof, letThrough: verified.letThrough, reviewed, records };
}

async function purge({ engine, log, report }: DatabasesRun, place: Place, scrubbed: Scrubbed): Promise<void> {
  const residue: Residue[] = [];
  /** The server counts as one more database. */
  const onProgress = (before: number): OnProgress => (what, share) =>
    log.progress({ what, share: (before + share) / (scrubbed.length + 1) });
  for (const [at, { session, schema, plans }] of scrubbed.entries()) {
    residue.push(...await engine.purge(session, schema, plans, onProgress(at), place.reach));
  }
  // No user but the master can log in by now, unless accounts are kept.
  for (const database of scrubbed) refuseNewObjects(place, await findNewObjects(database));
  const plans = scrubbed.flatMap((database) => database.plans);
  residue.push(...await place.purgeServer(plans, onProgress(scrubbed.length)));
  report.set({ residue });
  for (const { step, result } of residue) log.info(`purge: ${step}: ${result}`);
}

function bytesOf({ tables }: ScrubbedDatabase["schema"]): number {
  return tables.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Tables whose rows change where they are, so that their indexes are read and written; others get new indexes. */
function inPlaceTables({ session, pool, schema, plans }: PlannedDatabase): WarmedTables {
  const inPlace = new Set(
    plans.filter(({ shape }) => shape === "update" || shape === "delete").map(({ table }) => table.id),
  );
  const tables = schema.tables.filter(({ id, postgresql }) => inPlace.has(postgresql?.root ?? id));
  return { session, tables, ...(pool && { pool }) };
}

function refuseNewObjects({ name, consequence }: Place, found: readonly string[]): void {
  if (found.length === 0) return;
  throw new ScrubError(
    "verification",
    `Cannot vouch for ${name}: after the verification there were new objects: ${found.join("; ")}`,
    `${consequence} Find out who else is connected to ${name}, then run again.`,
  );
}
