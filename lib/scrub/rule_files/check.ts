/** Holds what a rule file says against a schema, and says where it does not fit. @module */

import * as v from "valibot";
import { closestName } from "../../core/closest_name.ts";
import type { Json } from "../../engine/expressions.ts";
import type { Located, Place, Problems } from "./document.ts";

/** A name for a message: in quotes, on one line, not longer than it is worth. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 59)}…` : name);
}

/** `; did you mean "x"?`, or nothing. */
export function meant(name: string, names: Iterable<string>): string {
  const closest = closestName(name, [...names]);
  return closest === undefined ? "" : `; did you mean ${quote(closest)}?`;
}

/** What a value is, for a message about one that should be something else. Never the value. */
export function kindOf(value: Json | undefined): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "object":
      return "a mapping";
    case "string":
      return "text";
    case "number":
      return "a number";
    default:
      return String(value);
  }
}

/** Whether a mapping has names only that it may have; adds a problem for each other one. */
export function checkNames(node: Located, allowed: readonly string[], of: string, problems: Problems): void {
  for (const [name, { place }] of node.entries ?? []) {
    if (allowed.includes(name)) continue;
    const hint = meant(name, allowed) || `; it has ${allowed.join(", ")}`;
    problems.add(place, `${of} has no ${quote(name)}${hint}`);
  }
}

/** Whether a mapping is one, and fits. `of`: what it is, as the subject of a sentence. */
export function checkMapping<const E extends v.ObjectEntries>(
  node: Located,
  schema: v.StrictObjectSchema<E, undefined>,
  of: string,
  problems: Problems,
): v.InferOutput<v.StrictObjectSchema<E, undefined>> | undefined {
  if (!node.entries) {
    problems.add(
      node.place,
      `${of} is ${kindOf(node.value)} instead of a mapping with ${Object.keys(schema.entries).join(", ")}`,
    );
    return undefined;
  }
  checkNames(node, Object.keys(schema.entries), of, problems);
  return checkValue(node, schema, of, problems);
}

/** Whether a value fits; adds a problem for everything that does not. */
export function checkValue<S extends v.GenericSchema>(
  node: Located,
  schema: S,
  of: string,
  problems: Problems,
): v.InferOutput<S> | undefined {
  const { success, output, issues } = v.safeParse(schema, node.value);
  if (success) return output;
  for (const issue of issues) {
    const path = (issue.path ?? []).map(({ key }) => key);
    const { place, keyPlace, found, missing } = placeOf(node, path);
    const name = path.length === 0 ? of : quote(path.join("."));
    if (missing) problems.add(place, path.length === 1 ? `${of} needs ${name}` : `${name} is missing`);
    else if (issue.expected === "never") problems.add(keyPlace, `${of} has no ${name}`);
    else if (issue.type === "picklist" && typeof found.value === "string" && !found.hasVariable) {
      problems.add(place, `${name} is ${quote(found.value)}${oneOf(found.value, issue)}`);
    } else if (issue.kind === "validation") problems.add(place, `${name} ${issue.message}`);
    else problems.add(place, `${name} is ${kindOf(found.value)} instead of ${expected(issue.expected)}`);
  }
  return undefined;
}

/** Where a path of keys leads; the place of the mapping that lacks it, where it leads to nothing. */
function placeOf(
  node: Located,
  path: readonly unknown[],
): { readonly place: Place; readonly keyPlace: Place; readonly found: Located; readonly missing: boolean } {
  let at = node;
  let keyPlace = node.place;
  for (const key of path) {
    const entry = typeof key === "number" ? undefined : at.entries?.get(String(key));
    const next = typeof key === "number" ? at.items?.[key] : entry?.node;
    if (!next) return { place: at.place, keyPlace, found: at, missing: true };
    keyPlace = entry?.place ?? next.place;
    at = next;
  }
  return { place: at.place, keyPlace, found: at, missing: false };
}

/** The words that a value could be. */
function oneOf(value: string, issue: v.BaseIssue<unknown>): string {
  const options = (issue.expected ?? "").replace(/^\((.*)\)$/, "$1").split(" | ").map((word) =>
    word.replace(/^"|"$/g, "")
  );
  return meant(value, options) || `; it is one of ${options.join(", ")}`;
}

const words: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  Object: "a mapping",
  Array: "a list",
  null: "nothing",
};

/** What a schema expects, in words: valibot writes `("a" | "b")`. */
function expected(what: string | null): string {
  const parts = (what ?? "something else").replace(/^\((.*)\)$/, "$1").split(" | ");
  const named = [...new Set(parts.map((part) => words[part] ?? part))];
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
}
