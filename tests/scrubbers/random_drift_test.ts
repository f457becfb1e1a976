/** Schemas changed at random: whatever an application's migrations did, no column passes that nothing accounts for. @module */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Column,
  type ColumnKind,
  findColumn,
  findTable,
  type Schema,
  type Table,
} from "../../lib/engine/schema.ts";
import { bind, definitionFor } from "../../lib/scrub/rules/bind.ts";
import { withBlanks } from "../../lib/scrub/coverage/blank.ts";
import { accountFor, type Coverage } from "../../lib/scrub/coverage/coverage.ts";
import type { ColumnDrift } from "../../lib/scrub/coverage/coverage.ts";
import type { ColumnRule, Definition, Scrubber } from "../../lib/scrub/rules/definition.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { readReviewed, reviewedColumns, shapeOf } from "../../lib/scrub/coverage/reviewed.ts";
import { setNull } from "../../lib/scrub/rules/strategies.ts";
import type { SchemaName } from "../fixtures/load.ts";
import { fixtureSchema } from "./fixture_schema.ts";
import { scrubberOf } from "./scrubber_of.ts";
import { seed } from "../seed.ts";

const recent: readonly SchemaName[] = ["email_alert_api-2026", "publishing_api-2026", "whitehall-2026"];
const old: readonly SchemaName[] = ["email_alert_api-2018", "publishing_api-2018", "whitehall-2018"];
const cases = await Promise.all(recent.map(async (name, at) => {
  const scrubber = scrubberOf(name);
  const before = old[at];
  return {
    name,
    scrubber,
    schema: await fixtureSchema(name),
    before: await fixtureSchema(before ?? name),
    reviewed: readReviewed(name, scrubber.reviewed),
  };
}));

/** Kinds that can hold a mark of text, and a type to go with each. */
const markable: readonly (readonly [ColumnKind, string])[] = [
  ["text", "text"],
  ["json", "json"],
  ["array", "text[]"],
  ["binary", "bytea"],
  ["other", "hstore"],
  ["enum", "enum('zmark','b')"],
];
const numeric: readonly (readonly [ColumnKind, string])[] = [["integer", "bigint"], ["date", "date"], [
  "decimal",
  "numeric",
]];

const newName = fc.stringMatching(/^[a-z]{1,8}(_id|_at|_count|_type|s)?$/);
const kind = fc.constantFrom(...markable, ...numeric);
const at = fc.nat(1_000_000);

