/** Describes plain data as JSON Schema, held to its TypeScript type: a field that is not described does not compile. @module */

/** JSON Schema as far as it is used here. https://json-schema.org/draft/2020-12 */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly $ref?: string;
}

/** The schema of data of type T. Only this file makes one. */
export interface Described<T> {
  readonly schema: JsonSchema;
  /** Never there: keeps one type's schema from standing for another's. */
  readonly of?: (data: T) => T;
}

/** A field that may be absent. */
interface Optional<T> extends Described<T> {
  readonly optional: true;
}

/** What all fields have in common. */
interface Field {
  readonly schema: JsonSchema;
  readonly optional?: true;
}

/** A description for every field of T, marked optional where the type says so. */
type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Exclude<T[K], undefined>> : Described<T[K]>;
};

/** Text. */
export function text(description: string, rules: Pick<JsonSchema, "format" | "pattern"> = {}): Described<string> {
  return { schema: { type: "string", description, ...rules } };
}

/** A moment, in ISO 8601. */
export function moment(description: string): Described<string> {
  return text(description, { format: "date-time" });
}

/** One of a few words. */
export function word<const W extends string>(description: string, words: readonly W[]): Described<W> {
  return { schema: { enum: words, description } };
}

/** A number that is not negative. */
export function count(description: string): Described<number> {
  return { schema: { type: "number", minimum: 0, description } };
}

/** True or false. */
export function flag(description: string): Described<boolean> {
  return { schema: { type: "boolean", description } };
}

/** Always the same. */
export function always<const V extends string | number>(description: string, value: V): Described<V> {
  return { schema: { const: value, description } };
}

/** A list. */
export function list<T>(description: string, items: Described<T>): Described<readonly T[]> {
  return { schema: { type: "array", description, items: items.schema } };
}

/** An object whose keys are names from elsewhere. */
export function byName<T>(description: string, values: Described<T>): Described<Readonly<Record<string, T>>> {
  return { schema: { type: "object", description, additionalProperties: values.schema } };
}

/** What `$defs` describes under a name; for data that holds its own kind. */
export function reference<T>(name: string): Described<T> {
  return { schema: { $ref: `#/$defs/${name}` } };
}

/** A field that may be absent. */
export function maybe<T>(described: Described<T>): Optional<T> {
  return { schema: described.schema, optional: true };
}

/** An object with exactly these fields. */
export function object<T extends object>(description: string, fields: Fields<T>): Described<T> {
  const entries: readonly (readonly [string, Field])[] = Object.entries(fields);
  return {
    schema: {
      type: "object",
      description,
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
      required: entries.filter(([, { optional }]) => optional !== true).map(([name]) => name),
      additionalProperties: false,
    },
  };
}
