/** What every strategy makes of every kind of value: one table a case, on both engines. @module */

import type { ColumnRule, EngineName } from "../../../lib/scrub/rules/definition.ts";
import {
  constant,
  email,
  emptied,
  jsonPaths,
  keep,
  lorem,
  nationalInsurance,
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
