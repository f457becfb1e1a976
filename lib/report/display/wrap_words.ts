/** Text broken into lines that fit a width. @module */

import { textWidth } from "./text_width.ts";

/** Lines of at most so many columns, broken at spaces, and within a word behind `_`, `.` or `/`, or anywhere, where it is wider. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => pieces(word, width))) {
    const joint = word.glued || line === "" ? "" : " ";
    if (line !== "" && textWidth(line) + joint.length + textWidth(word.text) > width) {
      lines.push(line);
      line = word.text;
    } else line += joint + word.text;
  }
  return [...lines, line];
}

/** A word that is too wide in parts; those after the first belong to the one before. */
function pieces(word: string, width: number): readonly { readonly text: string; readonly glued: boolean }[] {
  if (textWidth(word) <= width) return [{ text: word, glued: false }];
  const parts = word.split(/(?<=[_./-])/).flatMap((part) => {
    const found: string[] = [""];
    for (const character of part) {
      const last = found.at(-1) ?? "";
      if (textWidth(last + character) > width) found.push(character);
      else found[found.length - 1] = last + character;
    }
    return found;
  });
  return parts.map((text, at) => ({ text, glued: at > 0 }));
}
