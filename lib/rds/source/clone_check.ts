/** `--clone`: checks that a source can be cloned as it is now. Only reads. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { statusClassOf } from "../api/wait.ts";
import { rdsEngines } from "../api/names.ts";
import type { Source } from "./source.ts";

/**
 * The source with its cluster, as it is now, in place of the snapshot that was found.
 *
 * @throws {ScrubError} `source` if it is no cluster, or its cluster is gone, has no writer, does not run, or has another version than the
 * snapshot by which the source was found.
 * @throws {RdsError} if AWS refuses.
 */
export async function checkClone(rds: Rds, source: Source, signal: AbortSignal): Promise<Source> {
  const { name, snapshot } = source;
  if (rdsEngines[source.rdsEngine].deployment !== "cluster") {
    throw cannot(name, "it is a DB instance, and only Aurora clusters are cloned", "Leave --clone out for it.");
  }
  const cluster = await rds.instance(name, signal);
  if (cluster?.resourceId !== source.resourceId) {
    throw cannot(name, "the cluster of its snapshot is gone", "Find out who replaced it, then run again.");
  }
  if (cluster.writer === undefined || ["leaving", "broken"].includes(statusClassOf("instance", cluster.ownStatus))) {
    const why = cluster.writer === undefined ? "has no instance" : `is "${cluster.ownStatus}"`;
    throw cannot(name, `the cluster ${why}`, "A cluster is cloned while it runs. Start it, or leave --clone out.");
  }
  if (cluster.engineVersion !== snapshot.engineVersion) {
    throw cannot(
      name,
      `it is at ${cluster.engineVersion} now, its newest automated snapshot at ${snapshot.engineVersion}`,
      "Wait for its next automated backup, then run again.",
    );
  }
  return {
    ...source,
    snapshot: { ...snapshot, id: cluster.arn, arn: cluster.arn, takenAt: rds.now() },
    restore: { ...source.restore, cloneOf: name },
  };
}

function cannot(name: string, why: string, hint: string): ScrubError {
  return new ScrubError("source", `Cannot clone "${name}": ${why}`, `${hint} Nothing was created.`);
}
