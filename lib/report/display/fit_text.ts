/** Text that fits so many columns of a terminal. @module */

import { unicodeWidth } from "@std/cli/unicode-width";

/** The text, cut to so many columns, with `…` where something is left out. */
export function cutToWidth(text: string, columns: number): string {
  if (unicodeWidth(text) <= columns) return text;
  let cut = "";
  let width = 0;
  for (const character of text) {
    width += unicodeWidth(character);
    if (width > columns - 1) break;
    cut += character;
  }
  return columns > 0 ? `${cut}…` : "";
}

/**
 * Each text, cut to so many columns. Of those that would look alike then, such as `orders-mysql` and `orders-postgresql`, the
 * beginning is left out instead of the end.
 */
export function cutApart(texts: readonly string[], columns: number): readonly string[] {
  const cut = texts.map((text) => cutToWidth(text, columns));
  return texts.map((text, at) => {
    const short = cut[at] ?? "";
    const looksAlike = texts.some((other, n) => other !== text && cut[n] === short);
    return looksAlike ? endOf(text, columns) : short;
  });
}

/** The end of a text that is too wide, behind `…`. */
function endOf(text: string, columns: number): string {
  let end = "";
  for (const { segment } of [...new Intl.Segmenter().segment(text)].reverse()) {
    if (unicodeWidth(segment + end) > columns - 1) break;
    end = segment + end;
  }
  return columns > 0 ? `…${end}` : "";
}

/** The text, filled with spaces to so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - unicodeWidth(text)));
}

/** Lines of at most so many columns, broken at spaces; a wider word is broken after `_`, `.`, `/` or `-`, else anywhere. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => pieces(word, width))) {
    const joint = word.glued || line === "" ? "" : " ";
    if (line !== "" && unicodeWidth(line) + joint.length + unicodeWidth(word.text) > width) {
      lines.push(line);
      line = word.text;
    } else line += joint + word.text;
  }
  return [...lines, line];
}

/** A word, in parts if it is too wide. Glued parts follow the one before without a space. */
function pieces(word: string, width: number): readonly { readonly text: string; readonly glued: boolean }[] {
  if (unicodeWidth(word) <= width) return [{ text: word, glued: false }];
  const parts = word.split(/(?<=[_./-])/).flatMap((part) => {
    const found: string[] = [""];
    for (const character of part) {
      const last = found.at(-1) ?? "";
      if (unicodeWidth(last + character) > width) found.push(character);
      else found[found.length - 1] = last + character;
    }
    return found;
  });
  return parts.map((text, at) => ({ text, glued: at > 0 }));
}
