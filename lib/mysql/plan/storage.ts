/** The storage of tables, in pieces that statements read whole, and how much the server has read. @module */

import type { Session, StoragePart, StoragePiece, StoragePieces } from "../../engine/engine.ts";
import type { Column, Table } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import { divide } from "./divide.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { spelledBy } from "../sql/product.ts";
import { tableName } from "../sql/table_name.ts";
import { globalStatus } from "../sql/variables.ts";

/** In bytes: each is a statement. */
const pieceBytes = 16 * 2 ** 20;

/** See {@linkcode Engine.storagePieces}. A table whose key cannot be divided is one piece, and so is an index. */
export async function storagePieces(
  session: Session,
  tables: readonly Table[],
  part: StoragePart,
): Promise<StoragePieces> {
  const pieces = await (part === "rows" ? rowPieces(session, tables) : indexPieces(session, tables));
  return { pieces, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function rowPieces(session: Session, tables: readonly Table[]): Promise<readonly StoragePiece[]> {
  const sizes = await session.query(sql`SELECT table_name AS name, COALESCE(data_length, 0) AS bytes
    FROM information_schema.tables WHERE table_schema = ${textLiteral(session.database)} AND engine = 'InnoDB'`);
  const byName = new Map(sizes.map(({ name, bytes }) => [String(name), Number(bytes)]));
  const pieces: StoragePiece[] = [];
  for (const table of tables.toSorted((a, b) => b.bytes - a.bytes)) {
    const bytes = byName.get(table.name) ?? 0;
    if (bytes === 0) continue;
    const ranges = await divide(session, session.database, table, Math.ceil(bytes / pieceBytes));
    pieces.push(...ranges.map((range) => ({
      table,
      bytes: bytes / ranges.length,
      sql: sql`SELECT ${counted(table)} FROM ${tableName(session.database, table)}${byRows(table)} WHERE ${range}`,
    })));
  }
  return pieces;
}

/** The count alone reads no page outside of the rows' own; a function of the value reads all of it (MySQL, InnoDB Row Formats). */
function counted({ columns }: Table): Sql {
  const sums = columns.filter(mayBeOutside).map(({ name, kind }) =>
    kind === "json" ? sql`MAX(${stored}(${new Name(name)}))` : sql`MAX(LENGTH(${new Name(name)}))`
  );
  return joinSql([sql`COUNT(*) AS counted`, ...sums], ", ");
}

/** MariaDB's documents are texts. */
const stored = spelledBy({ mysql: "JSON_STORAGE_SIZE", mariadb: "LENGTH" });

/** Whether its values can lie on pages of their own: a row with more than half a page has some there. */
function mayBeOutside({ kind, length, generated }: Column): boolean {
  return !generated && ["text", "binary", "json", "other"].includes(kind) && (length === undefined || length > 255);
}

function byRows({ primaryKey }: Table): Sql {
  return primaryKey.length > 0 ? sql` FORCE INDEX (PRIMARY)` : sql``;
}

/** Whether FORCE INDEX takes the index. */
const usable = spelledBy({ mysql: "s.is_visible = 'YES'", mariadb: "s.ignored = 'NO'" });

async function indexPieces(session: Session, tables: readonly Table[]): Promise<readonly StoragePiece[]> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const rows = await session.query(sql`SELECT DISTINCT s.table_name AS name, s.index_name AS index_name,
      COALESCE(i.stat_value, 0) * @@innodb_page_size AS bytes
    FROM information_schema.statistics s
    LEFT JOIN mysql.innodb_index_stats i ON i.database_name = s.table_schema AND i.table_name = s.table_name
      AND i.index_name = s.index_name AND i.stat_name = 'n_leaf_pages'
    WHERE s.table_schema = ${textLiteral(session.database)} AND s.index_name <> 'PRIMARY' AND s.index_type = 'BTREE'
      AND ${usable}
    ORDER BY bytes DESC, name, index_name`);
  return rows.flatMap(({ name, index_name, bytes }): readonly StoragePiece[] => {
    const table = byName.get(String(name));
    if (!table) return [];
    const index = new Name(String(index_name));
    return [{
      table,
      bytes: Number(bytes),
      sql: sql`SELECT COUNT(*) AS counted FROM ${tableName(session.database, table)} FORCE INDEX (${index})`,
    }];
  });
}

/** See {@linkcode Engine.bytesRead}. */
export async function bytesRead(session: Session): Promise<number> {
  const [row] = await session.query(sql`SELECT variable_value AS bytes
    FROM ${globalStatus} WHERE variable_name = 'Innodb_data_read'`);
  return Number(row?.bytes);
}

const lastingTablespaces = spelledBy({
  mysql: "information_schema.innodb_tablespaces WHERE space_type <> 'Temporary'",
  mariadb: "information_schema.innodb_sys_tablespaces WHERE name <> 'innodb_temporary'",
});

/** See {@linkcode Engine.dataBytes}: of all tablespaces but the temporary ones. */
export async function dataBytes(session: Session): Promise<number> {
  const [row] = await session.scan(sql`SELECT SUM(file_size) AS bytes FROM ${lastingTablespaces}`);
  return Number(row?.bytes);
}
