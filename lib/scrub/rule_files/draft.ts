/** Drafts the rules of a database that has none: a rule for what looks personal, a reason for what doesn't, the rest left open. @module */

import type { SchemaObject } from "../../engine/inventory.ts";
import type { Column, Schema, Table } from "../../engine/schema.ts";
import { accountFor } from "../coverage/coverage.ts";
import type { ValueFinding } from "../discovery/by_value.ts";
import { classify } from "../discovery/classify.ts";
import { type Finding, type PersonalClass, personalClasses } from "../discovery/classes.ts";
import { reasonToKeep } from "../discovery/keep_reason.ts";
import { freeTextRule, ruleFor } from "../discovery/rule_for.ts";
import { structureOf } from "../coverage/structural.ts";
import type { ColumnRule, TableRule } from "../rules/definition.ts";
import { type KeyColumn, repeatedBy } from "../rules/natural_keys.ts";
import type { RuleFile } from "./rule_file.ts";
import { asWritten, ruleAsJson, type RuleFileComments, type TableComments } from "./write.ts";

/** A draft, and how far it got. */
export interface Draft {
  readonly file: RuleFile;
  readonly comments: RuleFileComments;
  /** Columns by what becomes of them. */
  readonly counts: {
    /** Keys, moments and the like, which need no rule; computed ones with them. */
    readonly structural: number;
    /** With a rule that changes them. */
    readonly changed: number;
    /** With a rule that keeps them, and a reason. */
    readonly kept: number;
  };
  /** Columns that a person has to decide on, such as `customers.code text`. */
  readonly open: readonly string[];
  /** Objects that no run accepts without a review, such as `view active_customers`. */
  readonly objects: readonly string[];
}

/** What a draft is made of. */
export interface DraftSource {
  /** The application's name. */
  readonly database: string;
  readonly schema: Schema;
  readonly objects: readonly SchemaObject[];
  /** What the values of a column say, where they were read. */
  seen(table: Table, column: Column): ValueFinding | undefined;
  /** How many values of a column were read at most; absent: none. */
  readonly sample?: number;
}

/** Drafts a rule file. Everything in it was accepted by the strategy that it names. */
export function draftRules({ database, schema, objects, seen, sample }: DraftSource): Draft {
  const nothing = { selections: {}, tables: {} };
  const { columns, columnDrift, objectDrift } = accountFor(schema, { objects }, nothing, []);
  const tables: Record<string, TableRule> = {};
  const comments: Record<string, TableComments> = {};
  const open: string[] = [];
  const counts = { structural: columns.length, changed: 0, kept: 0 };
  for (const [table, drifted] of Map.groupBy(columnDrift, ({ table }) => table)) {
    const rules: Record<string, ColumnRule> = {};
    const said: Record<string, string> = {};
    const changing = new Map<string, PersonalClass>();
    const texts: Column[] = [];
    for (const { column } of drifted) {
      const repeated = repeatedBy(schema, table, column);
      if (repeated && changes(schema, repeated, seen)) {
        said[column.name] = `follows ${repeated.table.id}.${repeated.column.name}`;
        counts.changed++;
        const finding = classify(schema, repeated.table, repeated.column, seen(repeated.table, repeated.column));
        if (finding) changing.set(column.name, finding.holds);
        continue;
      }
      const { rule, why, holds } = decide(schema, table, column, seen(table, column));
      said[column.name] = why;
      if (!rule) open.push(`${table.id}.${column.name} ${column.type}`);
      else {
        rules[column.name] = rule;
        rule.strategy === "keep" ? counts.kept++ : counts.changed++;
        if (holds !== undefined) changing.set(column.name, holds);
        if (rule.strategy === "lorem" && holds === "freeText") texts.push(column);
      }
    }
    for (const column of texts) {
      const other = freeTextRule(table, column, changing);
      if (!other) continue;
      said[column.name] = `${said[column.name]}; to keep the rest of the text, with names that no column holds: ${
        asWritten(ruleAsJson(other))
      }`;
    }
    tables[table.id] = { columns: rules };
    comments[table.id] = { columns: said };
  }
  const refused = objectDrift.map(({ object: { kind, name } }) => `${kind} ${name}`);
  return {
    file: { database, engine: schema.engine, selections: {}, knownValues: [], tables, reviewed: [] },
    comments: { head: headOf(schema, open.length, refused, sample), tables: comments },
    counts,
    open,
    objects: refused,
  };
}

/** Whether a draft changes a key, and with it all columns that repeat it. */
function changes(schema: Schema, { table, column }: KeyColumn, seen: DraftSource["seen"]): boolean {
  if (structureOf(schema, table, column)) return false;
  const { rule } = decide(schema, table, column, seen(table, column));
  return rule !== undefined && rule.strategy !== "keep";
}

/** A rule and what it rests on, or why there is none. */
function decide(
  schema: Schema,
  table: Table,
  column: Column,
  seen: ValueFinding | undefined,
): { readonly rule?: ColumnRule; readonly why: string; readonly holds?: PersonalClass } {
  const finding = classify(schema, table, column, seen);
  if (!finding) {
    const reason = reasonToKeep(schema, table, column, seen);
    if (reason === undefined) return { why: `decide: ${column.type}, nothing says what it holds` };
    return { rule: { strategy: "keep", with: `drafted: ${reason}` }, why: column.type };
  }
  const rule = ruleFor(schema, table, column, finding);
  if ("refused" in rule) return { why: `decide: ${sentence(finding)}, but ${rule.refused}` };
  return { rule, why: sentence(finding), holds: finding.holds };
}

function sentence({ holds, confidence, evidence }: Finding): string {
  return `${confidence === "possible" ? "perhaps " : ""}${personalClasses[holds]}: ${evidence}`;
}

function headOf({ database }: Schema, open: number, objects: readonly string[], sample: number | undefined): string {
  const from = sample === undefined ? "" : `, and at most ${sample} values of each column`;
  return [
    `Drafted by datascrubber init from the schema of "${database}"${from}.`,
    "Read every line, and change what is wrong: you answer for what is kept. Behind each rule is what it was guessed from.",
    "Keys, timestamps, booleans and counters need no rule and are left out.",
    ...(open === 0 ? [] : [
      `To decide: ${
        open === 1 ? "1 column" : `${open} columns`
      }, in the lines that begin with # and say "decide". Give each a rule, such as`,
      '"keep: why it may stay".',
    ]),
    ...(objects.length === 0 ? [] : ['To review, and to add under "reviewed" where it may stay:']),
    ...objects.map((one) => `  ${one}`),
  ].join("\n");
}
