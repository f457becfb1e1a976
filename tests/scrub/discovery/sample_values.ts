/** Values as columns of a label have them, the same in every run. All persons, numbers and addresses in them are made up. @module */

import type { LabelledColumn } from "./public_schemas.ts";

const given =
  "Ada Bea Carl Dov Eve Finn Gus Hana Ivo Jun Kofi Lena Milo Nora Omar Pia Quinn Rosa Sami Tove Uma Vito Wen Xenia Yara Zeno"
    .split(" ");
const family =
  "Abbot Birch Castle Dunmore Ekström Fairley Gupta Hollis Ibarra Jensen Kowalski Lindqvist Marsh Nakata O'Brien Petrov Quist Romero Sato Tully"
    .split(" ");
const streets = "High Street,Mill Lane,Station Road,Church Walk,Park Avenue,Queens Road,The Green,Victoria Terrace"
  .split(",");
const towns = "Leeds,York,Bristol,Exeter,Hull,Derby,Truro,Ely,Stirling,Newport".split(",");

/** What a label's columns hold: the n-th value. */
const values: Readonly<Record<string, (n: number, column: string) => string>> = {
  mail: (n) => `${pick(given, n).toLowerCase()}.${pick(family, n * 7).toLowerCase().replaceAll("'", "")}${n}@post.test`,
  name: (n, column) =>
    /first|given|fore|middle|initial/i.test(column)
      ? pick(given, n)
      : /last|family|sur/i.test(column)
      ? pick(family, n)
      : `${pick(given, n)} ${pick(family, n * 3)}`,
  org: (n) =>
    `${pick(family, n)} & ${pick(["Sons", "Partners", "Co", "Brothers"], n)} ${pick(["Ltd", "plc", "GmbH"], n)}`,
  phone: (n) => pick(["+44 20 7946 0", "020 7946 0", "(0117) 496 0", "07700 900"], n) + String(100 + (n * 37) % 899),
  address: (n, column) =>
    /city|town|county|state|region|province|locality/i.test(column)
      ? pick(towns, n)
      : `${1 + n * 3} ${pick(streets, n)}`,
  postcode: (n) =>
    `${pick(["LS", "BS", "EX", "YO", "TR"], n)}${1 + n % 9} ${1 + (n * 3) % 9}${pick(["AB", "DE", "QX", "ZN"], n)}`,
  geo: (n) => `${(50 + n * 0.1237).toFixed(5)},${(-3 + n * 0.0873).toFixed(5)}`,
  birth: (n) => `${1941 + (n * 13) % 60}-0${1 + n % 9}-1${n % 10}`,
  ip: (n) => n % 4 === 3 ? `2001:db8:${n}::${n + 1}` : `81.2.${(n * 7) % 250}.${(n * 31) % 250}`,
  device: (n) => `Mozilla/5.0 (X11; Linux x86_64; rv:${100 + n}.0) Gecko/20100101 Firefox/${100 + n}.0`,
  card: (n) => withLuhn(`4${String(100000000000000 + n * 7919).slice(1)}`),
  bank: (n) => String(10000000 + n * 7919),
  iban: (n) => iban("GB", `WEST123456${String(10000000 + n * 7919)}`),
  nino: (n) => `QQ${String(100000 + n * 7919).slice(0, 6)}A`.replace("QQ", "AB"),
  tax: (n) => `${String(100 + n)}-${String(10 + n % 80)}-${String(1000 + n * 17)}`,
  govid: (n) => `P${String(1000000 + n * 7919)}`,
  vehicle: (n) => `AB${String(10 + n % 60)} ${pick(["CDE", "FGH", "JKL"], n)}`,
  password: (n) => `$2b$12$${hash(n).slice(0, 22)}${hash(n + 1).slice(0, 31)}`,
  token: (n) => hash(n + 50).slice(0, 40),
  user: (n) => `${pick(given, n).toLowerCase()}${n * 7}`,
  url: (n) => `https://${pick(family, n).toLowerCase().replaceAll(/[^a-z]/g, "")}.test/${pick(given, n).toLowerCase()}`,
  file: (n) => `${pick(given, n).toLowerCase()}_${pick(family, n).toLowerCase()}_cv.pdf`,
  special: (n, column) =>
    /salar|wage|pay|income|amount/i.test(column) ? String(20000 + n * 917) : pick(["female", "male", "unknown"], n),
  json: (n) => JSON.stringify({ id: n, user: { email: values["mail"]?.(n, ""), phone: values["phone"]?.(n, "") } }),
  text: (n) =>
    pick([
      "Rang back on Tuesday, no answer.",
      "Asked for the invoice again, please send it to #.",
      "Thanks a lot, this worked for me!",
      "My old address was # and the new one is below.",
      "Call me on 07700 900123 after six.",
    ], n).replace("#", values["mail"]?.(n, "") ?? ""),
};

/** What columns without a label hold, by the kind of their values. */
function harmless(n: number, { column }: LabelledColumn): string {
  if (column.kind === "integer") return String(n % 9);
  if (column.kind === "decimal") return (n * 1.25).toFixed(2);
  if (column.kind === "date") return `202${n % 6}-0${1 + n % 9}-1${n % 10}`;
  if (column.kind === "json" || column.kind === "array") {
    return JSON.stringify({ colour: pick(["red", "blue"], n), size: n });
  }
  if (/url|uri|link|href/i.test(column.name)) return `https://www.example.com/pages/${n}`;
  if (/slug|path|permalink/i.test(column.name)) return `winter-offer-${n}`;
  if (/uuid|guid|content_id/i.test(column.name)) return `0f8fad5b-d9cb-469f-a165-7086728950${10 + n % 80}`;
  if (/name|title|label/i.test(column.name)) {
    return pick(["Oak Table", "Kettle 1.5 l", "Desk lamp", "Level 2", "North", "Annual report"], n);
  }
  if (/text$|^text|description|body|content|summary/i.test(column.name)) {
    return pick([
      "Solid oak, 120 cm wide.",
      "Please read the terms before you order.",
      "Opens in spring.",
      "Out of stock until further notice.",
    ], n);
  }
  return pick(["active", "pending", "closed", "draft"], n);
}

/** Values of the column, the first of its rows. */
export function samplesOf(labelled: LabelledColumn, count: number): readonly string[] {
  const make = labelled.label === undefined ? undefined : values[labelled.label];
  return Array.from({ length: count }, (_, n) => make ? make(n, labelled.column.name) : harmless(n, labelled))
    .map((value) =>
      labelled.column.kind === "text" && labelled.column.length !== undefined
        ? value.slice(0, labelled.column.length)
        : value
    );
}

function pick(from: readonly string[], n: number): string {
  return from[n % from.length] ?? "";
}

function hash(n: number): string {
  let [a, text] = [n * 2654435761 % 4294967296, ""];
  while (text.length < 64) {
    a = (Math.imul(a ^ (a >>> 15), 2246822519) ^ 3266489917 + text.length) >>> 0;
    text += a.toString(16).padStart(8, "0");
  }
  return text;
}

function withLuhn(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - sum % 10) % 10}`;
}

function iban(country: string, rest: string): string {
  const digits = [...`${rest}${country}00`].map((character) => parseInt(character, 36).toString()).join("");
  return `${country}${String(98n - BigInt(digits) % 97n).padStart(2, "0")}${rest}`;
}
