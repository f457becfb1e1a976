/** Subsets of random graphs of tables, on real servers, against a model in memory that knows nothing of how they are found. @module */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { Scratch, Session } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import {
  column,
  type Definition,
  type EngineName,
  type Reference,
  sql,
  type TableRule,
} from "../../../lib/scrub/rules/definition.ts";
import { seed } from "../../seed.ts";
import {
  createTestDatabase,
  engineNamed,
  engineNames,
  planFixture,
  scrubberOf,
  scrubFixture,
  serverOf,
} from "../scrub_fixture.ts";

/** How many graphs are planned on each engine, and how many of those are scrubbed as well. */
const runs = { planned: 24, scrubbed: 3 };
const mostRows = 9;
const enforced = ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL"] as const;

/** A reference of table `child`, in its column `r` and the reference's number. */
interface Edge {
  readonly child: number;
  readonly parent: number;
  /** Of a polymorphic one: the table that every other row references. */
  readonly other: number;
  readonly kind: (typeof enforced)[number] | "declared" | "polymorphic";
  readonly whenDeleted: "delete" | "set null" | null;
  /** By row: which row is referenced; none where it is not positive. */
  readonly targets: readonly number[];
}

interface Graph {
  readonly sizes: readonly number[];
  readonly edges: readonly Edge[];
  readonly roots: readonly number[];
  readonly swept: readonly number[];
  readonly deletes: number | null;
  /** By table and row. */
  readonly selected: readonly (readonly boolean[])[];
}

const graphs = fc.integer({ min: 2, max: 5 }).chain((tables) => {
  const table = fc.nat({ max: tables - 1 });
  const ofEachRow = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: mostRows, maxLength: mostRows });
  return fc.record({
    sizes: fc.array(fc.integer({ min: 4, max: mostRows }), { minLength: tables, maxLength: tables }),
    edges: fc.array(
      fc.record({
        child: table,
        parent: table,
        other: table,
        kind: fc.constantFrom(...enforced, "declared" as const, "polymorphic" as const),
        whenDeleted: fc.option(fc.constantFrom("delete" as const, "set null" as const), { freq: 1 }),
        targets: ofEachRow(fc.integer({ min: -1, max: mostRows })),
      }),
      { minLength: tables - 1, maxLength: tables + 3 },
    ),
    roots: fc.uniqueArray(table, { minLength: 1, maxLength: 2 }),
    swept: fc.uniqueArray(table, { maxLength: 2 }),
    deletes: fc.option(table, { freq: 1 }),
    selected: fc.array(ofEachRow(fc.integer({ min: 0, max: 2 }).map((one) => one === 0)), {
      minLength: tables,
      maxLength: tables,
    }),
  });
}).map((graph): Graph => {
  const swept = graph.swept.filter((table) => !graph.roots.includes(table));
  const reached = new Set<number>();
  for (const _ of graph.sizes) {
    for (const { child, parent, other, kind } of graph.edges) {
      if (swept.includes(child) && !reached.has(child)) continue;
      reached.add(parent);
      if (kind === "polymorphic") reached.add(other);
    }
  }
  return {
    ...graph,
    selected: graph.selected.map((rows, table) => graph.roots.includes(table) ? [true, ...rows.slice(1)] : rows),
    swept: swept.filter((table) => reached.has(table)),
    deletes: graph.deletes === null || graph.roots.includes(graph.deletes) ? null : graph.deletes,
  };
});

/** A row, and what it references by each edge: a row that may not be there. */
interface Row {
  readonly table: number;
  readonly x: number;
  readonly links: ReadonlyMap<Edge, { readonly table: number; readonly x: number }>;
}

function rowsOf({ sizes, edges }: Graph): readonly Row[] {
  return sizes.flatMap((size, table) =>
    Array.from({ length: size }, (_, at): Row => {
      const links = edges.filter(({ child }) => child === table).flatMap((edge) => {
        const target = edge.targets[at] ?? 0;
        if (target < 1) return [];
        const to = edge.kind === "polymorphic" && at % 2 === 1 ? edge.other : edge.parent;
        const dangles = edge.kind === "declared" || edge.kind === "polymorphic";
        // Few lead nowhere, or no row would be left.
        const x = dangles && target === mostRows ? target + 1 : (target - 1) % (sizes[to] ?? 1) + 1;
        return [[edge, { table: to, x }] as const];
      });
      return { table, x: at + 1, links: new Map(links) };
    })
  );
}

