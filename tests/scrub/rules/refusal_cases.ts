/** Rules that do not fit their column: what each is refused for. @module */

import type { ColumnRule } from "../../../lib/scrub/rules/definition.ts";
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
import type { PerEngine } from "./strategy_cases.ts";

/** A table's columns after `id`, the rules for it, and the reason, as a regular expression. */
export interface Refusal {
  readonly what: string;
  readonly columns: PerEngine;
  readonly rules: Readonly<Record<string, ColumnRule>>;
  readonly why: string;
}

const generated: PerEngine = {
  postgresql: "w text, v text GENERATED ALWAYS AS (w) STORED",
  mysql: "w varchar(9), v varchar(9) GENERATED ALWAYS AS (w) VIRTUAL",
};
const json: PerEngine = { postgresql: "v jsonb", mysql: "v json" };
const unique = "v varchar(100) UNIQUE";

/** Every reason to refuse. */
export const refusals: readonly Refusal[] = [
  { what: "email: too short by one", columns: "v varchar(40)", rules: { v: email() }, why: "holds 40 .* has 41" },
  { what: "email: a number", columns: "v integer", rules: { v: email() }, why: "a mail address is no int" },
  { what: "email: JSON", columns: json, rules: { v: email() }, why: "a mail address is no json" },
  { what: "opaque: too short by one", columns: "v varchar(15)", rules: { v: opaque() }, why: "holds 15 .* needs 16" },
  { what: "opaque: a number", columns: "v bigint", rules: { v: opaque() }, why: "a token is no bigint" },
  { what: "setNull: NOT NULL", columns: "v text NOT NULL", rules: { v: setNull() }, why: "it is NOT NULL" },
  { what: "constant: unique", columns: unique, rules: { v: constant("x") }, why: "forbids equal values" },
  {
    what: "constant: part of a unique key",
    columns: "v integer, w integer, UNIQUE (w, v)",
    rules: { v: constant(1) },
    why: "forbids equal values",
  },
  {
    what: "constant: used by an expression of a unique index",
    columns: { postgresql: null, mysql: "v varchar(100), UNIQUE KEY k ((lower(v)))" },
    rules: { v: constant("x") },
    why: '"k" forbids equal values',
  },
  { what: "constant: text too long", columns: "v varchar(3)", rules: { v: constant("four") }, why: "holds 3 .* has 4" },
  { what: "constant: a number as text", columns: "v varchar(3)", rules: { v: constant(1) }, why: "type number is no" },
  { what: "constant: text as a number", columns: "v integer", rules: { v: constant("1") }, why: "type string is no" },
  { what: "constant: half a number", columns: "v integer", rules: { v: constant(0.5) }, why: "type number is no" },
  { what: "template: not text", columns: "v integer", rules: { v: template("{hash}") }, why: "text is no int" },
  { what: "template: empty", columns: "v text", rules: { v: template("") }, why: "a template is text" },
  {
    what: "template: too short for {hash}",
    columns: "v varchar(17)",
    rules: { v: template("a {hash}") },
    why: "holds 17 .* has 18",
  },
  {
    what: "template: too short for the longest {id}",
    columns: "v varchar(20)",
    rules: { v: template("a{id}") },
    why: "holds 20 .* has 21",
  },
  {
    what: "template: equal values in a unique column",
    columns: unique,
    rules: { v: template("x") },
    why: "neither \\{hash\\} nor the primary key",
  },
  {
    what: "template: no such column",
    columns: "v text",
    rules: { v: template("{nobody}") },
    why: '"nobody", which is not there',
  },
  {
    what: "template: a column that changes",
    columns: "v text, w varchar(100)",
    rules: { v: template("{w}"), w: email() },
    why: '"w", which a rule changes',
  },
  {
    what: "template: a column of any length",
    columns: { postgresql: "v text, w text", mysql: null },
    rules: { v: template("{w}") },
    why: '"w", which can be of any length',
  },
  {
    what: "nationalInsurance: too short by one",
    columns: "v varchar(8)",
    rules: { v: nationalInsurance() },
    why: "holds 8 .* has 9",
  },
  {
    what: "nationalInsurance: a number",
    columns: "v integer",
    rules: { v: nationalInsurance() },
    why: "a National Insurance number is no int",
  },
  { what: "url: too short by one", columns: "v varchar(39)", rules: { v: url() }, why: "holds 39 .* has 40" },
  { what: "url: JSON", columns: json, rules: { v: url() }, why: "a URL is no json" },
  {
    what: "userName: too short by one",
    columns: "v varchar(11)",
    rules: { v: userName() },
    why: "holds 11 .* needs 12",
  },
  { what: "userName: a number", columns: "v integer", rules: { v: userName() }, why: "a user name is no int" },
  { what: "lorem: unique", columns: unique, rules: { v: lorem() }, why: "forbids equal values" },
  { what: "lorem: not text", columns: json, rules: { v: lorem() }, why: "text is no json" },
  { what: "emptied: unique", columns: unique, rules: { v: emptied() }, why: "forbids equal values" },
  { what: "emptied: a date", columns: "v date", rules: { v: emptied() }, why: "there is no empty date" },
  {
    what: "a parameter for a strategy that takes none",
    columns: "v text",
    rules: { v: { strategy: "email", with: "lower" } },
    why: "takes no parameter",
  },
  {
    what: "a parameter that is missing",
    columns: "v text",
    rules: { v: { strategy: "template" } },
    why: "needs a parameter",
  },
  { what: "jsonPaths: text", columns: "v text", rules: { v: jsonPaths({ a: 1 }) }, why: "JSON is no text" },
  { what: "jsonPaths: no path", columns: json, rules: { v: jsonPaths({}) }, why: "at least one path" },
  { what: "jsonPaths: an empty part", columns: json, rules: { v: jsonPaths({ "a..b": 1 }) }, why: "empty part" },
  { what: "integer: text", columns: "v text", rules: { v: integer() }, why: "a whole number is no text" },
  {
    what: "integer: bounds beyond the type",
    columns: "v smallint",
    rules: { v: integer({ minimum: 0, maximum: 32768 }) },
    why: "smallint does not hold 32768",
  },
  {
    what: "integer: bounds that are no whole numbers",
    columns: "v integer",
    rules: { v: integer({ minimum: 0.5, maximum: 9 }) },
    why: "0[.]5 has more digits behind the point than int",
  },
  {
    what: "integer: bounds in the wrong order",
    columns: "v integer",
    rules: { v: integer({ minimum: 9, maximum: 9 }) },
    why: "the maximum is not above the minimum",
  },
  {
    what: "integer: one bound",
    columns: "v integer",
    rules: { v: { strategy: "integer", with: { minimum: 1 } } },
    why: "it needs both bounds, or none",
  },
  {
    what: "integer: another parameter",
    columns: "v integer",
    rules: { v: { strategy: "integer", with: { least: 1 } } },
    why: '"least" of its parameter',
  },
  {
    what: "integer: more numbers than can be told apart",
    columns: "v bigint",
    rules: { v: integer({ minimum: 0, maximum: 10 ** 15 }) },
    why: "more than 10\\^15 numbers between",
  },
  {
    what: "decimal: bounds with too many digits",
    columns: "v numeric(5, 2)",
    rules: { v: decimal({ minimum: 0, maximum: 0.001 }) },
    why: "0[.]001 has more digits behind the point than",
  },
  {
    what: "decimal: bounds beyond the type",
    columns: "v numeric(5, 2)",
    rules: { v: decimal({ minimum: 0, maximum: 1000 }) },
    why: "does not hold 1000",
  },
  {
    what: "decimal: a binary fraction without bounds",
    columns: { postgresql: "v double precision", mysql: "v double" },
    rules: { v: decimal() },
    why: "it needs a minimum and a maximum",
  },
  { what: "decimal: a whole number", columns: "v integer", rules: { v: decimal() }, why: "with a fraction is no int" },
  {
    what: "noise: neither a share nor an amount",
    columns: "v integer",
    rules: { v: { strategy: "noise", with: { minimum: 1 } } },
    why: "it needs a share or an amount",
  },
  {
    what: "noise: a share of more than all",
    columns: "v integer",
    rules: { v: noise({ share: 1.5 }) },
    why: "a share is at most 1",
  },
  {
    what: "noise: an amount that changes nothing",
    columns: "v integer",
    rules: { v: noise({ amount: 0.5 }) },
    why: "an amount of 0[.]5 changes no int",
  },
  {
    what: "noise: unique",
    columns: "v integer UNIQUE",
    rules: { v: noise({ amount: 5 }) },
    why: "forbids equal values",
  },
  { what: "keep: no reason", columns: "v text", rules: { v: keep(" ") }, why: "needs a reason" },
  {
    what: "replacing: no such column",
    columns: "v text",
    rules: { v: replacing("nobody") },
    why: '"nobody" is not there',
  },
  {
    what: "replacing: a column that stays",
    columns: "v text, w varchar(100)",
    rules: { v: replacing("w") },
    why: 'no rule changes the column "w"',
  },
  {
    what: "replacing: a number",
    columns: "v text, w integer",
    rules: { v: replacing("w"), w: constant(1) },
    why: '"w" holds no text',
  },
  { what: "an unknown strategy", columns: "v text", rules: { v: { strategy: "magic" } }, why: 'no strategy "magic"' },
  { what: "a missing column", columns: "w text", rules: { v: setNull() }, why: "missing from the schema" },
  { what: "a generated column", columns: generated, rules: { v: lorem() }, why: "the server computes it" },
  {
    what: "a column of a foreign key",
    columns: "v varchar(100), FOREIGN KEY (v) REFERENCES parent (code)",
    rules: { v: opaque() },
    why: "the foreign key .* uses it",
  },
  { what: "a primary key", columns: "w text", rules: { id: constant(1) }, why: "part of the primary key" },
  {
    what: "a public column that changes",
    columns: "v text",
    rules: { v: { ...setNull(), public: true } },
    why: "only a column that is kept can be public",
  },
  {
    what: "a public rest of a rule for all rows",
    columns: "v text",
    rules: { v: { ...setNull(), restPublic: "printed" } },
    why: "restPublic is for a rule that changes some rows only",
  },
  {
    what: "a public rest without a reason",
    columns: "v text",
    rules: { v: { ...setNull(), only: "nobody", restPublic: " " } },
    why: "restPublic needs a reason",
  },
  {
    what: "a selection that is not there",
    columns: "v text",
    rules: { v: { strategy: "setNull", only: "nobody" } },
    why: 'no selection "nobody"',
  },
];
