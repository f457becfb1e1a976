/** Reads the fixtures' SQL as schema values, so that rules can be held against it without a server. @module */

import type { Column, ColumnKind, Schema, Table, UniqueKey } from "../../lib/engine/schema.ts";
import { engineOf, type SchemaName, schemaStatements } from "../fixtures/load.ts";

const kinds: readonly (readonly [RegExp, ColumnKind])[] = [
  [/\[\]$/, "array"],
  [/^(tinyint\(1\)|boolean)/, "boolean"],
  [/^(character varying|varchar|text|mediumtext|longtext)/, "text"],
  [/^json/, "json"],
  [/^uuid/, "uuid"],
  [/^(int|bigint)/, "integer"],
  [/^decimal/, "decimal"],
  [/^date$/, "date"],
  [/^(datetime|timestamp)/, "timestamp"],
];

/** Bytes of MySQL's TEXT types. */
const sizes: Readonly<Record<string, number>> = { text: 65_535, mediumtext: 16_777_215, longtext: 4_294_967_295 };

/** The schema of a fixture. Foreign keys too; row counts are zero. */
export async function fixtureSchema(name: SchemaName): Promise<Schema> {
  const engine = engineOf(name);
  const statements = (await schemaStatements(name)).map((statement) => statement.replaceAll(/[`"]/g, ""));
  const indexes = statements.flatMap(uniqueIndex);
  const tables = statements.flatMap((statement): Table[] => {
    const [, table, body] = /^CREATE TABLE (\w+) \(\n(.*)\n\)/s.exec(statement) ?? [];
    if (table === undefined || body === undefined) return [];
    const lines = body.split("\n").map((line) => line.trim().replace(/,$/, ""));
    const keys = lines.flatMap((line) => keyOf(table, line));
    return [{
      id: table,
      schema: engine === "mysql" ? "fixture" : "public",
      name: table,
      kind: "table",
      columns: lines.filter((line) => !/^(PRIMARY|UNIQUE|KEY|CONSTRAINT)\b/.test(line)).map((line) =>
        columnOf(line, engine)
      ),
      primaryKey: keys.find((key) => key.primary)?.columns ?? [],
      uniqueKeys: [...keys, ...indexes.filter((index) => index.table === table)],
      rows: 0,
      bytes: 0,
      hasTriggers: false,
    }];
  });
  return { engine, database: "fixture", version: 0, tables, foreignKeys: statements.flatMap(foreignKeys) };
}

function columnOf(line: string, engine: Schema["engine"]): Column {
  const [, name = "", type = ""] = /^(\w+) (.+?)(?: DEFAULT .*| NOT NULL.*| AUTO_INCREMENT.*)?$/.exec(line) ?? [];
  const kind = kinds.find(([pattern]) => pattern.test(type))?.[1];
  if (!kind) throw new TypeError(`Cannot read the fixture's line "${line}"`);
  const length = /^(?:character varying|varchar)\((\d+)\)$/.exec(type)?.[1];
  return {
    name,
    type,
    kind,
    ...(kind === "array" && { element: "text" as const }),
    ...(length !== undefined && { length: Number(length) }),
    ...(engine === "mysql" && sizes[type] !== undefined && { length: sizes[type] }),
    nullable: !/ NOT NULL/.test(line),
    hasDefault: / (DEFAULT (?!NULL)|AUTO_INCREMENT)/.test(line),
    ...generatedBy(line),
    generated: false,
  };
}

function generatedBy(line: string): Pick<Column, "generatedBy"> {
  if (/ AUTO_INCREMENT/.test(line)) return { generatedBy: "auto_increment" };
  if (/ DEFAULT nextval\(/.test(line)) return { generatedBy: "sequence" };
  return / DEFAULT (uuid_generate_v4|gen_random_uuid)\(\)/.test(line) ? { generatedBy: "uuid" } : {};
}

function keyOf(table: string, line: string): UniqueKey[] {
  const [, name = `${table}_pkey`, columns = ""] =
    /^(?:CONSTRAINT (?:\w+) |UNIQUE KEY (\w+) )?(?:PRIMARY KEY )?\(([^)]*)\)/.exec(line) ?? [];
  if (columns === "") return [];
  return [{ name, primary: line.includes("PRIMARY KEY"), columns: columns.split(", "), folds: false }];
}

function uniqueIndex(statement: string): (UniqueKey & { readonly table: string })[] {
  const [, name, table, parts] =
    /^CREATE UNIQUE INDEX (\w+) ON (\w+) USING btree \((.*?)\)(?: WHERE .*)?$/.exec(statement) ??
      [];
  if (name === undefined || table === undefined || parts === undefined) return [];
  const folded = /lower\(\(?(\w+)/.exec(parts)?.[1];
  const columns = folded === undefined ? parts.split(", ") : [folded];
  return [{ name, table, primary: false, columns, folds: folded !== undefined }];
}

function foreignKeys(statement: string): Schema["foreignKeys"][number][] {
  const child = /^ALTER TABLE (?:ONLY )?(\w+)/.exec(statement)?.[1];
  const pattern =
    /CONSTRAINT (\w+) FOREIGN KEY \((\w+)\) REFERENCES (\w+) ?\((\w+)\)(?: ON DELETE (CASCADE|RESTRICT|SET NULL))?/g;
  return [...statement.matchAll(pattern)].flatMap(([, name, column, parent, parentColumn, action]) =>
    child && name && column && parent && parentColumn
      ? [{
        name,
        child,
        columns: [column],
        parent,
        parentColumns: [parentColumn],
        onDelete: action === "CASCADE"
          ? "cascade" as const
          : action === "RESTRICT"
          ? "restrict" as const
          : action
          ? "set null" as const
          : "no action" as const,
      }]
      : []
  );
}
