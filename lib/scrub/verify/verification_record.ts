/** Verifies a database once more without scratch: in an instance restored from the finished snapshot. @module */

import type { Engine, Session } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import { joinSql, type Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { ScrubbedDatabase } from "../execute/scrub_database.ts";
import type { LeakSearch } from "../leak_search/leak_search.ts";
import type { ProvableChange } from "../plan/table_change.ts";
import { type Proof, type VerifiedWorkspace, verify } from "./verify.ts";

/** What a second verification of one database needs: names, counts and keyed 64-bit hashes, never values. */
export interface VerificationRecord {
  readonly database: ScrubbedDatabase;
  /** Rows of every table, by {@linkcode Table.id}. */
  readonly rows: ReadonlyMap<string, number>;
  /** Halves of the fingerprints that were searched for; absent: the search was off, or they are too many. */
  readonly fingerprints?: readonly (readonly [high: number, low: number])[];
}

/** More would take too much memory. */
const mostFingerprints = 5_000_000;
const page = 20_000;
const half = 2 ** 32;

/** Reads what a second verification needs. To be called before scratch is closed. */
export async function captureVerification(database: ScrubbedDatabase, log: Log): Promise<VerificationRecord> {
  const { engine, session, schema, leaks } = database;
  const rows = await countRows(engine, session, schema.database, tablesOf(database));
  if (!leaks) return { database, rows };
  if (leaks.fingerprints > mostFingerprints) {
    log.warn(`the leak search of "${schema.database}" is not repeated by --prove: it has too many fingerprints`);
    return { database, rows };
  }
  return { database, rows, fingerprints: await readFingerprints(engine, session, leaks) };
}

/**
 * Verifies the databases of an instance that was restored from the snapshot: the evidence that needs no scratch (of whole columns),
 * all foreign keys, the leak search, the list of databases, and every table's number of rows.
 *
 * @throws {ScrubError} `verification`, with every finding.
 */
export async function verifyAgain(
  workspace: VerifiedWorkspace,
  records: readonly VerificationRecord[],
  open: (database: ScrubbedDatabase) => Promise<Session>,
  log: Log,
): Promise<Proof> {
  const again: ScrubbedDatabase[] = [];
  const findings: string[] = [];
  for (const { database, rows, fingerprints } of records) {
    const { engine, schema } = database;
    const session = await open(database);
    const now = await countRows(engine, session, schema.database, tablesOf(database));
    for (const [table, before] of rows) {
      if (now.get(table) !== before) {
        findings.push(`${schema.database}: ${table} has ${now.get(table)} rows, not ${before}`);
      }
    }
    await engine.openScratch(session);
    // The pool's sessions belong to the deleted workspace.
    const { leaks, pool: _, ...rest } = database;
    const sought = leaks && fingerprints && await writeFingerprints(engine, session, leaks, fingerprints);
    const changes = database.changes.map(withoutScratch);
    again.push({ ...rest, session, changes, ...(sought && { leaks: sought }) });
  }
  if (findings.length > 0) {
    throw new ScrubError(
      "verification",
      `Cannot prove the snapshot: ${findings.join("; ")}`,
      "The snapshot is deleted. Find out what changed the workspace after its verification, then run again.",
    );
  }
  const [first, ...others] = again;
  if (!first) throw new TypeError("Cannot verify again: there are no records");
  return await verify(workspace, [first, ...others], log);
}

/** Without scratch the selected rows are unknown; their evidence was verified before the snapshot. */
function withoutScratch({ change, evidence, expect: _expect, ...rest }: ProvableChange): ProvableChange {
  const { deletedKeys: _, ...whole } = change;
  return { ...rest, change: whole, evidence: evidence.filter(({ onlyKeys }) => onlyKeys === undefined) };
}

function tablesOf({ schema }: ScrubbedDatabase): readonly Table[] {
  const counted: readonly Table["kind"][] = ["table", "partitioned"];
  return schema.tables.filter(({ kind }) => counted.includes(kind));
}

async function countRows(
  engine: Engine,
  session: Session,
  database: string,
  tables: readonly Table[],
): Promise<ReadonlyMap<string, number>> {
  const { sql } = engine.expressions;
  const counts = new Map<string, number>();
  for (const table of tables) {
    const [row] = await session.scan(sql`SELECT count(*) AS n FROM ${engine.tableName(database, table)}`);
    counts.set(table.id, Number(row?.["n"]));
  }
  return counts;
}

async function readFingerprints(
  engine: Engine,
  session: Session,
  { sought }: LeakSearch,
): Promise<readonly (readonly [number, number])[]> {
  const { sql } = engine.expressions;
  const found: (readonly [number, number])[] = [];
  for (let last: Sql = sql``;;) {
    const rows = await session.scan(
      sql`SELECT (fingerprint - fingerprint % ${half}) / ${half} AS high, fingerprint % ${half} AS low FROM ${sought}${last}
      ORDER BY fingerprint LIMIT ${page}`,
    );
    found.push(...rows.map(({ high, low }) => [Number(high), Number(low)] as const));
    const end = found.at(-1);
    if (rows.length < page || !end) return found;
    last = sql` WHERE fingerprint > ${end[0]} * ${half} + ${end[1]}`;
  }
}

async function writeFingerprints(
  engine: Engine,
  session: Session,
  leaks: LeakSearch,
  fingerprints: readonly (readonly [number, number])[],
): Promise<LeakSearch> {
  const { sql } = engine.expressions;
  const none = sql`SELECT ${half} + ${half} AS fingerprint, 0 AS held FROM (SELECT 1 AS one) AS nothing WHERE one = 0`;
  for (const step of engine.fillFingerprintSet(leaks.sought, none)) await session.run(step);
  for (let at = 0; at < fingerprints.length; at += page) {
    const tuples = fingerprints.slice(at, at + page).map(([high, low]) => sql`(${high} * ${half} + ${low}, 1)`);
    await session.run({
      label: "carry fingerprints over",
      sql: sql`INSERT INTO ${leaks.sought} (fingerprint, held) VALUES ${joinSql(tuples, ", ")}`,
    });
  }
  return leaks;
}
