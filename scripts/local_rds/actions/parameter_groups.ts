/** DescribeDBParameterGroups, DescribeDBParameters, CopyDBParameterGroup, CreateDBParameterGroup, ModifyDBParameterGroup. @module */
import { engineOf, familyParameters } from "../parameters.ts";
import { List, type Parameters, type Xml } from "../query.ts";
import { Polls } from "../polls.ts";
import type { ParameterGroup } from "../records.ts";
import { checkIdentifier, type RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";
import { page } from "./action.ts";
import { checkTags } from "./tags.ts";

/** One group by name, or all in pages. */
export function describeGroups(rds: RdsState, parameters: Parameters): Xml {
  const id = parameters.text("DBParameterGroupName");
  const all = id ? [rds.parameterGroup(id)] : [...rds.parameterGroups.values()];
  const { records, marker } = page(rds, parameters, all);
  return { Marker: marker, DBParameterGroups: new List("DBParameterGroup", records.map(shape)) };
}

/** The parameters of the group's family, in pages. */
export function describeParameters(rds: RdsState, parameters: Parameters): Xml {
  const { family, values } = rds.parameterGroup(parameters.required("DBParameterGroupName"));
  const all = familyParameters(engineOf(family)).map(({ name, apply, system, fixed }) => ({
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
export function copyGroup(rds: RdsState, parameters: Parameters): Xml {
  const source = rds.parameterGroup(parameters.required("SourceDBParameterGroupIdentifier"));
  if (source.id.startsWith("default.")) {
    throw new ApiError("InvalidParameterValue", `Default parameter groups cannot be copied: ${source.id}`);
  }
  const description = parameters.required("TargetDBParameterGroupDescription");
  const id = parameters.required("TargetDBParameterGroupIdentifier");
  return add(rds, parameters, { id, description, family: source.family, values: source.values });
}

/** A group that sets nothing. */
export function createGroup(rds: RdsState, parameters: Parameters): Xml {
  const family = parameters.required("DBParameterGroupFamily");
  rds.parameterGroup(`default.${family}`);
  const description = parameters.required("Description");
  return add(rds, parameters, {
    id: parameters.required("DBParameterGroupName"),
    description,
    family,
    values: new Map(),
  });
}

/** Twenty parameters at most; a static one never `immediate`. */
export function modifyGroup(rds: RdsState, parameters: Parameters): Xml {
  const group = rds.parameterGroup(parameters.required("DBParameterGroupName"));
  if (group.id.startsWith("default.")) {
    throw new ApiError("InvalidDBParameterGroupState", `Default parameter groups cannot be modified: ${group.id}`);
  }
  if (group.production) rds.callLog.violation(`ModifyDBParameterGroup ${group.id}`);
  const changes = parameters.structures("Parameters", "Parameter", ["ParameterName", "ParameterValue", "ApplyMethod"]);
  if (changes.length === 0 || changes.length > 20) {
    throw new ApiError("InvalidParameterValue", "The number of parameters must be between 1 and 20.");
  }
  const known = new Map(familyParameters(engineOf(group.family)).map((parameter) => [parameter.name, parameter]));
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
  return { DBParameterGroupName: group.id };
}

function add(
  rds: RdsState,
  parameters: Parameters,
  wanted: Pick<ParameterGroup, "id" | "description" | "family" | "values">,
): Xml {
  const id = checkIdentifier(wanted.id, "DBParameterGroupName", 255);
  if (rds.parameterGroups.has(id)) {
    throw new ApiError("DBParameterGroupAlreadyExists", `Parameter group ${id} already exists`);
  }
  const tags = checkTags(parameters.tags() ?? []);
  const arn = rds.arn("pg", id);
  const group: ParameterGroup = { ...wanted, id, arn, tags, production: false, polls: new Polls() };
  rds.parameterGroups.set(id, group);
  return { DBParameterGroup: shape(group) };
}

function shape({ id, arn, family, description }: ParameterGroup): { readonly [name: string]: Xml } {
  return {
    DBParameterGroupName: id,
    DBParameterGroupFamily: family,
    Description: description,
    DBParameterGroupArn: arn,
  };
}
