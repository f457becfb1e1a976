/**
 * What a self-delimiting token looks like, and how encodings spell it: the same for every engine, so that databases compare.
 *
 * @module
 */

/** A mail address, folded. */
export const address = "[a-z0-9_+][a-z0-9._+~-]*@[a-z0-9-]+(?:[.][a-z0-9-]*[a-z0-9])+";

/** A UUID, folded. */
export const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** An opaque string of 16 or more characters, folded. */
export const opaque = "[a-z0-9][a-z0-9_-]{14,}[a-z0-9]";

/** What percent-encoding makes of a token's own characters; the percent sign first, for what was encoded twice. */
export const encoded: readonly (readonly [code: string, character: string])[] = [
  ["%25", "%"],
  ["%40", "@"],
  ["%2b", "+"],
  ["%2d", "-"],
  ["%2e", "."],
  ["%5f", "_"],
  ["%7e", "~"],
];

/** What percent-encoding makes of any other ASCII character but letters and digits. */
export const encodedDelimiter = "%(?:[01][0-9a-f]|2[0-46-9acf]|3[a-f]|5[b-e]|60|7[b-d])";
