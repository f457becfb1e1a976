/** Which rows of the view pg_stats show values that rows have or had. @module */

import type { Sql } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/**
 * That the row `s` of pg_stats holds samples. A type with an analysis of its own keeps them in a form that the view may not show: a range
 * its bounds, before version 17 to superusers alone; an extension's type whatever it likes.
 */
export const holdsSamples: Sql =
  sql`(s.most_common_vals IS NOT NULL OR s.histogram_bounds IS NOT NULL OR s.most_common_elems IS NOT NULL
  OR s.null_frac < 1 AND (s.schemaname, s.tablename, s.attname) IN (SELECT space.nspname, its.relname, analysed.attname
    FROM pg_type kind JOIN pg_attribute analysed ON analysed.atttypid = kind.oid JOIN pg_class its ON its.oid = analysed.attrelid
    JOIN pg_namespace space ON space.oid = its.relnamespace
    WHERE kind.typanalyze <> 0 AND kind.typcategory <> 'A'))`;
