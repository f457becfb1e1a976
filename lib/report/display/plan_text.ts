/** Plans as text: a table for a terminal, lines for a log. @module */

import type { EstimateReport } from "../../core/estimate.ts";
import type { ColumnOutline, DatabaseOutline, TableOutline } from "../../core/outline.ts";
import type { SourceOutcome } from "../../core/report.ts";
import type { Review } from "../../core/review.ts";
import { adviceLines, classChoiceText, estimateLines, finishText } from "./estimate_text.ts";
import { padToWidth, wrapWords } from "./fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";
import { sizeText } from "./progress_display.ts";
import { visible } from "../../core/visible.ts";

/** Spaces between two cells. */
const gap = 2;
/** Least widths of the cells that are wrapped: a table's name, columns, and what happens to them. */
const least = [12, 14, 20] as const;

/** Bytes from which a table that no rule touches gets a line of its own in a log. */
const large = 1_000_000_000;

/** Plans for people, no line wider than `width` unless a single word is. Ends in a newline. */
export function planText(databases: readonly DatabaseOutline[], width: number): string {
  if (databases.length === 0) return "Nothing to plan.\n";
  return databases.map((database) => `${databaseLines(database, width).join("\n")}\n`).join("\n");
}

/** What is expected of a whole run of each source, behind {@linkcode planText}. Ends in a newline where there is any. */
export function expectedText(
  sources: readonly Pick<SourceOutcome, "requested" | "estimate" | "classChoice" | "finishBy" | "advice">[],
  width: number,
): string {
  return sources.map(({ requested, estimate, classChoice, finishBy, advice = [] }) => {
    const lines = [
      ...classChoice ? [`instance class ${classChoiceText(classChoice)}`] : [],
      ...estimate ? estimateLines(estimate) : [],
      ...finishBy ? [finishText(finishBy)] : [],
      ...adviceLines(advice),
    ];
    if (lines.length === 0) return "";
    return `\n${[`a run of ${visible(requested)}`, ...lines].flatMap((line) => wrapWords(line, width)).join("\n")}\n`;
  }).join("");
}

/**
 * The same in JSON, for programs. `refused`: what runs on these databases would be refused for; `estimates`: what is expected of
 * them, by the names of sources. Ends in a newline.
 */
export function planJson(
  databases: readonly DatabaseOutline[],
  refused: readonly Review[] = [],
  estimates: Readonly<Record<string, EstimateReport & Pick<SourceOutcome, "classChoice" | "finishBy">>> = {},
): string {
  const known = Object.keys(estimates).length > 0 && { estimates };
  return `${
    JSON.stringify({ version: 1, ...(refused.length > 0 && { refused }), databases, ...known }, undefined, 2)
  }\n`;
}

/** What a plan comes to, in one line for a log; the report has all of it. */
export function planSummary(outline: DatabaseOutline): string {
  const { database, scrubber = "", tables } = outline;
  const columns = tables.flatMap((table) => table.columns);
  const replaced = columns.filter(({ strategy }) => strategy !== undefined).length;
  const deleting = tables.filter(({ deleted }) => deleted !== undefined).length;
  const gone = tables.reduce((sum, { deletedRows = 0 }) => sum + deletedRows, 0);
  const counted = gone > 0 ? ` (${gone} in all)` : "";
  return [
    `plan of "${visible(database)}" by "${visible(scrubber)}": ${
      tables.filter(changes).length
    } of ${tables.length} tables change, ` +
    `${deleting} of them lose rows${counted}, ${replaced} columns are replaced, ${columns.length - replaced} are kept`,
    ...rewrittenUnchanged(outline),
    "the report and the log at DEBUG have all of it",
  ].join("; ");
}

