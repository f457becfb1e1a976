/** What every status of an instance or a snapshot means to a wait. @module */

/**
 * `done`: usable. `busy`: usable but not to be changed. `transient`: will pass by itself. `leaving`: deleted or stopped
 * soon. `gone`: RDS says that there is none. `broken`: will not pass.
 */
export type StatusClass = "done" | "busy" | "transient" | "leaving" | "gone" | "broken";

/** Our own word for a record that RDS does not have (yet, or any more); no status of RDS's. */
export const GONE = "gone";

/** RDS Guide "Viewing DB instance status", with the words that AWS's own CloudFormation handlers know besides. */
const instanceStatuses: Readonly<Record<string, StatusClass>> = {
  [GONE]: "gone",
  available: "done",
  "storage-optimization": "busy",
  "backing-up": "busy",
  creating: "transient",
  modifying: "transient",
  rebooting: "transient",
  renaming: "transient",
  "resetting-master-credentials": "transient",
  starting: "transient",
  maintenance: "transient",
  upgrading: "transient",
  backtracking: "transient",
  "moving-to-vpc": "transient",
  "converting-to-vpc": "transient",
  "storage-config-upgrade": "transient",
  "storage-initialization": "transient",
  "configuring-enhanced-monitoring": "transient",
  "configuring-iam-database-auth": "transient",
  "configuring-log-exports": "transient",
  "delete-precheck": "leaving",
  deleting: "leaving",
  stopping: "leaving",
  stopped: "leaving",
  failed: "broken",
  "restore-error": "broken",
  "incompatible-restore": "broken",
  "incompatible-network": "broken",
  "incompatible-parameters": "broken",
  "incompatible-option-group": "broken",
  "incompatible-credentials": "broken",
  "incompatible-create": "broken",
  "insufficient-capacity": "broken",
  "inaccessible-encryption-credentials": "broken",
  "inaccessible-encryption-credentials-recoverable": "broken",
  "modify-failed": "broken",
  "upgrade-failed": "broken",
  // An instance could go on, but a scrub that ran out of space cannot.
  "storage-full": "broken",
};

const snapshotStatuses: Readonly<Record<string, StatusClass>> = {
  [GONE]: "gone",
  available: "done",
  creating: "transient",
  copying: "transient",
  deleting: "leaving",
  deleted: "leaving",
  failed: "broken",
  "incompatible-restore": "broken",
  "incompatible-parameters": "broken",
};

/** Classes an instance's status. */
export function classifyInstance(status: string): StatusClass {
  return Object.hasOwn(instanceStatuses, status) ? instanceStatuses[status] ?? byWord(status) : byWord(status);
}

/** Classes a snapshot's status. */
export function classifySnapshot(status: string): StatusClass {
  return Object.hasOwn(snapshotStatuses, status) ? snapshotStatuses[status] ?? byWord(status) : byWord(status);
}

/** RDS adds statuses without notice; bad news has these words in it. */
function byWord(status: string): StatusClass {
  if (/fail|incompatible|inaccessible|error|insufficient/.test(status)) return "broken";
  return /delet|stop/.test(status) ? "leaving" : "transient";
}
