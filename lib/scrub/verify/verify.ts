/** Verifies that a workspace is scrubbed. Only this makes a proof. @module */

import type { DatabaseInfo, Engine } from "../../engine/engine.ts";
import type { Sql } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { rowsText } from "../../core/visible.ts";
import { isChosen, keyIn } from "../plan/selections.ts";
import { contentsOf } from "../coverage/object_policy.ts";
import { isDivided } from "../parallel/chunk_queue.ts";
import { countEach } from "../parallel/count_where.ts";
import { onSessions } from "../parallel/session_pool.ts";
import type { ScrubbedDatabase } from "../execute/scrub_database.ts";
import type { RowRange } from "../rules/definition.ts";
import { countRows } from "../execute/execute.ts";
import { strayCounters } from "../execute/restart_counters.ts";
import type { ProvableChange } from "../plan/table_change.ts";
import {
  confirmLeaks,
  findingsOf,
  leakCounts,
  type LeakFindings,
  type SampledTable,
  searchRest,
  type TableSearch,
  tablesToSearch,
} from "../leak_search/leaks.ts";
import { findCatalogueEchoes } from "../leak_search/catalogue_echoes.ts";
import { isTiny } from "../leak_search/leak_sets.ts";
import { findNewObjects } from "./new_objects.ts";
import { countOrphans } from "./orphans.ts";
import type { SearchedDatabase } from "../leak_search/leak_search.ts";
import type { SearchedTable } from "../leak_search/leak_texts.ts";

/** Evidence that every database of one workspace was verified. Only {@linkcode verify} makes one. */
class Proof {
  readonly #resourceId: string;
  /** SHA-256 of what was verified, in hexadecimal: for the final snapshot's tag. */
  readonly digest: string;
  /** What was verified, by database. */
  readonly databases: readonly ProvenDatabase[];
  /** How much the leak search read. */
  readonly search: SearchExtent;

  constructor(resourceId: string, digest: string, databases: readonly ProvenDatabase[]) {
    this.#resourceId = resourceId;
    this.digest = digest;
    this.databases = databases;
    this.search = searchExtent(databases.map(({ leaks }) => leaks));
  }

  /** Throws a TypeError unless the proof was made for the workspace with this DbiResourceId. */
  check(resourceId: string): void {
    if (this.#resourceId !== resourceId) {
      throw new TypeError(`Cannot use this proof for ${resourceId}: it was made for ${this.#resourceId}`);
    }
  }
}

export type { Proof };

/** `sample`: of tables over a size; kept columns and those that no evidence describes are always read in full. */
export type SearchExtent = "full" | "sample" | "off";

/** The least that was read of any database. Absent findings: the search was off. */
export function searchExtent(findings: readonly (LeakFindings | undefined)[]): SearchExtent {
  if (findings.some((one) => one === undefined)) return "off";
  return findings.some((one) => one && one.sampled.length + one.goneSampled.length > 0) ? "sample" : "full";
}

/** What was verified of one database. */
export interface ProvenDatabase {
  readonly database: string;
  readonly predicates: number;
  readonly foreignKeys: number;
  /** Rows that the scans counted, by {@linkcode Table.id}. */
  readonly rowsLeft: Readonly<Record<string, number>>;
  /** The leak search's result; absent: it was off. */
  readonly leaks?: LeakFindings;
}

/** A workspace to verify. */
export interface VerifiedWorkspace {
  /** For messages; absent: `the workspace`. */
  readonly name?: string;
  /** What a failure comes to, as a sentence; absent: that no snapshot was made. */
  readonly consequence?: string;
  /** DbiResourceId. */
  readonly resourceId: string;
  /** Asks the server again which databases there are. */
  databases(): Promise<readonly DatabaseInfo[]>;
  /** Asks the server again what it holds outside of its databases that a run refuses, in words. */
  refusedObjects(): Promise<readonly string[]>;
  /** Databases that were kept on purpose. Any other that was not scrubbed must be empty. */
  readonly letThrough: readonly string[];
}

/**
 * Verifies every database of a workspace: each strategy's evidence, the declared row counts, all foreign keys
 * and declared references, counters, that no
 * removed address or token is found in what is read of any scrubbed database (leak_search.ts says what that is) or in its catalogue,
 * and that no database, table, column or other object is there that was neither looked at nor kept on purpose.
 *
 * @throws {ScrubError} `verification`, with every finding: table, column and count, never a value.
 */
