/** What differs from an earlier run: new columns and tables, changed counts, the time of each phase. @module */

import type { CoverageReport, RunReport, SourceOutcome, TableReport } from "../../core/report.ts";
import { breakable, dataTable, numberCell, openable } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";
import { progressOf } from "./verdict.ts";
import { counted, duration, number, when } from "./words.ts";

/** One count of one table, before and now. */
export interface ChangedCount {
  readonly table: string;
  readonly what: "changed" | "deleted" | "left";
  readonly before: number;
  readonly now: number;
}

/** One phase, in seconds; undefined where a run did not have it. */
export interface ComparedPhase {
  readonly phase: string;
  readonly before?: number;
  readonly now?: number;
}

/** One source, against the same one in an earlier report. */
export interface Comparison {
  /** Columns that only this run found, and those that only the earlier one did: `database: table.column`. */
  readonly newColumns: readonly string[];
  readonly lostColumns: readonly string[];
  /** Tables that only this run changed, and those that only the earlier one did: `database.table`. */
  readonly newTables: readonly string[];
  readonly lostTables: readonly string[];
  /** Databases that did not come to the same: `name: dropped before, kept now`. */
  readonly fates: readonly string[];
  /** What cannot be compared, and why, in sentences. What it names is not held against the other run. */
  readonly notCompared: readonly string[];
  readonly counts: readonly ChangedCount[];
  readonly phases: readonly ComparedPhase[];
}

/** Compares a source with the same one of an earlier run. */
export function compare(now: ComparedSource, before: ComparedSource): Comparison {
  const notCompared = [columnsMissing(now, before), rowsMissing(now, before)];
  const both = isHandedOver(now) && isHandedOver(before);
  const [columns, earlier] = [columnsOf(now, both ? undefined : before), columnsOf(before, both ? undefined : now)];
  const [tables, others]: readonly [Tables, Tables] = both ? [tablesOf(now), tablesOf(before)] : [new Map(), new Map()];
  return {
    newColumns: onlyIn(columns, earlier),
    lostColumns: onlyIn(earlier, columns),
    newTables: onlyIn(tables.keys(), new Set(others.keys())),
    lostTables: onlyIn(others.keys(), new Set(tables.keys())),
    fates: both ? changedFates(now, before) : [],
    notCompared: notCompared.flatMap((sentence) => sentence ?? []),
    counts: changedCounts(tables, others),
    phases: comparedPhases(now, before),
  };
}

/** A source, and whether its run was a dry run. */
export type ComparedSource = SourceOutcome & { readonly dryRun: boolean };

function isHandedOver(source: ComparedSource): boolean {
  return progressOf(source, source.dryRun) === "scrubbed" && source.databases.some(({ tables }) => tables.length > 0);
}

function columnsMissing(now: ComparedSource, before: ComparedSource): string | undefined {
  const run = runWithout((source) => columnsOf(source).size > 0, now, before);
  return run && `Columns are not compared: ${run} stopped before it had classified any.`;
}

function rowsMissing(now: ComparedSource, before: ComparedSource): string | undefined {
  const run = runWithout(isHandedOver, now, before);
  if (run === undefined) return undefined;
  const { phases, dryRun } = run === "this run" ? now : before;
  const ended = new Set(phases.flatMap(({ phase, ended }) => ended === undefined ? [] : [phase]));
  const next = ["scrub", "verify", "snapshot"].find((phase) => !ended.has(phase));
  const why = dryRun
    ? `${run} changed nothing`
    : next === undefined
    ? `${run} changed no table`
    : `${run} stopped before the end of phase "${next}"`;
  return `Rows and tables are not compared: ${why}.`;
}

function runWithout(has: (source: ComparedSource) => boolean, now: ComparedSource, before: ComparedSource) {
  if (!has(now)) return "this run";
  return has(before) ? undefined : "the earlier run";
}

function onlyIn(names: Iterable<string>, others: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => !others.has(name));
}

/** The section; nothing where the earlier report has none of the sources. */
export function comparisonSection(report: RunReport, previous: RunReport | undefined): Markup {
  const pairs = report.sources.flatMap((now) => {
    const before = previous?.sources.find(({ engine, requested }) =>
      engine === now.engine && requested === now.requested
    );
    if (previous === undefined || before === undefined) return [];
    const [{ dryRun }, { dryRun: wasDry }] = [report, previous];
    return [{ source: now.requested, ...compare({ ...now, dryRun }, { ...before, dryRun: wasDry }) }];
  });
  if (previous === undefined || pairs.length === 0) return markup``;
  return markup`<section aria-labelledby="previous">
<h2 id="previous">Since the run of ${when(previous.started)}</h2>
${pairs.map(comparisonOf)}
</section>`;
}

