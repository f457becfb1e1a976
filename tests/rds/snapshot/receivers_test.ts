/** What the report tells receivers. @module */

import { assertEquals } from "@std/assert";
import { describeReceivers } from "../../../lib/rds/snapshot/receivers.ts";

const snapshot = {
  id: "scrubbed-orders-2026-11-24-03-48",
  arn: "arn:aws:rds:eu-west-1:111122223333:snapshot:scrubbed-orders-2026-11-24-03-48",
  engine: "postgres",
  engineVersion: "18.4",
  storageBytes: 20 * 2 ** 30,
  encrypted: false,
};

Deno.test("an unencrypted snapshot is restored by its ARN, where it was shared", () => {
  assertEquals(describeReceivers(snapshot), {
    engine: "postgres",
    engineVersion: "18.4",
    parameterGroupFamily: "postgres18",
    allocatedStorage: 20,
    commands: [
      `aws rds restore-db-instance-from-db-snapshot --region eu-west-1 --db-instance-identifier NAME --db-snapshot-identifier ${snapshot.arn} ` +
      "--db-parameter-group-name GROUP --db-subnet-group-name SUBNETS --vpc-security-group-ids IDS --no-publicly-accessible",
      "aws rds wait db-instance-available --region eu-west-1 --db-instance-identifier NAME",
      "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier NAME --manage-master-user-password --apply-immediately",
    ],
  });
});

Deno.test("an encrypted one is copied under the receiver's key first, and the copy restored", () => {
  const { commands, parameterGroupFamily } = describeReceivers({
    ...snapshot,
    engine: "mysql",
    engineVersion: "8.4.6",
    encrypted: true,
  });
  assertEquals(parameterGroupFamily, "mysql8.4");
  assertEquals(commands.slice(0, 2), [
    `aws rds copy-db-snapshot --region eu-west-1 --source-db-snapshot-identifier ${snapshot.arn} ` +
    `--target-db-snapshot-identifier ${snapshot.id} --kms-key-id KEY`,
    `aws rds wait db-snapshot-available --region eu-west-1 --db-snapshot-identifier ${snapshot.id}`,
  ]);
  assertEquals(commands[2]?.includes(`--db-snapshot-identifier ${snapshot.id} `), true);
});
