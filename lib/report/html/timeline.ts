/** The phases of all sources, side by side on one scale. @module */

import type { SourceOutcome } from "../../core/report.ts";
import { dataTable, numberCell } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";
import { duration } from "./words.ts";

/** Every phase that has a colour of its own, in the order of a run. */
const phases = [
  "resolve",
  "restore",
  "discover",
  "plan",
  "scrub",
  "verify",
  "export",
  "purge",
  "snapshot",
  "share",
  "prune",
] as const;

/** A drawing, and the same as a table for who can't see it. Nothing where no phase began. */
export function timeline(sources: readonly SourceOutcome[]): Markup {
  const times = sources.flatMap(({ phases }) => phases.flatMap(({ started, ended = started }) => [started, ended]));
  if (times.length === 0) return markup``;
  const [begin, end] = [Math.min(...times), Math.max(...times)];
  const length = Math.max(1, end - begin);
  const seen = new Set(sources.flatMap(({ phases }) => phases.map(({ phase }) => phase)));
  return markup`
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <div class="lanes" aria-hidden="true">
    ${sources.map((source) => lane(source, begin, length))}
    <div class="scale"><span>0</span><span>${duration(length / 2000)}</span><span>${
    duration(
      length / 1000,
    )
  }</span></div>
      </div>
      <ul class="legend" aria-hidden="true">${
    phases.filter((phase) => seen.has(phase)).map((phase) =>
      markup`<li><svg width="12" height="12"><rect class="${
        colour(phase)
      }" width="12" height="12" rx="3"/></svg> ${phase}</li>`
    )
  }</ul>
      <details>
        <summary>Phases as a table</summary>
        ${phasesTable(sources, begin)}
      </details>
    </section>
  `;
}

function phasesTable(sources: readonly SourceOutcome[], begin: number): Markup {
  const rows = sources.flatMap(({ requested, phases }) =>
    phases.map(({ phase, started, ended }) =>
      markup`<tr><td>${requested}</td><td>${phase}</td>${numberCell((started - begin) / 1000, duration)}${
        ended === undefined ? markup`<td class="number">not ended</td>` : numberCell((ended - started) / 1000, duration)
      }</tr>\n`
    )
  );
  const headings = ["Source", "Phase", ["Began after", "number"], ["Took", "number"]] as const;
  return dataTable("Phases as a table", headings, rows, "How long each phase took");
}

/** Percentages instead of a view box: the texts around it keep their size on every screen. */
function lane({ requested, phases }: SourceOutcome, begin: number, length: number): Markup {
  const bars = phases.map(({ phase, started, ended = started }) => {
    const from = 100 * (started - begin) / length;
    const width = Math.max(0.15, 100 * (ended - started) / length);
    return markup`
      <rect class="${colour(phase)}" x="${from.toFixed(3)}%" y="2" width="${width.toFixed(3)}%" height="18">
        <title>${phase}: ${duration((ended - started) / 1000)}</title>
      </rect>
    `;
  });
  return markup`
    <div class="lane">
      <div>${requested}</div>
      <svg width="100%" height="22">${bars}</svg>
    </div>
  `;
}

function colour(phase: string): string {
  const at = phases.findIndex((known) => known === phase);
  return `bar bar-${at < 0 ? "other" : phases[at]}`;
}
