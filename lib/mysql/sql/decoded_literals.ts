/** Literals as the server prints them in definitions, where it does not print their letters. @module */

/**
 * The text of a definition, with each literal once more in a line of its own whose letters the server printed as something else:
 * strings of bytes in hexadecimal, and those of UTF-16 and UTF-32 with a `\0` before each letter.
 */
export function withDecodedLiterals(text: string): string {
  const bytes = [...text.matchAll(/\b(?:0x|x\\?')((?:[0-9a-f]{2})+)\b/gi)].flatMap(([, digits = ""]) =>
    lettersOf(digits)
  );
  const wide = /\\+0/.test(text) ? [text.replaceAll(/\\+0/g, "")] : [];
  return [text, ...bytes, ...wide].join("\n");
}

/** Between quotes, as the letters would stand; none where the bytes are no text. */
function lettersOf(digits: string): readonly string[] {
  try {
    const letters = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromHex(digits)).replaceAll("\0", "");
    return letters === "" || /\p{Cc}/u.test(letters) ? [] : [`'${letters.replaceAll("'", "''")}'`];
  } catch {
    return [];
  }
}
