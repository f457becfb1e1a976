import { serverCodeOf } from "../engine/database_error.ts";
import type { Engine, Session } from "../engine/engine.ts";
import type { Column, Schema, Table } from "../engine/schema.ts";
import { Name } from "../engine/sql.ts";
import { ScrubError } from "../core/errors.ts";
import type { DraftedRules } from "../core/drafted_rules.ts";
import type { LiveRequest } from "../core/live_database.ts";
import { applicationName } from "../scrub/coverage/assignment.ts";
import type { ValueFinding } from "../scrub/discovery/by_value.ts";
import { draftRules } from "../scrub/rule_files/draft.ts";
import { writeRuleFile } from "../scrub/rule_files/write.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import { loadEngine } from "./engines.ts";
import { testSuffix } from "./live_database.ts";
import { logInLive } from "./live_login.ts";

/** The servers' codes for a table or column that the user may not read. */
const denied: readonly string[] = ["42501", "ER_TABLEACCESS_DENIED_ERROR", "ER_COLUMNACCESS_DENIED_ERROR"];

/** How many rows are looked through for values, and how many characters of a value are read. */
const most = { rows: 10_000, characters: 4_000 };

/**
 * Drafts a rule file for a live database. Reads only. Values are held in memory while their column is looked at, and the draft quotes
 * none.
 *
 * @param sample How many values of each column are read; absent: none.
 * @throws {ScrubError} `usage` where a scrubber knows the database already; what the session throws.
 */
export async function draftLive(
  { target, ca }: LiveRequest,
  sample: number | undefined,
  scrubbers: readonly Scrubber[],
  signal: AbortSignal,
): Promise<DraftedRules> {
  const engine = await loadEngine(target.engine);
  await using session = await logInLive(engine, { target, ca }, signal);
  const database = target.database.replace(testSuffix, "");
  const known = scrubbers.find((one) =>
    one.engine === target.engine && applicationName(one.name) === applicationName(database)
  );
  if (known) {
    throw new ScrubError(
      "usage",
      `Cannot draft rules for "${target.database}": the scrubber "${known.name}" has rules for it`,
      "datascrubber review says what they lack.",
    );
  }
  const schema = await engine.schema(session);
  const { objects } = await engine.inventory(session, schema);
  const seen = sample === undefined ? new Map() : await readValues(engine, session, schema, sample);
  const draft = draftRules({
    database: database.replace(/[_-](?:production|staging|integration|development)$/, ""),
    schema,
    objects,
    seen: (_, column) => seen.get(column),
    ...(sample !== undefined && { sample }),
  });
  const { file, comments, counts, open, objects: refused } = draft;
  return { database: target.database, text: writeRuleFile(file, comments), ...counts, open, objects: refused };
}

/** What the values of every column of text, documents and large numbers say. A table that may not be read says nothing. */
async function readValues(
  engine: Engine,
  session: Session,
  schema: Schema,
  count: number,
): Promise<ReadonlyMap<Column, ValueFinding>> {
  const { findByValues } = await import("../scrub/discovery/by_value.ts");
  const found = new Map<Column, ValueFinding>();
  for (const table of schema.tables.filter(({ kind }) => kind === "table" || kind === "partitioned")) {
    for (const column of table.columns.filter(isRead)) {
      const values = await valuesOf(engine, session, table, column, count);
      if (values === undefined) break;
      found.set(column, findByValues(values));
    }
  }
  return found;
}

function isRead({ kind, type }: Column): boolean {
  return kind === "text" || kind === "json" || kind === "array" || kind === "other" ||
    (kind === "integer" && /^bigint/.test(type));
}

/** Values of a column's first rows; undefined where the user may not read them. */
async function valuesOf(
  engine: Engine,
  session: Session,
  table: Table,
  column: Column,
  count: number,
): Promise<readonly string[] | undefined> {
  const { sql, asText } = engine.expressions;
  const [name, from] = [new Name(column.name), engine.tableName(session.database, table)];
  try {
    const rows = await session.query(
      sql`SELECT LEFT(${asText(sql`${name}`, column)}, ${most.characters}) AS sample
        FROM (SELECT ${name} FROM ${from} LIMIT ${most.rows}) AS looked WHERE ${name} IS NOT NULL LIMIT ${count}`,
    );
    return rows.map(({ sample }) => String(sample));
  } catch (error) {
    if (denied.includes(serverCodeOf(error) ?? "")) return undefined;
    throw error;
  }
}
