/** ModifyDBInstance: answers at once, takes effect later. @module */
import type { Parameters, Xml } from "../query.ts";
import { instanceShape } from "./shapes.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import { setMasterPassword } from "../rds_like.ts";
import { type Instance, isStaging, type Settings } from "../records.ts";
import { restartServer } from "./reboot.ts";

/** Maximum lengths of master passwords; the minimum is eight. */
export const maxLength = { postgres: 128, mysql: 41, mariadb: 41 } as const;

/** As on RDS, the answer still has the status `available`. */
export function modifyInstance(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const instance = rds.instance(parameters.required("DBInstanceIdentifier"));
  const name = parameters.text("NewDBInstanceIdentifier");
  // Of an instance of the operator's nothing may change but its name.
  if (instance.production || isStaging(instance) && name === undefined) {
    rds.callLog.violation(`ModifyDBInstance ${instance.id}`);
  }
  if (instance.status !== "available") {
    const message = `Database instance is not in available state: ${instance.id} is ${instance.status}.`;
    throw new ApiError("InvalidDBInstanceState", message);
  }
  const isImmediate = parameters.flag("ApplyImmediately") ?? false;
  if (instance.clusterId && parameters.text("MasterUserPassword") !== undefined) {
    throw new ApiError(
      "InvalidParameterCombination",
      "The password of a cluster's member is changed by ModifyDBCluster.",
    );
  }
  const password = parameters.text("MasterUserPassword");
  if (password !== undefined) checkPassword(password, maxLength[instance.engine]);
  const managed = parameters.flag("ManageMasterUserPassword");
  if (managed && password !== undefined) {
    const message = "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword.";
    throw new ApiError("InvalidParameterCombination", message);
  }
  const renamed = name === undefined ? undefined : checkIdentifier(name, "NewDBInstanceIdentifier", 63);
  if (renamed !== undefined && isTaken(rds, renamed)) {
    throw new ApiError("DBInstanceAlreadyExists", "DB instance already exists");
  }
  const { settings } = instance;
  settings.securityGroups = parameters.list("VpcSecurityGroupIds", "VpcSecurityGroupId") ?? settings.securityGroups;
  settings.publiclyAccessible = parameters.flag("PubliclyAccessible") ?? settings.publiclyAccessible;
  settings.deletionProtection = parameters.flag("DeletionProtection") ?? settings.deletionProtection;
  settings.copyTagsToSnapshot = parameters.flag("CopyTagsToSnapshot") ?? settings.copyTagsToSnapshot;
  settings.parameterGroup = parameters.text("DBParameterGroupName") ?? settings.parameterGroup;
  if (managed) settings.secret = "creating";
  if (managed === false) delete settings.secret;
  const later: Later = {
    ...(password !== undefined && { password }),
    ...(managed && { password: crypto.randomUUID(), makesSecret: true }),
    ...(renamed !== undefined && isImmediate && { name: renamed }),
    settings: changedSettings(parameters),
  };
  const { backupRetentionPeriod: retention } = later.settings;
  instance.pending = {
    ...instance.pending,
    ...(password === undefined ? {} : { MasterUserPassword: "****" }),
    ...(retention === undefined ? {} : { BackupRetentionPeriod: String(retention) }),
    ...(renamed === undefined ? {} : { DBInstanceIdentifier: renamed }),
  };
  const before = instance.work;
  if (later.password !== undefined || later.name !== undefined || Object.keys(later.settings).length > 0 || ends) {
    instance.work = rds.background(async () => {
      await before;
      await apply(rds, instance, later, ends);
    });
  }
  return { DBInstance: instanceShape(rds, instance) };
}

/** What a modification changes later. */
interface Later {
  readonly password?: string;
  /** Whether the password goes to Secrets Manager. */
  readonly makesSecret?: boolean;
  readonly name?: string;
  readonly settings: Partial<Settings>;
}

function changedSettings(parameters: Parameters): Partial<Settings> {
  const retention = parameters.integer("BackupRetentionPeriod");
  const maintenanceWindow = parameters.text("PreferredMaintenanceWindow");
  const interval = parameters.integer("MonitoringInterval");
  const role = parameters.text("MonitoringRoleArn");
  const insights = parameters.flag("EnablePerformanceInsights");
  const most = parameters.integer("MaxAllocatedStorage");
  if (interval && !role) {
    const message = "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.";
    throw new ApiError("InvalidParameterCombination", message);
  }
  return {
    ...(retention !== undefined && { backupRetentionPeriod: retention }),
    ...(maintenanceWindow !== undefined && { maintenanceWindow }),
    ...(interval !== undefined && { monitoringInterval: interval }),
    ...(role !== undefined && { monitoringRole: role }),
    ...(insights !== undefined && { performanceInsights: insights }),
    ...(most !== undefined && { maxAllocatedStorage: most }),
  };
}

/** Names that are asked for count, too. */
function isTaken(rds: RdsState, name: string): boolean {
  return [...rds.instances.values()].some(({ id, pending }) => id === name || pending["DBInstanceIdentifier"] === name);
}

/** By RDS's rules. */
export function checkPassword(password: string, maxLength: number): void {
  if (/^[!-~]{8,}$/.test(password) && !/[/"@]/.test(password) && password.length <= maxLength) return;
  throw new ApiError("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password.");
}

async function apply(
  rds: RdsState,
  instance: Instance,
  { password, makesSecret = false, name, settings }: Later,
  ends?: string,
): Promise<void> {
  const { latencies } = rds.config;
  const isDeleted = () => instance.status === "deleting" || rds.closing.aborted;
  await instance.polls.past(latencies.lag, rds.closing);
  if (isDeleted()) return;
  instance.status = name !== undefined
    ? "renaming"
    : password === undefined || makesSecret
    ? "modifying"
    : "resetting-master-credentials";
  await instance.polls.past(latencies.modifying, rds.closing);
  if (isDeleted()) return;
  if (ends) {
    instance.status = ends;
    // It does not get the name any more, which another one may have.
    const { DBInstanceIdentifier: _, ...pending } = instance.pending;
    instance.pending = pending;
    rds.event(instance, "failure", `DB instance put into ${ends}`);
    return;
  }
  if (password !== undefined) {
    // The old password works until this moment.
    if (instance.server) await setMasterPassword(instance.server, { user: instance.masterUsername, password });
    rds.event(instance, "configuration change", "Reset master credentials");
    if (makesSecret) instance.settings.secret = "active";
  }
  Object.assign(instance.settings, settings);
  if (name !== undefined) await rename(rds, instance, name);
  instance.pending = {};
  if (!isDeleted()) instance.status = "available";
}

/** The server is restarted. Snapshots keep the name that the instance had. RDS Guide "Renaming a DB instance". */
async function rename(rds: RdsState, instance: Instance, name: string): Promise<void> {
  await restartServer(rds, instance);
  rds.instances.delete(instance.id);
  instance.id = name;
  instance.arn = rds.arn("db", name);
  rds.instances.set(name, instance);
  rds.event(instance, "configuration change", `Renamed instance to ${name}`);
}
