/** Waits for a snapshot that a run makes before its restore, and deletes after it: a fresh one, or a copy under another key. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Snapshot } from "../api/records.ts";
import { type Reading, waitFor } from "../api/wait.ts";
import { LateTags } from "../states/late_tags.ts";
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
  const lateTags = new LateTags("snapshot", options.runId, options);
  return await waitFor(
    wait,
    {
      id,
      read: async (signal): Promise<Reading<Snapshot> | undefined> => {
        const copy = await rds.snapshot(id, signal);
        if (!copy) return undefined;
        const untagged = lateTags.reading(copy);
        if (untagged) return untagged;
        if (ownerOf(copy.tags, options.runId) !== "this run") {
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
