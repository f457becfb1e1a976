/**
 * What a self-delimiting token looks like, and how encodings spell it: the same for every engine, so that databases compare.
 *
 * @module
 */

/**
 * A mail address, folded. Low bars before it are Markdown's, unless it begins with nothing else. Those in the name of a host are its own,
 * as in Windows domains; behind the first label one ends the address, as in a file's name.
 */
export const address = "(?:[a-z0-9][a-z0-9._+~-]*|[_+]+)@[a-z0-9_-]+(?:[.][a-z0-9-]*[a-z0-9])+";

/**
 * Letters beyond ASCII that a mail address may have, as ranges for brackets of a regular expression: by code point, not by a property
 * that each server's version of Unicode decides. Marks, spaces and punctuation are not among them.
 */
export const letters = String.raw`\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff`;

/** A mail address, folded, with such letters or without (RFC 6531). */
export const wideAddress =
  `(?:[a-z0-9${letters}][a-z0-9._+~${letters}-]*|[_+]+)@[a-z0-9_${letters}-]+(?:[.][a-z0-9${letters}-]*[a-z0-9${letters}])+`;

/** A UUID, folded. */
export const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** An opaque string of 16 or more characters, folded. */
export const opaque = "[a-z0-9][a-z0-9_-]{14,}[a-z0-9]";

/** The tokens of a text, folded, that are neither addresses nor UUIDs: those with a letter and a digit. */
export function longTokensIn(text: string): readonly string[] {
  return [...text.toLowerCase().matchAll(new RegExp(opaque, "g"))].map(([token]) => token)
    .filter((token) => /[0-9]/.test(token) && /[a-z]/.test(token));
}

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

/** ASCII characters that tokens are made of, with the signs of an address. */
const characters = "+-.0123456789@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

/** A reference of HTML's that may stand for a token's character or for nothing, also escaped once more. */
export const referenceMarker = "&(?:amp;)*(?:#[xX]?[0-9a-fA-F]{2,8};?|" +
  "(?:commat|period|plus|lowbar|hyphen|dash|shy|zwnj|zwj|lrm|rlm|ZeroWidthSpace|NoBreak);)";

/** {@linkcode referenceMarker}; and a sign, a letter of two bytes or a line's end in quoted-printable. */
export const marker = `${referenceMarker}|` +
  String.raw`=(?:40|2[bdeBDE]|5[fF]|\r?\n|[cdCD][0-9a-fA-F]=[89abAB][0-9a-fA-F])`;

/**
 * As {@linkcode marker}, but for references that are no part of a token: of quotes, brackets, slashes, dashes and spaces, which programs
 * put into most of the HTML that they make. `plain`: for a text that has no percent sign and no backslash, where those in hexadecimal
 * count as little, unless a long word or an address follows: {@linkcode hexadecimalReferences} leave digits before it.
 */
export const telltaleMarkers: { readonly any: string; readonly plain: string } = (() => {
  const decimal = "0{0,4}(?:3[2-9]|4[0-247]|5[89]|6[0-3]|9[1-46]|12[345]|160|82[12][0-9]|8364);";
  const codes = "2[0-9acfACF]|3[a-fA-F]|5[b-eB-E]|60|7[b-dB-D]|[aA]0|201[0-9a-fA-F]|202[0-6]";
  const word = `[A-Za-z0-9._+~${letters}-]`;
  const hexadecimal = `[xX]0{0,2}(?:${codes});(?!${word}{11}|${word}*@)`;
  return {
    any: marker.replace("#", `#(?!${decimal})`),
    plain: marker.replace("#", `#(?!${decimal}|${hexadecimal})`),
  };
})();

/** HTML's names, an ampersand's first: a text may be escaped twice. A name that shows nothing is empty. */
export const namedReferences: readonly (readonly [name: string, character: string])[] = [
  ["&amp;", "&"],
  ["&amp;", "&"],
  ["&commat;", "@"],
  ["&period;", "."],
  ["&plus;", "+"],
  ["&lowbar;", "_"],
  ["&hyphen;", "-"],
  ["&dash;", "-"],
  ["&shy;", ""],
  ["&zwnj;", ""],
  ["&zwj;", ""],
  ["&lrm;", ""],
  ["&rlm;", ""],
  ["&ZeroWidthSpace;", ""],
  ["&NoBreak;", ""],
];

/**
 * References by number, once {@linkcode decimalReference} has given them their shortest form: the character, or as an escape, which
 * is decoded later: SQL text is ASCII, so that it means the same in every encoding of a database.
 */
export const numberedReferences: readonly (readonly [reference: string, text: string])[] = [
  ...[...characters].map((one) => [`&#${one.charCodeAt(0)};`, one] as const),
  ...Array.from({ length: 64 }, (_, at) => 192 + at).map((code) => [`&#${code};`, `%u00${code.toString(16)}`] as const),
];

/** A decimal reference with its number, with zeros before or without a semicolon. */
export const decimalReference = "&#0*([0-9]{2,5})(?![0-9]);?";

