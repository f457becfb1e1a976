/** Reads entries of `reviewed.json`, and says what type of a column they are for. @module */

import type { Column } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import type { GroupColumns, Reviewed, Signature } from "../../core/reviewed.ts";
import { type SchemaObjectKind, schemaObjectKinds } from "../../core/object_kinds.ts";

/**
 * A column's type as reviews record it: coarse enough to outlast a longer varchar, fine enough to distinguish text from numbers, and a
 * composite type, domain or range from what it was before it got another attribute or became one over something else.
 */
export function shapeOf({ kind, element, type, attributes }: Column): string {
  const held = kind === "array" ? element ?? "other" : kind;
  const isCoarse = held !== "other" && held !== "enum";
  const shape = !isCoarse ? type : kind === "array" ? `${held} array` : kind;
  return attributes === undefined ? shape : `${shape}: ${attributes}`;
}

/** One column that an entry lists, by itself or in a group. */
export interface ReviewedColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly entry: Reviewed;
}

/** Every column that a list's entries name. */
export function reviewedColumns(entries: readonly Reviewed[]): readonly ReviewedColumn[] {
  return entries.flatMap((entry): readonly ReviewedColumn[] => {
    if ("column" in entry) return [{ table: entry.table, column: entry.column, type: entry.type, entry }];
    if (!("group" in entry)) return [];
    return Object.entries(entry.columns).flatMap(([table, columns]) =>
      Object.entries(columns).map(([column, type]) => ({ table, column, type, entry }))
    );
  });
}

/**
 * Checks a list of entries.
 *
 * @param place What is read, for messages: a file's name.
 * @throws {ScrubError} `usage`, naming the entry and its error. An entry without a reason is one, so that a pasted line must be completed.
 */
export function readReviewed(place: string, value: unknown): readonly Reviewed[] {
  if (!Array.isArray(value)) throw wrong(place, "it is no list of entries");
  const entries = value.map((entry, at) => readEntry(`${place}, entry ${at + 1}`, entry));
  const seen = new Set<string>();
  for (const key of entries.flatMap(keysOf)) {
    if (seen.has(key)) throw wrong(place, `${key} is listed twice`);
    seen.add(key);
  }
  return entries;
}

/**
 * Checks a file for `--reviewed`: a list of entries for each scrubber, by its name.
 *
 * @throws {ScrubError} as {@linkcode readReviewed} does.
 */
export function readReviewedFile(place: string, text: string): Readonly<Record<string, readonly Reviewed[]>> {
  const value = parseReviewedJson(place, text);
  if (!isObject(value)) throw wrong(place, 'it is no object of lists by scrubber, such as { "orders": [] }');
  return Object.fromEntries(
    Object.entries(value).map(([scrubber, list]) => [scrubber, readReviewed(`${place}, "${scrubber}"`, list)]),
  );
}

/**
 * The value of a file of reviews.
 *
 * @throws {ScrubError} `usage`, with the line, where it is not JSON. The parser's message quotes the file: it is left out.
 */
export function parseReviewedJson(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : "") ?? [];
    const line = (position === undefined ? text : text.slice(0, Number(position))).split("\n").length;
    throw new ScrubError(
      "usage",
      `Cannot use ${place}, line ${line}: it is not JSON from there on`,
      "Correct it: names and texts in double quotes, commas between members and none behind the last, no comments.",
    );
  }
}

function readEntry(place: string, value: unknown): Reviewed {
  if (!isObject(value)) throw wrong(place, "it is no object");
  const shape = shapes.find(({ names }) => names.every((name) => name in value));
  if (!shape) throw wrong(place, 'it names no "table", "group" or "object"');
  const published = "public" in value;
  const members = [...shape.names, ...signature, "object" in value ? "digest" : "public"];
  const unknown = Object.keys(value).find((name) => !members.includes(name));
  if (unknown !== undefined) throw wrong(place, `"${unknown}" is no member of such an entry`);
  if (published && value["public"] !== true) throw wrong(place, 'its "public" is not true; leave it out');
  const [reason, by, source] = signature.map((name) => text(place, value, name));
  return {
    reason: reason ?? "",
    by: by ?? "",
    source: source ?? "",
    ...(published && { public: true as const }),
    ...shape.read(place, value),
  };
}

const signature: readonly string[] = ["reason", "by", "source"];

type Members = Readonly<Record<string, unknown>>;
type Target<T> = T extends Reviewed ? Omit<T, keyof Signature> : never;

/** The kinds of entries, those with more members first. */
const shapes: readonly {
  readonly names: readonly string[];
  read(place: string, value: Members): Target<Reviewed>;
}[] = [
  {
    names: ["table", "column", "type"],
    read: (place, value) => ({
      table: text(place, value, "table"),
      column: text(place, value, "column"),
      type: text(place, value, "type"),
    }),
  },
  {
    names: ["group", "columns"],
    read: (place, value) => ({ group: text(place, value, "group"), columns: groupColumns(place, value["columns"]) }),
  },
  {
    names: ["object", "name"],
    read: (place, value) => ({
      object: schemaObjectKind(place, value),
      name: text(place, value, "name"),
      ...("digest" in value && { digest: text(place, value, "digest") }),
    }),
  },
  { names: ["table"], read: (place, value) => ({ table: text(place, value, "table") }) },
];

function groupColumns(place: string, value: unknown): GroupColumns {
  if (!isObject(value)) throw wrong(place, '"columns" is no object of tables');
  return Object.fromEntries(
    Object.entries(value).map(([table, columns]) => {
      if (!isObject(columns)) throw wrong(place, `"columns" has no object of columns for "${table}"`);
      const names = Object.keys(columns);
      return [table, Object.fromEntries(names.map((name) => [name, text(place, columns, name)]))];
    }),
  );
}

function schemaObjectKind(place: string, value: Members): SchemaObjectKind {
  const name = text(place, value, "object");
  const kind = schemaObjectKinds.find((kind) => kind === name);
  if (!kind) throw wrong(place, `"${name}" is no kind of object (${schemaObjectKinds.join(", ")})`);
  return kind;
}

function text(place: string, value: Members, name: string): string {
  const found = value[name];
  if (typeof found !== "string" || found.trim() === "") throw wrong(place, `its "${name}" is empty or no text`);
  return found;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(entry: Reviewed): readonly string[] {
  if ("object" in entry) return [`${entry.object} "${entry.name}"${entry.digest ? ` of digest ${entry.digest}` : ""}`];
  if ("table" in entry && !("column" in entry)) return [`table "${entry.table}"`];
  return reviewedColumns([entry]).map(({ table, column }) => `column "${table}.${column}"`);
}

function wrong(place: string, why: string): ScrubError {
  return new ScrubError(
    "usage",
    `Cannot use ${place}: ${why}`,
    "Each entry names what may stay, and has the reason, who reviewed it (by), and from what (source).",
  );
}