export async function verify(
  workspace: VerifiedWorkspace,
  scrubbed: readonly [ScrubbedDatabase, ...ScrubbedDatabase[]],
  log: Log,
): Promise<Proof> {
  const findings: string[] = [];
  const proven: ProvenDatabase[] = [];
  const suspects = new Map<SearchedDatabase, readonly SearchedTable[]>();
  for (const database of scrubbed) {
    const verified = await verifyDatabase(database, findings, log);
    proven.push(verified.proven);
    suspects.set(database, verified.suspects);
  }
  findings.push(...await confirmLeaks(suspects));
  const accounted = new Set([...workspace.letThrough, ...scrubbed.map(({ schema }) => schema.database)]);
  for (const info of await workspace.databases()) {
    if (accounted.has(info.name)) continue;
    const contents = contentsOf(info, "after");
    if (contents.length > 0) {
      findings.push(`database "${info.name}" was not scrubbed and is not empty: ${contents.join(", ")}`);
    }
  }
  findings.push(...await workspace.refusedObjects());
  if (findings.length > 0) {
    const { name = "the workspace", consequence = "No snapshot was made." } = workspace;
    throw new ScrubError(
      "verification",
      `Cannot prove that ${name} is scrubbed: ${faultsText(findings)}`,
      `${consequence} Check the rules of the named tables, then run again.`,
    );
  }
  const statement = JSON.stringify({ resourceId: workspace.resourceId, proven, letThrough: workspace.letThrough });
  return new Proof(workspace.resourceId, await sha256(statement), proven);
}

/** One on the same line, several on lines of their own. */
function faultsText(findings: readonly string[]): string {
  const [only = ""] = findings;
  return findings.length < 2 ? only : [`${findings.length} faults`, ...findings].join("\n");
}

async function verifyDatabase(
  database: ScrubbedDatabase,
  findings: string[],
  log: Log,
): Promise<{ readonly proven: ProvenDatabase; readonly suspects: readonly SearchedTable[] }> {
  const { schema, references, pool } = database;
  const rows = new RowFindings();
  const parts: readonly ((own: ScrubbedDatabase) => Promise<readonly string[]>)[] = [
    (own) => verifyRows(own, rows, log),
    findNewObjects,
    findEchoes,
    findStrayCounters,
  ];
  // The tables of a big database keep all sessions busy.
  const isSmall = !schema.tables.some((table) => isDivided(table, pool?.size ?? 1));
  const { pool: _shared, ...alone } = database;
  const found = isSmall
    ? await onSessions(database, parts, (session, part) => part({ ...alone, session }))
    : await onSessions(alone, parts, (_, part) => part(database));
  findings.push(...found.flat());
  const { predicates, rowsLeft, suspects, sampled } = rows;
  const leaks = findingsOf(database, sampled);
  return {
    proven: {
      database: schema.database,
      predicates,
      foreignKeys: references.length,
      rowsLeft,
      ...(leaks && { leaks }),
    },
    suspects,
  };
}

async function findEchoes(database: ScrubbedDatabase): Promise<readonly string[]> {
  return (await findCatalogueEchoes(database)).map(({ what }) =>
    `${database.schema.database}: ${what} holds values that rules remove from rows`
  );
}

async function findStrayCounters(database: ScrubbedDatabase): Promise<readonly string[]> {
  return (await strayCounters(database)).map(({ name }) =>
    `${database.schema.database}: ${name} stands at a number that no row has`
  );
}

/** What the scans of a database's rows found, besides what is wrong. */
class RowFindings {
  predicates = 0;
  readonly rowsLeft: Record<string, number> = {};
  suspects: readonly SearchedTable[] = [];
  sampled: readonly SampledTable[] = [];
}

