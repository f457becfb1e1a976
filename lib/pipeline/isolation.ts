/** The command `parameter-group`: makes a source's isolation group, or says what it would be. @module */

import type { IsolationOutcome } from "../core/isolation.ts";
import { ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Rds } from "../rds/api/client.ts";
import { ofEveryKind } from "../rds/api/every_kind.ts";
import { isRdsEngine, isWorkspaceName, rdsEngines } from "../rds/api/names.ts";
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
  any: Rds,
  { source: id, dryRun, pollInterval, timeout }: IsolationRequest,
  log: Log,
  signal: AbortSignal,
): Promise<IsolationOutcome> {
  const source = await findSource(any, id, signal);
  const rds = any.of(rdsEngines[source.rdsEngine].deployment);
  const plan = await planIsolation(rds, source, signal);
  if (!dryRun) {
    const options = { pollInterval, timeout, settle: Math.min(settleTime, timeout), log };
    await makeIsolationGroup(rds, source, plan, options, signal);
  }
  return outcomeOf(source, plan, dryRun);
}

async function findSource(rds: Rds, id: string, signal: AbortSignal): Promise<IsolationSource> {
  const [instance] = await ofEveryKind(rds, async (rds) => {
    const found = await rds.instance(id, signal);
    return found ? [found] : [];
  });
  const region = await rds.region(signal);
  const refuse = (why: string, hint: string) => new ScrubError("source", `Cannot isolate "${id}": ${why}`, hint);
  if (instance === undefined) {
    throw refuse(`there is no such instance or cluster in ${region}`, "Check its name and the region.");
  }
  const { engine: rdsEngine } = instance;
  if (!isRdsEngine(rdsEngine)) {
    throw refuse(
      `its engine is "${rdsEngine}", which is not supported`,
      'Give an instance whose engine is "postgres", "mysql" or "mariadb", or an Aurora cluster.',
    );
  }
  if (instance.cluster !== undefined) {
    throw refuse("it belongs to a cluster", `Give the cluster, "${instance.cluster}".`);
  }
  if (isWorkspaceName(instance.id)) throw refuse("it is a workspace of this program", "Give a production instance.");
  const [group] = instance.parameterGroups;
  if (group === undefined) throw refuse("RDS shows no parameter group of it", "Try again later.");
  const { engine } = rdsEngines[rdsEngine];
  return { engine, rdsEngine, name: instance.id, engineVersion: instance.engineVersion, parameterGroup: group.name };
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
