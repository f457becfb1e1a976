/** What the report says of one source. @module */

import type { Failure } from "../../core/errors.ts";
import type { ResidueReport, SourceOutcome } from "../../core/report.ts";
import { databaseSection, pair } from "./database_section.ts";
import { sizeText } from "../display/progress_display.ts";
import { type Markup, markup } from "./markup.ts";
import { counted, duration, number, when } from "./words.ts";

/** The source in a few lines, for the top of the page. */
export function sourceCard(source: SourceOutcome, dryRun: boolean): Markup {
  const tables = source.databases.flatMap(({ tables }) => tables);
  const sum = (count: (table: (typeof tables)[number]) => number) =>
    tables.reduce((total, one) => total + count(one), 0);
  const { restored } = source;
  return markup`<article class="card">
<h3><span>${source.requested}</span> ${outcomeBadge(source, dryRun)}</h3>
<dl>
${pair("Engine", source.engine === "mysql" ? "MySQL" : "PostgreSQL")}${
    pair("Instance", source.source !== source.requested ? source.source : undefined)
  }${
    pair(
      "Data of",
      restored && markup`${when(restored.asOf)}${age(restored.ageSeconds)} <code>${restored.snapshot}</code>`,
    )
  }${pair("Databases", databasesText(source))}${
    tables.length > 0
      ? pair(
        "Rows",
        `${number(sum((one) => one.rowsChanged))} changed, ${number(sum((one) => one.rowsDeleted))} deleted`,
      )
      : undefined
  }${pair("Snapshot", source.snapshot && markup`<code>${source.snapshot}</code>`)}${
    pair("Shared with", source.sharedWith.join(", "))
  }${pair("Pruned", source.pruned.join(", "))}${pair("Orphans deleted", source.orphans?.join(", "))}
</dl>
${source.failure && failureNote(source.failure)}
${
    source.warnings.length > 0
      ? markup`
        <div class="note warn">
          <p>${counted(source.warnings.length, "warning")}</p>
          <ul>${source.warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>
        </div>
      `
      : undefined
  }
</article>`;
}

/** All details of the source. `id`: unique on the page. */
export function sourceSection(source: SourceOutcome, id: string): Markup {
  const { databases, wouldDo = [], exports = [], residue = [], sideEffects = [], accounts = [] } = source;
  const defused = [...sideEffects, ...accounts];
  if (databases.length + wouldDo.length + exports.length + residue.length + defused.length === 0) return markup``;
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${source.requested}</h2>
${
    wouldDo.length > 0
      ? markup`
        <p>A run would:</p>
        <ol>${wouldDo.map((sentence) => markup`<li>${sentence}</li>`)}</ol>
      `
      : undefined
  }
${databases.map((database, at) => databaseSection(database, `${id}-${at}`))}
${
    defused.length > 0
      ? markup`
        <h3>Kept from acting as production</h3>
        <ul>${defused.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
      `
      : undefined
  }
${exports.length > 0 ? exportsTable(source) : undefined}
${residue.length > 0 ? residueTable(residue, source.requested) : undefined}
</section>`;
}

function outcomeBadge({ failure, snapshot }: SourceOutcome, dryRun: boolean): Markup {
  if (failure === undefined) return markup`<span class="badge good">${dryRun ? "could be scrubbed" : "done"}</span>`;
  const words = failure.kind === "refused"
    ? "refused"
    : snapshot === undefined
    ? "failed"
    : "snapshot kept, then failed";
  return markup`<span class="badge bad">${words}</span>`;
}

function age(seconds: number | undefined): string {
  return seconds === undefined ? "" : `, ${duration(seconds)} old:`;
}

function databasesText({ databases }: SourceOutcome): string {
  const fates = Map.groupBy(databases, ({ fate }) => fate);
  return [...fates].map(([fate, found]) => `${found.length} ${fate}`).join(", ");
}

function failureNote({ message, hint, also }: Failure): Markup {
  return markup`<div class="note bad"><p>${message}</p><p>${hint}</p>${also.map(failureNote)}</div>`;
}

function exportsTable({ exports = [], requested }: SourceOutcome): Markup {
  const label = `Dumps of ${requested} in S3`;
  return markup`
    <h3>Dumps in S3</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="${label}">
      <table>
        <caption>${label}</caption>
        <thead>
          <tr>
            <th scope="col">Database</th>
            <th scope="col">Object</th>
            <th scope="col" class="number">Size</th>
            <th scope="col" class="number">Took</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>${
    exports.map((one) =>
      markup`
            <tr>
              <td class="name">${one.database}</td>
              <td class="name">${one.object}</td>
              <td class="number">${sizeText(one.bytes)}</td>
              <td class="number">${duration(one.seconds)}</td>
              <td class="name">${one.sha256}</td>
            </tr>
          `
    )
  }</tbody>
      </table>
    </div>
  `;
}

function residueTable(residue: readonly ResidueReport[], requested: string): Markup {
  const label = `Outside tables of ${requested}`;
  return markup`
    <h3>Old values outside tables</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="${label}">
      <table>
        <caption>What was done about them, and what is known to remain</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>${
    residue.map(({ step, result }) =>
      markup`
            <tr>
              <th scope="row">${step}</th>
              <td class="words">${result}</td>
            </tr>
          `
    )
  }</tbody>
      </table>
    </div>
  `;
}
