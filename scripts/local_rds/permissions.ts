/** Which permissions each call needs: the resources and condition keys of RDS in the Service Authorization Reference. @module */

import type { Permission } from "./iam.ts";
import type { Parameters } from "./query.ts";
import type { RdsState } from "./state.ts";
import type { Snapshot, Tag } from "./records.ts";

/** The permissions that a call needs, all of them. */
export function requiredPermissions(rds: RdsState, action: string, parameters: Parameters): readonly Permission[] {
  const { region, account } = rds.config;
  const arn = (type: string, name: string) =>
    name.startsWith("arn:") ? name : `arn:aws:rds:${region}:${account}:${type}:${name}`;
  const all = parameters.all();
  const instance = all["DBInstanceIdentifier"]?.toLowerCase();
  const snapshot = all["DBSnapshotIdentifier"];
  const db = arn("db", instance ?? "*");
  const cluster = arn("cluster", all["DBClusterIdentifier"]?.toLowerCase() ?? "*");
  const clusterSnapshot = all["DBClusterSnapshotIdentifier"];
  const permission = (action: string, resource: string, context: Permission["context"] = {}): Permission => ({
    action: `rds:${action}`,
    resource,
    context: { ...ownTags(rds, resource), ...context },
  });
  switch (action) {
    case "GetCallerIdentity":
      return [];
    case "DescribeEvents":
    case "DescribeAccountAttributes":
    case "DescribeOrderableDBInstanceOptions":
      return [permission(action, "*")];
    case "DescribeDBClusterParameterGroups":
    case "DescribeDBClusterParameters":
    case "ModifyDBClusterParameterGroup":
      return [permission(action, arn("cluster-pg", all["DBClusterParameterGroupName"] ?? "*"))];
    case "CopyDBClusterParameterGroup":
    case "CreateDBClusterParameterGroup": {
      const name = all["TargetDBClusterParameterGroupIdentifier"] ?? all["DBClusterParameterGroupName"] ?? "";
      const made = arn("cluster-pg", name);
      const source = all["SourceDBClusterParameterGroupIdentifier"];
      const tags = requestTags(parameters.tags() ?? []);
      return [
        ...(source === undefined ? [] : [permission(action, arn("cluster-pg", source), tags)]),
        permission(action, made, tags),
        permission("AddTagsToResource", made, tags),
      ];
    }
    case "DescribeDBClusters":
      return [permission(action, cluster)];
    case "DescribeDBClusterSnapshots":
      return [permission(action, clusterSnapshot === undefined ? cluster : arn("cluster-snapshot", clusterSnapshot))];
    case "RestoreDBClusterFromSnapshot": {
      const tags = requestTags(parameters.tags() ?? []);
      const name = all["SnapshotIdentifier"] ?? "";
      return [
        permission(action, cluster, tags),
        permission(action, arn("cluster-snapshot", name), tags),
        permission(action, arn("subgrp", all["DBSubnetGroupName"] ?? ""), tags),
        permission(action, arn("cluster-pg", all["DBClusterParameterGroupName"] ?? ""), tags),
        permission("AddTagsToResource", cluster, tags),
        ...keyPermissions(rds, rds.clusterSnapshots.get(name)),
      ];
    }
    case "RestoreDBClusterToPointInTime": {
      const tags = requestTags(parameters.tags() ?? []);
      const source = all["SourceDBClusterIdentifier"] ?? "";
      return [
        permission(action, cluster, tags),
        permission(action, arn("cluster", source), tags),
        permission(action, arn("subgrp", all["DBSubnetGroupName"] ?? ""), tags),
        permission(action, arn("cluster-pg", all["DBClusterParameterGroupName"] ?? ""), tags),
        permission("AddTagsToResource", cluster, tags),
        ...keyPermissions(rds, rds.clusters.get(source.toLowerCase())),
      ];
    }
    case "CreateDBInstance": {
      const tags = requestTags(parameters.tags() ?? []);
      if (all["DBClusterIdentifier"] !== undefined) {
        return [
          permission(action, db, tags),
          permission(action, cluster, tags),
          permission("AddTagsToResource", db, tags),
        ];
      }
      const context = { ...tags, "rds:PubliclyAccessible": [all["PubliclyAccessible"] ?? "true"] };
      const groups = [["subgrp", "DBSubnetGroupName"], ["pg", "DBParameterGroupName"], [
        "og",
        "OptionGroupName",
      ]] as const;
      return [
        permission(action, db, context),
        ...groups.flatMap(([type, name]) =>
          all[name] === undefined ? [] : [permission(action, arn(type, all[name]), context)]
        ),
        permission("AddTagsToResource", db, tags),
        ...newKeyPermissions(rds, all["KmsKeyId"]),
      ];
    }
    case "ModifyDBCluster":
      return [permission(action, cluster)];
    case "DeleteDBCluster": {
      const final = all["FinalDBSnapshotIdentifier"];
      if (final === undefined) return [permission(action, cluster)];
      const made = arn("cluster-snapshot", final);
      const tags = requestTags(rds.clusters.get(all["DBClusterIdentifier"]?.toLowerCase() ?? "")?.tags ?? []);
      return [
        permission(action, cluster),
        permission(action, made),
        permission("CreateDBClusterSnapshot", cluster, tags),
        permission("CreateDBClusterSnapshot", made, tags),
        permission("AddTagsToResource", made, tags),
      ];
    }
    case "CreateDBClusterSnapshot": {
      const made = arn("cluster-snapshot", clusterSnapshot ?? "");
      const tags = requestTags(parameters.tags() ?? []);
      return [
        permission(action, cluster, tags),
        permission(action, made, tags),
        permission("AddTagsToResource", made, tags),
      ];
    }
    case "DescribeDBClusterSnapshotAttributes":
    case "ModifyDBClusterSnapshotAttribute":
    case "DeleteDBClusterSnapshot":
      return [permission(action, arn("cluster-snapshot", clusterSnapshot ?? ""))];
    case "DescribeDBParameterGroups":
    case "DescribeDBParameters":
    case "ModifyDBParameterGroup":
      return [permission(action, arn("pg", all["DBParameterGroupName"] ?? "*"))];
    case "CopyDBParameterGroup":
    case "CreateDBParameterGroup": {
      const made = arn("pg", all["TargetDBParameterGroupIdentifier"] ?? all["DBParameterGroupName"] ?? "");
      const source = all["SourceDBParameterGroupIdentifier"];
      const tags = requestTags(parameters.tags() ?? []);
      return [
        ...(source === undefined ? [] : [permission(action, arn("pg", source), tags)]),
        permission(action, made, tags),
        permission("AddTagsToResource", made, tags),
      ];
    }
    case "ListTagsForResource":
      return [permission(action, all["ResourceName"] ?? "")];
    case "DescribeDBSnapshots":
      return [permission(action, snapshot === undefined ? db : arn("snapshot", snapshot))];
    case "RestoreDBInstanceFromDBSnapshot": {
      const tags = requestTags(parameters.tags() ?? rds.snapshots.get(snapshot ?? "")?.instanceTags ?? []);
      const context = { ...tags, "rds:PubliclyAccessible": [all["PubliclyAccessible"] ?? "false"] };
      const groups = [["subgrp", "DBSubnetGroupName"], ["pg", "DBParameterGroupName"], [
        "og",
        "OptionGroupName",
      ]] as const;
      return [
        permission(action, db, context),
        permission(action, arn("snapshot", snapshot ?? ""), context),
        ...groups.flatMap(([type, name]) =>
          all[name] === undefined ? [] : [permission(action, arn(type, all[name]), context)]
        ),
        permission("AddTagsToResource", db, tags),
        ...keyPermissions(rds, rds.snapshots.get(snapshot ?? "")),
      ];
    }
    case "DeleteDBInstance": {
      const final = all["FinalDBSnapshotIdentifier"];
      if (final === undefined) return [permission(action, db)];
      const made = arn("snapshot", final);
      const tags = requestTags(rds.instances.get(instance ?? "")?.tags ?? []);
      return [
        permission(action, db),
        permission("CreateDBSnapshot", db, tags),
        permission("CreateDBSnapshot", made, tags),
        permission("AddTagsToResource", made, tags),
      ];
    }
    case "CreateDBSnapshot": {
      const made = arn("snapshot", snapshot ?? "");
      const tags = requestTags(parameters.tags() ?? rds.instances.get(instance ?? "")?.tags ?? []);
      return [
        permission(action, db, tags),
        permission(action, made, tags),
        permission("AddTagsToResource", made, tags),
      ];
    }
    case "CopyDBSnapshot": {
      const target = arn("snapshot", all["TargetDBSnapshotIdentifier"] ?? "");
      const tags = requestTags(parameters.tags() ?? []);
      const source = arn("snapshot", all["SourceDBSnapshotIdentifier"] ?? "");
      const home = rds.regions.get(source.split(":")[3] ?? "");
      return [
        permission(action, source, tags),
        permission(action, target, tags),
        permission("AddTagsToResource", target, tags),
        ...copyKeyPermissions(rds, all["KmsKeyId"]),
        // By the presigned URL, which the region of the source answers.
        ...home && home !== rds ? keyPermissions(home, home.snapshots.get(source.split(":")[6] ?? "")) : [],
      ];
    }
    case "ModifyDBInstance": {
      const role = all["MonitoringRoleArn"];
      const secret = `arn:aws:secretsmanager:${region}:${account}:secret:rds!db-0`;
      return [
        permission(action, db),
        // RDS passes the role on, and makes the secret, in the name of the caller.
        ...(role === undefined ? [] : [{
          action: "iam:PassRole",
          resource: role,
          context: { "iam:PassedToService": ["monitoring.rds.amazonaws.com"] },
        }]),
        ...(all["ManageMasterUserPassword"] === "true"
          ? ["CreateSecret", "TagResource"].map((one) => ({
            action: `secretsmanager:${one}`,
            resource: secret,
            context: {},
          }))
          : []),
      ];
    }
    case "RemoveTagsFromResource":
      return [
        permission(action, all["ResourceName"] ?? "", { "aws:TagKeys": parameters.list("TagKeys", "member") ?? [] }),
      ];
    case "AddTagsToResource":
      return [permission(action, all["ResourceName"] ?? "", requestTags(parameters.tags() ?? []))];
    case "DescribeDBSnapshotAttributes":
    case "ModifyDBSnapshotAttribute":
    case "DeleteDBSnapshot":
      return [permission(action, arn("snapshot", snapshot ?? ""))];
    default:
      return [permission(action, db)];
  }
}

