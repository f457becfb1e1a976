/** Gathers imported rules, and what has no equal, to a rule file. @module */

import type { EngineName } from "../../core/engine_name.ts";
import type { ImportedRules } from "../../core/imported_rules.ts";
import { visible } from "../../core/visible.ts";
import type { ColumnRule, TableRule } from "../rules/definition.ts";
import { statementProblem } from "../rules/after.ts";
import { truncate } from "../rules/strategies.ts";
import { writeRuleFile } from "../rule_files/write.ts";
import type { Equivalent } from "./equivalent.ts";

/** What becomes of one column. */
interface Column {
  rule?: ColumnRule;
  /** What stood in the old file, such as `RandomEmail`. */
  was: string;
  lost: string[];
  differs: string[];
}

interface Table {
  truncated: boolean;
  readonly columns: Map<string, Column>;
  readonly lost: string[];
  readonly differs: string[];
}

/** Rules of another tool while they are read. A column that is never named is not written: it stays unclassified. */
export class RulesBuilder {
  readonly #tables = new Map<string, Table>();
  readonly #lost: string[] = [];
  readonly #differs: string[] = [];
  readonly #after: string[] = [];

  /** A rule for a column. Where there is one already, the later one decides. `was`: what stood in the old file. */
  column(table: string, column: string, was: string, equivalent: Equivalent): void {
    const { columns } = this.#table(table);
    const found = columns.get(column);
    const one: Column = found ?? { was, lost: [], differs: [] };
    columns.set(column, one);
    if (equivalent.rule) {
      if (found) one.differs.push(`there were several rules; the last one that has an equal is taken over`);
      one.rule = equivalent.rule;
      one.was = was;
      one.differs.push(...equivalent.differs);
    } else if (one.rule) one.differs.push(`${was} besides has no equal: ${equivalent.lost}`);
    else one.lost.push(equivalent.lost);
  }

  /** All rows of a table go. */
  truncate(table: string): void {
    this.#table(table).truncated = true;
  }

  /** Something of a table that has no equal. */
  loseOfTable(table: string, what: string): void {
    this.#table(table).lost.push(what);
  }

  /** Something of a table that is done otherwise. */
  differOfTable(table: string, what: string): void {
    this.#table(table).differs.push(what);
  }

  /** Something of the whole file that has no equal. */
  lose(what: string): void {
    this.#lost.push(what);
  }

  /** A statement that runs after the scrub. `name`: what messages call it. */
  runAfter(statement: string, name: string, engine: EngineName): void {
    const text = statement.trim().replace(/;\s*$/, "").trimEnd();
    const problem = statementProblem(text, engine);
    if (problem) this.lose(`${name}: ${problem.message}`);
    else this.#after.push(text);
  }

  /** The rule file. `from`: the tool, such as `Greenmask`. */
  result(from: string, database: string, engine: EngineName): ImportedRules {
    const lost = [...this.#lost];
    const differs = [...this.#differs];
    let columns = 0;
    const tables = Object.fromEntries([...this.#tables].map(([name, table]): [string, TableRule] => {
      lost.push(...table.lost.map((what) => `${name}: ${what}`));
      differs.push(...table.differs.map((what) => `${name}: ${what}`));
      if (table.truncated) return [name, truncate()];
      const rules = Object.fromEntries([...table.columns].flatMap(([column, { rule, was, ...said }]) => {
        if (!rule) lost.push(`${name}.${column}: ${was}: ${said.lost.join("; ")}`);
        if (rule && said.differs.length > 0) differs.push(`${name}.${column}: ${was}: ${said.differs.join("; ")}`);
        if (rule) columns++;
        return rule ? [[column, rule] as const] : [];
      }));
      return [name, { columns: rules }];
    }));
    const truncated = [...this.#tables.values()].filter((table) => table.truncated).length;
    const comments = Object.fromEntries([...this.#tables].map(([name, table]) => [name, {
      ...(table.lost.length + table.differs.length > 0 && {
        above: [...table.lost.map((what) => `no equal: ${what}`), ...table.differs].join("\n"),
      }),
      columns: Object.fromEntries([...table.columns].map(([column, one]) => [column, commentOf(from, one)])),
    }]));
    const text = writeRuleFile(
      {
        database,
        engine,
        selections: {},
        knownValues: [],
        tables,
        reviewed: [],
        ...(this.#after.length > 0 && { after: this.#after }),
      },
      { head: headOf(from, this.#lost, lost.length), tables: comments },
    );
    return { from, text, columns, truncated, lost: lost.map(visible), differs: differs.map(visible) };
  }

  #table(name: string): Table {
    const found = this.#tables.get(name);
    if (found) return found;
    const made: Table = { truncated: false, columns: new Map(), lost: [], differs: [] };
    this.#tables.set(name, made);
    return made;
  }
}

function commentOf(from: string, { rule, was, lost, differs }: Column): string {
  if (!rule) return `decide: ${from} ${was} has no equal: ${lost.join("; ")}`;
  return [`${from} ${was}`, ...differs].join("; ");
}

function headOf(from: string, lost: readonly string[], count: number): string {
  return [
    `Imported by datascrubber import from ${from}. Behind each rule stands the old one, and what it did otherwise.`,
    "Columns that the old rules did not name have none here: datascrubber review lists them.",
    ...(count === 0 ? [] : [`Without an equal: ${count === 1 ? "1 old rule" : `${count} old rules`}; decide on each.`]),
    ...lost.map((what) => `  no equal: ${what}`),
  ].join("\n");
}
