/** What an account that a snapshot is shared with has to do to get an instance of it. @module */

import type { ReceiversReport } from "../../core/report.ts";
import { GIB } from "../../core/storage.ts";
import { isRdsEngine, majorVersion, rdsEngines } from "../api/names.ts";
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
  const common = {
    engine,
    engineVersion,
    parameterGroupFamily: `${engine}${majorVersion(engine, engineVersion)}`,
    ...(storageBytes !== undefined && { allocatedStorage: storageBytes / GIB }),
  };
  if (isRdsEngine(engine) && rdsEngines[engine].deployment === "cluster") {
    return { ...common, commands: clusterCommands(aws, { arn, engine, engineVersion }) };
  }
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
    ...common,
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

/** Aurora User Guide "Sharing a DB cluster snapshot": it is restored as it is, with a key that the receiver may use if it is encrypted. */
function clusterCommands(
  aws: (command: string, ...words: readonly string[]) => string,
  { arn, engine, engineVersion }: Pick<Snapshot, "arn" | "engine" | "engineVersion">,
): readonly string[] {
  return [
    aws(
      "restore-db-cluster-from-snapshot",
      `--db-cluster-identifier NAME --snapshot-identifier ${arn} --engine ${engine} --engine-version ${engineVersion}`,
      "--db-cluster-parameter-group-name GROUP --db-subnet-group-name SUBNETS --vpc-security-group-ids IDS",
    ),
    aws("wait db-cluster-available", "--db-cluster-identifier NAME"),
    aws(
      "create-db-instance",
      `--db-instance-identifier NAME-1 --db-cluster-identifier NAME --engine ${engine} --db-instance-class CLASS`,
      "--no-publicly-accessible",
    ),
    aws("wait db-instance-available", "--db-instance-identifier NAME-1"),
    aws("modify-db-cluster", "--db-cluster-identifier NAME --manage-master-user-password --apply-immediately"),
  ];
}
