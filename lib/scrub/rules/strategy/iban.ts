/** The strategy `iban`. @module */

import type { Expressions } from "../../../engine/expressions.ts";
import type { Column } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { lettersAndDigits, orEmpty, refuseLength, type Strategy, unlessEmpty } from "./strategy.ts";

/**
 * What follows the check digits in each country (ISO 13616, and those that follow it unregistered): so many letters first (`a`), then digits; where the registry allows both,
 * digits. A word at the end stands for itself.
 */
const structures = `
  GB a4 14, DE a0 18, FR a0 23, IE a4 14, NL a4 10, ES a0 20, IT a1 22, BE a0 12, PL a0 24, PT a0 21, AT a0 16,
  CH a0 17, SE a0 20, DK a0 14, NO a0 11, FI a0 14, LU a0 16, GR a0 23, CZ a0 20, RO a4 16, AD a0 20, AE a0 19,
  AL a0 24, AO a0 21, AX a0 14, AZ a4 20, BA a0 16, BF a0 24, BG a4 14, BH a4 14, BI a0 23, BJ a0 24, BL a0 23,
  BR a0 23 P1, BY a4 20, CF a0 23, CG a0 23, CI a1 23, CM a0 23, CR a0 18, CV a0 21, CY a0 24, DJ a0 23, DO a4 20,
  DZ a0 22, EE a0 16, EG a0 25, FK a2 12, FO a0 14, GA a0 23, GE a2 16, GF a0 23, GI a4 15, GL a0 14, GP a0 23,
  GQ a0 23, GT a4 20, GW a2 19, HN a4 20, HR a0 17, HU a0 24, IL a0 19, IQ a4 15, IR a0 22, IS a0 22, JO a4 22,
  KM a0 23, KW a4 22, KZ a0 16, LB a0 24, LC a4 24, LI a0 17, LT a0 16, LV a4 13, LY a0 21, MA a0 24, MC a0 23,
  MD a0 20, ME a0 18, MF a0 23, MG a0 23, MK a0 15, ML a0 24, MN a0 16, MQ a0 23, MR a0 23, MT a4 23, MU a4 19 XXX,
  MZ a0 21, NC a0 23, NE a2 22, NI a4 20, OM a0 19, PF a0 23, PK a4 16, PM a0 23, PS a4 21, QA a4 21, RE a0 23,
  RS a0 18, RU a0 29, SA a0 20, SC a4 20 XXX, SD a0 14, SI a0 15, SK a0 20, SM a1 22, SN a2 22, SO a0 19, ST a0 21,
  SV a4 20, TD a0 23, TF a0 23, TG a2 22, TL a0 19, TN a0 20, TR a0 22, UA a0 25, VA a0 18, VG a4 16, WF a0 23,
  XK a0 16, YE a4 22, YT a0 23`;

/** Of as many digits at the end, where there are so many, the pseudonym chooses; those before them are zeros, which no bank has. */
const mostChosen = 14;
const checkModulus = 97;

interface Country {
  readonly code: string;
  readonly length: number;
  /** All before the chosen digits, check digits included. */
  readonly head: string;
  readonly chosen: number;
  readonly end: string;
}

const countries: readonly Country[] = structures.trim().split(/,\s+/).map((text) => {
  const [code = "", letters = "", digits = "", end = ""] = text.split(" ");
  const count = Number(digits);
  const chosen = Math.min(count, mostChosen);
  const bank = "X".repeat(Number(letters.slice(1))) + "0".repeat(count - chosen);
  // The chosen digits are a multiple of 97, so that they do not change the check digits.
  const check = checkModulus + 1 - remainder(`${bank}${"0".repeat(chosen)}${end}${code}00`);
  const head = `${code}${String(check).padStart(2, "0")}${bank}`;
  return { code, head, chosen, end, length: head.length + chosen + end.length };
});

/** Of the number that the text is with 10 to 35 for letters (ISO 7064). */
function remainder(text: string): number {
  const digits = [...text].map((letter) => parseInt(letter, 36)).join("");
  return Number(BigInt(digits) % BigInt(checkModulus));
}

const [usual] = countries;

/** An IBAN of the same country with valid check digits, and with a bank that is none where the country's structure has room. */
export const iban: Strategy = {
  description: {
    summary:
      "An IBAN of the same country (of the UK for unknown ones) without spaces, with valid check digits (not always those that some countries have within the account's number) and a bank code of X or zeros where there is room: equal numbers stay equal however they are spaced.",
    example: { rule: "iban", before: "GB29 NWBK 6016 1331 9268 19", after: "GB76XXXX12958997772363" },
  },
  short: true,
  ofValue: true,
  refuse: (place) =>
    place.column.kind !== "text" ? `an IBAN is no ${place.column.type}` : refuseLength(place, usual?.length ?? 0),
  // For all countries but a few whose numbers are shorter: Belgium, the Falklands, Latvia, the Netherlands and Norway.
  space: () => Math.floor(10 ** mostChosen / checkModulus),
  newValue(e, old) {
    const text = lettersAndDigits(e, old);
    const hash = e.pseudonym(text);
    const country = e.part(text, 1, 2);
    const fitting = thatFit(old.column);
    const heads = fitting.map(({ code, head }) => [code.toLowerCase(), e.text(head)] as const);
    const ends = fitting.filter(({ chosen, end }) => chosen < mostChosen || end !== "").map(({ code, chosen, end }) =>
      [
        code.toLowerCase(),
        end === "" ? multiple(e, hash, chosen) : e.concat(multiple(e, hash, chosen), e.text(end)),
      ] as const
    );
    const head = e.lookUp(country, heads, e.text(usual?.head ?? ""));
    const number = e.concat(head, e.lookUp(country, ends, multiple(e, hash, mostChosen)));
    return unlessEmpty(e, old, e.fromText(number, old.column));
  },
  evidence(e, now) {
    const patterns = thatFit(now.column).map(({ head, chosen, end }) => `${head}[0-9]{${chosen}}${end}`);
    return orEmpty(e, now, e.matches(e.asText(now.value, now.column), patterns.join("|")));
  },
};

function thatFit({ length = Infinity }: Column): readonly Country[] {
  return countries.filter((country) => country.length <= length);
}

/** Digits that are a multiple of 97. */
function multiple(e: Expressions, hash: Sql, digits: number): Sql {
  return e.padded(e.sql`(${e.number(hash, 1, Math.floor(10 ** digits / checkModulus))} * ${checkModulus})`, digits);
}
