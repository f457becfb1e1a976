/** The real AWS client against a local RDS, and a way to wait for a status by reading it. @module */
import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";

/** A client that gives up at the first failure unless told otherwise. */
export function clientOf({ url, region }: Pick<LocalRds, "url" | "region">, maxAttempts = 1): RDSClient {
  return new RDSClient({
    endpoint: url,
    region,
    maxAttempts,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}

/** Statuses of an instance, one a reading, until it has the wanted one or is gone. */
export async function readInstance(client: RDSClient, id: string, wanted: string): Promise<readonly string[]> {
  return await readUntil(wanted, async () => {
    const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return DBInstances?.[0]?.DBInstanceStatus;
  });
}

/** Statuses of a snapshot, one a reading, until it has the wanted one or is gone. */
export async function readSnapshot(client: RDSClient, id: string, wanted: string): Promise<readonly string[]> {
  return await readUntil(wanted, async () => {
    const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
    return DBSnapshots?.[0]?.Status;
  });
}

async function readUntil(wanted: string, read: () => Promise<string | undefined>): Promise<readonly string[]> {
  const seen: string[] = [];
  while (seen.at(-1) !== wanted && seen.at(-1) !== "gone") {
    const status = await read().catch((error) => {
      if (error instanceof Error && /NotFound/.test(error.name)) return "gone";
      throw error;
    });
    if (status === undefined) throw new Error(`No status after ${seen.join(", ")}`);
    if (seen.at(-1) !== status) seen.push(status);
  }
  return seen;
}
