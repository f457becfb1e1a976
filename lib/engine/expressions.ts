/**
 * The expressions that strategies are made of, spelled by each engine in its own dialect. Sessions are in UTC. Bare operators that a
 * strategy may write itself are those that both engines have with the same meaning, on values of types that it has accepted.
 *
 * @module
 */

import type { JsonExpressions } from "./json_places.ts";
import type { Column } from "./schema.ts";
import { Name, type Sql, type SqlTag } from "./sql.ts";

/** Plain JSON data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A text to search for tokens. */
export interface FlaggedText {
  readonly text: Sql;
  /** A whole number of at most 52 bits that marks each of its tokens. */
  readonly flags: number;
  /** The text usually is a single token. */
  readonly identifier?: boolean;
}

/** What {@linkcode Expressions.fingerprints} calls a token's fingerprint: no column of a table has such a name. */
export const foundFingerprint: Name = new Name("datascrubber_found", "datascrubber_fingerprint");

/** What it calls the flags of the token's text. */
export const foundFlags: Name = new Name("datascrubber_found", "datascrubber_flags");

/** Texts of a table's rows to search for tokens. */
export interface TextRows {
  /** For FROM. */
  readonly table: Sql;
  readonly texts: readonly FlaggedText[];
  /** A condition on the rows; absent: all. */
  readonly where?: Sql;
}

/** What {@linkcode Expressions.substituted} is to do. */
export interface Substitution {
  /** What to replace; nothing, where it is empty. */
  readonly needle: Sql;
  /** What to put in its place; NULL is empty text. */
  readonly replacement: Sql;
  /** What a text that can't be cleaned becomes: repeated and cut to as many characters as the old text has. */
  readonly filler: string;
  /** A needle of fewer characters would tear ordinary words apart: the text can't be cleaned. */
  readonly shortest: number;
  /** A result that has more characters, and more than the old text, may not fit its column. Absent: every result fits. */
  readonly limit?: number;
}

/** The greatest number of digits that {@linkcode Expressions.digitsReplaced} replaces. */
export const mostDigits = 16;

/** How digits get check digits: what each digit of each place adds to a sum, and the ending for each remainder of the sum. */
export interface CheckDigits {
  /** For each place of the digits, a whole number for each of 0 to 9. */
  readonly summands: readonly (readonly number[])[];
  /** The sum is divided by their number; the remainder, from 0, chooses one. */
  readonly endings: readonly string[];
  /** How many of the digits come before the ending. */
  readonly kept: number;
}

/**
 * Expressions over one row. Each is safe whatever objects the database holds (nothing resolves through a user's schema),
 * uses nothing that PostgreSQL 13 or MySQL 8.0 lacks, and gives NULL for a NULL argument unless it says otherwise.
 */
