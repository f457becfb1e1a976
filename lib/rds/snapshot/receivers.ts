/** What an account that a snapshot is shared with has to do to get an instance of it. @module */

import type { ReceiversReport } from "../../core/report.ts";
import { GIB } from "../../core/storage.ts";
import { majorVersion } from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";

/**
 * Commands of the AWS CLI, in order; words in capitals are the receiver's own. RDS Guide "Sharing a DB snapshot": one that is
 * encrypted must be copied under a key of the receiver's before the restore, in the same region. Parameter groups are not shared,
 * and the master user's password is one that the run threw away.
 */
export function describeReceivers(
  { id, arn, engine, engineVersion, encrypted, storageBytes }: Pick<
    Snapshot,
    "id" | "arn" | "engine" | "engineVersion" | "encrypted" | "storageBytes"
  >,
): ReceiversReport {
  const region = arn.split(":")[3] ?? "";
  const aws = (command: string, ...words: readonly string[]) =>
    ["aws rds", command, "--region", region, ...words].join(" ");
  const copy = encrypted
    ? [
      aws(
        "copy-db-snapshot",
        `--source-db-snapshot-identifier ${arn} --target-db-snapshot-identifier ${id} --kms-key-id KEY`,
      ),
      aws("wait db-snapshot-available", `--db-snapshot-identifier ${id}`),
    ]
    : [];
  return {
    engine,
    engineVersion,
    parameterGroupFamily: `${engine}${majorVersion(engine, engineVersion)}`,
    ...(storageBytes !== undefined && { allocatedStorage: storageBytes / GIB }),
    commands: [
      ...copy,
      aws(
        "restore-db-instance-from-db-snapshot",
        `--db-instance-identifier NAME --db-snapshot-identifier ${encrypted ? id : arn}`,
        "--db-parameter-group-name GROUP --db-subnet-group-name SUBNETS --vpc-security-group-ids IDS --no-publicly-accessible",
      ),
      aws("wait db-instance-available", "--db-instance-identifier NAME"),
      aws("modify-db-instance", "--db-instance-identifier NAME --manage-master-user-password --apply-immediately"),
    ],
  };
}
