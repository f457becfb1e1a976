/** Durations such as `90m`, `1h30m` or `0.5d`; a bare number has its option's unit. @module */

const second = 1_000;
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: second,
  m: 60 * second,
  h: 3_600 * second,
  d: 86_400 * second,
};

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

/** `36s`, `90m` or `7d`: the largest unit in which it is a whole number of at most four digits, for messages. */
export function durationText(milliseconds: number): string {
  const found = Object.entries(units).findLast(([, unit]) => milliseconds >= unit && milliseconds % unit === 0);
  return `${milliseconds / (found?.[1] ?? 1)}${found?.[0] ?? "ms"}`;
}
