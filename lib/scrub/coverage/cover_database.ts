/** Holds one live database against its scrubber's rules and reviews, before the first change. @module */

import type { Engine, Session, Step } from "../../engine/engine.ts";
import { findColumn, findTable, type Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import type { CoverageReport } from "../../core/report.ts";
import { bind, type BoundDefinition } from "../rules/bind.ts";
import { type Blank, chooseBlanks, type Unblankable, withBlanks } from "./blank.ts";
import { type Coverage, coverage } from "./coverage.ts";
import type { Definition, Scrubber } from "../rules/definition.ts";
import type { DatabaseDrift } from "./drift.ts";
import { readReviewed } from "./reviewed.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** A database whose coverage is known. Nothing was changed. */
export interface CoveredDatabase {
  readonly schema: Schema;
  readonly coverage: Coverage;
  /** Columns that will be emptied because nothing else accounts for them. */
  readonly blanks: readonly Blank[];
  /** The rules, bound; absent where {@linkcode drift} says why they don't fit. */
  readonly bound?: BoundDefinition;
  /** What still stops the run; nothing in it: the run may go on. */
  readonly drift: DatabaseDrift;
  /** What takes away objects that may not leave: first of all changes. */
  readonly removals: readonly Step[];
  /** What fills emptied objects again from scrubbed rows: last of all changes. */
  readonly refills: readonly Step[];
  readonly report: CoverageReport;
}

/** How a database is held against its scrubber. */
export interface CoverOptions {
  readonly onDrift: "refuse" | "blank";
  /** Entries beside those of the scrubber's own `reviewed.json`. */
  readonly reviewed: readonly Reviewed[];
}

/** The rules of a scrubber for a live schema. */
export function definitionFor(scrubber: Scrubber, schema: Schema): Definition {
  return scrubber.define({
    has(name, column) {
      const table = findTable(schema, name);
      return table !== undefined && (column === undefined || findColumn(table, column) !== undefined);
    },
  });
}

/** Reads a database's schema and inventory and accounts for everything in it. Reads only. */
export async function coverDatabase(
  engine: Engine,
  session: Session,
  scrubber: Scrubber,
  options: CoverOptions,
): Promise<CoveredDatabase> {
  const started = performance.now();
  const reviewed = [...readReviewed(`reviewed.json of "${scrubber.name}"`, scrubber.reviewed), ...options.reviewed];
  const [schema, inventory] = [await engine.schema(session), await engine.inventory(session)];
  const declared = definitionFor(scrubber, schema);
  const found = withoutPersonalNames(coverage(schema, inventory, declared, reviewed));
  const { blanks, unblankable } = options.onDrift === "blank"
    ? await chooseBlanks(engine, session, schema, inventory.checks, found.columnDrift)
    : { blanks: [], unblankable: found.columnDrift };
  const { bound, unfit } = tryToBind({ ...scrubber, define: () => withBlanks(declared, blanks) }, schema);
  return {
    schema,
    coverage: found,
    blanks,
    ...(bound && { bound }),
    drift: {
      schema,
      scrubber: scrubber.name,
      columns: unblankable,
      objects: found.objectDrift,
      ...(unfit && { unfit }),
    },
    removals: engine.dropObjects(found.removed),
    refills: engine.refillObjects(found.removed),
    report: reportOf(found, blanks, unblankable, performance.now() - started),
  };
}

/** Columns are told and reported by their names: none is where some name looks personal and nobody has let it through. */
function withoutPersonalNames(found: Coverage): Coverage {
  const personal = found.objectDrift.some(({ object: { kind } }) => kind === "name");
  return personal ? { ...found, columns: [], columnDrift: [] } : found;
}

function tryToBind(
  scrubber: Scrubber,
  schema: Schema,
): { readonly bound?: BoundDefinition; readonly unfit?: ScrubError } {
  try {
    return { bound: bind(scrubber, schema) };
  } catch (error) {
    if (error instanceof ScrubError) return { unfit: error };
    throw error;
  }
}

function reportOf(
  { columns, removed, objectDrift }: Coverage,
  blanks: readonly Blank[],
  left: readonly Pick<Unblankable, "table" | "column">[],
  milliseconds: number,
): CoverageReport {
  const counts = { ruled: 0, structural: 0, computed: 0, reviewed: 0 };
  for (const { by } of columns) counts[by]++;
  const kept = columns.filter(({ by }) => by === "reviewed");
  return {
    ...counts,
    blanked: blanks.map(({ table, column, rule }) => `${table.id}.${column.name}: ${rule.strategy}`),
    unaccounted: [
      ...left.map(({ table, column }) => `${table.id}.${column.name}`),
      ...objectDrift.map(({ object: { kind, name } }) => `${kind} ${name}`),
    ],
    removed: removed.map(({ kind, name }) => `${kind} ${name}`),
    reasons: Object.fromEntries(
      [...Map.groupBy(kept, ({ reason }) => reason)].map(([reason, found]) => [reason, found.length]),
    ),
    milliseconds: Math.round(milliseconds),
    columns,
  };
}
