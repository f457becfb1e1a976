/** The strategy `phone`. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import type { Column } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { chosen, oneChoice } from "./options.ts";
import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

const countries = ["GB", "US"] as const;
type Country = (typeof countries)[number];

/** What may stand between digits. */
const between = "[ ()./-]*";
/** Country codes of one digit, two and three (ITU-T E.164). */
const codes = [
  "[17]",
  "(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])",
  "(?:2[1-689]|3[578]|42|5[09]|6[7-9]|8[035789]|9[679])[0-9]",
] as const;
/** Numbers that Ofcom keeps for drama: 07700 900000 to 900999, and 01632 960000 to 960999 for all but mobiles. */
const british = { mobile: "7700900", other: "1632960" };
const fewestCharacters = 8;
const lengthOfOthers = 10;

/** A telephone number that is not assigned. */
export const phone: Strategy = {
  description: {
    summary:
      "A telephone number of the same country code and shape that is never assigned: in the UK one of Ofcom's for drama (07700 900xxx, 01632 960xxx), in North America 555-01xx, elsewhere 00 behind the country code (000 without one). Equal numbers stay equal however they are spaced, and different ones may become so.",
    example: { rule: "phone", before: "+44 7911 123456", after: "+44 7700 900800" },
  },
  parameter: oneChoice(
    "country",
    countries,
    "`country`: the plan of numbers without a country code: GB, or US (also Canada); absent: none.",
  ),
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text"
      ? `a telephone number is no ${place.column.type}`
      : refuseLength(place, fewestCharacters),
  // Ofcom's thousand.
  space: () => 1000,
  newValue(e, old, parameter) {
    const text = e.asText(old.value, old.column);
    const hash = e.pseudonym(lettersAndDigits(e, old));
    const shaped = plans(e, text, hash, chosen(parameter, "country", countries));
    const digits = e.choose(
      e.matches(text, international(".*")),
      abroad(e, text, hash),
      e.concat(e.text("000"), random(e, hash, 13)),
    );
    const like = shaped.reduceRight(
      (otherwise, [pattern, digits]) => e.choose(e.matches(text, pattern), digits, otherwise),
      digits,
    );
    const isPhone = e.matches(text, `[ (]*[+]?${between}(?:[0-9]${between}){6,15}`);
    return unlessEmpty(
      e,
      old,
      e.fromText(e.choose(isPhone, e.digitsReplaced(text, like), other(e, hash, old.column)), old.column),
    );
  },
  evidence(e, now) {
    const code = codes.map((code) => spaced(code)).join("|");
    const patterns = [
      `${between}(?:(?:[+]|0${between}0)?${between}4${between}4${between}|0${between})(?:0${between})?(?:${
        [british.mobile, british.other].map((digits) => spaced(digits)).join("|")
      })(?:${between}[0-9]){3}${between}`,
      `${between}(?:[+]?${between}(?:0${between}0${between})?1${between})?[2-9]${between}[0-9]${between}[0-9]${between}${
        spaced("55501")
      }(?:${between}[0-9]){2}${between}`,
      international(`(?:${code})${between}0${between}0[0-9 ()./-]*`),
      `${between}0${between}0${between}0[0-9 ()./-]*`,
    ];
    return orEmpty(e, now, e.matches(e.asText(now.value, now.column), patterns.join("|")));
  },
};

/** With separators wherever digits meet; classes count as one digit. */
function spaced(digits: string): string {
  return digits.replaceAll(/(?<=[0-9\])])(?=[0-9[(])(?![^[]*\])/g, between);
}

/** A number with `+` or 00 before its country code. */
function international(rest: string): string {
  return `[ (]*(?:[+]|0${between}0)${between}${rest}`;
}

/** Patterns of numbers of plans with numbers for drama or tests, and all digits that take the places of theirs. */
function plans(
  e: Expressions,
  text: Sql,
  hash: Sql,
  country: Country | undefined,
): readonly (readonly [string, Sql])[] {
  const digits = (count: number) => `(?:[0-9]${between}){${count}}`;
  const gb = (before: string) => {
    const start = e.choose(
      e.matches(text, `[^0-9]*${spaced(before)}${before === "" ? "" : between}7.*`),
      e.text(before + british.mobile),
      e.text(before + british.other),
    );
    return e.concat(start, random(e, hash, 3));
  };
  // An area code from 200 to 999, 555-01 and two digits: the number's first three and last two.
  const us = (before: string) =>
    e.concat(
      e.text(before),
      e.overlaid(e.padded(e.sql`(${e.number(hash, 1, 80_000)} + 20000)`, 5), 4, 0, e.text("55501")),
    );
  const plus = (code: string, rest: string) => `[ (]*[+]${between}${spaced(code)}${between}${rest}`;
  const zeros = (code: string, rest: string) => `[ (]*${spaced(`00${code}`)}${between}${rest}`;
  return [
    [plus("44", `[1-9]${between}${digits(9)}`), gb("44")],
    [plus("440", `[1-9]${between}${digits(9)}`), gb("440")],
    [zeros("44", `[1-9]${between}${digits(9)}`), gb("0044")],
    [plus("1", digits(10)), us("1")],
    [zeros("1", digits(10)), us("001")],
    ...(country === "GB" ? [[`[ (]*0${between}[1-9]${between}${digits(9)}`, gb("0")] as const] : []),
    ...(country === "US"
      ? [[`[ (]*${digits(10)}`, us("")] as const, [`[ (]*1${between}${digits(10)}`, us("1")] as const]
      : []),
  ];
}

/** The country code as it is, zeros before it included, then 00. */
function abroad(e: Expressions, text: Sql, hash: Sql): Sql {
  const digits = e.replaced(text, "[^0-9]", "");
  const code = (from: number) =>
    codes.slice(0, -1).reduceRight(
      (otherwise, code, at) =>
        e.choose(e.matches(digits, `${"0".repeat(from)}${code}.*`), e.part(digits, 1, from + at + 1), otherwise),
      e.part(digits, 1, from + codes.length),
    );
  const start = e.choose(e.matches(text, ".*[+].*"), code(0), code(2));
  return e.concat(start, e.text("00"), random(e, hash, 13));
}

/** For a text that is no telephone number. */
function other(e: Expressions, hash: Sql, { length = lengthOfOthers }: Column): Sql {
  const zeros = "000";
  return e.concat(e.text(zeros), random(e, hash, Math.min(length, lengthOfOthers) - zeros.length));
}

function random(e: Expressions, hash: Sql, digits: number): Sql {
  return e.padded(e.number(hash, 1, 10 ** digits), digits);
}