/** One thing that a migration does. */
const change = fc.oneof(
  fc.record({ what: fc.constant("add" as const), at, name: newName, kind, nullable: fc.boolean() }),
  fc.record({ what: fc.constant("rename" as const), at, name: newName }),
  fc.record({ what: fc.constant("retype" as const), at, kind }),
  fc.record({ what: fc.constant("add table" as const), name: newName, kind }),
  fc.record({ what: fc.constant("rename table" as const), at, name: newName }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function column(name: string, [its, type]: readonly [ColumnKind, string], nullable = true): Column {
  const element = its === "array" ? { element: "text" as const } : {};
  return { name, kind: its, type, ...element, nullable, hasDefault: false, generated: false };
}

function pick<T>(from: readonly T[], index: number): T {
  const found = from[index % from.length];
  if (found === undefined) throw new RangeError("nothing to pick from");
  return found;
}

function apply(schema: Schema, one: Change): Schema {
  if (one.what === "add table") {
    const id = `new_${one.name}`;
    const table: Table = {
      ...pick(schema.tables, 0),
      id,
      name: id,
      columns: [column("held", one.kind)],
      primaryKey: [],
      uniqueKeys: [],
    };
    return { ...schema, tables: [...schema.tables, table] };
  }
  const table = pick(schema.tables, one.at);
  const target = pick(table.columns, one.at);
  const changed = (columns: readonly Column[], more: Partial<Table> = {}): Schema => ({
    ...schema,
    tables: schema.tables.map((other) => other === table ? { ...table, ...more, columns } : other),
  });
  switch (one.what) {
    case "add":
      return findColumn(table, one.name)
        ? schema
        : changed([...table.columns, column(one.name, one.kind, one.nullable)]);
    case "rename":
      return changed(table.columns.map((other) => other === target ? { ...other, name: `${one.name}_x` } : other));
    case "retype":
      return changed(table.columns.map((other) => other === target ? column(other.name, one.kind) : other));
    case "rename table": {
      const id = `renamed_${one.name}`;
      return changed(table.columns, { id, name: id });
    }
  }
}

/** What the tool would let through: columns that neither a rule changes nor a review of this type covers, but stay. */
function passing(
  { scrubber, reviewed }: { readonly scrubber: Scrubber; readonly reviewed: ReturnType<typeof readReviewed> },
  schema: Schema,
  found: Coverage,
): string[] {
  const drift = new Set(found.columnDrift.map(({ table, column }) => `${table.id}.${column.name}`));
  const seen = new Set(reviewedColumns(reviewed).map(({ table, column, type }) => `${table}.${column} ${type}`));
  const { tables } = definitionFor(scrubber, schema);
  return schema.tables.flatMap((table) =>
    table.columns.filter((one) => {
      if (!["text", "json", "array", "binary", "other", "enum"].includes(one.kind)) return false;
      const rule = tables[table.id];
      const ruled = rule && "columns" in rule && Object.hasOwn(rule.columns, one.name);
      return !ruled && !seen.has(`${table.id}.${one.name} ${shapeOf(one)}`) && !drift.has(`${table.id}.${one.name}`);
    }).map((one) => `${table.id}.${one.name}`)
  );
}

for (const one of cases) {
  const { name, scrubber, schema, before, reviewed } = one;

  Deno.test(`${name}: after random migrations no column of words passes that nothing accounts for`, () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const moved = changes.reduce(apply, schema);
        const found = accountFor(moved, { objects: [] }, definitionFor(scrubber, moved), reviewed);
        assertEquals(passing(one, moved, found), []);
      }),
      { numRuns: 300, seed },
    );
  });

  Deno.test(`${name}: a column of words that a migration added is drift, whatever its name`, () => {
    fc.assert(
      fc.property(at, newName, fc.constantFrom(...markable), (index, columnName, its) => {
        const table = pick(schema.tables, index);
        const known = [...schema.tables, ...before.tables].some((other) =>
          other.id === table.id && findColumn(other, columnName)
        );
        fc.pre(!known);
        const moved = apply(schema, { what: "add", at: index, name: columnName, kind: [...its], nullable: true });
        const found = accountFor(moved, { objects: [] }, definitionFor(scrubber, moved), reviewed);
        const added = found.columnDrift.map(({ table, column }) => `${table.id}.${column.name}`);
        const rule = definitionFor(scrubber, moved).tables[table.id];
        const between = rule && "columns" in rule && Object.hasOwn(rule.columns, columnName);
        assertEquals(added, between ? [] : [`${table.id}.${columnName}`]);
      }),
      { numRuns: 200, seed },
    );
  });

  Deno.test(`${name}: a reviewed column of another type is drift`, () => {
    const kept = accountFor(schema, { objects: [] }, definitionFor(scrubber, schema), reviewed).columns
      .filter(({ by }) => by === "reviewed");
    fc.assert(
      fc.property(at, kind, (index, its) => {
        const { table, column: columnName } = pick(kept, index);
        const found = findTable(schema, table);
        const its_before = found && findColumn(found, columnName);
        fc.pre(its_before !== undefined && shapeOf(its_before) !== shapeOf(column(columnName, its)));
        const moved: Schema = {
          ...schema,
          tables: schema.tables.map((other) =>
            other === found
              ? { ...other, columns: other.columns.map((old) => old === its_before ? column(columnName, its) : old) }
              : other
          ),
        };
        const drift = accountFor(moved, { objects: [] }, definitionFor(scrubber, moved), reviewed).columnDrift;
        assert(drift.some(({ column, reviewedAs }) => column.name === columnName && reviewedAs !== undefined));
      }),
      { numRuns: 200, seed },
    );
  });

  Deno.test(`${name}: a schema of any date in between is scrubbed wholly, or refused for what is gone`, () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (coins) => {
        const mixed = mix(before, schema, coins);
        const found = accountFor(mixed, { objects: [] }, definitionFor(scrubber, mixed), reviewed);
        assertEquals(passing(one, mixed, found), []);
        assertEquals(found.columnDrift.map(({ table, column }) => `${table.id}.${column.name}`), []);
        try {
          bind(scrubber, mixed);
        } catch (error) {
          // Tables that came together, but for the coins; the other two applications fit every mixture.
          assert(error instanceof ScrubError && error.kind === "refused" && name === "whitehall-2026", String(error));
        }
      }),
      { numRuns: 100, seed },
    );
  });

  Deno.test(`${name}: blanks leave nothing unaccounted for`, () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const moved = changes.reduce(apply, schema);
        const declared = definitionFor(scrubber, moved);
        const { columnDrift } = accountFor(moved, { objects: [] }, declared, reviewed);
        const blanked = withBlanks(declared, columnDrift.map(blankOf));
        assertEquals(accountFor(moved, { objects: [] }, blanked, reviewed).columnDrift, []);
        const still = withoutRetyped(declared, columnDrift);
        assertEquals(keptRules(still, blanked), still.tables);
      }),
      { numRuns: 100, seed },
    );
  });
}

