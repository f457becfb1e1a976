/** The part of the story inside the workspace: discover, then the phases that every scrub has. @module */

import { ScrubError } from "../core/errors.ts";
import { inParallel } from "../core/in_parallel.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import type { DatabaseInfo, Session } from "../engine/engine.ts";
import { assignDatabases, type Assignment } from "../scrub/coverage/assignment.ts";
import type { Reviewed } from "../core/reviewed.ts";
import { readReviewed } from "../scrub/coverage/reviewed.ts";
import { reviewedObjects } from "../scrub/coverage/coverage.ts";
import { refusedOfServer, serverRefusal } from "../scrub/coverage/server_objects.ts";
import type { Proof } from "../scrub/verify/verify.ts";
import {
  checkQuiet,
  cutLinks,
  disableSideEffects,
  dropDatabase,
  openDatabases,
  type OpenedDatabase,
  reportSideEffects,
  undoPreparation,
  type WorkspaceSessions,
} from "./open_databases.ts";
import { type Place, type ProvenDatabases, runPhases } from "./phases.ts";
import { concurrencyOf } from "./engines.ts";
import { reportDatabases } from "./report_database.ts";
import type { DatabasesRun } from "./run.ts";

/**
 * Scrubs every database of the workspace and proves it. Every rule is held against every schema before the first change.
 *
 * @returns undefined where only a plan was wanted, and the workspace is to be deleted.
 * @throws {ScrubError} whatever went wrong; the workspace is to be deleted then.
 */
export async function scrubDatabases(run: DatabasesRun, signal: AbortSignal): Promise<ProvenDatabases | undefined> {
  await using sessions = new AsyncDisposableStack();
  run.phase("discover");
  return await runPhases(run, placeOf(run, await discover(run, sessions, signal), signal), signal);
}

/** The whole workspace: others' databases go or stay, accounts are locked, and the server is purged. */
function placeOf(run: DatabasesRun, found: Discovered, signal: AbortSignal): Place {
  const { engine, settings, resourceId, target, key } = run;
  const { assignments, maintenance, opened, undo } = found;
  const reviewed = reviewedOf(assignments, settings);
  return {
    assignments,
    opened,
    reviewed,
    reach: "server",
    name: "the workspace",
    consequence: "No snapshot was made.",
    verified: {
      resourceId,
      databases: found.list,
      refusedObjects: async () => refusedOfServer(await engine.serverInventory(maintenance), reviewed),
      letThrough: assignments.filter(({ disposition }) => disposition === "kept").map(({ database }) => database),
    },
    begin: () => dropAndClear(run, found, signal),
    // So that no account can write after verification.
    seal: () => lockAccounts(run, maintenance),
    closeScratch: (session) => engine.closeScratch(session),
    handOver: (proof) => exportProven(run, proof, signal),
    ...settings.rebuild && {
      async leave() {
        const holds = { data: await engine.dataBytes(maintenance), logs: (await engine.logBytes(maintenance)).most };
        await undoPreparation(undo);
        const left = assignments.filter(({ disposition }) => disposition !== "dropped");
        return { databases: left.map(({ database }) => database), holds };
      },
    },
    async purgeServer(plans, onProgress) {
      await undoPreparation(undo);
      const open = () => engine.open(target, key, signal);
      return [
        ...await engine.purgeServer(maintenance, plans, open, onProgress, run.storage),
        ...run.storage === "service" ? [belowSql] : [],
        ...await run.serverLogs?.() ?? [],
      ];
    },
  };
}

/** What the purge does not reach where the storage is a service. */
const belowSql = {
  step: "storage",
  result: "a service's, as Aurora's: what SQL can read was verified, and nothing below was overwritten or looked at",
};

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
  await checkQuiet(run, run.source, maintenance);
  await disableSideEffects(run, maintenance); // before anything of production acts, or a statement of ours sets it off
  const opening = { maintenance, sessions, undo: [{ session: maintenance, steps: await engine.prepare(maintenance) }] };
  const list = () => engine.listDatabases(maintenance, target, signal);
  const assignments = assignDatabases(run.source, engine.name, await list(), run.scrubbers, settings);
  for (const assignment of assignments) {
    log.info(describe(assignment), { database: assignment.database });
    if (assignment.disposition === "kept" && !assignment.connectable) {
      if (settings.rebuild) throw uncopied(assignment.database);
      log.warn(unseen(assignment.database));
    }
  }
  reportDatabases(run, assignments);
  await refuseServerObjects(run, maintenance, assignments);
  const opened = await openDatabases(run, opening, assignments, signal);
  // Before the first change of data, not after hours of it.
  if (!settings.keepAccounts) await engine.checkAccounts(maintenance);
  if (settings.rebuild) {
    const { refuseUncopied } = await import("../rebuild/copy_server.ts"); // loads both engines
    const copied = assignments.filter(({ disposition }) => disposition !== "dropped");
    await refuseUncopied(engine.name, maintenance, copied.map(({ database }) => database));
  }
  return { ...opening, assignments, opened, list };
}

