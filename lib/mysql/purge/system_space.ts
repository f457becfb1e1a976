/** The system tablespace: dropping a table that lives in it frees pages, and the file keeps them with what was in them. @module */

import type { Residue, Session, TablePlan } from "../../engine/engine.ts";
import { sql } from "../sql/literals.ts";
import { inPurgeDatabase } from "./purge_database.ts";

const MEBIBYTE = 1_048_576;

/** Fills ibdata1's free pages where a changed table has left some: when the file grows, none was left. */
export async function purgeSystemSpace(session: Session, plans: readonly TablePlan[]): Promise<readonly Residue[]> {
  const shared = plans.filter(({ table, steps }) => table.mysql?.sharedSpace !== undefined && steps.length > 0);
  const general = shared.filter(({ table }) => !table.mysql?.sharedSpace?.includes("ibdata1"));
  const residue: Residue[] = general.map(({ table }) => ({
    step: "general tablespaces",
    result: `old pages of ${table.id} stay free in its tablespace's file`,
  }));
  if (general.length < shared.length) residue.push(await fill(session));
  return residue;
}

async function fill(session: Session): Promise<Residue> {
  const before = await fileSize(session);
  const written = await inPurgeDatabase(session, async (place) => {
    const table = place("system_space");
    await session.query(
      sql`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, filler longblob) ENGINE=InnoDB TABLESPACE innodb_system`,
    );
    let mebibytes = 0;
    for (; await fileSize(session) <= before; mebibytes++) {
      await session.run({
        label: "overwrite free pages of ibdata1",
        sql: sql`INSERT INTO ${table} (filler) VALUES (REPEAT('x', ${MEBIBYTE}))`,
      });
    }
    return mebibytes;
  });
  return { step: "ibdata1", result: `free pages overwritten with ${written} MiB` };
}

async function fileSize(session: Session): Promise<number> {
  const [row] = await session.query(sql`SELECT SUM(total_extents * extent_size) AS bytes FROM information_schema.files
    WHERE tablespace_name = 'innodb_system'`);
  return Number(row?.bytes);
}