/** RDS makes a grant for itself on the key of an encrypted snapshot, in the name of whoever restores it. */
function keyPermissions({ config }: RdsState, of: Pick<Snapshot, "encryption"> | undefined): readonly Permission[] {
  if (of === undefined || of.encryption === "none") return [];
  const resource = `arn:aws:kms:${config.region}:${config.account}:key/${of.encryption}`;
  const context = { "kms:ViaService": [`rds.${config.region}.amazonaws.com`], "kms:GrantIsForAWSResource": ["true"] };
  return [
    { action: "kms:CreateGrant", resource, context },
    { action: "kms:DescribeKey", resource, context: { "kms:ViaService": context["kms:ViaService"] } },
  ];
}

/** What RDS asks of whoever creates an encrypted instance: Service Authorization Reference, CreateDBInstance. */
function newKeyPermissions({ config: { region, account } }: RdsState, key: string | undefined): readonly Permission[] {
  if (key === undefined) return [];
  const resource = key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${account}:key/${key}`;
  const context = { "kms:ViaService": [`rds.${region}.amazonaws.com`], "kms:GrantIsForAWSResource": ["true"] };
  return ["CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"].map((action) => ({
    action: `kms:${action}`,
    resource,
    context,
  }));
}

/** RDS Guide "Copying a DB snapshot": what the caller needs on the new key. */
function copyKeyPermissions({ config: { region, account } }: RdsState, key: string | undefined): readonly Permission[] {
  if (key === undefined) return [];
  const resource = key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${account}:key/${key}`;
  const context = { "kms:ViaService": [`rds.${region}.amazonaws.com`], "kms:GrantIsForAWSResource": ["true"] };
  const actions = [
    "CreateGrant",
    "Decrypt",
    "Encrypt",
    "ReEncryptFrom",
    "ReEncryptTo",
    "GenerateDataKeyWithoutPlaintext",
  ];
  return actions.map((action) => ({ action: `kms:${action}`, resource, context }));
}

function ownTags(rds: RdsState, arn: string): Permission["context"] {
  const records = [
    ...rds.instances.values(),
    ...rds.clusters.values(),
    ...rds.snapshots.values(),
    ...rds.clusterSnapshots.values(),
    ...rds.parameterGroups.values(),
    ...rds.clusterParameterGroups.values(),
  ];
  const tags = records.find((record) => record.arn === arn)?.tags ?? [];
  return Object.fromEntries(tags.map(({ key, value }) => [`aws:ResourceTag/${key}`, [value]]));
}

function requestTags(tags: readonly Tag[]): Permission["context"] {
  return {
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, [value]])),
    "aws:TagKeys": tags.map(({ key }) => key),
  };
}
