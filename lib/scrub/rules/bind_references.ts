/** Binds the references that rules declare to the live schema, and joins them with the server's foreign keys. @module */

import { type Column, findColumn, findTable, type ForeignKey, type Schema, type Table } from "../../engine/schema.ts";
import type { Definition, Reference } from "./definition.ts";

/** A foreign key of the server, or a reference that a rule declares. */
export interface BoundReference extends ForeignKey {
  /** For people: `foreign key "…"`, or `reference "…"` where a rule declares it. */
  readonly words: string;
  /** What happens to the child row when its parent row is deleted. `refuse`: the run stops where one would be left. */
  readonly whenDeleted: "delete" | "set null" | "refuse";
  /** Rows may lead nowhere before the run already: the server does not enforce it. */
  readonly mayDangle: boolean;
  /** Of a polymorphic reference: only rows whose column holds the text reference this parent. */
  readonly type?: {
    readonly table: Table;
    readonly column: Column;
    readonly value: string;
    /** All the texts that the rule knows. */
    readonly known: readonly string[];
  };
  /** The columns' types differ: they are compared as texts. */
  readonly asText?: true;
}

/** All references of a database whose rules have no problem; otherwise the problems, as sentences. */
export function bindReferences(definition: Definition, schema: Schema, problems: string[]): readonly BoundReference[] {
  const rules = Object.values(definition.tables).flatMap((rule) => "columns" in rule ? [rule] : []);
  const isSubset = rules.some(({ keepRows, keepReferenced }) => keepRows !== undefined || keepReferenced);
  const declared = new Map<string, BoundReference>();
  for (const [name, rule] of Object.entries(definition.tables)) {
    const table = findTable(schema, name);
    if (!table || !("columns" in rule)) continue;
    for (const reference of rule.references ?? []) {
      const place = `reference ${name}.${reference.columns.join(", ")}`;
      const found: string[] = [];
      for (const bound of bindReference(schema, table, reference, isSubset, found)) {
        const key = identityOf(bound);
        if (declared.has(key)) found.push(`it is declared twice`);
        declared.set(key, bound);
      }
      problems.push(...found.map((problem) => `${place}: ${problem}`));
    }
  }
  const own = schema.foreignKeys.map((key): BoundReference => {
    const exception = declared.get(identityOf(key));
    declared.delete(identityOf(key));
    return exception ?? ofServer(key, isSubset);
  });
  return [...own, ...declared.values()];
}

function ofServer(key: ForeignKey, isSubset: boolean): BoundReference {
  const otherwise = isSubset ? "delete" : "refuse";
  const whenDeleted = key.onDelete === "cascade" ? "delete" : key.onDelete === "set null" ? "set null" : otherwise;
  return { ...key, words: `foreign key "${key.name}"`, whenDeleted, mayDangle: isSubset && key.notValid === true };
}

/** Equal for references with the same columns on both sides, in any order, and of the same type. */
function identityOf(
  { child, columns, parent, parentColumns, type }: ForeignKey & Pick<BoundReference, "type">,
): string {
  const pairs = columns.map((name, at) => JSON.stringify([name, parentColumns[at]])).sort();
  return JSON.stringify([child, parent, pairs, type?.column.name, type?.value]);
}

