/** A database for what purge writes, gone again when it has been written. @module */

import type { Session } from "../../engine/engine.ts";
import { Name } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** Nobody's: a production database of this name would fail the run. */
const purgeDatabase = "datascrubberpurge";

/** Names a table or procedure in the purge's database. */
export type Place = (name: string) => Name;

/** Does the work with a database of its own, whose tables it names by `place`. */
export async function inPurgeDatabase<T>(
  session: Session,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const database = new Name(purgeDatabase);
  await session.query(sql`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  const result = await work((name) => new Name(purgeDatabase, name));
  // Not where the work failed: the workspace is thrown away then.
  await session.run({ label: "drop what purge wrote", sql: sql`DROP DATABASE ${database}` });
  return result;
}
