/** Guesses what to do with an unclassified column: from names, type and constraints, never from values. @module */

import type { Column, Schema, Table } from "../../engine/schema.ts";
import { classify } from "../discovery/classify.ts";
import { callOf, ruleFor } from "../discovery/rule_for.ts";
import type { ColumnRule } from "../rules/definition.ts";
import { repeatedBy } from "../rules/natural_keys.ts";
import { shapeOf } from "./reviewed.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** A rule for the scrubber, or an entry for reviewed.json that a person still has to sign. */
export type Suggestion =
  | { readonly kind: "rule"; readonly rule: ColumnRule; readonly line: string }
  | { readonly kind: "review"; readonly entry: Reviewed; readonly line: string };

/** The line to paste for a column, in TypeScript or as a rule file writes it. */
export function suggest(schema: Schema, table: Table, column: Column, form: "call" | "yaml" = "call"): Suggestion {
  // The rule for a key is one for the columns that repeat it.
  const repeated = repeatedBy(schema, table, column);
  for (const place of [...(repeated ? [repeated] : []), { table, column }]) {
    const finding = classify(schema, place.table, place.column);
    const rule = finding && ruleFor(schema, place.table, place.column, finding);
    if (!rule || "refused" in rule) continue;
    const text = form === "call" ? callOf(rule) : yamlOf(rule);
    const line = `${member(place.table.id)}: { columns: { ${member(place.column.name)}: ${text} } }`;
    return { kind: "rule", rule, line };
  }
  const entry = entryFor(table, column);
  return { kind: "review", entry, line: JSON.stringify(entry) };
}

/** The entry that keeps a column, to be signed. */
export function entryFor(table: Table, column: Column): Reviewed {
  return { table: table.id, column: column.name, type: shapeOf(column), reason: "", by: "", source: "" };
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

/** JSON is YAML. */
function yamlOf({ strategy, with: parameter }: ColumnRule): string {
  return parameter === undefined ? strategy : `{ ${strategy}: ${JSON.stringify(parameter)} }`;
}

function member(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
