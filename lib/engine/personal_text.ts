/**
 * Finds what looks like personal data or a secret in a text of a catalogue: a comment, a default, a name, a function's body.
 * Only which kinds were found leaves this file, never the text. Import it lazily: its libraries hold the world's numbering plans.
 * @module
 */

import valid from "card-validator";
import { electronicFormatIBAN, getCountrySpecifications, isValidIBAN } from "ibantools";
import ipaddr from "ipaddr.js";
import { findPhoneNumbersInText } from "libphonenumber-js/max";
// @ts-types="../std/nhs_number_validator.d.ts"
import nhs from "nhs-number-validator";

/** Kinds of personal data and secrets that a text can hold. */
export type PersonalKind =
  | "mail address"
  | "telephone number"
  | "National Insurance number"
  | "NHS number"
  | "payment card number"
  | "bank account number"
  | "IP address"
  | "personal name"
  | "identifier"
  | "secret";

/** What the text holds, as it is written or as it reads, each kind once. Names of persons: see {@linkcode namesPersons}. */
export function personalIn(text: string): readonly PersonalKind[] {
  const read = asRead(text);
  const readings = [...new Set([text, read])];
  return finders.filter(([kind, holds]) =>
    readings.some(holds) || betweenLowBars.has(kind) && read.includes("_") && holds(read.replaceAll("_", " "))
  ).map(([kind]) => kind);
}

/** Kinds with so many digits that a name such as `idx_4111111111111111` is no chance. */
const betweenLowBars: ReadonlySet<PersonalKind> = new Set([
  "telephone number",
  "payment card number",
  "IP address",
]);

/** As {@linkcode personalIn}, for the name of an object: frameworks put digests into names of indexes. */
export function personalInName(name: string): readonly PersonalKind[] {
  return personalIn(name.replaceAll(/[0-9a-f]{32,}/gi, " "));
}

/** As {@linkcode personalIn}, for a pattern of hosts: networks and private addresses identify a server, not a person. */
export function personalInHost(host: string): readonly PersonalKind[] {
  const one = oneAddress(host);
  const between = betweenHyphens.exec(host)?.slice(1).join(".") ?? "";
  return isPrivateHost(one) ? [] : personalIn(isPrivateHost(between) ? one : `${between} ${one}`);
}

/** As providers name their clients' hosts: `81-2-69-160.dsl.example.org`. */
const betweenHyphens = /^(?:[a-z]+\d*-)*[a-z]*(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?=\.)/i;

const finders: readonly (readonly [PersonalKind, (text: string) => boolean])[] = [
  ["mail address", (text) => mailAddress.test(text)],
  ["telephone number", holdsTelephoneNumber],
  ["National Insurance number", (text) => nationalInsurance.test(text)],
  ["NHS number", holdsNhsNumber],
  ["payment card number", holdsCard],
  ["bank account number", holdsIban],
  ["IP address", (text) => holdsIpv4(text) || holdsIpv6(text)],
  ["identifier", (text) => identifiers.some((pattern) => pattern.test(text))],
  ["secret", (text) => secrets.some((pattern) => pattern.test(text))],
];

/**
 * The text as a browser, a mail program, a server or a parser of JSON shows it, as far as an address or a number is concerned: digits and
 * dashes of any alphabet are those of ASCII.
 */
