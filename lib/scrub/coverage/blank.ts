/** `--on-drift blank`: rules that empty unclassified columns. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Check } from "../../engine/inventory.ts";
import { type Column, findColumn, type Schema, type Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { ColumnDrift } from "./coverage.ts";
import type { ColumnRule, Definition } from "../rules/definition.ts";
import { constant, emptied, opaque, setNull, template } from "../rules/strategies.ts";
import { strategies } from "../rules/strategy/mod.ts";
import { fits } from "../discovery/rule_for.ts";

/** A column and the rule that empties it. */
export interface Blank {
  readonly table: Table;
  readonly column: Column;
  readonly rule: ColumnRule;
}

/** A column that cannot be emptied. */
export interface Unblankable extends ColumnDrift {
  readonly why: string;
}

/** Best first: NULL, an empty value, other constants for check constraints, pseudonyms for unique keys. */
const candidates: readonly ColumnRule[] = [
  setNull(),
  emptied(),
  { strategy: "blank" },
  constant("scrubbed"),
  constant(1),
  opaque(),
  template("{hash}"),
];

/** Rules that fit a column's type and keys, best first. */
function blankRules(schema: Schema, table: Table, column: Column): readonly ColumnRule[] {
  return candidates.filter((rule) => fits(schema, table, column, rule));
}

/** The definition with the blanks added, in the place of rules that keep a column which has another type now. */
export function withBlanks(definition: Definition, blanks: readonly Blank[]): Definition {
  // Tables and columns may be called anything, also __proto__.
  const tables = new Map(Object.entries(definition.tables));
  for (const { table, column, rule } of blanks) {
    const existing = tables.get(table.id);
    const before = existing && "columns" in existing ? existing : { columns: {} };
    tables.set(table.id, { ...before, columns: { ...before.columns, [column.name]: rule } });
  }
  return { ...definition, tables: Object.fromEntries(tables) };
}

/**
 * Finds a rule for each column such that the table's check constraints still hold for its rows. The server evaluates them, since
 * they can say anything. Reads only.
 */
export async function chooseBlanks(
  engine: Engine,
  session: Session,
  schema: Schema,
  checks: readonly Check[],
  drift: readonly ColumnDrift[],
): Promise<{ readonly blanks: readonly Blank[]; readonly unblankable: readonly Unblankable[] }> {
  const blanks: Blank[] = [];
  const unblankable: Unblankable[] = [];
  for (const [table, columns] of Map.groupBy(drift, ({ table }) => table)) {
    const possible = columns.map((one) => ({ ...one, rules: blankRules(schema, table, one.column) }));
    for (const one of possible.filter(({ rules }) => rules.length === 0)) {
      unblankable.push({ ...one, why: "its type and keys allow neither NULL nor an empty value" });
    }
    const open = possible.filter(({ rules }) => rules.length > 0);
    if (open.length === 0) continue;
    const chosen = await chooseForTable(engine, session, schema, checks.filter((check) => check.table === table.id), {
      table,
      open,
    });
    if (Array.isArray(chosen)) blanks.push(...chosen);
    else unblankable.push(...open.map((one) => ({ ...one, why: `the check "${chosen}" allows no empty value` })));
  }
  return { blanks, unblankable };
}

interface OpenColumns {
  readonly table: Table;
  readonly open: readonly { readonly column: Column; readonly rules: readonly ColumnRule[] }[];
}

/** The first choice that violates no check, or the name of a check that every choice violates. */
async function chooseForTable(
  engine: Engine,
  session: Session,
  schema: Schema,
  checks: readonly Check[],
  { table, open }: OpenColumns,
): Promise<Blank[] | string> {
  let broken = "";
  for (let choice = 0; choice < Math.max(...open.map(({ rules }) => rules.length)); choice++) {
    const blanks = open.flatMap(({ column, rules }): Blank[] => {
      const rule = rules[Math.min(choice, rules.length - 1)];
      return rule ? [{ table, column, rule }] : [];
    });
    const found = await firstViolated(engine, session, schema, checks, table, blanks);
    if (found === undefined) return blanks;
    broken = found;
  }
  return broken;
}

async function firstViolated(
  engine: Engine,
  session: Session,
  schema: Schema,
  checks: readonly Check[],
  table: Table,
  blanks: readonly Blank[],
): Promise<string | undefined> {
  const { sql } = engine.expressions;
  const row = new Name("blanked");
  const values = table.columns.map(({ name }) => {
    const blank = blanks.find(({ column }) => column.name === name);
    return blank ? sql`${blankedValue(engine, table, blank)} AS ${new Name(name)}` : sql`${new Name(name)}`;
  });
  const rows = sql`SELECT ${joinSql(values, ", ")} FROM ${engine.tableName(schema.database, table)}`;
  for (const { name, holds } of checks) {
    const [counted] = await session.scan(
      sql`SELECT count(*) AS broken FROM (${rows}) AS ${row} WHERE NOT (${holds})`,
    );
    if (Number(counted?.["broken"]) !== 0) return name;
  }
  return undefined;
}

/** The value after blanking, which depends on no other column. */
function blankedValue(engine: Engine, table: Table, { column, rule }: Blank): Sql {
  const e = engine.expressions;
  const strategy = strategies.get(rule.strategy);
  if (!strategy) throw new TypeError(`Cannot blank ${table.id}.${column.name}: no strategy ${rule.strategy}`);
  function of(name: string): Sql {
    if (!findColumn(table, name)) throw new TypeError(`Cannot blank ${table.id}: no column ${name}`);
    return e.sql`${new Name(name)}`;
  }
  const old = {
    table,
    column,
    value: of(column.name),
    of,
    newValueOf: of,
    changes: (name: string) => name === column.name,
  };
  return strategy.newValue(e, old, rule.with ?? null);
}