function blankOf({ table, column }: ColumnDrift) {
  return { table, column, rule: setNull() };
}

/** The definition without rules that keep columns which have another type now: blanks take their places. */
function withoutRetyped(declared: Definition, drift: readonly ColumnDrift[]): Definition {
  const isRetyped = (table: string, name: string, { strategy, type }: ColumnRule) =>
    strategy === "keep" && type !== undefined &&
    drift.some((one) => one.table.id === table && one.column.name === name && one.reviewedAs === type);
  const tables = Object.entries(declared.tables).map(([table, rule]) => {
    if (!("columns" in rule)) return [table, rule] as const;
    const columns = Object.entries(rule.columns).filter(([name, one]) => !isRetyped(table, name, one));
    return [table, { ...rule, columns: Object.fromEntries(columns) }] as const;
  });
  return { ...declared, tables: Object.fromEntries(tables) };
}

/** The blanked definition without what was added: no other rule may be lost. */
function keptRules(declared: Definition, blanked: Definition): Definition["tables"] {
  return Object.fromEntries(
    Object.entries(declared.tables).map(([table, rule]) => {
      const its = blanked.tables[table];
      if (!its || !("columns" in rule) || !("columns" in its)) return [table, its ?? rule];
      const columns = Object.keys(rule.columns).map((name) => [name, its.columns[name]]);
      return [table, { ...its, columns: Object.fromEntries(columns) }];
    }),
  );
}

/** One table under two names: never both. */
const renamed = ["responses", "consultation_responses"];

/** Tables and columns of both dates, each that only one date has there or not by the toss of a coin. */
function mix(before: Schema, after: Schema, coins: Iterator<boolean>): Schema {
  const toss = (): boolean => coins.next().value === true;
  const ids = new Set([...after.tables, ...before.tables].map(({ id }) => id));
  const gone = renamed[toss() ? 0 : 1];
  const tables = [...ids].filter((id) => id !== gone).flatMap((id): Table[] => {
    const [was, is] = [findTable(before, id), findTable(after, id)];
    const base = is ?? was;
    if (!base || (!(was && is) && !renamed.includes(id) && toss())) return [];
    const names = new Set([...(is?.columns ?? []), ...(was?.columns ?? [])].map(({ name }) => name));
    const columns = [...names].flatMap((columnName): Column[] => {
      const [a, b] = [was && findColumn(was, columnName), is && findColumn(is, columnName)];
      const its = b ?? a;
      return its && ((a && b) || !(was && is) || toss()) ? [its] : [];
    });
    return [{ ...base, columns }];
  });
  const keys = [...after.foreignKeys, ...before.foreignKeys].filter(({ child, columns, parent }) => {
    const table = tables.find(({ id }) => id === child);
    return table && tables.some(({ id }) => id === parent) && columns.every((its) => findColumn(table, its));
  });
  return { ...after, tables, foreignKeys: keys };
}
