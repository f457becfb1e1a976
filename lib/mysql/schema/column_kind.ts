/** One column, from information_schema. @module */

import type { Cell } from "../../engine/engine.ts";
import type { Column, ColumnKind } from "../../engine/schema.ts";

/** A row of information_schema.columns, under the names that {@linkcode readColumn} reads. */
export type ColumnRow = Readonly<Record<string, Cell>>;

const kinds: Readonly<Record<string, ColumnKind>> = {
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  json: "json",
  uuid: "uuid",
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  bigint: "integer",
  year: "integer",
  decimal: "decimal",
  float: "decimal",
  double: "decimal",
  date: "date",
  datetime: "timestamp",
  timestamp: "timestamp",
  binary: "binary",
  varbinary: "binary",
  tinyblob: "binary",
  blob: "binary",
  mediumblob: "binary",
  longblob: "binary",
  enum: "enum",
  set: "enum",
};

/** The column's value for planning. `tinyint(1)` is a boolean: that is how applications store one. */
export function readColumn(row: ColumnRow): Column {
  const dataType = String(row.data_type);
  const type = String(row.column_type);
  const extra = String(row.extra);
  const length = lengthOf(dataType, row);
  const counts = extra.includes("auto_increment");
  return {
    name: String(row.name),
    type,
    kind: type.startsWith("tinyint(1)") ? "boolean" : kinds[dataType] ?? "other",
    ...(length === undefined ? {} : { length }),
    nullable: row.nullable === "YES",
    hasDefault: row.has_default === 1 || counts,
    ...(counts && { generatedBy: "auto_increment" as const }),
    ...(row.makes_uuid === 1 && { generatedBy: "uuid" as const }),
    generated: /\b(VIRTUAL|STORED) GENERATED\b/.test(extra),
  };
}

/** Characters where the type counts characters, else bytes. */
function lengthOf(dataType: string, row: ColumnRow): number | undefined {
  if (dataType === "char" || dataType === "varchar") return Number(row.characters);
  const kind = kinds[dataType];
  return kind === "text" || kind === "binary" ? Number(row.bytes) : undefined;
}
