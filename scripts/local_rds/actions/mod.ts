/** All actions that the local RDS knows, by their names in the APIs of RDS and STS. @module */
import type { Action } from "./action.ts";
import { describeCaller } from "./caller.ts";
import { deleteInstance } from "./delete.ts";
import { describeEvents } from "./events.ts";
import { describeInstances } from "./describe_instances.ts";
import { describeSharing, modifySharing } from "./sharing.ts";
import { describeLogFiles } from "./log_files.ts";
import { modifyInstance } from "./modify.ts";
import { copyGroup, createGroup, describeGroups, describeParameters, modifyGroup } from "./parameter_groups.ts";
import { describeQuotas } from "./quotas.ts";
import { rebootInstance } from "./reboot.ts";
import { restoreInstance } from "./restore.ts";
import { copySnapshot, createSnapshot, deleteSnapshot, describeSnapshots } from "./snapshots.ts";
import { addTags, listTags, removeTags } from "./tags.ts";

/** Anything else is an InvalidAction. */
export const actions: ReadonlyMap<string, Action> = new Map([
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
  ["DescribeDBParameterGroups", describeGroups],
  ["DescribeDBParameters", describeParameters],
  ["CopyDBParameterGroup", copyGroup],
  ["CreateDBParameterGroup", createGroup],
  ["ModifyDBParameterGroup", modifyGroup],
  ["DescribeDBLogFiles", describeLogFiles],
  ["DescribeEvents", describeEvents],
  ["DescribeAccountAttributes", describeQuotas],
  ["GetCallerIdentity", describeCaller],
]);
