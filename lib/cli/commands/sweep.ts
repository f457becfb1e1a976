/** The command `sweep`. @module */

import type { Command } from "../settings/command.ts";
import { exitStatus, exitStatuses } from "../../core/exit_status.ts";
import { failureLines } from "../../report/display/run_summary.ts";
import { visible } from "../../core/visible.ts";
import { MINUTE, requestFromAws, type WorkerMaker } from "./worker_requests.ts";
import { print, printError } from "./console.ts";

/** Deletes what dead runs left, or lists it; returns the exit status. */
export async function sweep(
  { command, logLevel, ...wish }: Extract<Command, { command: "sweep" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const answer = await requestFromAws(createWorker, { type: command, ...wish }, logLevel, 24 * 60 * MINUTE);
  if (answer.type !== "swept") return exitStatuses.failed;
  const { sentences, failures } = answer;
  const whose = wish.run === undefined ? "" : ` of run ${wish.run}`;
  if (sentences.length + failures.length === 0) print(`Nothing${whose} to clean up.\n`);
  for (const sentence of sentences) print(`${visible(sentence)}\n`);
  for (const failure of failures) printError(`${failureLines(failure).join("\n")}\n`);
  return exitStatus(failures);
}