/** Evidence, numbers of rows, references, and leaks. */
async function verifyRows(database: ScrubbedDatabase, rows: RowFindings, log: Log): Promise<readonly string[]> {
  const { engine, schema, changes, references, leaks } = database;
  const findings: string[] = [];
  const toSearch = tablesToSearch(database);
  const searchedTables: TableSearch[] = [];
  const toCount = changes.map((provable) => {
    const { table } = provable.change;
    const checks = checksOf(engine, provable);
    const searched = toSearch.find((one) => one.table === table && !isTiny(one));
    const inLeaks = leaks && searched ? leakCounts(engine, leaks, searched) : [];
    return { provable, table, checks, searched, conditions: [...checks.map(({ count }) => count), ...inLeaks] };
  });
  const counts = await countEach(database, toCount, ({ id }, share) => log.progress({ what: id, share }));
  for (const [at, { provable, checks, searched }] of toCount.entries()) {
    rows.predicates += checks.length;
    const [left = NaN, ...found] = counts[at] ?? [];
    rows.rowsLeft[provable.change.table.id] = left;
    for (const [n, { what, allowed }] of checks.entries()) {
      const count = found[n] ?? NaN; // what was not counted is no evidence
      if (allowed(count, left)) continue;
      findings.push(`${schema.database}: ${provable.change.table.id}${what}: ${rowsText(count)}`);
    }
    if (searched) {
      const [read = 0, leaking = NaN] = found.slice(checks.length);
      searchedTables.push({ searched, read, leaks: leaking !== 0 });
    }
    const { sizes } = provable;
    if (sizes && left !== sizes.kept) {
      findings.push(`${schema.database}: ${provable.change.table.id} has ${rowsText(left)}, not ${sizes.kept}`);
    }
    const unexpected = await findUnexpected(database, provable, left);
    findings.push(...unexpected.map((finding) => `${schema.database}: ${provable.change.table.id} ${finding}`));
  }
  for (const [at, orphans] of (await countOrphans(database, references)).entries()) {
    const reference = references[at];
    if (orphans === 0 || !reference) continue;
    findings.push(`${schema.database}: ${reference.child} has ${orphans} orphans by the ${reference.words}`);
  }
  const { suspects, sampled } = await searchRest(database, searchedTables, log);
  rows.suspects = suspects;
  rows.sampled = sampled;
  return findings;
}

interface Check {
  /** After the table's name. */
  readonly what: string;
  /** An expression to be summed over all rows. */
  readonly count: Sql;
  allowed(count: number, rowsLeft: number): boolean;
}

function none(count: number): boolean {
  return count === 0;
}

function checksOf(engine: Engine, { change, evidence, deletedByNewKeys }: ProvableChange): Check[] {
  const { sql } = engine.expressions;
  const checks = evidence.map(({ column, strategy, holds, where, ...rows }): Check => {
    const fails = sql`NOT coalesce(${holds}, FALSE)`;
    const chosen = where ?? isChosen(engine, change.table.primaryKey, rows);
    const count = chosen ? sql`${chosen} AND ${fails}` : fails;
    return { what: `.${column} does not look like ${strategy}`, count, allowed: none };
  });
  if (change.truncated) {
    checks.push({ what: " still has rows though all were to be deleted", count: sql`TRUE`, allowed: none });
  }
  if (change.deletedKeys) {
    checks.push({
      what: " still has rows that were to be deleted",
      count: keyIn(engine, change.table.primaryKey, deletedByNewKeys ?? change.deletedKeys),
      allowed: none,
    });
  }
  return checks;
}

/** Where the changed, deleted or remaining rows are not as many as declared. */
async function findUnexpected(
  { engine: { expressions: { sql } }, session, executed }: ScrubbedDatabase,
  { change: { table, deletedKeys }, expect }: ProvableChange,
  left: number,
): Promise<readonly string[]> {
  if (!expect) return [];
  const done = executed.find(({ plan }) => plan.table === table);
  const changed = done ? countRows(done, left).changed : 0;
  // A copied table deletes nothing: scratch has the deleted keys whatever the plan's shape.
  const [row] = deletedKeys
    ? await session.scan(sql`SELECT count(*) AS gone FROM ${deletedKeys.table}`)
    : [{ gone: 0 }];
  const deletedRows = Number(row?.["gone"]);
  const findings = [
    ...outOfRange("change", expect.changed, changed),
    ...outOfRange("lose", expect.gone, deletedRows),
    ...outOfRange("keep", expect.left, left),
  ];
  const { goneShare } = expect;
  if (goneShare !== undefined && !(deletedRows <= goneShare * (deletedRows + left))) {
    const most = Number((goneShare * 100).toFixed(2));
    findings.push(`was expected to lose at most ${most} % of its rows, but it was ${deletedRows} rows`);
  }
  return findings;
}

/** NaN is out of every range. */
function outOfRange(verb: string, range: RowRange | undefined, rows: number): readonly string[] {
  const { minimum, maximum } = range ?? {};
  return [
    ...(minimum !== undefined && !(rows >= minimum) ? [`at least ${minimum} rows`] : []),
    ...(maximum !== undefined && !(rows <= maximum) ? [`at most ${maximum} rows`] : []),
  ].map((bound) => `was expected to ${verb} ${bound}, but it was ${rows} rows`);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
