/** Classes of the statuses of instances and snapshots, for waits. @module */

/**
 * `done`: usable. `busy`: usable, but cannot be modified. `transient`: changes by itself. `leaving`: being deleted or stopped.
 * `absent`: does not exist. `broken`: does not change by itself.
 */
export type StatusClass = "done" | "busy" | "transient" | "leaving" | "absent" | "broken";

/** The status, not one of RDS's own, of what RDS does not have. */
export const NOT_FOUND = "not found";

/** RDS Guide "Viewing DB instance status", and the statuses that AWS's CloudFormation handlers know besides. */
const instanceStatuses: Readonly<Record<string, StatusClass>> = {
  [NOT_FOUND]: "absent",
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
  // Of clusters: AWS's CloudFormation handlers; the last two are `records.ts`'s own.
  "failing-over": "transient",
  promoting: "transient",
  migrating: "transient",
  "update-iam-db-auth": "transient",
  "without a writer": "transient",
  "deleting the writer": "leaving",
  "migration-failed": "broken",
  "restore-failed": "broken",
  "cloning-failed": "broken",
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
  // The instance still runs, but a scrub without space cannot go on.
  "storage-full": "broken",
};

const snapshotStatuses: Readonly<Record<string, StatusClass>> = {
  [NOT_FOUND]: "absent",
  available: "done",
  creating: "transient",
  copying: "transient",
  deleting: "leaving",
  deleted: "leaving",
  failed: "broken",
  "incompatible-restore": "broken",
  "incompatible-parameters": "broken",
};

/** The class of an instance's status. */
export function instanceStatusClass(status: string): StatusClass {
  return Object.hasOwn(instanceStatuses, status) ? instanceStatuses[status] ?? byWord(status) : byWord(status);
}

/** The class of a snapshot's status. */
export function snapshotStatusClass(status: string): StatusClass {
  return Object.hasOwn(snapshotStatuses, status) ? snapshotStatuses[status] ?? byWord(status) : byWord(status);
}

/** For statuses that RDS has added: failures have these words in them. */
function byWord(status: string): StatusClass {
  if (/fail|incompatible|inaccessible|error|insufficient/.test(status)) return "broken";
  return /delet|stop/.test(status) ? "leaving" : "transient";
}
