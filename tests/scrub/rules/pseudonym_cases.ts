/** Strategies that make pseudonyms: what each is held to its contract with. @module */

import type { ColumnRule } from "../../../lib/scrub/rules/definition.ts";
import cards from "card-validator";
import { electronicFormatIBAN, getCountrySpecifications } from "ibantools";
import ipaddr from "ipaddr.js";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
// @ts-types="../../../lib/std/nhs_number_validator.d.ts"
import nhs from "nhs-number-validator";
import {
  card,
  email,
  hash,
  iban,
  ipAddress,
  macAddress,
  name,
  nationalInsurance,
  nhsNumber,
  opaque,
  organisation,
  phone,
  postalAddress,
  postcode,
  template,
  url,
  userName,
} from "../../../lib/scrub/rules/strategies.ts";
import type { PerEngine } from "./strategy_cases.ts";

/** One strategy with values of its own kind. */
export interface PseudonymCase {
  /** Unique among the cases; a name of a table. */
  readonly name: string;
  readonly rule: ColumnRule;
  /** A type of the column that holds the values; another one that holds them too is `text`. */
  readonly type: PerEngine;
  /** Values of its kind, each another one, none of which the strategy could have made. */
  readonly values: readonly string[];
  /** So few values that some of those above may become equal. */
  readonly small?: true;
  /** Whether a new value is what its readers expect of one, beside the old one. */
  readonly fits?: (made: string, old: string) => boolean;
  /** A unique column takes 100,000 rows: the SQL for text of row `id`. Absent: it is refused. */
  readonly many?: PerEngine;
}

const varchar = "varchar(255)";
const longest = "x".repeat(255);
/** What people write into a field that is for something else. */
export const misplaced: readonly [string, ...string[]] = [
  "Ann Smithson",
  "ring Ann on +44 7911 123456 (home)",
  "GB29 NWBK 6016 1331 9268 19 Smithson",
  "N1 9GU, Ann Smithson",
  "4929123456789011 annsmithson",
  "ann.smithson@post.invalid 943 476 5919",
  "AB 12 34 56 C ann",
  "81.2.69.142/annsmithson",
  "3c22fb9a017e smithson",
  "SMITHSON ANN",
  "00447911123456x4321",
];
const odd = ["Zoë 日本語 ʼn", "😀👩‍👩‍👧", " spaces ", "a'b\\c%_$1\\1", "line\nbreak", longest, ...misplaced];

/** The `id` of a row as text with something before it. */
function numbered(before: string): PerEngine {
  return { postgresql: `'${before}' || id`, mysql: `CONCAT('${before}', id)` };
}

/** Something of the length of each country's IBANs. */
const anIbanOfEach = Object.entries(getCountrySpecifications()).flatMap(([code, { chars }]) =>
  chars === null || chars === undefined ? [] : [`${code}31${"7".repeat(chars - 4)}`]
);

