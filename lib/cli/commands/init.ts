/** The command `init`. @module */

import type { Command } from "../settings/command.ts";
import type { DraftedRules } from "../../core/drafted_rules.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { visible } from "../../core/visible.ts";
import { wrapWords } from "../../report/display/fit_text.ts";
import { refuseExisting, shellWord, writeDraft } from "./draft_file.ts";
import { withPassword } from "./password.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";
import { outputWidth, print } from "./console.ts";

/** Drafts a rule file for a live database; returns the exit status, 3 where something is left to decide. */
export async function init(command: Extract<Command, { command: "init" }>, createWorker: WorkerMaker): Promise<number> {
  const { request, sample, path, force, logLevel } = command;
  if (!force) await refuseExisting(path);
  const answer = await requestFromWorker(
    createWorker,
    {
      type: "init",
      request: await withPassword(request),
      ...(sample !== undefined && { sample }),
    },
    logLevel,
    60 * 60_000,
  );
  if (answer.type !== "drafted") return exitStatuses.failed;
  const { drafted } = answer;
  if (!force) await refuseExisting(path);
  await writeDraft(path, drafted.text);
  print(draftText(drafted, path, outputWidth()));
  return drafted.open.length + drafted.objects.length === 0 ? exitStatuses.done : exitStatuses.refused;
}

/** What was drafted, and what to do next. Ends in a newline. */
function draftText(
  { database, structural, changed, kept, open, objects }: DraftedRules,
  path: string,
  width: number,
): string {
  const columns = structural + changed + kept + open.length;
  const file = visible(path);
  const counts =
    `Wrote ${file}: ${plural(columns, "column")} of "${visible(database)}", of which ${structural} need no rule, ` +
    `${changed} are changed, ${kept} are kept and ${open.length} are left to decide.`;
  const blocks: readonly (readonly string[])[] = [
    wrapWords(counts, width),
    ...(open.length === 0 ? [] : [["To decide:", ...open.map((one) => `  ${visible(one)}`)]]),
    ...(objects.length === 0 ? [] : [["To review:", ...objects.map((one) => `  ${visible(one)}`)]]),
    [
      "Next:",
      `  1. Read ${file}. It was guessed: check what it keeps, and decide what is open.`,
      `  2. datascrubber review --rules ${shellWord(path)} --url URL    until it ends with status 0`,
      `  3. datascrubber plan --rules ${shellWord(path)} --url URL      to see what a run would do`,
      `  4. datascrubber scrub --rules ${shellWord(path)} --url URL     on a copy, to change it where it is`,
    ],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
