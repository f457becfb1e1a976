/** Compares one live database with its scrubber's rules and reviews, before the first change. @module */

import type { Engine, Session, Step } from "../../engine/engine.ts";
import type { SchemaObject } from "../../engine/inventory.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import type { CoverageReport } from "../../core/report.ts";
import { bind, type BoundDefinition, definitionFor } from "../rules/bind.ts";
import { type Blank, chooseBlanks, type Unblankable, withBlanks } from "./blank.ts";
import { assumptionsOf } from "./assumptions.ts";
import { accountFor, type Coverage } from "./coverage.ts";
import type { Definition, Scrubber } from "../rules/definition.ts";
import { refusedSelections } from "./explain_selections.ts";
import type { DatabaseDrift } from "./drift.ts";
import { readReviewed } from "./reviewed.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** A database whose coverage is known. Nothing was changed. */
export interface CoveredDatabase {
  readonly schema: Schema;
  readonly coverage: Coverage;
  /** What the database held besides rows. */
  readonly objects: readonly SchemaObject[];
  /** The entries in force. */
  readonly reviewed: readonly Reviewed[];
  /** Unclassified columns that will be emptied. */
  readonly blanks: readonly Blank[];
  /** The bound rules; absent where {@linkcode drift} says why they do not fit. */
  readonly bound?: BoundDefinition;
  /** What stops the run; empty where nothing does. */
  readonly drift: DatabaseDrift;
  /** Removes objects that the snapshot may not hold: the first change of all. */
  readonly removals: readonly Step[];
  /** Fills emptied objects again, from scrubbed rows: the last change of all. */
  readonly refills: readonly Step[];
  readonly report: CoverageReport;
}

/** How a database is compared with its scrubber. */
export interface CoverOptions {
  readonly onDrift: "refuse" | "blank";
  /** Entries in addition to those of the scrubber's own `reviewed.json`. */
  readonly reviewed: readonly Reviewed[];
}

/**
 * Reads a database's schema and inventory, and classifies everything in it. Reads only; what stops the run is in `drift`.
 *
 * @throws {ScrubError} `usage` where `reviewed.json` is invalid.
 */
export async function coverDatabase(
  engine: Engine,
  session: Session,
  scrubber: Scrubber,
  options: CoverOptions,
): Promise<CoveredDatabase> {
  const started = performance.now();
  const reviewed = [...readReviewed(`reviewed.json of "${scrubber.name}"`, scrubber.reviewed), ...options.reviewed];
  const schema = await engine.schema(session);
  const inventory = await engine.inventory(session, schema);
  const declared = definitionFor(scrubber, schema);
  const found = withoutPersonalNames(accountFor(schema, inventory, declared, reviewed));
  const { blanks, unblankable } = options.onDrift === "blank"
    ? await chooseBlanks(engine, session, schema, inventory.checks, found.columnDrift)
    : { blanks: [], unblankable: found.columnDrift };
  const tried = tryToBind(scrubber, schema, withBlanks(declared, blanks));
  const refused = tried.bound ? await refusedSelections(engine, session, schema, tried.bound) : [];
  const { bound, unfit } = refused.length === 0
    ? tried
    : { bound: undefined, unfit: unfitFor(scrubber, schema, refused) };
  return {
    schema,
    coverage: found,
    objects: inventory.objects,
    reviewed,
    blanks,
    ...(bound && { bound }),
    drift: {
      schema,
      scrubber: scrubber.name,
      ...(scrubber.file && { file: scrubber.file }),
      columns: unblankable,
      objects: found.objectDrift,
      ...(unfit && { unfit }),
    },
    removals: engine.dropObjects(found.removed),
    refills: engine.refillObjects(found.removed),
    report: reportOf(schema, found, scrubber, blanks, unblankable, performance.now() - started),
  };
}

/** Reports name columns, so they name none where some name looks personal and was not reviewed. */
function withoutPersonalNames(found: Coverage): Coverage {
  const personal = found.objectDrift.some(({ object: { kind } }) => kind === "name");
  return personal ? { ...found, columns: [], columnDrift: [] } : found;
}

function tryToBind(
  scrubber: Scrubber,
  schema: Schema,
  definition: Definition,
): { readonly bound?: BoundDefinition; readonly unfit?: ScrubError } {
  try {
    return { bound: bind(scrubber, schema, definition) };
  } catch (error) {
    if (error instanceof ScrubError) return { unfit: error };
    throw error;
  }
}

function unfitFor(scrubber: Scrubber, schema: Schema, problems: readonly string[]): ScrubError {
  return new ScrubError(
    "rules",
    `Cannot scrub database "${schema.database}" with the rules of "${scrubber.name}": ${problems.join("; ")}`,
    "Correct the selections' conditions.",
  );
}

function reportOf(
  schema: Schema,
  { columns, removed, objectDrift, reviewedObjects }: Coverage,
  { name, file }: Pick<Scrubber, "name" | "file">,
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
    ...(reviewedObjects.length > 0 && { reviewedObjects }),
    reasons: Object.fromEntries(
      [...Map.groupBy(kept, ({ reason }) => reason)].map(([reason, found]) => [reason, found.length]),
    ),
    assumptions: assumptionsOf(schema, columns),
    milliseconds: Math.round(milliseconds),
    columns: columns.map((column) =>
      column.by === "ruled" ? { ...column, decidedBy: name, ...(file && { source: file.path }) } : column
    ),
  };
}
