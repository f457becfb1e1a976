/** Which rows a change is for: all, only some, or all but some. @module */

import type { ChosenRows, Scratch } from "./engine.ts";

/** Whether it is for every row. */
export function isForEveryRow({ onlyKeys, exceptKeys }: ChosenRows): boolean {
  return onlyKeys === undefined && exceptKeys === undefined;
}

/** The keys by which rows are chosen. */
export function chosenBy({ onlyKeys, exceptKeys }: ChosenRows): Scratch | undefined {
  return onlyKeys ?? exceptKeys;
}

/**
 * How many rows changes for all rows but some leave as they are, by the keys' number; 0 where that is unknown or where those changes
 * are not all for the same rows. Changes for some rows only do not count.
 */
export function exceptedRows(changes: readonly ChosenRows[]): number {
  const [first, ...others] = changes.flatMap(({ exceptKeys }) => exceptKeys ?? []);
  return first && others.every((one) => one === first) ? first.rows ?? 0 : 0;
}
