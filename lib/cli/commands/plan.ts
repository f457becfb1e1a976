/** The command `plan` for a database by URL. For a source, `plan` is a run that ends early: see scrub.ts. @module */

import type { Command } from "../settings/command.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { planJson, planText } from "../../report/display/plan_text.ts";
import { ScrubError } from "../../core/errors.ts";
import { sampleText } from "./sample_text.ts";
import { isClean, refusalText } from "./review_text.ts";
import { withPassword } from "./password.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";
import { outputWidth, print } from "./console.ts";

/**
 * Prints what a run would do to the database, below what it would be refused for; returns the exit status, 3 where it would be.
 *
 * @throws {ScrubError} if the database cannot be read.
 */
export async function plan(
  { request, sample, showValues, format, logLevel }: Extract<Command, { command: "plan" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  if (sample !== undefined && !showValues && !Deno.stdout.isTerminal()) {
    throw new ScrubError(
      "usage",
      "Cannot show values of rows: standard output is not a terminal",
      "Leave --sample out; or, if a file or program is to get them, add --show-values.",
    );
  }
  const answer = await requestFromWorker(
    createWorker,
    { type: "plan", request: await withPassword(request), ...(sample !== undefined && { sample }) },
    logLevel,
  );
  if (answer.type !== "planned") return exitStatuses.failed;
  const { outline, review, samples } = answer;
  const clean = isClean(review);
  if (format === "json") print(planJson([outline], clean ? [] : [review]));
  else {
    const width = outputWidth();
    print(`${clean ? "" : `${refusalText(review, width)}\n`}${planText([outline], width)}`);
    if (samples) print(`\n${sampleText(samples)}`);
  }
  return clean ? exitStatuses.done : exitStatuses.refused;
}
