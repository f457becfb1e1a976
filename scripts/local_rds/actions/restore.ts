/** RestoreDBInstanceFromDBSnapshot: a new instance with a copy of a snapshot's data, and RDS's defaults. @module */
import type { Parameters, Xml } from "../query.ts";
import { checkClass } from "./class_offers.ts";
import { instanceShape } from "./shapes.ts";
import { used } from "./quotas.ts";
import { takeAutomatedSnapshot } from "./new_snapshot.ts";
import { changeTags, checkTags } from "./tags.ts";
import { copyFolder } from "../folder.ts";
import { familyOf, serverSettings } from "../parameters.ts";
import { Polls } from "../polls.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import type { Instance, Settings, Snapshot, Traits } from "../records.ts";
import type { Server } from "../server.ts";
import { startServer } from "../start_server.ts";

/** Answers at once; the instance's status shows the progress. */
export function restoreInstance(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const id = checkIdentifier(parameters.required("DBInstanceIdentifier"), "DBInstanceIdentifier", 63);
  const snapshot = rds.snapshot(parameters.required("DBSnapshotIdentifier"));
  if (snapshot.status !== "available") {
    throw new ApiError("InvalidDBSnapshotState", `The snapshot ${snapshot.id} is not in the available state.`);
  }
  if (rds.instances.has(id)) throw new ApiError("DBInstanceAlreadyExists", "DB instance already exists");
  const { instances, storage } = used(rds);
  if (instances >= rds.config.quotas.instances) {
    throw new ApiError("InstanceQuotaExceeded", "Instance quota exceeded.");
  }
  if (snapshot.type === "shared" && snapshot.encryption !== "none") {
    throw new ApiError("InvalidParameterCombination", "Encrypted shared snapshots must be copied before a restore.");
  }
  const { engine, engineVersion, settings } = snapshot;
  checkClass(parameters.text("DBInstanceClass") ?? settings.instanceClass, engine, engineVersion, "instance");
  const allocatedStorage = parameters.integer("AllocatedStorage") ?? snapshot.allocatedStorage;
  if (allocatedStorage < snapshot.allocatedStorage) {
    throw new ApiError("InvalidParameterValue", "The storage cannot be smaller than the snapshot's.");
  }
  if (storage + allocatedStorage > rds.config.quotas.storage) {
    throw new ApiError("StorageQuotaExceeded", "Storage quota exceeded.");
  }
  return launch(
    rds,
    {
      id,
      traits: { ...traits(snapshot), allocatedStorage },
      settings: {
        ...settingsOf(rds, parameters, snapshot),
        ...storageSettings(parameters, snapshot, allocatedStorage),
      },
      tags: parameters.tags() ?? snapshot.instanceTags,
      initialised: 0,
    },
    { event: `Restored from snapshot ${snapshot.id}`, of: snapshot, ...(ends !== undefined && { ends }) },
  );
}

/** A new instance, as it was asked for. */
interface NewInstance extends Pick<Instance, "id" | "settings" | "tags" | "initialised"> {
  readonly traits: Traits;
}

/** Where its data come from, and how it ends. */
interface Launch {
  readonly event: string;
  /** The snapshot that it gets a copy of; absent: it is empty. */
  readonly of?: Snapshot;
  /** Sets up an empty server. */
  readonly filled?: (server: Server) => Promise<void>;
  /** A status in which it ends. */
  readonly ends?: string;
}

/** Adds the instance, and makes it in the background. */
export function launch(rds: RdsState, { id, traits, tags, ...rest }: NewInstance, how: Launch): Xml {
  const instance: Instance = {
    ...traits,
    ...rest,
    id,
    arn: rds.arn("db", id),
    resourceId: `db-${crypto.randomUUID().replaceAll("-", "").toUpperCase().slice(0, 26)}`,
    createTime: rds.now(),
    production: false,
    polls: new Polls(),
    status: "unseen",
    tags: [],
    pending: {},
    work: Promise.resolve(),
  };
  changeTags(rds, instance, checkTags(tags));
  rds.instances.set(id, instance);
  instance.work = rds.background(async () => {
    try {
      await create(rds, instance, how);
    } catch (error) {
      instance.status = "failed";
      throw error;
    }
  });
  return { DBInstance: instanceShape(rds, { ...instance, status: "creating" }) };
}

function traits({ engine, engineVersion, masterUsername, encryption, port }: Snapshot) {
  return { engine, engineVersion, masterUsername, encryption, port };
}

