/** The command `verify-report`. @module */

import type { Command } from "../settings/command.ts";
import { compareReport } from "./compare_report.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { askAws, type WorkerMaker } from "./worker_requests.ts";
import { print } from "./console.ts";

/** Holds a report against a snapshot's tags; returns the exit status, 3 where they do not belong together. */
export async function verifyReport(
  { region, report, snapshot, logLevel }: Extract<Command, { command: "verify-report" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const answer = await askAws(
    createWorker,
    { type: "evidence", snapshot, ...(region !== undefined && { region }) },
    logLevel,
  );
  if (answer.type !== "evidence") return exitStatuses.failed;
  const { fits, text } = await compareReport(report, answer.evidence);
  print(text);
  return fits ? exitStatuses.done : exitStatuses.refused;
}
