/** Settings of the restore for which RDS's defaults would be wrong. @module */

import type { WorkspaceOverrides } from "../../core/settings.ts";
import { ScrubError } from "../../core/errors.ts";
import { GIB, gp3Baseline, stripedFrom } from "../../core/storage.ts";
import type { RestoreCall } from "../api/client.ts";
import { isRdsEngine, majorVersion, rdsEngines } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";

/** Settings of a restore. The class is `auto` until one is chosen, where the operator asks for that. */
export type RestoreSettings = Omit<RestoreCall, "instance" | "snapshot" | "tags">;

/** Keeps an old engine version; with `…-disabled` RDS may upgrade it at the restore. RDS for MariaDB has no such support to ask for. */
const keepOldVersions = "open-source-rds-extended-support";

/**
 * The operator's settings, else the source instance's. `instance`: absent if it is gone, or another account's.
 *
 * @throws {ScrubError} `source`, with the options to give, if neither has a setting that is needed.
 */
export function restoreSettings(
  snapshot: Snapshot,
  instance: Instance | undefined,
  overrides: WorkspaceOverrides,
): RestoreSettings {
  // Groups are for one major version: those of an instance that was upgraded since do not fit.
  const sameVersion = instance !== undefined && major(snapshot) === major(instance);
  const instanceClass = overrides.instanceClass ?? instance?.instanceClass;
  const subnetGroup = overrides.subnetGroup ?? instance?.subnetGroup;
  const securityGroups = overrides.securityGroups ?? (instance?.securityGroups ?? []).map(({ name }) => name);
  const parameterGroup = overrides.parameterGroup ?? (sameVersion ? instance.parameterGroups[0]?.name : undefined);
  const optionGroup = overrides.optionGroup ?? (sameVersion ? instance.optionGroups[0]?.name : undefined);
  if (!instanceClass || !subnetGroup || securityGroups.length === 0 || !parameterGroup) {
    const missing = [
      ...(instanceClass ? [] : ["--instance-class"]),
      ...(subnetGroup ? [] : ["--subnet-group"]),
      ...(securityGroups.length > 0 ? [] : ["--security-groups"]),
      ...(parameterGroup ? [] : ["--parameter-group"]),
    ];
    const why = instance === undefined
      ? `its instance "${snapshot.instance}" is gone or another account's`
      : !parameterGroup && !sameVersion
      ? `its instance "${instance.id}" is at ${instance.engineVersion} now, the snapshot at ${snapshot.engineVersion}`
      : `its instance "${instance.id}" lacks settings`;
    throw new ScrubError(
      "source",
      `Cannot restore snapshot "${snapshot.id}": ${why}, and not all settings of the restore are given`,
      `Give ${missing.join(", ")}.`,
    );
  }
  return {
    engine: snapshot.engine,
    engineVersion: snapshot.engineVersion,
    instanceClass,
    subnetGroup,
    securityGroups,
    parameterGroup,
    optionGroup,
    caCertificate: instance?.caCertificate,
    lifecycleSupport: instance?.lifecycleSupport ?? (snapshot.engine === "mariadb" ? undefined : keepOldVersions),
    port: snapshot.port,
    networkType: instance?.networkType,
    ...isCluster(snapshot)
      ? clusterSettings(snapshot, instance, instanceClass, overrides)
      : storageSettings(snapshot, overrides),
  };
}

/** What only a cluster has: a writer without a fixed class, and storage that grows by itself. */
function clusterSettings(
  { storageType }: Snapshot,
  cluster: Instance | undefined,
  instanceClass: string,
  overrides: WorkspaceOverrides,
): Pick<RestoreSettings, "storageType" | "serverless"> {
  const given = Object.entries(instanceOnly).filter(([name]) => Reflect.get(overrides, name) !== undefined);
  if (given.length > 0) {
    throw new ScrubError(
      "size",
      `Cannot restore an Aurora cluster as it is asked for: it has no ${
        given.map(([, what]) => what).join(", and no ")
      }`,
      "Leave these options out, or scrub the cluster in a run of its own.",
    );
  }
  const serverless = instanceClass === "db.serverless" ? cluster?.serverless : undefined;
  return { storageType, ...(serverless && { serverless }) };
}

/** Overrides that a cluster does not have. */
const instanceOnly = {
  optionGroup: "option group",
  storageType: "storage type to choose",
  iops: "provisioned IOPS",
  storageThroughput: "provisioned throughput",
  allocatedStorage: "allocated storage",
} as const satisfies Partial<Record<keyof WorkspaceOverrides, string>>;

function isCluster({ engine }: Snapshot): boolean {
  return isRdsEngine(engine) && rdsEngines[engine].deployment === "cluster";
}

/** What is not asked for stays as the snapshot has it: another storage type slows the volume down for hours. */
export function storageSettings(
  snapshot: Snapshot,
  { storageType = snapshot.storageType, iops, storageThroughput, allocatedStorage: asked }: WorkspaceOverrides,
): Pick<RestoreSettings, "storageType" | "iops" | "storageThroughput" | "allocatedStorage"> {
  const before = snapshot.storageBytes === undefined ? undefined : snapshot.storageBytes / GIB;
  const allocatedStorage = asked === before ? undefined : asked;
  const isIo = (type = "") => /^io\d/.test(type);
  const newlyStriped = storageType === "gp3" && (asked ?? before ?? 0) >= stripedFrom &&
    (snapshot.storageType !== "gp3" || (before ?? 0) < stripedFrom);
  // RDS would take the snapshot's, which this volume may not have.
  const otherwise = isIo(storageType) ? snapshot.iops : isIo(snapshot.storageType) ? 0 : undefined;
  return {
    storageType,
    iops: iops ?? (newlyStriped ? gp3Baseline.iops : otherwise),
    storageThroughput: storageThroughput ?? (newlyStriped ? gp3Baseline.storageThroughput : undefined),
    allocatedStorage,
  };
}

function major({ engine, engineVersion }: { readonly engine: string; readonly engineVersion: string }): string {
  return majorVersion(engine, engineVersion);
}
