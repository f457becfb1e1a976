/** Changes the key on the way: a restore takes none, so the source's snapshot is copied under it first. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { denials, isRdsError } from "../api/errors.ts";
import type { Lease } from "../ownership/lease.ts";
import { copyName, runTags, tag } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import type { Source } from "../source/source.ts";
import { classifySnapshot, GONE } from "../api/status_classes.ts";
import { waitFor } from "../api/wait.ts";
import type { Reading } from "../api/wait.ts";
import { heartbeatOf, lagOf, snapshotPaceOf } from "./workspace_options.ts";
import type { WorkspaceOptions } from "./workspace_options.ts";

/** Copies, waits, and gives the copy's name. The lease is told what may stand. Throws a ScrubError. */
export async function reencrypt(
  rds: Rds,
  source: Source,
  key: string,
  options: WorkspaceOptions,
  lease: Lease,
  signal: AbortSignal,
): Promise<string> {
  const to = copyName(source, options.runId);
  const tags = runTags(source, options.runId, heartbeatOf(options), rds.now());
  lease.beginCopy(to);
  try {
    await rds.copySnapshot({ from: source.restore.snapshot, to, key, tags }, signal);
  } catch (error) {
    if (isRdsError(error, ...denials)) lease.endCopy();
    // Of this name there is only this run's: an answer was lost, and the call repeated.
    if (!isRdsError(error, "DBSnapshotAlreadyExistsFault")) throw error;
  }
  const patience = performance.now() + lagOf(options);
  await waitFor({
    purpose: `encrypt a copy of "${source.snapshot.id}"`,
    what: `snapshot "${to}"`,
    read: async (signal): Promise<Reading<Snapshot | undefined>> => {
      const copy = await rds.snapshot(to, signal);
      if (!copy) return { status: performance.now() < patience ? "not yet there" : GONE, value: undefined };
      if (!copy.tags.has(tag.run) && performance.now() < patience) {
        return { status: `${copy.status}, without its tags yet`, value: undefined };
      }
      if (copy.tags.get(tag.run) !== options.runId) {
        throw new ScrubError(
          "workspace",
          `Cannot use snapshot "${to}": it does not carry the tag of run ${options.runId}`,
          "Find out who made it, then run again.",
        );
      }
      lease.seenCopy(copy.arn);
      return { status: copy.status, value: copy };
    },
    classify: classifySnapshot,
    pending: ["transient"],
    target: ["done"],
    readings: 1,
    pace: snapshotPaceOf(options),
  }, signal);
  return to;
}
