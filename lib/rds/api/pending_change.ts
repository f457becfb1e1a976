/** What RDS has not completed of the changes to an instance that it calls available. @module */

import type { Instance } from "./records.ts";

/** The change that an available instance has not completed; AWS's CloudFormation handlers wait for the same ones. */
export function pendingChange(instance: Instance): string | undefined {
  if (instance.status !== "available") return undefined;
  if (instance.optionGroups.some(({ status }) => status === "failed")) return "option group failed";
  if (instance.pending.length > 0) return `applying ${instance.pending.join(", ")}`;
  if (instance.parameterGroups.some(({ status }) => status === "applying")) return "applying parameters";
  const { secretStatus = "active" } = instance;
  if (secretStatus !== "active") return `its master user's secret is ${secretStatus}`;
  const applying = instance.securityGroups.some(({ status }) => status !== "active");
  return applying ? "applying security groups" : undefined;
}
