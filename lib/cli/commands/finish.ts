/** The command `finish`. @module */

import type { Command } from "../settings/command.ts";
import { versionText } from "../help/version.ts";
import { reportText } from "../../fleet/publish.ts";
import { exitStatus, exitStatuses } from "../../core/exit_status.ts";
import { runSummary } from "../../report/display/run_summary.ts";
import { replaceFile } from "../../report/write_file.ts";
import { MINUTE, requestFromAws, type WorkerMaker } from "./worker_requests.ts";
import { print, printError } from "./console.ts";
import { runIdOf } from "./run_id.ts";

/** Finishes what runs verified and left; prints and writes a report like a run's, and returns the exit status. */
export async function finish(
  { command, logLevel, report: path, ...wish }: Extract<Command, { command: "finish" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const started = new Date().toISOString();
  // Pruning and sharing come after the longest waits: for a snapshot, and for an instance of it.
  const limit = 2 * (wish.snapshotTimeout + wish.timeout) + 60 * MINUTE;
  const answer = await requestFromAws(createWorker, { type: command, ...wish }, logLevel, limit);
  if (answer.type !== "finished") return exitStatuses.failed;
  const { aws, sources } = answer;
  const status = exitStatus(sources.flatMap(({ failure }) => failure ?? []));
  const report = {
    version: 1,
    program: versionText(),
    runId: runIdOf(Deno.env.toObject(), Deno.pid),
    started,
    ended: new Date().toISOString(),
    exitStatus: status,
    dryRun: false,
    aws,
    sources,
  } as const;
  print(sources.length === 0 ? "Nothing to finish.\n" : runSummary(report));
  if (path === undefined) return status;
  try {
    await replaceFile(path, reportText(report), 0o600);
    return status;
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    printError(`Cannot write the report "${path}": ${reason}\nMake room there; the summary above has the outcome.\n`);
    return status || exitStatuses.failed;
  }
}
