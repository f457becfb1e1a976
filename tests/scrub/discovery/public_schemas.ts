/** Columns of public applications' schemas, with what a person says that they hold: see the head of public_schemas.txt. @module */

import type { Column, ColumnKind, ForeignKey, Schema, Table } from "../../../lib/engine/schema.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";

/** What a person says of a column: a label of public_schemas.txt; absent: nothing personal. `?`: people would disagree. */
export type Label = string;

/** A column in its table. */
export interface LabelledColumn {
  readonly table: Table;
  readonly column: Column;
  readonly label: Label | undefined;
}

/** One application's schema. */
export interface LabelledSchema {
  readonly name: string;
  readonly engine: EngineName;
  /** Whether discovery was tuned while looking at it. */
  readonly use: "tuned" | "held-out";
  readonly schema: Schema;
  readonly columns: readonly LabelledColumn[];
}

const kinds: readonly (readonly [RegExp, ColumnKind])[] = [
  [/\[\]$/, "array"],
  [/^(tinyint\(1\)|bool)/, "boolean"],
  [/^(varchar|char|text|tinytext|mediumtext|longtext|citext)/, "text"],
  [/^json/, "json"],
  [/^uuid/, "uuid"],
  [/^(tinyint|smallint|mediumint|int|bigint|year)/, "integer"],
  [/^(decimal|numeric|double|real|float)/, "decimal"],
  [/^date$/, "date"],
  [/^(datetime|timestamp)/, "timestamp"],
  [/^(bytea|\w*blob|\w*binary)/, "binary"],
  [/^(enum|set)/, "enum"],
];

function kindOf(type: string): ColumnKind {
  return kinds.find(([pattern]) => pattern.test(type))?.[1] ?? "other";
}

/** Reads the fixture. */
export function readPublicSchemas(text: string): readonly LabelledSchema[] {
  const blocks = text.split(/^# /m).slice(1).filter((block) => /^\S+ (postgresql|mysql) /.test(block));
  return blocks.map((block): LabelledSchema => {
    const [head = "", ...lines] = block.trim().split("\n");
    const [name = "", engine, use] = head.split(" ");
    const tables: Table[] = [];
    const foreignKeys: ForeignKey[] = [];
    const columns: LabelledColumn[] = [];
    for (const line of lines) {
      const at = line.indexOf(": ");
      const id = line.slice(0, at);
      const read = line.slice(at + 2).split(", ").map((part) => readColumn(engine as EngineName, part));
      const table: Table = {
        id,
        schema: "public",
        name: id,
        kind: "table",
        columns: read.map(({ column }) => column),
        primaryKey: read.filter(({ marks }) => marks.includes("*")).map(({ column }) => column.name),
        uniqueKeys: [],
        rows: 0,
        bytes: 0,
        hasTriggers: false,
      };
      tables.push(table);
      for (const { column, marks, label } of read) {
        if (marks.includes(">")) {
          foreignKeys.push({
            name: `${id}_${column.name}`,
            child: id,
            columns: [column.name],
            parent: id,
            parentColumns: table.primaryKey,
            onDelete: "no action",
          });
        }
        columns.push({ table, column, label });
      }
    }
    return {
      name,
      engine: engine as EngineName,
      use: use as LabelledSchema["use"],
      schema: { engine: engine as EngineName, database: name, version: 0, tables, foreignKeys },
      columns,
    };
  });
}

function readColumn(engine: EngineName, part: string): { column: Column; marks: string; label: Label | undefined } {
  const [, name = "", type = "", marks = "", label] = /^(\S+) (.+?)([*>!~]*)(?:=(\S+))?$/.exec(part) ?? [];
  const kind = kindOf(type);
  const length = /\((\d+)\)/.exec(type)?.[1];
  const isKey = marks.includes("*") && (kind === "integer" || kind === "uuid");
  return {
    marks,
    label,
    column: {
      name,
      type,
      kind,
      ...(kind === "array" && { element: kindOf(type.slice(0, -2)) }),
      ...(kind === "text" && length !== undefined && { length: Number(length) }),
      nullable: !/[*!]/.test(marks),
      hasDefault: marks.includes("~") || isKey,
      ...(isKey &&
        {
          generatedBy: kind === "uuid"
            ? "uuid" as const
            : engine === "mysql"
            ? "auto_increment" as const
            : "sequence" as const,
        }),
      generated: false,
    },
  };
}
