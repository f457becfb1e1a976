/**
 * The states of an instance under a workspace's name, what is done in each, and the one function that tells the state. No other
 * file compares the tags of an instance but by `owner.ts`.
 *
 * @module
 */

import type { OverviewState } from "../../core/overview.ts";
import type { Rds } from "../api/client.ts";
import { type Named, namesOfWorkspaces, tag, workspaceNames } from "../api/names.ts";
import type { Instance } from "../api/records.ts";
import { runOf } from "./owner.ts";

/** What is done in a state. */
interface InstanceRules {
  readonly meaning: string;
  /** What the source's next run does before its restore. */
  readonly nextRun: "restore" | "stop" | "delete" | "wait" | "refuse";
  /** Whether its quota is free again before the restore, whether the next run deletes it or waits. */
  readonly freesQuota: boolean;
  /** What `sweep` does. */
  readonly sweep: "ignore" | "delete" | "leave";
  /** The word of `status`; absent: not shown. */
  readonly status: OverviewState | undefined;
}

/** All states. `nextRun: "stop"`: with --wait the run waits for it to end. */
export const instanceStates = {
  absent: {
    meaning: "RDS has no such instance",
    nextRun: "restore",
    freesQuota: false,
    sweep: "ignore",
    status: undefined,
  },
  "in progress": {
    meaning: "of a run of this source whose heartbeat is fresh",
    nextRun: "stop",
    freesQuota: true,
    sweep: "leave",
    status: "running",
  },
  abandoned: {
    meaning: "of a run of this source whose heartbeat has expired",
    nextRun: "delete",
    freesQuota: true,
    sweep: "delete",
    status: "orphaned",
  },
  deleting: {
    meaning: "RDS is deleting it, whose ever it was",
    nextRun: "wait",
    freesQuota: true,
    sweep: "leave",
    status: "leaving",
  },
  foreign: {
    meaning: "without all tags of a run, or its name is not that of its source",
    nextRun: "refuse",
    freesQuota: false,
    sweep: "leave",
    status: "foreign",
  },
} as const satisfies Record<string, InstanceRules>;

/** The state of an instance. */
export type InstanceState = keyof typeof instanceStates;

/** An instance's state, and what its tags name; empty where they name none. */
export interface ClassifiedInstance {
  readonly state: InstanceState;
  readonly runId: string;
  /** DBInstanceIdentifier of the source. */
  readonly source: string;
}

/** Tells an instance's state. `now`: by RDS's clock. `dead`: a run that counts as dead whatever its heartbeat. */
export function classifyInstance(instance: Instance | undefined, now: Date, dead?: string): ClassifiedInstance {
  const source = instance?.tags.get(tag.source) ?? "";
  const runId = instance?.tags.get(tag.run) ?? "";
  return { state: stateOf(instance, source, now, dead), runId, source };
}

function stateOf(instance: Instance | undefined, source: string, now: Date, dead?: string): InstanceState {
  if (instance === undefined) return "absent";
  if (instance.status === "deleting") return "deleting";
  const run = runOf(instance.tags, now, dead);
  if (!run || source === "" || !workspaceNames(source).includes(instance.id)) return "foreign";
  return run.alive ? "in progress" : "abandoned";
}

/** An instance under one of the names of a source's workspaces. */
export interface NamedInstance extends ClassifiedInstance {
  readonly name: string;
}

/** Reads what has the names of a source's workspaces, and tells the state of each; of the usual name first. */
export async function readInstanceStates(
  rds: Rds,
  source: Named,
  signal: AbortSignal,
): Promise<readonly NamedInstance[]> {
  const found: NamedInstance[] = [];
  for (const name of namesOfWorkspaces(source)) {
    const instance = await rds.instance(name, signal);
    found.push({ name, ...classifyInstance(instance, rds.now()) });
  }
  return found;
}
