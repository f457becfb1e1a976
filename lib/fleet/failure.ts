/** Turns whatever was thrown into plain data without values of rows or secrets. @module */

import { type Failure, failure, leavesSomething, ScrubError } from "../core/errors.ts";

/**
 * What was thrown, as data. Only a ScrubError's text is kept: texts of drivers, the AWS client and the runtime quote values. A
 * failed clean-up is in `also`, and one that leaves something in AWS decides the kind.
 */
export function failureOf(error: unknown): Failure {
  const [work, ...also] = failuresOf(error);
  return withAlso(work, also);
}

/**
 * The failure of a run that was stopped, for `reason`. What the work threw follows from that, such as a cancelled statement, and is
 * kept only where it says more: a refusal, or something left in AWS.
 */
export function failureAfterStop(reason: Failure, error: unknown): Failure {
  const [work, ...also] = failuresOf(error);
  const saysMore = work.kind === "refused" || work.kind === "leftovers";
  return withAlso(reason, saysMore && work.message !== reason.message ? [work, ...also] : also);
}

/** Puts more failures beside one. Something left in AWS outranks every other kind. */
export function withAlso(first: Failure, more: readonly Failure[]): Failure {
  const also = [...first.also, ...more];
  const kind = also.some(leavesSomething) ? "leftovers" : first.kind;
  return { ...first, kind, also };
}

/** The work's failure, then those of the clean-up, each by itself. */
function failuresOf(error: unknown): readonly [Failure, ...Failure[]] {
  if (error instanceof SuppressedError) return [...failuresOf(error.suppressed), ...failuresOf(error.error)];
  if (error instanceof AggregateError && error.errors.length > 0) {
    const [first, ...rest] = error.errors;
    return [...failuresOf(first), ...rest.flatMap(failuresOf)];
  }
  if (error instanceof ScrubError) return [failure(error.code, error.message, error.hint)];
  return [
    failure(
      "unexpected",
      `Cannot go on: unexpected ${nameOf(error)}`,
      "Run it again with --log-level DEBUG; if it happens again, report it with the log.",
    ),
  ];
}

/** What was thrown and where, for the log: names, codes and places of the program, never a text. */
export function traceOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [nameOf(error)];
  const frames = placesOf(error).slice(1, 9).map((place) => `  at ${place}`);
  const inner = error instanceof SuppressedError ? [error.suppressed, error.error] : error.cause ? [error.cause] : [];
  return [nameOf(error), ...frames, ...inner.flatMap((one) => traceOf(one).map((line) => `  ${line}`))];
}

/** `TypeError at lib/pipeline/pipeline.ts:12:3`, with a driver's or AWS's code where there is one. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return `value of type "${typeof error}"`;
  const name = plainWord(error.name) ?? "Error";
  const code = plainWord("serverCode" in error ? error.serverCode : "code" in error ? error.code : undefined);
  const [place] = placesOf(error);
  return `${name}${code === undefined ? "" : ` ${code}`}${place === undefined ? "" : ` at ${place}`}`;
}

/** Names and codes are plain words; anything else may be data. */
function plainWord(text: unknown): string | undefined {
  return typeof text === "string" && /^[A-Za-z][\w.]{0,60}$|^[0-9A-Z]{5}$/.test(text) ? text : undefined;
}

/** The stack's places (`ext:` is the runtime), shortened. Its first lines hold the error's text: left out. */
function placesOf(error: Error): readonly string[] {
  const text = `${error.name}: ${error.message}`;
  const stack = error.stack ?? "";
  const frames = stack.startsWith(text) ? stack.slice(text.length) : stack.includes(error.message) ? "" : stack;
  return [...frames.matchAll(/^ {4}at (?!.*\bext:).*?([\w.@-]+(?:\/[\w.@-]+){0,2}\.[mc]?[jt]s:\d+:\d+)\)?$/gm)]
    .flatMap(([, place]) => place === undefined ? [] : [place]);
}
