/** What can happen to a column: the functions that scrubber authors call. Each returns plain data. @module */

import type { ColumnRule, Json, TableRule } from "./definition.ts";

/** Deletes every row of a table, whose columns need no rules. Rows that reference it go by CASCADE, become NULL by SET NULL, or refuse the run. */
export function truncate(): TableRule {
  return { truncate: true };
}

/** NULL. Refused where the column forbids it. */
export function setNull(): ColumnRule {
  return { strategy: "setNull" };
}

/** One value for every row that has one; NULL stays NULL. Refused on a column of a unique key, or where the value does not fit. */
export function constant(value: Json): ColumnRule {
  return { strategy: "constant", with: value };
}

/** A mail address made from the keyed pseudonym of the old one: same address, same pseudonym. NULL and empty text stay as they are. */
export function email(): ColumnRule {
  return { strategy: "email" };
}

/** A token, uid or secret, replaced by its keyed pseudonym in the shape of the column: UUID, or hexadecimal digits. NULL and empty text stay as they are. */
export function opaque(): ColumnRule {
  return { strategy: "opaque" };
}

/** A person's name from lists of common names, or a part of one. NULL and empty text stay as they are. Refused where it must be unique. */
export function name(options: { readonly part?: "full" | "first" | "last" | "lastFirst" } = {}): ColumnRule {
  return { strategy: "name", ...(Object.keys(options).length > 0 && { with: options }) };
}

/** An organisation's name of words from lists. NULL and empty text stay as they are. */
export function organisation(): ColumnRule {
  return { strategy: "organisation" };
}

/**
 * A telephone number of the same country code and shape that is never assigned. `country`: the plan of numbers without a country code.
 * NULL and empty text stay as they are.
 */
export function phone(options: { readonly country?: "GB" | "US" } = {}): ColumnRule {
  return { strategy: "phone", ...(Object.keys(options).length > 0 && { with: options }) };
}

/** A street with house number, a town, or both, from lists. NULL and empty text stay as they are. */
export function postalAddress(options: { readonly part?: "street" | "town" | "full" } = {}): ColumnRule {
  return { strategy: "postalAddress", ...(Object.keys(options).length > 0 && { with: options }) };
}

/** A postcode that is in no use, of the shape of the old one. NULL and empty text stay as they are. */
export function postcode(): ColumnRule {
  return { strategy: "postcode" };
}

/** An IBAN of the same country with valid check digits. NULL and empty text stay as they are. */
export function iban(): ColumnRule {
  return { strategy: "iban" };
}

/** A payment card's number of the same scheme that begins as test numbers do, with a valid check digit. NULL and empty text stay as they are. */
export function card(): ColumnRule {
  return { strategy: "card" };
}

/** An NHS number that is never issued, with a valid check digit. NULL and empty text stay as they are. */
export function nhsNumber(): ColumnRule {
  return { strategy: "nhsNumber" };
}

/** An IP address of the ranges for documentation, in text or PostgreSQL's inet and cidr. NULL and empty text stay as they are. */
export function ipAddress(): ColumnRule {
  return { strategy: "ipAddress" };
}

/** A MAC address of the range for documentation, in text or PostgreSQL's macaddr. NULL and empty text stay as they are. */
export function macAddress(): ColumnRule {
  return { strategy: "macAddress" };
}

/**
 * A UK National Insurance number that is never issued, made from the keyed pseudonym of the old one, whatever its spacing. NULL and
 * empty text stay as they are.
 */
export function nationalInsurance(): ColumnRule {
  return { strategy: "nationalInsurance" };
}

/** An address at www.example.com with a keyed pseudonym of the old one as its path. NULL and empty text stay as they are. */
export function url(): ColumnRule {
  return { strategy: "url" };
}

/** `user` and up to 16 digits of the old name's keyed pseudonym. NULL and empty text stay as they are. */
export function userName(): ColumnRule {
  return { strategy: "userName" };
}

