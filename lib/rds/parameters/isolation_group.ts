/**
 * The isolation group of a source: a DB parameter group of its own for the source's workspace, with the values of the source's group
 * but for those with which the restored server would start work by itself, and some that make a scrub fast.
 *
 * @module
 */

import type { EngineName } from "../../core/engine_name.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError } from "../api/errors.ts";
import { isolationGroupName, type RdsEngine, tag, TOOL } from "../api/names.ts";
import type { Parameter, ParameterChange, ParameterGroup } from "../api/parameter_groups.ts";
import { MINUTE, pause, readBack, type ReadBackOptions } from "../api/wait.ts";
import { isIsolationGroupOf } from "../states/owner.ts";
import { fastSettingsOf } from "./fast_settings.ts";
import { isolatedValue, isQuiet, ownValue, settingsOf } from "./waking_settings.ts";

/** A source, as far as its isolation group depends on it. */
export interface IsolationSource {
  readonly engine: EngineName;
  readonly rdsEngine: RdsEngine;
  /** DBInstanceIdentifier. */
  readonly name: string;
  readonly engineVersion: string;
  /** Its own parameter group. */
  readonly parameterGroup: string;
}

/** One parameter that the isolation group gets another value of. */
export interface IsolationChange extends ParameterChange {
  /** What it is before; absent: the engine's own, or a value that is not shown. */
  readonly before?: string;
  readonly why: string;
  /** Whether the values may be shown. */
  readonly shown: boolean;
}

/** What there is to do. */
export interface IsolationPlan {
  readonly name: string;
  /** The source's own group. */
  readonly from: ParameterGroup;
  /** Absent: it has to be made. */
  readonly existing?: ParameterGroup;
  readonly changes: readonly IsolationChange[];
  /** What the group will set, by parameter. */
  readonly values: ReadonlyMap<string, string>;
}

/** Values by parameter, without those that nothing sets. */
export function valuesOf(parameters: readonly Pick<Parameter, "name" | "value">[]): ReadonlyMap<string, string> {
  return new Map(parameters.flatMap(({ name, value }) => value === undefined ? [] : [[name, value]]));
}

/**
 * Compares the isolation group with what it should be. Only reads.
 *
 * @throws {ScrubError} `source` if the source's own group does not exist; `name-taken` if another group has the name.
 */
export async function planIsolation(rds: Rds, source: IsolationSource, signal: AbortSignal): Promise<IsolationPlan> {
  const { parameterGroups } = rds;
  const name = isolationGroupName(source);
  const from = await parameterGroups.find(source.parameterGroup, signal);
  if (from === undefined) {
    throw new ScrubError(
      "source",
      `Cannot isolate "${source.name}": its parameter group "${source.parameterGroup}" does not exist`,
      "Check the region and the instance's parameter group.",
    );
  }
  const existing = await parameterGroups.find(name, signal);
  const own = await parameterGroups.parameters(from.name, signal);
  const now = existing === undefined ? own : await parameterGroups.parameters(existing.name, signal);
  const changes = changesFor(source, own, now);
  const values = valuesOf([...now, ...changes]);
  if (existing === undefined) return { name, from, changes, values };
  if (existing.family !== from.family) throw taken(name, `it is of the family ${existing.family}, not ${from.family}`);
  return { name, from, existing, changes, values };
}

