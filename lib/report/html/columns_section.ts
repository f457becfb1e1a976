/** Every column of every database: what happened to it, or why it was kept. @module */

import type { ColumnReport, SourceOutcome } from "../../core/report.ts";
import { breakable } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";
import { counted } from "./words.ts";

const kinds: readonly (readonly [value: ColumnReport["by"], meaning: string])[] = [
  ["ruled", "by a rule"],
  ["structural", "structural"],
  ["computed", "computed"],
  ["reviewed", "reviewed"],
];

/** The fields that search the columns, for the top of the page; nothing where no column is known. */
export function columnsSearch(sources: readonly SourceOutcome[]): Markup {
  if (!hasColumns(sources)) return markup``;
  return markup`<form class="filter" id="filter" role="search" hidden>
<label class="grow" for="words">Search the columns<input type="search" id="words" autocomplete="off" spellcheck="false" placeholder="table, column, strategy, reason or person"></label>
<label for="by">Accounted for<select id="by"><option value="">in any way</option>${
    kinds.map(([value, meaning]) => markup`<option value="${value}">${meaning}</option>`)
  }</select></label>
<p class="quiet" id="found" role="status" aria-live="polite"></p>
</form>`;
}

/** Whether a report names columns. */
export function hasColumns(sources: readonly SourceOutcome[]): boolean {
  return sources.some(({ databases }) => databases.some(({ coverage }) => (coverage?.columns ?? []).length > 0));
}

/** The columns, table by table; nothing where none is known. */
export function columnsSection(sources: readonly SourceOutcome[]): Markup {
  if (!hasColumns(sources)) return markup``;
  const several = sources.length > 1;
  return markup`
    <section aria-labelledby="columns">
      <h2 id="columns">Columns</h2>
      <p class="quiet">Every column, its strategy or why it was kept, and who decided that.</p>
      <div class="scroll tall" tabindex="0" role="region" aria-label="All columns">
        <table id="columns-table" class="sortable">
          <caption>All columns</caption>
          <thead>
            <tr>${
    ["Column", "Accounted for", "Strategy or reason", "Decided by"].map((head) => markup`<th scope="col">${head}</th>`)
  }</tr>
          </thead>
    ${
    sources.map((source) =>
      source.databases.map(({ database, coverage }) =>
        [...Map.groupBy(coverage?.columns ?? [], ({ table }) => table)].map(([table, columns]) =>
          groupOf([...several ? [source.requested] : [], database, table], columns)
        )
      )
    )
  }</table>
      </div>
    </section>
  `;
}

function groupOf(place: readonly string[], columns: readonly ColumnReport[]): Markup {
  return markup`
    <tbody>
      <tr class="group"><th scope="rowgroup" colspan="4" class="name">${
    place.map((name, at) => markup`${at > 0 ? " › " : ""}${breakable(name)}`)
  } <span class="quiet">${counted(columns.length, "column")}</span></th></tr>
    ${
    columns.map((column) =>
      markup`
        <tr data-by="${column.by}"><th scope="row" class="name">${breakable(column.column)}</th><td>${
        meaningOf(column.by)
      }</td><td class="words">${reasonOf(column)}</td><td>${deciderOf(column)}</td></tr>
      `
    )
  }</tbody>
  `;
}

/** The program itself decides on structure alone; a report of an earlier version does not say who else did. */
function deciderOf({ by, decidedBy, source }: ColumnReport): string {
  if (decidedBy === undefined) return by === "structural" || by === "computed" ? "datascrubber" : "";
  return source === undefined ? decidedBy : `${decidedBy}, from ${source}`;
}

function reasonOf({ reason, public: why }: ColumnReport): string {
  if (why === undefined) return reason;
  return why === reason ? `public: ${reason}` : `${reason}; the other rows are public: ${why}`;
}

function meaningOf(by: ColumnReport["by"]): string {
  return kinds.find(([value]) => value === by)?.[1] ?? by;
}
