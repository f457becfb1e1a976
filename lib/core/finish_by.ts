/** When the final snapshot of a source should exist: what `--finish-by` says, and the moment that it means. @module */

/** What `--finish-by` says. Plain values, which cross to workers. */
export type FinishBy =
  /** Milliseconds since the epoch. */
  | { readonly kind: "moment"; readonly time: number }
  /** From the beginning of the run. */
  | { readonly kind: "span"; readonly milliseconds: number }
  /** The next one. `zone`: as Temporal spells it, such as `+02:00`; absent: this machine's. */
  | { readonly kind: "time of day"; readonly hour: number; readonly minute: number; readonly zone?: string };

/**
 * The moment that is meant by a run which begins at `start`. A time of day that a change of the clocks skips is later by what they
 * skip, and of one that they repeat it is the first: Temporal's rule, and that of RFC 5545 for calendars. `zone`: this machine's.
 */
export function finishMoment(finishBy: FinishBy, start: Date, zone: string = Temporal.Now.timeZoneId()): Date {
  switch (finishBy.kind) {
    case "moment":
      return new Date(finishBy.time);
    case "span":
      return new Date(start.getTime() + finishBy.milliseconds);
    case "time of day": {
      const timeZone = finishBy.zone ?? zone;
      const plainTime = Temporal.PlainTime.from({ hour: finishBy.hour, minute: finishBy.minute });
      const today = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
      const on = (day: Temporal.PlainDate) => day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
      const time = on(today);
      return new Date(time > start.getTime() ? time : on(today.add({ days: 1 })));
    }
  }
}
