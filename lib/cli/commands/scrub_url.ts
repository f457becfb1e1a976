/** The command `scrub --url`: refuses what is protected, shows the plan, asks, and then scrubs the database where it is. @module */

import type { Command } from "../settings/command.ts";
import { ScrubError } from "../../core/errors.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { liveName } from "../../core/live_database.ts";
import type { RunReport } from "../../core/report.ts";
import { visible } from "../../core/visible.ts";
import { planText } from "../../report/display/plan_text.ts";
import { outputWidth, print } from "./console.ts";
import { withPassword } from "./password.ts";
import { isClean, refusalText } from "./review_text.ts";
import { scrub } from "./scrub.ts";
import { requestFromWorker, type WorkerMaker } from "./worker_requests.ts";

type ScrubUrl = Extract<Command, { command: "scrub url" }>;

/**
 * Scrubs a database by URL; returns the exit status. Nothing is changed before the name is confirmed.
 *
 * @throws {ScrubError} if the database cannot be read or the name is not confirmed, and as a run does.
 */
export async function scrubUrl(
  { request: asked, protection, confirmed, run }: ScrubUrl,
  createWorker: WorkerMaker,
): Promise<number> {
  const { database } = asked.target;
  const { reasons, names, allowManaged } = protection;
  if (reasons.length > 0) {
    throw new ScrubError(
      "protected",
      `Cannot scrub ${visible(liveName(asked.target))}: ${visible(reasons.join("; "))}`,
      "Nothing was changed, and no connection was made. If it is no production, allow it by its exact name: " +
        `${names.map((name) => `--unprotected ${visible(name)}`).join(" ")}.`,
    );
  }
  const canAsk = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  refuseUnconfirmed(database, confirmed, canAsk);
  const request = await withPassword(asked);
  const { logLevel } = run.settings;
  const answer = await requestFromWorker(createWorker, { type: "plan", request, scrub: { allowManaged } }, logLevel);
  if (answer.type !== "planned") return exitStatuses.failed;
  const { outline, review } = answer;
  const width = outputWidth();
  print(planText([outline], width));
  if (!isClean(review)) {
    print(`\n${refusalText(review, width)}`);
    return exitStatuses.refused;
  }
  const question = `\nType the name of the database to scrub it, for good, at ${visible(liveName(request.target))}:`;
  if (confirmed === undefined && !isConfirmed(database, prompt(question))) {
    throw new ScrubError(
      "usage",
      `Cannot scrub ${visible(liveName(request.target))}: what was typed is not its name`,
      "Nothing was changed.",
    );
  }
  return await scrub({ ...run, live: { request, allowManaged }, show: inPlaceText }, createWorker);
}

/**
 * Refuses `--yes-scrub` with another name, and, where no terminal can ask, its absence.
 *
 * @throws {ScrubError} `usage`.
 */
export function refuseUnconfirmed(database: string, confirmed: string | undefined, canAsk: boolean): void {
  if (confirmed === undefined && canAsk || confirmed === database) return;
  throw new ScrubError(
    "usage",
    confirmed === undefined
      ? `Cannot scrub database "${visible(database)}": this is no terminal, so its name cannot be asked for`
      : `Cannot scrub database "${visible(database)}": --yes-scrub names "${visible(confirmed)}"`,
    `Nothing was changed. If this database is meant, write --yes-scrub ${visible(database)}.`,
  );
}

/** Whether the answer to the question is the database's name: white space around it does not count. */
export function isConfirmed(database: string, answer: string | null): boolean {
  return answer !== null && (answer === database || answer.trim() === database);
}

/** What is promised of the database and what is not, behind the summary. */
function inPlaceText({ sources }: RunReport): string {
  return sources.flatMap(({ live, residue = [] }) => {
    if (live?.state !== "scrubbed") return [];
    return [
      "Holds:",
      ...live.holds.map((sentence) => `  ${visible(sentence)}`),
      "Does not hold, unlike for a snapshot of a run:",
      ...live.lacks.map((sentence) => `  ${visible(sentence)}`),
      "Old values outside tables:",
      ...residue.map(({ step, result }) => `  ${visible(step)}: ${visible(result)}`),
    ];
  }).map((line) => `${line}\n`).join("");
}
