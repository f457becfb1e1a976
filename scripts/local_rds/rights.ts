/** Which rights each call needs: the resources and condition keys of RDS in the Service Authorization Reference. @module */

import type { Right } from "./iam.ts";
import type { Parameters } from "./query.ts";
import type { Rds } from "./rds.ts";
import type { Snapshot, Tag } from "./records.ts";

/** The rights that a call needs, all of them. */
export function rightsFor(rds: Rds, action: string, parameters: Parameters): readonly Right[] {
  const { region, account } = rds.setting;
  const arn = (type: string, name: string) =>
    name.startsWith("arn:") ? name : `arn:aws:rds:${region}:${account}:${type}:${name}`;
  const all = parameters.all();
  const instance = all["DBInstanceIdentifier"]?.toLowerCase();
  const snapshot = all["DBSnapshotIdentifier"];
  const db = arn("db", instance ?? "*");
  const right = (action: string, resource: string, context: Right["context"] = {}): Right => ({
    action: `rds:${action}`,
    resource,
    context: { ...ownTags(rds, resource), ...context },
  });
  switch (action) {
    case "DescribeEvents":
    case "DescribeAccountAttributes":
      return [right(action, "*")];
    case "DescribeDBSnapshots":
      return [right(action, snapshot === undefined ? db : arn("snapshot", snapshot))];
    case "RestoreDBInstanceFromDBSnapshot": {
      const tags = requestTags(parameters.tags() ?? rds.snapshots.get(snapshot ?? "")?.instanceTags ?? []);
      const context = { ...tags, "rds:PubliclyAccessible": [all["PubliclyAccessible"] ?? "false"] };
      const groups = [["subgrp", "DBSubnetGroupName"], ["pg", "DBParameterGroupName"], [
        "og",
        "OptionGroupName",
      ]] as const;
      return [
        right(action, db, context),
        right(action, arn("snapshot", snapshot ?? ""), context),
        ...groups.flatMap(([type, name]) =>
          all[name] === undefined ? [] : [right(action, arn(type, all[name]), context)]
        ),
        right("AddTagsToResource", db, tags),
        ...keyRights(rds, rds.snapshots.get(snapshot ?? "")),
      ];
    }
    case "DeleteDBInstance": {
      const final = all["FinalDBSnapshotIdentifier"];
      if (final === undefined) return [right(action, db)];
      const made = arn("snapshot", final);
      const tags = requestTags(rds.instances.get(instance ?? "")?.tags ?? []);
      return [
        right(action, db),
        right("CreateDBSnapshot", db, tags),
        right("CreateDBSnapshot", made, tags),
        right("AddTagsToResource", made, tags),
      ];
    }
    case "CopyDBSnapshot": {
      const target = arn("snapshot", all["TargetDBSnapshotIdentifier"] ?? "");
      const tags = requestTags(parameters.tags() ?? []);
      return [
        right(action, arn("snapshot", all["SourceDBSnapshotIdentifier"] ?? ""), tags),
        right(action, target, tags),
        right("AddTagsToResource", target, tags),
        ...copyKeyRights(rds, all["KmsKeyId"]),
      ];
    }
    case "AddTagsToResource":
      return [right(action, all["ResourceName"] ?? "", requestTags(parameters.tags() ?? []))];
    case "DescribeDBSnapshotAttributes":
    case "ModifyDBSnapshotAttribute":
    case "DeleteDBSnapshot":
      return [right(action, arn("snapshot", snapshot ?? ""))];
    default:
      return [right(action, db)];
  }
}

/** RDS makes a grant for itself on the key of an encrypted snapshot, in the name of whoever restores it. */
function keyRights({ setting }: Rds, snapshot: Snapshot | undefined): readonly Right[] {
  if (snapshot === undefined || snapshot.encryption === "none") return [];
  const resource = `arn:aws:kms:${setting.region}:${setting.account}:key/${snapshot.encryption}`;
  const context = { "kms:ViaService": [`rds.${setting.region}.amazonaws.com`], "kms:GrantIsForAWSResource": ["true"] };
  return [
    { action: "kms:CreateGrant", resource, context },
    { action: "kms:DescribeKey", resource, context: { "kms:ViaService": context["kms:ViaService"] } },
  ];
}

/** RDS Guide "Copying a DB snapshot": what the caller needs on the new key. */
function copyKeyRights({ setting: { region, account } }: Rds, key: string | undefined): readonly Right[] {
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

function ownTags(rds: Rds, arn: string): Right["context"] {
  const records = [...rds.instances.values(), ...rds.snapshots.values()];
  const tags = records.find((record) => record.arn === arn)?.tags ?? [];
  return Object.fromEntries(tags.map(({ key, value }) => [`aws:ResourceTag/${key}`, [value]]));
}

function requestTags(tags: readonly Tag[]): Right["context"] {
  return {
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, [value]])),
    "aws:TagKeys": tags.map(({ key }) => key),
  };
}
