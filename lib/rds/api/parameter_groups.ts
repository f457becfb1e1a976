/** The calls of the RDS API that concern DB parameter groups. @module */

import {
  CopyDBParameterGroupCommand,
  CreateDBParameterGroupCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  ListTagsForResourceCommand,
  ModifyDBParameterGroupCommand,
} from "@aws-sdk/client-rds";
import { isRdsError, unexpectedAnswer } from "./errors.ts";
import { awsTags, exactlyOne } from "./messages.ts";
import type { Sender } from "./sender.ts";

/** A DB parameter group. */
export interface ParameterGroup {
  readonly name: string;
  readonly arn: string;
  /** Such as `postgres18` or `mysql8.4`. */
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

/** How many parameters one call of ModifyDBParameterGroup takes. */
export const parametersPerCall = 20;

/** Parameter groups of the account. Every method throws an RdsError where a call fails. */
export class ParameterGroups {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** One group by name; `undefined` only if RDS says that it does not exist. */
  async find(name: string, signal: AbortSignal): Promise<ParameterGroup | undefined> {
    const action = "DescribeDBParameterGroups";
    try {
      const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name });
      const { DBParameterGroups } = await this.#sender.send(action, command, [], signal);
      const record = exactlyOne(action, DBParameterGroups);
      const { DBParameterGroupName, DBParameterGroupArn: arn, DBParameterGroupFamily: family } = record;
      if (DBParameterGroupName?.toLowerCase() !== name.toLowerCase() || !arn || !family) {
        throw unexpectedAnswer(action, `parameter group "${name}"`);
      }
      return { name: DBParameterGroupName, arn, family };
    } catch (error) {
      if (isRdsError(error, "DBParameterGroupNotFoundFault")) return undefined;
      throw error;
    }
  }

  /** All parameters of a group: those that the family has, whether the group sets them or not. */
  async parameters(group: string, signal: AbortSignal): Promise<readonly Parameter[]> {
    const action = "DescribeDBParameters";
    const command = (Marker?: string) =>
      new DescribeDBParametersCommand({ DBParameterGroupName: group, Marker, MaxRecords: 100 });
    const records = await this.#sender.list(action, command, ({ Parameters }) => Parameters, signal);
    return records.map(({ ParameterName: name, ParameterValue: value, Source, IsModifiable, ApplyType }) => {
      if (!name) throw unexpectedAnswer(action, "name of a parameter");
      return {
        name,
        ...(value !== undefined && { value }),
        setByUser: Source === "user",
        modifiable: IsModifiable === true,
        dynamic: ApplyType === "dynamic",
      };
    });
  }

  /** The tags of a group. */
  async tags({ arn }: ParameterGroup, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const action = "ListTagsForResource";
    const { TagList } = await this.#sender.send(
      action,
      new ListTagsForResourceCommand({ ResourceName: arn }),
      ["TagList"],
      signal,
    );
    return new Map(TagList.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  }

  /**
   * Makes a group with the values of another one of its family. A family's default group, whose name begins with `default.`, cannot
   * be copied: a new group has its values anyway.
   */
  async copy(
    { from, name, description, tags }: {
      readonly from: ParameterGroup;
      readonly name: string;
      readonly description: string;
      readonly tags: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const required = ["DBParameterGroup"] as const;
    if (from.name.startsWith("default.")) {
      const command = new CreateDBParameterGroupCommand({
        DBParameterGroupName: name,
        DBParameterGroupFamily: from.family,
        Description: description,
        Tags: awsTags(tags),
      });
      await this.#sender.send("CreateDBParameterGroup", command, required, signal);
      return;
    }
    const command = new CopyDBParameterGroupCommand({
      SourceDBParameterGroupIdentifier: from.name,
      TargetDBParameterGroupIdentifier: name,
      TargetDBParameterGroupDescription: description,
      Tags: awsTags(tags),
    });
    await this.#sender.send("CopyDBParameterGroup", command, required, signal);
  }

  /** Sets parameters of a group, in as many calls as RDS needs; static ones take effect with the next start of a server. */
  async modify(group: string, changes: readonly ParameterChange[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < changes.length; start += parametersPerCall) {
      const command = new ModifyDBParameterGroupCommand({
        DBParameterGroupName: group,
        Parameters: changes.slice(start, start + parametersPerCall).map(({ name, value, dynamic }) => ({
          ParameterName: name,
          ParameterValue: value,
          ApplyMethod: dynamic ? "immediate" : "pending-reboot",
        })),
      });
      await this.#sender.send("ModifyDBParameterGroup", command, ["DBParameterGroupName"], signal);
    }
  }
}
