/** Chooses the workspace's parameter group, and refuses one with which the restored server would start work by itself. Only reads. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { denials, isRdsError } from "../api/errors.ts";
import { isolationGroupName } from "../api/names.ts";
import type { Source } from "../source/source.ts";
import { type IsolationPlan, type IsolationSource, planIsolation, valuesOf } from "./isolation_group.ts";
import { type Waking, wakingOf, wakingText } from "./waking_settings.ts";

/** What the operator says about it. */
export interface GroupOptions {
  /** The group of `--parameter-group`. */
  readonly parameterGroup?: string;
  /** Whether the source's isolation group will be made where it is missing or not up to date. */
  readonly isolate?: boolean | undefined;
  /** Whether a group that is not quiet is accepted. */
  readonly allowActive?: boolean | undefined;
}

/** The source, as its isolation group sees it. `restore.parameterGroup`: its own group. */
function isolationSourceOf({ engine, rdsEngine, name, snapshot, restore }: Source): IsolationSource {
  const { parameterGroup } = restore;
  return { engine, rdsEngine, name, engineVersion: snapshot.engineVersion, parameterGroup };
}

/** The source, with the group to restore with, and what the operator should know. */
export interface ChosenGroup {
  readonly source: Source;
  readonly warnings: readonly string[];
  /** What the group sets, by parameter; absent: AWS refuses to show it. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** The isolation group that has to be made first: `source` names it already. */
  readonly isolation?: { readonly source: IsolationSource; readonly plan: IsolationPlan };
}

/**
 * Chooses the named group, else the source's isolation group, else the source's own.
 *
 * @throws {ScrubError} `active` if it is not quiet, and that is not accepted.
 * @throws {RdsError} if AWS refuses to show it, and one that is not quiet is not accepted.
 */
export async function chooseParameterGroup(
  rds: Rds,
  source: Source,
  { parameterGroup: named, isolate = false, allowActive = false }: GroupOptions,
  signal: AbortSignal,
): Promise<ChosenGroup> {
  if (isolate && named === undefined) {
    const own = isolationSourceOf(source);
    const plan = await planIsolation(rds, own, signal);
    if (plan.existing === undefined || plan.changes.length > 0) {
      const planned = { ...source, restore: { ...source.restore, parameterGroup: plan.name } };
      return { source: planned, warnings: [], parameters: plan.values, isolation: { source: own, plan } };
    }
  }
  try {
    const isolation = named === undefined ? await findIsolationGroup(rds, source, signal) : undefined;
    const group = isolation ?? source.restore.parameterGroup;
    const chosen = { ...source, restore: { ...source.restore, parameterGroup: group } };
    const parameters = await rds.parameterGroups.parameters(group, signal);
    const values = valuesOf(parameters);
    const waking = wakingOf(source.engine, (name) => values.get(name), source.rdsEngine);
    if (waking.length === 0) return { source: chosen, warnings: [], parameters: values };
    if (!allowActive) throw refusal(source.name, group, waking);
    const warnings = [`--allow-active: in parameter group "${group}" ${sentences(waking)}`];
    return { source: chosen, warnings, parameters: values };
  } catch (error) {
    if (!allowActive || !isRdsError(error, ...denials)) throw error;
    const why =
      "it is not known what the workspace starts by itself: allow this identity to describe parameter groups and " +
      "their parameters to check before the restore";
    return { source, warnings: [why] };
  }
}

async function findIsolationGroup(rds: Rds, source: Source, signal: AbortSignal): Promise<string | undefined> {
  return (await rds.parameterGroups.find(isolationGroupName(isolationSourceOf(source)), signal))?.name;
}

function refusal(source: string, group: string, waking: readonly Waking[]): ScrubError {
  return new ScrubError(
    "active",
    `Cannot restore "${source}": in parameter group "${group}" ${sentences(waking)}`,
    `Make its isolation group, which runs find by themselves: datascrubber parameter-group ${source}, or --isolate. ` +
      "Or name another group by --parameter-group; --allow-active accepts this one.",
  );
}

/**
 * Checks the settings that the restored server has.
 *
 * @returns a warning where one is not quiet, and that is accepted.
 * @throws {ScrubError} `active` where it is not accepted.
 */
export function checkServerSettings(
  { engine, name }: Pick<Source, "engine" | "name">,
  values: ReadonlyMap<string, string>,
  { allowActive = false }: Pick<GroupOptions, "allowActive">,
): readonly string[] {
  const waking = wakingOf(engine, (name) => values.get(name));
  if (waking.length === 0) return [];
  if (allowActive) return [`--allow-active: on the workspace's server ${sentences(waking)}`];
  throw new ScrubError(
    "active",
    `Cannot scrub "${name}": on the workspace's server ${sentences(waking)}`,
    `Bring its isolation group up to date: datascrubber parameter-group ${name}. What ALTER DATABASE or ALTER ROLE sets has ` +
      "to be reset on the source. --allow-active accepts this.",
  );
}

function sentences(waking: readonly Waking[]): string {
  return waking.map(wakingText).join("; ");
}
