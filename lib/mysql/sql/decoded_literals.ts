/** Literals as the server prints them in definitions, where it does not print their letters. @module */

/**
 * The text of a definition, with each literal once more in a line of its own whose letters are printed as something else: strings of
 * bytes in hexadecimal or as bits, and those of UTF-16 and UTF-32 with a `\0` before each letter, of which MariaDB keeps only `x00`. In
 * the condition of a CHECK it takes these letters for UTF-16 again: two by two they are one that is Chinese or Japanese.
 */
export function withDecodedLiterals(text: string): string {
  const hexadecimal = [...text.matchAll(/(?:\b0x|\bx\\?'|(?<=[^\w\\])\\?')([0-9a-f]{8,})(?![0-9a-z])/gi)]
    .map(([, digits = ""]) => digits.padStart(digits.length + digits.length % 2, "0"));
  const bits = [...text.matchAll(/\b(?:0b|b\\?')([01]{32,})(?![0-9a-z])/gi)]
    .map(([, digits = ""]) => BigInt(`0b${digits}`).toString(16))
    .map((digits) => digits.padStart(digits.length + digits.length % 2, "0"));
  const wide = /\\+0|\0/.test(text) ? [text.replaceAll(/\\+0|\0/g, "")] : [];
  const printed = /(?:(?:x00)+[^'x]){4}/.test(text) ? [text.replaceAll(/(?:x00)+/g, "")] : [];
  const paired = [...text.matchAll(/(?:\u7830[\u3000-\u307f]){4,}/g)].map(([pairs]) =>
    `'${pairs.replaceAll(/\u7830(.)/gu, (_, second) => String.fromCharCode(second.charCodeAt(0) & 0x7f))}'`
  );
  return [text, ...[...hexadecimal, ...bits].flatMap(lettersOf), ...wide, ...printed, ...paired].join("\n");
}

/** Between quotes, as the letters would stand; bytes that are none are spaces. */
function lettersOf(digits: string): readonly string[] {
  const letters = new TextDecoder().decode(Uint8Array.fromHex(digits)).replaceAll("\0", "")
    .replaceAll(/[\p{Cc}\ufffd]/gu, " ").trim();
  return letters === "" ? [] : [`'${letters.replaceAll("'", "''")}'`];
}
