/**
 * Refuses pseudonyms that are too few for a unique column of a table that the server has not looked at yet, as after a restore of a dump:
 * its catalogue says that there is no row, so that the rules alone were not refused.
 *
 * @module
 */

import { ScrubError } from "../../core/errors.ts";
import type { BoundColumn, BoundDefinition } from "../rules/bind.ts";
import { refuseSmallSpace } from "../rules/unique_space.ts";
import { countWhere } from "../parallel/count_where.ts";
import type { Pooled } from "../parallel/session_pool.ts";

/**
 * Counts the rows of such tables. Reads only.
 *
 * @throws {ScrubError} `rules`, with every such column.
 */
export async function refuseSmallSpaces(
  database: Pooled,
  { scrubber, tables }: Pick<BoundDefinition, "scrubber" | "tables">,
): Promise<void> {
  const findings: string[] = [];
  for (const { table, columns } of tables) {
    if (table.rows > 0) continue;
    const refusal = ({ column, strategy, parameter, key }: BoundColumn, rows: number) =>
      refuseSmallSpace(
        { table: { ...table, rows }, column, changes: () => true },
        strategy.space?.({ table, column, changes: () => true, ...key }, parameter),
      );
    const limited = columns.filter((one) => refusal(one, Number.MAX_SAFE_INTEGER) !== undefined);
    if (limited.length === 0) continue;
    const [rows] = await countWhere(database, table, []);
    findings.push(...limited.flatMap((one) => {
      const why = refusal(one, rows);
      return why === undefined ? [] : [`${table.id}.${one.column.name}: ${one.name} does not fit: ${why}`];
    }));
  }
  if (findings.length === 0) return;
  throw new ScrubError(
    "rules",
    `Cannot scrub database "${database.schema.database}" with the rules of "${scrubber}": ${findings.join("; ")}`,
    "Nothing was changed. Use a strategy with more values on these columns, such as opaque (datascrubber strategies lists them).",
  );
}