/** `table.x` of deleted rows, and `table.x.r` and the number of an edge of those that become NULL; or why the run is refused. */
type Outcome =
  | { readonly refused: string }
  | { readonly deleted: readonly string[]; readonly nulled: readonly string[] };

function expectedOf(graph: Graph): Outcome {
  const rows = rowsOf(graph);
  const idOf = ({ table, x }: { readonly table: number; readonly x: number }) => `${table}.${x}`;
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  const needs = ({ kind, whenDeleted }: Edge) =>
    (whenDeleted ?? (kind === "SET NULL" ? "set null" : "delete")) === "delete";
  const isSelected = ({ table, x }: Row) => graph.selected[table]?.[x - 1] === true;
  const isRoot = ({ table }: Row) => graph.roots.includes(table);
  if (graph.roots.some((root) => !rows.some((row) => row.table === root && isSelected(row)))) {
    return { refused: "rules" };
  }

  const needed = new Set(rows.filter((row) => isRoot(row) && isSelected(row)).map(idOf));
  for (const id of needed) {
    for (const [edge, target] of byId.get(id)?.links ?? []) {
      if (needs(edge) && byId.has(idOf(target))) needed.add(idOf(target));
    }
  }
  const gone = new Set(
    rows.filter((row) => (row.table === graph.deletes && isSelected(row)) || (isRoot(row) && !needed.has(idOf(row))))
      .map(idOf),
  );
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    for (const row of rows) {
      const loses = [...row.links].some(([edge, target]) =>
        needs(edge) && (gone.has(idOf(target)) || !byId.has(idOf(target)))
      );
      if (loses) gone.add(idOf(row));
    }
  }
  if ([...needed].some((id) => gone.has(id))) return { refused: "reference" };

  const isSwept = ({ table }: { readonly table: number }) => graph.swept.includes(table);
  const held = new Set<string>(rows.filter((row) => !isSwept(row) && !gone.has(idOf(row))).map(idOf));
  for (const id of held) {
    for (const target of byId.get(id)?.links.values() ?? []) {
      if (isSwept(target) && byId.has(idOf(target)) && !gone.has(idOf(target))) held.add(idOf(target));
    }
  }
  const nulled = rows.filter((row) => held.has(idOf(row))).flatMap((row) =>
    [...row.links].filter(([, target]) => !held.has(idOf(target))).map(([edge]) =>
      `${idOf(row)}.r${graph.edges.indexOf(edge)}`
    )
  );
  return { deleted: rows.map(idOf).filter((id) => !held.has(id)).sort(), nulled: nulled.sort() };
}

function statementsOf(graph: Graph): readonly string[] {
  const rows = rowsOf(graph);
  const own = (table: number) => graph.edges.flatMap((edge, at) => edge.child === table ? [{ edge, at }] : []);
  return [
    ...graph.sizes.map((_, table) =>
      `CREATE TABLE t${table} (${
        [
          "x integer PRIMARY KEY",
          ...own(table).flatMap(({ edge, at }) => [
            `r${at} integer`,
            ...(edge.kind === "polymorphic" ? [`k${at} varchar(9)`] : []),
          ]),
        ].join(", ")
      })`
    ),
    ...rows.map(({ table, x, links }) => {
      const values = own(table).flatMap(({ edge }) => {
        const target = links.get(edge);
        const kind = edge.kind !== "polymorphic" ? [] : [target ? (x % 2 === 1 ? "'One'" : "'Two'") : "NULL"];
        return [target?.x ?? "NULL", ...kind];
      });
      return `INSERT INTO t${table} VALUES (${[x, ...values].join(", ")})`;
    }),
    ...graph.edges.flatMap(({ child, parent, kind }, at) =>
      kind === "declared" || kind === "polymorphic" ? [] : [
        `ALTER TABLE t${child} ADD FOREIGN KEY (r${at}) REFERENCES t${parent} (x) ON DELETE ${kind}`,
      ]
    ),
  ];
}

