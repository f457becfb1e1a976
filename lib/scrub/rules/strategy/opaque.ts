/** The strategy `opaque`. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import type { Column } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { normalised, orEmpty, type Strategy, unlessEmpty } from "./strategy.ts";

/** 64 bits: with fewer, two of many rows could get the same pseudonym. */
const fewestDigits = 16;
const mostDigits = 32;
const lengthOfUuid = 36;
const digitsOfUuid = 32;
const anyUuid = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}";

/**
 * A token's keyed pseudonym in the shape of the old value: a UUID, also in a text column, so that joins between columns of both
 * types still work; otherwise hexadecimal digits. UUIDs have version 8 (RFC 9562, custom), which distinguishes them.
 */
export const opaque: Strategy = {
  description: {
    summary:
      "A keyed pseudonym in the shape of the column: a UUID for UUIDs, otherwise hexadecimal digits; equal values stay equal.",
    example: { rule: "opaque", before: "dXNlcjoxMjM0NTY3ODkw", after: "42965eb6eaf6d47e8ba009c518ff7e6d" },
  },
  short: true,
  keyed: true,
  ofValue: true,
  refuse({ column }) {
    if (column.kind === "uuid") return undefined;
    if (column.kind !== "text") return `a token is no ${column.type}`;
    return digitsFor(column) < fewestDigits
      ? `it holds ${column.length} characters and a pseudonym needs ${fewestDigits}`
      : undefined;
  },
  // 122 bits of a UUID are the hash's.
  space: ({ column }) => column.kind === "uuid" ? 2 ** 122 : 16 ** digitsFor(column),
  newValue(e, old) {
    const hash = e.pseudonym(normalised(e, old));
    if (old.column.kind === "uuid") return e.fromText(uuid(e, hash), old.column);
    const digits = e.part(hash, 1, digitsFor(old.column));
    const text = holdsUuids(old.column)
      ? e.choose(e.matches(e.asText(old.value, old.column), anyUuid), uuid(e, hash), digits)
      : digits;
    return unlessEmpty(e, old, e.fromText(text, old.column));
  },
  evidence(e, now) {
    const text = e.asText(now.value, now.column);
    if (now.column.kind === "uuid") return orEmpty(e, now, isOurUuid(e, text));
    const digits = e.isHexadecimal(text, digitsFor(now.column));
    return orEmpty(e, now, holdsUuids(now.column) ? e.sql`(${digits} OR ${isOurUuid(e, text)})` : digits);
  },
};

function digitsFor(column: Column): number {
  return Math.min(mostDigits, column.length ?? mostDigits);
}

function holdsUuids(column: Column): boolean {
  return column.length === undefined || column.length >= lengthOfUuid;
}

/** The hash occurs once, since the server computes every occurrence. From the end, so that positions do not move. */
function uuid(e: Expressions, hash: Sql): Sql {
  const variant = e.concat(e.text("-"), e.uuidVariant);
  const between = [[21, 0, e.text("-")], [17, 1, variant], [13, 1, e.text("-8")], [9, 0, e.text("-")]] as const;
  return between.reduce(
    (sofar, [from, length, sign]) => e.overlaid(sofar, from, length, sign),
    e.part(hash, 1, digitsOfUuid),
  );
}

/** What {@linkcode uuid} makes: hexadecimal digits with something at fixed places between them. */
function isOurUuid(e: Expressions, text: Sql): Sql {
  const between = [
    [9, 1, e.text("-")],
    [14, 2, e.text("-8")],
    [19, 1, e.text("-")],
    [20, 1, e.uuidVariant],
    [24, 1, e.text("-")],
  ] as const;
  const digits = e.concat(
    ...[e.part(text, 1, 8), e.part(text, 10, 4), e.part(text, 16, 3), e.part(text, 21, 3)],
    e.part(text, 25, lengthOfUuid),
  );
  const parts = between.map(([at, length, sign]) => e.same(e.part(text, at, length), sign));
  return parts.reduce((all, one) => e.sql`${all} AND ${one}`, e.isHexadecimal(digits, 30));
}
