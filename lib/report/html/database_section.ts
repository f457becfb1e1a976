/** What the report says of one database. @module */

import type {
  AfterReport,
  CoverageReport,
  DatabaseReport,
  EchoReport,
  LeakSearchReport,
  ReviewedObjectReport,
  SourceOutcome,
  TableReport,
} from "../../core/report.ts";
import { sizeText } from "../display/progress_display.ts";
import { breakable, dataTable, numberCell, openable, pair } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";
import { conditionsText, placeOfProof, type Progress, reasonText } from "./verdict.ts";
import { counted, duration, number } from "./words.ts";

/** One database: its fate, its tables, its coverage. `id`: unique on the page. */
export function databaseSection(
  database: DatabaseReport,
  id: string,
  source: SourceOutcome,
  progress: Progress,
): Markup {
  const { tables, coverage, verified, leakSearch, after = [], restarted = [] } = database;
  return markup`<section aria-labelledby="${id}">
<details open class="fold">
<summary><h3 id="${id}">Database <code>${breakable(database.database)}</code> ${
    fateBadge(database.fate, progress)
  }</h3></summary>
<dl>
${pair("Scrubber", database.scrubber)}${
    pair("Rules", database.rules && `${database.rules.path}, SHA-256 ${database.rules.sha256}`)
  }${pair("Why", database.reason && reasonText(database.reason))}${
    pair(
      "Proven",
      verified && `${conditionsText(verified.predicates, verified.foreignKeys)}; on ${placeOfProof(source)}`,
    )
  }${pair("Search for leaks", leakSearch && leakSearchText(leakSearch))}${
    pair("Coverage", coverage && coverageText(coverage))
  }
</dl>
${tables.length > 0 ? tablesTable(tables, database.database) : undefined}
${after.length > 0 ? afterTable(after, database.database) : undefined}
${coverage && coverageLists(coverage)}${openable("Counters set back to the last number that a row has", restarted)}
</details>
</section>`;
}

/** What became of a database; where the data did not leave the run, what was to become of it, or how far that got. */
export function fateText(fate: DatabaseReport["fate"], progress: Progress): string {
  if (fate === "empty" || progress === "scrubbed") return fate;
  const changed = progress === "changed";
  if (fate === "scrubbed") return changed ? "changed, not proven clean" : "not scrubbed";
  return fate === "dropped" && changed ? "dropped" : `was to be ${fate}`;
}

function fateBadge(fate: DatabaseReport["fate"], progress: Progress): Markup {
  const kind = fate === "empty" ? "plain" : fate === "scrubbed" && progress === "scrubbed" ? "good" : "warn";
  return markup`<span class="badge ${kind}">${fateText(fate, progress)}</span>`;
}

function afterTable(after: readonly AfterReport[], database: string): Markup {
  const rows = after.map(({ statement, rows }) =>
    markup`<tr><th scope="row" class="name">${statement}</th>${numberCell(rows, number)}</tr>\n`
  );
  const headings = ["Statement", ["Rows changed", "number"]] as const;
  return markup`<h4>Statements run after the scrub</h4>
${dataTable(`Statements run after the scrub of ${database}`, headings, rows, "In this order, before verification")}`;
}

function coverageText({ ruled, structural, computed, reviewed, blanked }: CoverageReport): string {
  const parts = [
    `${number(ruled)} by rules`,
    `${number(structural)} structural`,
    ...(computed > 0 ? [`${number(computed)} computed`] : []),
    `${number(reviewed)} reviewed`,
    ...(blanked.length > 0 ? [`${number(blanked.length)} emptied`] : []),
  ];
  return `${counted(ruled + structural + computed + reviewed, "column")}: ${parts.join(", ")}`;
}

function rowsOf({ column, rows }: EchoReport): string {
  return `${column}: ${counted(rows, "row")}`;
}

