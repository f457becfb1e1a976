/** The command `parameter-group`: makes a source's isolation group, or says what it would be. @module */

import type { IsolationOutcome } from "../core/isolation.ts";
import type { EngineName } from "../core/engine_name.ts";
import { ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Rds } from "../rds/api/client.ts";
import { isWorkspaceName, type RdsEngine } from "../rds/api/names.ts";
import {
  type IsolationPlan,
  type IsolationSource,
  makeIsolationGroup,
  planIsolation,
  settleTime,
} from "../rds/parameters/isolation_group.ts";

/** How to make a group. Times in milliseconds. */
export interface IsolationRequest {
  /** DBInstanceIdentifier of the source. */
  readonly source: string;
  /** Only say what would be changed. */
  readonly dryRun: boolean;
  readonly pollInterval: number;
  readonly timeout: number;
}

/**
 * Makes the isolation group of a source, or brings it up to date.
 *
 * @throws {ScrubError} `source` if the instance is none that can be scrubbed; as makeIsolationGroup().
 */
export async function isolate(
  rds: Rds,
  { source: id, dryRun, pollInterval, timeout }: IsolationRequest,
  log: Log,
  signal: AbortSignal,
): Promise<IsolationOutcome> {
  const source = await findSource(rds, id, signal);
  const plan = await planIsolation(rds, source, signal);
  if (!dryRun) {
    const options = { pollInterval, timeout, settle: Math.min(settleTime, timeout), log };
    await makeIsolationGroup(rds, source, plan, options, signal);
  }
  return outcomeOf(source, plan, dryRun);
}

const engines: Readonly<Record<string, { readonly engine: EngineName; readonly rdsEngine: RdsEngine }>> = {
  postgres: { engine: "postgresql", rdsEngine: "postgres" },
  mysql: { engine: "mysql", rdsEngine: "mysql" },
};

async function findSource(rds: Rds, id: string, signal: AbortSignal): Promise<IsolationSource> {
  const instance = await rds.instance(id, signal);
  const region = await rds.region(signal);
  const refuse = (why: string, hint: string) => new ScrubError("source", `Cannot isolate "${id}": ${why}`, hint);
  if (instance === undefined) {
    throw refuse(`there is no such instance in ${region}`, "Check its name and the region.");
  }
  const engine = engines[instance.engine];
  if (engine === undefined) {
    throw refuse(
      `its engine is "${instance.engine}", which is not supported`,
      'Give an instance whose engine is "postgres" or "mysql".',
    );
  }
  if (isWorkspaceName(instance.id)) throw refuse("it is a workspace of this program", "Give a production instance.");
  const [group] = instance.parameterGroups;
  if (group === undefined) throw refuse("RDS shows no parameter group of it", "Try again later.");
  return { ...engine, name: instance.id, engineVersion: instance.engineVersion, parameterGroup: group.name };
}

function outcomeOf({ name: source }: IsolationSource, plan: IsolationPlan, dryRun: boolean): IsolationOutcome {
  return {
    source,
    group: plan.name,
    from: plan.from.name,
    made: plan.existing === undefined,
    dryRun,
    changes: plan.changes.map(({ name, before, value, why, shown }) => ({
      name,
      why,
      ...(shown && { value, ...(before !== undefined && { before }) }),
    })),
  };
}
