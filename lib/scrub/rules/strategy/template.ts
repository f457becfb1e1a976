/** The strategy `template`. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import { type Column, findColumn } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import {
  normalised,
  orEmpty,
  type Place,
  refuseLength,
  removedUnlessEqual,
  type Row,
  type Strategy,
  unlessEmpty,
  words,
} from "./strategy.ts";

/** 64 bits. */
const digits = 16;

type Piece = { readonly text: string } | { readonly hole: string };

/** Text with holes for the keyed pseudonym and for columns that no rule changes. */
export const template: Strategy = {
  description: {
    summary:
      "Text with holes: {hash} for the start of the old value's keyed pseudonym, {column} for a column that no rule changes.",
    example: { rule: { template: "Person {hash}" }, before: "Ada Lovelace", after: "Person e9d24454785f3a7d" },
  },
  parameter: words("Text with holes in braces.", "a template is text"),
  ofValue: (parameter) => {
    const pieces = parse(String(parameter));
    return columnHoles(pieces).length === 0 && pieces.some((piece) => "hole" in piece);
  },
  refuse(place, parameter) {
    if (place.column.kind !== "text") return `text is no ${place.column.type}`;
    const pieces = parse(String(parameter));
    for (const name of columnHoles(pieces)) {
      const column = findColumn(place.table, name);
      if (!column) return `the template names the column "${name}", which is not there`;
      if (place.changes(name)) return `the template names the column "${name}", which a rule changes`;
      if (longest(column) === undefined) return `the template names the column "${name}", which can be of any length`;
    }
    return refuseEqual(place, pieces) ?? refuseLength(place, lengthOf(place, pieces));
  },
  // The primary key in it keeps rows apart whatever the hash is.
  space: (place, parameter) =>
    refuseEqual(place, parse(String(parameter).replaceAll("{hash}", ""))) === undefined ? undefined : 16 ** digits,
  newValue(e, old, parameter) {
    const text = e.fromText(build(e, old, parse(String(parameter))), old.column);
    // Without {hash} the text does not depend on the old value, and would replace NULL too.
    return e.choose(e.sql`${old.value} IS NULL`, e.nothing(old.column), unlessEmpty(e, old, text));
  },
  // A hole can hold text of a column that no rule changes.
  keepsParts: true,
  removed: (e, old, parameter) => removedUnlessEqual(e, old, build(e, old, parse(String(parameter)))),
  evidence(e, now, parameter) {
    const pieces = parse(String(parameter));
    const text = e.asText(now.value, now.column);
    if (!pieces.some((piece) => "hole" in piece && piece.hole === "hash")) {
      return orEmpty(e, now, e.same(text, build(e, now, pieces)));
    }
    return orEmpty(e, now, e.matches(text, pieces.map((piece) => pattern(now, piece)).join("")));
  },
};

function parse(text: string): Piece[] {
  return text.split(/(\{[a-z0-9_]+\})/).filter((piece) => piece !== "").map((piece) =>
    piece.startsWith("{") && piece.endsWith("}") ? { hole: piece.slice(1, -1) } : { text: piece }
  );
}

function columnHoles(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => "hole" in piece && piece.hole !== "hash" ? [piece.hole] : []);
}

function refuseEqual({ table, column }: Place, pieces: readonly Piece[]): string | undefined {
  const key = table.uniqueKeys.find((key) => key.columns.includes(column.name));
  if (!key || pieces.some((piece) => "hole" in piece && piece.hole === "hash")) return undefined;
  const holes = columnHoles(pieces);
  const apart = table.primaryKey.length > 0 && table.primaryKey.every((name) => holes.includes(name));
  return apart
    ? undefined
    : `"${key.name}" forbids equal values and the template has neither {hash} nor the primary key`;
}

function lengthOf(place: Place, pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => {
    if ("text" in piece) return sum + [...piece.text].length;
    if (piece.hole === "hash") return sum + digits;
    const column = findColumn(place.table, piece.hole);
    return sum + (column ? longest(column) ?? 0 : 0);
  }, 0);
}

/** The greatest number of characters of a column's value as text. */
function longest(column: Column): number | undefined {
  if (column.kind === "integer") return 20;
  if (column.kind === "uuid") return 36;
  return column.kind === "text" ? column.length : undefined;
}

function build(e: Expressions, row: Row, pieces: readonly Piece[]): Sql {
  return e.concat(...pieces.map((piece) => {
    if ("text" in piece) return e.text(piece.text);
    if (piece.hole === "hash") return e.part(e.pseudonym(normalised(e, row)), 1, digits);
    const column = findColumn(row.table, piece.hole);
    return column ? e.asText(row.of(piece.hole), column) : e.text("");
  }));
}

function pattern(row: Row, piece: Piece): string {
  if ("text" in piece) {
    return piece.text.replaceAll(/[^A-Za-z0-9 ]/g, (c) => c === "\\" || c === "^" ? `\\${c}` : `[${c}]`);
  }
  if (piece.hole === "hash") return `[0-9a-f]{${digits}}`;
  return findColumn(row.table, piece.hole)?.kind === "integer" ? "-?[0-9]+" : ".*";
}
