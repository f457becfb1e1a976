/** Greenmask's transformers and what of ours comes nearest. @module */

import type { Json } from "../../engine/expressions.ts";
import { differences, differing, equal, type Equivalent, type EquivalentTable, lost, oneOf } from "./equivalent.ts";
import { Options } from "./options.ts";

/** Whether a transformer names its columns by `columns`, each with a template of its own. */
export const ofSeveralColumns: ReadonlyMap<string, (template: string) => Equivalent> = new Map([
  ["RandomPerson", person],
  ["RandomCompany", () => equal("organisation")],
  ["RealAddress", address],
]);

/** Transformers of one column. */
export const transformers: EquivalentTable = new Map<string, (options: Options) => Equivalent>([
  ["RandomEmail", email],
  ["RandomUsername", (options) => pseudonym(options, equal("userName"))],
  ["RandomPassword", (options) => pseudonym(options, equal("opaque"))],
  ["RandomUuid", (options) => pseudonym(options, equal("opaque"))],
  ["RandomFirstName", (options) => pseudonym(options, equal("name", { part: "first" }))],
  ["RandomFirstNameMale", (options) => pseudonym(options, equal("name", { part: "first" }))],
  ["RandomFirstNameFemale", (options) => pseudonym(options, equal("name", { part: "first" }))],
  ["RandomLastName", (options) => pseudonym(options, equal("name", { part: "last" }))],
  ["RandomName", (options) => pseudonym(options, equal("name"))],
  ["RandomPhoneNumber", (options) => pseudonym(options, equal("phone"))],
  ["RandomTollFreePhoneNumber", (options) => pseudonym(options, equal("phone"))],
  ["RandomE164PhoneNumber", (options) => pseudonym(options, equal("phone"))],
  ["RandomCCNumber", (options) => pseudonym(options, equal("card"))],
  ["RandomURL", (options) => pseudonym(options, equal("url"))],
  ["RandomDomainName", (options) => pseudonym(options, equal("template", "{hash}.example.com"))],
  ["RandomIp", (options) => pseudonym(options, equal("ipAddress"))],
  ["RandomIP", (options) => pseudonym(options, equal("ipAddress"))],
  ["RandomIPv4", (options) => pseudonym(options, equal("ipAddress"))],
  ["RandomIPv6", (options) => pseudonym(options, equal("ipAddress"))],
  ["RandomMac", mac],
  ["RandomMacAddress", mac],
  ["RandomString", randomString],
  ["RandomWord", (options) => filled(options, equal("lorem"))],
  ["RandomSentence", (options) => filled(options, equal("lorem"))],
  ["RandomParagraph", (options) => filled(options, equal("lorem"))],
  ["RandomInt", (options) => pseudonym(options, equal("integer", options.range("min", "max")))],
  ["RandomUnixTimestamp", (options) => pseudonym(options, equal("integer", options.range("min", "max")))],
  ["RandomUnixTime", (options) => pseudonym(options, equal("integer", options.range("min", "max")))],
  ["RandomFloat", (options) => pseudonym(options, equal("decimal", options.range("min", "max")))],
  ["RandomNumeric", (options) => pseudonym(options, equal("decimal", options.range("min", "max")))],
  ["RandomLatitude", (options) => pseudonym(options, equal("decimal", { minimum: -90, maximum: 90 }))],
  ["RandomLongitude", (options) => pseudonym(options, equal("decimal", { minimum: -180, maximum: 180 }))],
  ["RandomDate", (options) => filled(options, equal("blank", undefined, differences.dates))],
  ["RandomBool", (options) => filled(options, oneOf([true, false]))],
  ["RandomChoice", choice],
  ["RandomCurrency", (options) => filled(options, oneOf(["EUR", "GBP", "JPY", "USD"]))],
  ["RandomCCType", (options) => filled(options, oneOf(["Visa", "MasterCard", "American Express", "Discover"]))],
  ["RandomDayOfWeek", (options) => filled(options, oneOf(days))],
  ["RandomMonthName", (options) => filled(options, oneOf(months))],
  ["RandomDayOfMonth", (options) => filled(options, oneOf(["3", "8", "14", "19", "25"]))],
  ["RandomTimezone", (options) => filled(options, oneOf(["Europe/London", "America/New_York", "Asia/Tokyo"]))],
  ["NoiseDate", noiseDate],
  ["NoiseInt", noise],
  ["NoiseFloat", noise],
  ["NoiseNumeric", noise],
  ["Masking", masking],
  ["Hash", hash],
  ["Replace", replace],
  ["SetNull", () => equal("setNull")],
  ["Json", json],
  ["Cmd", () => lost("a program of yours makes the value")],
  ["Dict", () => lost("values that its list does not name stayed, or stopped the dump")],
  ["RegexpReplace", () => lost("it leaves what its pattern does not match")],
  ["Template", () => lost("a Go template makes the value")],
  ["TemplateRecord", () => lost("a Go template makes the record")],
]);

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Of values that ours makes from the old value: random ones broke joins. */
function pseudonym(options: Options, equivalent: Equivalent): Equivalent {
  const isRandom = options.text("engine") !== "hash";
  return differing(filled(options, equivalent), isRandom ? [differences.random] : []);
}

