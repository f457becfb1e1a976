/** The command `verify-report`. @module */

import type { Command } from "../settings/command.ts";
import type { Evidence } from "../../core/evidence.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { visible } from "../../core/visible.ts";
import { runOfReport } from "../settings/report_file.ts";
import { print } from "./console.ts";
import { requestFromAws, type WorkerMaker } from "./worker_requests.ts";

/** Compares a report with a snapshot's tags; returns the exit status, 3 where the report is not the snapshot's. */
export async function verifyReport(
  { region, report, snapshot, logLevel }: Extract<Command, { command: "verify-report" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const answer = await requestFromAws(
    createWorker,
    { type: "evidence", snapshot, ...(region !== undefined && { region }) },
    logLevel,
  );
  if (answer.type !== "evidence") return exitStatuses.failed;
  const { fits, text } = await compareReport(report, answer.evidence);
  print(text);
  return fits ? exitStatuses.done : exitStatuses.refused;
}

/** The outcome of the comparison. */
export interface Verdict {
  readonly fits: boolean;
  /** What to print. Ends in a newline. */
  readonly text: string;
}

/** Compares a report's bytes with what the snapshot's tags say of its run. */
export async function compareReport(bytes: Uint8Array<ArrayBuffer>, evidence: Evidence): Promise<Verdict> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const named = runOfReport(bytes);
  const id = visible(evidence.snapshot);
  const faults = [
    ...(evidence.proof === undefined ? [`snapshot "${id}" has no proof: no run has finished it`] : []),
    ...(evidence.report === undefined
      ? [`snapshot "${id}" has no tag with a report's SHA-256: its run wrote no report, or could not tag it`]
      : evidence.report !== digest
      ? [`the file's SHA-256 is ${digest}, the snapshot's tag says ${visible(evidence.report)}`]
      : []),
    ...(named === undefined ? ["the file is not a report"] : []),
    ...(named !== undefined && named.runId !== evidence.runId
      ? [`the report is of run ${visible(named.runId)}, the snapshot of run ${visible(evidence.runId ?? "none")}`]
      : []),
    ...(named !== undefined && !named.snapshots.includes(evidence.snapshot)
      ? [`the report does not name snapshot "${id}"`]
      : []),
  ];
  if (faults.length === 0) {
    const search = `search for removed values: ${visible(evidence.search ?? "not told")}`;
    const text = `The report belongs to snapshot "${id}": run ${named?.runId}, SHA-256 ${digest}, ${search}\n`;
    return { fits: true, text };
  }
  return {
    fits: false,
    text: `The report does not belong to snapshot "${id}":\n${faults.map((one) => `  ${one}\n`).join("")}`,
  };
}
