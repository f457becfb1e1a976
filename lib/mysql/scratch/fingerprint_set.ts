/** Sets of fingerprints in scratch. @module */

import type { Fingerprint, Step } from "../../engine/engine.ts";
import { foundFingerprint } from "../../engine/expressions.ts";
import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { expressions } from "../expressions/expressions.ts";
import { sql } from "../sql/literals.ts";
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
      sql`CREATE TABLE ${set} (fingerprint BIGINT NOT NULL PRIMARY KEY, flags BIGINT NOT NULL) ENGINE=InnoDB COMMENT=${
        trusted(`'${scratchComment}'`)
      } AS ${rows}`,
  }];
}

/** Adds fingerprints to a filled set. */
export function addFingerprints(set: Name, fingerprints: readonly Fingerprint[]): Step {
  const rows = trusted(fingerprints.map(([fingerprint, flags]) => `(${fingerprint}, ${flags})`).join(", "));
  return { label: "copy fingerprints", sql: sql`INSERT INTO ${set} (fingerprint, flags) VALUES ${rows}` };
}

/**
 * A scalar subquery over the text's own tokens. Each is looked up by a subquery of its own, which the server answers from the
 * set's index: an IN or EXISTS it would answer from a hash of the whole set, made anew for every row.
 */
export function holdsAnyOf(set: Name, text: Sql): Sql {
  const one = new Name("datascrubber_sought");
  const lookUp = sql`SELECT ${one}.flags FROM ${set} AS ${one} WHERE ${one}.fingerprint = ${foundFingerprint} LIMIT 1`;
  return sql`coalesce((SELECT max(CASE WHEN (${lookUp}) IS NOT NULL THEN 1 ELSE 0 END)
    FROM ${expressions.fingerprints([{ text, flags: 1 }])}), 0) = 1`;
}
