/** Sets of fingerprints in scratch. @module */

import type { Fingerprint, Step } from "../../engine/engine.ts";
import { Name, type Sql, trusted } from "../../engine/sql.ts";
import { fingerprintRow, fingerprintsOf } from "../leak_search/fingerprints.ts";
import { sql, stringConstant } from "../sql/literals.ts";
import { scratchSchema } from "../sql/table_name.ts";

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
    { label: "make a function that knows fingerprints", sql: createLookUp(set) },
  ];
}

/** As two arrays: the server takes ten times as long for a list of rows. */
export function addFingerprints(set: Name, fingerprints: readonly Fingerprint[]): Step {
  const each = (numbers: readonly (bigint | number)[]) =>
    sql`pg_catalog.unnest(${stringConstant(`{${numbers.join(",")}}`)}::pg_catalog.int8[])`;
  const rows = sql`${each(fingerprints.map(([fingerprint]) => fingerprint))}, ${
    each(fingerprints.map(([, flags]) => flags))
  }`;
  return {
    label: "copy fingerprints",
    sql: sql`INSERT INTO ${set} (fingerprint, flags) SELECT * FROM ROWS FROM (${rows})`,
  };
}

/** By a function with the set's name: the server reads no table in parallel for a correlated subquery. */
export function holdsAnyOf(set: Name, text: Sql): Sql {
  return sql`coalesce(${set}(${text}), FALSE)`;
}

/**
 * Fingerprints are looked up one by one in the set's index: an IN or a join would make a hash of the whole set for every text. And
 * only where there are any: starting a query takes as long as reading a text.
 */
function createLookUp(set: Name): Sql {
  const body = sql`
DECLARE
  tokens CONSTANT ${fingerprintRow}[] := ${fingerprintsOf(trusted("$1"), 0)};
BEGIN
  IF pg_catalog.cardinality(tokens) > 0 THEN
    RETURN EXISTS (SELECT FROM pg_catalog.unnest(tokens) AS t
      WHERE (SELECT s.flags FROM ${set} AS s WHERE s.fingerprint = t.fingerprint LIMIT 1) IS NOT NULL);
  END IF;
  RETURN FALSE;
END`;
  return sql`CREATE FUNCTION ${set} (${
    trusted("pg_catalog.text")
  }) RETURNS pg_catalog.bool LANGUAGE plpgsql STABLE PARALLEL SAFE AS ${stringConstant(body.text)}`;
}
