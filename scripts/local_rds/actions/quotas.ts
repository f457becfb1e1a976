/** DescribeAccountAttributes: how much of each quota is used, counted where it is enforced. @module */
import type { RdsState } from "../state.ts";
import { List, type Xml } from "../query.ts";

/** How much of the quotas is used. */
export function used(rds: RdsState): { readonly instances: number; readonly storage: number; readonly manual: number } {
  const instances = [...rds.instances.values()];
  return {
    instances: instances.length,
    storage: instances.reduce((sum, { allocatedStorage }) => sum + allocatedStorage, 0),
    manual: [...rds.snapshots.values()].filter(({ type }) => type === "manual").length,
  };
}

/** How many manual cluster snapshots there are. */
export function manualOfClusters(rds: RdsState): number {
  return [...rds.clusterSnapshots.values()].filter(({ type }) => type === "manual").length;
}

/** Answers with the quotas that are enforced here, by the names that RDS gives them. */
export function describeQuotas(rds: RdsState): Xml {
  const { instances, storage, manual } = used(rds);
  const { quotas } = rds.config;
  const all = [
    ["DBInstances", instances, quotas.instances],
    ["AllocatedStorage", storage, quotas.storage],
    ["ManualSnapshots", manual, quotas.manualSnapshots],
    ["DBClusters", rds.clusters.size, quotas.instances],
    ["ManualClusterSnapshots", manualOfClusters(rds), quotas.manualSnapshots],
  ] as const;
  return {
    AccountQuotas: new List(
      "AccountQuota",
      all.map(([AccountQuotaName, Used, Max]) => ({ AccountQuotaName, Used, Max })),
    ),
  };
}
