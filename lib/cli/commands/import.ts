/** The command `import`. @module */

import type { Command } from "../settings/command.ts";
import { ScrubError } from "../../core/errors.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import type { ImportedRules } from "../../core/imported_rules.ts";
import { visible } from "../../core/visible.ts";
import { wrapWords } from "../../report/display/fit_text.ts";
import { outputWidth, print } from "./console.ts";
import { withPassword } from "./password.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";
import { refuseExisting, shellWord, writeDraft } from "./draft_file.ts";

/** Makes a rule file of another tool's rules; returns the exit status, 3 where one of them has no equal. */
export async function importRules(
  command: Extract<Command, { command: "import" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const { path, force } = command;
  if (!force) await refuseExisting(path);
  const imported = await readRules(command, createWorker);
  if (!imported) return exitStatuses.failed;
  if (!force) await refuseExisting(path);
  await writeDraft(path, imported.text);
  print(importText(imported, path, outputWidth()));
  return imported.lost.length === 0 ? exitStatuses.done : exitStatuses.refused;
}

async function readRules(
  { source, engine, path, logLevel }: Extract<Command, { command: "import" }>,
  createWorker: WorkerMaker,
): Promise<ImportedRules | undefined> {
  if ("request" in source) {
    const request = await withPassword(source.request);
    const answer = await requestFromWorker(createWorker, { type: "import", request }, logLevel);
    return answer.type === "imported" ? answer.imported : undefined;
  }
  const [, name = ""] = /([^/]*?)(?:\.[A-Za-z]+)?$/.exec(path) ?? [];
  if (name === "") {
    throw new ScrubError("usage", `Cannot write ${JSON.stringify(path)}: it is no file's name`, "Name a file.");
  }
  const { importFile } = await import("../../scrub/import/import_file.ts");
  return importFile({ ...source, database: name, ...(engine !== undefined && { engine }) });
}

/** What was imported, what was not, and what to do next. Ends in a newline. */
function importText(imported: ImportedRules, path: string, width: number): string {
  const { from, columns, truncated, lost, differs } = imported;
  const file = visible(path);
  const counts = `Wrote ${file} from rules of ${from}: ${count(columns, "column")} changed, ` +
    `${count(truncated, "table")} truncated, ${count(lost.length, "old rule")} without an equal.`;
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [[title, ...items.flatMap((one) => indented(one, width))]];
  const blocks: readonly (readonly string[])[] = [
    wrapWords(counts, width),
    ...list("Without an equal, to decide:", lost),
    ...list("Done otherwise than by the old rules, which leaked or broke something:", differs),
    [
      "Next:",
      `  1. Read ${file}. What the old rules did not name is not in it.`,
      `  2. datascrubber review --rules ${shellWord(path)} --url URL    until it ends with status 0`,
      `  3. datascrubber plan --rules ${shellWord(path)} --url URL      to see what a run would do`,
    ],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function indented(text: string, width: number): readonly string[] {
  return wrapWords(text, width - 4).map((line, at) => `${at === 0 ? "  " : "    "}${line}`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
