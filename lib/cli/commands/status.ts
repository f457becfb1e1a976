/** The command `status`. @module */

import type { Command } from "../settings/command.ts";
import { statusText } from "./status_text.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { askAws, type WorkerMaker } from "./worker_requests.ts";
import { print } from "./console.ts";

/** Says what of ours is in AWS now; returns the exit status. */
export async function status(
  { region, format, logLevel }: Extract<Command, { command: "status" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const answer = await askAws(createWorker, { type: "overview", ...(region !== undefined && { region }) }, logLevel);
  if (answer.type === "overview") print(statusText({ region: answer.region, items: answer.items }, format));
  return answer.type === "overview" ? exitStatuses.done : exitStatuses.failed;
}
