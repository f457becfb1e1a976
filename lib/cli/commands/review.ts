/** The command `review`. @module */

import { decodeText, obstacleOf, readFileOf, systemFiles } from "../parse/files.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import type { Command } from "../settings/command.ts";
import { sha256Of } from "../settings/rule_files.ts";
import { isClean, reviewText } from "./review_text.ts";
import { type EditableRules, signOff } from "./sign_off.ts";
import { ScrubError } from "../../core/errors.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import type { RuleFileIdentity } from "../../core/rule_file.ts";
import { visible } from "../../core/visible.ts";
import { replaceFile } from "../../report/write_file.ts";
import { withPassword } from "./password.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";
import { outputWidth, print } from "./console.ts";

/**
 * Compares a live database with its scrubber; returns the exit status, 3 where a column is left unclassified.
 *
 * @throws {ScrubError} `usage` where there is no terminal to ask on, or a file to write changed while questions were answered.
 */
export async function review(
  command: Extract<Command, { command: "review" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const { request, format, file, write, showValues, logLevel } = command;
  if (write && !(Deno.stdin.isTerminal() && Deno.stdout.isTerminal())) {
    throw new ScrubError("usage", "Cannot ask about columns: this is not a terminal", "Leave --write out.");
  }
  const answer = await requestFromWorker(createWorker, {
    type: "review",
    request: await withPassword(request),
    showValues,
  }, logLevel);
  if (answer.type !== "reviewed") return exitStatuses.failed;
  const found = answer.review;
  if (!write) {
    print(reviewText(found, format, outputWidth(), file?.path));
    return isClean(found) ? exitStatuses.done : exitStatuses.refused;
  }
  const rules = found.rules && await editableRules(found.rules);
  if (!file && !rules && found.findings.length > 0) {
    throw usageError(
      `Cannot use --write: the scrubber ${
        quoted(found.scrubber)
      } comes from no rule file, and --reviewed names no file to write`,
      "Add --reviewed FILE.",
    );
  }
  for (const { path } of [rules, file].filter((one) => one !== undefined)) await refuseUnwritable(path);
  const { left, ...texts } = signOff(found, { ...(file && { file }), ...(rules && { rules }) }, {
    say: print,
    ask: (question) => prompt(question),
  });
  if (rules && texts.rules !== undefined) await replaceUnchanged(rules.path, rules.text, texts.rules);
  if (file && texts.text !== undefined) await replaceUnchanged(file.path, file.text, texts.text);
  return isClean(left) ? exitStatuses.done : exitStatuses.refused;
}

/** The file that the scrubber comes from, as it was when the review began. */
async function editableRules({ path, sha256 }: RuleFileIdentity): Promise<EditableRules> {
  const bytes = await readFileOf("the rules", path, systemFiles);
  const text = decodeText(bytes);
  if (text === undefined || await sha256Of(bytes) !== sha256) throw changed(path);
  const { addReview, addRule, ruleInLine } = await import("../../scrub/rule_files/edit.ts");
  const { scrubbers } = await import("../../../scrubbers/mod.ts");
  const options = { environment: Deno.env.toObject(), scrubbers };
  return {
    path,
    text,
    addRule(text, { rule: line, entry }) {
      if (line === undefined || !("column" in entry)) return { refused: "no rule is suggested for it" };
      const { table, column } = entry;
      const rule = ruleInLine(line, table, column);
      return rule ? addRule(text, { table, column, rule }, options) : { refused: "no rule is suggested for it" };
    },
    addReview: (text, entry) => addReview(text, entry, options),
  };
}

/** Checked before the questions, so that no answer is lost. */
async function refuseUnwritable(path: string): Promise<void> {
  await systemFiles.tryToWrite(await realPath(path)).catch((cause) => {
    throw usageError(
      `Cannot write ${quoted(path)}: it ${obstacleOf(cause)}`,
      "Name a file in a folder that is there, and that you may write to.",
      { cause },
    );
  });
}

/** The file behind a link, which stays one; the path itself where there is nothing yet. */
async function realPath(path: string): Promise<string> {
  return await Deno.realPath(path).catch(() => path);
}

/** `before`: the text that the answers were given for; absent: there was no file. */
async function replaceUnchanged(path: string, before: string | undefined, text: string): Promise<void> {
  const found = await Deno.readFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if ((found && decodeText(found)) !== before) throw changed(path);
  const real = await realPath(path);
  const mode = found && (await Deno.stat(real)).mode;
  await replaceFile(real, text, (mode ?? 0o644) & 0o777);
  print(`Wrote ${visible(path)}.\n`);
}

function changed(path: string): ScrubError {
  return new ScrubError(
    "usage",
    `Cannot write ${quoted(path)}: it has changed since the review began`,
    "Repeat the review, which reads the file as it is now.",
  );
}
