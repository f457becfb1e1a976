/** Decides what happens in every database of a workspace, and changes nothing: coverage, plans, storage, leak search. @module */

import { bothOf, inParallel } from "../core/in_parallel.ts";
import { serverCodeOf } from "../engine/database_error.ts";
import type { Engine, Session } from "../engine/engine.ts";
import type { DatabaseOutline } from "../core/outline.ts";
import { planLines, planSummary } from "../report/display/plan_text.ts";
import { ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { CoverageReport } from "../core/report.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import { coverDatabase, type CoveredDatabase } from "../scrub/coverage/cover_database.ts";
import { planDatabase, type PlannedDatabase } from "../scrub/plan/plan_database.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import { refusal } from "../scrub/coverage/drift.ts";
import {
  findCatalogueEchoes,
  type ReadCatalogue,
  readCatalogue,
  type SearchedCatalogue,
  soughtInCatalogue,
} from "../scrub/leak_search/catalogue_echoes.ts";
import { echoSentences } from "../scrub/leak_search/echoes.ts";
import { type KeptDatabase, prepareLeakSearch } from "../scrub/leak_search/leak_search.ts";
import { outline, outlineOther } from "../scrub/plan/outline.ts";
import { concurrencyThatFits } from "../scrub/plan/storage_check.ts";
import { refuseSurprisingValues } from "../scrub/plan/structural_values.ts";
import { suspiciousRules } from "../scrub/plan/suspicious.ts";
import type { DatabasesRun } from "./run.ts";
import { concurrencyOf } from "./engines.ts";
import { type OpenedDatabase, reportSideEffects } from "./open_databases.ts";
import { reportDatabases } from "./report_database.ts";
import { type WarmedTables, warmStorage } from "./warm_storage.ts";

/** What was decided. */
export interface PlannedDatabases {
  readonly planned: readonly PlannedDatabase[];
  /** For people: every database, also those that are not scrubbed. */
  readonly outlines: readonly DatabaseOutline[];
  /** By database. */
  readonly coverages: ReadonlyMap<string, CoverageReport>;
}

/**
 * Holds every database that is scrubbed against its scrubber, all of them before any plan, and plans them. Writes to scratch only.
 *
 * @throws {ScrubError} `rules` where rules do not fit, `coverage` where they do not cover a database, or values are not what their columns say; what planDatabase() throws.
 */
export async function planDatabases(
  run: DatabasesRun,
  assignments: readonly Assignment[],
  opened: readonly OpenedDatabase[],
): Promise<PlannedDatabases> {
  const { engine, log } = run;
  const covered = await coverAll(run, opened);
  const coverages = new Map(covered.map(({ coverage: { schema, report } }) => [schema.database, report]));
  reportDatabases(run, assignments, { coverages });
  for (const { scrubber, coverage } of covered) describeCoverage(scrubber, coverage, log);
  const refused = refusal(run.source, covered.map(({ coverage }) => coverage.drift));
  if (refused) {
    // Whoever asks for a plan gets it all the same, beside what a run would be refused for.
    if (run.settings.planOnly) run.report.set({ plan: outlinesOf(engine, assignments, covered, []) });
    throw refused;
  }
  await warmStorage(
    run,
    [...covered.map((one) => readTables(run.settings, one)), ...await readKept(run, opened)],
    "rows",
  );
  await refuseValues(engine, covered);
  const planned: PlannedDatabase[] = [];
  for (const { session, target, pool, scrubber, coverage } of covered) {
    planned.push(await planDatabase(engine, session, target, scrubber, coverage, run.asOf, pool));
  }
  const outlines = outlinesOf(engine, assignments, covered, planned);
  for (const one of outlines.filter(({ fate }) => fate === "scrubbed")) {
    log.info(planSummary(one), { database: one.database });
    for (const line of planLines(one)) log.debug(line, { database: one.database });
  }
  for (const database of planned) {
    for (const sentence of await suspiciousRules(database)) log.warn(sentence);
  }
  return { planned, outlines, coverages };
}

/** The tables that planning and the rewrite will read. Of those that lose every row only the leak search reads what they lose. */
function readTables(
  { leakSearch }: DatabasesRun["settings"],
  { session, pool, coverage: { schema, bound } }: Covered,
): WarmedTables {
  const emptied = leakSearch === "off" ? bound?.tables.filter(({ truncate }) => truncate) : [];
  const truncated = new Set(emptied?.map(({ table }) => table.id));
  const tables = schema.tables.filter(({ id, postgresql }) => !truncated.has(postgresql?.root ?? id));
  return { session, pool, tables };
}

/** The tables of kept databases, where the leak search reads them. */
async function readKept(
  { engine, settings }: DatabasesRun,
  opened: readonly OpenedDatabase[],
): Promise<WarmedTables[]> {
  const tables: WarmedTables[] = [];
  if (settings.leakSearch === "off" || settings.warm === "off" || settings.planOnly) return tables;
  for (const { assignment: { disposition }, session, pool } of opened) {
    if (disposition === "kept") {
      tables.push({ session, pool, tables: (await engine.schema(session, "columns")).tables });
    }
  }
  return tables;
}

/**
 * Refuses values that no structure has, in every database before the first is planned: who has to look at them is told of all.
 *
 * @throws {ScrubError} `table` or `coverage`.
 */
async function refuseValues(engine: Engine, covered: readonly Covered[]): Promise<void> {
  for (const { session, coverage: { schema } } of covered) await engine.checkRows?.(session, schema);
  await refuseSurprisingValues(covered.map(({ session, pool, coverage: { schema, coverage } }) => ({
    database: { engine, session, schema, ...(pool && { pool }) },
    columns: coverage.columns,
  })));
}

/** Every database's outline. `planned`: those whose selections were evaluated. */
function outlinesOf(
  engine: Engine,
  assignments: readonly Assignment[],
  covered: readonly Covered[],
  planned: readonly PlannedDatabase[],
): readonly DatabaseOutline[] {
  return assignments.map((assignment): DatabaseOutline => {
    if (assignment.disposition !== "scrubbed") return outlineOther(engine.name, assignment);
    const found = covered.find(({ target }) => target.database === assignment.database);
    if (!found) throw new TypeError(`Cannot plan "${assignment.database}": it was not covered`); // coverAll covers all
    const { scrubber, coverage } = found;
    return outline(coverage, scrubber, planned.find(({ schema }) => schema === coverage.schema));
  });
}

/**
 * How many statements run at a time.
 *
 * @throws {ScrubError} `storage` where the plans cannot fit the workspace's storage.
 */
export async function checkStorage(run: DatabasesRun, planned: readonly PlannedDatabase[]): Promise<number> {
  const { settings: { concurrency: wanted }, engine, storageBytes } = run;
  const limits = { most: concurrencyOf(run), ...(wanted !== undefined && { wanted }) };
  const [first] = planned;
  if (storageBytes === undefined || !first) return concurrencyThatFits(planned, limits, undefined);
  return concurrencyThatFits(planned, limits, { bytes: storageBytes, logs: await engine.logBytes(first.session) });
}

/**
 * The planned databases, with what is looked for in them afterwards, and those that are kept, with what they hold of it; and how many
 * statements run at a time.
 *
 * @throws {ScrubError} `storage` where the plans cannot fit the workspace's storage; `echo` where a column that is kept, and is not
 * public, holds what rules remove elsewhere.
 */
export async function checkStorageAndPrepareLeakSearch(
  run: DatabasesRun,
  planned: readonly PlannedDatabase[],
  opened: readonly OpenedDatabase[],
): Promise<
  { readonly planned: readonly PlannedDatabase[]; readonly kept: readonly KeptDatabase[]; readonly concurrency: number }
> {
  const { engine, log, settings: { leakSearch } } = run;
  const concurrency = await checkStorage(run, planned);
  if (leakSearch === "off") {
    log.warn(
      "--leak-search off: nothing looks for what the scrub may have missed, nor for values that one column keeps and another loses",
    );
  }
  const [searched, empty] = await bothOf(
    async () => {
      const kept = leakSearch === "off" ? [] : await searchKept(engine, opened);
      return await prepareLeakSearch(planned, kept, { salt: run.runId, ...(leakSearch && { mode: leakSearch }) }, log);
    },
    async () => leakSearch === "off" ? [] : await readEmpty(run, opened),
  );
  const reviewed = planned.flatMap((database) => database.reviewed);
  const [origin] = searched.planned;
  const refusals = [
    ...searched.planned.map((database) => () => refuseCatalogueEchoes(database)),
    ...empty.map((one) => async () => {
      if (origin) await refuseCatalogueEchoes({ ...await soughtInCatalogue(one, origin), reviewed });
    }),
  ];
  // Each on a session of its own, or on all that it has where the server gives a statement one processor.
  await inParallel(refusals, engine.divide ? 1 : concurrencyOf(run), (refuse) => refuse());
  // They have to be empty again when the databases are listed for the proof.
  for (const { session } of empty) await engine.closeScratch(session);
  for (const database of searched.kept) {
    for (const sentence of echoSentences({ database }, database.echoes ?? [])) log.warn(sentence);
  }
  return { planned: searched.planned, kept: searched.kept, concurrency };
}

/** Refuses removed tokens in catalogues. */
async function refuseCatalogueEchoes(
  database: SearchedCatalogue & Pick<PlannedDatabase, "reviewed"> & Partial<Pick<PlannedDatabase, "objects">>,
): Promise<void> {
  const echoes = await findCatalogueEchoes(database);
  if (echoes.length === 0) return;
  throw new ScrubError(
    "echo",
    `Cannot scrub database "${database.session.database}": its catalogue holds values that rules remove from rows: ` +
      echoes.map(({ what }) => what).join("; ") +
      echoes.flatMap(({ entry }) => entry ? [`\n  entry for reviewed, if it may stay: ${JSON.stringify(entry)}`] : [])
        .join(""),
    "Nothing was changed. Remove it in production; or have a person look at it, and add an entry for the object to reviewed.json.",
    {
      inPlace:
        "Remove it from the database; or have a person look at it, and add an entry for the object to the rule file's reviewed, or to a file for --reviewed.",
    },
  );
}

/** A database held against its scrubber. */
interface Covered extends OpenedDatabase {
  readonly scrubber: Scrubber;
  readonly coverage: CoveredDatabase;
}

async function coverAll(
  { engine, settings }: DatabasesRun,
  opened: readonly OpenedDatabase[],
): Promise<readonly Covered[]> {
  const covered: Covered[] = [];
  for (const database of opened) {
    const { assignment, session } = database;
    if (assignment.disposition !== "scrubbed") continue;
    const { scrubber } = assignment;
    const coverage = await coverDatabase(engine, session, scrubber, {
      onDrift: settings.onDrift,
      reviewed: settings.reviewed[scrubber.name] ?? [],
    });
    covered.push({ ...database, scrubber, coverage });
  }
  return covered;
}

/** The databases that are kept as they are: the leak search reads them, and writes to scratch only. */
async function searchKept(engine: Engine, opened: readonly OpenedDatabase[]): Promise<readonly KeptDatabase[]> {
  const kept: KeptDatabase[] = [];
  for (const one of opened) if (one.assignment.disposition === "kept") kept.push(await searchIn(engine, one));
  return kept;
}

/** PostgreSQL's code where a user lacks a privilege; MySQL has no database that counts as empty. */
const denied = "42501";

/** Reads the databases that are the engine's own: they hold no rows, but comments, settings and names. */
async function readEmpty(run: DatabasesRun, opened: readonly OpenedDatabase[]): Promise<readonly ReadCatalogue[]> {
  const { engine } = run;
  const empty: ReadCatalogue[] = [];
  for (const { session, assignment } of opened) {
    if (assignment.disposition !== "empty") continue;
    if (await mayHaveScratch(engine, session)) {
      empty.push(await readCatalogue({ engine, session }));
    } else {
      const why = "its catalogue is not searched for removed values: the master user may not create scratch in it";
      reportSideEffects(run, [`database "${assignment.database}": ${why}`]);
    }
  }
  return empty;
}

async function mayHaveScratch(engine: Engine, session: Session): Promise<boolean> {
  try {
    await engine.openScratch(session);
    return true;
  } catch (error) {
    if (serverCodeOf(error) !== denied) throw error;
    return false;
  }
}

async function searchIn(engine: Engine, { session, pool }: OpenedDatabase): Promise<KeptDatabase> {
  await engine.openScratch(session);
  return { engine, session, schema: await engine.schema(session), pool };
}

function describeCoverage({ name }: Scrubber, { schema, report }: CoveredDatabase, log: Log): void {
  const { ruled, structural, computed, reviewed, blanked, removed, milliseconds } = report;
  const { database } = schema;
  log.info(
    `coverage of "${database}" by "${name}": ${ruled} columns by rules, ${structural} structural, ${computed} computed, ` +
      `${reviewed} reviewed, in ${milliseconds} ms`,
    { database },
  );
  for (const column of blanked) log.warn(`blanked in "${database}": ${column}`, { database });
  for (const object of removed) log.info(`removed or emptied in "${database}": ${object}`, { database });
}