export interface Expressions {
  /** The dialect's own tag. */
  readonly sql: SqlTag;
  /** A text literal. The text comes from a rule, never from a row. */
  text(value: string): Sql;
  /** A timestamp literal in UTC. */
  timestamp(value: Date): Sql;
  /** A JSON literal of the column's own JSON type. */
  json(value: Json, column: Column): Sql;
  /** NULL of the column's type. */
  nothing(column: Column): Sql;
  /** A value of the column as text (UUIDs lower-case, JSON as the server prints it). */
  asText(value: Sql, column: Column): Sql;
  /** Text as a value of the column's type. */
  fromText(text: Sql, column: Column): Sql;
  /**
   * The keyed pseudonym of a text: 64 lower-case hexadecimal digits, SHA-256 over the session's key and the text's UTF-8 bytes.
   * A session without the key raises an error. Equal on both engines for equal text.
   */
  pseudonym(text: Sql): Sql;
  /** The first digit of the variant in UUIDs that are made here (RFC 9562, section 4.1): one with which the server takes each. */
  readonly uuidVariant: Sql;
  /**
   * A whole number from 0 up to, but without, `below`: of the 60 bits of a pseudonym that begin at the one-based digit `from`, which
   * is at most 50. `below` is at most 10^15.
   */
  number(pseudonym: Sql, from: number, below: number): Sql;
  /** A whole number that is not negative as text of so many digits, with zeros before it; it has no more digits than that. */
  padded(number: Sql, digits: number): Sql;
  /**
   * A text of the alphabet's characters, one for each four of so many hexadecimal digits. The alphabet has no characters but ASCII
   * letters, digits and `._-`. May call a function in scratch.
   */
  spelled(hexadecimal: Sql, digits: number, alphabet: string): Sql;
  /**
   * A date or timestamp so many whole days later, or earlier where `days` is negative; it is between `-most` and `most`, which is 3650
   * at most. Infinity, zero dates and what is outside of the years 1000 to 9998 stay; MySQL's type timestamp: the first and the last
   * day that it holds. Within `most` days of that limit, dates move away from it.
   */
  shifted(value: Sql, column: Column, days: Sql, most: number): Sql;
  /**
   * The text with each digit (0 to 9) replaced by the digit at the same place of other digits, or left out where those end; all else
   * stays. What follows after {@linkcode mostDigits} digits is cut off. May call a function in scratch.
   */
  digitsReplaced(text: Sql, digits: Sql): Sql;
  /** Digits, one for each place of the summands, with their ending. May call a function in scratch. */
  checked(digits: Sql, how: CheckDigits): Sql;
  /** The word at a place of the list, counted from 0. Words are of ASCII letters, digits, spaces and `.,-`. */
  oneOf(words: readonly string[], place: Sql): Sql;
  /** The text with upper-case ASCII letters made lower-case; other letters may differ between engines. */
  fold(text: Sql): Sql;
  /** A number rounded to so many digits behind the point, half away from zero; exact where the number is. */
  rounded(number: Sql, digits: number): Sql;
  /** `length` characters from the one-based character `from` on. */
  part(text: Sql, from: number, length: number | Sql): Sql;
  /** The text with so many characters from there, counted from 1 and not beyond its end, replaced by another text. */
  overlaid(text: Sql, from: number, length: number, by: Sql): Sql;
  /** The texts one after the other; NULL where one of them is. */
  concat(...texts: readonly Sql[]): Sql;
  /** How many characters. */
  length(text: Sql): Sql;
  /** Whether the texts are equal byte for byte. */
  same(a: Sql, b: Sql): Sql;
  /** The text percent-encoded as in a query string: all but `A-Z a-z 0-9 - . _ ~` of ASCII; upper-case digits. */
  percentEncoded(text: Sql): Sql;
  /**
   * The text with every occurrence of the needle, plain or percent-encoded, replaced in the same spelling. Where an occurrence in
   * other letter case remains, the text can't be cleaned. May call a function in scratch.
   */
  substituted(text: Sql, substitution: Substitution): Sql;
  /**
   * The text with a space for every occurrence of the needle, plain or percent-encoded; the text as it is for a needle that is
   * NULL or empty.
   */
  without(text: Sql, needle: Sql): Sql;
  /** Whether the text is of so many lower-case hexadecimal digits and nothing else. */
  isHexadecimal(text: Sql, digits: number): Sql;
  /** The text with `by`, of letters, digits and spaces, for every match of a pattern as in {@linkcode matches}. */
  replaced(text: Sql, pattern: string, by: string): Sql;
  /** Whether the whole text matches a regular expression of the subset that both engines share; letters by case. */
  matches(text: Sql, pattern: string): Sql;
  /** `filler` repeated and cut to as many characters as `length` says. */
  filled(filler: string, length: Sql): Sql;
  /**
   * An empty JSON value of the same type as the old one: `{}`, `[]`, `""`, 0, false, null. Also for a column of kind array: its
   * empty array.
   */
  emptied(value: Sql, column: Column): Sql;
  /** Expressions over places in documents. */
  readonly documents: JsonExpressions;
  /** The name of the type that {@linkcode documents} are of. */
  readonly documentType: string;
  /** A value of a column of kind json as a document. */
  asDocument(value: Sql, column: Column): Sql;
  /** A document as a value of a column of kind json or text. */
  fromDocument(document: Sql, column: Column): Sql;
  /** Whether two values of the column's type are equal (JSON as documents, not as text); false where one is NULL. */
  equal(a: Sql, b: Sql, column: Column): Sql;
  /** `CASE WHEN condition THEN yes ELSE no END`. */
  choose(condition: Sql, yes: Sql, no: Sql): Sql;
  /** The expression beside the first key that is equal to the text byte for byte; `otherwise` where none is. */
  lookUp(text: Sql, cases: readonly (readonly [key: string, Sql])[], otherwise: Sql): Sql;
  /** The value as text in which tokens can be found, whatever bytes it holds; undefined for types that hold none. */
  searchable(value: Sql, column: Column): Sql | undefined;
  /** The texts one after the other with a space between; NULLs are left out, and none at all is empty text. */
  joined(texts: readonly Sql[]): Sql;
  /**
   * A table for FROM, also joined to the table whose row the texts are of, with one row, {@linkcode foundFingerprint} and
   * {@linkcode foundFlags}, for each self-delimiting token of each text: mail addresses, UUIDs, and strings of 16 or more letters,
   * digits, `-` and `_` that have both a letter and a digit. A fingerprint is 64 bits of the token's keyed pseudonym. Letters of any
   * case, percent-encoding, escapes of JSON's, references of HTML's, quoted-printable, full width and what shows nothing make no
   * difference; a token may come twice. May call a function in scratch.
   */
  fingerprints(texts: readonly FlaggedText[]): Sql;
  /** A query with `fingerprint` and `flags` of each token as in {@linkcode fingerprints}, for each row of a table. */
  fingerprintsInRows(rows: TextRows): Sql;
  /**
   * The same for each row of several tables. The server may keep all the texts in memory meanwhile, or in a temporary file: for small
   * tables, and text that stays.
   */
  fingerprintsInTables(tables: readonly TextRows[]): Sql;
  /** Whether a text is among about one in `share`, always the same ones. */
  oneIn(share: number, text: Sql): Sql;
}
