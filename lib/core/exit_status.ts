/** Exit statuses, in one place: main, help and README read them here. @module */

import type { Failure, FailureKind } from "./errors.ts";

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
  ["2", "the command line is invalid; AWS was not called"],
  ["3", "refused: something is unclassified or not allowed, or verification failed; no snapshot of that source"],
  ["4", "something was left in AWS; the messages name it"],
  ["129, 130, 143", "interrupted by SIGHUP, SIGINT or SIGTERM, and cleaned up"],
];

/** What a failure comes to by itself, whatever command it ends. */
const statusOf: Readonly<Record<FailureKind, number>> = {
  failed: exitStatuses.failed,
  usage: exitStatuses.usage,
  refused: exitStatuses.refused,
  leftovers: exitStatuses.leftovers,
  // A signal ends the program with its own status; this is what another end, such as a time limit, stopped.
  interrupted: exitStatuses.failed,
};

/** The status of a program that one failure ended, before or instead of a run. What was left in AWS comes first. */
export function failureStatus(failure: Failure): number {
  return withOthers(failure).some(({ kind }) => kind === "leftovers") ? exitStatuses.leftovers : statusOf[failure.kind];
}

/**
 * The status of a run that started. What was left in AWS comes first, then an interruption that kept a source from its end,
 * then a refusal, then any other failure.
 */
export function exitStatus(failures: readonly Failure[], interruptedBy?: StopSignal): number {
  if (failures.length === 0) return exitStatuses.done;
  const kinds = new Set(failures.flatMap(withOthers).map((failure) => failure.kind));
  if (kinds.has("leftovers")) return statusOf.leftovers;
  if (interruptedBy !== undefined) return exitStatuses[interruptedBy];
  return kinds.has("refused") ? statusOf.refused : statusOf.failed;
}

function withOthers(failure: Failure): readonly Failure[] {
  return [failure, ...failure.also.flatMap(withOthers)];
}
