/** An instance of the operator's that runs may refresh, and a verified snapshot to refresh it with: what the tests of refreshing share. @module */

import {
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotMessage,
} from "@aws-sdk/client-rds";
import { runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import type { RefreshOptions, RefreshRequest } from "../../../lib/rds/refresh/refresh.ts";
import type { LocalRds, LocalRdsOptions } from "../../../scripts/local_rds/local_rds.ts";
import type { Instance } from "../../../scripts/local_rds/records.ts";
import { clientOf, readInstance } from "../../local_rds/client.ts";
import { type Lab, openLab } from "../local.ts";
import { quick, readBack } from "../run.ts";

/** The name of the instance. */
export const staging = "staging";

/** The source of the snapshot. */
export const named = { rdsEngine: "postgres", name: "prod" } as const;

/** The run whose snapshot it is, long dead, and the names that it gives. */
export const runId = "0123456789abcdef0123456789abcdef";
export const successorId = "staging-new-0123456789ab";
export const beforeId = "staging-before-0123456789ab";

/** What its owner allows that with. */
export const allowed = { [tag.refresh]: "allowed" };

/** Adds the instance: a restored copy of the first snapshot, with settings of its own. */
export async function addStaging(
  local: LocalRds,
  more: Partial<RestoreDBInstanceFromDBSnapshotMessage> = {},
  tags: Readonly<Record<string, string>> = { ...allowed, team: "web" },
): Promise<Instance> {
  using client = disposable(clientOf(local));
  const id = more.DBInstanceIdentifier ?? staging;
  const production = local.instances().find((one) => one.production);
  await client.aws.send(
    new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: id,
      DBSnapshotIdentifier: local.snapshots()[0]?.id,
      DBInstanceClass: "db.t4g.medium",
      DBSubnetGroupName: production?.settings.subnetGroup,
      DBParameterGroupName: production?.settings.parameterGroup,
      VpcSecurityGroupIds: ["sg-staging"],
      BackupRetentionPeriod: 0,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ...more,
    }),
  );
  await readInstance(client.aws, id, "available");
  await local.settled();
  const found = local.instances().find((one) => one.id === id);
  if (!found) throw new TypeError(`Cannot add "${id}": it is not there`);
  return found;
}

function disposable(aws: ReturnType<typeof clientOf>) {
  return { aws, [Symbol.dispose]: () => aws.destroy() };
}

/** Adds a verified snapshot of so many days ago, whose run was to refresh the instance. */
export function addVerified(lab: Lab, days = 1, more: Readonly<Record<string, string>> = {}): string {
  const createTime = new Date(Date.now() - days * 86_400_000);
  const id = snapshotName(named, createTime);
  const tags = {
    ...runTags(named, runId, 300_000, new Date("2020-01-01T00:00:00.000Z")),
    [tag.proof]: "d1635700",
    [tag.share]: "done",
    [tag.refreshes]: `wanted ${staging}`,
    ...more,
  };
  const [first] = lab.local.snapshots();
  lab.local.addSnapshot({ id, instance: workspaceName(named), type: "manual", tags, dataOf: first?.id, createTime });
  return id;
}

/** A lab with the instance and the snapshot. */
export async function openStaging(
  options: LocalRdsOptions = {},
  more?: Partial<RestoreDBInstanceFromDBSnapshotMessage>,
  tags?: Readonly<Record<string, string>>,
): Promise<Lab & { readonly id: string; readonly old: Instance }> {
  const lab = await openLab({ latencies: quick, ...options });
  try {
    const old = await addStaging(lab.local, more, tags);
    return { ...lab, id: addVerified(lab), old, [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
}

/** What a run asks for. */
export function requestFor(id: string): RefreshRequest {
  return { id, source: named, target: staging, runId };
}

/** Time limits of a run, in milliseconds. */
export function limitsOf(lab: Lab): RefreshOptions {
  return {
    ...readBack,
    timeout: 20_000,
    snapshotTimeout: 20_000,
    cleanUpTimeout: 20_000,
    heartbeat: 300_000,
    log: lab.notes,
  };
}

/** Which instance, by its DbiResourceId, has which name. */
export function namesIn(lab: Lab): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lab.local.instances().filter(({ production }) => !production).map((one) => [one.id, one.resourceId]),
  );
}

/** The tags of a record. */
export function tagsOf(
  { tags }: { readonly tags: readonly { readonly key: string; readonly value: string }[] },
): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
