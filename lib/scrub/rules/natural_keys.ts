/**
 * Natural keys: columns whose values other rows repeat by a foreign key or a declared reference, such as an address that is a primary
 * key. A rule for the referenced column is a rule for every column that repeats it.
 *
 * 1. Rules follow references down, from the definition of rules (followKeys): coverage, plan, evidence and leak search then see one
 *    more rule, with a note of what it follows. The referenced column has to have the rule: a rule for the repeating one alone is refused.
 * 2. Only strategies that make the new value of the old one alone may change keys (Strategy.ofValue), and all columns of a key are one to
 *    them ({@linkcode KeyColumn}): as long as the shortest of them, as exact about letter case as the strictest.
 * 3. With `only` or `except`, a row that repeats a key follows the row that it references: keys of the rows that stay are read along the
 *    references before the first change (lib/scrub/plan/followed_keys.ts).
 * 4. Before the first change a query per reference counts rows that would lead nowhere afterwards: those that lead nowhere already, and
 *    those whose spelling is equal only to the server (lib/scrub/plan/followed_keys.ts).
 * 5. Every table changes by itself, as always. No constraint is dropped: MySQL's sessions do not check foreign keys, and PostgreSQL's
 *    tables are updated in place, with the triggers of foreign keys off, and then rewritten; a rewrite in one pass would have the
 *    server check the constraint against a table that has its old values still.
 * 6. Verification counts orphans of every reference, as it does for subsets.
 *
 * @module
 */

import { type Column, findColumn, findTable, type Schema, type Table, type UniqueKey } from "../../engine/schema.ts";
import { bindReferences } from "./bind_references.ts";
import type { ColumnRule, Definition } from "./definition.ts";
import { strategies } from "./strategy/mod.ts";
import { isOfValue, type Strategy } from "./strategy/strategy.ts";

/** The column that a strategy is told of, in every table that has the key. */
export interface KeyColumn {
  readonly table: Table;
  readonly column: Column;
}

/** A column of a key. */
export interface KeyUse {
  /** Why most strategies can't change it, as the end of a sentence. */
  readonly why: string;
  /** Absent: the rule that it has is none for keys. */
  readonly as?: KeyColumn;
}

/** A definition whose rules for keys are rules for all columns that repeat them. */
export interface FollowedKeys {
  readonly definition: Definition;
  /** What contradicts that, as sentences. */
  readonly problems: readonly string[];
  /** The key that a column with a rule of this strategy is part of; undefined: of none that matters. */
  useOf(table: Table, column: Column, strategy: Strategy): KeyUse | undefined;
}

interface Place extends KeyColumn {
  readonly id: string;
}

/** One column that repeats another one. */
interface Link {
  readonly child: Place;
  /** Absent: it is in no table of the schema. */
  readonly parent?: Place;
  readonly words: string;
}

/** A column that changes. */
interface Changed {
  readonly place: Place;
  readonly rule: ColumnRule;
}

/** Adds the rules that follow from those for keys, and forgets what earlier calls added. */
export function followKeys(given: Definition, schema: Schema): FollowedKeys {
  const definition = withoutFollowers(given);
  const links = linksOf(definition, schema);
  const problems: string[] = [];
  const explicit = explicitRules(definition, schema);
  const changed = new Map([...explicit].filter(([, { rule }]) => mayChangeKeys(rule)));
  const added: Changed[] = [];
  // Grows while it is walked.
  for (const [, from] of changed) {
    for (const { child, words } of links.filter(({ parent }) => parent?.id === from.place.id)) {
      const found = explicit.get(child.id) ?? changed.get(child.id);
      if (hasNoRows(definition, child) || (found && becomesNull(found.rule))) continue;
      const kept = keptBy(definition, child);
      if (kept !== undefined) {
        problems.push(`column ${child.id}: ${kept}, but it repeats ${from.place.id} by the ${words}, which changes`);
      } else if (found && !isSameRule(found.rule, from.rule)) {
        problems.push(
          `column ${child.id}: its rule (${spellRule(found.rule)}) differs from that of ${from.place.id} (${
            spellRule(from.rule)
          }), which it repeats by the ${words}: leave it out, and it follows`,
        );
      } else if (!found) {
        const { optional: _, ...followed } = from.rule;
        const rule: ColumnRule = { ...followed, follows: from.rule.follows ?? from.place.id };
        const follower = { place: child, rule };
        changed.set(child.id, follower);
        added.push(follower);
      }
    }
  }
  problems.push(...linkProblems(definition, links, changed), ...splitProblems(links, changed));
  const keys = keyColumns(links, changed);
  return {
    definition: withFollowers(definition, added),
    problems,
    useOf(table, column, strategy) {
      const use = useAmong(links, { id: idOf(table, column), table, column }, strategy);
      const as = keys.get(idOf(table, column));
      return use && { ...use, ...(as && { as }) };
    },
  };
}

