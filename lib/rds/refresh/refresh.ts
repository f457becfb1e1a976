/** Puts an instance of a verified snapshot in the place of an existing one, which is kept under another name. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { beforeName, type Named, newName, refreshing, refreshOf, tag } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import { MINUTE, propagationOf } from "../api/wait.ts";
import { deleteDeadRun } from "../ownership/dead_runs.ts";
import { deleteInstance, whyNotDeleted } from "../ownership/delete.ts";
import { Heartbeat } from "../ownership/heartbeat.ts";
import { readVerified } from "../snapshot/share_and_prune.ts";
import { checkTarget } from "../source/refresh_check.ts";
import { hasToolTag } from "../states/owner.ts";
import { classifySuccessor, type Successor, successorTags } from "../states/successor.ts";
import { makeSuccessor } from "./successor.ts";
import { NotSwapped, swap, type SwapOptions } from "./swap.ts";

/** What to refresh, with what. */
export interface RefreshRequest {
  /** The name of the verified snapshot. */
  readonly id: string;
  readonly source: Named;
  /** DBInstanceIdentifier of the instance. */
  readonly target: string;
  /** The run whose snapshot it is. */
  readonly runId: string;
  readonly sourceResource?: string;
}

/** Times in milliseconds. */
export interface RefreshOptions extends SwapOptions {
  /** Between two heartbeats. Default 5 minutes. */
  readonly heartbeat?: number;
}

/** An instance that was refreshed. */
export interface Refreshed {
  /** The new one, under the name. */
  readonly instance: Instance;
  readonly snapshot: string;
  /** The name of the old one, and whether it is protected against deletion. */
  readonly before: string;
  readonly isProtected: boolean;
}

/**
 * Restores the snapshot beside the instance, with its settings, and gives it the instance's name. What the calls make is told by its
 * tags, so that `finish` and the next run finish or undo it, whatever becomes of this run. The tag on the snapshot says `wanted` until all
 * is done.
 *
 * @throws {ScrubError} `refresh` or `occupied` if the instance may not be refreshed, or cannot be; `leftovers` for whatever goes wrong
 * afterwards.
 * @throws {RdsError} if AWS refuses to tell.
 */
export async function refresh(
  rds: Rds,
  request: RefreshRequest,
  options: RefreshOptions,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { id, source, target, runId, sourceResource } = request;
  const purpose = `Cannot refresh "${target}" with snapshot "${id}"`;
  try {
    const snapshot = await readVerified(rds, { id, purpose, code: "refresh" }, options, signal);
    const earlier = await rds.staging.read(target, signal);
    // The run that did it was stopped before it could say so.
    if (earlier?.instance.tags.get(tag.restoredFrom) === id && !hasToolTag(earlier.instance.tags)) {
      await rds.tag(snapshot.arn, { [tag.refreshes]: refreshing.done(target) }, signal);
      return await describe(rds, earlier.instance, { ...request, snapshot: id }, signal);
    }
    const needs = { target, runId, snapshot, ...(sourceResource !== undefined && { sourceResource }) };
    const { like, warnings } = await checkTarget(rds, needs, signal);
    for (const warning of warnings) options.log.warn(warning);
    const { heartbeat: interval = 5 * MINUTE } = options;
    const wanted = { source, snapshot, target, like, runId, heartbeat: interval };
    const heartbeat = new Heartbeat(rds, interval, options.log);
    let made: Instance;
    try {
      made = await makeSuccessor(rds, wanted, heartbeat, longOptions(options), signal);
    } catch (error) {
      await heartbeat.stop();
      throw await undo(rds, request, error, options);
    }
    // Its ARN changes with its name.
    await heartbeat.stop();
    const placed = { target, runId, oldResource: like.instance.resourceId, newResource: made.resourceId };
    const instance = await takePlace(rds, placed, request, options, signal);
    await markDone(rds, snapshot, target, signal);
    return await describe(rds, instance, { ...request, snapshot: id }, signal);
  } catch (error) {
    throw outcomeOf(error, request, purpose);
  }
}

/** A restore with backups lasts until the first of them is made. */
function longOptions(options: RefreshOptions): RefreshOptions {
  return { ...options, timeout: options.snapshotTimeout ?? options.timeout };
}

interface Placed {
  readonly target: string;
  readonly runId: string;
  readonly oldResource: string;
  readonly newResource: string;
}

/** Gives it the name, and takes the run's tags off it. Deletes it where the old one has the name again. */
async function takePlace(
  rds: Rds,
  placed: Placed,
  request: Pick<RefreshRequest, "target" | "runId">,
  options: RefreshOptions,
  signal: AbortSignal,
): Promise<Instance> {
  try {
    const instance = await swap(rds, placed, options, signal);
    await rds.staging.untag(instance.arn, successorTags, signal);
    return instance;
  } catch (error) {
    if (error instanceof NotSwapped) throw await undo(rds, request, error.cause, options);
    await endHeartbeat(rds, placed.newResource, options);
    throw error;
  }
}

