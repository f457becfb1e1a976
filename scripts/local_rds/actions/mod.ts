/** All actions that the local RDS knows, by their names in the APIs of RDS and STS. @module */
import type { Action } from "./action.ts";
import { describeCaller } from "./caller.ts";
import { describeClassOffers } from "./class_offers.ts";
import { createClusterSnapshot, deleteClusterSnapshot, describeClusterSnapshots } from "./cluster_snapshots.ts";
import { cloneCluster, deleteCluster, describeClusters, modifyCluster, restoreCluster } from "./clusters.ts";
import { createInstance } from "./create.ts";
import { deleteInstance } from "./delete.ts";
import { describeEvents } from "./events.ts";
import { describeInstances } from "./describe_instances.ts";
import { describeClusterSharing, describeSharing, modifyClusterSharing, modifySharing } from "./sharing.ts";
import { describeLogFiles } from "./log_files.ts";
import { modifyInstance } from "./modify.ts";
import {
  clusterGroups,
  copyGroup,
  createGroup,
  describeGroups,
  describeParameters,
  instanceGroups,
  modifyGroup,
} from "./parameter_groups.ts";
import { describeQuotas } from "./quotas.ts";
import { rebootInstance } from "./reboot.ts";
import { restoreInstance } from "./restore.ts";
import { copySnapshot, createSnapshot, deleteSnapshot, describeSnapshots } from "./snapshots.ts";
import { addTags, listTags, removeTags } from "./tags.ts";

/** Anything else is an InvalidAction. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["DescribeDBInstances", describeInstances],
  ["RestoreDBInstanceFromDBSnapshot", restoreInstance],
  ["ModifyDBInstance", modifyInstance],
  ["RebootDBInstance", rebootInstance],
  ["DeleteDBInstance", deleteInstance],
  ["DescribeDBSnapshots", describeSnapshots],
  ["CreateDBSnapshot", createSnapshot],
  ["CopyDBSnapshot", copySnapshot],
  ["DeleteDBSnapshot", deleteSnapshot],
  ["ModifyDBSnapshotAttribute", modifySharing],
  ["DescribeDBSnapshotAttributes", describeSharing],
  ["AddTagsToResource", addTags],
  ["RemoveTagsFromResource", removeTags],
  ["ListTagsForResource", listTags],
  ...([[instanceGroups, "DB"], [clusterGroups, "DBCluster"]] as const).flatMap(([kind, prefix]) =>
    ([
      [`Describe${prefix}ParameterGroups`, describeGroups],
      [`Describe${prefix}Parameters`, describeParameters],
      [`Copy${prefix}ParameterGroup`, copyGroup],
      [`Create${prefix}ParameterGroup`, createGroup],
      [`Modify${prefix}ParameterGroup`, modifyGroup],
    ] as const).map(([name, act]): [string, Action] => [name, (rds, parameters) => act(kind, rds, parameters)])
  ),
  ["DescribeDBClusters", describeClusters],
  ["RestoreDBClusterFromSnapshot", restoreCluster],
  ["RestoreDBClusterToPointInTime", cloneCluster],
  ["CreateDBInstance", createInstance],
  ["ModifyDBCluster", modifyCluster],
  ["DeleteDBCluster", deleteCluster],
  ["DescribeDBClusterSnapshots", describeClusterSnapshots],
  ["CreateDBClusterSnapshot", createClusterSnapshot],
  ["DeleteDBClusterSnapshot", deleteClusterSnapshot],
  ["ModifyDBClusterSnapshotAttribute", modifyClusterSharing],
  ["DescribeDBClusterSnapshotAttributes", describeClusterSharing],
  ["DescribeDBLogFiles", describeLogFiles],
  ["DescribeEvents", describeEvents],
  ["DescribeAccountAttributes", describeQuotas],
  ["DescribeOrderableDBInstanceOptions", describeClassOffers],
  ["GetCallerIdentity", describeCaller],
]);
