/** How long a run was expected to take, and what it costs. @module */

import { count, type Data, flag, list, maybe, moment, object, text, word } from "./schema.ts";

/** One phase, as it was expected. */
export const phaseTimes = object("one phase", {
  phase: text("name"),
  seconds: count("how long it was expected to take"),
  took: maybe(count("how long it took, in seconds; absent: it has not ended")),
});

/** One part of the costs. */
export const cost = object("one part of the costs", {
  what: text("what is paid for, and how much of it is expected"),
  expected: maybe(count("the price of that, in the table's currency")),
  actual: maybe(count("the same by the times that the phases took")),
  monthly: flag("whether it is paid each month, and not once"),
  unknown: maybe(text("why there is no price, or not all of it")),
});

/** How long a run was expected to take, and what it costs. */
export const estimateReport = object("how long a run was expected to take, and what it costs", {
  by: text("what the times are taken from"),
  seconds: count("of all phases"),
  phases: list("every phase of a whole run", phaseTimes),
  currency: text("of the costs"),
  prices: text("date and source of the prices"),
  costs: list("what is paid for", cost),
});

/** How long a run was expected to take, and what it costs. */
export type EstimateReport = Data<typeof estimateReport>;

/** One part of the costs. */
export type Cost = Data<typeof cost>;

/** An instance class that could be taken. */
const classOption = object("one instance class", {
  instanceClass: text("name"),
  seconds: count("how long a run is expected to take with it, to the final snapshot"),
  perHour: count("price of an hour, in the table's currency"),
});

/** An instance class that could be taken. */
export type ClassOption = Data<typeof classOption>;

/** How the instance class was chosen. */
export const classChoice = object("how the instance class was chosen, for --instance-class auto", {
  chosen: classOption,
  why: word("what it is the cheapest of; fastest: none meets --finish-by", [
    "meets finish-by",
    "at most twice the fastest",
    "fastest",
  ]),
  cheaper: maybe(classOption),
  currency: text("of the prices"),
  by: text("what the times are taken from"),
});

/** How the instance class was chosen. */
export type ClassChoice = Data<typeof classChoice>;

/** Whether a final snapshot came in time. */
export const finishReport = object("when the final snapshot should exist, as --finish-by says", {
  by: moment("when it should exist"),
  expected: moment("when it was expected before the restore"),
  ended: maybe(moment("when it existed; absent: the run did not come to that")),
  kept: maybe(flag("whether that was in time")),
});

/** Whether a final snapshot came in time. */
export type FinishReport = Data<typeof finishReport>;