/**
 * Refuses the server's own objects by policy, and catalogues that this version does not know; reports those that were reviewed.
 *
 * @throws {ScrubError} `coverage` or `catalogue`.
 */
async function refuseServerObjects(
  { engine, source, settings, report }: DatabasesRun,
  maintenance: Session,
  assignments: readonly Assignment[],
): Promise<void> {
  const [inventory, reviewed] = [await engine.serverInventory(maintenance), reviewedOf(assignments, settings)];
  const refused = serverRefusal(source, inventory, reviewed);
  if (refused) throw refused;
  const found = reviewedObjects(inventory.objects, reviewed);
  if (found.length > 0) report.set({ reviewedObjects: found });
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

/** Drops databases, and empties what the others may not leave with. */
async function dropAndClear(
  run: DatabasesRun,
  { maintenance, assignments, opened }: Discovered,
  signal: AbortSignal,
): Promise<void> {
  const { engine } = run;
  for (const assignment of assignments) {
    if (assignment.disposition === "dropped") await dropDatabase(run, maintenance, assignment, signal);
  }
  const others = opened.filter(({ assignment: { disposition } }) => disposition !== "scrubbed");
  const cleared = await inParallel(others, concurrencyOf(run), async ({ assignment: { disposition }, session }) => {
    await cutLinks(engine, session);
    return disposition === "empty" ? await engine.clear(session) : [];
  });
  for (const sentences of cleared) if (sentences.length > 0) reportSideEffects(run, sentences);
}

/** Before purge, which removes the old rows of accounts where it can, and while the master may alter every role. */
async function lockAccounts({ engine, log, settings, report }: DatabasesRun, maintenance: Session): Promise<void> {
  if (settings.keepAccounts) return log.warn("--keep-accounts: all accounts keep production's passwords");
  const accounts = await engine.lockAccounts(maintenance);
  for (const sentence of accounts) log.info(sentence);
  report.set({ accounts });
}

async function exportProven(
  { engine, target, settings, log, report, phase }: DatabasesRun,
  proof: Proof,
  signal: AbortSignal,
): Promise<void> {
  if (!settings.s3Export) return;
  phase("export");
  const { exportDatabases } = await import("../export/export.ts"); // the S3 client takes memory
  const { account } = report.report.aws ?? {};
  const s3 = {
    ...(settings.region !== undefined && { region: settings.region }),
    ...(account !== undefined && { account }),
  };
  const databases = proof.databases.map(({ database }) => database);
  const work = { engine: engine.name, target, databases, settings: settings.s3Export, s3, log };
  report.set({ exports: await exportDatabases(work, signal) });
}

function describe(assignment: Assignment): string {
  const name = JSON.stringify(assignment.database);
  return assignment.disposition === "scrubbed"
    ? `database ${name}: scrubbed by "${assignment.scrubber.name}"${fileOf(assignment.scrubber)}`
    : `database ${name}: ${assignment.disposition} (${assignment.reason})`;
}

function fileOf({ file }: Scrubber): string {
  return file ? ` of ${file.path} (SHA-256 ${file.sha256})` : "";
}

function uncopied(database: string): ScrubError {
  return new ScrubError(
    "rebuild",
    `Cannot rebuild with --keep-database ${JSON.stringify(database)}: the master user cannot connect to it, to copy it`,
    "Nothing was changed. Leave --rebuild out, or drop the database with --drop-database.",
  );
}

function unseen(database: string): string {
  return `--keep-database keeps ${JSON.stringify(database)} unread, with its side effects enabled: ` +
    "the master user cannot connect to it";
}