/** `own`: the parameters of the source's group; `now`: those of the isolation group, before it exists the same. */
function changesFor(
  { engine, rdsEngine, engineVersion }: IsolationSource,
  own: readonly Parameter[],
  now: readonly Parameter[],
): readonly IsolationChange[] {
  const wanted = new Map<string, { readonly value: string; readonly why: string; readonly shown: boolean }>();
  for (const { name, value, setByUser } of own) {
    if (setByUser && value !== undefined) wanted.set(name, { value, why: "as the source's group", shown: false });
  }
  for (const { name, value, why } of fastSettingsOf(rdsEngine, engineVersion)) {
    wanted.set(name, { value, why, shown: true });
  }
  const current = new Map(now.map((parameter) => [parameter.name, parameter]));
  for (const setting of settingsOf(engine, rdsEngine)) {
    const value = wanted.get(setting.name)?.value ?? current.get(setting.name)?.value ?? ownValue(setting, rdsEngine);
    if (isQuiet(setting, value)) continue;
    wanted.set(setting.name, {
      value: isolatedValue(setting, value),
      why: `otherwise ${setting.effect}`,
      shown: !setting.hidden,
    });
  }
  return [...wanted].flatMap(([name, { value, why, shown }]) => {
    const parameter = current.get(name);
    if (!parameter?.modifiable || parameter.value === value) return [];
    const { value: before, dynamic } = parameter;
    return [{ name, value, dynamic, why, shown, ...(shown && before !== undefined && { before }) }];
  });
}

/** How to make a group. Times in milliseconds. */
export interface IsolationOptions extends ReadBackOptions {
  /** How long AWS asks to wait before a group that was changed is used; see {@linkcode settleTime}. */
  readonly settle: number;
  readonly log: Log;
}

/** RDS API Reference, ModifyDBParameterGroup: wait for 5 minutes before the first instance is made with a changed group. */
export const settleTime = 5 * MINUTE;

/**
 * Carries out a plan: makes the group, sets its parameters, reads them back, and waits until AWS has them everywhere. Does nothing
 * where the group is as it should be.
 *
 * @throws {ScrubError} `name-taken` if the group is not this program's; `aws-timeout` if RDS does not show a change.
 * @throws {RdsError} if AWS refuses.
 */
export async function makeIsolationGroup(
  rds: Rds,
  source: IsolationSource,
  plan: IsolationPlan,
  { settle, log, ...options }: IsolationOptions,
  signal: AbortSignal,
): Promise<void> {
  if (plan.existing !== undefined && plan.changes.length === 0) return;
  const existing = plan.existing ?? await copyGroup(rds, source, plan, signal);
  if (existing !== undefined) await refuseForeign(rds, source, existing, signal);
  await rds.parameterGroups.modify(plan.name, plan.changes, signal);
  const left = await readBack(
    "parametersShown",
    async (signal) => (await planIsolation(rds, source, signal)).changes,
    (changes) => changes.length === 0,
    options,
    signal,
  );
  if (left.length > 0) {
    throw new ScrubError(
      "aws-timeout",
      `Cannot make parameter group "${plan.name}": RDS does not show the new values of ${
        left.map(({ name }) => name).join(", ")
      }`,
      "Look at the group in the RDS console, then run again.",
    );
  }
  log.info(`parameter group "${plan.name}" is made; AWS asks to wait for 5 minutes before it is used`);
  await pause(settle, signal);
}

/** Makes the group; gives the one that is there already, if another run has made it, or the answer to an earlier attempt was lost. */
async function copyGroup(
  rds: Rds,
  source: IsolationSource,
  { name, from }: IsolationPlan,
  signal: AbortSignal,
): Promise<ParameterGroup | undefined> {
  const tags = { [tag.tool]: TOOL, [tag.source]: source.name };
  const description = `Isolation group of ${source.name} for datascrubber, after ${from.name}`;
  try {
    await rds.parameterGroups.copy({ from, name, description, tags }, signal);
    return undefined;
  } catch (error) {
    if (!isRdsError(error, "DBParameterGroupAlreadyExistsFault")) throw error;
    return await rds.parameterGroups.find(name, signal);
  }
}

async function refuseForeign(
  rds: Rds,
  source: IsolationSource,
  group: ParameterGroup,
  signal: AbortSignal,
): Promise<void> {
  if (isIsolationGroupOf(await rds.parameterGroups.tags(group, signal), source.name)) return;
  throw taken(group.name, "it does not carry this program's tags");
}

function taken(name: string, why: string): ScrubError {
  return new ScrubError(
    "name-taken",
    `Cannot change parameter group "${name}": ${why}`,
    "Find out whose it is and delete it, or name another group with --parameter-group.",
  );
}
