/** Cuts work on tables into statements: big tables by themselves, small ones together. @module */

import { inGroups } from "../../core/in_groups.ts";

/** Small tables in one statement. */
const most = 20;

/** Each big one by itself, then the small ones twenty at a time, both in their order. */
export function inBatches<T>(items: readonly T[], isSmall: (item: T) => boolean): readonly (readonly T[])[] {
  return [...items.filter((one) => !isSmall(one)).map((one) => [one]), ...inGroups(items.filter(isSmall), most)];
}
