/** Sets of fingerprints in scratch. @module */

import type { Step } from "../engine/engine.ts";
import { Name, type Sql, trusted } from "../engine/sql.ts";
import { sql } from "./literals.ts";
import { scratchComment, scratchDatabase } from "./scratch.ts";

/** The set that a name stands for. The name is ours and short. */
export function fingerprintSet(database: string, name: string): Name {
  return new Name(scratchDatabase(database), name);
}

/** Creates and fills the set. */
export function fillFingerprintSet(set: Name, rows: Sql): readonly Step[] {
  return [{
    label: "gather fingerprints",
    sql:
      sql`CREATE TABLE ${set} (fingerprint BIGINT NOT NULL PRIMARY KEY, held TINYINT NOT NULL) ENGINE=InnoDB COMMENT=${
        trusted(`'${scratchComment}'`)
      } AS ${rows}`,
  }];
}
