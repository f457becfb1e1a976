/** Durations in words of one unit. @module */

const second = 1_000;
/** Milliseconds of each unit of a duration. */
export const timeUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: second,
  m: 60 * second,
  h: 3_600 * second,
  d: 86_400 * second,
};

/** `36s`, `90m` or `7d`: the largest unit in which it is a whole number of at most four digits, for messages. */
export function durationText(milliseconds: number): string {
  const found = Object.entries(timeUnits).findLast(([, unit]) => milliseconds >= unit && milliseconds % unit === 0);
  return `${milliseconds / (found?.[1] ?? 1)}${found?.[0] ?? "ms"}`;
}
