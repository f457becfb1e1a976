/**
 * Gives an instance's name to its successor. RDS changes names some time after it was asked to, restarts the instance for that, and
 * refuses a name that another one has: so the old instance gives the name away first. In between nothing has it.
 *
 * @module
 */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { isRdsError, RdsError } from "../api/errors.ts";
import { isSwapBegun } from "../states/successor.ts";
import { beforeName, newName, tag } from "../api/names.ts";
import { pendingChange } from "../api/pending_change.ts";
import type { Instance } from "../api/records.ts";
import { instanceStatusClass } from "../api/status_classes.ts";
import { mayRepeat, MINUTE, propagationOf, type Reading, waitFor, type WaitOptions } from "../api/wait.ts";

/** Whose name goes to whom. */
export interface Swap {
  readonly target: string;
  readonly runId: string;
  /** DbiResourceIds, which stay while names change. */
  readonly oldResource: string;
  readonly newResource: string;
}

/** How to wait for names. Times in milliseconds. */
export interface SwapOptions extends WaitOptions {
  /** How long it may still take once the run is stopped. Default 15 minutes. */
  readonly cleanUpTimeout?: number;
}

/**
 * Puts the new instance in the place of the old one, from wherever an earlier attempt has come to. Puts the old one back where that fails.
 * Once names change, a signal does not stop it at once: it goes on, for a while, so that the name does not stay without an instance.
 *
 * @throws {NotSwapped} if the old instance has its name back.
 * @throws {ScrubError} `leftovers` if the name may be without an instance.
 */
export async function swap(
  rds: Rds,
  { target, runId, oldResource, newResource }: Swap,
  options: SwapOptions,
  signal: AbortSignal,
): Promise<Instance> {
  const { cleanUpTimeout = 15 * MINUTE, log } = options;
  const successor = await rds.staging.byResource(newResource, signal);
  if (!successor) throw new NotSwapped(new Error(`the instance that is to take the name "${target}" is gone`));
  if (!isSwapBegun(successor, target)) {
    try {
      // From now on whoever finds it goes on here, whatever RDS shows of the calls.
      await rds.tag(successor.arn, { [tag.swap]: "begun" }, signal);
    } catch (error) {
      throw new NotSwapped(error);
    }
  }
  using late = lateSignal(signal, cleanUpTimeout);
  const before = beforeName(target, runId);
  try {
    const old = await rds.staging.byResource(oldResource, late.signal);
    const record = old && await rds.staging.read(old.id, late.signal);
    const protect = record?.deletionProtection ?? false;
    if (old && successor.id !== target) {
      await rename(rds, { resource: oldResource, to: before }, options, late.signal);
      log.info(`"${target}" is "${before}" now`);
    }
    return await rename(rds, { resource: newResource, to: target, protect }, options, late.signal);
  } catch (error) {
    const now = await rds.staging.byResource(newResource, late.signal).catch(() => successor);
    if (now?.id === target || !await rds.staging.byResource(oldResource, late.signal).catch(() => true)) {
      throw halfway(error, { target, runId });
    }
    log.warn(`"${target}" gets its old instance back: ${error instanceof Error ? error.message : "unknown reason"}`);
    using back = lateSignal(signal, cleanUpTimeout);
    await rename(rds, { resource: oldResource, to: target }, options, back.signal).catch((failure) => {
      throw halfway(new AggregateError([error, failure], textOf(failure)), { target, runId });
    });
    throw new NotSwapped(error);
  }
}

/** The old instance has its name, as before. */
export class NotSwapped extends Error {
  constructor(cause: unknown) {
    super(textOf(cause), { cause });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}

function halfway(error: unknown, { target, runId }: Pick<Swap, "target" | "runId">): ScrubError {
  return new ScrubError(
    "leftovers",
    `Cannot say whether "${target}" has an instance, as which "${newName(target, runId)}" was made: ${textOf(error)}`,
    `Run "datascrubber finish", which gives the name to the new one. By hand, back to the old one: aws rds modify-db-instance ` +
      `--db-instance-identifier ${
        beforeName(target, runId)
      } --new-db-instance-identifier ${target} --apply-immediately`,
    { cause: error },
  );
}

interface Renaming {
  readonly resource: string;
  readonly to: string;
  /** Whether it gets deletion protection with the name. */
  readonly protect?: boolean;
}

/** Waits until an instance has a name, and asks for it while nothing shows that RDS is at it. */
async function rename(
  rds: Rds,
  { resource, to, protect = false }: Renaming,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<Instance> {
  /** Until when (of `performance.now()`) RDS may not show yet that it was asked to. */
  let askedUntil = 0;
  const ask = async (instance: Instance, signal: AbortSignal) => {
    try {
      await rds.staging.rename(instance.id, to, { protect }, signal);
      askedUntil = performance.now() + propagationOf(options);
    } catch (error) {
      // By then it may have the name already; the next reading shows it.
      if (isRdsError(error, "DBInstanceNotFoundFault") || mayRepeat("renaming", error)) return;
      // The answer was lost: the call may have had its effect.
      if (!(error instanceof RdsError) || !error.transient) throw error;
      askedUntil = performance.now() + propagationOf(options);
    }
  };
  return await waitFor(
    "renamed",
    {
      id: to,
      read: async (signal): Promise<Reading<Instance> | undefined> => {
        const instance = await rds.staging.byResource(resource, signal);
        if (!instance) return undefined;
        const pending = pendingChange(instance);
        if (instance.id === to) return { status: pending ?? instance.status, value: instance };
        if (instanceStatusClass(instance.status) !== "done" || pending !== undefined) {
          const broken = instanceStatusClass(instance.status) === "broken";
          const as = `${pending ?? instance.status}, as "${instance.id}"`;
          return { status: as, value: instance, ...(!broken && { statusClass: "transient" }) };
        }
        if (performance.now() >= askedUntil) await ask(instance, signal);
        return { status: `available, as "${instance.id}"`, statusClass: "transient", value: instance };
      },
      events: (signal) => rds.events(to, signal),
    },
    options,
    signal,
  );
}

/** A signal that follows another one later. Disposing forgets both. */
function lateSignal(signal: AbortSignal, milliseconds: number): { readonly signal: AbortSignal } & Disposable {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = () => timer = setTimeout(() => late.abort(signal.reason), milliseconds);
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin);
  return {
    signal: late.signal,
    [Symbol.dispose]() {
      signal.removeEventListener("abort", begin);
      clearTimeout(timer);
    },
  };
}
