/** Where a value that the scrub takes away can be left, and how it can be spelled. @module */

import type { EngineName } from "../../../lib/scrub/rules/definition.ts";

/** What a rule takes away in every case: an address, a UUID, and an opaque string. */
export const tokens: Readonly<Record<"address" | "uuid" | "opaque", string>> = {
  address: "Anna.Example+news@mail.example",
  uuid: "5eedda7a-1111-4222-8333-444455556666",
  opaque: "kX9_secret-Token1234567890",
};

/** Another address that is taken away: PostgreSQL's parser of texts breaks the first one in two at its plus sign. */
export const plainAddress = "bob@mail.example";

/** A UUID without a letter, which no other shape of token takes in. */
export const digitsUuid = "12345678-1111-4222-8333-444455556666";

/** One way to write a token. */
export interface Spelling {
  readonly name: string;
  spell(token: string): string;
}

/** The ways that a leak may be written. */
export const spellings: readonly Spelling[] = [
  { name: "plain", spell: (token) => token },
  { name: "plain in a sentence", spell: (token) => `Sent to <${token}>, (see "x").` },
  { name: "upper case", spell: (token) => token.toUpperCase() },
  { name: "percent-encoded", spell: (token) => `https://www.example/m?a=${encodeURIComponent(token)}&b=1` },
  { name: "percent-encoded in lower case", spell: (token) => `a=${encodeURIComponent(token).toLowerCase()}` },
  { name: "percent-encoded twice", spell: (token) => `a=${encodeURIComponent(encodeURIComponent(token))}` },
  { name: "percent-encoded with its brackets", spell: (token) => `a=%3C${encodeURIComponent(token)}%3E%20and%2C` },
  {
    name: "JSON-escaped",
    spell: (token) => `"to\\u003a\\n${token.replace("@", "\\u0040").replace("+", "\\u002B")}\\n"`,
  },
  { name: "JSON in JSON", spell: (token) => JSON.stringify(JSON.stringify({ to: `a\n${token}` })) },
  { name: "at the end of a sentence", spell: (token) => `Write to ${token}.` },
  { name: "beyond the start of a long text", spell: (token) => `${"word and ".repeat(9000)}${token} ` },
  { name: "after other letters than ASCII's", spell: (token) => `Müller: ${token}; é` },
];

/** A column type and how a text gets into it. */
export interface ColumnCase {
  readonly type: string;
  /** An SQL expression from a text's literal. */
  value(literal: string): string;
  /** The type holds UUIDs alone. */
  readonly uuidOnly?: true;
  /** Breaks UUIDs and opaque strings into words, so that only plain addresses stay whole. */
  readonly addressOnly?: true;
}

/** Every kind of column that can hold a token. */
export const columnTypes: Readonly<Record<EngineName, readonly ColumnCase[]>> = {
  postgresql: [
    { type: "text", value: (literal) => literal },
    { type: "character varying(200)", value: (literal) => literal },
    { type: "json", value: (literal) => `json_build_object('a', ARRAY[${literal}]::text[])` },
    { type: "jsonb", value: (literal) => `jsonb_build_object('a', jsonb_build_object('b', ${literal}::text))` },
    { type: "text[]", value: (literal) => `ARRAY['one', ${literal}]` },
    { type: "bytea", value: (literal) => `'\\xff00fe'::bytea || convert_to(${literal}, 'UTF8') || '\\x00'::bytea` },
    { type: "bytea[]", value: (literal) => `ARRAY['\\xff00'::bytea || convert_to(${literal}, 'UTF8'), '\\x00']` },
    { type: "tsvector", value: (literal) => `to_tsvector('simple', ${literal})`, addressOnly: true },
    { type: "xml", value: (literal) => `xmlelement(name a, ${literal}::text)` },
    { type: "uuid", value: (literal) => `${literal}::uuid`, uuidOnly: true },
  ],
  mysql: [
    { type: "varchar(200)", value: (literal) => literal },
    { type: "longtext", value: (literal) => literal },
    { type: "varchar(200) CHARACTER SET latin1", value: (literal) => literal },
    { type: "json", value: (literal) => `JSON_OBJECT('a', JSON_ARRAY(${literal}))` },
    { type: "longblob", value: (literal) => `CONCAT(X'FF00FE', CAST(${literal} AS BINARY), X'00')` },
    { type: "varbinary(200)", value: (literal) => `CAST(${literal} AS BINARY)` },
  ],
};
