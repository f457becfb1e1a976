/** Strategies that make pseudonyms: what each is held to its contract with. @module */

import type { ColumnRule } from "../../../lib/scrub/rules/definition.ts";
import {
  email,
  hash,
  nationalInsurance,
  opaque,
  template,
  url,
  userName,
} from "../../../lib/scrub/rules/strategies.ts";
import type { PerEngine } from "./strategy_cases.ts";

/** One strategy with values of its own kind. */
export interface ContractCase {
  /** Unique among the cases; a name of a table. */
  readonly name: string;
  readonly rule: ColumnRule;
  /** A type of the column that holds the values; another one that holds them too is `text`. */
  readonly type: PerEngine;
  /** Values of its kind, each another one, none of which the strategy could have made. */
  readonly values: readonly string[];
  /** So few values that some of those above may become equal. */
  readonly small?: true;
  /** A unique column takes 100,000 rows: the SQL for text of row `id`. Absent: it is refused. */
  readonly many?: PerEngine;
}

const varchar = "varchar(255)";
const longest = "x".repeat(255);
const odd = ["Zoë 日本語 ʼn", "😀👩‍👩‍👧", " spaces ", "a'b\\c%_$1\\1", "line\nbreak", longest];

/** The `id` of a row as text with something before it. */
function numbered(before: string): PerEngine {
  return { postgresql: `'${before}' || id`, mysql: `CONCAT('${before}', id)` };
}

/** Every strategy that makes pseudonyms. */
export const contractCases: readonly ContractCase[] = [
  {
    name: "email",
    rule: email(),
    type: varchar,
    values: ["ada@mail.example", "bob+tag@mail.example", ...odd],
    many: numbered("somebody@mail.example"),
  },
  {
    name: "opaque",
    rule: opaque(),
    type: varchar,
    values: ["dXNlcjoxMjM0NTY3ODkw", "5eedda7a-1111-4222-8333-444455556666", ...odd],
    many: numbered("token"),
  },
  {
    name: "hash",
    rule: hash({ length: 14, alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" }),
    type: varchar,
    values: ["ORD-4711", "ORD-4712", ...odd],
    many: numbered("ORD-"),
  },
  {
    name: "short_hash",
    rule: hash({ length: 4, alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" }),
    type: varchar,
    values: ["ORD-4711", "ORD-4712", ...odd],
  },
  {
    name: "template",
    rule: template("Person {hash}"),
    type: varchar,
    values: ["Ada Lovelace", ...odd],
    many: numbered("Ada"),
  },
  {
    name: "national_insurance",
    rule: nationalInsurance(),
    type: varchar,
    values: ["AB 12 34 56 C", "CE654321D", ...odd],
  },
  {
    name: "url",
    rule: url(),
    type: varchar,
    values: ["https://ada.mail.example/photos?album=7", "http://10.0.0.1", ...odd],
    many: numbered("https://mail.example/"),
  },
  { name: "user_name", rule: userName(), type: varchar, values: ["ada", "bob.l", ...odd], many: numbered("ada") },
];

/** Strategies that make no pseudonyms of text: strategy_cases.ts and shapes_test.ts have all there is to say. */
export const withoutPseudonyms: readonly string[] = [
  "blank",
  "choice",
  "constant",
  "decimal",
  "emptied",
  "integer",
  "jsonPaths",
  "keep",
  "lorem",
  "noise",
  "replacing",
  "setNull",
  "shiftDate",
];
