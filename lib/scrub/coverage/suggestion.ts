/** Guesses what to do with an unclassified column: from names, type and constraints, never from values. @module */

import type { Column, Schema, Table } from "../../engine/schema.ts";
import { refuseRule } from "../rules/bind.ts";
import type { ColumnRule } from "../rules/definition.ts";
import { personalSubject } from "../discovery/personal_names.ts";
import { shapeOf } from "./reviewed.ts";
import { email, emptied, lorem, opaque, setNull, template } from "../rules/strategies.ts";
import { strategies } from "../rules/strategy/mod.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** A rule for the scrubber, or an entry for reviewed.json that a person still has to sign. */
export type Suggestion =
  | { readonly kind: "rule"; readonly rule: ColumnRule; readonly line: string }
  | { readonly kind: "review"; readonly entry: Reviewed; readonly line: string };

/** Names that say what text holds, and the rules that fit it, best first. */
const guesses: readonly (readonly [RegExp, readonly (readonly [call: string, rule: ColumnRule])[]])[] = [
  [/e_?mail/, [["email()", email()]]],
  [/(^|_)(token|secret|key|password|passwd|digest|hash|salt|otp|uid|uuid|session|signature|auth)(_|$)/, [
    ["opaque()", opaque()],
  ]],
  [/(phone|mobile|fax|(^|_)tel)(_|$|\w*number)/, [["setNull()", setNull()], ["opaque()", opaque()]]],
  [/(^|_)(first|last|middle|full|given|family|nick|user|contact|person)?_?(name|forename|surname)$/, [
    ['template("Person {hash}")', template("Person {hash}")],
  ]],
  [/(^|_)slug/, [['template("scrubbed-{hash}")', template("scrubbed-{hash}")]]],
  [/(^|_)(path)$/, [['template("/scrubbed/{hash}")', template("/scrubbed/{hash}")]]],
  [/(^|_)(url|uri|link|href)$/, [[
    'template("https://www.example.com/{hash}")',
    template("https://www.example.com/{hash}"),
  ]]],
];

/** Rules for any column of text, best first. */
const fallbacks: readonly (readonly [call: string, rule: ColumnRule])[] = [
  ["lorem()", lorem()],
  ["emptied()", emptied()],
  ["setNull()", setNull()],
  ["opaque()", opaque()],
  ['template("{hash}")', template("{hash}")],
];

/** Kinds that hold text or documents: the guess is a rule. For others it is a review. */
const wordy: readonly string[] = ["text", "json", "array", "binary", "other"];

/** The line to paste for a column. */
export function suggest(schema: Schema, table: Table, column: Column): Suggestion {
  const personal = guesses.find(([name]) => name.test(column.name.toLowerCase()))?.[1] ?? [];
  if (wordy.includes(column.kind) || personal.length > 0 || personalSubject(column.name)) {
    const found = [...personal, ...fallbacks].find(([, rule]) => fits(schema, table, column, rule));
    if (found) {
      const [call, rule] = found;
      return { kind: "rule", rule, line: `${member(table.id)}: { columns: { ${member(column.name)}: ${call} } }` };
    }
  }
  const entry = entryFor(table, column);
  return { kind: "review", entry, line: JSON.stringify(entry) };
}

/** The entry that keeps a column, to be signed. */
export function entryFor(table: Table, column: Column): Reviewed {
  return { table: table.id, column: column.name, type: shapeOf(column), reason: "", by: "", source: "" };
}

/** Whether a rule can change a column: its strategy accepts it, and no key forbids it. */
export function fits(schema: Schema, table: Table, column: Column, rule: ColumnRule): boolean {
  const strategy = strategies.get(rule.strategy);
  return strategy !== undefined &&
    refuseRule(schema, table, column, rule, strategy, new Set([column.name])) === undefined;
}

/** Names of tables from which an application acts by itself, as whole words. */
const acting: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(jobs?|queues?|tasks?|delayed|scheduled|resque|sidekiq|que|workers?)(_|$)/, "a queue of work"],
  [
    /(^|_)(deliver(y|ies)|outbox(es)?|mails?|emails?|notifications?|messages?|sms|texts?)(_|$)/,
    "mail or messages to send",
  ],
  [/(^|_)(web_?hooks?|callbacks?|endpoints?|subscriptions?|integrations?)(_|$)/, "calls to other services"],
  [
    /(^|_)(tokens?|sessions?|credentials?|keys?|secrets?|grants?|invitations?|magic_links?|otps?|api_keys?)(_|$)/,
    "ways to sign in",
  ],
];

/** What a copy could do with the rows of a table of this name; undefined where the name says nothing. */
export function actsAs(tableName: string): string | undefined {
  return acting.find(([name]) => name.test(tableName.toLowerCase()))?.[1];
}

function member(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
