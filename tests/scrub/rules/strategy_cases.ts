/** What every strategy makes of every kind of value: one table a case, on both engines. @module */

import type { ColumnRule, EngineName } from "../../../lib/scrub/rules/definition.ts";
import {
  constant,
  decimal,
  email,
  emptied,
  integer,
  jsonPaths,
  keep,
  lorem,
  nationalInsurance,
  noise,
  opaque,
  replacing,
  setNull,
  template,
  url,
  userName,
} from "../../../lib/scrub/rules/strategies.ts";

/** SQL for both engines, or for each its own; null: the engine has no such thing. */
export type PerEngine = string | Readonly<Record<EngineName, string | null>>;

/** A value as text: exactly it; or by a label, for values that must look alike: equal labels are equal values. */
export type Expected = string | null | { readonly label: string };

/** One column of one table before and after. */
export interface StrategyCase {
  readonly what: string;
  /** The definition of the columns after `id`; `v` is looked at. */
  readonly columns: PerEngine;
  readonly rules: Readonly<Record<string, ColumnRule>>;
  /** The values of the columns after `id`, in order. The first row holds a value that must change. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly expected: readonly Expected[];
  /** What a labelled value looks like. */
  readonly shape?: RegExp;
  /** Statements after the table's. */
  readonly more?: PerEngine;
  /** The new row alone cannot tell that it was scrubbed. */
  readonly byConstruction?: true;
}

function label(name: string): Expected {
  return { label: name };
}

/** A column of one, for rows of one value. */
function column(...values: readonly (string | null)[]): readonly (readonly (string | null)[])[] {
  return values.map((value) => [value]);
}

const A = label("A");
const B = label("B");
const C = label("C");
const D = label("D");
const E = label("E");
const F = label("F");

const address = /^user-[0-9a-f]{24}@example\.com$/;
const hex32 = /^[0-9a-f]{32}$/;
const uuid8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const aUuid = "5eedda7a-1111-4222-8333-444455556666";
const jsonText: PerEngine = { postgresql: "v jsonb", mysql: "v json" };

/** As many characters of the filler as the text has. */
function filler(text: string): string {
  const line = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. ";
  const characters = [...text].length;
  return line.repeat(Math.ceil(characters / line.length)).slice(0, characters);
}

const longestText = "é".repeat(32767);
const texts = ["plain text", null, "", "Zoë 日本語 ʼn", "😀👩‍👩‍👧 \u{10ffff}", " ends in spaces  ", longestText];

