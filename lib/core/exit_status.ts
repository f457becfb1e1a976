/** Exit statuses, in one place: main, help and README read them here. @module */

import { type Failure, type FailureKind, leavesSomething } from "./errors.ts";

/** Signals that end a run early. */
export type StopSignal = "SIGHUP" | "SIGINT" | "SIGTERM";

/** Every exit status. */
export const exitStatuses = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  leftovers: 4,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** What each status means, for help and README. */
export const exitStatusMeanings: readonly (readonly [status: string, meaning: string])[] = [
  ["0", "every source is done"],
  ["1", "at least one source failed"],
  ["2", "the command line is invalid, or no region or credentials are set; AWS was not called"],
  ["3", "refused: something is unclassified or not allowed, or verification failed; no snapshot of that source"],
  ["4", "something was left in AWS; the messages name it"],
  ["129, 130, 143", "interrupted by SIGHUP, SIGINT or SIGTERM, and cleaned up"],
];

/** The status for a single failure, whatever command it ends. */
const statusOf: Readonly<Record<FailureKind, number>> = {
  failed: exitStatuses.failed,
  usage: exitStatuses.usage,
  refused: exitStatuses.refused,
  leftovers: exitStatuses.leftovers,
  // A signal has a status of its own; this is for another stop, such as a time limit.
  interrupted: exitStatuses.failed,
};

/** The status of a program that one failure ended, before or instead of a run. Leftovers in AWS come first. */
export function failureStatus(failure: Failure): number {
  return leavesSomething(failure) ? exitStatuses.leftovers : statusOf[failure.kind];
}

/**
 * The status of a run that started. Leftovers in AWS come first, then an interruption that kept a source from its end,
 * then a refusal, then any other failure.
 */
export function exitStatus(failures: readonly Failure[], interruptedBy?: StopSignal): number {
  if (failures.length === 0) return exitStatuses.done;
  if (failures.some(leavesSomething)) return statusOf.leftovers;
  if (interruptedBy !== undefined) return exitStatuses[interruptedBy];
  const kinds = new Set(failures.flatMap(withOthers).map(({ kind }) => kind));
  return kinds.has("refused") ? statusOf.refused : statusOf.failed;
}

function withOthers(failure: Failure): readonly Failure[] {
  return [failure, ...failure.also.flatMap(withOthers)];
}
