/** A whole life on the local RDS with the real AWS client: restored, changed, deleted into a snapshot, shared. @module */
import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeEventsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  ModifyDBSnapshotAttributeCommand,
  type RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { assertEquals, assertRejects } from "@std/assert";
import { createConnection } from "mysql2/promise";
import postgres from "postgres";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { clientOf, readInstance, readSnapshot } from "./client.ts";

interface Login {
  readonly port: number;
  readonly ca: string;
  readonly password: string;
}

/** What differs between the engines: how to log in and run a statement, over TLS and as the master. */
const engines = {
  async postgres({ port, ca, password }: Login, statement: string) {
    const login = { host: "localhost", port, username: "master", password, database: "app_production" };
    const sql = postgres({ ...login, ssl: { ca }, max: 1 });
    try {
      return [...await sql.unsafe(statement)];
    } finally {
      await sql.end({ timeout: 5 });
    }
  },
  async mysql({ port, ca, password }: Login, statement: string) {
    const login = { host: "localhost", port, user: "master", password, database: "app_production" };
    const tls = { ca, verifyIdentity: true };
    const connection = await createConnection({ ...login, ssl: tls });
    try {
      const [rows] = await connection.query(statement);
      return rows;
    } finally {
      await connection.end();
    }
  },
};

const password = "AnotherPassword0123456789";

