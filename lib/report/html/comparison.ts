/** What differs from an earlier run: new columns, changed counts, the time of each phase. @module */

import type { RunReport, SourceOutcome } from "../../core/report.ts";
import { breakable, dataTable, numberCell, openable } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";
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
  readonly counts: readonly ChangedCount[];
  readonly phases: readonly ComparedPhase[];
}

/** Compares a source with the same one of an earlier run. */
export function compare(now: SourceOutcome, before: SourceOutcome): Comparison {
  const [columns, earlier] = [columnsOf(now), columnsOf(before)];
  return {
    newColumns: [...columns].filter((column) => !earlier.has(column)),
    lostColumns: [...earlier].filter((column) => !columns.has(column)),
    counts: changedCounts(now, before),
    phases: comparedPhases(now, before),
  };
}

/** The section; nothing where the earlier report has none of the sources. */
export function comparisonSection(report: RunReport, previous: RunReport | undefined): Markup {
  const pairs = report.sources.flatMap((now) => {
    const before = previous?.sources.find(({ engine, requested }) =>
      engine === now.engine && requested === now.requested
    );
    return before ? [{ source: now.requested, ...compare(now, before) }] : [];
  });
  if (previous === undefined || pairs.length === 0) return markup``;
  return markup`<section aria-labelledby="previous">
<h2 id="previous">Since the run of ${when(previous.started)}</h2>
${pairs.map(comparisonOf)}
</section>`;
}

function comparisonOf({ source, newColumns, lostColumns, counts, phases }: Comparison & { readonly source: string }) {
  const same = newColumns.length + lostColumns.length + counts.length === 0;
  return markup`<h3>${source}</h3>
${same ? markup`<p>The same columns, and as many rows in every table.</p>` : undefined}
${openable("New columns", newColumns)}${openable("Columns that are no longer there", lostColumns)}
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

function columnsOf({ databases }: SourceOutcome): ReadonlySet<string> {
  return new Set(
    databases.flatMap(({ database, coverage }) =>
      (coverage?.columns ?? []).map(({ table, column }) => `${database}: ${table}.${column}`)
    ),
  );
}

function changedCounts(now: SourceOutcome, before: SourceOutcome): readonly ChangedCount[] {
  const earlier = new Map(
    before.databases.flatMap(({ database, tables }) => tables.map((table) => [`${database}.${table.table}`, table])),
  );
  return now.databases.flatMap(({ database, tables }) =>
    tables.flatMap((table): readonly ChangedCount[] => {
      const name = `${database}.${table.table}`;
      const old = earlier.get(name);
      if (!old) return [];
      return ([
        ["changed", old.rowsChanged, table.rowsChanged],
        ["deleted", old.rowsDeleted, table.rowsDeleted],
        ["left", old.rowsLeft, table.rowsLeft],
      ] as const).flatMap(([what, before, now]) =>
        before === undefined || now === undefined || before === now ? [] : [{ table: name, what, before, now }]
      );
    })
  );
}

function comparedPhases(now: SourceOutcome, before: SourceOutcome): readonly ComparedPhase[] {
  const secondsOf = ({ phases }: SourceOutcome, name: string) => {
    const found = phases.find(({ phase }) => phase === name);
    return found?.ended === undefined ? undefined : (found.ended - found.started) / 1000;
  };
  const names = new Set([...now.phases, ...before.phases].map(({ phase }) => phase));
  return [...names].map((phase) => ({ phase, before: secondsOf(before, phase), now: secondsOf(now, phase) }));
}
