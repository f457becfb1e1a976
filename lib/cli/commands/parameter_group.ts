/** The command `parameter-group`. @module */

import type { Command } from "../settings/command.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import type { IsolationOutcome } from "../../core/isolation.ts";
import { visible } from "../../core/visible.ts";
import { print } from "./console.ts";
import { MINUTE, requestFromAws, type WorkerMaker } from "./worker_requests.ts";

/** Makes a source's isolation group, and prints what was changed in it; returns the exit status. */
export async function parameterGroup(
  { command: _, logLevel, ...wish }: Extract<Command, { command: "parameter-group" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const request = { type: "isolate", ...wish } as const;
  const answer = await requestFromAws(createWorker, request, logLevel, 60 * MINUTE);
  if (answer.type === "isolated") print(outcomeText(answer.outcome));
  return answer.type === "isolated" ? exitStatuses.done : exitStatuses.failed;
}

/** The changes, a line each, under what was done. Ends in a newline. */
export function outcomeText({ source, group, from, made, dryRun, changes }: IsolationOutcome): string {
  const whose = `parameter group "${visible(group)}" for workspaces of "${visible(source)}"`;
  if (!made && changes.length === 0) return `The ${whose} is as it should be.\n`;
  const did = made ? dryRun ? "Would make" : "Made" : dryRun ? "Would change" : "Changed";
  const lines = changes.map(({ name, before, value, why }) => {
    const to = value === undefined ? "" : `: ${before === undefined ? "" : `${visible(before)} -> `}${visible(value)}`;
    return `  ${visible(name)}${to} (${visible(why)})`;
  });
  const after = made ? `, after "${visible(from)}"` : "";
  const next = dryRun ? [] : ["Runs of this source use it from now on."];
  return `${[`${did} ${whose}${after}:`, ...lines, ...next].join("\n")}\n`;
}
