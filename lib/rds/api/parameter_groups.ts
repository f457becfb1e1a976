/** The calls of the RDS API that concern parameter groups, of instances and of clusters. @module */

import {
  CopyDBClusterParameterGroupCommand,
  CopyDBParameterGroupCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBParameterGroupCommand,
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  ListTagsForResourceCommand,
  ModifyDBClusterParameterGroupCommand,
  ModifyDBParameterGroupCommand,
  type Parameter as AwsParameter,
} from "@aws-sdk/client-rds";
import { isRdsError, unexpectedAnswer } from "./errors.ts";
import { awsTags, exactlyOne } from "./messages.ts";
import type { Sender } from "./sender.ts";

/** A parameter group. */
export interface ParameterGroup {
  readonly name: string;
  readonly arn: string;
  /** Such as `postgres18` or `aurora-mysql8.0`. */
  readonly family: string;
}

/** One parameter of a group, as RDS lists it for the group's family. */
export interface Parameter {
  readonly name: string;
  /** Absent: the engine's own default. May be a formula of RDS's over the instance's memory. */
  readonly value?: string;
  /** Whether the group sets it, and neither RDS nor the engine. */
  readonly setByUser: boolean;
  readonly modifiable: boolean;
  /** Whether it takes effect without a restart. */
  readonly dynamic: boolean;
}

/** A value to set. */
export interface ParameterChange {
  readonly name: string;
  readonly value: string;
  readonly dynamic: boolean;
}

/** How many parameters one call takes. */
export const parametersPerCall = 20;

/** What to make a copy of a group of. */
export interface GroupCopy {
  readonly from: ParameterGroup;
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A parameter of a call that sets it. */
export interface ParameterSetting {
  readonly ParameterName: string;
  readonly ParameterValue: string;
  readonly ApplyMethod: "immediate" | "pending-reboot";
}

/** Parameter groups of the account. Every method throws an RdsError where a call fails. */
export abstract class ParameterGroups {
  protected readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /** One group by name; `undefined` only if RDS says that it does not exist. */
  abstract find(name: string, signal: AbortSignal): Promise<ParameterGroup | undefined>;

  /** All parameters of a group: those that the family has, whether the group sets them or not. */
  abstract parameters(group: string, signal: AbortSignal): Promise<readonly Parameter[]>;

  /** Makes a group with the values of another one of its family. */
  protected abstract copyOf(copy: GroupCopy, signal: AbortSignal): Promise<void>;

  /** Makes a group with a family's own values. */
  protected abstract create(copy: GroupCopy, signal: AbortSignal): Promise<void>;

  /** Sets parameters of a group by one call. */
  protected abstract set(group: string, settings: ParameterSetting[], signal: AbortSignal): Promise<void>;

  /** The tags of a group. */
  async tags({ arn }: ParameterGroup, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const action = "ListTagsForResource";
    const command = new ListTagsForResourceCommand({ ResourceName: arn });
    const { TagList } = await this.sender.send(action, command, ["TagList"], signal);
    return new Map(TagList.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  }

  /**
   * Makes a group with the values of another one of its family. A family's default group, whose name begins with `default.`, cannot
   * be copied: a new group has its values anyway.
   */
  async copy(copy: GroupCopy, signal: AbortSignal): Promise<void> {
    if (copy.from.name.startsWith("default.")) await this.create(copy, signal);
    else await this.copyOf(copy, signal);
  }

  /** Sets parameters of a group, in as many calls as RDS needs; static ones take effect with the next start of a server. */
  async modify(group: string, changes: readonly ParameterChange[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < changes.length; start += parametersPerCall) {
      const settings = changes.slice(start, start + parametersPerCall).map(({ name, value, dynamic }) => ({
        ParameterName: name,
        ParameterValue: value,
        ApplyMethod: dynamic ? "immediate" as const : "pending-reboot" as const,
      }));
      await this.set(group, settings, signal);
    }
  }
}

/** Reads a parameter of a list. */
function readParameter(action: string, record: AwsParameter): Parameter {
  const { ParameterName: name, ParameterValue: value, Source, IsModifiable, ApplyType } = record;
  if (!name) throw unexpectedAnswer(action, "name of a parameter");
  return {
    name,
    ...(value !== undefined && { value }),
    setByUser: Source === "user",
    modifiable: IsModifiable === true,
    dynamic: ApplyType === "dynamic",
  };
}

/** Reads a group; its record has another form for each kind. */
function readGroup(action: string, name: string, found: Partial<ParameterGroup>): ParameterGroup {
  const { name: shown, arn, family } = found;
  if (shown?.toLowerCase() !== name.toLowerCase() || !arn || !family) {
    throw unexpectedAnswer(action, `parameter group "${name}"`);
  }
  return { name: shown, arn, family };
}

/** DB parameter groups, which instances have. */
export class InstanceParameterGroups extends ParameterGroups {
  async find(name: string, signal: AbortSignal): Promise<ParameterGroup | undefined> {
    const action = "DescribeDBParameterGroups";
    try {
      const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name });
      const record = exactlyOne(action, (await this.sender.send(action, command, [], signal)).DBParameterGroups);
      const { DBParameterGroupName, DBParameterGroupArn: arn, DBParameterGroupFamily: family } = record;
      return readGroup(action, name, { name: DBParameterGroupName, arn, family });
    } catch (error) {
      if (isRdsError(error, "DBParameterGroupNotFoundFault")) return undefined;
      throw error;
    }
  }