/** What is wrong with the links of columns that change. */
function linkProblems(
  definition: Definition,
  links: readonly Link[],
  changed: ReadonlyMap<string, Changed>,
): readonly string[] {
  return links.flatMap(({ child, parent, words }): string[] => {
    const [below, above] = [changed.get(child.id), parent && changed.get(parent.id)];
    if (!below) return [];
    if (!parent || (!above && !hasNoRows(definition, parent))) {
      return [`column ${child.id}: the ${words} uses it: write the rule for ${parent?.id ?? "what it references"}`];
    }
    if (isForSome(below.rule) && below.rule.follows !== undefined && child.table.primaryKey.length === 0) {
      return [
        `column ${child.id}: the rule of ${parent.id}, which it repeats by the ${words}, is not for every row, and ${child.table.id} has no primary key by which to tell them`,
      ];
    }
    if (above && !areAlike(child.column, parent.column)) {
      return [
        `column ${child.id}: it repeats ${parent.id} by the ${words}, but is ${child.column.type}, and that is ${parent.column.type}`,
      ];
    }
    return [];
  });
}

/** Columns that would have to follow two others, of each of which some rows stay: they may not be the same ones. */
function splitProblems(links: readonly Link[], changed: ReadonlyMap<string, Changed>): readonly string[] {
  return [...Map.groupBy(links, ({ child }) => child.id)].flatMap(([id, own]) => {
    const above = [...new Set(own.flatMap(({ parent }) => parent && parent.id !== id ? [parent.id] : []))];
    const rules = above.flatMap((parent) => changed.get(parent)?.rule ?? []);
    const isSplit = changed.get(id)?.rule.follows !== undefined && rules.length > 1 &&
      rules.some(isForSome);
    return isSplit ? [`column ${id}: it repeats ${above.join(" and ")}, whose rules are not for every row`] : [];
  });
}

function linksOf(definition: Definition, schema: Schema): readonly Link[] {
  // What is wrong with the references themselves bind() says.
  return bindReferences(definition, schema, []).flatMap(({ child, columns, parent, parentColumns, words }) =>
    columns.flatMap((name, at): Link[] => {
      const [from, to] = [placeOf(schema, child, name), placeOf(schema, parent, parentColumns[at] ?? "")];
      return from ? [{ child: from, words, ...(to && { parent: to }) }] : [];
    })
  );
}

/** A partition's rows are those of its partitioned table. */
function placeOf(schema: Schema, id: string, name: string): Place | undefined {
  const found = findTable(schema, id);
  const root = found?.kind === "partition" ? found.postgresql?.root : undefined;
  const table = root === undefined ? found : findTable(schema, root);
  const column = table && findColumn(table, name);
  return table && column && { id: idOf(table, column), table, column };
}

function idOf({ id }: Table, { name }: Column): string {
  return `${id}.${name}`;
}

/** Rules that were written, for columns that are there. */
function explicitRules(definition: Definition, schema: Schema): Map<string, Changed> {
  return new Map(
    Object.entries(definition.tables).flatMap(([table, rule]) =>
      Object.entries("columns" in rule ? rule.columns : {}).flatMap(([name, rule]): [string, Changed][] => {
        const place = rule.strategy === "keep" ? undefined : placeOf(schema, table, name);
        return place ? [[place.id, { place, rule }]] : [];
      })
    ),
  );
}

function tableRule({ tables }: Definition, { table }: Place) {
  return Object.hasOwn(tables, table.id) ? tables[table.id] : undefined;
}

function hasNoRows(definition: Definition, place: Place): boolean {
  const rule = tableRule(definition, place);
  return rule !== undefined && "truncate" in rule;
}

/** How rules keep a column as it is; undefined where they don't. */
function keptBy(definition: Definition, place: Place): string | undefined {
  const rule = tableRule(definition, place);
  if (!rule || "truncate" in rule) return undefined;
  if ("keep" in rule) return "its table is kept";
  const own = Object.hasOwn(rule.columns, place.column.name) ? rule.columns[place.column.name] : undefined;
  return own?.strategy === "keep" ? "it is kept" : undefined;
}

/** Whether a rule makes equal values of equal ones, and keeps different ones apart. */
export function mayChangeKeys({ strategy, with: parameter }: ColumnRule): boolean {
  const found = strategies.get(strategy);
  return found !== undefined && isOfValue(found, parameter ?? null);
}

/** A key that is NULL in every row references nothing. */
function becomesNull(rule: ColumnRule): boolean {
  return strategies.get(rule.strategy)?.makesNull === true && !isForSome(rule);
}

function isForSome({ only, except }: ColumnRule): boolean {
  return only !== undefined || except !== undefined;
}

/** Whether two rules make the same of a value, for the same rows. */
export function isSameRule(one: ColumnRule, other: ColumnRule): boolean {
  const all = ({ strategy, with: parameter = null, only, except }: ColumnRule) =>
    JSON.stringify([strategy, parameter, only, except]);
  return all(one) === all(other);
}

