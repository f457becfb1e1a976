/** Other spellings of tokens: both engines find the same in a text, and what the plain spelling has. @module */

import { assertEquals } from "@std/assert";
import { foundFingerprint } from "../../../lib/engine/expressions.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import { quoteText } from "../../fixtures/database.ts";
import { identifiers } from "../../fixtures/identifiers.ts";
import { seed } from "../../seed.ts";
import { createTestDatabase, engineNamed, engineNames, never, serverOf, targetOf, testKey } from "../scrub_fixture.ts";
import { tokens } from "./leak_cases.ts";

const plain = "anna.example+news@mail.example";
const wide = "jürgen@bücher.example";
const greek = "νίκος@mail.example";
const everyCharacter = (spell: (code: number) => string) => [...plain].map((one) => spell(one.charCodeAt(0))).join("");
const hex = (code: number) => code.toString(16).padStart(2, "0");

/** A text, and the token that a reader sees in it. */
const spelled: Readonly<Record<string, readonly [text: string, token: string]>> = {
  "a reference by number": [plain.replace("@", "&#64;"), plain],
  "a reference by number with zeros": [plain.replace("@", "&#0064;"), plain],
  "a reference by number without a semicolon": [plain.replace("@", "&#64"), plain],
  "a reference in hexadecimal": [plain.replace("@", "&#x40;"), plain],
  "a reference in hexadecimal capitals": [plain.replace("@", "&#X0040;").replaceAll(".", "&#x2E;"), plain],
  "a reference by name": [plain.replace("@", "&commat;"), plain],
  "references of every sign": [
    plain.replace("@", "&commat;").replaceAll(".", "&period;").replace("+", "&plus;"),
    plain,
  ],
  "a reference of a plus alone": [plain.replace("+", "&plus;"), plain],
  "a reference of a hyphen alone": [tokens.uuid.replaceAll("-", "&hyphen;"), tokens.uuid],
  "a reference that forbids a break": [plain.replace("example+", "exam&NoBreak;ple+"), plain],
  "references that are escaped once more": [plain.replace("@", "&amp;#64;").replaceAll(".", "&amp;#46;"), plain],
  "a name that is escaped once more": [plain.replace("@", "&amp;commat;"), plain],
  "references of dots": [plain.replaceAll(".", "&#46;"), plain],
  "references of every character": [everyCharacter((code) => `&#${code};`), plain],
  "references in hexadecimal of every character": [everyCharacter((code) => `&#x${hex(code)};`), plain],
  "references in both, by turns, as Markdown writes them": [
    everyCharacter((code) => code % 2 === 0 ? `&#${code};` : `&#x${hex(code).toUpperCase()};`),
    plain,
  ],
  "a sign in full width": [plain.replace("@", "＠"), plain],
  "every character in full width": [everyCharacter((code) => String.fromCharCode(code + 0xfee0)), plain],
  "full width in capitals": [everyCharacter((code) => String.fromCharCode(code + 0xfee0)).toUpperCase(), plain],
  "a string in full width": [
    [...tokens.opaque].map((one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).join(""),
    tokens.opaque,
  ],
  "dots of Chinese": [plain.replaceAll(".", "。"), plain],
  ...Object.fromEntries(
    [
      "\u00ad",
      "\u034f",
      "\u180e",
      "\u3164",
      "\ufe0f",
      "\u{e0061}",
      "\u200b",
      "\u200c",
      "\u200d",
      "\u200e",
      "\u202c",
      "\u2060",
      "\u2063",
      "\ufeff",
      "&shy;",
      "&#8203;",
      "&#xAD;",
      "&zwnj;",
      "&ZeroWidthSpace;",
      "&lrm;",
      "&#8207;",
      "&#x202e;",
    ]
      .map((one) => [`${JSON.stringify(one)} inside`, [plain.replace("@", `${one}@${one}`), plain]] as const),
  ),
  "a space without width between all": [[...plain].join("\u200b"), plain],
  "emphasis of Markdown's": [`_${plain}_`, plain],
  "strong emphasis of Markdown's, beyond ASCII": [`__${wide}__`, wide],
  "quoted-printable": [plain.replace("@", "=40"), plain],
  "quoted-printable of a plus alone": [plain.replace("+", "=2B"), plain],
  "quoted-printable of a low bar alone": [tokens.opaque.replace("_", "=5F"), tokens.opaque],
  "quoted-printable dots": [plain.replaceAll(".", "=2E"), plain],
  "quoted-printable over two lines": [plain.replace("exam", "ex=\r\nam"), plain],
  "quoted-printable over two lines of Unix": [plain.replace("@", "@=\n"), plain],
  "a line's end like quoted-printable's before an address with a reference": [
    `mail=\n${plain.replace("@", "&#64;")}`,
    plain,
  ],
  "a line's end like quoted-printable's before a token with a reference": [
    `token=\r\n${tokens.opaque.replace("_", "&#95;")}`,
    tokens.opaque,
  ],
  "an escape of JavaScript's": [plain.replace("@", "\\u0040"), plain],
  "an escape of bytes": [plain.replace("@", "\\x40"), plain],
  "an escape in an escaped text": [plain.replace("@", "\\\\u0040"), plain],
  "escapes of every character": [everyCharacter((code) => `\\u00${hex(code)}`), plain],
  "escapes of bytes of every character": [everyCharacter((code) => `\\x${hex(code)}`), plain],
  "percent-encoding of every character": [everyCharacter((code) => `%${hex(code)}`), plain],
  "what escape() of JavaScript makes": [everyCharacter((code) => `%u00${hex(code)}`), plain],
  "an escape of nothing": [plain.replace("@", "\\u200b@"), plain],
  "an escape of a mark of direction": [plain.replace("@", "\\u200e@"), plain],
  "percent-encoding of the end of a direction": [plain.replace("@", "%e2%80%ac@"), plain],
  "letters beyond ASCII": [wide, wide],
  "letters beyond ASCII in quotes of print": [`“${wide}”`, wide],
  "capital letters beyond ASCII": [wide.toUpperCase(), wide],
  "capitals of a word with a final sigma": [greek.toUpperCase(), greek],
  "a final sigma, percent-encoded": [encodeURIComponent(greek), greek.toUpperCase()],
  "a final sigma, escaped": [greek.replace("ς", "\\u03c2"), greek.toUpperCase()],
  "capitals of Turkish": [plain.replaceAll("i", "İ").toUpperCase(), plain],
  "small letters of Turkish": [plain.replaceAll("i", "ı"), plain],
  "letters beyond ASCII, percent-encoded": [encodeURIComponent(wide), wide],
  "letters beyond ASCII, percent-encoded in small letters": [encodeURIComponent(wide).toLowerCase(), wide],
  "letters beyond ASCII, escaped": [wide.replaceAll("ü", "\\u00fc"), wide],
  "letters beyond ASCII, escaped in capitals": [wide.replaceAll("ü", "\\u00FC"), wide],
  "letters beyond ASCII, as references": [wide.replaceAll("ü", "&#252;").replace("@", "&#64;"), wide],
  "letters beyond ASCII, as references in hexadecimal": [wide.replaceAll("ü", "&#xFC;"), wide],
  "letters beyond ASCII, quoted-printable": [wide.replaceAll("ü", "=C3=BC").replace("@", "=40"), wide],
  "an address in Cyrillic": ["Пишите на Иван@Почта.рф, пожалуйста", "иван@почта.рф"],
  "an address in Cyrillic, escaped": [
    [..."иван@почта.рф"].map((one) => one > "~" ? `\\u0${one.charCodeAt(0).toString(16)}` : one).join(""),
    "иван@почта.рф",
  ],
  "an address in Chinese": ["用户@例子.广告", "用户@例子.广告"],
  "letters beyond ASCII in one half": ["anna@bücher.example", "anna@bücher.example"],
  "a UUID with references of its hyphens": [tokens.uuid.replaceAll("-", "&#45;"), tokens.uuid],
  "a UUID with spaces without width": [tokens.uuid.replaceAll("-", "-\u200b"), tokens.uuid],
  ...Object.fromEntries(
    ["&shy;", "&amp;shy;", "&zwnj;", "&zwj;", "&lrm;", "&ZeroWidthSpace;", "&NoBreak;"].map((one) =>
      [`${one} in a token without a sign`, [tokens.opaque.replace("_", `_${one}`), tokens.opaque]] as const
    ),
  ),
  ...Object.fromEntries(
    ["&hyphen;", "&dash;"].map((one) => [`${one} in a UUID`, [tokens.uuid.replaceAll("-", one), tokens.uuid]] as const),
  ),
  "&lowbar; in a token without a sign": [tokens.opaque.replace("_", "&lowbar;"), tokens.opaque],
  // What is no part of a token, but looks like its first letters once it is encoded; and first letters that look encoded.
  ...Object.fromEntries(
    [
      ...["\u00a0", "\u201c", "\uff1a", "\ud83d\udce7"].flatMap((one) => [
        JSON.stringify(one).slice(1, -1).replace(
          /[^\\\w]+/g,
          (text) =>
            [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
              "",
            ),
        ),
        encodeURIComponent(one),
        encodeURIComponent(one).replaceAll("%", "="),
        encodeURIComponent(one).replaceAll("%", "\\x").toLowerCase(),
      ]),
      ...["%A0", "%u201C", "=A0", "=3C", "=3D", "a=3D", "\\xa0", "\\v", "word+"],
    ].map((one) => [`${one} before an address`, [one + plain.replace("+", "%2B").replace("@", "%40"), plain]] as const),
  ),
  "the sign of equality in quoted-printable before a token": [`?t=3D${tokens.opaque}`, tokens.opaque],
  "a no-break space in quoted-printable": [`To:=C2=A0${plain}`, plain],
  "a header's encoded word": [`=?utf-8?Q?Ann_=3C${plain}=3E?=`, plain],
  ...Object.fromEntries(
    [
      "40winks@mail.example",
      "2bad@mail.example",
      "1982ann@mail.example",
      "5eedda7a-1111-4222-8333-444455556666",
      "2b4f8a0c9d7e6f5a4b3c",
    ]
      .flatMap((token) => [`?t=${token}&x`, `like '%${token}%'`].map((text) => [text, [text, token]] as const)),
  ),
  "a token with a reference": [tokens.opaque.replace("_", "&#95;"), tokens.opaque],
  // With letters beyond ASCII in the token too, which are encoded as well.
  ...Object.fromEntries(
    ["\u00a0", "“", "«", "•", "邮箱", "：", "😀"].flatMap((before) => {
      const text = `${before}${wide}${before}`;
      const escaped = text.replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
      const quoted = text.replaceAll(/[^ -~]+/gu, encodeURIComponent).replaceAll("%", "=");
      return [
        [`${before} escaped before an address beyond ASCII`, [escaped, wide]],
        [`${before} percent-encoded before an address beyond ASCII`, [encodeURIComponent(text), wide]],
        [`${before} in quoted-printable before an address beyond ASCII`, [quoted, wide]],
      ] as const;
    }),
  ),
  "what only looks like percent-encoded": [`LIKE '%eddy${plain}'`, `eddy${plain}`],
  "what only looks escaped": [`C:\\u2019${plain}`, `u2019${plain}`],
};

const around = [
  (text: string) => text,
  (text: string) => `See <a href="mailto:${text}">${text}</a> & more.`,
  (text: string) => `${"word and ".repeat(400)}${text} end`,
  (text: string) => `${"ein Wörterbuch und ".repeat(1500)}${text} end`,
];

/** Texts of pieces that mean something to some decoder, put together by chance. */
const pieces = [
  ..."@.+-_~%\\&#;=u x40".split(""),
  ...[
    "ann",
    "Bob",
    "mail.example",
    "ü",
    "É",
    "и",
    "例",
    "“",
    "\u200b",
    "＠",
    "．",
    "&#64;",
    "&#x40",
    "&amp;",
    "&commat;",
  ],
  ...[
    "%40",
    "%2e",
    "%C3%BC",
    "%c3",
    "%u0040",
    "\\u0040",
    "\\u00fc",
    "\\x2e",
    "\\n",
    "\\\\",
    "=40",
    "=\n",
    "=C3=BC",
    '"',
    "=3D",
    "=A0",
    "%A0",
    "%C2%A0",
    "%u201c",
    "\\uff1a",
    "\\xa0",
  ],
  // What looks like a spelling of a token's signs, and is none.
  ...["&#39;", "&#160;", "&#8217;", "&#39", "#c", "?id=25", "&page=2"],
  ...[
    "5eedda7a-1111-4222-8333-444455556666",
    "kX9_secret-Token1234567890",
    "anna@mail.example",
    "\u00a0",
    "\t",
    "€",
    "😀",
  ],
];
let state = seed;
/** A whole number below another, by a linear congruential generator. */
function roll(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
/** Of two addresses that touch, MySQL takes the first. */
const signs = /@|＠|40|64|commat/g;
const byChance = Array.from(
  { length: 1_200 },
  () => Array.from({ length: 1 + roll(14) }, () => pieces[roll(pieces.length)]).join(""),
).filter((text) => [...text.matchAll(signs)].length <= 1);

const texts = [
  ...Object.values(spelled).flatMap(([text, token]) => [token, ...around.map((put) => put(text))]),
  ...identifiers,
  ...byChance,
];

/** The fingerprints of each text. */
async function fingerprintsOf(name: EngineName): Promise<readonly string[]> {
  const server = await serverOf(name);
  try {
    const engine = engineNamed(name);
    const e = engine.expressions;
    const type = name === "mysql" ? "longtext" : "text";
    const rows = texts.map((text, at) => `(${at}, ${quoteText(name, text)})`);
    await createTestDatabase(
      server,
      name,
      "texts",
      `CREATE TABLE texts (id integer PRIMARY KEY, v ${type}); INSERT INTO texts VALUES ${rows.join(", ")}`,
    );
    await using session = await engine.open(targetOf(server, "texts"), testKey(), never);
    await engine.prepare(session);
    await engine.openScratch(session);
    const [table] = (await engine.schema(session)).tables;
    const value = table?.columns.find((column) => column.name === "v");
    if (!table || !value) throw new TypeError("Cannot read the texts: they are not there");
    const text = e.searchable(e.sql`v`, value) ?? e.text("");
    const found = await session.scan(
      e.sql`SELECT DISTINCT id, ${foundFingerprint} AS fingerprint FROM ${engine.tableName("texts", table)}
      CROSS JOIN ${e.fingerprints([{ text, flags: 1 }])} ORDER BY id, fingerprint`,
    );
    const all: string[][] = texts.map(() => []);
    for (const { id, fingerprint } of found) all[Number(id)]?.push(String(fingerprint));
    return all.map((one) => one.sort().join(" "));
  } finally {
    await server.stop("now");
  }
}

const found = { postgresql: await fingerprintsOf("postgresql"), mysql: await fingerprintsOf("mysql") };

for (const engine of engineNames) {
  for (const [at, [what, [, token]]] of Object.entries(spelled).entries()) {
    Deno.test(`${engine}: ${what}: the text has the fingerprint of the plain token`, () => {
      const own = found[engine].slice(at * (around.length + 1), (at + 1) * (around.length + 1));
      const [sought = "", ...others] = own;
      assertEquals(sought.split(" ").length > 0 && sought !== "", true, `no fingerprint of ${token}`);
      for (const [n, one] of others.entries()) {
        assertEquals(sought.split(" ").filter((print) => !one.split(" ").includes(print)), [], `in context ${n}`);
      }
    });
  }
}

Deno.test(`both engines have the same fingerprints of every text, of seed ${seed}`, () => {
  const different = texts.filter((_, at) => found.postgresql[at] !== found.mysql[at]).map((text) => text.slice(-200));
  assertEquals(different, []);
});
