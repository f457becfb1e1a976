/** DbToolsBundle's anonymizers and what of ours comes nearest. @module */

import { differences, equal, type Equivalent, type EquivalentTable, lost, oneOf } from "./equivalent.ts";
import { daysOf } from "./greenmask_table.ts";
import type { Options } from "./options.ts";

/** Anonymizers of one column. */
export const anonymizers: EquivalentTable = new Map<string, (options: Options) => Equivalent>([
  ["email", (options) => equal("email", undefined, ...unsalted(options))],
  ["firstname", () => equal("name", { part: "first" }, differences.random)],
  ["lastname", () => equal("name", { part: "last" }, differences.random)],
  ["md5", (options) => equal("opaque", undefined, ...unsalted(options))],
  ["null", () => equal("setNull")],
  ["lorem", () => equal("lorem")],
  ["string", (options) => oneOf(options.list("sample"))],
  ["constant", constant],
  ["integer", (options) => number("integer", options)],
  ["float", (options) => number("decimal", options)],
  ["date", date],
  [
    "password",
    () =>
      equal("opaque", undefined, "set one known password for all; now no password fits: set a test login's with after"),
  ],
  ["pattern", () => lost("its text is put together of other anonymizers' values")],
  ["file_enum", () => lost("its values come from a file")],
  ["file_column", () => lost("its values come from a file")],
  ["fr-fr.prenom", () => equal("name", { part: "first" }, differences.random)],
  ["fr-fr.firstname", () => equal("name", { part: "first" }, differences.random)],
  ["fr-fr.nom", () => equal("name", { part: "last" }, differences.random)],
  ["fr-fr.lastname", () => equal("name", { part: "last" }, differences.random)],
  ["fr-fr.phone", () => equal("phone", undefined, differences.random)],
]);

/** Anonymizers of a whole table: the strategy for each option, whose value is a column. */
export const tableAnonymizers: ReadonlyMap<string, ReadonlyMap<string, Equivalent>> = new Map([
  [
    "address",
    new Map([
      ["street_address", equal("postalAddress", undefined, differences.random)],
      ["secondary_address", equal("lorem")],
      ["postal_code", equal("postcode", undefined, differences.random)],
      ["locality", equal("postalAddress", { part: "town" }, differences.random)],
      ["region", equal("postalAddress", { part: "town" }, differences.random)],
      ["country", oneOf(["France", "Japan", "Kenya", "Peru"])],
    ]),
  ],
  [
    "iban-bic",
    new Map([
      ["iban", equal("iban", undefined, differences.random)],
      ["bic", equal("hash", { alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" }, differences.random)],
    ]),
  ],
]);

function unsalted(options: Options): readonly string[] {
  return options.flag("use_salt") === false
    ? ["an unsalted hash: who guesses a value could check it; now it is keyed"]
    : [];
}

function constant(options: Options): Equivalent {
  const value = options.value("value");
  if (value === undefined) return lost("it has no value");
  return value === null ? equal("setNull") : equal("constant", value);
}

function number(strategy: "integer" | "decimal", options: Options): Equivalent {
  const [delta, percent] = [options.number("delta"), options.number("percent")];
  if (delta !== undefined) return equal("noise", { amount: delta }, differences.noise);
  if (percent !== undefined) return equal("noise", { share: percent / 100 }, differences.noise);
  const range = options.range("min", "max");
  return range ? equal(strategy, range, differences.random) : lost("it has neither min and max, nor delta or percent");
}

function date(options: Options): Equivalent {
  const delta = options.text("delta");
  if (delta === undefined) return equal("blank", undefined, differences.dates);
  const days = daysOf(withUnits(delta));
  return days === undefined
    ? lost("its delta is no interval that is understood")
    : equal("shiftDate", { days }, differences.noise, differences.together);
}

/** An ISO 8601 duration in words: P1Y2M3DT4H. */
function withUnits(text: string): string {
  const [, date, time] = /^P((?:\d+[YMWD])*)(?:T((?:\d+[HMS])+))?$/.exec(text) ?? [];
  if (date === undefined) return text;
  const units: Readonly<Record<string, string>> = { Y: "year", M: "month", W: "week", D: "day" };
  const hours = /(\d+)H/.exec(time ?? "")?.[1];
  return [
    date.replace(/(\d+)([YMWD])/g, (_, count: string, unit: string) => `${count} ${units[unit]} `),
    ...(hours === undefined ? date === "" ? ["0 day"] : [] : [`${hours} hours`]),
  ].join(" ");
}
