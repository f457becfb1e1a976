/**
 * The system tablespace: pages that a dropped table or the change buffer frees keep their contents in its file.
 *
 * @module
 */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import { joinSql, Name } from "../../engine/sql.ts";
import { giveUpPages } from "./change_buffer.ts";
import { sql } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";
import { inPurgeDatabase, type PurgeRun } from "./purge_step.ts";

const MEBIBYTE = 1_048_576;

/** Indexes of a table at most, its primary key apart (MySQL Reference Manual, "InnoDB Limits"). */
const indexes = 64;

/** Overwrites ibdata1's free pages, and reports free pages of changed tables that cannot be overwritten. */
export async function purgeSystemSpace({ session, plans }: PurgeRun): Promise<readonly Residue[]> {
  if (await productOf(session) === "mariadb") return await reportSystemSpace(session, plans);
  const general = plans.filter(({ table: { mysql }, steps }) =>
    steps.length > 0 && mysql?.sharedSpace !== undefined && !mysql.sharedSpace.includes("ibdata1")
  );
  const residue = general.map(({ table }): Residue => ({
    step: "general tablespaces",
    result: `old pages of ${table.id} remain as free pages in its tablespace's file`,
  }));
  return [...residue, ...await reportTablespaces(session), await fill(session)];
}

/**
 * MariaDB creates no table there on demand, and the server takes its free pages for undo alone, where it keeps undo there: then they
 * are overwritten with that.
 */
async function reportSystemSpace(session: Session, plans: readonly TablePlan[]): Promise<readonly Residue[]> {
  const [setting] = await session.query(sql`SELECT @@innodb_undo_tablespaces AS files`);
  if (Number(setting?.files) === 0) return [];
  const inside = plans.filter(({ table: { mysql }, steps }) => steps.length > 0 && mysql?.sharedSpace !== undefined);
  return [
    ...inside.map(({ table }): Residue => ({
      step: "ibdata1",
      result: `old pages of ${table.id} remain as free pages in this file`,
    })),
    {
      step: "ibdata1",
      result:
        "free pages not overwritten: they may keep names of tables and columns that were dropped, rows of tables that were " +
        "created there (innodb_file_per_table = 0) and dropped, and old values from before undo had files of its own",
    },
  ];
}

/** Pages that a dropped table leaves free there. RDS lets no user create such a tablespace; the server has one itself. */
async function reportTablespaces(session: Session): Promise<readonly Residue[]> {
  const rows = await session.query(sql`SELECT name AS name FROM information_schema.innodb_tablespaces
    WHERE space_type = 'General' AND name <> 'mysql' ORDER BY name`);
  return rows.map(({ name }): Residue => ({
    step: "general tablespaces",
    result: `rows of tables that were dropped may remain as free pages in the file of tablespace "${name}"`,
  }));
}

/**
 * Extents first. The server extends the file while some are free (two, and one in a hundred), and uses those before the new ones.
 * Then pages of shared extents, which a large segment would not take: when a small segment takes an extent, none of them was
 * left.
 */
async function fill(session: Session): Promise<Residue> {
  const written = await inPurgeDatabase(session, async (place) => {
    await giveUpPages(session, (turn) => createSmallSegments(session, place(`change_buffer_${turn}`)));
    const table = place("system_space");
    await session.query(
      sql`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, filler longblob) ENGINE=InnoDB TABLESPACE innodb_system`,
    );
    const before = await readSpace(session);
    let mebibytes = 0;
    for (let left = 4 + Math.ceil(before.bytes / MEBIBYTE / 100); left > 0; mebibytes++) {
      await session.run({
        label: "overwrite free extents of ibdata1",
        sql: sql`INSERT INTO ${table} (filler) VALUES (REPEAT('x', ${MEBIBYTE}))`,
      });
      if ((await readSpace(session)).bytes > before.bytes) left--;
    }
    for (let n = 0, { free } = await readSpace(session); (await readSpace(session)).free >= free; n++) {
      await createSmallSegments(session, place(`system_space_${n}`));
    }
    return mebibytes;
  });
  return { step: "ibdata1", result: `free pages overwritten with ${written} MiB` };
}

/** An empty table in the system tablespace with as many indexes as there can be, each of which has a page of its own. */
async function createSmallSegments(session: Session, table: Name): Promise<void> {
  const names = Array.from({ length: indexes }, (_, at) => new Name(`filler_${at}`));
  const columns = names.map((name) => sql`${name} int, KEY (${name})`);
  await session.query(sql`CREATE TABLE ${table} (${joinSql(columns, ", ")}) ENGINE=InnoDB TABLESPACE innodb_system`);
}

/** In bytes: the files, and their extents of which no page is in use. */
async function readSpace(session: Session): Promise<{ readonly bytes: number; readonly free: number }> {
  const [row] = await session.query(
    sql`SELECT SUM(total_extents * extent_size) AS bytes, MAX(data_free) AS free FROM information_schema.files
    WHERE tablespace_name = 'innodb_system'`,
  );
  return { bytes: Number(row?.bytes), free: Number(row?.free) };
}