  async parameters(group: string, signal: AbortSignal): Promise<readonly Parameter[]> {
    const action = "DescribeDBParameters";
    const command = (Marker?: string) =>
      new DescribeDBParametersCommand({ DBParameterGroupName: group, Marker, MaxRecords: 100 });
    const records = await this.sender.list(action, command, ({ Parameters }) => Parameters, signal);
    return records.map((record) => readParameter(action, record));
  }

  protected async copyOf({ from, name, description, tags }: GroupCopy, signal: AbortSignal): Promise<void> {
    const command = new CopyDBParameterGroupCommand({
      SourceDBParameterGroupIdentifier: from.name,
      TargetDBParameterGroupIdentifier: name,
      TargetDBParameterGroupDescription: description,
      Tags: awsTags(tags),
    });
    await this.sender.send("CopyDBParameterGroup", command, ["DBParameterGroup"], signal);
  }

  protected async create({ from, name, description, tags }: GroupCopy, signal: AbortSignal): Promise<void> {
    const command = new CreateDBParameterGroupCommand({
      DBParameterGroupName: name,
      DBParameterGroupFamily: from.family,
      Description: description,
      Tags: awsTags(tags),
    });
    await this.sender.send("CreateDBParameterGroup", command, ["DBParameterGroup"], signal);
  }

  protected async set(group: string, Parameters: ParameterSetting[], signal: AbortSignal): Promise<void> {
    const command = new ModifyDBParameterGroupCommand({ DBParameterGroupName: group, Parameters });
    await this.sender.send("ModifyDBParameterGroup", command, ["DBParameterGroupName"], signal);
  }
}

/** DB cluster parameter groups. */
export class ClusterParameterGroups extends ParameterGroups {
  async find(name: string, signal: AbortSignal): Promise<ParameterGroup | undefined> {
    const action = "DescribeDBClusterParameterGroups";
    try {
      const command = new DescribeDBClusterParameterGroupsCommand({ DBClusterParameterGroupName: name });
      const record = exactlyOne(action, (await this.sender.send(action, command, [], signal)).DBClusterParameterGroups);
      const { DBClusterParameterGroupName, DBClusterParameterGroupArn: arn, DBParameterGroupFamily: family } = record;
      return readGroup(action, name, { name: DBClusterParameterGroupName, arn, family });
    } catch (error) {
      if (isRdsError(error, "DBParameterGroupNotFoundFault")) return undefined;
      throw error;
    }
  }

  async parameters(group: string, signal: AbortSignal): Promise<readonly Parameter[]> {
    const action = "DescribeDBClusterParameters";
    const command = (Marker?: string) =>
      new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: group, Marker, MaxRecords: 100 });
    const records = await this.sender.list(action, command, ({ Parameters }) => Parameters, signal);
    return records.map((record) => readParameter(action, record));
  }

  protected async copyOf({ from, name, description, tags }: GroupCopy, signal: AbortSignal): Promise<void> {
    const command = new CopyDBClusterParameterGroupCommand({
      SourceDBClusterParameterGroupIdentifier: from.name,
      TargetDBClusterParameterGroupIdentifier: name,
      TargetDBClusterParameterGroupDescription: description,
      Tags: awsTags(tags),
    });
    await this.sender.send("CopyDBClusterParameterGroup", command, ["DBClusterParameterGroup"], signal);
  }

  protected async create({ from, name, description, tags }: GroupCopy, signal: AbortSignal): Promise<void> {
    const command = new CreateDBClusterParameterGroupCommand({
      DBClusterParameterGroupName: name,
      DBParameterGroupFamily: from.family,
      Description: description,
      Tags: awsTags(tags),
    });
    await this.sender.send("CreateDBClusterParameterGroup", command, ["DBClusterParameterGroup"], signal);
  }

  protected async set(group: string, Parameters: ParameterSetting[], signal: AbortSignal): Promise<void> {
    const command = new ModifyDBClusterParameterGroupCommand({ DBClusterParameterGroupName: group, Parameters });
    await this.sender.send("ModifyDBClusterParameterGroup", command, ["DBClusterParameterGroupName"], signal);
  }
}
