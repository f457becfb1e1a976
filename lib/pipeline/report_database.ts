/** What the report says of a database. @module */

import type { CoverageReport, DatabaseReport, LeakSearchReport, TableReport } from "../core/report.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import type { ScrubbedDatabase } from "../scrub/execute/scrub_database.ts";
import { countRows } from "../scrub/execute/execute.ts";
import type { KeptDatabase } from "../scrub/leak_search/leak_search.ts";
import { type Proof, type ProvenDatabase, searchExtent } from "../scrub/verify/verify.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import type { DatabasesRun } from "./run.ts";

/** What is known of a workspace's databases by now. */
export interface DatabaseFacts {
  /** By database. */
  readonly coverages?: ReadonlyMap<string, CoverageReport>;
  readonly scrubbed?: readonly ScrubbedDatabase[];
  readonly kept?: readonly KeptDatabase[];
  readonly proof?: Proof;
}

/** Puts the databases into the report. */
export function reportDatabases(
  { report }: Pick<DatabasesRun, "report">,
  assignments: readonly Assignment[],
  facts: DatabaseFacts = {},
): void {
  report.set({ databases: assignments.map((assignment) => reportDatabase(assignment, facts)) });
}

function reportDatabase(
  assignment: Assignment,
  { coverages, scrubbed = [], kept = [], proof }: DatabaseFacts,
): DatabaseReport {
  const { database, disposition: fate } = assignment;
  const coverage = coverages?.get(database);
  const before = {
    database,
    fate,
    ...(assignment.disposition === "scrubbed" ? named(assignment.scrubber) : { reason: assignment.reason }),
    tables: [],
    ...(coverage && { coverage }),
  };
  const found = scrubbed.find(({ schema }) => schema.database === database);
  if (!found) {
    const leakSearch = reportKept(kept.find(({ schema }) => schema.database === database));
    return { ...before, ...(leakSearch && { leakSearch }) };
  }
  const proven = proof?.databases.find((one) => one.database === database);
  return {
    ...before,
    tables: found.executed.map((executed): TableReport => {
      const { plan, started, seconds } = executed;
      const provable = found.changes.find(({ change }) => change.table === plan.table);
      const rowsLeft = proven?.rowsLeft[plan.table.id];
      const counted = countRows(executed, rowsLeft ?? plan.table.rows);
      return {
        table: plan.table.id,
        shape: plan.shape,
        why: plan.why,
        rowsExpected: plan.table.rows,
        rowsChanged: counted.changed,
        rowsDeleted: counted.deleted,
        ...(rowsLeft !== undefined && { rowsLeft }),
        started,
        seconds,
        bytes: plan.table.bytes,
        peakBytes: plan.peakBytes,
        columns: provable?.strategies ?? {},
      };
    }),
    ...(found.ranAfter.length > 0 && { after: found.ranAfter }),
    ...(found.restarted.length > 0 && { restarted: found.restarted }),
    ...(proven && { verified: { predicates: proven.predicates, foreignKeys: proven.foreignKeys } }),
    ...(proven && { leakSearch: reportLeaks(proven) }),
  };
}

function named({ name, file }: Scrubber): Pick<DatabaseReport, "scrubber" | "rules"> {
  return { scrubber: name, ...(file && { rules: file }) };
}

/** The leak search's result. */
function reportLeaks({ leaks }: ProvenDatabase): LeakSearchReport {
  if (!leaks) return { mode: "off", fingerprints: 0, alsoStay: 0, tables: 0, sampled: [] };
  return { mode: searchExtent([leaks]), ...leaks };
}

/** What a kept database holds of what rules remove in others. */
function reportKept(database: KeptDatabase | undefined): LeakSearchReport | undefined {
  if (!database?.leaks) return undefined;
  const { fingerprints, alsoStay, kept } = database.leaks;
  return {
    mode: "full",
    fingerprints,
    alsoStay,
    kept,
    tables: kept.tables,
    sampled: [],
    echoes: database.echoes ?? [],
  };
}