/**
 * Text with holes: `{hash}` is the start of the old value's keyed pseudonym, `{id}` the value of a column that no rule changes.
 * NULL and empty text stay as they are. On a unique column it needs `{hash}` or every column of the primary key.
 */
export function template(text: string): ColumnRule {
  return { strategy: "template", with: text };
}

/**
 * Replaces another column's old value in this text, in plain and percent-encoded spelling, by that column's new value. Where the
 * old value is still found, whatever its case, the whole text is replaced.
 */
export function replacing(columnName: string): ColumnRule {
  return { strategy: "replacing", with: columnName };
}

/**
 * Replaces the old values of other columns in this text by their new ones, as {@linkcode replacing} does for one; a short one that is
 * not there does no harm.
 */
export function freeText(...columnNames: readonly string[]): ColumnRule {
  return { strategy: "freeText", with: columnNames };
}

/** Filler text of the same length as the old one. NULL and empty text stay as they are. Refused on a column of a unique key. */
export function lorem(): ColumnRule {
  return { strategy: "lorem" };
}

/** An empty value of the same type: `{}`, `[]`, an empty array or text. NULL stays NULL. Refused on a column of a unique key. */
export function emptied(): ColumnRule {
  return { strategy: "emptied" };
}

/**
 * A strategy for the value at each path of a JSON document: `$.user.email`, `$.ips[*]` for every element, `$."a key"`. Missing
 * values and nulls stay.
 */
export function json(places: { readonly [path: string]: ColumnRule }): ColumnRule {
  return {
    strategy: "json",
    with: Object.fromEntries(
      Object.entries(places).map((
        [path, { strategy, with: parameter }],
      ) => [path, parameter === undefined ? strategy : { [strategy]: parameter }]),
    ),
  };
}

/** Least and greatest new value, both included. */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** A whole number made from the keyed pseudonym of the old one: within bounds, or of the same sign and number of digits. */
export function integer(bounds?: Bounds): ColumnRule {
  return { strategy: "integer", ...(bounds && { with: { ...bounds } }) };
}

/** {@linkcode integer} for numbers with a fraction. */
export function decimal(bounds?: Bounds): ColumnRule {
  return { strategy: "decimal", ...(bounds && { with: { ...bounds } }) };
}

/** The old number, give or take an amount or a share of it, within bounds. Not anonymous. */
export function noise(
  most: ({ readonly share: number } | { readonly amount: number }) & Partial<Bounds>,
): ColumnRule {
  return { strategy: "noise", with: { ...most } };
}

/**
 * The date or timestamp some days earlier or later: the same for all dates whose rows have the same value in the column `by`, in every
 * table; without it, for all dates of a run. Never none.
 */
export function shiftDate(parameter: { readonly days: number; readonly by?: string }): ColumnRule {
  return { strategy: "shiftDate", with: { ...parameter } };
}

/** A keyed hash of so many characters (as many as the old value has) of an alphabet (hexadecimal digits). */
export function hash(parameter?: { readonly length?: number; readonly alphabet?: string }): ColumnRule {
  return { strategy: "hash", ...(parameter && { with: { ...parameter } }) };
}

/** One of some values, each as likely, or by weights. The old value has no part in it. */
export function choice(
  values: readonly (string | number | boolean)[] | { readonly [value: string]: number },
): ColumnRule {
  return { strategy: "choice", with: values };
}

/** The values of the column on other rows. Not anonymous: for values that identify no one by themselves. */
export function shuffle(): ColumnRule {
  return { strategy: "shuffle" };
}

/**
 * Keeps the column. An address or a token in it that a rule removes elsewhere refuses the run. `type`: what the reason is about, as
 * reviews name types: a column that became text is no key any more.
 */
export function keep(reason: string, type?: string): ColumnRule {
  return { strategy: "keep", with: reason, ...(type !== undefined && { type }) };
}

/** Keeps the column because it is public: other columns may keep what it holds, too. The reason says where it is published. */
export function published(reason: string): ColumnRule {
  return { strategy: "keep", with: reason, public: true };
}
