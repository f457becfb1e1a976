/** Durations such as `90m`, `1h30m` or `0.5d`; a bare number has its option's unit. @module */

import { timeUnits as units } from "../../core/duration_text.ts";

const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gi;

/**
 * Milliseconds, less than none for a negative number; undefined where the text is no duration. `bare`: milliseconds of a bare
 * number's unit.
 */
export function parseDuration(text: string, bare: number): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * bare;
  if (text === "" || text.replaceAll(part, "") !== "") return undefined;
  const parts = [...text.matchAll(part)].map(([, amount, unit]) =>
    Number(amount) * (units[unit?.toLowerCase() ?? ""] ?? 0)
  );
  return parts.reduce((sum, milliseconds) => sum + milliseconds, 0);
}
