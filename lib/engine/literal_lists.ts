/**
 * Literals and lists of values in definitions. Whether a backslash escapes and whether `#` begins a comment depends on the engine, its
 * settings and the kind of string, and a definition does not tell: every reading counts.
 *
 * @module
 */

/** The text between the brackets of a list, and the strings in it without their quotes. */
export interface LiteralList {
  readonly text: string;
  readonly literals: readonly string[];
}

const names = "`(?:[^`]|``)*`";
const plainStrings = `'(?:[^']|'')*'|"(?:[^"]|"")*"`;
const escapedStrings = String.raw`'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"`;
/** Innermost ones: the body of a function is one itself. */
const dollarStrings = String.raw`\$(?<tag>\w*)\$[^$]*\$\k<tag>\$`;
const comments = String.raw`/\*.*?\*/|--[^\n]*`;

/** A reading of a definition. */
interface Reading {
  /** Comments, names and strings; undefined: none is known, as where a quote stands in `$$` alone. */
  readonly quoted?: RegExp;
  /** In a text without one of these it finds what an earlier reading does. */
  readonly needs: readonly string[];
}

const readings: readonly Reading[] = [
  ...[[plainStrings, []] as const, [escapedStrings, ["\\"]] as const].flatMap(([strings, needs]): readonly Reading[] =>
    [[comments, []] as const, [String.raw`${comments}|#[^\n]*`, ["#"]] as const].map(([skipped, more]) => ({
      quoted: new RegExp(`${skipped}|${names}|${strings}`, "gs"),
      needs: [...needs, ...more],
    }))
  ),
  { needs: [] },
  // Strings of PostgreSQL's may stand between dollars.
  ...[[plainStrings, []] as const, [escapedStrings, ["\\"]] as const].map(([strings, needs]): Reading => ({
    quoted: new RegExp(`${comments}|${dollarStrings}|${names}|${strings}`, "gs"),
    needs: ["$", ...needs],
  })),
];

function readingsOf(text: string): readonly (RegExp | undefined)[] {
  return readings.filter(({ needs }) => needs.every((sign) => text.includes(sign))).map(({ quoted }) => quoted);
}

/** The lists of a definition, as behind IN, ENUM and SET or in PostgreSQL's ARRAY, and literals of its arrays and ranges. */
export function listsIn(expression: string): readonly LiteralList[] {
  const found = readingsOf(expression).flatMap((quoted) => {
    const outline = quoted ? expression.replaceAll(quoted, blank) : expression;
    return rangesIn(outline).map(([begin, end]) => withoutComments(expression.slice(begin, end), quoted));
  });
  return [
    ...[...new Set(found)].map((text) => ({ text, literals: literalsIn(text) })),
    ...stringsIn(expression).map(elementsOf).filter(({ length }) => length > 0)
      .map((literals) => ({ text: literals.join(","), literals })),
  ];
}

/** The strings of an expression, each once, as every reading finds them, and the elements of those that are arrays or ranges. */
export function literalsIn(text: string): readonly string[] {
  return [...new Set(stringsIn(text).flatMap((one) => [one, ...elementsOf(one)]))];
}

function stringsIn(text: string): readonly string[] {
  const found = readingsOf(text).flatMap((quoted) =>
    [...text.matchAll(quoted ?? new RegExp(plainStrings, "gs"))].map(([piece]) => piece)
  );
  return [...new Set(found.filter((piece) => /^['"$]/.test(piece)).map(unquoted))];
}

const range = /^[[(](?:"[^"]*"|[^[\](),"]*),(?:"[^"]*"|[^[\](),"]*)[\])]$/;

/** What a literal of PostgreSQL's arrays, ranges and multiranges consists of; nothing of any other, such as an object of JSON's. */
function elementsOf(literal: string): readonly string[] {
  const text = literal.trim().replace(/^(?:\[-?\d+:-?\d+\])+=/, ""); // the bounds of an array
  if (!/^\{(?!\s*"(?:[^"\\]|\\.)*"\s*:).*\}$/s.test(text) && !range.test(text)) return [];
  return [...text.matchAll(/"((?:[^"\\]|\\.|"")*)"|[^\s{}()[\],"][^{}()[\],"]*/gs)].flatMap(([piece, quoted]) => {
    const element = quoted === undefined ? piece.trim() : quoted.replaceAll(/\\(.)|"(?=")/gs, "$1");
    return [element, ...(quoted === undefined ? [] : elementsOf(element))];
  });
}

/** Without doubled quotes and backslashes before quotes. */
function unquoted(literal: string): string {
  const quote = literal.charAt(0);
  if (quote === "$") return literal.slice(literal.indexOf("$", 1) + 1, literal.lastIndexOf("$", literal.length - 2));
  return literal.slice(1, -1).replaceAll(quote + quote, quote).replaceAll(/\\(['"])/g, "$1");
}

/** As long as the piece, without anything that means something. */
function blank(piece: string): string {
  return /^[`'"$]/.test(piece)
    ? piece.charAt(0) + "x".repeat(piece.length - 2) + piece.charAt(0)
    : " ".repeat(piece.length);
}

function withoutComments(list: string, quoted: RegExp | undefined): string {
  return quoted ? list.replaceAll(quoted, (piece) => /^[`'"$]/.test(piece) ? piece : " ") : list;
}

/** Where lists begin and end; one that is not closed is none, which a wrong reading finds. */
function rangesIn(outline: string): readonly (readonly [begin: number, end: number])[] {
  const found: (readonly [number, number])[] = [];
  const open: { readonly begin: number; readonly list: boolean }[] = [];
  for (
    const { 0: bracket, 1: word, index } of outline.matchAll(
      /(\b(?:(?:in|enum|set)\s*(?=\()|array\s*(?=\[)))?[(\[]|[)\]]/gi,
    )
  ) {
    if (/[(\[]$/.test(bracket)) {
      open.push({ begin: index + bracket.length, list: word !== undefined });
      continue;
    }
    const last = open.pop();
    if (last?.list) found.push([last.begin, index]);
  }
  return found;
}
