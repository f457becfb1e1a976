/**
 * What a whole value is: an IBAN, a telephone number, an address of a computer. For columns whose values were read to find out what
 * they hold; nothing of a value leaves this file. Import it lazily: its libraries hold the world's numbering plans.
 * @module
 */

import valid from "card-validator";
import { electronicFormatIBAN, isValidIBAN } from "ibantools";
import ipaddr from "ipaddr.js";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
// @ts-types="../std/nhs_number_validator.d.ts"
import nhs from "nhs-number-validator";

/** Kinds that a whole value can be of. */
export type ValueKind =
  | "mail address"
  | "IBAN"
  | "payment card number"
  | "NHS number"
  | "National Insurance number"
  | "IP address"
  | "MAC address"
  | "telephone number"
  | "postcode"
  | "vehicle's number"
  | "JWT"
  | "hash of a password"
  | "token"
  | "web address"
  | "browser"
  | "position"
  | "street address"
  | "name of a company"
  | "JSON document";

/** What the value is; undefined where it is none of the kinds. */
export function valueKind(value: string): ValueKind | undefined {
  const text = value.trim();
  return text === "" ? undefined : tests.find(([, test]) => test(text))?.[0];
}

/** The kinds, those with check digits and unmistakable shapes first. */
const tests: readonly (readonly [ValueKind, (text: string) => boolean])[] = [
  ["mail address", (text) => /^(?:[^<>"]* <)?[^\s@<>",;:]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+>?$/u.test(text)],
  ["JWT", (text) => /^eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]*$/.test(text)],
  ["hash of a password", (text) => passwordHash.test(text)],
  ["browser", (text) => /^(?:Mozilla|Opera|Dalvik|curl|okhttp|Wget)\/\d/.test(text)],
  ["web address", (text) => /^(?:https?|ftp):\/\/\S+$/i.test(text)],
  ["IBAN", (text) => /^[A-Z]{2}\d{2}/i.test(text) && isValidIBAN(electronicFormatIBAN(text) ?? "")],
  [
    "National Insurance number",
    (text) => /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d{2}){3} ?[A-D]$/i.test(text),
  ],
  ["IP address", isIpAddress],
  ["MAC address", (text) => /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i.test(text)],
  ["position", (text) => /^\(?-?\d{1,2}\.\d{3,}, ?-?\d{1,3}\.\d{3,}\)?$/.test(text) || /^POINT ?\(/i.test(text)],
  ["payment card number", (text) => {
    const digits = text.replaceAll(/[ -]/g, "");
    return /^\d{13,19}$/.test(digits) && !/^(\d)\1*$/.test(digits) && valid.number(digits).isValid;
  }],
  ["postcode", (text) => /^(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA)$/i.test(text)],
  ["NHS number", (text) => /^\d{3}([ -])\d{3}\1\d{4}$/.test(text) && nhs.validate(text.replaceAll(/\D/g, ""))],
  ["vehicle's number", (text) => /^[A-HJ-NPR-Y]{2}\d{2} ?[A-HJ-NPR-Z]{3}$/.test(text) || isVin(text)],
  ["telephone number", isTelephoneNumber],
  ["street address", (text) => street.test(text)],
  [
    "name of a company",
    (text) =>
      /^[\p{Lu}\d][\p{L}\d&.,' -]{1,80},? (?:Ltd|Limited|plc|PLC|LLP|LLC|Inc|Corp|GmbH|AG|S\.?A\.?|B\.?V\.?|SARL|Pty Ltd)\.?$/u
        .test(text),
  ],
  ["token", isToken],
  ["JSON document", (text) => /^[[{]/.test(text) && isJson(text)],
];

/** crypt(3)'s, bcrypt, scrypt, Argon2, PBKDF2, Django's, LDAP's and phpass. */
const passwordHash =
  /^(?:\$(?:1|2[abxy]?|5|6|7|y|argon2(?:id|i|d)|pbkdf2[\w-]*|scrypt|P|H|S)\$|(?:pbkdf2_|scrypt|bcrypt|argon2)\w*[$:]|\{(?:S?SHA\d*|SMD5|CRYPT|BCRYPT)\})\S{10,}$/i;

/** A number and a name of a street, in either order. */
const street =
  /^(?:(?:flat|unit|apt|suite) \w+, )?\d+[a-z]?,? [\p{L}' -]+ (?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|close|walk|way|court|place|square|terrace|crescent|gardens|green|hill|boulevard|blvd|highway)\b|^[\p{L}' -]+(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|laan|straat) \d+|^\d+,? (?:rue|avenue|boulevard|place|chemin) /iu;

function isIpAddress(text: string): boolean {
  const [address = "", mask, ...rest] = text.split("/");
  if (rest.length > 0 || (mask !== undefined && !/^\d{1,3}$/.test(mask))) return false;
  return ipaddr.IPv4.isValidFourPartDecimal(address) || (address.includes(":") && ipaddr.IPv6.isValid(address));
}

/** With signs of a number that is dialled: a plus, a zero in front, or groups; as many digits as some country has. */
function isTelephoneNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (digits.length < 7 || digits.length > 15 || !/^\+?[\d\s().\/-]+(?:\s?(?:ext|x)\.?\s?\d+)?$/i.test(text)) {
    return false;
  }
  if (/^\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$|^\d+\.\d+$/.test(text)) return false;
  if (text.startsWith("+")) return parsePhoneNumberFromString(text)?.isPossible() ?? false;
  if (/^0\d{8,}$/.test(text)) return true;
  if (!/\d[\s().\/-]+\d/.test(text)) return false;
  return countries.some((country) => parsePhoneNumberFromString(text, country)?.isPossible() ?? false);
}

const countries = ["GB", "US", "DE", "FR"] as const;

/** ISO 3779, with the check digit of North America, or at least letters and digits of all sorts. */
function isVin(text: string): boolean {
  return /^[A-HJ-NPR-Z\d]{17}$/.test(text) && /[A-Z].*[A-Z].*[A-Z]/.test(text) && /\d{4}$/.test(text);
}

/** A long row of characters as a generator makes them. UUIDs are left out: most are keys of rows. */
function isToken(text: string): boolean {
  if (/^(?=.*[a-f])(?=.*\d)[0-9a-f]{20,}$/i.test(text)) return true;
  return /^[\w+/.=-]{20,}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) &&
    new Set(text).size >= 12 && !/[-_.]{2}|\.[a-z]{2,4}$/.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
