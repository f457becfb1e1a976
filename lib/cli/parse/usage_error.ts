/** Errors about what was typed, and what may have been meant. @module */

import { ScrubError } from "../../core/errors.ts";
import { visible } from "../../core/visible.ts";

/** An error of kind `usage`: the run does not start. */
export function usageError(message: string, hint: string, options?: ErrorOptions): ScrubError {
  return new ScrubError("usage", message, hint, options);
}

/** A typed value for a message: in quotes, on one line, of at most 80 characters. */
export function quoted(value: string): string {
  const shown = visible(value);
  return `"${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}"`;
}
