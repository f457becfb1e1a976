/** What two servers define, compared: only names of objects leave this file. @module */

import type { Cell, Session } from "../engine/engine.ts";
import type { Sql } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";

/** Definitions by object, such as `table public.users`. They may hold any text of a catalogue, and are never shown. */
export type Definitions = ReadonlyMap<string, string>;

/** How many objects a message names. */
const mostNamed = 5;

/** Those of a query for `object` and `definition`. */
export async function readDefinitions(session: Session, query: Sql, normalised = asIs): Promise<Definitions> {
  const rows = await session.scan(query);
  return new Map(rows.map(({ object, definition }) => [String(object), normalised(definition ?? null)]));
}

function asIs(definition: Cell): string {
  return String(definition);
}

/**
 * @param where Such as `database "x"`.
 * @throws {ScrubError} `rebuild`, naming objects that are not equal on both sides.
 */
export function compareDefinitions(where: string, from: Definitions, to: Definitions): void {
  const names = [...new Set([...from.keys(), ...to.keys()])].filter((name) => from.get(name) !== to.get(name));
  if (names.length === 0) return;
  const named = names.toSorted().slice(0, mostNamed).map((name) => {
    if (!to.has(name)) return `${name} is missing`;
    return from.has(name) ? `${name} is another` : `${name} is one too many`;
  });
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : "";
  throw new ScrubError(
    "rebuild",
    `Cannot take the new instance: ${where} differs from the workspace: ${named.join(", ")}${more}`,
    "Check that the new instance has the engine version and the parameter group of the workspace, and that no other client uses either.",
  );
}

/**
 * Compares how many rows each table has; names by what people call them.
 *
 * @returns how many there are in all.
 * @throws {ScrubError} `rebuild`, naming tables.
 */
export function compareCounts(
  where: string,
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
): number {
  const text = (counts: ReadonlyMap<string, number>): Definitions =>
    new Map([...counts].map(([table, rows]) => [`the number of rows of ${table}`, String(rows)]));
  compareDefinitions(where, text(from), text(to));
  return from.values().reduce((sum, rows) => sum + rows, 0);
}