for (const engine of ["postgres", "mysql"] as const) {
  Deno.test(`An instance of ${engine} lives on the local RDS from a restore to a shared snapshot`, async (t) => {
    await using rds = await startLocalRds();
    await rds.addProduction({
      id: "prod",
      engine,
      tags: { env: "production" },
      prepare: async (server) => {
        await server.run("CREATE DATABASE app_production");
        const owned = engine === "postgres" ? "ALTER TABLE mail OWNER TO master;" : "";
        await server.run(
          `CREATE TABLE mail (address varchar(99)); ${owned} INSERT INTO mail VALUES ('a@b.c')`,
          "app_production",
        );
      },
    });
    const snapshot = rds.snapshots()[0]?.id;
    const client = clientOf(rds);
    const login = { ca: rds.ca, password, port: 0 };

    await t.step("a restore is `creating` without an endpoint, then `available` with one", async () => {
      const { DBInstance } = await client.send(
        new RestoreDBInstanceFromDBSnapshotCommand({
          DBInstanceIdentifier: "Scrub-1",
          DBSnapshotIdentifier: snapshot,
          BackupRetentionPeriod: 0,
          CopyTagsToSnapshot: true,
          Tags: [{ Key: "job", Value: "x" }],
        }),
      );
      assertEquals([DBInstance?.DBInstanceIdentifier, DBInstance?.DBInstanceStatus], ["scrub-1", "creating"]);
      assertEquals(DBInstance?.Endpoint, undefined);
      assertEquals(await readInstance(client, "scrub-1", "available"), ["creating", "available"]);
      const restored = await describe(client, "scrub-1");
      assertEquals(restored?.Endpoint?.Address, "localhost");
      login.port = restored?.Endpoint?.Port ?? 0;
    });
    await t.step("a new password shows first as pending, and works only in the end", async () => {
      const modified = await client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier: "scrub-1",
          MasterUserPassword: password,
          ApplyImmediately: true,
        }),
      );
      assertEquals(modified.DBInstance?.DBInstanceStatus, "available");
      assertEquals(modified.DBInstance?.PendingModifiedValues?.MasterUserPassword, "****");
      await assertRejects(() => engines[engine](login, "SELECT 1"));
      const seen = await readInstance(client, "scrub-1", "resetting-master-credentials");
      assertEquals(seen, ["available", "resetting-master-credentials"]);
      // A client that repeats a question that was answered late may miss the state that was seen above.
      assertEquals((await readInstance(client, "scrub-1", "available")).at(-1), "available");
      assertEquals((await describe(client, "scrub-1"))?.PendingModifiedValues, {});
      await engines[engine](login, "UPDATE mail SET address = 'scrubbed'");
    });
    await t.step("a snapshot of the running instance holds what was written so far", async () => {
      await client.send(
        new CreateDBSnapshotCommand({ DBInstanceIdentifier: "scrub-1", DBSnapshotIdentifier: "running" }),
      );
      assertEquals(await readSnapshot(client, "running", "available"), ["creating", "available"]);
      assertEquals((await readInstance(client, "scrub-1", "available")).at(-1), "available");
      assertEquals(await addresses(rds, "running"), [{ address: "scrubbed" }]);
      await engines[engine](login, "UPDATE mail SET address = 'scrubbed again'");
    });
    await t.step("a deletion leaves the final snapshot with tags, and nothing else", async () => {
      await client.send(
        new DeleteDBInstanceCommand({ DBInstanceIdentifier: "scrub-1", FinalDBSnapshotIdentifier: "scrubbed-prod-1" }),
      );
      assertEquals(rds.snapshots().at(-1)?.createTime, undefined);
      assertEquals(await readSnapshot(client, "scrubbed-prod-1", "available"), ["creating", "available"]);
      assertEquals((await readInstance(client, "scrub-1", "gone")).at(-1), "gone");
      assertEquals(rds.workspaces(), []);
      assertEquals(rds.snapshots().at(-1)?.tags, [{ key: "job", value: "x" }]);
      await assertRejects(() => engines[engine](login, "SELECT 1"));
    });
    await t.step("the final snapshot holds the data at the end, the source's those of before", async () => {
      assertEquals(await addresses(rds, "scrubbed-prod-1"), [{ address: "scrubbed again" }]);
      assertEquals(await addresses(rds, snapshot ?? ""), [{ address: "a@b.c" }]);
    });
    await t.step("the final snapshot can be tagged and shared", async () => {
      const arn = `arn:aws:rds:${rds.region}:${rds.account}:snapshot:scrubbed-prod-1`;
      await client.send(
        new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: "scrubber", Value: "scrubber" }] }),
      );
      const { TagList } = await client.send(new ListTagsForResourceCommand({ ResourceName: arn }));
      assertEquals(TagList?.map(({ Key }) => Key), ["job", "scrubber"]);
      const share = {
        DBSnapshotIdentifier: "scrubbed-prod-1",
        AttributeName: "restore",
        ValuesToAdd: ["444455556666"],
      };
      await client.send(new ModifyDBSnapshotAttributeCommand(share));
      const { DBSnapshotAttributesResult } = await client.send(
        new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: "scrubbed-prod-1" }),
      );
      assertEquals(DBSnapshotAttributesResult?.DBSnapshotAttributes?.[0]?.AttributeValues, ["444455556666"]);
      assertEquals(rds.shares(), { "scrubbed-prod-1": ["444455556666"] });
    });
    await t.step("the events tell the story, the log has every change, production is untouched", async () => {
      const { Events } = await client.send(
        new DescribeEventsCommand({ SourceIdentifier: "scrub-1", SourceType: "db-instance" }),
      );
      const messages = Events?.map(({ Message }) => Message);
      assertEquals(messages, [`Restored from snapshot ${snapshot}`, "Reset master credentials", "DB instance deleted"]);
      assertEquals(rds.callLog.changes(), [
        "RestoreDBInstanceFromDBSnapshot",
        "ModifyDBInstance",
        "CreateDBSnapshot",
        "DeleteDBInstance",
        "AddTagsToResource",
        "ModifyDBSnapshotAttribute",
      ]);
      assertEquals(rds.callLog.violations(), []);
      await rds.settled();
    });
    client.destroy();
  });
}

async function describe(client: RDSClient, id: string) {
  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return DBInstances?.[0];
}

async function addresses(rds: LocalRds, snapshot: string) {
  await using server = await rds.openSnapshot(snapshot);
  return await server.run("SELECT address FROM mail", "app_production");
}