/** So that others need not wait until it has expired. They find out without, too. */
async function endHeartbeat(rds: Rds, resourceId: string, { log }: RefreshOptions): Promise<void> {
  const timeout = AbortSignal.timeout(MINUTE);
  try {
    const instance = await rds.staging.byResource(resourceId, timeout);
    if (instance && hasToolTag(instance.tags)) {
      await rds.tag(instance.arn, { [tag.heartbeat]: new Date(0).toISOString() }, timeout);
    }
  } catch (error) {
    log.debug(`the heartbeat expires by itself: ${textOf(error)}`);
  }
}

/** Deletes what was made, and gives the error, or one that says what is left. Takes no signal: it runs when all else was stopped. */
async function undo(
  rds: Rds,
  { target, runId }: Pick<RefreshRequest, "target" | "runId">,
  error: unknown,
  options: RefreshOptions,
): Promise<unknown> {
  const { pollInterval, cleanUpTimeout = 15 * MINUTE, log } = options;
  const workspace = newName(target, runId);
  const timeout = AbortSignal.timeout(cleanUpTimeout);
  const shownBy = performance.now() + propagationOf(options);
  try {
    await deleteInstance({ rds, workspace, runId, pollInterval, log, shownBy }, timeout);
    return error;
  } catch (failure) {
    const made = await rds.instance(workspace, timeout).catch(() => undefined);
    if (made) await endHeartbeat(rds, made.resourceId, options);
    const why = whyNotDeleted(failure, timeout, cleanUpTimeout);
    return new ScrubError(
      "leftovers",
      `${textOf(error)}. Cannot clean up instance "${workspace}": ${why}`,
      `"datascrubber sweep" tries to delete it, too.`,
      { cause: new AggregateError([error, failure]) },
    );
  }
}

async function markDone(rds: Rds, snapshot: Snapshot | undefined, target: string, signal: AbortSignal): Promise<void> {
  const wish = snapshot && refreshOf(snapshot.tags);
  if (snapshot && wish?.wanted && wish.target === target) {
    await rds.tag(snapshot.arn, { [tag.refreshes]: refreshing.done(target) }, signal);
  }
}

async function describe(
  rds: Rds,
  instance: Instance,
  { target, runId, snapshot }: { readonly target: string; readonly runId: string; readonly snapshot: string },
  signal: AbortSignal,
): Promise<Refreshed> {
  const before = beforeName(target, runId);
  const old = await rds.staging.read(before, signal);
  return { instance, snapshot, before, isProtected: old?.deletionProtection ?? false };
}

/** A refusal by the checks stays what it is where nothing was to be made; here there is a snapshot that waits for it. */
function outcomeOf(error: unknown, { id, source: { name }, target }: RefreshRequest, purpose: string): unknown {
  if (!(error instanceof Error)) return error;
  const known = error instanceof ScrubError;
  const own = known && error.code === "leftovers" ? ` ${error.hint}` : "";
  const hint = known && error.code !== "leftovers" && error.hint !== "" ? `${error.hint} Then finish` : "Finish";
  return new ScrubError(
    "leftovers",
    `${
      known && error.message.startsWith("Cannot") ? error.message : `${purpose}: ${textOf(error)}`
    }. Snapshot "${id}" ` +
      `was verified, and is kept; "${target}" waits for it`,
    `${hint} it with "datascrubber finish ${name}".${own}`,
    { cause: error },
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}

/** What dead runs left of refreshes: all, or of one target, source or run, which counts as dead. Only reads. */
export async function findSuccessors(
  rds: Rds,
  of: { readonly target?: string; readonly source?: string; readonly run?: string },
  signal: AbortSignal,
): Promise<readonly Successor[]> {
  const all = await rds.of("instance").instances(signal);
  const now = rds.now();
  return all.flatMap((instance) => classifySuccessor(instance, now, of.run) ?? []).filter((one) =>
    (one.target === of.target || one.source === of.source || of.target === undefined && of.source === undefined) &&
    (of.run === undefined || one.runId === of.run)
  );
}

/**
 * Brings to an end what a dead run left: puts it in its place where names have begun to change, else deletes it. Gives what was refreshed.
 *
 * @throws {ScrubError} `leftovers` if AWS does not do it.
 */
export async function recoverSuccessor(
  rds: Rds,
  { instance, state, target, replaces, snapshot: id, source: name, runId }: Successor,
  options: RefreshOptions,
  signal: AbortSignal,
): Promise<Refreshed | undefined> {
  if (state === "in progress" || state === "deleting") return undefined;
  if (state === "abandoned") {
    options.log.warn(`deleting instance "${instance.id}", left by dead run ${runId}`);
    await deleteDeadRun(rds, instance.id, instance.id, runId, options, signal);
    return undefined;
  }
  options.log.warn(`dead run ${runId} left "${target}" between two names: giving it to the new instance`);
  try {
    const placed = { target, runId, oldResource: replaces, newResource: instance.resourceId };
    const refreshed = await takePlace(rds, placed, { target, runId }, options, signal);
    await markDone(rds, await rds.snapshot(id, signal), target, signal);
    return await describe(rds, refreshed, { target, runId, snapshot: id }, signal);
  } catch (error) {
    if (error instanceof ScrubError && error.code === "leftovers") throw error;
    throw new ScrubError(
      "leftovers",
      `Cannot bring the refresh of "${target}" to its end: ${textOf(error)}`,
      `Try again with "datascrubber finish ${name}".`,
      { cause: error },
    );
  }
}
