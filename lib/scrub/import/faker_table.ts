/** Faker's generators, which pynonymizer uses, and what of ours comes nearest. @module */

import { differences, equal, type Equivalent, type EquivalentTable, lost, oneOf } from "./equivalent.ts";
import type { Options } from "./options.ts";

/** Generators by kind, without options that matter. */
const kinds: readonly (readonly [names: string, equivalent: Equivalent])[] = [
  [
    "email safe_email free_email company_email ascii_email ascii_safe_email ascii_company_email ascii_free_email",
    equal("email"),
  ],
  [
    "first_name first_name_male first_name_female first_name_nonbinary",
    equal("name", { part: "first" }),
  ],
  ["last_name last_name_male last_name_female last_name_nonbinary", equal("name", { part: "last" })],
  ["name name_male name_female name_nonbinary", equal("name")],
  ["user_name", equal("userName")],
  ["phone_number msisdn basic_phone_number", equal("phone")],
  ["company", equal("organisation")],
  [
    "text sentence sentences paragraph paragraphs word words texts bs catch_phrase job secondary_address",
    equal("lorem"),
  ],
  ["street_address street_name", equal("postalAddress")],
  ["city state county administrative_unit", equal("postalAddress", { part: "town" })],
  ["address", equal("postalAddress", { part: "full" })],
  ["postcode zipcode postalcode", equal("postcode")],
  ["uri url image_url", equal("url")],
  ["domain_name hostname", equal("template", "{hash}.example.com")],
  ["ipv4 ipv4_private ipv4_public ipv6", equal("ipAddress")],
  ["mac_address", equal("macAddress")],
  ["credit_card_number", equal("card")],
  ["iban", equal("iban")],
  ["ssn bban isbn10 isbn13 ean ean8 ean13 license_plate bothify lexify numerify pystr swift", equal("hash")],
  ["uuid4 md5 sha1 sha256 password file_name file_path", equal("opaque")],
  ["latitude", equal("decimal", { minimum: -90, maximum: 90 })],
  ["longitude", equal("decimal", { minimum: -180, maximum: 180 })],
  [
    "date_of_birth past_date future_date date date_between date_object date_this_year date_this_month date_this_decade " +
    "date_this_century past_datetime future_datetime date_time date_time_between date_time_this_year",
    equal("blank", undefined, differences.dates),
  ],
];

/** Those that choose among a few values, in which the old one has no part. */
const choices: readonly (readonly [names: string, values: readonly (string | boolean)[]])[] = [
  ["prefix prefix_male prefix_female", ["Mr", "Ms", "Mx", "Dr"]],
  ["boolean pybool", [true, false]],
  ["country", ["France", "Japan", "Kenya", "Peru"]],
  ["country_code", ["FR", "JP", "KE", "PE"]],
  ["currency_code", ["EUR", "GBP", "JPY", "USD"]],
  ["company_suffix", ["Inc", "Ltd", "plc"]],
  ["user_agent chrome firefox safari", ["Mozilla/5.0 (example)"]],
];

/** Faker's generators. */
export const generators: EquivalentTable = new Map<string, (options: Options) => Equivalent>([
  ...kinds.flatMap(([names, equivalent]) => names.split(" ").map((name) => [name, () => equivalent] as const)),
  ...choices.flatMap(([names, values]) => names.split(" ").map((name) => [name, () => oneOf(values)] as const)),
  ["random_int", (options) => equal("integer", options.range("min", "max") ?? { minimum: 0, maximum: 9999 })],
  ["pyint", (options) => equal("integer", options.range("min_value", "max_value") ?? { minimum: 0, maximum: 9999 })],
  ["random_digit", () => equal("integer", { minimum: 0, maximum: 9 })],
  ["random_number", () => equal("integer")],
  ["pyfloat", (options) => equal("decimal", options.range("min_value", "max_value"))],
  ["pydecimal", (options) => equal("decimal", options.range("min_value", "max_value"))],
  ["random_element", (options) => oneOf(options.list("elements"))],
]);

/** What comes nearest to a generator; the values it drew had nothing to do with the old ones. */
export function generated(name: string, options: Options): Equivalent {
  return generators.get(name)?.(options) ?? lost("this generator of Faker is not known");
}
