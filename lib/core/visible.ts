/** Text for people: what comes from elsewhere, made safe to print, and counts of rows. @module */

/**
 * Control and format characters, line and paragraph separators, and lone surrogates: what moves a cursor, sets a colour,
 * forges a line, or turns the reading direction.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with every unsafe character spelt out, so that it stays one line and can't steer a terminal. */
export function visible(text: string): string {
  return text.replace(unsafe, spellOut);
}

/** The same for text of several lines: its line ends stay, and every later line gets the indentation. */
export function visibleLines(text: string, indentation: string): string {
  return text.split("\n").map(visible).join(`\n${indentation}`);
}

function spellOut(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** `1 row`, `2 rows`. */
export function rowsText(rows: number): string {
  return `${rows} ${rows === 1 ? "row" : "rows"}`;
}
