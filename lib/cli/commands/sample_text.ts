/** Rows before and after a scrub, as text for a terminal. @module */

import type { TableSample } from "../../core/table_sample.ts";
import { visible } from "../../core/visible.ts";
import { padToWidth } from "../../report/display/fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";

/** Columns that a value before a scrub takes at most; what is after it may be longer. */
const widest = 40;

/** The rows of every table, each as a block of lines `column  before  ->  after`. Ends in a newline. */
export function sampleText(samples: readonly TableSample[]): string {
  const blocks = samples.map(({ table, columns, rows, unseen }) => [
    `${visible(table)}, before and after${rows.length === 0 ? ": no rows" : ""}`,
    ...rows.flatMap(({ gone, cells }, at) => [
      ...(at > 0 ? [""] : []),
      ...(gone ? ["  (this row is deleted)"] : rowLines(columns, cells)),
    ]),
    ...(unseen.length === 0 ? [] : [`  only a run can show: ${unseen.map(visible).join(", ")}`]),
  ]);
  const note = "These are values of this database: they are in no log and no report. A run's pseudonyms are others.";
  return [note, ...blocks.map((lines) => lines.join("\n"))].map((block) => `${block}\n`).join("\n");
}

function rowLines(columns: readonly string[], cells: TableSample["rows"][number]["cells"]): readonly string[] {
  const names = columns.map(visible);
  const texts = cells.map(({ before, after }) => ({ before: spelt(before), after: spelt(after) }));
  const nameWidth = Math.max(0, ...names.map((name) => unicodeWidth(name)));
  const width = Math.min(widest, Math.max(0, ...texts.map(({ before }) => unicodeWidth(before))));
  return texts.map(({ before, after }, at) =>
    `  ${padToWidth(names[at] ?? "", nameWidth)}  ${padToWidth(before, width)}  ->  ${
      before === after ? "(the same)" : after
    }`
  );
}

function spelt(value: string | null): string {
  return value === null ? "NULL" : value === "" ? '""' : visible(value);
}
