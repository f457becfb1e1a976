/** Every column of every database: what happened to it, or why it stayed. @module */

import type { ColumnReport, SourceOutcome } from "../../core/report.ts";
import { type Markup, markup } from "./markup.ts";

const kinds: readonly (readonly [value: ColumnReport["by"], meaning: string])[] = [
  ["ruled", "by a rule"],
  ["structural", "structural"],
  ["computed", "computed"],
  ["reviewed", "reviewed"],
];

/** The searchable table; nothing where no column is known. */
export function columnsSection(sources: readonly SourceOutcome[]): Markup {
  const rows = sources.flatMap((source) =>
    source.databases.flatMap(({ database, coverage }) =>
      (coverage?.columns ?? []).map((column) => ({ source: source.requested, database, ...column }))
    )
  );
  if (rows.length === 0) return markup``;
  const several = sources.length > 1;
  return markup`
    <section aria-labelledby="columns">
      <h2 id="columns">Columns</h2>
      <p class="quiet">Every column, and its strategy or why it stays.</p>
      <form class="filter" id="filter" role="search" hidden>
        <label class="grow" for="words">Search<input type="search" id="words" autocomplete="off" spellcheck="false"></label>
        <label for="by">Accounted for<select id="by"><option value="">in any way</option>${
    kinds.map((
      [value, meaning],
    ) => markup`<option value="${value}">${meaning}</option>`)
  }</select></label>
        <p class="quiet" id="found" role="status" aria-live="polite"></p>
      </form>
      <div class="scroll tall" tabindex="0" role="region" aria-label="All columns">
        <table id="columns-table">
          <caption>All columns</caption>
          <thead>
            <tr>${
    several ? markup`<th scope="col">Source</th>` : undefined
  }<th scope="col">Database</th><th scope="col">Table</th><th scope="col">Column</th><th scope="col">Accounted for</th><th scope="col">Strategy or reason</th></tr>
          </thead>
          <tbody>
    ${
    rows.map((row) =>
      markup`
        <tr
          data-by="${row.by}">${
        several ? markup`<td>${row.source}</td>` : undefined
      }<td class="name">${row.database}</td><td class="name">${row.table}</td><td class="name">${row.column}</td><td>${
        meaningOf(
          row.by,
        )
      }</td><td class="words">${reasonOf(row)}</td></tr>
      `
    )
  }</tbody>
        </table>
      </div>
    </section>
  `;
}

function reasonOf({ reason, public: why }: ColumnReport): string {
  if (why === undefined) return reason;
  return why === reason ? `public: ${reason}` : `${reason}; the other rows are public: ${why}`;
}

function meaningOf(by: ColumnReport["by"]): string {
  return kinds.find(([value]) => value === by)?.[1] ?? by;
}