/** One line for each table that changes, for what is rewritten unchanged, and for what is kept: for a log. */
export function planLines(outline: DatabaseOutline): readonly string[] {
  const name = visible(outline.database);
  const kept = outline.tables.flatMap(({ columns }) => columns.filter(({ strategy }) => strategy === undefined)).length;
  return [
    ...outline.tables.filter((table) => changes(table) || isLarge(table)).map((table) => {
      const { rows, columns } = table;
      const changed = columns.flatMap((column) => column.strategy === undefined ? [] : [changeOf(column)]);
      const shape = table.shape === undefined ? [] : [`${table.shape}, ${table.why ?? ""}${costOf(table)}`];
      const what = [...shape, ...deletedIn(table), ...changed].join("; ");
      return `plan ${name} ${visible(table.table)} (about ${rows} rows): ${what}`;
    }),
    ...rewrittenUnchanged(outline).map((sentence) => `plan ${name}: ${sentence}`),
    `plan ${name}: ${kept} columns are kept`,
    ...(outline.after ?? []).map((statement) => `plan ${name}: then runs ${visible(statement)}`),
  ];
}

function changes({ deleted, columns }: TableOutline): boolean {
  return deleted !== undefined || columns.some(({ strategy }) => strategy !== undefined);
}

function isLarge({ shape, bytes = 0 }: TableOutline): boolean {
  return shape !== undefined && bytes >= large;
}

/** What it costs to rewrite tables that no rule touches; empty where there is none. */
function rewrittenUnchanged({ tables }: DatabaseOutline): readonly string[] {
  const found = tables.filter((table) => table.shape !== undefined && !changes(table));
  if (found.length === 0) return [];
  const bytes = found.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  const most = Math.max(...found.map(({ peakBytes = 0 }) => peakBytes));
  return [
    `${found.length} ${
      found.length === 1 ? "table that no rule touches is" : "tables that no rule touches are"
    } rewritten, ` +
    `${sizeText(bytes)}; the largest needs ${sizeText(most)} of free storage meanwhile`,
  ];
}

function costOf({ bytes, peakBytes = 0 }: TableOutline): string {
  return bytes === undefined ? "" : ` (${sizeText(bytes)}, needs ${sizeText(peakBytes)} of room)`;
}

function databaseLines(outline: DatabaseOutline, width: number): readonly string[] {
  const { database, engine, fate, scrubber, rules, reason, tables, removed } = outline;
  const how = fate === "scrubbed"
    ? `scrubbed by ${visible(scrubber ?? "")}${rules ? ` of ${visible(rules.path)} (SHA-256 ${rules.sha256})` : ""}`
    : `${fate}: ${visible(reason ?? "")}`;
  const title = wrapWords(`${visible(database)} (${engine}), ${how}`, width);
  if (tables.length === 0) return title;
  const [listed, folded] = [tables.filter((table) => !isFolded(table)), tables.filter(isFolded)];
  const rows = [["TABLE", "ROWS", "COLUMN", "WHAT"] as const, ...listed.flatMap(tableRows)];
  const [tableWidth, rowsWidth, columnWidth, whatWidth] = widthsFor(rows, width);
  return [
    ...title,
    ...rows.flatMap(([table, count, column, what]) => {
      const cells = [wrapWords(table, tableWidth), [count], wrapWords(column, columnWidth), wrapWords(what, whatWidth)];
      const widths = [tableWidth, rowsWidth, columnWidth, whatWidth];
      const height = Math.max(...cells.map(({ length }) => length));
      return Array.from({ length: height }, (_, line) =>
        cells.map((cell, at) => {
          const text = cell[line] ?? "";
          return at === 1 ? text.padStart(rowsWidth) : padToWidth(text, widths[at] ?? 0);
        }).join(" ".repeat(gap)).trimEnd());
    }),
    ...rewrittenUnchanged(outline).flatMap((sentence) => wrapWords(sentence, width)),
    ...(folded.length === 0 ? [] : wrapWords(
      `${folded.length} ${folded.length === 1 ? "table stays as it is" : "tables stay as they are"}: ${
        folded.map(({ table }) => visible(table)).join(", ")
      }`,
      width,
    )),
    ...signedReasons(tables).flatMap((sentence) => wrapWords(sentence, width)),
    ...(outline.after ?? []).flatMap((name) => wrapWords(`then runs ${visible(name)}`, width)),
    ...removed.flatMap((object) => wrapWords(`removed, or recreated empty: ${visible(object)}`, width)),
  ];
}

