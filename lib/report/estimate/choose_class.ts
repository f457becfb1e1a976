/** Chooses an instance class by estimates and prices. @module */

import type { ClassChoice, ClassOption } from "../../core/estimate.ts";

/** Without a time to meet, how much longer than with the fastest class a run may take. */
const mostTimesFastest = 2;

/**
 * The cheapest class that is expected to be done within `seconds`; without such a time, the cheapest with which a run takes at most twice
 * as long as with the fastest: beyond that a class saves little, since the price of an hour falls as its speed does. Where none is
 * in time the fastest is taken, for a late snapshot is worth more than none. Of equally cheap ones the faster.
 *
 * @throws {TypeError} without a class.
 */
export function chooseClass(
  classes: readonly ClassOption[],
  seconds?: number,
): Pick<ClassChoice, "chosen" | "why" | "cheaper"> {
  const byPrice = classes.toSorted((a, b) => a.perHour - b.perHour || a.seconds - b.seconds);
  const [fastest] = byPrice.toSorted((a, b) => a.seconds - b.seconds);
  if (fastest === undefined) throw new TypeError("Cannot choose an instance class: there is none");
  const most = seconds ?? mostTimesFastest * fastest.seconds;
  const inTime = byPrice.find((one) => one.seconds <= most);
  const chosen = inTime ?? fastest;
  const cheaper = byPrice[byPrice.indexOf(chosen) - 1];
  const why = inTime === undefined
    ? "fastest"
    : seconds === undefined
    ? "at most twice the fastest"
    : "meets finish-by";
  return { chosen, why, ...(cheaper && { cheaper }) };
}
