/** CreateDBInstance: a member of a cluster, or a new, empty instance by itself, with RDS's defaults. @module */
import { ApiError } from "../api_error.ts";
import { isKeyOf } from "../kms.ts";
import type { Parameters, Xml } from "../query.ts";
import type { Encryption, Settings } from "../records.ts";
import { makeRdsLike } from "../rds_like.ts";
import type { EngineName } from "../server.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { checkClass } from "./class_offers.ts";
import { isDefaultKey } from "./clusters.ts";
import { createMember } from "./members.ts";
import { checkPassword, maxLength } from "./modify.ts";
import { launch, settingsOf, storageSettings } from "./restore.ts";
import { used } from "./quotas.ts";

/** What RDS gives to an instance that says nothing else. API Reference, CreateDBInstance. */
const defaults: Settings = {
  instanceClass: "",
  subnetGroup: "default",
  securityGroups: [],
  parameterGroup: "",
  optionGroup: "",
  multiAz: false,
  publiclyAccessible: true,
  deletionProtection: false,
  backupRetentionPeriod: 1,
  copyTagsToSnapshot: false,
  autoMinorVersionUpgrade: true,
  iamAuthentication: false,
  engineLifecycleSupport: "open-source-rds-extended-support",
  storageType: "gp2",
};

/** Answers at once; the instance's status shows the progress. */
export function createInstance(rds: RdsState, parameters: Parameters, ends?: string): Xml {
  if (parameters.text("DBClusterIdentifier") !== undefined) return createMember(rds, parameters, ends);
  const id = checkIdentifier(parameters.required("DBInstanceIdentifier"), "DBInstanceIdentifier", 63);
  const engine = engineOf(parameters.required("Engine"));
  const engineVersion = parameters.required("EngineVersion");
  const masterUsername = parameters.required("MasterUsername");
  const password = parameters.required("MasterUserPassword");
  checkPassword(password, maxLength[engine]);
  checkClass(parameters.required("DBInstanceClass"), engine, engineVersion, "instance");
  const allocatedStorage = parameters.integer("AllocatedStorage") ?? 0;
  const { storageType, ...storage } = storageSettings(parameters, { settings: defaults }, allocatedStorage);
  const least = storageType.startsWith("io") ? 100 : 20;
  if (allocatedStorage < least || allocatedStorage > 65_536) {
    throw new ApiError("InvalidParameterValue", `Invalid storage size for ${engine} and ${storageType}.`);
  }
  if (rds.instances.has(id)) throw new ApiError("DBInstanceAlreadyExists", "DB instance already exists");
  if (used(rds).instances >= rds.config.quotas.instances) {
    throw new ApiError("InstanceQuotaExceeded", "Instance quota exceeded.");
  }
  if (used(rds).storage + allocatedStorage > rds.config.quotas.storage) {
    throw new ApiError("StorageQuotaExceeded", "Storage quota exceeded.");
  }
  const settings = settingsOf(rds, parameters, { engine, engineVersion, settings: defaults });
  const traits = {
    ...{ engine, engineVersion, masterUsername, allocatedStorage },
    encryption: encryptionOf(rds, parameters),
    port: parameters.integer("Port") ?? (engine === "postgres" ? 5432 : 3306),
  };
  return launch(
    rds,
    { id, traits, settings: { ...settings, storageType, ...storage }, tags: parameters.tags() ?? [] },
    {
      event: "DB instance created",
      filled: (server) => makeRdsLike(server, { user: masterUsername, password }),
      ...(ends !== undefined && { ends }),
    },
  );
}

function engineOf(engine: string): EngineName {
  if (engine === "postgres" || engine === "mysql" || engine === "mariadb") return engine;
  throw new ApiError("InvalidParameterValue", `Unrecognized engine name: ${engine}`);
}

function encryptionOf(rds: RdsState, parameters: Parameters): Encryption {
  const isEncrypted = parameters.flag("StorageEncrypted") ?? false;
  const key = parameters.text("KmsKeyId");
  if (!isEncrypted && key !== undefined) {
    throw new ApiError("InvalidParameterCombination", "A KmsKeyId needs StorageEncrypted.");
  }
  if (key !== undefined && !isKeyOf(rds.config, key)) {
    throw new ApiError("KMSKeyNotAccessibleFault", `The specified KMS key [${key}] does not exist or is not enabled.`);
  }
  if (!isEncrypted) return "none";
  return key === undefined || isDefaultKey(key) ? "default-key" : "customer-key";
}
