/** ModifyDBSnapshotAttribute and DescribeDBSnapshotAttributes, and the same of cluster snapshots: which accounts may restore one. @module */
import { ApiError } from "../api_error.ts";
import type { RdsState } from "../state.ts";
import type { Snapshot } from "../records.ts";
import { List, type Parameters, type Xml } from "../query.ts";

/** Only manual, available snapshots; not those under the account's default key; twenty accounts at most. */
export function modifySharing(rds: RdsState, parameters: Parameters): Xml {
  const snapshot = rds.snapshot(parameters.required("DBSnapshotIdentifier"));
  change(rds, snapshot, parameters, "DB");
  return shape(snapshot, "DB");
}

/** The same of a cluster snapshot. */
export function modifyClusterSharing(rds: RdsState, parameters: Parameters): Xml {
  const snapshot = rds.clusterSnapshot(parameters.required("DBClusterSnapshotIdentifier"));
  change(rds, snapshot, parameters, "DBCluster");
  return shape(snapshot, "DBCluster");
}

type Prefix = "DB" | "DBCluster";

function change(rds: RdsState, snapshot: Snapshot, parameters: Parameters, prefix: Prefix): void {
  const attribute = parameters.required("AttributeName");
  const added = parameters.list("ValuesToAdd", "AttributeValue") ?? [];
  const removed = parameters.list("ValuesToRemove", "AttributeValue") ?? [];
  if (snapshot.production) rds.callLog.violation(`Modify${prefix}SnapshotAttribute ${snapshot.id}`);
  if (attribute !== "restore") {
    throw new ApiError("InvalidParameterValue", `Attribute name ${attribute} is not valid.`);
  }
  const wrongState = prefix === "DB" ? "InvalidDBSnapshotState" : "InvalidDBClusterSnapshotStateFault";
  if (snapshot.type !== "manual") {
    const message = `The parameter ${prefix}SnapshotIdentifier is not a valid identifier.`;
    throw new ApiError(prefix === "DB" ? "InvalidParameterValue" : wrongState, message);
  }
  if (snapshot.status !== "available") {
    throw new ApiError(wrongState, `The snapshot ${snapshot.id} is not in the available state.`);
  }
  if (added.some((account) => removed.includes(account))) {
    throw new ApiError("InvalidParameterCombination", "A value cannot be both added and removed.");
  }
  checkAccounts(rds, snapshot, added);
  const accounts = new Set([...snapshot.sharedWith, ...added]);
  for (const account of removed) accounts.delete(account);
  if (accounts.size > rds.config.quotas.sharedAccounts) {
    const limit = `${rds.config.quotas.sharedAccounts} accounts`;
    throw new ApiError("SharedSnapshotQuotaExceeded", `A snapshot can be shared with ${limit} at most.`);
  }
  snapshot.sharedWith = [...accounts];
}

/** The accounts; the attribute is there even without any. */
export function describeSharing(rds: RdsState, parameters: Parameters): Xml {
  return shape(rds.snapshot(parameters.required("DBSnapshotIdentifier")), "DB");
}

/** The same of a cluster snapshot. */
export function describeClusterSharing(rds: RdsState, parameters: Parameters): Xml {
  return shape(rds.clusterSnapshot(parameters.required("DBClusterSnapshotIdentifier")), "DBCluster");
}

function checkAccounts(rds: RdsState, { encryption }: Snapshot, added: readonly string[]): void {
  const wrong = added.find((account) => account !== "all" && !/^\d{12}$/.test(account));
  if (wrong !== undefined) throw new ApiError("InvalidParameterValue", `Invalid account id: ${wrong}`);
  if (added.includes(rds.config.account)) {
    throw new ApiError("InvalidParameterValue", "A snapshot cannot be shared with its owner.");
  }
  if (added.includes("all") && encryption !== "none") {
    throw new ApiError("InvalidParameterValue", "An encrypted snapshot cannot be made public.");
  }
  // RDS's own code for this is not documented.
  if (added.length > 0 && encryption === "default-key") {
    const message = "A snapshot that is encrypted with the default key of RDS cannot be shared.";
    throw new ApiError("InvalidParameterCombination", message);
  }
}

function shape({ id, sharedWith }: Snapshot, prefix: Prefix): Xml {
  const attribute = { AttributeName: "restore", AttributeValues: new List("AttributeValue", sharedWith) };
  const name = `${prefix}SnapshotAttribute`;
  const attributes = new List(name, [attribute]);
  return { [`${name}sResult`]: { [`${prefix}SnapshotIdentifier`]: id, [`${name}s`]: attributes } };
}
