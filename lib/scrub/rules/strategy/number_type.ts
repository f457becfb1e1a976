/** What a column of numbers can hold, and numbers as exact literals. @module */

import * as v from "valibot";
import type { Column } from "../../../engine/schema.ts";
import { type Sql, trusted } from "../../../engine/sql.ts";

/** What a type of numbers can hold. Both bounds are absent where there are none. */
export interface NumberType {
  /** Digits behind the point; absent: as many as a value has. */
  readonly scale?: number;
  /** Binary fractions, which no decimal digits describe exactly. */
  readonly approximate?: true;
  readonly minimum?: number | bigint | string;
  readonly maximum?: number | bigint | string;
}

const bits: ReadonlyMap<string, bigint> = new Map([
  ["tinyint", 8n],
  ["smallint", 16n],
  ["mediumint", 24n],
  ["int", 32n],
  ["integer", 32n],
  ["bigint", 64n],
]);

/** What a column of kind integer or decimal can hold; undefined for a type whose bounds its name does not tell, such as a domain. */
export function numberType({ type }: Pick<Column, "type">): NumberType | undefined {
  const [, name = "", precision, scale] = /^(\w+(?: precision)?)(?:\((\d+)(?:,(-?\d+))?\))?/.exec(type) ?? [];
  const isUnsigned = type.includes("unsigned");
  const width = bits.get(name);
  if (width !== undefined) {
    const half = 2n ** (width - 1n);
    return { scale: 0, minimum: isUnsigned ? 0n : -half, maximum: isUnsigned ? 2n * half - 1n : half - 1n };
  }
  switch (name) {
    case "year":
      return { scale: 0, minimum: 1901n, maximum: 2155n };
    case "real":
    case "double precision":
    case "float":
    case "double": {
      // MySQL's float(7,3) takes what has so many digits; that of one number is a precision in bits.
      const most = scale === undefined ? undefined : mostOf(Number(precision), Number(scale));
      return {
        approximate: true,
        ...(most !== undefined && { minimum: `-${most}`, maximum: most }),
        ...(isUnsigned && { minimum: 0 }),
      };
    }
    case "numeric":
    case "decimal": {
      if (precision === undefined) return {};
      const digits = Number(scale ?? 0);
      const most = mostOf(Number(precision), digits);
      return most === undefined ? undefined : { scale: digits, minimum: isUnsigned ? "0" : `-${most}`, maximum: most };
    }
    default:
      return undefined;
  }
}

/** The greatest number of so many digits, so many of them behind the point. */
function mostOf(precision: number, scale: number): string | undefined {
  const whole = precision - scale;
  if (scale < 0 || whole < 0) return undefined;
  return `${"9".repeat(whole) || "0"}${scale > 0 ? `.${"9".repeat(scale)}` : ""}`;
}

/** A number without an exponent, which the server would take for a binary fraction. */
export function plain(value: number | bigint | string): string {
  const text = String(value);
  const [, sign = "", first = "", rest = "", exponent = ""] = /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(text) ?? [];
  if (exponent === "") return text;
  const digits = first + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return point >= digits.length
    ? sign + digits.padEnd(point, "0")
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Digits behind the point of a number. */
export function scaleOf(value: number): number {
  return plain(value).split(".")[1]?.length ?? 0;
}

/** The number as an exact literal. */
export function exact(value: number | bigint | string): Sql {
  return trusted(`(${plain(value)})`);
}

/** The last digit of a number: 10 to the power of minus `scale`, exactly. */
export function unit(scale: number): string {
  return scale === 0 ? "1" : `0.${"0".repeat(scale - 1)}1`;
}

/** Wide enough for sums and differences of what columns hold. */
export const wide: Column = {
  name: "wide",
  type: "bigint",
  kind: "integer",
  nullable: true,
  hasDefault: false,
  generated: false,
};

const number = v.pipe(v.number(), v.finite("a bound is no number"));

/** A parameter's bounds. */
export const bounds = {
  minimum: v.optional(v.pipe(number, v.description("The least new value."))),
  maximum: v.optional(v.pipe(number, v.description("The greatest new value."))),
} as const satisfies v.ObjectEntries;

/** Why these bounds do not fit the column, as the end of a sentence. */
export function refuseBounds(
  column: Column,
  { minimum, maximum }: { readonly minimum?: number | undefined; readonly maximum?: number | undefined },
): string | undefined {
  const type = numberType(column);
  if (!type) return `what ${column.type} can hold is not known`;
  if (minimum !== undefined && maximum !== undefined && minimum >= maximum) {
    return "the maximum is not above the minimum";
  }
  for (const bound of [minimum, maximum]) {
    if (bound === undefined) continue;
    if (type.scale !== undefined && scaleOf(bound) > type.scale) {
      return `${plain(bound)} has more digits behind the point than ${column.type}`;
    }
    const isOutside = (type.minimum !== undefined && bound < Number(type.minimum)) ||
      (type.maximum !== undefined && bound > Number(type.maximum));
    if (isOutside) return `${column.type} does not hold ${plain(bound)}`;
  }
  return undefined;
}