function comparisonOf({ source, ...found }: Comparison & { readonly source: string }): Markup {
  const { newColumns, lostColumns, newTables, lostTables, fates, notCompared, counts, phases } = found;
  const same = [newColumns, lostColumns, newTables, lostTables, fates, notCompared, counts].every(({ length }) =>
    length === 0
  );
  return markup`<h3>${source}</h3>
${same ? markup`<p>The same databases and columns, and as many rows in every table.</p>` : undefined}
${notCompared.map((sentence) => markup`<p>${sentence}</p>`)}
${fates.map((sentence) => markup`<p>Database ${sentence}.</p>`)}
${openable("New columns", newColumns)}${openable("Columns that are no longer there", lostColumns)}
${openable("Tables that only this run changed", newTables)}${
    openable("Tables that only the earlier run changed", lostTables)
  }
${counts.length > 0 ? countsTable(source, counts) : undefined}
${phasesTable(source, phases)}`;
}

function countsTable(source: string, counts: readonly ChangedCount[]): Markup {
  const rows = counts.map(({ table, what, before, now }) =>
    markup`<tr><th scope="row" class="name">${breakable(table)}</th><td>${what}</td>${numberCell(before, number)}${
      numberCell(now, number)
    }${numberCell(now - before, (more) => `${more > 0 ? "+" : ""}${number(more)}`)}</tr>\n`
  );
  const headings = ["Table", "Rows", ["Before", "number"], ["Now", "number"], ["Difference", "number"]] as const;
  return dataTable(`Changed counts of ${source}`, headings, rows);
}

function phasesTable(source: string, phases: readonly ComparedPhase[]): Markup {
  const rows = phases.map(({ phase, before, now }) =>
    markup`<tr><th scope="row">${phase}</th>${numberCell(before, duration)}${numberCell(now, duration)}</tr>\n`
  );
  return markup`
    <details>
      <summary>Time by phase: ${counted(phases.length, "phase")}</summary>
      ${dataTable(`Time by phase of ${source}`, ["Phase", ["Before", "number"], ["Now", "number"]], rows)}
    </details>
  `;
}

function changedFates(now: SourceOutcome, before: SourceOutcome): readonly string[] {
  const fatesOf = ({ databases }: SourceOutcome) => new Map(databases.map(({ database, fate }) => [database, fate]));
  const [fates, earlier] = [fatesOf(now), fatesOf(before)];
  return [...new Set([...earlier.keys(), ...fates.keys()])].flatMap((name) => {
    const [was, is] = [earlier.get(name) ?? "not there", fates.get(name) ?? "not there"];
    return was === is ? [] : [`${name}: ${was} before, ${is} now`];
  });
}

/** The columns, also those that stopped the run or were emptied; with `other`, those of databases whose columns that source has too: the others were not read, or not yet. */
function columnsOf({ databases }: SourceOutcome, other?: SourceOutcome): ReadonlySet<string> {
  const wanted = databases.filter(({ database }) =>
    other === undefined ||
    other.databases.some((one) => one.database === database && (one.coverage?.columns ?? []).length > 0)
  );
  return new Set(
    wanted.flatMap(({ database, coverage }) => columnNames(coverage).map((name) => `${database}: ${name}`)),
  );
}

/** `table.column`; objects among what is unaccounted for have a kind and a space before their names. */
function columnNames({ columns = [], unaccounted, blanked }: Partial<CoverageReport> = {}): readonly string[] {
  if (columns.length === 0) return [];
  const others = [...unaccounted ?? [], ...(blanked ?? []).map((text) => text.split(": ", 1)[0] ?? text)];
  return [
    ...columns.map(({ table, column }) => `${table}.${column}`),
    ...others.filter((name) => /^\S+\.\S+$/.test(name)),
  ];
}

/** By `database.table`. */
type Tables = ReadonlyMap<string, TableReport>;

function tablesOf({ databases }: SourceOutcome): Tables {
  return new Map(
    databases.flatMap(({ database, tables }) => tables.map((table) => [`${database}.${table.table}`, table])),
  );
}

function changedCounts(tables: Tables, earlier: Tables): readonly ChangedCount[] {
  return [...tables].flatMap(([name, table]): readonly ChangedCount[] => {
    const old = earlier.get(name);
    if (!old) return [];
    return ([
      ["changed", old.rowsChanged, table.rowsChanged],
      ["deleted", old.rowsDeleted, table.rowsDeleted],
      ["left", old.rowsLeft, table.rowsLeft],
    ] as const).flatMap(([what, before, now]) =>
      before === undefined || now === undefined || before === now ? [] : [{ table: name, what, before, now }]
    );
  });
}

function comparedPhases(now: SourceOutcome, before: SourceOutcome): readonly ComparedPhase[] {
  const secondsOf = ({ phases }: SourceOutcome, name: string) => {
    const found = phases.find(({ phase }) => phase === name);
    return found?.ended === undefined ? undefined : (found.ended - found.started) / 1000;
  };
  const names = new Set([...now.phases, ...before.phases].map(({ phase }) => phase));
  return [...names].map((phase) => ({ phase, before: secondsOf(before, phase), now: secondsOf(now, phase) }));
}