type Cells = readonly [table: string, rows: string, column: string, what: string];

/** Whether nothing is to be said of a table but its name: no rule touches it, and everything in it is accounted for. */
function isFolded(table: TableOutline): boolean {
  return !changes(table) && table.shape === undefined && !table.columns.some(({ reason }) => reason === unclassified);
}

const unclassified = "unclassified";

/** Accounts that a person answers for; the catalogue proves the others. */
const signed: readonly string[] = ["reviewed", "ruled"];

/** What accounts for a column: the first word of its reason, such as `structural`. */
function accountOf({ reason = "" }: ColumnOutline): string {
  return reason.split(",")[0] ?? "";
}

/** Why columns stay that a person or a rule vouches for: each reason once, with the number of its columns. */
function signedReasons(tables: readonly TableOutline[]): readonly string[] {
  const kept = tables.flatMap(({ columns }) => columns.filter((column) => signed.includes(accountOf(column))));
  const reasons = Map.groupBy(kept, ({ reason = "" }) => reason);
  return [...reasons].map(([reason, { length }]) =>
    `${visible(reason)}: ${length} ${length === 1 ? "column" : "columns"}`
  );
}

/** A table's changes, one column a row, and then what is kept, one kind of account a row. */
function tableRows(table: TableOutline): readonly Cells[] {
  const kept = Map.groupBy(table.columns.filter(({ strategy }) => strategy === undefined), accountOf);
  const cells: (readonly [column: string, what: string])[] = [
    ...deletedIn(table).map((what) => ["", what] as const),
    ...(table.shape === undefined
      ? []
      : [["", `${table.shape}: ${visible(table.why ?? "")}${costOf(table)}`] as const]),
    ...table.columns.filter(({ strategy }) => strategy !== undefined).map((column) =>
      [visible(column.column), changeOf(column, false)] as const
    ),
    ...[...kept].map(([account, columns]) => {
      const names = columns.map(({ column }) => visible(column)).join(", ");
      return ["", account === unclassified ? `UNCLASSIFIED: ${names}` : `kept, ${visible(account)}: ${names}`] as const;
    }),
  ];
  return (cells.length === 0 ? [["", "kept"] as const] : cells).map(([column, what], at) => [
    at === 0 ? visible(table.table) : "",
    at === 0 ? String(table.rows) : "",
    column,
    what,
  ]);
}

function deletedIn({ deleted, deletedRows, keptRows, selectedRows }: TableOutline): readonly string[] {
  if (deleted === undefined) return [];
  const counts = [
    ...(deletedRows === undefined ? [] : [`${deletedRows} go, ${keptRows ?? "the others"} stay`]),
    ...(selectedRows === undefined ? [] : [`${selectedRows} are selected`]),
  ];
  return [`deletes rows: ${visible(deleted)}${counts.length === 0 ? "" : ` (${counts.join(", ")})`}`];
}

function changeOf({ column, strategy = "", parameter, only, except, follows }: ColumnOutline, named = true): string {
  const given = parameter === undefined ? "" : ` ${visible(parameter)}`;
  const rows = only !== undefined
    ? `, only rows of ${visible(only)}`
    : except !== undefined
    ? `, all rows but those of ${visible(except)}`
    : "";
  const whose = follows === undefined ? "" : `, follows ${visible(follows)}`;
  return `${named ? `${visible(column)} ` : ""}${visible(strategy)}${given}${rows}${whose}`;
}

/** The widths that the cells need, or less: names are narrowed first, down to their least. */
function widthsFor(rows: readonly Cells[], width: number): readonly [number, number, number, number] {
  const want = (at: 0 | 1 | 2 | 3) => Math.max(...rows.map((row) => unicodeWidth(row[at])));
  const count = want(1);
  const room = Math.max(width - count - 3 * gap, least[0] + least[1] + least[2]);
  const table = Math.min(want(0), Math.max(least[0], Math.floor(room * 0.3)));
  const column = Math.min(want(2), Math.max(least[1], Math.floor((room - table) * 0.45)));
  return [table, count, column, Math.min(want(3), room - table - column)];
}