/** Settings that the caller left out: the source's, a default, or off. */
export function settingsOf(
  rds: RdsState,
  parameters: Parameters,
  { engine, engineVersion, settings: source }: Pick<Snapshot, "engine" | "engineVersion" | "settings">,
): Settings {
  const group = (name: string, fault: string, otherwise: string) => {
    const wanted = parameters.text(name);
    if (wanted && !isKnownGroup(rds, wanted)) throw new ApiError(fault, `${name} ${wanted} not found.`);
    return wanted || otherwise;
  };
  // API Reference, RestoreDBInstanceFromDBSnapshot: "applies only to RDS for MySQL and RDS for PostgreSQL".
  if (engine === "mariadb" && parameters.text("EngineLifecycleSupport") !== undefined) {
    throw new ApiError("InvalidParameterCombination", "EngineLifecycleSupport is not for this engine.");
  }
  const family = familyOf(engine, engineVersion);
  const backupWindow = parameters.text("PreferredBackupWindow");
  const logExports = parameters.list("EnableCloudwatchLogsExports", "member");
  const subnetGroup = group("DBSubnetGroupName", "DBSubnetGroupNotFoundFault", "default");
  return {
    subnetGroup,
    parameterGroup: parameterGroupOf(rds, parameters, family),
    optionGroup: group("OptionGroupName", "OptionGroupNotFoundFault", `default:${family.replaceAll(".", "-")}`),
    instanceClass: parameters.text("DBInstanceClass") ?? source.instanceClass,
    securityGroups: parameters.list("VpcSecurityGroupIds", "VpcSecurityGroupId") ?? ["sg-default"],
    multiAz: parameters.flag("MultiAZ") ?? false,
    publiclyAccessible: parameters.flag("PubliclyAccessible") ?? subnetGroup === "default",
    deletionProtection: parameters.flag("DeletionProtection") ?? false,
    backupRetentionPeriod: parameters.integer("BackupRetentionPeriod") ?? source.backupRetentionPeriod,
    copyTagsToSnapshot: parameters.flag("CopyTagsToSnapshot") ?? false,
    autoMinorVersionUpgrade: parameters.flag("AutoMinorVersionUpgrade") ?? true,
    iamAuthentication: parameters.flag("EnableIAMDatabaseAuthentication") ?? false,
    engineLifecycleSupport: parameters.text("EngineLifecycleSupport") ?? "open-source-rds-extended-support",
    storageType: source.storageType,
    ...(backupWindow !== undefined && { backupWindow }),
    ...(logExports && { logExports }),
  };
}

/** The volume. RDS takes what is left out from the snapshot, and refuses what its type does not have. */
export function storageSettings(
  parameters: Parameters,
  { settings: source }: Pick<Snapshot, "settings">,
  storage: number,
): Pick<Settings, "storageType" | "iops" | "storageThroughput"> {
  const storageType = parameters.text("StorageType") ?? source.storageType;
  const iops = parameters.integer("Iops") ?? source.iops;
  const storageThroughput = parameters.integer("StorageThroughput") ??
    (storageType === "gp3" ? source.storageThroughput : undefined);
  const provisioned = /^io\d$/.test(storageType) || storageType === "gp3" && storage >= 400;
  if (!provisioned && iops || storageThroughput !== undefined && !(storageType === "gp3" && provisioned)) {
    const message = `You can't specify IOPS or storage throughput for ${storageType} with ${storage} GiB.`;
    throw new ApiError("InvalidParameterCombination", message);
  }
  const most = storageType === "io1" ? 50 : storageType === "io2" ? 1000 : 500;
  if (/^io\d$/.test(storageType) && !iops || iops && (iops < storage / 2 || iops > most * storage)) {
    throw new ApiError("InvalidParameterCombination", `IOPS must be from 0.5 to ${most} for each GiB of storage.`);
  }
  return { storageType, ...(iops && { iops }), ...(storageThroughput !== undefined && { storageThroughput }) };
}

function isKnownGroup(rds: RdsState, name: string): boolean {
  const known = [...rds.snapshots.values()].flatMap(({ settings }) => [
    settings.subnetGroup,
    settings.optionGroup,
  ]);
  return name.startsWith("default") || known.includes(name);
}

function parameterGroupOf(rds: RdsState, parameters: Parameters, family: string): string {
  const group = rds.parameterGroup(parameters.text("DBParameterGroupName") || `default.${family}`);
  if (group.family === family) return group.id;
  const message =
    `The Parameter Group ${group.id} with DBParameterGroupFamily ${group.family} can't be used for this ` +
    `instance. Please use a Parameter Group with DBParameterGroupFamily ${family}.`;
  throw new ApiError("InvalidParameterCombination", message);
}

/** In the background: copies the data, if there are any, and starts the server while the instance is `creating`. */
async function create(rds: RdsState, instance: Instance, { event, of: snapshot, filled, ends }: Launch): Promise<void> {
  const { latencies, servers } = rds.config;
  const data = instance.dataDir = rds.newFolder("instance");
  const made = servers && snapshot?.dataDir ? copyFolder(snapshot.dataDir, data) : Promise.resolve();
  if (snapshot) snapshot.reading = Promise.allSettled([snapshot.reading, made]);
  await instance.polls.past(latencies.unseen, rds.closing);
  if (instance.status === "unseen") instance.status = "creating";
  await Promise.all([made, instance.polls.past(latencies.creating, rds.closing)]);
  if (instance.status === "deleting" || rds.closing.aborted) return;
  if (ends) {
    instance.status = ends;
    if (ends !== "creating") rds.event(instance, "failure", `DB instance put into ${ends}`);
    return;
  }
  if (servers) {
    const settings = serverSettings(rds.parameterGroup(instance.settings.parameterGroup));
    instance.server = await startServer(instance.engine, { dataDir: data, authority: rds.authority, settings });
    await filled?.(instance.server);
  }
  if (isGoing(instance)) return;
  instance.endpoint = { address: "localhost", port: instance.server?.port ?? 1 };
  rds.event(instance, "creation", event);
  if (instance.settings.backupRetentionPeriod > 0) {
    instance.status = "backing-up";
    await takeAutomatedSnapshot(rds, instance);
    await instance.polls.past(latencies.backingUp, rds.closing);
    if (isGoing(instance)) return;
  }
  instance.status = "available";
}

/** Whether it was deleted in the meantime. */
function isGoing({ status }: Instance): boolean {
  return status === "deleting";
}
