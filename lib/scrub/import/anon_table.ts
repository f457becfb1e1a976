/** PostgreSQL Anonymizer's masking functions and what of ours comes nearest. Arguments are SQL. @module */

import { differences, differing, equal, type Equivalent, lost, oneOf } from "./equivalent.ts";
import { daysOf } from "./greenmask_table.ts";
import { sqlValue } from "./sql_value.ts";

type Made = (args: readonly string[]) => Equivalent;

/** What `fake_…`, `pseudo_…` and `dummy_…` make, by the rest of their names. */
const kinds: ReadonlyMap<string, Equivalent> = new Map(
  ([
    ["email free_email safe_email", equal("email")],
    ["first_name", equal("name", { part: "first" })],
    ["last_name", equal("name", { part: "last" })],
    ["name name_with_title", equal("name")],
    ["username", equal("userName")],
    ["company company_name", equal("organisation")],
    ["address", equal("postalAddress", { part: "full" })],
    ["street_name", equal("postalAddress")],
    ["city city_in_country city_name region region_in_country state_name", equal("postalAddress", { part: "town" })],
    ["postcode post_code zip_code", equal("postcode")],
    ["country country_name", oneOf(["France", "Japan", "Kenya", "Peru"])],
    ["country_code", oneOf(["FR", "JP", "KE", "PE"])],
    ["currency_code", oneOf(["EUR", "GBP", "JPY", "USD"])],
    ["title", oneOf(["Mr", "Ms", "Mx", "Dr"])],
    ["phone_number cell_number", equal("phone")],
    ["iban", equal("iban")],
    ["siret", equal("hash", { length: 14, alphabet: "0123456789" })],
    ["siren", equal("hash", { length: 9, alphabet: "0123456789" })],
    ["credit_card_number", equal("card")],
    ["ip ipv4 ipv6", equal("ipAddress")],
    ["mac_address", equal("macAddress")],
    ["bic isbn isbn10 isbn13 licence_plate health_insurance_code", equal("hash")],
    [
      "word words sentence sentences paragraph paragraphs bs buzzword catch_phrase profession industry secondary_address",
      equal("lorem"),
    ],
    ["latitude", equal("decimal", { minimum: -90, maximum: 90 })],
    ["longitude", equal("decimal", { minimum: -180, maximum: 180 })],
  ] as const).flatMap(([names, equivalent]) => names.split(" ").map((name) => [name, equivalent] as const)),
);

/** The other functions. */
const functions: ReadonlyMap<string, Made> = new Map<string, Made>([
  ["random_date", () => equal("blank", undefined, differences.dates)],
  ["random_date_between", () => equal("blank", undefined, differences.dates)],
  ["random_int_between", between],
  ["random_bigint_between", between],
  ["random_string", ([length]) => random(hashOf(length))],
  ["random_zip", () => random(equal("postcode"))],
  ["random_phone", () => random(equal("phone"))],
  ["random_hash", () => random(equal("opaque"))],
  ["random_in", randomIn],
  ["noise", noise],
  ["dnoise", ([, by]) => noiseOfDates(by)],
  ["partial", partial],
  ["partial_email", partialEmail],
  ["email", partialEmail],
  ["hash", () => equal("hash")],
  ["digest", () => equal("hash", undefined, "its salt stands in the label, so who reads that can check guesses")],
  ["lorem_ipsum", () => equal("lorem")],
  ["generalize_int4range", () => lost("a range instead of the value, which is of another type")],
  ["generalize_int8range", () => lost("a range instead of the value, which is of another type")],
  ["generalize_numrange", () => lost("a range instead of the value, which is of another type")],
]);

/** What comes nearest to a function of the extension's; `left` of PostgreSQL's own cuts what one made. */
export function masked(name: string, args: readonly string[]): Equivalent {
  const [, way, kind = ""] = /^(fake|pseudo|dummy)_(.*?)(?:_locale)?$/.exec(name) ?? [];
  const made = kinds.get(kind);
  if (way === undefined || !made) return functions.get(name)?.(args) ?? lost("this function is not known");
  return way === "pseudo" ? made : drawn(made);
}

/** A hash of a length, cut by `left`. */
export function cut(equivalent: Equivalent, length: string | undefined): Equivalent {
  if (!equivalent.rule || equivalent.rule.strategy !== "hash") return equivalent;
  return differing(hashOf(length), equivalent.differs);
}

/** Values that are drawn have no part of the old one, also where ours make them from it. */
function drawn(equivalent: Equivalent): Equivalent {
  const ofOldValue = equivalent.rule && !["choice", "lorem"].includes(equivalent.rule.strategy);
  return ofOldValue ? random(equivalent) : differing(equivalent, [differences.nulls]);
}

function random(equivalent: Equivalent): Equivalent {
  return differing(equivalent, [differences.random, differences.nulls]);
}

function hashOf(length: string | undefined): Equivalent {
  const value = sqlValue(length ?? "");
  return typeof value === "number" ? equal("hash", { length: Math.min(64, value) }) : equal("hash");
}

function between([from, to]: readonly string[]): Equivalent {
  const [minimum, maximum] = [sqlValue(from ?? ""), sqlValue(to ?? "")];
  if (typeof minimum !== "number" || typeof maximum !== "number") return lost("its bounds are no numbers");
  return random(equal("integer", { minimum, maximum }));
}

function randomIn([list = ""]: readonly string[]): Equivalent {
  const [, inside] = /^ARRAY\s*\[(.*)\]$/is.exec(list) ?? [];
  const values = (inside === undefined ? [] : split(inside)).map(sqlValue);
  const known = values.filter((value) => typeof value === "string" || typeof value === "number");
  return known.length === values.length ? oneOf([...new Set(known)]) : lost("its values are no plain ones");
}

function noise([, by]: readonly string[]): Equivalent {
  const share = sqlValue(by ?? "");
  return typeof share === "number" ? equal("noise", { share }, differences.noise) : noiseOfDates(by);
}

function noiseOfDates(by = ""): Equivalent {
  const interval = sqlValue(by.replace(/^interval\s+/i, ""));
  const days = typeof interval === "string" ? daysOf(interval) : undefined;
  return days === undefined
    ? lost("its interval is not understood")
    : equal("shiftDate", { days }, differences.noise, differences.together);
}

function partial([, before, , behind]: readonly string[]): Equivalent {
  const [first, last] = [sqlValue(before ?? ""), sqlValue(behind ?? "")];
  const left = typeof first === "number" && typeof last === "number"
    ? `left the first ${first} and the last ${last} characters`
    : "left the beginning or the end";
  return equal("hash", undefined, `a partial mask: ${left}`);
}

function partialEmail(): Equivalent {
  return equal(
    "email",
    undefined,
    "a partial mask: left the first two characters of the name and the domain, and its end",
  );
}

/** The arguments of a call or elements of a list: split at commas outside of quotes and brackets. */
export function split(text: string): readonly string[] {
  const parts: string[] = [];
  let [part, depth] = ["", 0];
  for (const [piece] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|./gs)) {
    if (piece === "(" || piece === "[") depth++;
    if (piece === ")" || piece === "]") depth--;
    if (piece === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += piece;
  }
  return part.trim() === "" && parts.length === 0 ? [] : [...parts, part.trim()];
}