/** References in hexadecimal, and the escapes that they become. */
export const hexadecimalReferences: readonly (readonly [pattern: string, digits: string])[] = [
  ["&#[xX]0*([0-9a-fA-F]{2})(?![0-9a-fA-F]);?", "%u00"],
  ["&#[xX]0*([0-9a-fA-F]{3})(?![0-9a-fA-F]);?", "%u0"],
];

/**
 * A soft hyphen, spaces, joiners, fillers, selectors of variants, tags and marks of direction without width, the byte order mark,
 * for brackets of a regular expression.
 */
export const invisibleCharacters =
  String.raw`\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064` +
  String.raw`\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff`;

/**
 * What shows nothing and may stand between two characters of a token: {@linkcode invisibleCharacters}, their references, and a line's
 * end that quoted-printable put there.
 */
export const invisible = `[${invisibleCharacters}]|` + String.raw`=\r?\n|` +
  "&#0*(?:173|820[3-7]|823[4-8]|828[89]|829[0-2]|65279);?|&#[xX]0*(?:[aA][dD]|200[b-fB-F]|202[a-eA-E]|206[0-4]|[fF][eE][fF][fF]);?";

/** Quoted-printable signs. */
export const quotedSigns: readonly (readonly [code: string, character: string])[] = [
  ["=40", "@"],
  ["=2E", "."],
  ["=2e", "."],
  ["=2B", "+"],
  ["=2b", "+"],
  ["=2D", "-"],
  ["=2d", "-"],
  ["=5F", "_"],
  ["=5f", "_"],
];

/** A letter of two bytes in quoted-printable, to be percent-encoded instead. */
export const quotedLetter = "=([c-dC-D][0-9a-fA-F])=([89abAB][0-9a-fA-F])";

/** Letters of ASCII's that East Asian text writes in full width, each with its own form: the codes differ by as much. */
export const fullWidth: readonly (readonly [wide: number, plain: string])[] = [
  ...[...characters].map((one) => [one.charCodeAt(0) + 0xfee0, one] as const),
  [0x3002, "."],
  [0xff61, "."],
];

/** As {@linkcode fullWidth} and more, for brackets of a regular expression. */
export const fullWidthRange = String.raw`\uff01-\uff61\u3002`;

/**
 * In a folded text, escapes and percent-encoding of letters and digits, and of what shows nothing: rare, for encoders leave letters
 * as they are.
 */
export const encodedLetters = String.raw`\\+u(?:00[3-7c-f]|0[1-5]|00ad|20[026]|feff)|\\+x[0-9a-f]|%u0|` +
  "%(?:3[0-9]|[46][1-9a-f]|[57][0-9a]|c[3-5]%[89ab]|c[ef]%[89ab]|d[01]%[89ab]|e2%8|ef%bb%bf|c2%ad)";

/** One of these is in every text that {@linkcode encodedLetters} finds, but for addresses without a letter from `a` to `z`. */
export const encodedLettersNeedles: readonly string[] = ["\\u", "\\x", "%6", "%7", "%c", "%d", "%e", "%u"];

/** Escapes and percent-encoding of what shows nothing. */
export const encodedInvisible = String
  .raw`\\+u(?:00ad|200[b-f]|202[a-e]|206[0-4]|feff)|%c2%ad|%e2%80%(?:8[b-f]|a[a-e])|%e2%81%a[0-4]|%ef%bb%bf`;

/** Other spellings of an escape, and how each begins as one: `%u`, and four digits. */
export const escapes: readonly (readonly [pattern: string, digits: string])[] = [
  [String.raw`\\+u(00[2-7c-f][0-9a-f]|0[1-5][0-9a-f][0-9a-f])`, "%u"],
  [String.raw`\\+x([2-7][0-9a-f])`, "%u00"],
  ["%([2-7][0-9a-f])", "%u00"],
];

/** The first of the two bytes of a letter, and half of the second; and the escape that the rest of it completes. */
export const encodedBytes: readonly (readonly [bytes: string, digits: string])[] = [
  ...[0xc3, 0xc4, 0xc5, 0xce, 0xcf, 0xd0, 0xd1].flatMap((first) =>
    [8, 9, 10, 11].map((half) => {
      const code = ((first & 0x1f) << 6) | ((half & 3) << 4);
      return [
        `%${first.toString(16)}%${half.toString(16)}`,
        `%u${code.toString(16).padStart(4, "0").slice(0, 3)}`,
      ] as const;
    })
  ),
];

/** An escape that {@linkcode escapes} and {@linkcode encodedBytes} made. */
export const unicodeEscape = "%u(00[2-7c-f][0-9a-f]|0[1-5][0-9a-f][0-9a-f])";

/**
 * In a folded text, once {@linkcode escapes} and {@linkcode encodedBytes} are read, an escape or percent-encoding of anything else beyond
 * ASCII, such as a quotation mark, before a word with letters that were encoded too. {@linkcode encodedSeparator} is for other words.
 */
