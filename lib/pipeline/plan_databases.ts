/** Decides what happens in every database of a workspace, and changes nothing: coverage, plans, room, what is looked for. @module */

import type { Engine, Session, Target } from "../engine/engine.ts";
import type { DatabaseOutline } from "../core/outline.ts";
import { planLines } from "../report/display/plan_text.ts";
import { ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { DatabaseReport } from "../core/report.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import { coverDatabase, type CoveredDatabase } from "../scrub/coverage/cover_database.ts";
import type { SessionPool } from "../scrub/execute/session_pool.ts";
import { planDatabase, type PlannedDatabase } from "../scrub/execute/database.ts";
import { readReviewed } from "../scrub/coverage/reviewed.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import { refusal } from "../scrub/coverage/drift.ts";
import { findCatalogueEchoes } from "../scrub/leak_search/catalogue_echoes.ts";
import { echoSentences } from "../scrub/leak_search/echoes.ts";
import { type KeptDatabase, prepareLeakSearch } from "../scrub/leak_search/leak_search.ts";
import { outline, outlineOther } from "../scrub/plan/outline.ts";
import { refuseIfStorageTooSmall } from "../scrub/plan/storage_check.ts";
import { suspiciousRules } from "../scrub/plan/suspicious.ts";
import type { DatabasesRun } from "./databases_run.ts";
import { concurrencyOf } from "./engines.ts";
import type { OpenedDatabase } from "./open_databases.ts";
import { reportAssignment } from "./report_database.ts";

/** What was decided. */
export interface PlannedDatabases {
  readonly planned: readonly PlannedDatabase[];
  /** For people: every database, also those that are not scrubbed. */
  readonly outlines: readonly DatabaseOutline[];
  /** A database's report with what its coverage came to. */
  covered(report: DatabaseReport): DatabaseReport;
}

/**
 * Holds every database that is scrubbed against its scrubber, all of them before any plan, and plans them. Writes to scratch only.
 *
 * @throws {ScrubError} `refused` where rules do not fit, or do not cover a database.
 */
export async function planDatabases(
  run: DatabasesRun,
  assignments: readonly Assignment[],
  opened: readonly OpenedDatabase[],
): Promise<PlannedDatabases> {
  const { engine, log } = run;
  const targets = await coverAll(run, opened);
  const coverages = new Map(targets.map(({ target: { database }, found }) => [database, found.report]));
  function covered(report: DatabaseReport): DatabaseReport {
    const coverage = coverages.get(report.database);
    return coverage ? { ...report, coverage } : report;
  }
  run.report(assignments.map((assignment) => covered(reportAssignment(assignment))));
  for (const { scrubber, found } of targets) describeCoverage(scrubber, found, log);
  const refused = refusal(run.source, targets.map(({ found }) => found.drift));
  if (refused) throw refused;
  const planned = await planAll(run, targets);
  const outlines = assignments.map((assignment): DatabaseOutline => {
    if (assignment.fate !== "scrubbed") return outlineOther(engine.name, assignment);
    const { scrubber, found } = targets.find(({ target }) => target.database === assignment.database) ?? lost();
    return outline(found, scrubber, planned.find(({ schema }) => schema === found.schema));
  });
  for (const line of outlines.filter(({ fate }) => fate === "scrubbed").flatMap(planLines)) log.info(line);
  for (const database of planned) {
    for (const sentence of await suspiciousRules(database)) log.warn(sentence);
  }
  return { planned, outlines, covered };
}

/**
 * The planned databases, with what is looked for in them afterwards, and those that are kept, with what they hold of it.
 *
 * @throws {ScrubError} `failed` where the plans cannot fit the workspace's storage; `refused` where a column that stays, and is
 * not public, holds what rules take away elsewhere.
 */
export async function checkStorageAndPrepareLeakSearch(
  run: DatabasesRun,
  { planned }: Pick<PlannedDatabases, "planned">,
  opened: readonly OpenedDatabase[],
): Promise<{ readonly planned: readonly PlannedDatabase[]; readonly kept: readonly KeptDatabase[] }> {
  const { engine, log, settings: { leakSearch } } = run;
  refuseIfStorageTooSmall(planned, concurrencyOf(run), run.storageBytes);
  if (leakSearch === "off") {
    log.warn(
      "--leak-search off: nobody looks for what the scrub may have missed, nor for values that stay in one column and go in another",
    );
  }
  const kept = leakSearch === "off" ? [] : await searchKept(engine, opened);
  const options = { salt: run.runId, ...(leakSearch && { mode: leakSearch }) };
  const searched = await prepareLeakSearch(planned, kept, options, log);
  for (const database of searched.planned) await refuseCatalogueEchoes(run, database);
  for (const database of searched.kept) {
    for (const sentence of echoSentences({ database }, database.echoes ?? [])) log.warn(sentence);
  }
  return searched;
}

/** Whoever has reviewed an object has read its text. */
async function refuseCatalogueEchoes({ settings }: DatabasesRun, database: PlannedDatabase): Promise<void> {
  const { scrubber: { name, reviewed }, schema } = database;
  const entries = [...readReviewed(`reviewed.json of "${name}"`, reviewed), ...settings.reviewed[name] ?? []];
  const echoes = (await findCatalogueEchoes(database)).filter((echo) =>
    !entries.some((entry) => "object" in entry && entry.object === echo.kind && entry.name === echo.name)
  );
  if (echoes.length === 0) return;
  throw new ScrubError(
    "refused",
    `Cannot scrub database "${schema.database}": its catalogue holds values that rules take away from rows: ` +
      [...new Set(echoes.map(({ kind, name }) => name === undefined ? kind : `${kind} ${name}`))].join("; "),
    "Nothing was changed. Remove it in production; or have somebody look at it, and add an entry for the object to reviewed.json.",
  );
}

/** A database held against its scrubber, and how to reach it. */
interface CoveredTarget {
  readonly session: Session;
  readonly target: Target;
  readonly pool: SessionPool;
  readonly scrubber: Scrubber;
  readonly found: CoveredDatabase;
}

/** Holds every database that is scrubbed against its scrubber, all of them before the first change. */
async function coverAll(
  { engine, settings }: DatabasesRun,
  opened: readonly OpenedDatabase[],
): Promise<readonly CoveredTarget[]> {
  const covered: CoveredTarget[] = [];
  for (const { assignment, session, target, pool } of opened) {
    if (assignment.fate !== "scrubbed") continue;
    const { scrubber } = assignment;
    const found = await coverDatabase(engine, session, scrubber, {
      onDrift: settings.onDrift,
      reviewed: settings.reviewed[scrubber.name] ?? [],
    });
    covered.push({ session, target, pool, scrubber, found });
  }
  return covered;
}

/** The databases that pass as they are: the leak search looks into them, and writes to scratch alone. */
async function searchKept(engine: Engine, opened: readonly OpenedDatabase[]): Promise<readonly KeptDatabase[]> {
  const kept: KeptDatabase[] = [];
  for (const { assignment: { fate }, session, pool } of opened) {
    if (fate !== "kept") continue;
    await engine.openScratch(session);
    kept.push({ engine, session, schema: await engine.schema(session), pool });
  }
  return kept;
}

async function planAll(run: DatabasesRun, covered: readonly CoveredTarget[]): Promise<readonly PlannedDatabase[]> {
  const planned: PlannedDatabase[] = [];
  for (const { session, target, pool, scrubber, found } of covered) {
    const { schema, bound, coverage: { columns }, removals, refills } = found;
    if (!bound) throw new TypeError(`Cannot plan "${schema.database}": its rules don't fit`); // refusal() has thrown it
    const rules = { schema, bound, columns, removals, refills };
    planned.push({ ...await planDatabase(run.engine, session, target, scrubber, rules, run.asOf), pool });
  }
  return planned;
}

function lost(): never {
  throw new TypeError("Cannot plan: a database was not covered"); // coverAll covers every one that is scrubbed
}

function describeCoverage({ name }: Scrubber, { schema, report }: CoveredDatabase, log: Log): void {
  const { ruled, structural, computed, reviewed, blanked, removed, milliseconds } = report;
  log.info(
    `coverage of "${schema.database}" by "${name}": ${ruled} columns by rules, ${structural} structural, ${computed} computed, ` +
      `${reviewed} reviewed, in ${milliseconds} ms`,
  );
  for (const column of blanked) log.warn(`blanked in "${schema.database}": ${column}`);
  for (const object of removed) log.info(`does not leave "${schema.database}" as it is: ${object}`);
}