function definitionOf(graph: Graph): Definition {
  const selections = graph.selected.map((rows, table) => {
    const numbers = rows.flatMap((is, at) => is ? [at + 1] : []);
    return [`s${table}`, { of: `t${table}`, where: sql`${column("x")} IN (${[0, ...numbers].join(", ")})` }] as const;
  });
  const tables = graph.sizes.map((_, table): [string, TableRule] => {
    const references = graph.edges.flatMap(({ child, parent, other, kind, whenDeleted }, at): Reference[] => {
      const isEnforced = kind !== "declared" && kind !== "polymorphic";
      if (child !== table || (isEnforced && whenDeleted === null)) return [];
      return [{
        columns: [`r${at}`],
        to: kind === "polymorphic" ? { One: `t${parent}`, Two: `t${other}` } : `t${parent}`,
        ...(kind === "polymorphic" && { type: `k${at}` }),
        ...(whenDeleted !== null && { whenDeleted }),
      }];
    });
    return [`t${table}`, {
      columns: {},
      references,
      ...(graph.roots.includes(table) && { keepRows: `s${table}` }),
      ...(graph.swept.includes(table) && { keepReferenced: true }),
      ...(graph.deletes === table && { deleteRows: `s${table}` }),
    }];
  });
  return { selections: Object.fromEntries(selections), tables: Object.fromEntries(tables) };
}

const sampled = fc.sample(graphs, { numRuns: runs.planned, seed });

Deno.test("the random graphs of the usual seed are of every kind", () => {
  const outcomes = fc.sample(graphs, { numRuns: runs.planned, seed: 20_610 }).map(expectedOf);
  const some = (is: (outcome: Outcome) => boolean) => outcomes.some(is);
  assertEquals([
    some((one) => "deleted" in one && one.deleted.length > 0 && one.nulled.length > 0),
    some((one) => "refused" in one && one.refused === "reference"),
  ], [true, true]);
});

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));

  for (const [at, graph] of sampled.entries()) {
    Deno.test(`${engine}: a random graph is cut as the model says: ${at} (seed ${seed})`, async () => {
      const database = `graph_${at}`;
      await createTestDatabase(server, engine, database, statementsOf(graph).join("; "));
      const { selections, tables } = definitionOf(graph);
      const scrubber = scrubberOf(engine, tables, selections);
      assertEquals(await plannedBy(() => planFixture(server, engine, database, scrubber), engine), expectedOf(graph));
    });
  }

  const whole = sampled.filter((graph) => "deleted" in expectedOf(graph)).slice(0, runs.scrubbed);
  for (const [at, graph] of whole.entries()) {
    Deno.test(`${engine}: a random graph is left as the model says: ${at} (seed ${seed})`, async () => {
      const database = `scrubbed_${at}`;
      await createTestDatabase(server, engine, database, statementsOf(graph).join("; "));
      const { selections, tables } = definitionOf(graph);
      await scrubFixture(server, engine, database, scrubberOf(engine, tables, selections));
      const outcome = expectedOf(graph);
      for (const [table] of graph.sizes.entries()) {
        const expected = rowsOf(graph).filter((row) => row.table === table).flatMap((row) => {
          if (!("deleted" in outcome) || outcome.deleted.includes(`${table}.${row.x}`)) return [];
          const values = graph.edges.flatMap((edge, at) =>
            edge.child !== table
              ? []
              : [String(outcome.nulled.includes(`${table}.${row.x}.r${at}`) ? null : row.links.get(edge)?.x ?? null)]
          );
          return [[String(row.x), ...values].join(" ")];
        });
        const found = await server.run(`SELECT * FROM t${table} ORDER BY x`, database);
        const shown = found.map((row) =>
          Object.entries(row).filter(([name]) => !name.startsWith("k")).map(([, value]) => String(value)).join(" ")
        );
        assertEquals(shown, expected, `t${table}`);
      }
    });
  }
}

/** What a plan deletes and sets to NULL. */
async function plannedBy(plan: () => ReturnType<typeof planFixture>, engine: EngineName): Promise<Outcome> {
  try {
    await using opened = await plan();
    const deleted: string[] = [];
    const nulled: string[] = [];
    for (const { change: { table, deletedKeys, columns } } of opened.planned.changes) {
      const number = table.name.slice(1);
      if (deletedKeys) {
        deleted.push(...(await keysOf(opened.session, engine, deletedKeys)).map((x) => `${number}.${x}`));
      }
      for (const { column, onlyKeys } of columns) {
        if (!onlyKeys) continue;
        const keys = await keysOf(opened.session, engine, onlyKeys);
        nulled.push(...keys.map((x) => `${number}.${x}.${column.name}`));
      }
    }
    return { deleted: deleted.sort(), nulled: nulled.sort() };
  } catch (error) {
    if (error instanceof ScrubError) return { refused: error.code };
    throw error;
  }
}

async function keysOf(session: Session, engine: EngineName, { table }: Scratch): Promise<readonly string[]> {
  const { sql } = engineNamed(engine).expressions;
  const rows = await session.query(sql`SELECT ${trusted("x")} FROM ${table}`);
  return rows.map(({ x }) => String(x));
}
