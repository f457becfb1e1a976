/** What is planted in catalogues, and how it is found again in their columns. @module */

/**
 * A mark: a word that begins with `zq`, and where only a number will do, one that begins with 20794, or only an address, one of this
 * machine. Each is planted in one place.
 */
const mark = /zq\w*|20794\d*|127[.]0[.]0[.][_1]/gi;

/** The marks in a column's value, also in the bytes in which PostgreSQL shows constants, and in hexadecimal digits. */
export function marksIn(value: string): readonly string[] {
  const constants = [...value.matchAll(/\[ ((?:-?\d+ )+)\]/g)]
    .map(([, bytes = ""]) => String.fromCharCode(...bytes.trim().split(" ").map((byte) => Number(byte) & 255)));
  const hexadecimal = /^(?:\\x)?((?:[0-9a-f]{2})+)$/i.exec(value)?.[1]?.match(/../g) ?? [];
  const bytes = String.fromCharCode(...hexadecimal.map((byte) => parseInt(byte, 16)));
  return [value, ...constants, bytes].flatMap((text) => text.match(mark) ?? []);
}
