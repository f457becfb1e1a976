/**
 * DescribeDBParameterGroups, DescribeDBParameters, CopyDBParameterGroup, CreateDBParameterGroup, ModifyDBParameterGroup, and the same of
 * clusters: only the names of parameters and answers differ.
 *
 * @module
 */
import { familyParameters } from "../parameters.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import { Polls } from "../polls.ts";
import type { ParameterGroup } from "../records.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import { page } from "./action.ts";
import { checkTags } from "./tags.ts";

/** The names that differ, and where the groups are. */
interface Kind {
  readonly prefix: "DB" | "DBCluster";
  readonly arn: "pg" | "cluster-pg";
  all(rds: RdsState): Map<string, ParameterGroup>;
  find(rds: RdsState, id: string): ParameterGroup;
}

/** Of instances. */
export const instanceGroups: Kind = {
  prefix: "DB",
  arn: "pg",
  all: (rds) => rds.parameterGroups,
  find: (rds, id) => rds.parameterGroup(id),
};

/** Of clusters. */
export const clusterGroups: Kind = {
  prefix: "DBCluster",
  arn: "cluster-pg",
  all: (rds) => rds.clusterParameterGroups,
  find: (rds, id) => rds.clusterParameterGroup(id),
};

/** One group by name, or all in pages. */
export function describeGroups(kind: Kind, rds: RdsState, parameters: Parameters): Xml {
  const id = parameters.text(`${kind.prefix}ParameterGroupName`);
  const all = id ? [kind.find(rds, id)] : [...kind.all(rds).values()];
  const { records, marker } = page(rds, parameters, all);
  const name = `${kind.prefix}ParameterGroup`;
  return { Marker: marker, [`${name}s`]: new List(name, records.map((record) => shape(kind, record))) };
}

/** The parameters of the group's family, in pages. */
export function describeParameters(kind: Kind, rds: RdsState, parameters: Parameters): Xml {
  const { family, values } = kind.find(rds, parameters.required(`${kind.prefix}ParameterGroupName`));
  const all = familyParameters(family).map(({ name, apply, system, fixed }) => ({
    ParameterName: name,
    ParameterValue: values.get(name) ?? system,
    Source: values.has(name) ? "user" : system === undefined ? "engine-default" : "system",
    ApplyType: apply,
    DataType: "string",
    IsModifiable: fixed !== true,
    ApplyMethod: "pending-reboot",
  }));
  const { records, marker } = page(rds, parameters, all);
  return { Marker: marker, Parameters: new List("Parameter", records) };
}

/** RDS API Reference "CopyDBParameterGroup": not a default group. */
export function copyGroup(kind: Kind, rds: RdsState, parameters: Parameters): Xml {
  const source = kind.find(rds, parameters.required(`Source${kind.prefix}ParameterGroupIdentifier`));
  if (source.id.startsWith("default.")) {
    throw new ApiError("InvalidParameterValue", `Default parameter groups cannot be copied: ${source.id}`);
  }
  const description = parameters.required(`Target${kind.prefix}ParameterGroupDescription`);
  const id = parameters.required(`Target${kind.prefix}ParameterGroupIdentifier`);
  return add(kind, rds, parameters, { id, description, family: source.family, values: source.values });
}

/** A group that sets nothing. */
export function createGroup(kind: Kind, rds: RdsState, parameters: Parameters): Xml {
  const family = parameters.required("DBParameterGroupFamily");
  kind.find(rds, `default.${family}`);
  const description = parameters.required("Description");
  return add(kind, rds, parameters, {
    id: parameters.required(`${kind.prefix}ParameterGroupName`),
    description,
    family,
    values: new Map(),
  });
}

/** Twenty parameters at most; a static one never `immediate`. */
export function modifyGroup(kind: Kind, rds: RdsState, parameters: Parameters): Xml {
  const group = kind.find(rds, parameters.required(`${kind.prefix}ParameterGroupName`));
  if (group.id.startsWith("default.")) {
    throw new ApiError("InvalidDBParameterGroupState", `Default parameter groups cannot be modified: ${group.id}`);
  }
  if (group.production) rds.callLog.violation(`Modify${kind.prefix}ParameterGroup ${group.id}`);
  const changes = parameters.structures("Parameters", "Parameter", ["ParameterName", "ParameterValue", "ApplyMethod"]);
  if (changes.length === 0 || changes.length > 20) {
    throw new ApiError("InvalidParameterValue", "The number of parameters must be between 1 and 20.");
  }
  const known = new Map(familyParameters(group.family).map((parameter) => [parameter.name, parameter]));
  const values = new Map(group.values);
  for (const { ParameterName: name = "", ParameterValue: value, ApplyMethod: method } of changes) {
    const parameter = known.get(name);
    if (parameter === undefined) {
      throw new ApiError("InvalidParameterValue", `Could not find parameter with name: ${name}`);
    }
    if (parameter.fixed) throw new ApiError("InvalidParameterValue", `The parameter ${name} cannot be modified.`);
    if (!value) throw new ApiError("InvalidParameterValue", `The parameter ${name} needs a value.`);
    if (parameter.apply === "static" && method !== "pending-reboot") {
      throw new ApiError(
        "InvalidParameterCombination",
        `cannot use immediate apply method for static parameter: ${name}`,
      );
    }
    values.set(name, value);
  }
  group.values = values;
  return { [`${kind.prefix}ParameterGroupName`]: group.id };
}

function add(
  kind: Kind,
  rds: RdsState,
  parameters: Parameters,
  wanted: Pick<ParameterGroup, "id" | "description" | "family" | "values">,
): Xml {
  const id = checkIdentifier(wanted.id, "DBParameterGroupName", 255);
  if (kind.all(rds).has(id)) {
    throw new ApiError("DBParameterGroupAlreadyExists", `Parameter group ${id} already exists`);
  }
  const tags = checkTags(parameters.tags() ?? []);
  const arn = rds.arn(kind.arn, id);
  const group: ParameterGroup = { ...wanted, id, arn, tags, production: false, polls: new Polls() };
  kind.all(rds).set(id, group);
  return { [`${kind.prefix}ParameterGroup`]: shape(kind, group) };
}

function shape({ prefix }: Kind, { id, arn, family, description }: ParameterGroup): { readonly [name: string]: Xml } {
  return {
    [`${prefix}ParameterGroupName`]: id,
    DBParameterGroupFamily: family,
    Description: description,
    [`${prefix}ParameterGroupArn`]: arn,
  };
}
