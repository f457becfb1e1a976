/** What to tell an operator who does not want to wait for the clean-up. @module */

import { visible } from "../core/visible.ts";

/** Workspaces that may exist, by name. */
export type LiveWorkspaces = ReadonlyMap<string, LiveWorkspace>;

/** What belongs to one workspace. */
export interface LiveWorkspace {
  /** Its source, as the operator named it. */
  readonly source: string;
  /** Snapshots that may exist, not finished. */
  readonly snapshots: readonly string[];
}

/** Lines that name every workspace and unfinished snapshot that may be left, and what to do about it. */
export function describeLeftovers(live: LiveWorkspaces): string {
  if (live.size === 0) return "Nothing is left behind in AWS.\n";
  const lines = [...live].flatMap(([workspace, { source, snapshots }]) =>
    [`RDS instance "${visible(workspace)}"`, ...snapshots.map((one) => `unfinished snapshot "${visible(one)}"`)]
      .map((what) => `  ${what} (of "${visible(source)}")\n`)
  );
  return `Left behind in AWS, maybe with unscrubbed data:\n${lines.join("")}Delete without a final snapshot.\n`;
}