function filled(options: Options, equivalent: Equivalent): Equivalent {
  return differing(equivalent, options.flag("keep_null") === false ? [differences.nulls] : []);
}

function email(options: Options): Equivalent {
  const parts = ["local_part_template", "domain_part_template"].some((name) => options.node(name));
  return differing(pseudonym(options, equal("email")), [
    ...(options.flag("keep_original_domain") === true ? [differences.domain] : []),
    ...(parts ? ["made the address of other columns by a template, which may repeat what they hold"] : []),
  ]);
}

function mac(options: Options): Equivalent {
  const kept = options.flag("keep_original_vendor") === true ? ["kept the vendor's half of the address"] : [];
  return differing(pseudonym(options, equal("macAddress")), kept);
}

function randomString(options: Options): Equivalent {
  const [length, symbols] = [options.number("max_length"), options.text("symbols")];
  const alphabet = symbols === undefined ? undefined : [...new Set(symbols)].join("");
  const parameter = {
    ...(length !== undefined && { length: Math.min(64, length) }),
    ...(alphabet !== undefined && /^[A-Za-z0-9_.-]{2,64}$/.test(alphabet) && { alphabet }),
  };
  return pseudonym(options, equal("hash", parameter));
}

function choice(options: Options): Equivalent {
  const values = options.list("values");
  const others = values.filter((value) => value !== "\\N");
  const dropped = others.length < values.length ? ["NULL was one of the values; now it is none"] : [];
  return filled(options, oneOf(others, ...dropped));
}

