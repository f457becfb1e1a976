/**
 * Pieces of valibot schemas. One schema gives a TypeScript type, a check of messages between threads, and the JSON Schema of the
 * report; descriptions become the JSON Schema's.
 *
 * @module
 */

import * as v from "valibot";

/** The type of data that a schema describes, read-only all the way down. */
export type Data<S extends v.GenericSchema> = ReadonlyDeep<v.InferOutput<S>>;

type ReadonlyDeep<T> = T extends readonly (infer One)[] ? readonly ReadonlyDeep<One>[]
  : T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
  : T;

/** Text. */
export function text(description: string): v.GenericSchema<string> {
  return v.pipe(v.string(), v.description(description));
}

/** Text that matches a pattern. */
export function textLike(description: string, pattern: RegExp): v.GenericSchema<string> {
  return v.pipe(v.string(), v.regex(pattern), v.description(description));
}

/** A moment, in ISO 8601. */
export function moment(description: string): v.GenericSchema<string> {
  return v.pipe(v.string(), v.isoTimestamp(), v.description(description));
}

/** One of a few words. */
export function word<const W extends readonly string[]>(description: string, words: W): v.GenericSchema<W[number]> {
  return v.pipe(v.picklist(words), v.description(description));
}

/** A number that is not negative. */
export function count(description: string): v.GenericSchema<number> {
  return v.pipe(v.number(), v.minValue(0), v.description(description));
}

/** True or false. */
export function flag(description: string): v.GenericSchema<boolean> {
  return v.pipe(v.boolean(), v.description(description));
}

/** A list. */
export function list<const S extends v.GenericSchema>(
  description: string,
  items: S,
): v.GenericSchema<v.InferOutput<S>[]> {
  return v.pipe(v.array(items), v.description(description));
}

/** An object whose keys are names from elsewhere. */
export function byName<const S extends v.GenericSchema>(
  description: string,
  values: S,
): v.GenericSchema<Record<string, v.InferOutput<S>>> {
  return v.pipe(v.record(v.string(), values), v.description(description));
}

/** An object with exactly these fields. */
export function object<const E extends v.ObjectEntries>(
  description: string,
  entries: E,
): v.GenericSchema<v.InferOutput<v.StrictObjectSchema<E, undefined>>> {
  return v.pipe(v.strictObject(entries), v.description(description));
}

/** A field that may be absent. */
export const maybe: typeof v.optional = v.optional;
