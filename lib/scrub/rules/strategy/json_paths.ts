/** The strategy `jsonPaths`. @module */

import * as v from "valibot";
import type { Json } from "../../../engine/expressions.ts";
import { json, refuseUnique, type Strategy } from "./strategy.ts";

/** Replaces the values at paths of a JSON document. */
export const jsonPaths: Strategy = {
  description: {
    summary: "Constants in place of the values at paths of a JSON document; paths that are missing stay missing.",
    example: {
      rule: { jsonPaths: { "user.email": null } },
      before: '{"user":{"email":"ada@mail.example"}}',
      after: '{"user":{"email":null}}',
    },
  },
  parameter: v.pipe(v.record(v.string(), json), v.description("Paths of keys joined by dots, each with its constant.")),
  refuse(place, parameter) {
    if (place.column.kind !== "json") return `JSON is no ${place.column.type}`;
    const paths = pathsOf(parameter);
    if (paths.length === 0) return "it needs at least one path";
    if (paths.some(({ path }) => path.includes(""))) return "a path has an empty part";
    return refuseUnique(place);
  },
  newValue: (e, old, parameter) =>
    pathsOf(parameter).reduce(
      (value, { path, replacement }) => e.jsonReplaced(value, old.column, path, replacement),
      old.value,
    ),
  keepsParts: true,
  removed(e, old, parameter) {
    const texts = pathsOf(parameter).flatMap(({ path, replacement }) => {
      const found = e.jsonAt(old.value, old.column, path);
      const text = e.searchable(found, old.column);
      return text
        ? [e.sql`CASE WHEN NOT ${e.equal(found, e.json(replacement, old.column), old.column)} THEN ${text} END`]
        : [];
    });
    return e.joined(texts);
  },
  evidence(e, now, parameter) {
    const conditions = pathsOf(parameter).map(({ path, replacement }) => {
      const found = e.jsonAt(now.value, now.column, path);
      return e.sql`(${found} IS NULL OR ${e.equal(found, e.json(replacement, now.column), now.column)})`;
    });
    return conditions.reduce((all, one) => e.sql`${all} AND ${one}`);
  },
};

function pathsOf(parameter: Json): { path: string[]; replacement: Json }[] {
  if (parameter === null || typeof parameter !== "object" || Array.isArray(parameter)) return [];
  return Object.entries(parameter).map(([path, replacement]) => ({ path: path.split("."), replacement }));
}