function noise(options: Options): Equivalent {
  const share = options.number("max_ratio") ?? options.number("ratio");
  const [minimum, maximum] = [options.number("min"), options.number("max")];
  const parameter = {
    ...(share !== undefined && { share }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
  if (share === undefined) return lost("it names no max_ratio");
  return equal("noise", parameter, differences.noise);
}

function noiseDate(options: Options): Equivalent {
  const days = daysOf(options.text("max_ratio") ?? options.text("ratio") ?? "");
  return days === undefined
    ? lost("its max_ratio is no interval that is understood")
    : equal("shiftDate", { days }, differences.noise, differences.together);
}

/** Whole days of an interval as PostgreSQL writes it, at least one. */
export function daysOf(interval: string): number | undefined {
  const units = { year: 365, mon: 30, month: 30, week: 7, day: 1 } as const;
  const clock = /^\s*(.*?)\s*(?:(\d+):\d+(?::[\d.]+)?)?\s*$/.exec(interval);
  const [, words = "", hours = "0"] = clock ?? [];
  let days = 0;
  const rest = words.replace(/(\d+)\s*([a-z]+)/gi, (_, count: string, unit: string) => {
    const name = unit.toLowerCase().replace(/s$/, "");
    if (/^(hour|minute|min|second|sec|millisecond|microsecond)$/.test(name)) {
      days += name === "hour" ? Number(count) / 24 : 0;
      return "";
    }
    const size = units[name as keyof typeof units];
    if (size === undefined) return "?";
    days += size * Number(count);
    return "";
  });
  if (interval.trim() === "" || rest.replace(/[\s,]/g, "") !== "") return undefined;
  return Math.max(1, Math.round(days + Number(hours) / 24));
}

/** What each kind of masking left to be read. */
const left: Readonly<Record<string, readonly [strategy: string, parameter: Json | undefined, left: string]>> = {
  default: ["lorem", undefined, ""],
  name: ["name", undefined, "a partial mask: left the first and last letters of words"],
  addr: ["postalAddress", { part: "full" }, "a partial mask: left the first six letters"],
  address: ["postalAddress", { part: "full" }, "a partial mask: left the first six letters"],
  email: ["email", undefined, `a partial mask: left the first three letters, and ${differences.domain}`],
  mobile: ["phone", undefined, "a partial mask: left all digits but three"],
  tel: ["phone", undefined, "a partial mask: left all digits but four"],
  telephone: ["phone", undefined, "a partial mask: left all digits but four"],
  id: ["hash", undefined, "a partial mask: left all characters but four"],
  credit: ["card", undefined, "a partial mask: left the card's first six and last four digits"],
  credit_cart: ["card", undefined, "a partial mask: left the card's first six and last four digits"],
  url: ["url", undefined, "a partial mask: left everything but a password"],
  password: ["constant", "************", ""],
};

function masking(options: Options): Equivalent {
  const type = options.text("type") ?? "default";
  const [strategy, parameter, leak] = left[type] ?? [];
  if (strategy === undefined) return lost("its type of masking is not known");
  return equal(strategy, parameter, ...(leak ? [leak] : []));
}

function hash(options: Options): Equivalent {
  const length = options.number("max_length");
  const unkeyed = "hashed without a key of yours: who guesses a value could check it";
  return equal("hash", length ? { length: Math.min(64, length) } : undefined, unkeyed);
}

function replace(options: Options): Equivalent {
  const value = options.value("value");
  if (value === undefined) return lost("it takes another column's value");
  return filled(options, value === null || value === "\\N" ? equal("setNull") : equal("constant", value));
}

/** A document with values set or deleted at plain paths. */
function json(options: Options): Equivalent {
  const paths: [string, Json][] = [];
  for (const operation of options.node("operations")?.items ?? []) {
    const own = new Options(operation);
    const [what, path, value] = [own.value("operation"), own.value("path"), own.value("value")];
    if (typeof path !== "string" || !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(path)) {
      return lost("one of its paths is not of plain names");
    }
    if (what === "delete") paths.push([`$.${path}`, "setNull"]);
    else if (value !== undefined) paths.push([`$.${path}`, { constant: value }]);
    else return lost("a Go template makes one of its values");
  }
  return paths.length === 0 ? lost("it has no operations") : equal("json", Object.fromEntries(paths));
}

function person(template: string): Equivalent {
  const first = template.indexOf("FirstName");
  const last = template.indexOf("LastName");
  if (first >= 0 && last >= 0) {
    return last < first ? equal("name", { part: "lastFirst" }) : equal("name");
  }
  if (first >= 0) return equal("name", { part: "first" });
  if (last >= 0) return equal("name", { part: "last" });
  if (template.includes("Title")) return oneOf(["Mr", "Ms", "Mx", "Dr"]);
  return template === "" ? equal("name") : lost("its template names no part of a name");
}

function address(template: string): Equivalent {
  const has = (part: string) => new RegExp(`\\.${part}\\b`).test(template);
  if (has("Address") && (has("City") || has("PostalCode"))) return equal("postalAddress", { part: "full" });
  if (has("Address")) return equal("postalAddress");
  if (has("City")) return equal("postalAddress", { part: "town" });
  if (has("PostalCode")) return equal("postcode");
  if (has("State")) return equal("postalAddress", { part: "town" });
  if (has("Latitude")) return equal("decimal", { minimum: -90, maximum: 90 });
  if (has("Longitude")) return equal("decimal", { minimum: -180, maximum: 180 });
  return lost("its template names no part of an address");
}
