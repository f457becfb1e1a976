/** What to tell an operator who does not want to wait for the clean-up. @module */

import { visible } from "../report/visible.ts";

/** Workspaces that may exist, each with its source as the operator named it. */
export type Held = ReadonlyMap<string, string>;

/** Lines that name every workspace that may be left, and what to do about it. */
export function leftBehind(held: Held): string {
  if (held.size === 0) return "Nothing is left behind in AWS.\n";
  const lines = [...held].map(([workspace, source]) =>
    `  RDS instance "${visible(workspace)}" (of "${visible(source)}")\n`
  );
  return `Left behind in AWS, maybe with unscrubbed data:\n${lines.join("")}Delete without a final snapshot.\n`;
}