function bindReference(
  schema: Schema,
  table: Table,
  reference: Reference,
  isSubset: boolean,
  problems: string[],
): readonly BoundReference[] {
  const { columns, to, type, whenDeleted } = reference;
  const missing = [...columns, ...(type === undefined ? [] : [type])].filter((name) => !findColumn(table, name));
  if (missing.length > 0) {
    if (!reference.optional) problems.push(...missing.map((name) => `there is no column "${name}"`));
    return [];
  }
  if (columns.length === 0) problems.push("it names no column");
  const nullable = columns.filter((name) => {
    const column = findColumn(table, name);
    return column?.nullable && !column.generated && !table.primaryKey.includes(name);
  });
  if (whenDeleted === "set null" && nullable.length === 0) problems.push("no column of it can be set to NULL");
  const bind = (parentId: string, as?: string): BoundReference | undefined => {
    const parent = findTable(schema, parentId);
    if (!parent) {
      if (!reference.optional) problems.push(`there is no table "${parentId}"`);
      return undefined;
    }
    const parentColumns = reference.toColumns ?? parent.primaryKey;
    const asText = pairColumns(table, columns, parent, parentColumns, problems);
    const typeColumn = type === undefined ? undefined : findColumn(table, type);
    const key = {
      child: table.id,
      columns,
      parent: parent.id,
      parentColumns,
      ...(as !== undefined && typeColumn &&
        { type: { table, column: typeColumn, value: as, known: typeof to === "string" ? [] : Object.keys(to) } }),
    };
    const server = schema.foreignKeys.find((one) => identityOf(one) === identityOf({ ...one, ...key }));
    if (server) {
      const kept = ofServer(server, isSubset);
      if (whenDeleted === undefined) return kept;
      return { ...kept, whenDeleted, ...(whenDeleted === "set null" && { nulled: nullable }) };
    }
    const name = `${columns.join(", ")} to ${parent.id}${as === undefined ? "" : ` as ${as}`}`;
    return {
      ...key,
      name,
      onDelete: "no action",
      words: `reference "${name}"`,
      whenDeleted: whenDeleted ?? "delete",
      mayDangle: true,
      ...(whenDeleted === "set null" && { nulled: nullable }),
      ...(asText && { asText }),
    };
  };
  if (typeof to === "string") {
    if (type !== undefined) problems.push(`"type" is for a reference to one table or another; "to" names a single one`);
    return [bind(to)].flatMap((bound) => bound ?? []);
  }
  const typeColumn = type === undefined ? undefined : findColumn(table, type);
  if (!typeColumn) problems.push(`"to" names several tables, and "type" no column that tells which`);
  else if (typeColumn.kind !== "text" && typeColumn.kind !== "enum") problems.push(`"${typeColumn.name}" is no text`);
  return Object.entries(to).flatMap(([as, parent]) => (parent === null ? undefined : bind(parent, as)) ?? []);
}

/** Whether columns have to be compared as texts. */
function pairColumns(
  table: Table,
  columns: readonly string[],
  parent: Table,
  parentColumns: readonly string[],
  problems: string[],
): true | undefined {
  if (parentColumns.length !== columns.length) {
    problems.push(
      parentColumns.length === 0
        ? `${parent.id} has no primary key; name its unique columns in "toColumns"`
        : `it has ${columns.length} columns, and those of ${parent.id} are ${parentColumns.length}: ${
          parentColumns.join(", ")
        }`,
    );
    return undefined;
  }
  const unknown = parentColumns.filter((name) => !findColumn(parent, name));
  if (unknown.length > 0) {
    problems.push(...unknown.map((name) => `there is no column "${name}" in ${parent.id}`));
    return undefined;
  }
  const pairs = columns.map((name, at) => [name, parentColumns[at] ?? ""] as const);
  if (table === parent && pairs.every(([name, parentName]) => name === parentName)) {
    problems.push("it leads from every row to itself");
  }
  const isUnique = [parent.primaryKey, ...parent.uniqueKeys.map((key) => key.columns)].some((key) =>
    key.length > 0 && key.every((name) => parentColumns.includes(name))
  );
  if (!isUnique) problems.push(`${parent.id} (${parentColumns.join(", ")}) is not unique`);
  let asText: true | undefined;
  for (const [name, parentName] of pairs) {
    const [own, other] = [findColumn(table, name), findColumn(parent, parentName)];
    if (!own || !other || areAlike(own, other)) continue;
    const incomparable = [own, other].find(({ kind }) => ["json", "array", "binary", "other"].includes(kind));
    if (incomparable) problems.push(`${own.name} is ${own.type}, and ${parent.id}.${other.name} is ${other.type}`);
    asText = true;
  }
  return asText;
}

const numbers: readonly Column["kind"][] = ["integer", "decimal"];

/** Whether the server compares the columns by `=`. */
function areAlike(a: Column, b: Column): boolean {
  if (numbers.includes(a.kind) && numbers.includes(b.kind)) return true;
  if (a.kind !== b.kind || a.kind === "json" || a.kind === "array") return false;
  return a.type === b.type || (a.kind !== "enum" && a.kind !== "other");
}
