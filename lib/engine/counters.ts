/** Counters by which a server numbers rows: a number that was set by hand stays in one although no row has it. @module */

import type { Column, Table } from "./schema.ts";

/** Numbers of eight and more digits may be a person's: a date of birth, a telephone, card or NHS number. */
export const firstLongNumber = 10_000_000;

/** Whether a number has so many digits that it may be a person's. */
export function isLong(value: bigint): boolean {
  return (value < 0n ? -value : value) >= BigInt(firstLongNumber);
}

/** Numbers of whose multiples people make limits: mebibytes in bytes, days in seconds. */
const units = [2n ** 20n, 86_400n];

/**
 * Whether a number is one that people and servers choose for a bound, a start, a step or a default: short, the bound of a type, whole
 * mebibytes or days, or round, also with one more or less, such as 1000000001 and 99999999.
 */
export function isChosen(value: bigint): boolean {
  const size = value < 0n ? -value : value;
  if (!isLong(size) || units.some((unit) => size % unit === 0n)) return true;
  return [size - 1n, size, size + 1n].some((near) => isPowerOfTwo(near) || /^[0-9]{1,3}0{5,}$/.test(String(near)));
}

function isPowerOfTwo(value: bigint): boolean {
  return (value & (value - 1n)) === 0n;
}

/** A sequence of PostgreSQL's or MariaDB's, or MySQL's AUTO_INCREMENT of a table. */
export interface Counter {
  /** As people name it: `public.users_id_seq`, `users AUTO_INCREMENT`. */
  readonly name: string;
  /** The last number that it gave or, where it gave none, the one before the first. */
  readonly last: bigint;
  /** The number before the first one. */
  readonly initial: bigint;
  /** What it adds each time. */
  readonly step: bigint;
  /** The columns that it numbers: none where a server only remembers it. */
  readonly columns: readonly { readonly table: Table; readonly column: Column }[];
  /** The table of a number that MySQL remembers of a column that is gone, or of another table that had the name. */
  readonly remembered?: Table;
  /** Of a sequence of MariaDB's: where it begins, and its bounds. */
  readonly sequence?: { readonly start: bigint; readonly least: bigint; readonly most: bigint };
}
