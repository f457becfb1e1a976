/** Reads the live schema. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import type {
  Column,
  ForeignKey,
  OnDelete,
  Schema,
  Table,
  TableKind,
  UniqueKey,
  ValueGenerator,
} from "../../engine/schema.ts";
import type { PostgresqlDetails } from "../../engine/postgresql_details.ts";
import { ScrubError } from "../../core/errors.ts";
import { columnsQuery, foreignKeysQuery, tablesQuery, uniqueKeysQuery } from "./schema_queries.ts";
import { kindOf, lengthOf } from "./column_kind.ts";
import { readDetails } from "./table_details.ts";
import { sql } from "../sql/literals.ts";
import { refuseForeignScratch } from "../scratch/scratch.ts";

type Row = Readonly<Record<string, Cell>>;

/**
 * The live schema in eleven queries, whatever its size.
 *
 * @throws {ScrubError} `rules` where two tables have the same id; `scratch` where a schema of scratch's name is not ours.
 */
export async function readSchema(session: Session, part?: "columns"): Promise<Schema> {
  await refuseForeignScratch(session);
  const [about] = await session.query(sql`SELECT current_setting('server_version_num')::int AS version`);
  const tableRows = await session.query(tablesQuery);
  const columns = grouped(await session.query(columnsQuery), "oid");
  const uniqueKeys = grouped(await session.query(uniqueKeysQuery), "oid");
  const foreignKeyRows = await session.query(foreignKeysQuery);
  const ids = new Map(
    tableRows.map((row) => [string(row, "oid"), idOf(string(row, "nspname"), string(row, "relname"))]),
  );
  if (new Set(ids.values()).size < ids.size) {
    throw new ScrubError(
      "rules",
      `Cannot tell tables of database "${session.database}" apart: names with dots make two of them the same`,
      "Rename the schema or table whose name has a dot.",
    );
  }
  const details = part ? undefined : await readDetails(session, ids);
  return {
    engine: "postgresql",
    database: session.database,
    version: Number(about?.["version"]),
    tables: tableRows.map((row) => {
      const oid = string(row, "oid");
      return toTable(row, columns.get(oid) ?? [], toUniqueKeys(uniqueKeys.get(oid) ?? []), details?.get(oid));
    }),
    foreignKeys: toForeignKeys(foreignKeyRows, ids),
  };
}

/** {@linkcode Table.id}: a name with a dot always has its schema before it, so that no table looks like another's. */
function idOf(schema: string, name: string): string {
  return schema === "public" && !name.includes(".") ? name : `${schema}.${name}`;
}

function toTable(
  row: Row,
  columns: readonly Row[],
  uniqueKeys: readonly UniqueKey[],
  postgresql: PostgresqlDetails | undefined,
): Table {
  const schema = string(row, "nspname");
  const name = string(row, "relname");
  return {
    id: idOf(schema, name),
    schema,
    name,
    kind: tableKind(string(row, "relkind"), row["relispartition"] === true),
    columns: columns.map(toColumn),
    primaryKey: uniqueKeys.find(({ primary }) => primary)?.columns ?? [],
    uniqueKeys,
    rows: Number(row["row_count"]),
    bytes: Number(row["bytes"]),
    hasTriggers: row["has_triggers"] === true,
    ...(postgresql && { postgresql }),
  };
}

function tableKind(relkind: string, partition: boolean): TableKind {
  if (relkind === "f") return "foreign";
  if (relkind === "m") return "materialised view";
  if (partition) return "partition";
  return relkind === "p" ? "partitioned" : "table";
}

function toColumn(row: Row): Column {
  const name = string(row, "typname");
  const type = {
    name,
    typtype: string(row, "typtype"),
    category: string(row, "typcategory"),
    builtIn: row["built_in"] === true,
  };
  // A domain's check may forbid any new value: nothing understands it.
  const kind = row["checked"] === true ? "other" : kindOf(type);
  const held = kind === "array" ? elementKind(row) : kind;
  const length = lengthOf(name, Number(row["typmod"]));
  const generatedBy = generators.find((generator) => generator === row["generated_by"]);
  return {
    name: string(row, "attname"),
    type: string(row, "type"),
    kind,
    ...(kind === "array" ? { element: held } : {}),
    // Of any other kind that says all that a review has to know.
    ...((held === "other" || held === "array") && typeof row["attributes"] === "string" &&
      { attributes: row["attributes"] }),
    ...(length === undefined ? {} : { length }),
    nullable: row["nullable"] === true,
    ...(row["may_hold_null"] === true && { mayHoldNull: true as const }),
    hasDefault: row["has_default"] === true,
    ...(generatedBy && { generatedBy }),
    generated: row["is_generated"] === true,
    ...(row["calls_function"] === true && { callsFunction: true as const }),
  };
}

const generators: readonly ValueGenerator[] = ["identity", "sequence", "uuid"];

function elementKind(row: Row): Column["kind"] {
  return kindOf({
    name: string(row, "element_name"),
    typtype: string(row, "element_typtype"),
    category: string(row, "element_category"),
    builtIn: row["element_built_in"] === true,
  });
}

function toUniqueKeys(rows: readonly Row[]): UniqueKey[] {
  return [...grouped(rows, "index_oid").values()].map((parts) => ({
    name: string(parts[0], "index_name"),
    primary: parts[0]?.["is_primary"] === true,
    columns: parts.map((part) => string(part, "attname")),
    folds: parts[0]?.["folds"] === true,
  }));
}

const onDelete: ReadonlyMap<string, OnDelete> = new Map<string, OnDelete>([
  ["a", "no action"],
  ["r", "restrict"],
  ["c", "cascade"],
  ["n", "set null"],
  ["d", "set default"],
]);

function toForeignKeys(rows: readonly Row[], ids: ReadonlyMap<string, string>): ForeignKey[] {
  return [...grouped(rows, "key_oid").values()].map((parts) => ({
    name: string(parts[0], "conname"),
    child: ids.get(string(parts[0], "child")) ?? "",
    columns: parts.map((part) => string(part, "attname")),
    parent: ids.get(string(parts[0], "parent")) ?? "",
    parentColumns: parts.map((part) => string(part, "parent_attname")),
    onDelete: onDelete.get(string(parts[0], "on_delete")) ?? "no action",
    ...(parts[0]?.["not_valid"] === true && { notValid: true as const }),
    ...(parts[0]?.["period"] === true && { period: true as const }),
    ...(parts.some((part) => part["is_nulled"] !== true) && {
      nulled: parts.filter((part) => part["is_nulled"] === true).map((part) => string(part, "attname")),
    }),
  }));
}

function grouped(rows: readonly Row[], by: string): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => string(row, by));
}

function string(row: Row | undefined, name: string): string {
  const value = row?.[name];
  if (typeof value !== "string") throw new TypeError(`Cannot read the catalogue: ${name} is no text`);
  return value;
}
