/** The command `rules check` with a database by URL. Without one, the command line checks the files alone. @module */

import { exitStatuses } from "../../core/exit_status.ts";
import { visible } from "../../core/visible.ts";
import type { Command } from "../settings/command.ts";
import { ruleFileText } from "../settings/rule_files.ts";
import { print } from "./console.ts";
import { withPassword } from "./password.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";

/** Says whether the file for the database fits its live schema; returns the exit status, 3 where it does not. */
export async function rulesCheck(
  { request, ruleFiles, logLevel }: Extract<Command, { command: "rules check" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const answer = await requestFromWorker(
    createWorker,
    { type: "review", request: await withPassword(request), showValues: false },
    logLevel,
  );
  if (answer.type !== "reviewed") return exitStatuses.failed;
  const { database, scrubber, unfit } = answer.review;
  const lines = [
    ...ruleFiles.map(ruleFileText),
    unfit === undefined ? `the rules of ${scrubber} fit database ${JSON.stringify(database)}` : unfit,
  ];
  print(`${lines.map(visible).join("\n")}\n`);
  return unfit === undefined ? exitStatuses.done : exitStatuses.refused;
}
