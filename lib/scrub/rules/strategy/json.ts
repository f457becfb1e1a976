/** The strategy `json`. @module */

import * as v from "valibot";
import type { Expressions, Json } from "../../../engine/expressions.ts";
import type { JsonPlaces } from "../../../engine/json_places.ts";
import type { Column } from "../../../engine/schema.ts";
import type { Sql } from "../../../engine/sql.ts";
import { parsePath, type Step } from "./json_path.ts";
import {
  anyJson,
  orEmpty,
  parameterProblem,
  type Place,
  refuseUnique,
  type Row,
  type Strategy,
  unlessEmpty,
} from "./strategy.ts";

/** What a strategy takes a value in a document for. */
type LeafKind = "json" | "text" | "decimal" | "integer";

/** What happens at a path. */
interface Leaf {
  readonly strategy: Strategy;
  readonly parameter: Json;
  readonly kind: LeafKind;
}

const filler = "The text that stood here was removed. ";

const digits = { integer: "-?[0-9]{1,18}", decimal: "-?[0-9]{1,25}([.][0-9]{1,25})?" } as const;

/** The strategy `json`, which finds others by their names. */
export function jsonOf(find: (name: string) => Strategy | undefined): Strategy {
  return {
    description: {
      summary:
        "A JSON document with a strategy for the value at each path, also in columns of text: `$.user.email`, `$.ips[*]` for " +
        'every element of an array (and for a value that is none), `$."a key"`. What is missing or null stays so; an object or array ' +
        "where a strategy takes text becomes empty, and so does whatever stands where the path needs an object; text that is no document " +
        "is replaced as a whole. Values of other keys are kept.",
      example: {
        rule: { json: { "$.user.email": "email", "$.notes[*].text": { constant: "removed" } } },
        before: '{"user":{"email":"ada@mail.example","id":7},"notes":[{"text":"likes tea"},{"text":null}]}',
        after:
          '{"user":{"id":7,"email":"user-9d1cf82b532b70aa11854c76@example.com"},"notes":[{"text":"removed"},{"text":null}]}',
      },
    },
    parameter: v.pipe(v.record(v.string(), anyJson), v.description("Paths, each with a strategy.")),
    keepsParts: true,
    refuse(place, parameter) {
      if (place.column.kind !== "json" && place.column.kind !== "text") return `JSON is no ${place.column.type}`;
      const bound = bindPlaces(place, parameter, find);
      return typeof bound === "string" ? bound : refuseUnique(place);
    },
    newValue(e, old, parameter) {
      const changed = (document: Sql) =>
        e.documents.mapped(
          document,
          placesOf(old, parameter, find),
          (found, leaf) => newLeaf(e, old, found, leaf),
          (found) => emptied(e, found),
        );
      if (old.column.kind === "json") {
        const document = e.asDocument(old.value, old.column);
        return e.choose(
          e.sql`${old.value} IS NULL`,
          e.nothing(old.column),
          e.fromDocument(changed(document), old.column),
        );
      }
      const text = e.asText(old.value, old.column);
      const document = e.documents.parsed(text);
      const scrubbed = e.choose(
        e.sql`${document} IS NULL`,
        e.filled(filler, e.length(text)),
        e.fromDocument(changed(document), old.column),
      );
      return e.choose(
        e.sql`${old.value} IS NULL`,
        e.nothing(old.column),
        unlessEmpty(e, old, e.fromText(scrubbed, old.column)),
      );
    },
    removed(e, old, parameter) {
      const places = placesOf(old, parameter, find);
      const removed = (document: Sql) =>
        e.documents.texts(document, places, (found, leaf) => {
          const row = leafRow(e, old, found, leaf);
          // Whatever is no text for its strategy, such as an object, goes as a whole.
          const own = leaf.strategy.removed
            ? leaf.strategy.removed(e, row, leaf.parameter)
            : e.searchable(row.value, row.column);
          if (leaf.kind === "json") return own;
          const whole = e.searchable(found, documentColumn(e));
          return whole && e.choose(e.documents.isContainer(found), whole, own ?? e.sql`NULL`);
        }, (found) => e.searchable(found, documentColumn(e)) ?? e.sql`NULL`);
      if (old.column.kind === "json") return removed(e.asDocument(old.value, old.column));
      const text = e.asText(old.value, old.column);
      const document = e.documents.parsed(text);
      return e.choose(e.sql`${document} IS NULL`, text, removed(document));
    },
    evidence(e, now, parameter) {
      const holds = (document: Sql) =>
        e.documents.holds(
          document,
          placesOf(now, parameter, find),
          (found, leaf) => leafHolds(e, now, found, leaf),
          (found) => isEmptied(e, found),
        );
      if (now.column.kind === "json") {
        return e.sql`(${now.value} IS NULL OR ${holds(e.asDocument(now.value, now.column))})`;
      }
      const text = e.asText(now.value, now.column);
      const document = e.documents.parsed(text);
      const filled = e.same(text, e.filled(filler, e.length(text)));
      return orEmpty(e, now, e.choose(e.sql`${document} IS NULL`, filled, holds(document)));
    },
  };
}

function documentColumn(e: Expressions): Column {
  return pseudoColumn(e.documentType, "json");
}

function pseudoColumn(type: string, kind: LeafKind): Column {
  return { name: "document", type, kind, nullable: true, hasDefault: false, generated: false };
}

/** What a strategy is asked about in place of the document's column: no other column, no key. */
function leafColumn(e: Pick<Expressions, "documentType"> | undefined, kind: LeafKind): Column {
  const types = { text: "text", integer: "bigint", decimal: "decimal(50,2)", json: e?.documentType ?? "json" } as const;
  return pseudoColumn(types[kind], kind);
}