function asRead(text: string): string {
  if (readsAsItIs.test(text)) return text;
  const character = (code: number) => code < 0x110000 ? String.fromCodePoint(code) : " ";
  const decoded = (encoded: string) =>
    encoded.replaceAll(/%([2-7][0-9a-f])/gi, (_, digits) => character(parseInt(digits, 16)));
  return decoded(decoded(text)).replaceAll(/&(?:amp;)+/g, "&")
    .replaceAll(/&(commat|period);/g, (_, name) => name === "commat" ? "@" : ".")
    .replaceAll(/&#x0*([0-9a-f]{2,5});?/gi, (_, digits) => character(parseInt(digits, 16)))
    .replaceAll(/&#0*(\d{2,6})(?!\d);?/g, (_, digits) => character(Number(digits)))
    .replaceAll(
      /\\+(?:u00|x|u\{0*|00|\+0000)([2-7][0-9a-f])\}?/gi,
      (_, digits) => character(parseInt(digits, 16)),
    )
    .replaceAll(/\\(1[0-7]{2}|0[4-7][0-7])(?!\d)/g, (_, digits) => character(parseInt(digits, 8)))
    // A dot in a regular expression, of an address alone: one for the addresses of a domain is no person's.
    .replaceAll(/(?<=[\p{L}\p{N}]@[\p{L}\p{N}.\\[\]-]{0,253})(?:\\+\.|\[\.\])/gu, ".")
    .replaceAll(/=(40|2e)/gi, (_, digits) => character(parseInt(digits, 16)))
    .replaceAll(/[\p{Default_Ignorable_Code_Point}]|&(?:shy|zwn?j|lrm|rlm|ZeroWidthSpace|NoBreak);/gu, "")
    .replaceAll(/(?<=\p{Nd})\p{M}+/gu, "") // as in keycaps, or struck out
    .normalize("NFKC")
    .replaceAll(/(?!\d)\p{Nd}/gu, asciiDigit)
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-");
}

/** ASCII without what begins an encoded character, and without the dot of a regular expression. */
const readsAsItIs = /^(?!.*\[\.\])[^%&=\\\u0080-\uffff]*$/s;

/** Ten digits of an alphabet follow each other, the first at a code that ends in 0 or 6; the few that do not stay as they are. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const row = code - code % 16;
  const value = code - (/\p{Nd}/u.test(String.fromCodePoint(row)) ? row : row + 6);
  return value >= 0 && value <= 9 ? String(value) : digit;
}

/**
 * Of any alphabet, also with a quoted part before the sign, and as a URL spells it; example.com and the like belong to no person
 * (RFC 2606). The sign comes first, since few texts have one.
 */
const mailAddress =
  /(?:@|%40|\uff20)(?<=(?:[\p{L}\p{M}\p{N}._%+'-]|[\p{L}\p{N}]["!#$~]{1,2})(?:@|%40|\uff20))(?!(?:[a-z0-9-]+\.)*example\.(?:com|org|net)(?![\p{L}\p{N}-]|\.[\p{L}\p{N}]))[\p{L}\p{M}\p{N}-]+(?:[.\u3002][\p{L}\p{M}\p{N}-]+)*[.\u3002](?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]+)/iu;

/** Prefixes that were never issued are left out (HMRC, National Insurance Manual, NIM39110). */
const nationalInsurance =
  /(?<![\p{L}\p{N}])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?[A-D](?![\p{L}\p{N}])/iu;

const identifiers = [
  // With low bars too, as in the name of a tenant's schema.
  /(?!00000000[-_]0000[-_]0000)[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}/i,
  /[0-9a-f]{32,}/i,
];

/**
 * A literal as the key of the servers' functions that encrypt or make keyed hashes: with it, what is encrypted in rows can be read, and
 * what is hashed be guessed. As the passphrase of a private key, and as the password that is hashed.
 */
const cipherKeys = [
  /\b(?:aes_(?:en|de)crypt|pgp_sym_(?:en|de)crypt(?:_bytea)?|(?:en|de)crypt(?:_iv)?|hmac)\s*\((?:[^(),';]|\((?:[^()]|\([^()]*\))*\))+,\s*(?:_\w+\s*)?\\?'[^'\\]{4,}/i,
  /\bpgp_pub_decrypt(?:_bytea)?\s*\((?:(?:[^(),';]|\((?:[^()]|\([^()]*\))*\))+,\s*){2}'[^']{4,}/i,
  /\bcrypt\s*\(\s*'[^']{4,}'(?:::\w+)?\s*,/i,
  // Of JSON Web Tokens.
  /\bsign\s*\((?:[^(),';]|'[^']*'(?:::\w+)?|\((?:[^()]|\([^()]*\))*\)){1,1000}?,\s*'(?=[^']*\d)[^']{8,}/i,
];

/** Words in names of what is secret, also in the middle: `secret_key`, `db_password_prod`, `X-Api-Key`. */
const secretWords = "password|passwd|passphrase|secret|token|credential|pepper|[_.-]pass|[_.-]pwd|" +
  "(?:api|access|private|account|sign(?:ing)?|encrypt(?:ion)?|crypto|cipher|master|session|cookie|hmac|webhook|service|role|subscription|" +
  "functions|jwt)[-_]?key";

/** Such a name, maybe a type, and a literal of a letter, a digit and more: what is set, declared, or a member of JSON. */
const namedSecret = (() => {
  const value = (quote: string) =>
    String.raw`${quote}(?=[^${quote}\s]*\d)(?=[^${quote}\s]*[a-z])[^${quote}\s]{8,}${quote}`;
  return new RegExp(
    String.raw`(?:${secretWords})[\w-]{0,40}["'\x60]?(?:\s{1,9}[a-z]{1,40}(?:\(\d{1,9}\))?){0,4}\s*(?:=|:|:=|=>)\s*(?:${
      value("'")
    }|${value('"')})`,
    "i",
  );
})();

/** Hashes of passwords, as crypt(3), PostgreSQL and Django write them. */
const passwordHash =
  /\$2[abxy]?\$\d\d\$[./a-z0-9]{53}|\$[156]\$[./a-z0-9]{1,16}\$[./a-z0-9]{22}|\$argon2(?:id|i|d)\$|\bscram-sha-256\$\d+:|\bpbkdf2_sha\d+\$\d+\$/i;

/** A name of what is secret and a literal, as arguments of functions that take settings or members of JSON, or make headers of HTTP. */
const secretArguments = (() => {
  const name = String.raw`\\?'[\w.-]*(?:${secretWords})[\w-]{0,40}\\?'(?:::\w+)?\s*,\s*(?:_\w+\s*)?\\?'`;
  return [
    new RegExp(String.raw`\b(?:set_config|http_header)\s*\(\s*${name}[^'\\]{6,}`, "i"),
    // With a digit, or the value of one member and the name of the next one would be such a pair.
    new RegExp(
      String
        .raw`\b(?:jsonb?_build_object|json_object)\s*\((?:[^()]|\([^()]*\)){0,1000}?${name}(?=[^'\\]*\d)[^'\\]{6,}`,
      "i",
    ),
  ];
})();

const secrets = [
  /(?:akia|asia)[a-z0-9]{16}/i,
  /eyj[a-z0-9_-]{10,}[.]eyj/i,
  /:\/\/[^/ :@']+:[^/ @']+@/,
  /(?:password|passwd|secret|token|api_?key)["'`]?\s*(?:=|:|:=|=>)\s*(?:'[^']{6,}'|"[^"]{6,}")/i,
  /\bidentified\s+(?:with\s+\S{1,64}\s+)?by\s+(?:\\?['"]){1,2}[^'"\\]{4,}/i,
  // As options of servers and roles have it, and statements and variables of programs.
  /\bpassword\s+(?:\\?['"]){1,2}[^'"\\\s]{6,}['"\\]/i,
  /\bset\s+password\s+for\s+[^;=]{1,200}=\s*(?:\\?['"]){1,2}[^'"\\]{4,}/i,
  /(?:password|passwd|secret|token|api_?key)\s+(?:[a-z]+(?:\(\d+\))?\s+){1,6}(?:default\s|:?=)\s*(?:'[^']{6,}'|"[^"]{6,}")/i,
  /\brds_set_external_(?:master|source)\w*`?\s*\((?:[^;,]{1,200},){3}\s*(?:\\?['"]){1,2}[^'"\\]{4,}/i,
  // Keys of providers of payments, code, mail, models and packages, and private ones of anybody.
  /\b(?:[rs]k_live_[a-z0-9]{16}|gh[opsru]_[a-z0-9]{36}|glpat-[\w-]{20}|xox[abeoprs]-[\w-]{10}|aiza[\w-]{35})/i,
  /\b(?:whsec_[a-z0-9]{16}|sg\.[\w-]{16,}\.[\w-]{16}|sk-(?:[a-z]+-)*[a-z0-9]{20}|npm_[a-z0-9]{30}|pypi-[\w-]{20}|hf_[a-z0-9]{30})/i,
  /hooks\.slack\.com\/services\/\w+\/\w+\/\w{16}|discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20}/i,
  /\bbot\d{8,10}:[\w-]{35}|\bhooks\.zapier\.com\/hooks\/catch\/\d+\/\w+|\/with\/key\/[\w-]{16}/i,
  /[?&]key=(?=[\w-]*\d)[\w-]{16}/i,
  /[?&](?:(?:access|auth)_?token|token|api_?key|secret|password|sig(?:nature)?)=[\w.~+/%-]{12}/i,
  /\baccountkey=[\w+/]{40}|\baws_secret_access_key\W{1,5}[\w+/]{40}/i,
  /-----begin (?:[a-z]+ )*private key(?: block)?-----/i,
  /\b\w*(?:access|private|account|signing|encryption)_?key["'`]?\s*(?:=|:|:=|=>)\s*(?:'[^']{16,}'|"[^"]{16,}")/i,
  /\bauthorization['"]?\s*[:=,]\s*['"]?(?:bearer|basic)\s+[\w+/.~-]{12,}/i,
  namedSecret,
  passwordHash,
  ...cipherKeys,
  ...secretArguments,
  // As libpq reads it: keywords with blanks between them.
  /\b(?:host(?:addr)?|port|dbname|user|sslmode)=[^\s'"]+(?:\s+\w+=[^\s'"]+)*\s+password=[^\s'"|]/i,
  /\bpassword=[^\s'"|]+(?:\s+\w+=[^\s'"]+)*\s+(?:host(?:addr)?|port|dbname|user|sslmode)=[^\s'"]/i,
];

/**
 * Whether a text that people wrote tells a password, or a longer token, without quotes: letters and digits behind the word, but no name
 * of an algorithm or a type. In code, names of variables would look so.
 */
export function tellsSecret(text: string): boolean {
  return [text, asRead(text)].some((read) => unquotedSecrets.some((pattern) => pattern.test(read)));
}

const unquotedSecrets = ([["password|passwd|pass|pwd|pw|passphrase", 6], ["secret|token|api[_ ]?key", 12]] as const)
  .map(
    ([words, length]) => {
      const letter = "[^\\s\"'`,;()<>]";
      const algorithm =
        "(?:sha|md|aes|rsa|[hre]s|ed|bcrypt|argon|pbkdf|scrypt|utf|base|uuid|oauth|v|(?:var)?char|int)[-_]?\\d";
      return new RegExp(
        `(?<![a-z])(?:${words})(?:=|\\s*(?::|=|\\bis\\b)\\s*)(?!${algorithm})(?=${letter}*\\d)(?=${letter}*\\p{L})${letter}{${length},}`,
        "iu",
      );
    },
  );

/**
 * International ones of every country, national ones of the United Kingdom; those of other countries can't be told from any number
 * of so many digits. A national one begins with 0, or every bigint of ten digits would be one.
 */
function holdsTelephoneNumber(text: string): boolean {
  if (!/\d(?:\D{0,3}\d){6}/.test(text)) return false;
  if (written.some((pattern) => found(pattern, text).some(([number = ""]) => hasLengthOfNumber(number)))) return true;
  if (found(/[\p{L}\p{N}]{11,}/gu, text).some(([word = ""]) => holdsMobileNumber(word))) return true;
  return findPhoneNumbersInText(text, { defaultCountry: "GB", defaultCallingCode: "44" })
    .some(({ startsAt, endsAt, number: { country } }) => {
      const before = text.slice(Math.max(0, startsAt - 2), startsAt);
      const after = text.slice(endsAt, endsAt + 2);
      if (/[\p{L}\p{N}_]$|\d[.:/-]$/u.test(before) || /^[\p{L}_]|^[.:/-]\d/u.test(after)) return false;
      const number = text.slice(startsAt, endsAt);
      if (/^\+|^00/.test(number) || before.endsWith("+")) return number.replaceAll(/\D/g, "").length >= 9;
      return /^\(?0/.test(number) && country === "GB" && !/^0\d[-/.]\d{2}[-/.]\d{4}/.test(number) && !isDigits(number);
    });
}

/** Numbers as they are written, including those not in any numbering plan, which the library rejects. */
const written = [
  /(?<![\w+])\+[1-9](?:[ .()/-]{0,2}\d){8,14}(?!\d)/g,
  /(?<![\w.+/:-])\(?0[127]\d{1,4}\)?(?:[ -]?\d){6,8}(?![\w/:-]|\.\d)/g,
  /(?<=\b(?:tel|phone|mobile|sms|fax|sip|callto|whatsapp):)0[127]\d{1,4}(?:[ -]?\d){6,8}(?!\d)/gi,
  /(?<![\w.])07\d{3}[./]\d{3}[./]?\d{3}(?!\w|\.\d)/g,
];

/** A mobile number of the UK's behind other letters, as in the name of a table; digests in hexadecimal have such digits by chance. */
function holdsMobileNumber(word: string): boolean {
  return /(?<!\d)07[1-9]\d{8}(?!\d)/.test(word) && !/^(?=.*[a-f])[0-9a-f]+$/i.test(word);
}

function hasLengthOfNumber(number: string): boolean {
  const digits = number.replaceAll(/\D/g, "");
  return number.startsWith("+")
    ? digits.length >= 9 && !/^(\d)\1*$/.test(digits)
    : digits.length === 11 && !isDigits(digits);
}

/** The ten digits in a row, such as in an alphabet. */
function isDigits(number: string): boolean {
  return number.startsWith("0123456789");
}

/** Ten digits, of which one is a check digit: written in groups, or beside the word, or with an issued prefix. */
function holdsNhsNumber(text: string): boolean {
  const named = /\bnhs|\bpatient|\bchi\b/i.test(text);
  return found(/(?<![\w.+-])(\d{3})([ -]?)(\d{3})\2(\d{4})(?![\w-]|\.\d)/g, text).some(([written = ""]) => {
    const digits = written.replaceAll(/\D/g, "");
    if (!nhs.validate(digits) || /^(\d)\1*$/.test(digits)) return false;
    return named || written.length > digits.length || /^(?:3[2-9]|4|6|7|9)/.test(digits);
  });
}

/** With a check digit, an issuer's prefix and length. Below 14 digits too many other numbers would match. */
function holdsCard(text: string): boolean {
  const groups = /(?<![\p{L}\p{N}.+-])(?:\d(?:[ -]?\d){13,18}|\d{4}(?:\.\d{4}){3})(?![\p{L}\p{N}-]|\.\d)/gu;
  return found(groups, text).some(([written = ""]) => {
    const digits = written.replaceAll(/\D/g, "");
    return !/^(\d)\1*$/.test(digits) && valid.number(digits).isValid;
  });
}

const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) => chars ? [[country, chars]] : []),
);

function holdsIban(text: string): boolean {
  return found(/(?<![\p{L}\p{N}])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,32}/giu, text).some(([written = ""]) => {
    const compact = electronicFormatIBAN(written) ?? "";
    // What follows may be a word.
    return isValidIBAN(compact.slice(0, ibanLengths[compact.slice(0, 2)] ?? 0));
  });
}

/** Not a private network with its netmask, nor a number after a word for a version. */
function holdsIpv4(text: string): boolean {
  const pattern = /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(\/\d+)?(?![\w-]|\.\d)/g;
  return found(pattern, text).some((match) => {
    const [, address = "", mask] = match;
    if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return false;
    if (
      /(?:(?:versions?|release|\bver|\bv)[\s:='"]*|[a-z]\/)$/i.test(
        text.slice(Math.max(0, match.index - 20), match.index),
      )
    ) return false;
    return isPersonalAddress(ipaddr.IPv4.parse(address).range(), mask !== undefined);
  });
}

/** At least three groups, so that no cast `::type` matches. */
function holdsIpv6(text: string): boolean {
  const pattern =
    /(?<![\w:.])([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\d{0,3}(?:\.\d{1,3}){3})?)(\/\d+)?(?![\w:.]*[\w:])/gi;
  return found(pattern, text).some(([, address = "", mask]) => {
    if (!ipaddr.IPv6.isValid(address) || address.split(/[:.]/).filter((part) => part !== "").length < 3) return false;
    return isPersonalAddress(ipaddr.IPv6.parse(address).range(), mask !== undefined);
  });
}

/** Ranges as the library names them. A private address is a person's computer; a private network is structure. */
function isPersonalAddress(range: string, network: boolean): boolean {
  if (["private", "uniqueLocal", "linkLocal", "carrierGradeNat"].includes(range)) return !network;
  return ["unicast", "6to4", "teredo", "ipv4Mapped", "rfc6145", "rfc6052"].includes(range);
}

/** The host without a mask or a pattern that leaves one address, and without zeros in front of its numbers. A number alone is an address, too. */
function oneAddress(host: string): string {
  if (/^(?:\d{8,10}|0x[0-9a-f]{7,8})$/i.test(host) && ipaddr.IPv4.isValid(host)) {
    return ipaddr.IPv4.parse(host).toString();
  }
  const whole = host.replaceAll("%", "").replace(/_+$/, "").replaceAll(/(?<![\d:a-f])0+(?=\d)/gi, "");
  const octets = /^\d{1,3}(?:\.\d{1,3}){2}\.(\d{1,3})$/.exec(whole);
  // From 26 on there is room for no further digit: the greatest number is 255.
  if (octets && (!/[%_]$/.test(host) || Number(octets[1]) > 25)) return whole;
  return host.replace(/\/(?:255\.255\.255\.255|(?<=\..*)32|(?<=:.*)128)$/, "");
}

function isPrivateHost(host: string): boolean {
  if (/[%_]/.test(host)) return /^[\d.%_]+$/.test(host);
  const [address = ""] = host.split("/");
  if (!ipaddr.isValid(address)) return false;
  return host.includes("/") ||
    ["private", "uniqueLocal", "linkLocal", "loopback"].includes(ipaddr.parse(address).range());
}

/**
 * Whether values that a type, check or partition lists are names of persons: two or more that are written as `Ada Lovelace`,
 * `Lovelace, Ada` or `Dr Lovelace`. `rows`: the values are made of rows, such as a partition's, and one is enough.
 *
 * By their shape, not by a list of given names: available lists know few names from other countries, and hold words such as May and
 * Grace. So it misses single names (`Ada`), names without capitals (`ada lovelace`), and those of alphabets without capitals;
 * and takes other words in capitals for a name (`Blue Badge`), which a review lets through.
 */
export function namesPersons(values: readonly string[], rows: boolean): boolean {
  return values.filter(isPersonsName).length >= (rows ? 1 : 2);
}

const word =
  "\\p{Lu}[\\p{Ll}\\p{M}]+(?:['\u2019-]\\p{Lu}[\\p{Ll}\\p{M}]+)*|O['\u2019]\\p{Lu}\\p{Ll}+|Ma?c\\p{Lu}\\p{Ll}+";
const particle = "van|von|de|der|den|del|di|da|la|le|bin|ibn|al|el|ap|zu";
const fullName = new RegExp(
  `^(?:${word})(?: (?:${word}|\\p{Lu}\\.?))?(?: (?:${particle}))*(?: (?:${word})){1,2}$|^(?:${word}), (?:${word})$`,
  "u",
);
const titledName = new RegExp(
  `^(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady|Prof)\\.? (?:(?:${word}|\\p{Lu}\\.?) )*(?:${word})$`,
  "u",
);

/** Words for states, places and offices: a name with one of them is rarely a person's. */
const otherWords = new Set(
  ("A About Above Accepted Access Act Active After Agency All And Any Approved Area Assembly At Authority Awaiting Before Being Board Borough By " +
    "Cancelled Central City Closed Commission Complete Completed Control Council County Country Court Crown Data Date Day Default Department " +
    "Development Digital Direct District Do Document Draft East Eastern Education Email Error Europe Executive Expired External Failed Finance " +
    "First For Force Foreign From Full Fund Government Great Group Guidance Has Health High History Hold Home Hour House In Inactive Internal Ireland Is " +
    "Island Isle Item Just Kingdom Land Last Law Left Letter Level List Local Low Mail Management Medium Minister Ministry Month National " +
    "New News No None North Northern Not Notice Number Of Off Office Old On Once Open Option Or Order Other Out Over Own Page Paid Park Part Partly Pay " +
    "Payment Pending Per Phone Plan Policy Post Press Priority Private Process Processing Progress Public Publication Published Queue Read Ready " +
    "Received Region Rejected Release Removed Report Republic Request Required Research Resolved Returned Review River Road Scheduled Scotland " +
    "Scrutiny Secretary Security Sent Service Set South Southern Speech Standard State States Status Step Street Submitted Success Super System Team " +
    "Test Text The Time To Trust Type Under Unit United Unknown Update Updated Urgent Use User Valid Very Waiting Wales Week West Western Will With " +
    "World Written Year Yes Zone").split(" "),
);

function isPersonsName(value: string): boolean {
  const read = /[\\%&=]|[^\P{Z} ]|\p{Default_Ignorable_Code_Point}/u.test(value) ? asRead(value) : value;
  const name = read.trim().replaceAll(/\s+/g, " ");
  if (titledName.test(name)) return true;
  return fullName.test(name) && !name.split(/[ ,]+/).some((part) => otherWords.has(part));
}

/** Every match. */
function found(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  return [...text.matchAll(pattern)];
}
