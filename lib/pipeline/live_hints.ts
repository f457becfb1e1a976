/** Errors as they are true of a database by URL: the engines' own speak of a workspace, of production and of its master user. @module */

import { ScrubError } from "../core/errors.ts";

/** The error with hints for a database by URL, also inside of errors that hold several. What it is about stays. */
export function adviseInPlace(error: unknown): unknown {
  if (error instanceof SuppressedError) {
    return new SuppressedError(adviseInPlace(error.error), adviseInPlace(error.suppressed), error.message);
  }
  if (error instanceof AggregateError) return new AggregateError(error.errors.map(adviseInPlace), error.message);
  if (!(error instanceof ScrubError)) return error;
  const { code, message, hint, inPlace = hint } = error;
  return new ScrubError(code, asUser(message), asUser(inPlace), { cause: error });
}

function asUser(text: string): string {
  return text.replaceAll("the master user", "the user");
}
