/** ModifyDBInstance: answers at once, takes effect later. @module */
import type { Parameters, Xml } from "../query.ts";
import { instanceShape } from "./shapes.ts";
import type { RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import { setMasterPassword } from "../rds_like.ts";
import type { Instance } from "../records.ts";

/** Maximum lengths of master passwords; the minimum is eight. */
const maxLength = { postgres: 128, mysql: 41 } as const;

/** As on RDS, the answer still has the status `available`. */
export function modifyInstance(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  const instance = rds.instance(parameters.required("DBInstanceIdentifier"));
  if (instance.production) rds.callLog.violation(`ModifyDBInstance ${instance.id}`);
  if (instance.status !== "available") {
    const message = `Database instance is not in available state: ${instance.id} is ${instance.status}.`;
    throw new ApiError("InvalidDBInstanceState", message);
  }
  parameters.flag("ApplyImmediately");
  if (instance.clusterId && parameters.text("MasterUserPassword") !== undefined) {
    throw new ApiError(
      "InvalidParameterCombination",
      "The password of a cluster's member is changed by ModifyDBCluster.",
    );
  }
  const password = parameters.text("MasterUserPassword");
  if (password !== undefined) checkPassword(password, maxLength[instance.engine]);
  const { settings } = instance;
  settings.securityGroups = parameters.list("VpcSecurityGroupIds", "VpcSecurityGroupId") ?? settings.securityGroups;
  settings.publiclyAccessible = parameters.flag("PubliclyAccessible") ?? settings.publiclyAccessible;
  settings.deletionProtection = parameters.flag("DeletionProtection") ?? settings.deletionProtection;
  settings.copyTagsToSnapshot = parameters.flag("CopyTagsToSnapshot") ?? settings.copyTagsToSnapshot;
  settings.parameterGroup = parameters.text("DBParameterGroupName") ?? settings.parameterGroup;
  const retention = parameters.integer("BackupRetentionPeriod");
  instance.pending = {
    ...instance.pending,
    ...(password === undefined ? {} : { MasterUserPassword: "****" }),
    ...(retention === undefined ? {} : { BackupRetentionPeriod: String(retention) }),
  };
  const before = instance.work;
  if (password !== undefined || retention !== undefined || ends) {
    instance.work = rds.background(async () => {
      await before;
      await apply(rds, instance, password, retention, ends);
    });
  }
  return { DBInstance: instanceShape(rds, instance) };
}

/** By RDS's rules. */
export function checkPassword(password: string, maxLength: number): void {
  if (/^[!-~]{8,}$/.test(password) && !/[/"@]/.test(password) && password.length <= maxLength) return;
  throw new ApiError("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password.");
}

async function apply(
  rds: RdsState,
  instance: Instance,
  password?: string,
  retention?: number,
  ends?: string,
): Promise<void> {
  const { latencies } = rds.config;
  const isDeleted = () => instance.status === "deleting" || rds.closing.aborted;
  await instance.polls.past(latencies.lag, rds.closing);
  if (isDeleted()) return;
  instance.status = password === undefined ? "modifying" : "resetting-master-credentials";
  await instance.polls.past(latencies.modifying, rds.closing);
  if (isDeleted()) return;
  if (ends) {
    instance.status = ends;
    rds.event(instance, "failure", `DB instance put into ${ends}`);
    return;
  }
  if (password !== undefined) {
    // The old password works until this moment.
    if (instance.server) await setMasterPassword(instance.server, { user: instance.masterUsername, password });
    rds.event(instance, "configuration change", "Reset master credentials");
  }
  if (retention !== undefined) instance.settings.backupRetentionPeriod = retention;
  instance.pending = {};
  if (!isDeleted()) instance.status = "available";
}
