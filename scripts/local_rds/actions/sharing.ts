/** ModifyDBSnapshotAttribute and DescribeDBSnapshotAttributes: which accounts may restore a snapshot. @module */
import { ApiError } from "../api_error.ts";
import type { RdsState } from "../state.ts";
import type { Snapshot } from "../records.ts";
import { List, type Parameters, type Xml } from "../query.ts";

/** Only manual, available snapshots; not those under the account's default key; twenty accounts at most. */
export function modifySharing(rds: RdsState, parameters: Parameters): Xml {
  const snapshot = rds.snapshot(parameters.required("DBSnapshotIdentifier"));
  const attribute = parameters.required("AttributeName");
  const added = parameters.list("ValuesToAdd", "AttributeValue") ?? [];
  const removed = parameters.list("ValuesToRemove", "AttributeValue") ?? [];
  if (snapshot.production) rds.callLog.violation(`ModifyDBSnapshotAttribute ${snapshot.id}`);
  if (attribute !== "restore") {
    throw new ApiError("InvalidParameterValue", `Attribute name ${attribute} is not valid.`);
  }
  if (snapshot.type !== "manual") {
    throw new ApiError("InvalidParameterValue", "The parameter DBSnapshotIdentifier is not a valid identifier.");
  }
  if (snapshot.status !== "available") {
    throw new ApiError("InvalidDBSnapshotState", `The snapshot ${snapshot.id} is not in the available state.`);
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
  return shape(snapshot);
}

/** The accounts; the attribute is there even without any. */
export function describeSharing(rds: RdsState, parameters: Parameters): Xml {
  return shape(rds.snapshot(parameters.required("DBSnapshotIdentifier")));
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

function shape({ id, sharedWith }: Snapshot): Xml {
  const attribute = { AttributeName: "restore", AttributeValues: new List("AttributeValue", sharedWith) };
  const attributes = new List("DBSnapshotAttribute", [attribute]);
  return { DBSnapshotAttributesResult: { DBSnapshotIdentifier: id, DBSnapshotAttributes: attributes } };
}
