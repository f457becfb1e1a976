/** The numbers of transactions that the server keeps in `mysql.gtid_executed`: anybody who may write there chooses them. @module */

import { isChosen } from "../../engine/counters.ts";
import type { Session } from "../../engine/engine.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { sql } from "../sql/literals.ts";

/** More transactions than a server leaves out: a group gives its members a million numbers at a time. */
const gap = 1_000_000;

/** A query for the kind, position and first number of each interval that begins far behind the one before. */
export const distantIntervals = sql`SELECT 'row of a system table' AS kind,
    CONCAT('mysql.gtid_executed, interval ', position) AS name, interval_start AS body FROM (
    SELECT ROW_NUMBER() OVER in_order AS position, interval_start,
      interval_start - COALESCE(LAG(interval_end) OVER of_source, 0) AS distance
    FROM mysql.gtid_executed WINDOW in_order AS (ORDER BY source_uuid, interval_start),
      of_source AS (PARTITION BY source_uuid ORDER BY interval_start)) AS intervals WHERE distance > ${gap}`;

/** Each of these intervals; one that begins at a number that the server does not count to holds an identifier. */
export async function readDistantIntervals(session: Session): Promise<readonly FoundObject[]> {
  const rows = await session.query(distantIntervals);
  return rows.map(({ name, body }): FoundObject => ({
    kind: "row of a system table",
    name: String(name),
    text: { body: String(body) },
    ...(!isChosen(BigInt(String(body))) && { holds: ["identifier"] as const }),
  }));
}