function coverageLists(coverage: CoverageReport): Markup {
  const { blanked, unaccounted, removed, reasons, reviewedObjects = [], assumptions = [] } = coverage;
  const entries = Object.entries(reasons).toSorted(([, one], [, other]) => other - one);
  return markup`${openable("Columns and objects that nothing accounts for", unaccounted)}${
    openable("Columns emptied because nothing accounts for them", blanked)
  }${openable("Objects that were removed", removed)}${
    openable("Objects that were reviewed", reviewedObjects.map(reviewedText))
  }${
    openable(
      "Why reviewed columns were kept",
      entries.map(([reason, columns]) => `${reason} (${counted(columns, "column")})`),
    )
  }${
    openable(
      "What the proof takes on trust",
      assumptions.map(({ assumption, columns }) =>
        [assumption, ...columns.length > 0 ? [columns.join(", ")] : []].join(": ")
      ),
    )
  }`;
}

/** An object that was let through, who says so, and why. */
export function reviewedText({ object, reason, decidedBy }: ReviewedObjectReport): string {
  return `${object}: ${reason} (${decidedBy})`;
}

function tablesTable(tables: readonly TableReport[], database: string): Markup {
  const headings = [
    ...["Table", "Columns"],
    ...(["Changed", "Deleted", "Left"] as const).map((name) => [name, "number"] as const),
    "How",
    ...(["Took", "Size"] as const).map((name) => [name, "number"] as const),
  ];
  return dataTable(`Changed tables of ${database}`, headings, tables.map(tableRow));
}

function tableRow(table: TableReport): Markup {
  const columns = Object.entries(table.columns).map(([column, strategy]) =>
    markup`<div>${breakable(column)}: ${strategy}</div>`
  );
  return markup`
    <tr>
      <th scope="row" class="name">${breakable(table.table)}</th>
      <td class="name strategies">${columns.length > 0 ? columns : "rows only"}</td>
      ${numberCell(table.rowsChanged, number)}${numberCell(table.rowsDeleted, number)}${
    numberCell(table.rowsLeft, number)
  }
      <td class="words how">${table.shape}: ${table.why}</td>
      ${numberCell(table.seconds, duration)}${numberCell(table.bytes, sizeText)}
    </tr>
  `;
}

function leakSearchText(search: LeakSearchReport): Markup {
  const { mode, fingerprints, alsoStay, kept, tables, sampled, inFull = [], goneSampled = [], echoes } = search;
  if (mode === "off") return markup`off: neither kept columns nor the result were searched`;
  const samples = sampled.map(({ table, rows, fewerThanOneIn }) =>
    `; of ${table} ${counted(rows, "row")}: with 99 % confidence fewer than one in ${number(fewerThanOneIn)} leaks`
  );
  const before = kept &&
    `${counted(kept.columns, "kept column")} in ${counted(kept.tables, "table")} read in full before the change. `;
  const leftOut = alsoStay === 0
    ? ""
    : `, ${number(alsoStay)} left out because public columns or kept keys hold them as well`;
  const all = `${counted(fingerprints, "token")} looked for in ${counted(tables, "table")}${leftOut}${
    samples.join("")
  }. `;
  const gone = goneSampled.length === 0
    ? ""
    : `Of long removed texts, a sample was taken apart in ${counted(goneSampled.length, "table")}. `;
  return markup`${before}${all}${gone}Tokens are mail addresses, UUIDs, and strings of 16 or more letters, digits, - and _ that have
    both a letter and a digit; names, phone numbers and short words are not searched for.${
    openable("Columns that hold what rules remove in other databases", (echoes ?? []).map(rowsOf))
  }${
    openable(
      "Public columns and keys that hold removed tokens: these tokens were not looked for",
      (kept?.exempt ?? []).map(({ column, fingerprints }) => `${column}: ${counted(fingerprints, "token")}`),
    )
  }${openable("Changed columns that no condition describes, read in full afterwards", inFull)}${
    openable("Tables of whose removed texts a sample was taken apart", goneSampled)
  }`;
}
