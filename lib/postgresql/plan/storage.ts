/** The storage of tables, in pieces that statements read whole, and how much the server has read. @module */

import type { Session, StoragePart, StoragePiece, StoragePieces } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";

/** In bytes: each is a statement. */
const pieceBytes = 16 * 2 ** 20;

/**
 * See {@linkcode Engine.storagePieces}. Only `pg_prewarm` reads files of TOAST and of indexes as such; RDS has it for every version
 * that it runs (Extension versions for Amazon RDS for PostgreSQL). Where the database lacks it, it is in scratch until the pieces are
 * disposed.
 */
export async function storagePieces(
  session: Session,
  tables: readonly Table[],
  part: StoragePart,
): Promise<StoragePieces> {
  await using undo = new AsyncDisposableStack();
  const found = await prewarmSchema(session);
  if (found === undefined) {
    await session.query(sql`CREATE EXTENSION pg_prewarm SCHEMA ${new Name(scratchSchema)}`);
    undo.defer(async () => void await session.query(sql`DROP EXTENSION pg_prewarm`));
  }
  const pieces = await piecesBy(new Name(found ?? scratchSchema, "pg_prewarm"), session, tables, part);
  const owned = undo.move();
  return { pieces, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/**
 * Before the statement's function: has the session read by itself. From version 18 on all sessions' reads ahead go through `io_workers`
 * processes of the server, three by default, and many readers were no quicker than one.
 */
const ownReading = sql`set_config('maintenance_io_concurrency', '0', false)`;

/** Where the extension's own function is: in C, which only a superuser can add to an extension. */
async function prewarmSchema(session: Session): Promise<string | undefined> {
  const [row] = await session.query(sql`SELECT n.nspname::text AS schema
    FROM pg_extension x
    JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
      AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
    JOIN pg_proc f ON f.oid = d.objid AND f.proname = 'pg_prewarm'
    JOIN pg_language l ON l.oid = f.prolang AND l.lanname = 'c'
    JOIN pg_namespace n ON n.oid = f.pronamespace
    WHERE x.extname = 'pg_prewarm'`);
  return row === undefined ? undefined : String(row["schema"]);
}

async function piecesBy(
  prewarm: Name,
  session: Session,
  tables: readonly Table[],
  part: StoragePart,
): Promise<readonly StoragePiece[]> {
  const byName = new Map(tables.map((table) => [JSON.stringify([table.schema, table.name]), table]));
  const rows = await session.query(filesQuery[part]);
  return rows.flatMap(({ schema, name, oid, bytes, block }): readonly StoragePiece[] => {
    const table = byName.get(JSON.stringify([schema, name]));
    if (!table) return [];
    const blocks = Number(bytes) / Number(block);
    const each = pieceBytes / Number(block);
    return Array.from({ length: Math.ceil(blocks / each) }, (_, at) => {
      const [first, after] = [at * each, Math.min(blocks, (at + 1) * each)];
      const range = sql`${trusted(`${first}`)}, ${trusted(`${after - 1}`)}`;
      return {
        table,
        bytes: (after - first) * Number(block),
        sql: sql`SELECT ${prewarm}(${trusted(`${Number(oid)}`)}::oid::regclass, 'buffer', 'main', ${range}) AS blocks
          FROM ${ownReading}`,
      };
    });
  });
}

function filesOf(file: Sql): Sql {
  return sql`SELECT n.nspname::text AS schema, c.relname::text AS name, file.oid::text AS oid,
      pg_relation_size(file.oid)::text AS bytes, current_setting('block_size') AS block
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (${file}) AS file (oid)
    WHERE c.relkind = 'r' AND pg_relation_size(file.oid) > 0
    ORDER BY pg_total_relation_size(c.oid) DESC, c.oid, file.oid`;
}

/** The files of each table: of its rows and their TOAST, which is read by its index; or of its other indexes. */
const filesQuery: Readonly<Record<StoragePart, Sql>> = {
  rows: filesOf(sql`SELECT c.oid UNION ALL SELECT c.reltoastrelid WHERE c.reltoastrelid <> 0
    UNION ALL SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = c.reltoastrelid`),
  indexes: filesOf(sql`SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = c.oid`),
};

/**
 * See {@linkcode Engine.bytesRead}: all blocks that were not in shared buffers, also those that the operating system had. A session's
 * reading is counted up to a second late (PostgreSQL, The Cumulative Statistics System).
 */
export async function bytesRead(session: Session): Promise<number> {
  const [row] = await session.query(sql`
    SELECT (sum(blks_read) * current_setting('block_size')::int8)::text AS bytes FROM pg_stat_database`);
  return Number(row?.["bytes"]);
}

/** See {@linkcode Engine.dataBytes}: of databases that the session's user may connect to. */
export async function dataBytes(session: Session): Promise<number> {
  const [row] = await session.scan(sql`
    SELECT sum(pg_catalog.pg_database_size(oid))::text AS bytes FROM pg_catalog.pg_database
    WHERE pg_catalog.has_database_privilege(oid, 'CONNECT')`);
  return Number(row?.["bytes"]);
}
