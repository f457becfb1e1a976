/** Reads one database's live schema from information_schema. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import type { ForeignKey, OnDelete, Schema, Table, UniqueKey } from "../../engine/schema.ts";
import type { Sql } from "../../engine/sql.ts";
import { readColumn } from "./column_kind.ts";
import { readDocumentColumns } from "./document_columns.ts";
import { readDetails, showInvisibleKeys } from "./table_details.ts";
import { refuseUnknownTables } from "./unknown_tables.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { mariadbOnly, mysqlOnly, spelledBy } from "../sql/product.ts";

type Row = Readonly<Record<string, Cell>>;

/**
 * Base tables, their columns and keys; views hold no rows. A table's `hasTriggers` counts those that an UPDATE or DELETE fires,
 * because the server cannot switch them off.
 *
 * @throws {ScrubError} as {@linkcode refuseUnknownTables}.
 */
export async function readSchema(session: Session, part?: "columns"): Promise<Schema> {
  const here = textLiteral(session.database);
  await showInvisibleKeys(session);
  await refuseUnknownTables(session);
  const [version] = await session.query(sql`SELECT VERSION() AS version`);
  const tables = await session.query(tablesQuery(here));
  const documents = await readDocumentColumns(session);
  const columns = grouped(
    (await session.query(columnsQuery(here))).map((row) => documents.has(row) ? { ...row, data_type: "json" } : row),
  );
  const keys = grouped(await session.query(keysQuery(here)));
  const triggers = grouped(
    await session.query(sql`SELECT event_object_table AS table_name
    FROM information_schema.triggers WHERE event_object_schema = ${here} AND event_manipulation IN ('UPDATE', 'DELETE')`),
  );
  const foreignKeys = await session.query(foreignKeysQuery(here));
  const details = part ? undefined : await readDetails(session);
  return {
    engine: "mysql",
    database: session.database,
    version: versionNumber(String(version?.version)),
    tables: tables.map((row) => {
      const name = String(row.name);
      const table = readTable(session.database, row, columns.get(name) ?? [], keys.get(name) ?? [], triggers.has(name));
      const mysql = details?.get(name);
      return mysql === undefined ? table : { ...table, mysql };
    }),
    foreignKeys: readForeignKeys(session.database, foreignKeys),
  };
}

function tablesQuery(database: Sql): Sql {
  return sql`SELECT table_name AS name, engine AS engine, COALESCE(table_rows, 0) AS estimate,
    COALESCE(data_length, 0) + COALESCE(index_length, 0) AS bytes
    FROM information_schema.tables WHERE table_schema = ${database} AND table_type = 'BASE TABLE' ORDER BY table_name`;
}

function columnsQuery(database: Sql): Sql {
  return sql`SELECT table_name AS table_name, column_name AS name, data_type AS data_type, column_type AS column_type,
    character_maximum_length AS characters, character_octet_length AS bytes, is_nullable AS nullable,
    column_default IS NOT NULL ${mariadbOnly("AND column_default <> 'NULL'")} AS has_default,
    ${mysqlOnly("extra LIKE '%DEFAULT_GENERATED%' AND")} column_default REGEXP
      '^(uuid(_v[47])?[(][)]|uuid_to_bin[(]uuid[(][)](, *(0|1|true|false))?[)])$' AS makes_uuid, extra AS extra, collation_name AS collation,
    generation_expression AS expression
    FROM information_schema.columns WHERE table_schema = ${database} ORDER BY table_name, ordinal_position`;
}

function keysQuery(database: Sql): Sql {
  return sql`SELECT table_name AS table_name, index_name AS name, column_name AS column_name,
    ${spelledBy({ mysql: "expression", mariadb: "NULL" })} AS expression
    FROM information_schema.statistics WHERE table_schema = ${database} AND non_unique = 0
    ORDER BY table_name, index_name, seq_in_index`;
}