/** All cases. */
export const strategyCases: readonly StrategyCase[] = [
  {
    what: "email: NULL and empty stay, spellings by ASCII case share a pseudonym, everything else is apart",
    columns: "v varchar(255)",
    rules: { v: email() },
    rows: column(
      "a@x.example",
      "A@X.Example",
      null,
      "",
      "zoë@x.example",
      "😀@x.example",
      "l".repeat(255),
      "a@x.example\n",
    ),
    expected: [A, A, null, "", B, C, D, E],
    shape: address,
  },
  {
    what: "email: two spellings in a column that is unique by case stay two",
    columns: { postgresql: "v varchar(255) UNIQUE", mysql: "v varchar(255) COLLATE utf8mb4_bin UNIQUE" },
    rules: { v: email() },
    rows: column("a@x.example", "A@x.example", "b@x.example", null, ""),
    expected: [A, B, C, null, ""],
    shape: address,
  },
  {
    what: "email: a column that is unique by accent and case keeps its values apart",
    columns: { postgresql: null, mysql: "v varchar(255) COLLATE utf8mb4_0900_as_cs UNIQUE" },
    rules: { v: email() },
    rows: column("zoë@x.example", "zoe@x.example", "Zoe@x.example", null, null),
    expected: [A, B, C, null, null],
    shape: address,
  },
  {
    what: "email: a unique index that folds is satisfied",
    columns: { postgresql: "v varchar(255)", mysql: "v varchar(255) COLLATE utf8mb4_general_ci UNIQUE" },
    more: { postgresql: "CREATE UNIQUE INDEX ON $table (lower(v))", mysql: "SELECT 1" },
    rules: { v: email() },
    rows: column("A@x.example", "b@x.example", null, null, ""),
    expected: [A, B, null, null, ""],
    shape: address,
  },
  {
    what: "email: letters that lower-casing makes one and the unique key's collation does not",
    columns: { postgresql: null, mysql: "v varchar(255) COLLATE utf8mb4_general_ci UNIQUE" },
    rules: { v: email() },
    rows: column("\u212a@x.example", "k@x.example", "\u023a@x.example", "\u2c65@x.example"),
    expected: [A, B, C, D],
    shape: address,
  },
  {
    what: "email: one of two columns of a unique key, with equal values",
    columns: "v varchar(255), w integer, UNIQUE (v, w)",
    rules: { v: email() },
    rows: [["a@x.example", "1"], ["a@x.example", "2"], ["b@x.example", "1"]],
    expected: [A, A, B],
    shape: address,
  },
  {
    what: "email: a column that just holds an address",
    columns: "v varchar(41)",
    rules: { v: email() },
    rows: column("a@x.example", "l".repeat(41)),
    expected: [A, B],
    shape: address,
  },
  {
    what: "opaque: hexadecimal digits, and a UUID for a UUID",
    columns: "v varchar(255)",
    rules: { v: opaque() },
    rows: column("token-of-16-or-more", null, "", "😀", "é".repeat(255)),
    expected: [A, null, "", B, C],
    shape: hex32,
  },
  {
    what: "opaque: text of UUIDs",
    columns: { postgresql: "v text", mysql: "v char(36)" },
    rules: { v: opaque() },
    rows: column(aUuid, aUuid.toUpperCase(), null, "", "5eedda7a-1111-4222-8333-444455556667"),
    expected: [A, A, null, "", B],
    shape: uuid8,
  },
  {
    what: "opaque: a column of type uuid, unique",
    columns: { postgresql: "v uuid UNIQUE", mysql: null },
    rules: { v: opaque() },
    rows: column(aUuid, null, "5eedda7a-1111-4222-8333-444455556667"),
    expected: [A, null, B],
    shape: uuid8,
  },
  {
    what: "opaque: the shortest column that fits",
    columns: "v varchar(16)",
    rules: { v: opaque() },
    rows: column("secret", "longest-of-all--", null),
    expected: [A, B, null],
    shape: /^[0-9a-f]{16}$/,
  },
  {
    what: "nationalInsurance: spaced as before, equal however spaced",
    columns: "v varchar(40)",
    rules: { v: nationalInsurance() },
    rows: column("AB123456C", "ab123456c", "AB 12 34 56 C", null, "", "ZZ 99 99 99 D", "😀".repeat(40)),
    expected: [A, A, label("A spaced"), null, "", B, C],
    shape: /^[DFIQUV]{2}( ?)\d\d\1\d\d\1\d\d\1[ABCD]$/,
  },
  {
    what: "nationalInsurance: a column that just holds one",
    columns: "v char(9)",
    rules: { v: nationalInsurance() },
    rows: column("AB123456C", null, "AB123456D"),
    expected: [A, null, B],
    shape: /^[DFIQUV]{2}\d{6}[ABCD]$/,
  },
  {
    what: "url: a unique column",
    columns: "v varchar(40) UNIQUE",
    rules: { v: url() },
    rows: column("https://x.example/one", "https://x.example/two", null, ""),
    expected: [A, B, null, ""],
    shape: /^https:\/\/www\.example\.com\/[0-9a-f]{16}$/,
  },
  {
    what: "userName: spellings by ASCII case share a pseudonym",
    columns: "v varchar(255)",
    rules: { v: userName() },
    rows: column("Ada", "ADA", null, "", "zoë", "😀".repeat(255)),
    expected: [A, A, null, "", B, C],
    shape: /^user[0-9a-f]{16}$/,
  },
  {
    what: "userName: the shortest column that fits, unique",
    columns: "v varchar(12) UNIQUE",
    rules: { v: userName() },
    rows: column("ada", "longest-name", null),
    expected: [A, B, null],
    shape: /^user[0-9a-f]{8}$/,
  },
  {
    what: "template: {hash}",
    columns: "v varchar(255)",
    rules: { v: template("Person {hash}") },
    rows: column("Zoë", "ZOË", null, "", "😀", "l".repeat(255), "Person 0123456789abcdef"),
    expected: [A, B, null, "", C, D, E],
    shape: /^Person [0-9a-f]{16}$/,
  },
  {
    what: "template: {id}",
    columns: "v varchar(255) UNIQUE",
    rules: { v: template("https://x.example/{id}?a=(b)[c]{2,}.*\\^$") },
    rows: column("https://secret.example/", null, ""),
    expected: ["https://x.example/1?a=(b)[c]{2,}.*\\^$", null, ""],
  },
  {
    what: "template: {hash} and {id}",
    columns: "v text",
    rules: { v: template("{id}.*{hash}\\") },
    rows: column("secret", "secret", null, ""),
    expected: [A, B, null, ""],
    shape: /^[12]\.\*[0-9a-f]{16}\\$/,
  },
  {
    what: "template: {hash} on a unique column",
    columns: "v varchar(255) UNIQUE",
    rules: { v: template("/scrubbed/{hash}") },
    rows: column("/one", "/two", null),
    expected: [A, B, null],
    shape: /^\/scrubbed\/[0-9a-f]{16}$/,
  },
  {
    what: "template: a slash, which only separates in URLs, and quotes",
    columns: "v text",
    rules: { v: template('it\'s "{hash}" \\ %_') },
    rows: column("secret", "other"),
    expected: [A, B],
    shape: /^it's "[0-9a-f]{16}" \\ %_$/,
  },
  {
    what: "lorem: as many characters as before",
    columns: { postgresql: "v text", mysql: "v text" },
    rules: { v: lorem() },
    rows: column(...texts),
    expected: texts.map((text) => text === null ? null : filler(text)),
  },
  {
    what: "lorem: a varchar that is full",
    columns: "v varchar(191)",
    rules: { v: lorem() },
    rows: column("😀".repeat(191), "x"),
    expected: [filler("x".repeat(191)), "L"],
  },
  {
    what: "lorem: a column that holds latin1",
    columns: { postgresql: null, mysql: "v text CHARACTER SET latin1" },
    rules: { v: lorem() },
    rows: column("Zoë", "é".repeat(65535)),
    expected: ["Lor", filler("x".repeat(65535))],
  },
  {
    what: "setNull",
    columns: "v varchar(255), UNIQUE (v)",
    rules: { v: setNull() },
    rows: column("secret", "other", null, ""),
    expected: [null, null, null, null],
  },
  {
    what: "setNull: a timestamp",
    columns: { postgresql: "v timestamptz", mysql: "v timestamp NULL" },
    rules: { v: setNull() },
    rows: column("2020-01-01 00:00:00", null),
    expected: [null, null],
  },
  {
    what: "constant: text",
    columns: "v varchar(9)",
    rules: { v: constant("it's \\ 😀") },
    rows: column("secret", null, ""),
    expected: ["it's \\ 😀", null, "it's \\ 😀"],
  },
  {
    what: "constant: a number",
    columns: "v integer",
    rules: { v: constant(-7) },
    rows: column("12", null, "-7"),
    expected: ["-7", null, "-7"],
  },
  {
    what: "constant: a boolean",
    columns: { postgresql: "v boolean", mysql: null },
    rules: { v: constant(false) },
    rows: column("1", "0", null),
    expected: ["false", "false", null],
  },
  {
    what: "constant: a boolean of MySQL",
    columns: { postgresql: null, mysql: "v tinyint(1)" },
    rules: { v: constant(false) },
    rows: column("1", "0", null),
    expected: ["0", "0", null],
  },
  {
    what: "constant: JSON",
    columns: jsonText,
    rules: { v: constant({ a: ["it's \\ \""] }) },
    rows: column('{"secret":1}', "[]", null),
    expected: ['{"a": ["it\'s \\\\ \\""]}', '{"a": ["it\'s \\\\ \\""]}', null],
  },
  {
    what: "emptied: JSON of the same type",
    columns: jsonText,
    rules: { v: emptied() },
    rows: column('{"secret":{"a":1}}', '["secret"]', '"secret"', "12.5", "true", "null", "{}", null, '"😀"'),
    expected: ["{}", "[]", '""', "0", "false", "null", "{}", null, '""'],
  },
  {
    what: "emptied: the type json",
    columns: { postgresql: "v json", mysql: null },
    rules: { v: emptied() },
    rows: column('{ "secret" : 1 }', '["secret"]', null),
    expected: ["{}", "[]", null],
  },
  {
    what: "emptied: an array",
    columns: { postgresql: "v text[] NOT NULL DEFAULT '{}'", mysql: null },
    rules: { v: emptied() },
    rows: column('{secret,NULL,"a,b"}', "{}", "{{a},{b}}"),
    expected: ["{}", "{}", "{}"],
  },
  {
    what: "emptied: an array of UUIDs",
    columns: { postgresql: "v uuid[]", mysql: null },
    rules: { v: emptied() },
    rows: column(`{${aUuid}}`, null),
    expected: ["{}", null],
  },
  {
    what: "emptied: text",
    columns: "v varchar(255)",
    rules: { v: emptied() },
    rows: column("secret", " ", null, "", "😀"),
    expected: ["", "", null, "", ""],
  },
  {
    what: "emptied: binary",
    columns: { postgresql: "v bytea", mysql: "v blob" },
    rules: { v: emptied() },
    rows: column("secret", null),
    expected: ["", null],
  },
  {
    what: "jsonPaths: what stands there, and nothing else",
    columns: jsonText,
    rules: { v: jsonPaths({ "details.body": "", "details.people": [], "email_addresses": null }) },
    rows: column(
      '{"details":{"body":"secret","people":["a"],"x":1},"email_addresses":["a@x.example"]}',
      '{"details":{"x":1}}',
      '{"details":[{"body":"in an array"}]}',
      '{"details":"body"}',
      '"details"',
      "[1]",
      "null",
      null,
      '{"details":{"body":null}}',
    ),
    expected: [
      '{"details": {"x": 1, "body": "", "people": []}, "email_addresses": null}',
      '{"details": {"x": 1}}',
      '{"details": [{"body": "in an array"}]}',
      '{"details": "body"}',
      '"details"',
      "[1]",
      "null",
      null,
      '{"details": {"body": ""}}',
    ],
  },
  {
    what: "jsonPaths: keys that mean something elsewhere",
    columns: jsonText,
    rules: { v: jsonPaths({ 'a"b.c*d.$[0]': 0, "0": "first", "it's \\": {} }) },
    rows: column('{"a\\"b":{"c*d":{"$[0]":"secret"}},"0":"secret","it\'s \\\\":1}', '["zeroth"]'),
    expected: ['{"0": "first", "a\\"b": {"c*d": {"$[0]": 0}}, "it\'s \\\\": {}}', '["zeroth"]'],
  },
  {
    what: "replacing: plain, percent-encoded, by another case, in a longer word, with characters of patterns",
    columns: "address varchar(255), v text",
    rules: { address: constant("new"), v: replacing("address") },
    rows: [
      ["zoe@x.example", "to zoe@x.example, again zoe@x.example."],
      ["zoe@x.example", "https://y.example/?address=zoe%40x.example&token=1"],
      ["zoe@x.example", "TO ZOE@X.EXAMPLE!"],
      ["zoe@x.example", "to zoe%40x.example and Zoe@x.example"],
      ["zoe@x.example", "amizoe@x.examples"],
      ["zoe@x.example", "nothing of it"],
      ["zoe", "zoe zoo"],
      ["zoe", "nothing of it"],
      ["", "stays"],
      [null, "stays"],
      ["zoe@x.example", null],
      ["zoe@x.example", ""],
      ["a.*%_\\(b)[c]$", "x a.*%_\\(b)[c]$ y aXXXXX"],
      ["a%b_c", "aXXbYc stays, a%b_c goes, a%25b_c too"],
      ["zoë@x.example", "to zo%C3%AB%40x.example"],
      ["new@x.example", "new@x.example"],
    ],
    expected: [
      "to new, again new.",
      "https://y.example/?address=new&token=1",
      "The text that sto",
      "The text that stood here was removed",
      "aminews",
      "nothing of it",
      "The tex",
      "The text that",
      "stays",
      "stays",
      null,
      "",
      "x new y aXXXXX",
      "aXXbYc stays, new goes, new too",
      label("not the old one"),
      "new",
    ],
    byConstruction: true,
  },
  {
    what: "replacing: the new value of a column that is replaced by its pseudonym",
    columns: "address varchar(255), v text",
    rules: { address: email(), v: replacing("address") },
    rows: [["zoe@x.example", "zoe@x.example"], ["ZOE@X.example", "ZOE@X.example"], [null, null]],
    expected: [A, A, null],
    shape: address,
    byConstruction: true,
  },
  {
    what: "replacing: a text that is full",
    columns: { postgresql: "address varchar(255), v text", mysql: "address varchar(255), v tinytext" },
    rules: { address: email(), v: replacing("address") },
    rows: [["a@x.b", `a@x.b ${"x".repeat(249)}`], ["a@x.b", "a@x.b"]],
    expected: [label("full"), F],
    byConstruction: true,
  },
  {
    what: "integer: between bounds",
    columns: "v integer",
    rules: { v: integer({ minimum: 1000, maximum: 9999 }) },
    rows: column("7", "4711", "-2147483648", "2147483647", null, "7"),
    expected: [A, B, C, D, null, A],
    shape: /^[1-9][0-9]{3}$/,
  },
  {
    what: "integer: bounds below zero, at the ends of the type",
    columns: "v smallint",
    rules: { v: integer({ minimum: -32768, maximum: -32767 }) },
    rows: column("5", "6", null),
    expected: [label("one"), label("other"), null],
    shape: /^-3276[78]$/,
  },
  {
    what: "integer: unique, with enough room",
    columns: "v bigint UNIQUE",
    rules: { v: integer({ minimum: 0, maximum: 999_999_999_999_999 - 1 }) },
    rows: column("-1", "12", "13", "-9223372036854775808", null),
    expected: [A, B, C, D, null],
    shape: /^[0-9]{1,15}$/,
  },
  ...([
    ["one digit", "integer", ["7", "0"], /^[0-9]$/],
    ["two digits and a sign", "integer", ["-47", "-11"], /^-[1-9][0-9]$/],
    ["the longest of a smallint", "smallint", ["32767", "10000"], /^[123][0-9]{4}$/],
    ["the longest of an integer", "integer", ["2147483647", "1999999999"], /^[12][0-9]{9}$/],
    ["the least of an integer", "integer", ["-2147483648", "-1000000000"], /^-[12][0-9]{9}$/],
    ["fifteen digits", "bigint", ["999999999999999", "100000000000000"], /^[1-9][0-9]{14}$/],
    ["sixteen digits", "bigint", ["9999999999999999", "1000000000000000"], /^[1-9][0-9]{15}$/],
    ["the longest of a bigint", "bigint", ["9223372036854775807", "1000000000000000000"], /^[1-9][0-9]{18}$/],
    ["the least of a bigint", "bigint", ["-9223372036854775808", "-1000000000000000000"], /^-[1-9][0-9]{18}$/],
  ] as const).map(([what, type, values, shape]): StrategyCase => ({
    what: `integer: as many digits as before, ${what}`,
    columns: `v ${type}`,
    rules: { v: integer() },
    rows: column(...values, null),
    expected: [A, B, null],
    shape,
    byConstruction: true,
  })),
  {
    what: "integer: as many digits as before, without a sign",
    columns: { postgresql: null, mysql: "v bigint unsigned" },
    rules: { v: integer() },
    rows: column("18446744073709551615", "10000000000000000000", null),
    expected: [A, B, null],
    shape: /^1[0-9]{19}$/,
    byConstruction: true,
  },
  {
    what: "integer: a year",
    columns: { postgresql: null, mysql: "v year" },
    rules: { v: integer() },
    rows: column("1984", "2155", null),
    expected: [A, B, null],
    shape: /^(19|20|21)[0-9]{2}$/,
    byConstruction: true,
  },
  {
    what: "decimal: between bounds",
    columns: "v numeric(5, 2)",
    rules: { v: decimal({ minimum: -1.5, maximum: 99.99 }) },
    rows: column("-999.99", "999.99", "47.11", null),
    expected: [A, B, C, null],
    shape: /^(-1|-?[0-9]{1,2})[.][0-9]{2}$/,
  },
  {
    what: "decimal: between bounds, of a binary fraction",
    columns: { postgresql: "v double precision", mysql: "v double" },
    rules: { v: decimal({ minimum: 10, maximum: 99.99 }) },
    rows: column("4711", "1e300", "-0.0000001", null),
    expected: [A, B, C, null],
    shape: /^[1-9][0-9]([.][0-9]{1,2})?$/,
  },
  {
    what: "decimal: between bounds, of a short binary fraction",
    columns: { postgresql: "v real", mysql: "v float" },
    rules: { v: decimal({ minimum: 0.1, maximum: 0.3 }) },
    rows: column("4711", "0.25", "1e-30", null),
    expected: [A, B, C, null],
    shape: /^0[.][123][0-9]?$/,
  },
  {
    what: "decimal: as many digits as before",
    columns: "v numeric(10, 2)",
    rules: { v: decimal() },
    rows: column("-1234.50", "-99.99", "-47.00", null),
    expected: [A, B, C, null],
    shape: /^-[1-9][0-9]{1,3}[.][0-9]{2}$/,
    byConstruction: true,
  },
  {
    what: "decimal: as many digits as before, none behind the point",
    columns: "v numeric(30, 0)",
    rules: { v: decimal() },
    rows: column("9".repeat(30), `1${"0".repeat(29)}`, null),
    expected: [A, B, null],
    shape: /^[1-9][0-9]{29}$/,
    byConstruction: true,
  },
  {
    what: "decimal: as many digits as before, mostly behind the point",
    columns: { postgresql: "v numeric", mysql: "v numeric(31, 30)" },
    rules: { v: decimal() },
    rows: column(`0.${"0".repeat(29)}1`, `0.${"9".repeat(30)}`, null),
    expected: [A, B, null],
    shape: /^[0-9][.][0-9]{30}$/,
    byConstruction: true,
  },
  {
    what: "decimal: numbers that are none stay",
    columns: { postgresql: "v numeric", mysql: null },
    rules: { v: decimal() },
    rows: column("4711", "NaN", null),
    expected: [A, "NaN", null],
    shape: /^[1-9][0-9]{3}$/,
    byConstruction: true,
  },
  {
    what: "noise: an amount, within bounds",
    columns: "v integer",
    rules: { v: noise({ amount: 10, minimum: 95, maximum: 500 }) },
    rows: column("2000", "100", "300", null, "-2147483648", "100"),
    expected: ["500", A, B, null, "95", A],
    shape: /^(9[5-9]|10[0-9]|110|29[0-9]|30[0-9]|310)$/,
  },
  {
    what: "noise: a share",
    columns: "v numeric(10, 2)",
    rules: { v: noise({ share: 0.1 }) },
    rows: column("1000.00", "1050.50", "0.00", null),
    expected: [A, B, "0.00", null],
    shape: /^(9[0-9]{2}|1[01][0-9]{2})[.][0-9]{2}$/,
    byConstruction: true,
  },
  {
    what: "noise: at the ends of the type",
    columns: "v numeric(5, 2), w integer",
    rules: { v: noise({ amount: 1e6 }) },
    rows: [["999.98", "1"], ["-999.98", "2"]],
    expected: [label("an end"), label("the other end")],
    shape: /^-?999[.]99$/,
    byConstruction: true,
  },
  {
    what: "noise: a binary fraction",
    columns: { postgresql: "v double precision", mysql: "v double" },
    rules: { v: noise({ share: 0.5, maximum: 1e6 }) },
    rows: column("2000000", "2", "4", null),
    expected: ["1000000", A, B, null],
    shape: /^[1-5]([.][0-9]+)?$/,
  },
  {
    what: "keep",
    columns: "v varchar(255), w varchar(255)",
    rules: { v: keep("public"), w: setNull() },
    rows: [["zmark", "x"], [null, null], ["", ""]],
    expected: ["zmark", null, ""],
    byConstruction: true,
  },
  {
    what: "unnamed columns and names that need quoting",
    columns: { postgresql: '"v" text, "select ""x" text', mysql: "`v` text, `select ``x` text" },
    rules: { v: lorem() },
    rows: [["secret", "stays"]],
    expected: ["Lorem "],
  },
  {
    what: "opaque: a column of fixed length",
    columns: "v char(40)",
    rules: { v: opaque() },
    rows: column("secret-of-somebody", aUuid, null),
    expected: [A, B, null],
    shape: /^[0-9a-f]{32}$|-/,
  },
];