export const encodedOther = String
  .raw`(?:\\+(?:u[0-9a-f]{4}|x[89a-f][0-9a-f])|%u(?!00[2-7c-f]|0[1-5])[0-9a-f]{4}|%[89a-f][0-9a-f])` +
  "(?=(?:[a-z0-9@._+~-]|%u00[2-7][0-9a-f]){0,128}%u(?:00[c-f]|0[1-5]))";

/** The same in quoted-printable, once {@linkcode quotedLetter} is read. */
export const quotedOther = "=[89a-fA-F][0-9a-fA-F](?=[A-Za-z0-9@._+~-]{0,128}%[cdCD][0-9a-fA-F]%)";

/** Capital letters beyond ASCII, and the small ones: Latin, Greek and Cyrillic, in which both engines agree. */
export const capitals: readonly (readonly [capital: number, small: number])[] = Array.from(
  { length: 0x1f00 },
  (_, code) => [code, String.fromCharCode(code).toLowerCase()] as const,
).flatMap(([code, small]) => {
  const folds = code >= 0xc0 && (code < 0x530 || code >= 0x1e00) && code !== 0x130 && code !== 0x1e9e;
  return folds && small.length === 1 && small.charCodeAt(0) !== code ? [[code, small.charCodeAt(0)] as const] : [];
});

/** Letters that capitals do not tell from another one: the final sigma, and the Turkish ones. Both engines leave some of them as they are. */
export const sameInCapitals: readonly (readonly [letter: string, as: string])[] = [["ς", "σ"], ["ı", "i"], ["İ", "i"]];

/** What a token's spellings may hold besides ASCII characters, for brackets of a regular expression. */
export const beyondAscii = letters + fullWidthRange + invisibleCharacters;

/** What may make a run of characters a token's though it has no `@`, `%` or backslash, for brackets of a regular expression. */
export const hiddenSigns = String.raw`\uff20` + invisibleCharacters;

/** Full width of what a token without an `@` is made of, for brackets of a regular expression. */
export const fullWidthWord = String.raw`\uff0d\uff10-\uff19\uff21-\uff3a\uff3f\uff41-\uff5a`;

/** How references and quoted-printable signs may begin, simple enough to cost nothing: what follows decides. */
export const markerStart = "[&;=][#245cC]|[&;][szZlrhdN]|=3[dD]";

/**
 * What is no part of a token in quoted-printable, with a token behind it that it would seem to belong to: the sign of equality, and before
 * an address anything else. Read as a blank, besides as it is written: it may be the beginning of a value.
 */
export const quotedDelimiter =
  "=3[dD]|=(?:0[9aAdD]|2[0-46-9acfACF]|3[abcefABCEF]|5[b-eB-E]|60|7[b-dB-D]|[89a-fA-F][0-9a-fA-F])" +
  "(?=[A-Za-z0-9._+~=%-]*(?:@|[=%]40))";

/**
 * In a folded text, what is no part of a token and may seem to be the first letters of the one behind it: a character beyond ASCII that is
 * escaped or percent-encoded, such as a no-break space, a quote or a colon of Chinese; a blank in a form, which is a plus sign there; and
 * a percent sign that begins a word, as a pattern of LIKE does. Read as a blank, besides as it is written.
 */
export const encodedSeparator: string = (() => {
  const character = String.raw`%(?:u(?!00[0-7])[0-9a-f]{4}|[89a-f][0-9a-f])`;
  const escaped = String.raw`\\+(?:u(?!00[0-7])[0-9a-f]{4}|x[89a-f][0-9a-f])`;
  const token = String.raw`(?=[a-z0-9._+~%\\-]*(?:@|(?:%|\\u00|\\x)40)|[a-z0-9_-]{16})`;
  // The longest first: one engine takes that, the other one the first.
  return `(?:(?:^|[ &;#=])(?:${character}|%)|${character}|${escaped})${token}|[+](?=[a-z0-9._~%-]*%40)`;
})();

/** A line's end in quoted-printable. */
export const softBreak = String.raw`=\r?\n`;

/** Decimal references of quotes, brackets, slashes, dashes and spaces, which programs put into most of the HTML that they make. */
export const harmlessReference = "&#(?:3[2-9]|4[0-247]|5[89]|6[0-3]|9[1346]|12[345]|160|82[12][0-9]|8364);";

/** One of these is in every {@linkcode marker} of a reference. */
export const referenceNeedles: readonly string[] = [
  "&#",
  ";#",
  "commat;",
  "period;",
  "plus;",
  "lowbar;",
  "hyphen;",
  "dash;",
  "shy;",
  "zw",
  "lrm;",
  "rlm;",
  "ZeroWidth",
  "NoBreak;",
];

/** A {@linkcode marker} of quoted-printable, but for letters of two bytes other than those that begin with C3. */
export const quotedMarker = String.raw`=(?:40|2[bdeBDE]|5[fF]|\r?\n|[cC]3=)`;