/** Every strategy that makes pseudonyms. */
export const pseudonymCases: readonly PseudonymCase[] = [
  {
    name: "email",
    rule: email(),
    type: varchar,
    values: ["ada@mail.example", "bob+tag@mail.example", ...odd],
    many: numbered("somebody@mail.example"),
  },
  {
    name: "opaque",
    rule: opaque(),
    type: varchar,
    values: ["dXNlcjoxMjM0NTY3ODkw", "5eedda7a-1111-4222-8333-444455556666", ...odd],
    many: numbered("token"),
  },
  {
    name: "hash",
    rule: hash({ length: 14, alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" }),
    type: varchar,
    values: ["ORD-4711", "ORD-4712", ...odd],
    many: numbered("ORD-"),
  },
  {
    name: "short_hash",
    rule: hash({ length: 4, alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" }),
    type: varchar,
    values: ["ORD-4711", "ORD-4712", ...odd],
  },
  {
    name: "template",
    rule: template("Person {hash}"),
    type: varchar,
    values: ["Ada Lovelace", ...odd],
    many: numbered("Ada"),
  },
  {
    name: "national_insurance",
    rule: nationalInsurance(),
    type: varchar,
    values: ["AB 12 34 56 C", "CE654321D", ...odd],
  },
  {
    name: "url",
    rule: url(),
    type: varchar,
    values: ["https://ada.mail.example/photos?album=7", "http://10.0.0.1", ...odd],
    many: numbered("https://mail.example/"),
  },
  {
    name: "card",
    rule: card(),
    type: varchar,
    values: [
      "4929 1234 5678 9011",
      "5500-0000-0000-0004",
      "340000000000009",
      "6011 0009 9013 9424",
      ...odd,
    ],
    fits: (made, old) =>
      cards.number(made).isValid &&
      (odd.includes(old) ||
        (cards.number(made).card?.type === cards.number(old).card?.type && shape(made) === shape(old))),
  },
  {
    name: "iban",
    rule: iban(),
    type: varchar,
    values: [
      "GB29 NWBK 6016 1331 9268 19",
      "de89370400440532013000",
      "FR1420041010050500013M02606",
      "NL91ABNA0417164300",
      "NO9386011117947",
      "BE68539007547034",
      "MT84MALT011000012345MTLCAST001S",
      "BR1800360305000010009795493C1",
      "MU17BOMM0101101030300200000MUR",
      "SC18SSCB11010000000000001497USD",
      ...odd,
    ],
    fits: (made, old) => isIban(made) && (odd.includes(old) || made.slice(0, 2) === old.slice(0, 2).toUpperCase()),
    many: {
      postgresql: "'GB29NWBK' || lpad(id::text, 14, '0')",
      mysql: "CONCAT('GB29NWBK', LPAD(id, 14, '0'))",
    },
  },
  {
    name: "iban_of_each_country",
    rule: iban(),
    type: varchar,
    values: anIbanOfEach,
    many: { postgresql: "'DE44' || lpad(id::text, 18, '0')", mysql: "CONCAT('DE44', LPAD(id, 18, '0'))" },
    fits: (made, old) => isIban(made) && made.slice(0, 2) === old.slice(0, 2),
  },
  {
    name: "ip_address",
    rule: ipAddress(),
    type: varchar,
    values: ["81.2.69.142", "10.0.0.1", "2a00:1450:4009:80b::200e", "81.2.69.143:8080", ...odd],
    small: true,
    fits: (made, old) =>
      ipaddr.parse(made).range() === "reserved" && ipaddr.parse(made).kind() === (old.includes("::") ? "ipv6" : "ipv4"),
  },
  {
    name: "mac_address",
    rule: macAddress(),
    type: varchar,
    values: ["3c:22:fb:9a:01:7e", "3C-22-FB-9A-01-7F", ...odd],
    small: true,
    fits: (made) => /^00[:-]00[:-]5e[:-]00[:-]53[:-][0-9a-f]{2}$/.test(made),
  },
  { name: "name", rule: name(), type: varchar, values: ["Augusta Byron", "byron", ...odd] },
  {
    name: "name_first",
    rule: name({ part: "first" }),
    type: varchar,
    values: ["Augusta", "Byron", ...odd],
    small: true,
  },
  {
    name: "name_last",
    rule: name({ part: "last" }),
    type: varchar,
    values: ["Byron", "O'Neill-Àlvarez", ...odd],
    small: true,
  },
  {
    name: "name_last_first",
    rule: name({ part: "lastFirst" }),
    type: varchar,
    values: ["Byron, Augusta", ...odd],
    fits: (made) => /^[A-Z][a-z]+, [A-Z][a-z]+$/.test(made),
  },
  {
    name: "nhs_number",
    rule: nhsNumber(),
    type: varchar,
    values: ["943 476 5919", "4010232137", "401-023-2138", ...odd],
    fits: (made, old) =>
      nhs.validate(made.replaceAll(/[ -]/g, "")) && made.startsWith("999") &&
      (odd.includes(old) || shape(made) === shape(old)),
  },
  {
    name: "organisation",
    rule: organisation(),
    type: varchar,
    values: ["Lovelace & Daughters plc", "HM Treasury", ...odd],
  },
  {
    name: "phone",
    rule: phone(),
    type: varchar,
    values: [
      "+44 7911 123456",
      "+44 (0)20 7123 4567",
      "0044-161-123-4567",
      "+1 (212) 867-5309",
      "001 212 867 5310",
      "0033 1 23 45 67 89",
      "+353 1 234 5678",
      "+49.30.123456",
      "020 7123 4567",
      "07911123456",
      ...odd,
    ],
    small: true,
    fits: (made, old) =>
      odd.includes(old)
        ? /^000[0-9]{7}$/.test(made)
        : shape(made) === shape(old) && callingCode(made) === callingCode(old),
  },
  {
    name: "phone_gb",
    rule: phone({ country: "GB" }),
    type: varchar,
    values: ["020 7123 4567", "07911123456", "(0161) 123-4567", "+353 1 234 5678"],
    small: true,
    fits: (made, old) =>
      old.startsWith("+")
        ? callingCode(made) === "353"
        : /^(07700900|01632960)[0-9]{3}$/.test(made.replaceAll(/[^0-9]/g, "")),
  },
  {
    name: "phone_us",
    rule: phone({ country: "US" }),
    type: varchar,
    values: ["(212) 867-5309", "1-212-867-5310", "2128675311"],
    small: true,
    fits: (made, old) => shape(made) === shape(old) && /55501[0-9]{2}$/.test(made.replaceAll(/[^0-9]/g, "")),
  },
  {
    name: "postal_address",
    rule: postalAddress(),
    type: varchar,
    values: ["12 St James's Square", "Flat 3, 9 Mill Road", ...odd],
  },
  {
    name: "postal_address_town",
    rule: postalAddress({ part: "town" }),
    type: varchar,
    values: ["London", ...odd],
    small: true,
  },
  {
    name: "postal_address_full",
    rule: postalAddress({ part: "full" }),
    type: varchar,
    values: ["1 High St\nLeeds", ...odd],
  },
  {
    name: "postcode",
    rule: postcode(),
    type: varchar,
    values: ["SW1A 1AA", "M11AE", "ec1a 1bb", "90210-1234", "75008", "1234 AB", "K1A 0B1", "D02 AF30", ...odd],
    small: true,
    fits: (made) => /^ZZ[0-9]{2} ?[0-9][A-Z]{2}$|^[X -]*0[X -]*0?[0-9X -]*$/.test(made),
  },
  { name: "user_name", rule: userName(), type: varchar, values: ["ada", "bob.l", ...odd], many: numbered("ada") },
];

/** Digits are alike, and so are letters by case. */
function shape(text: string): string {
  return text.replaceAll(/[0-9]/g, "0");
}

/** Of a number with its country code. */
function callingCode(text: string): string | undefined {
  return parsePhoneNumberFromString(text.replace(/^00/, "+"))?.countryCallingCode;
}

/** Its country's structure and the check digits of ISO 7064. */
function isIban(text: string): boolean {
  const digits = [...text.slice(4), ...text.slice(0, 4)].map((letter) => parseInt(letter, 36)).join("");
  const { chars, bban_regexp } = getCountrySpecifications()[text.slice(0, 2)] ?? {};
  return electronicFormatIBAN(text) === text && text.length === chars &&
    new RegExp(bban_regexp ?? "^$").test(text.slice(4)) &&
    BigInt(digits) % 97n === 1n;
}

/** Strategies that make no pseudonyms of text: strategy_cases.ts and shapes_test.ts have all there is to say. */
export const withoutPseudonyms: readonly string[] = [
  "blank",
  "choice",
  "constant",
  "decimal",
  "emptied",
  "freeText",
  "integer",
  "json",
  "keep",
  "lorem",
  "noise",
  "replacing",
  "setNull",
  "shiftDate",
  "shuffle",
];
