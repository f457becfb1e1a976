/** How much of a table the leak search reads, and what that proves. @module */

import type { Table } from "../../engine/schema.ts";

/** As the operator asked. */
export type LeakMode = "full" | "sample" | "off";

/** Bytes with indexes up to which every row is read by default: it takes seconds on either engine. */
const fullUpTo = 128 * 2 ** 20;
/** A sample has at least so many rows. */
const fewest = 20_000;
/** A sample has at least one row in so many. */
const thinnest = 20;

/** One in how many rows is read. Rows are picked by their key, so a table without one is read as a whole. */
export function shareOf({ primaryKey, bytes, rows }: Table, mode: LeakMode | undefined): number {
  const whole = mode === "full" || (mode === undefined && bytes <= fullUpTo) || primaryKey.length === 0;
  return whole ? 1 : Math.max(1, Math.min(thinnest, Math.floor(rows / fewest)));
}

/**
 * What a sample of so many rows without a finding proves with 99 % confidence: fewer than one row in the returned number holds
 * a leak. If a share p of the rows did, the sample would miss all of them with (1 - p)^n, which is e^(-pn) or less.
 */
export function fewerThanOneIn(rows: number): number {
  return Math.max(1, Math.floor(rows / -Math.log(1 - 0.99)));
}