function inner(place: Place, column: Column): Place {
  return { table: { ...place.table, columns: [column], primaryKey: [], uniqueKeys: [] }, column, changes: () => false };
}

function leafRow(e: Expressions, row: Row, found: Sql, { kind }: Leaf): Row {
  const column = leafColumn(e, kind);
  const text = e.documents.scalar(found);
  const value = kind === "json" ? found : kind === "text" ? text : e.fromText(text, column);
  const other = (name: string): Sql => {
    throw new TypeError(`Cannot read ${name} in a document`);
  };
  return { ...inner(row, column), value, of: other, newValueOf: other };
}

function emptied(e: Expressions, found: Sql): Sql {
  return e.emptied(found, documentColumn(e));
}

function isEmptied(e: Expressions, found: Sql): Sql {
  return e.equal(found, emptied(e, found), documentColumn(e));
}

/** Whether the value is of a kind that the strategy takes. */
function isTaken(e: Expressions, found: Sql, { kind }: Leaf): Sql {
  if (kind === "json") return e.sql`TRUE`;
  if (kind === "text") return e.sql`NOT ${e.documents.isContainer(found)}`;
  return e.sql`coalesce(${e.matches(e.documents.scalar(found), digits[kind])}, FALSE)`;
}

function newLeaf(e: Expressions, old: Row, found: Sql, leaf: Leaf): Sql {
  const value = leaf.strategy.newValue(e, leafRow(e, old, found, leaf), leaf.parameter);
  if (leaf.kind === "json") return e.documents.orNull(value);
  const made = leaf.kind === "text" ? e.documents.string(value) : e.documents.number(value);
  return e.choose(isTaken(e, found, leaf), made, emptied(e, found));
}

function leafHolds(e: Expressions, now: Row, found: Sql, leaf: Leaf): Sql {
  const holds = leaf.strategy.evidence(e, leafRow(e, now, found, leaf), leaf.parameter);
  const proven = holds === "by construction" ? e.sql`TRUE` : holds;
  if (leaf.kind === "json") return proven;
  const isEmpty = isEmptied(e, found);
  const taken = isTaken(e, found, leaf);
  // A number that was not taken became 0, which is.
  return leaf.kind === "text"
    ? e.choose(taken, proven, isEmpty)
    : e.choose(isEmpty, e.sql`TRUE`, e.sql`(${taken} AND ${proven})`);
}

function placesOf(place: Place, parameter: Json, find: (name: string) => Strategy | undefined): JsonPlaces<Leaf> {
  const bound = bindPlaces(place, parameter, find);
  if (typeof bound === "string") throw new TypeError(`Cannot use the strategy json: ${bound}`);
  return bound;
}

/** The places with their strategies, or why there is no such thing, as the end of a sentence. */
function bindPlaces(
  place: Place,
  parameter: Json,
  find: (name: string) => Strategy | undefined,
): JsonPlaces<Leaf> | string {
  const found: (readonly [readonly Step[], Leaf])[] = [];
  for (const [path, rule] of Object.entries(parameter as Readonly<Record<string, Json>>)) {
    const steps = parsePath(path);
    if (typeof steps === "string") return `the path ${path} ${steps}`;
    const leaf = bindLeaf(place, rule, find);
    if (typeof leaf === "string") return `the path ${path}: ${leaf}`;
    found.push([steps, leaf]);
  }
  return found.length === 0 ? "it needs at least one path" : combined(found);
}

function bindLeaf(place: Place, rule: Json, find: (name: string) => Strategy | undefined): Leaf | string {
  const spelled = typeof rule === "string"
    ? [rule, undefined] as const
    : rule !== null && typeof rule === "object" && !Array.isArray(rule)
    ? Object.entries(rule)
    : [];
  const [name, given] = typeof rule === "string" ? [rule, undefined] : (spelled as [string, Json][])[0] ?? [];
  if (name === undefined || (typeof rule !== "string" && spelled.length !== 1)) return "it has no strategy";
  const strategy = find(name);
  if (!strategy) return `there is no strategy "${name}" for a part of a document`;
  const parameter = given !== undefined && isEmptyObject(given) && name !== "constant" ? undefined : given;
  const problem = parameterProblem(strategy, parameter);
  if (problem !== undefined) return `${name} does not fit: ${problem}`;
  let refused = "";
  for (const kind of ["json", "text", "decimal", "integer"] as const) {
    const why = strategy.refuse(inner(place, leafColumn(undefined, kind)), parameter ?? null);
    if (why === undefined) return { strategy, parameter: parameter ?? null, kind };
    if (kind === "text") refused = why;
  }
  return `${name} does not fit: ${refused}`;
}

function isEmptyObject(value: Json): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** The paths as a tree. */
function combined(paths: readonly (readonly [readonly Step[], Leaf])[]): JsonPlaces<Leaf> | string {
  const [first] = paths;
  if (first && paths.length === 1 && first[0].length === 0) return { leaf: first[1] };
  if (paths.some(([steps]) => steps.length === 0)) return "one path is a part of another";
  const groups = Map.groupBy(paths, ([[step]]) => step?.key);
  if (groups.has(undefined) && groups.size > 1) return "one path takes for an array what another takes for an object";
  const below = new Map<string, JsonPlaces<Leaf>>();
  for (const [key, group] of groups) {
    const places = combined(group.map(([[, ...rest], leaf]) => [rest, leaf] as const));
    if (typeof places === "string") return places;
    if (key === undefined) return { every: places };
    below.set(key, places);
  }
  return { keys: below };
}
