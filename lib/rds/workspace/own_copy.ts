/** Waits for a snapshot that a run makes before its restore, and deletes after it: a fresh one, or a copy under another key. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Snapshot } from "../api/records.ts";
import { propagationOf, type Reading, waitFor } from "../api/wait.ts";
import { ownerOf } from "../states/owner.ts";
import type { WorkspaceContext } from "./context.ts";

/**
 * Waits until it is available.
 *
 * @throws {ScrubError} `workspace` if a snapshot that is not this run's has the name; `aws-status`, `aws-timeout`.
 */
export async function untilCopied(
  wait: "copyCreated" | "freshCreated",
  { rds, options, lease }: WorkspaceContext,
  id: string,
  signal: AbortSignal,
): Promise<Snapshot> {
  const shownBy = performance.now() + propagationOf(options);
  return await waitFor(
    wait,
    {
      id,
      read: async (signal): Promise<Reading<Snapshot> | undefined> => {
        const copy = await rds.snapshot(id, signal);
        if (!copy) return undefined;
        const owner = ownerOf(copy.tags, options.runId);
        if (owner === "unknown" && performance.now() < shownBy) {
          return { status: `${copy.status}, without its tags yet`, value: copy };
        }
        if (owner !== "this run") {
          throw new ScrubError(
            "workspace",
            `Cannot use snapshot "${id}": it does not carry the tag of run ${options.runId}`,
            "Find out who made it, then run again.",
          );
        }
        lease.copySeen(copy.arn);
        return { status: copy.status, value: copy, share: copy.share };
      },
    },
    options,
    signal,
  );
}
