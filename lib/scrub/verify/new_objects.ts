/** What appeared in a database after it was planned, by another session's statement: rules, reviews and searches know nothing of it. @module */

import type { SchemaObject } from "../../engine/inventory.ts";
import { type Column, findColumn, findTable, type Schema } from "../../engine/schema.ts";
import type { PlannedDatabase } from "../plan/plan_database.ts";
import { refusedObjects } from "../coverage/coverage.ts";
import { policyFor } from "../coverage/object_policy.ts";

/**
 * Tables, columns and other objects that were not there when the scrub was planned, or not as such, or that its policy refuses or drops by
 * now. Reads the catalogue only.
 *
 * @returns findings, without values.
 */
export async function findNewObjects(
  { engine, session, schema, objects, reviewed }: Pick<
    PlannedDatabase,
    "engine" | "session" | "schema" | "objects" | "reviewed"
  >,
): Promise<readonly string[]> {
  const { objects: now } = await engine.inventory(session);
  const refused = refusedObjects(now, reviewed);
  const known = new Set(objects.map(nameOf));
  const added = now.filter((object) => !isCalledByNumber(object) && !known.has(nameOf(object)));
  const left = now.filter((object) => policyFor(object)[0] === "dropped");
  // Only all of it tells what a partition is part of.
  const part = schema.tables.some(({ kind }) => kind === "partition") ? undefined : "columns";
  return [
    ...newlyThere(schema, await engine.schema(session, part)),
    ...refused.map(({ object, why }) => `${nameOf(object)}: ${why}`),
    ...[...new Set([...added, ...left])].filter((object) => !refused.some((one) => one.object === object))
      .map((object) => `${nameOf(object)} was never looked at`),
  ].map((finding) => `${schema.database}: ${finding}`);
}

/** Objects that a rewrite makes anew are called by another number then: the policy alone judges those. */
function isCalledByNumber({ kind }: SchemaObject): boolean {
  return kind === "name" || kind === "statistics object";
}

function nameOf({ kind, name }: SchemaObject): string {
  return `${kind} ${name}`;
}

/** A partition that was detached is a table that no rule reaches, and a table may have taken the name of something else. */
function newlyThere(planned: Schema, now: Schema): readonly string[] {
  return now.tables.flatMap((table) => {
    const before = findTable(planned, table.id);
    if (!before) return [`${table.id} was never looked at`];
    if (before.kind !== table.kind) {
      return [`${table.id} was never looked at as a ${table.kind}: it was a ${before.kind}`];
    }
    const [was, is] = [before.postgresql?.root, table.postgresql?.root];
    if (was !== is && table.kind === "partition") return [`${table.id} was never looked at as a part of ${is}`];
    return table.columns.filter((column) => !isAsBefore(column, findColumn(before, column.name)))
      .map(({ name }) => `${table.id}.${name} was never looked at`);
  });
}

function isAsBefore(now: Column, before: Column | undefined): boolean {
  return before?.type === now.type && before.attributes === now.attributes && before.generated === now.generated &&
    before.callsFunction === now.callsFunction;
}
