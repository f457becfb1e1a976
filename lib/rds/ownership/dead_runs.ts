/** Before a run: deletes what dead runs of its source left, and waits for or stops at one that is alive. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { isCopyName, type Named, workspaceName } from "../api/names.ts";
import { pause, waitFor, type WaitOptions } from "../api/wait.ts";
import type { DeletionWaitName } from "../api/waits.ts";
import { instanceStates, type NamedInstance, readInstanceStates } from "../states/instance.ts";
import { ownerOf } from "../states/owner.ts";
import { readSnapshotStates, snapshotStates } from "../states/snapshot.ts";
import { deleteInstance, deleteSnapshot, whyNotDeleted } from "./delete.ts";

/** How to handle other runs of the source. */
export interface DeadRunOptions extends WaitOptions {
  /** The run that is to begin; its own snapshots are no obstacle. */
  readonly runId?: string;
  /** Milliseconds to wait for the end of a run that is alive; 0: do not wait. */
  readonly waitTimeout: number;
  /** Gets the name of each leftover before it is deleted. */
  readonly onLeftover?: (name: string) => void;
}

/**
 * Deletes the workspace of dead runs, and their snapshots without proof. Never touches what is not provably a dead run's.
 *
 * @throws {ScrubError} `occupied` if another run is alive, `name-taken` if an instance that is not ours has the workspace's
 * name, `leftovers` if AWS does not delete something.
 */
export async function clearDeadRuns(
  rds: Rds,
  source: Named,
  options: DeadRunOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pollInterval, waitTimeout, log } = options;
  const deadline = performance.now() + waitTimeout;
  let waitingFor: string | undefined;
  // Each round deletes or waits, which may bring something new to light, such as a dead run's final snapshot.
  while (true) {
    const outcome = await deleteNext(rds, source, options, signal);
    if (outcome === "clear") return;
    if (outcome === "deleted") continue;
    if (performance.now() >= deadline) throw occupied(source, outcome.runId, waitTimeout);
    if (waitingFor !== outcome.runId) log.info(`waiting for the end of run ${outcome.runId}`);
    waitingFor = outcome.runId;
    log.progress({ what: "waiting for another run" });
    await pause(pollInterval, signal);
  }
}

/** Deletes one leftover; gives the run if one is alive. */
async function deleteNext(
  rds: Rds,
  source: Named,
  options: DeadRunOptions,
  signal: AbortSignal,
): Promise<"clear" | "deleted" | { readonly runId: string }> {
  const { log, onLeftover, runId: own } = options;
  const workspace = workspaceName(source);
  // Beside the workspace that is to be restored, the run's own may still be there from which it was rebuilt.
  const instances = (await readInstanceStates(rds, source, signal))
    .filter(({ name, state, runId }) => name === workspace || state !== "in progress" || runId !== own);
  const foreign = withRule(instances, "refuse");
  if (foreign) {
    throw new ScrubError(
      "name-taken",
      `Cannot restore to "${foreign.name}": an instance of that name exists and does not carry this program's tags`,
      "Find out whose it is; if it is not needed, delete it by hand.",
    );
  }
  const working = withRule(instances, "stop");
  if (working) return working;
  const snapshots = (await readSnapshotStates(rds, source, signal)).filter(({ runId }) => runId !== own);
  const living = snapshots.find(({ state }) => snapshotStates[state].nextRun === "stop");
  if (living) return living;
  const dead = withRule(instances, "delete");
  if (dead) {
    log.warn(`deleting instance "${dead.name}", left by dead run ${dead.runId}`);
    onLeftover?.(dead.name);
    await deleteDeadRun(rds, dead.name, dead.name, dead.runId, options, signal);
    return "deleted";
  }
  const leaving = withRule(instances, "wait");
  if (leaving) {
    await untilDeleted("nameFree", rds, { workspace: leaving.name }, options, signal);
    return "deleted";
  }
  const leftover = snapshots.find(({ state }) => snapshotStates[state].nextRun === "delete");
  if (!leftover) return "clear";
  const { snapshot: { id }, runId } = leftover;
  log.warn(`deleting snapshot "${id}", left without proof by dead run ${runId}`);
  onLeftover?.(id);
  await deleteDeadRun(rds, workspace, id, runId, options, signal);
  return "deleted";
}

function withRule(
  instances: readonly NamedInstance[],
  rule: (typeof instanceStates)[NamedInstance["state"]]["nextRun"],
): NamedInstance | undefined {
  return instances.find(({ state }) => instanceStates[state].nextRun === rule);
}

function occupied(source: Named, runId: string, waitTimeout: number): ScrubError {
  return new ScrubError(
    "occupied",
    `Cannot restore to "${workspaceName(source)}": run ${runId} works on "${source.name}"`,
    waitTimeout > 0
      ? "Find out why that run does not end, then run again."
      : "Wait until that run has ended, or give --wait. If it has died, its heartbeat expires after three intervals.",
  );
}

/**
 * Deletes a dead run's instance (`name` is the workspace's) or snapshot.
 *
 * @throws {ScrubError} `leftovers` if AWS does not delete it.
 */
export async function deleteDeadRun(
  rds: Rds,
  workspace: string,
  name: string,
  runId: string,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pollInterval, log } = options;
  const timeout = AbortSignal.timeout(options.timeout);
  const both = AbortSignal.any([signal, timeout]);
  const deletion = { rds, workspace, runId, pollInterval, log, shownBy: 0 };
  const kind = name === workspace ? "instance" : "snapshot";
  try {
    if (kind === "instance") {
      await deleteInstance(deletion, both);
      await untilDeleted("leftoverDeleted", rds, { workspace, runId }, options, both);
    } else await deleteSnapshot(deletion, name, undefined, both);
  } catch (error) {
    signal.throwIfAborted();
    throw new ScrubError(
      "leftovers",
      `Cannot delete ${kind} "${name}", left by dead run ${runId}: ${whyNotDeleted(error, timeout, options.timeout)}`,
      `Delete ${kind} "${name}" by hand${kind === "instance" ? ", without a final snapshot" : ""}; it ${
        isCopyName(workspace, name) ? "is a copy of production" : "may not be scrubbed"
      }.`,
      { cause: error },
    );
  }
}

/**
 * Waits until there is no instance of this name, or, with `runId`, only one of another run.
 *
 * @throws {ScrubError} `aws-timeout`
 */
export async function untilDeleted(
  wait: DeletionWaitName,
  rds: Rds,
  { workspace, runId }: { readonly workspace: string; readonly runId?: string },
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  await waitFor(
    wait,
    {
      id: workspace,
      read: async (signal) => {
        const instance = await rds.instance(workspace, signal);
        // A run that waits for the name may take it between two polls.
        const other = instance && runId !== undefined && ownerOf(instance.tags, runId) === "other";
        return instance && !other ? { status: instance.status, value: undefined } : undefined;
      },
    },
    options,
    signal,
  );
}
