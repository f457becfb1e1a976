/** DeleteDBInstance, with a final snapshot or without. @module */
import type { Parameters, Xml } from "../query.ts";
import { instanceShape } from "./shapes.ts";
import { complete, newSnapshot } from "./new_snapshot.ts";
import { removeFolder } from "../folder.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import { type Instance, isStaging, type Snapshot } from "../records.ts";

/** Answers at once; the instance is `deleting` until the final snapshot is complete. */
export function deleteInstance(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const instance = rds.instance(parameters.required("DBInstanceIdentifier"));
  if (instance.production || isStaging(instance)) rds.callLog.violation(`DeleteDBInstance ${instance.id}`);
  const skip = parameters.flag("SkipFinalSnapshot") ?? false;
  const name = parameters.text("FinalDBSnapshotIdentifier");
  const deleteAutomated = parameters.flag("DeleteAutomatedBackups") ?? true;
  if (skip === (name !== undefined)) {
    const message = skip
      ? "FinalDBSnapshotIdentifier cannot be specified when SkipFinalSnapshot is true."
      : "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.";
    throw new ApiError("InvalidParameterCombination", message);
  }
  if (instance.status === "deleting") {
    throw new ApiError("InvalidDBInstanceState", `Instance ${instance.id} is already being deleted.`);
  }
  if (instance.settings.deletionProtection) {
    throw new ApiError(
      "InvalidParameterCombination",
      "Cannot delete protected DB Instance, please disable deletion protection.",
    );
  }
  const final = name === undefined ? undefined : finalSnapshot(rds, instance, name);
  instance.status = "deleting";
  const before = instance.work;
  instance.work = rds.background(async () => {
    await before;
    await remove(rds, instance, final, ends);
    if (deleteAutomated) await removeAutomated(rds, instance);
  });
  return { DBInstance: instanceShape(rds, instance) };
}

function finalSnapshot(rds: RdsState, instance: Instance, name: string): Snapshot {
  const id = checkIdentifier(name, "FinalDBSnapshotIdentifier", 255);
  if (instance.replicaOf || instance.clusterId) {
    const message = "A final snapshot is not possible for read replicas and members of clusters.";
    throw new ApiError("InvalidParameterCombination", message);
  }
  if (instance.status !== "available") {
    const message = `Cannot create a final snapshot because the DB instance is in ${instance.status} state.`;
    throw new ApiError("InvalidDBInstanceState", message);
  }
  return newSnapshot(rds, instance, id);
}

async function remove(rds: RdsState, instance: Instance, final?: Snapshot, ends?: string): Promise<void> {
  const { latencies } = rds.config;
  // The final snapshot is of the volume after a clean shutdown; the storage of a cluster has all that its servers have sent.
  await instance.server?.stop(final || instance.clusterId ? "clean" : "now");
  delete instance.server;
  delete instance.endpoint;
  if (final) {
    await final.polls.past(latencies.snapshot, rds.closing);
    if (instance.dataDir && rds.config.servers) {
      final.dataDir = rds.newFolder("snapshot");
      await Deno.rename(instance.dataDir, final.dataDir);
    }
    if (ends) final.status = ends;
    else complete(rds, final);
  }
  await instance.polls.past(latencies.deleting, rds.closing);
  await removeFolder(instance.dataDir);
  rds.event(instance, "deletion", "DB instance deleted");
  rds.instances.delete(instance.id);
}

/** Deletes the automated snapshots. */
async function removeAutomated(rds: RdsState, { resourceId }: Instance): Promise<void> {
  for (const snapshot of [...rds.snapshots.values()]) {
    if (snapshot.type !== "automated" || snapshot.resourceId !== resourceId) continue;
    rds.snapshots.delete(snapshot.id);
    await removeFolder(snapshot.dataDir);
  }
}
