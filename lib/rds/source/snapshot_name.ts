/** Checks before the restore that the final snapshot can have its name. @module */

import { ScrubError } from "../../core/errors.ts";
import type { FinalSnapshotMode } from "../../core/settings.ts";
import { snapshotName } from "../api/names.ts";
import type { Source } from "./source.ts";

/** API Reference, CreateDBClusterSnapshot. A final snapshot, and any DB snapshot, may have 255. */
const longestOfRunningCluster = 63;

/**
 * The name of a cluster snapshot has room for a longer cluster's only where the deletion of the cluster makes it.
 *
 * @throws {ScrubError} `size`
 */
export function checkSnapshotName(source: Source, mode: FinalSnapshotMode | undefined, now: Date): void {
  const name = snapshotName(source, now);
  if (source.deployment === "instance" || mode !== "create" || name.length <= longestOfRunningCluster) return;
  throw new ScrubError(
    "size",
    `Cannot snapshot "${source.name}" by --final-snapshot create: "${name}" is longer than the ${longestOfRunningCluster} ` +
      "characters that a snapshot of a running cluster may have",
    "Leave --final-snapshot create out. Nothing was created.",
  );
}
