/** The command `status`. @module */

import type { Command } from "../settings/command.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import type { OverviewItem, OverviewState } from "../../core/overview.ts";
import { visible } from "../../core/visible.ts";
import { padToWidth } from "../../report/display/fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";
import { print } from "./console.ts";
import { requestFromAws, type WorkerMaker } from "./worker_requests.ts";

/** Prints what this program has in AWS now; returns the exit status. */
export async function status(
  { region, format, logLevel }: Extract<Command, { command: "status" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  const answer = await requestFromAws(
    createWorker,
    { type: "overview", ...(region !== undefined && { region }) },
    logLevel,
  );
  if (answer.type === "overview") print(statusText({ region: answer.region, items: answer.items }, format));
  return answer.type === "overview" ? exitStatuses.done : exitStatuses.failed;
}

/** What was found, and where. */
export interface StatusFound {
  readonly region: string;
  readonly items: readonly OverviewItem[];
}

const meanings: Readonly<Record<OverviewState, string>> = {
  running: "running",
  orphaned: "ORPHANED",
  leaving: "being deleted",
  foreign: "NOT OURS",
  scrubbed: "scrubbed",
  broken: "broken",
};

/** A table with advice below it, or JSON. Ends in a newline. */
export function statusText(found: StatusFound, format: "table" | "json"): string {
  if (format === "json") return `${JSON.stringify({ version: 1, ...found }, undefined, 2)}\n`;
  const { region, items } = found;
  if (items.length === 0) return `datascrubber has nothing in ${visible(region)}.\n`;
  const rows = [
    ["SOURCE", "STATE", "WHAT", "NAME", "TIME (UTC)", "SHARED WITH"],
    ...items.map((item) => [
      visible(item.source) || "?",
      meanings[item.state],
      item.kind,
      visible(item.id),
      item.time === undefined ? "" : visible(item.time.slice(0, 16).replace("T", " ")),
      item.sharedWith.map(visible).join(", ") || (item.kind === "snapshot" ? "no account" : ""),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => unicodeWidth(row[column] ?? "")))) ?? [];
  const lines = rows.map((row) =>
    row.map((cell, column) => padToWidth(cell, widths[column] ?? 0)).join("  ").trimEnd()
  );
  return `${[...lines, ...advice(items)].join("\n")}\n`;
}

function advice(items: readonly OverviewItem[]): readonly string[] {
  const has = (state: OverviewState) => items.some((item) => item.state === state);
  return [
    ...(has("orphaned")
      ? ["", "ORPHANED: left by a dead run, maybe unscrubbed. The source's next run deletes it."]
      : []),
    ...(has("foreign")
      ? ["", "NOT OURS: named or tagged like datascrubber's, but its tags and name do not agree. Find out whose it is."]
      : []),
  ];
}
