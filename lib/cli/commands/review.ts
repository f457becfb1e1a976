/** The command `review`. @module */

import type { Command } from "../settings/command.ts";
import { isClean, reviewText } from "./review_text.ts";
import { signOff } from "./sign_off.ts";
import { ScrubError } from "../../core/errors.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { visible } from "../../core/visible.ts";
import { replaceFile } from "../../report/write_file.ts";
import { withPassword } from "./password.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";
import { outputWidth, print } from "./console.ts";

/** Compares a live database with its scrubber; returns the exit status, 3 where a column is left unclassified. */
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
  if (!write || !file) {
    print(reviewText(found, format, outputWidth(), file?.path));
    return isClean(found) ? exitStatuses.done : exitStatuses.refused;
  }
  const { left, text } = signOff(found, file, { say: print, ask: (question) => prompt(question) });
  if (text !== undefined) {
    const mode = await Deno.stat(file.path).then(({ mode }) => mode, () => undefined);
    await replaceFile(file.path, text, (mode ?? 0o644) & 0o777);
    print(`Wrote ${visible(file.path)}.\n`);
  }
  return isClean(left) ? exitStatuses.done : exitStatuses.refused;
}