function foreignKeysQuery(database: Sql): Sql {
  return sql`SELECT k.table_name AS table_name, k.constraint_name AS name, k.column_name AS column_name,
    k.referenced_table_schema AS parent_database, k.referenced_table_name AS parent,
    k.referenced_column_name AS parent_column, r.delete_rule AS delete_rule
    FROM information_schema.key_column_usage AS k
    JOIN information_schema.referential_constraints AS r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
    WHERE k.table_schema = ${database} AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position`;
}

function readTable(
  database: string,
  row: Row,
  columns: readonly Row[],
  keys: readonly Row[],
  hasTriggers: boolean,
): Table {
  const uniqueKeys = readKeys(columns, keys);
  const name = String(row.name);
  return {
    id: name,
    schema: database,
    name,
    kind: row.engine === "FEDERATED" ? "foreign" : "table",
    columns: columns.map(readColumn),
    primaryKey: keys.filter((part) => part.name === "PRIMARY").map((part) => String(part.column_name)),
    uniqueKeys,
    rows: Number(row.estimate),
    bytes: Number(row.bytes),
    hasTriggers,
  };
}

function readKeys(columns: readonly Row[], keys: readonly Row[]): readonly UniqueKey[] {
  const names = [...new Set(keys.map((part) => String(part.name)))];
  return names.map((name) => {
    const parts = keys.filter((part) => part.name === name);
    const expressions = parts.map((part) => String(part.expression ?? ""));
    const used = withSources(columns, [
      ...parts.flatMap((part) => part.column_name === null ? [] : [String(part.column_name)]),
      ...expressions.flatMap(namesIn),
    ]);
    const involved = columns.filter((column) => used.includes(String(column.name)));
    return {
      name,
      primary: name === "PRIMARY",
      columns: used,
      folds: involved.some((column) => String(column.collation).endsWith("_ci") || folding(column.expression)) ||
        expressions.some(folding),
    };
  });
}

/** The columns and, for generated ones, those that they are computed from: a unique generated column binds its sources. */
function withSources(columns: readonly Row[], names: readonly string[]): readonly string[] {
  const known = columns.filter((column) => names.includes(String(column.name)));
  const sources = known.flatMap((column) => namesIn(String(column.expression ?? "")));
  const all = columns.map((column) => String(column.name)).filter((name) =>
    names.includes(name) || sources.includes(name)
  );
  const inKeyOrder = [...new Set([...names, ...all])].filter((name) => all.includes(name));
  return inKeyOrder.length === new Set(names).size ? inKeyOrder : withSources(columns, inKeyOrder);
}

/** Names in backquotes, as the server prints expressions. */
function namesIn(expression: string): readonly string[] {
  return [...expression.matchAll(/`((?:[^`]|``)+)`/g)].map(([, name]) => (name ?? "").replaceAll("``", "`"));
}

function folding(expression: Cell | undefined): boolean {
  return /\b(lower|upper|lcase|ucase)\s*\(/i.test(String(expression ?? ""));
}

function readForeignKeys(database: string, rows: readonly Row[]): readonly ForeignKey[] {
  const found = Map.groupBy(rows, (row) => JSON.stringify([row.table_name, row.name]));
  return [...found.values()].map((parts) => {
    const [first = {}] = parts;
    const parent = String(first.parent);
    return {
      name: String(first.name),
      child: String(first.table_name),
      columns: parts.map((part) => String(part.column_name)),
      parent: first.parent_database === database ? parent : `${first.parent_database}.${parent}`,
      parentColumns: parts.map((part) => String(part.parent_column)),
      onDelete: onDelete(String(first.delete_rule)),
    };
  });
}

function onDelete(rule: string): OnDelete {
  switch (rule) {
    case "CASCADE":
      return "cascade";
    case "SET NULL":
      return "set null";
    case "SET DEFAULT":
      return "set default";
    case "RESTRICT":
      return "restrict";
    default:
      return "no action";
  }
}

function grouped(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, (row) => String(row.table_name));
}

/** `8.0.36-log` is 80036. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  return major * 10_000 + minor * 100 + patch;
}
