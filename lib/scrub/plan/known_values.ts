/** Refuses unknown values in columns by which rules select rows. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { joinSql, Name } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { BoundDefinition, BoundValues } from "../rules/bind.ts";

/** Names of classes, also in modules: the only values that an error may show. Without digits, which could be a person's number. */
const className = "([A-Z]+[a-z]+)+(::([A-Z]+[a-z]+)+)*";

/** How many values of a column are shown. */
const shownValues = 5;

/**
 * Looks for rows with other values. Reads only.
 *
 * @throws {ScrubError} `rules`, with every such column and its number of rows.
 */
export async function refuseUnknownValues(
  engine: Engine,
  session: Session,
  schema: Schema,
  { scrubber, knownValues }: BoundDefinition,
): Promise<void> {
  const findings: string[] = [];
  for (const known of knownValues) {
    const finding = await findUnknown(engine, session, schema, known);
    if (finding !== undefined) findings.push(finding);
  }
  if (findings.length === 0) return;
  throw new ScrubError(
    "rules",
    `Cannot scrub database "${schema.database}" with the rules of "${scrubber}": ${findings.join("; ")}`,
    "Nothing was changed. Find out what such rows hold, extend the scrubber's selections where they are restricted, and add the " +
      "value to its knownValues.",
  );
}

async function findUnknown(
  engine: Engine,
  session: Session,
  schema: Schema,
  { table, column, values }: BoundValues,
): Promise<string | undefined> {
  const { sql, asText, text, same, matches } = engine.expressions;
  const name = sql`${new Name(column.name)}`;
  const value = asText(name, column);
  const equals = values.filter((known) => known !== null).map((known) => same(value, text(known)));
  const isKnown = equals.length === 0 ? sql`FALSE` : joinSql(equals, " OR ");
  const isNull = values.includes(null) ? sql`FALSE` : sql`TRUE`;
  const isUnknown = sql`CASE WHEN ${name} IS NULL THEN ${isNull} WHEN ${isKnown} THEN FALSE ELSE TRUE END`;
  const from = sql`FROM ${engine.rowsToSearch(schema.database, table)} WHERE ${isUnknown}`;
  const [counted] = await session.scan(sql`SELECT count(*) AS n ${from}`);
  const rows = Number(counted?.["n"]);
  if (!Number.isSafeInteger(rows)) throw new TypeError(`Cannot count rows of ${table.id}: the scan gave no number`);
  if (rows === 0) return undefined;
  const groups = await session.scan(
    sql`SELECT DISTINCT ${value} AS v ${from} AND ${matches(value, className)} LIMIT ${shownValues}`,
  );
  const names = groups.flatMap(({ v }) => typeof v === "string" ? [v] : []).sort();
  return `${table.id}.${column.name} has ${rows} ${rows === 1 ? "row" : "rows"} with values that no rule knows` +
    (names.length > 0 ? `, such as ${names.join(", ")}` : "");
}
