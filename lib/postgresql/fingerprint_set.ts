/** Sets of fingerprints in scratch. @module */

import type { Step } from "../engine/engine.ts";
import { Name, type Sql } from "../engine/sql.ts";
import { scratchSchema } from "./catalogue.ts";
import { sql } from "./literal.ts";

/** The set that a name stands for. The name is ours and short. */
export function fingerprintSet(_database: string, name: string): Name {
  return new Name(scratchSchema, name);
}

/** Creates and fills the set: the only way to write that lets the server read in parallel. */
export function fillFingerprintSet(set: Name, rows: Sql): readonly Step[] {
  return [
    { label: "gather fingerprints", sql: sql`CREATE UNLOGGED TABLE ${set} AS ${rows}` },
    { label: "index fingerprints", sql: sql`ALTER TABLE ${set} ADD PRIMARY KEY (fingerprint)` },
    { label: "count fingerprints", sql: sql`ANALYZE ${set}` },
  ];
}