/** A rule on one line, for people. */
export function spellRule({ strategy, with: parameter, only, except }: ColumnRule): string {
  const rows = only !== undefined ? `, only ${only}` : except !== undefined ? `, except ${except}` : "";
  return `${strategy}${parameter === undefined ? "" : ` ${JSON.stringify(parameter)}`}${rows}`;
}

/** Text of any length is compared alike, but not text that is padded with blanks. */
function areAlike(one: Column, other: Column): boolean {
  const family = ({ kind, type }: Column) =>
    kind !== "text" ? type.replace(/^(\w*int)\(\d+\)/, "$1") : type
      .replace(/\(\d+\)/, "")
      .replace(/^(character varying|varchar|tinytext|mediumtext|longtext)$/, "text");
  return one.kind === other.kind && family(one) === family(other);
}

/** For each column of a key that changes what strategies are told of it. */
function keyColumns(links: readonly Link[], changed: ReadonlyMap<string, Changed>): ReadonlyMap<string, KeyColumn> {
  const found = new Map<string, KeyColumn>();
  for (const [id, { place }] of changed) {
    if (found.has(id)) continue;
    const group = new Map([[id, place]]);
    for (const [member] of group) {
      for (const { child, parent } of links) {
        if (child.id !== member && parent?.id !== member) continue;
        for (const one of [child, ...(parent ? [parent] : [])]) if (changed.has(one.id)) group.set(one.id, one);
      }
    }
    const as = together(place, [...group.values()]);
    for (const member of group.keys()) found.set(member, as);
  }
  return found;
}

/** As long as the shortest column, and with the unique keys of all. */
function together({ table, column }: Place, places: readonly Place[]): KeyColumn {
  const lengths = places.flatMap(({ column: { length } }) => length === undefined ? [] : [length]);
  const uniqueKeys = places.flatMap((place) =>
    place.table.uniqueKeys.filter(({ columns }) => columns.includes(place.column.name)).map((key): UniqueKey => ({
      ...key,
      columns: key.columns.map((name) =>
        name === place.column.name ? column.name : idOf(place.table, { ...column, name })
      ),
    }))
  );
  return {
    table: { ...table, uniqueKeys },
    column: { ...column, ...(lengths.length > 0 && { length: Math.min(...lengths) }) },
  };
}

/** The key that a column would be part of if its rule were the only one: none can change it. */
export function useIn(schema: Schema, table: Table, column: Column, strategy: Strategy): KeyUse | undefined {
  const none = { selections: {}, tables: {} };
  return useAmong(linksOf(none, schema), { id: idOf(table, column), table, column }, strategy);
}

/**
 * The column that this one repeats by the server's foreign keys, at the end of the way up, if it is not this one itself; where the
 * keys lead in a circle, the first of it in the schema's order.
 */
export function repeatedBy(schema: Schema, table: Table, column: Column): KeyColumn | undefined {
  const links = linksOf({ selections: {}, tables: {} }, schema);
  const self = idOf(table, column);
  const above = new Map<string, Place>();
  const climb = (id: string): void => {
    for (const { child, parent } of links) {
      if (child.id !== id || !parent || above.has(parent.id)) continue;
      above.set(parent.id, parent);
      climb(parent.id);
    }
  };
  climb(self);
  const isTop = ({ id }: Place) => links.every(({ child, parent }) => child.id !== id || parent?.id === id);
  const top = [...above.values()].find(isTop);
  if (top || !above.has(self)) return top ?? above.values().next().value;
  const [first] = schema.tables.flatMap((one) => [...above.values()].filter((place) => place.table === one));
  return first?.id === self ? undefined : first;
}

function useAmong(links: readonly Link[], { id, table, column }: Place, { makesNull }: Strategy): KeyUse | undefined {
  const only = "only what makes equal values of equal ones can change it, such as email, userName, hash or opaque";
  if (table.primaryKey.includes(column.name)) return { why: `it is part of the primary key: ${only}` };
  const link = links.find(({ child, parent }) => parent?.id === id || (child.id === id && !makesNull));
  return link && { why: `the ${link.words} uses it: ${only}` };
}

function withoutFollowers(definition: Definition): Definition {
  const tables = Object.entries(definition.tables).map(([name, rule]) => {
    if (!("columns" in rule)) return [name, rule] as const;
    const columns = Object.entries(rule.columns).filter(([, { follows }]) => follows === undefined);
    return [name, { ...rule, columns: Object.fromEntries(columns) }] as const;
  });
  return { ...definition, tables: Object.fromEntries(tables) };
}

function withFollowers(definition: Definition, added: readonly Changed[]): Definition {
  // Tables and columns may be called anything, also __proto__.
  const tables = new Map(Object.entries(definition.tables));
  for (const { place: { table, column }, rule } of added) {
    const existing = tables.get(table.id);
    const before = existing && "columns" in existing ? existing : { columns: {} };
    const columns = Object.fromEntries([...Object.entries(before.columns), [column.name, rule]]);
    tables.set(table.id, { ...before, columns });
  }
  return { ...definition, tables: Object.fromEntries(tables) };
}
