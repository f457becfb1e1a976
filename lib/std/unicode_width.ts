/**
 * `@std/cli/unicode-width` with the name and the meaning that JSR's package has. The package `deno-std` lacks the table that its
 * copy reads, so the widths come from another one.
 * @module
 */

import { eastAsianWidth } from "get-east-asian-width";

/** Control and format characters, and marks that stand above or below another character. */
const withoutWidth = /[\p{Cc}\p{Cf}\p{Mn}\p{Me}]/u;

/** Columns that the text takes on a terminal. */
export function unicodeWidth(text: string): number {
  return Array.from(text).reduce((width, character) => width + widthOf(character), 0);
}

function widthOf(character: string): number {
  return withoutWidth.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}
