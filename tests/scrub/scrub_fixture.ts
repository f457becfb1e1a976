/** Scrubs a database of a test's server the way a run does: as the RDS-like master, through the real engine. @module */

import type { DatabaseInfo, Engine, Session, Target } from "../../lib/engine/engine.ts";
import { mysql } from "../../lib/mysql/mod.ts";
import { postgresql } from "../../lib/postgresql/mod.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import type { Log } from "../../lib/core/log.ts";
import { refuseSurprisingValues } from "../../lib/scrub/plan/structural_values.ts";
import { planDatabase, type PlannedDatabase } from "../../lib/scrub/plan/plan_database.ts";
import { coverDatabase, type CoveredDatabase } from "../../lib/scrub/coverage/cover_database.ts";
import { type ScrubbedDatabase, scrubDatabase } from "../../lib/scrub/execute/scrub_database.ts";
import type { Definition, Scrubber } from "../../lib/scrub/rules/definition.ts";
import type { LeakMode } from "../../lib/scrub/leak_search/leak_sample.ts";
import { type LeakOptions, prepareLeakSearch } from "../../lib/scrub/leak_search/leak_search.ts";
import { type Proof, type VerifiedWorkspace, verify } from "../../lib/scrub/verify/verify.ts";
import * as servers from "../servers.ts";

/** A log that keeps nothing. */
export const silent: Log = { debug() {}, info() {}, warn() {}, progress() {} };

/** A signal that is never aborted. */
export const never: AbortSignal = new AbortController().signal;

/** The time of the fixtures' data. */
export const dataTime: Date = new Date("2026-08-21T12:00:00Z");

/** Both engines. */
export const engineNames = ["postgresql", "mysql"] as const;

/** A key for tests; `seed` makes another one. */
export function testKey(seed = 1): Uint8Array {
  return new Uint8Array(32).fill(seed);
}

/** The engine by name. */
export function engineNamed(name: Engine["name"]): Engine {
  return name === "mysql" ? mysql : postgresql;
}

/** A fresh server of an engine. */
export function serverOf(engine: Engine["name"]): Promise<servers.TestServer> {
  return engine === "mysql" ? servers.mysql() : servers.postgresql({ applications: ["application"] });
}

/** How the master reaches one database of a test's server. */
export function targetOf(server: servers.TestServer, database: string): Target {
  return { host: server.host, port: server.port, database, ca: server.ca, ...server.master };
}

/** A scrubber with these rules, whatever the schema. */
export function scrubberOf(
  engine: Engine["name"],
  tables: Definition["tables"],
  selections: Definition["selections"] = {},
): Scrubber {
  return { name: "test", engine, summary: "For a test.", reviewed: [], define: () => ({ selections, tables }) };
}

/** Creates an empty database with these statements run in it, by its application where there are roles. */
export async function createTestDatabase(
  server: servers.TestServer,
  engine: Engine["name"],
  database: string,
  statements: string,
): Promise<void> {
  if (engine === "mysql") {
    await server.run(`CREATE DATABASE \`${database}\` CHARACTER SET utf8mb4`);
    await server.run(statements, database);
  } else {
    await server.run(`CREATE DATABASE "${database}" OWNER application`);
    await server.run(`SET ROLE application; ${statements}`, database);
  }
}

/** What a test may do between the phases. */
export interface ScrubOptions {
  readonly key?: Uint8Array;
  readonly asOf?: Date;
  readonly concurrency?: number;
  /** Between plan and scrub. */
  readonly beforeScrub?: (planned: PlannedDatabase) => Promise<void>;
  /** Between scrub and verify. */
  readonly meddle?: () => Promise<void>;
  /** After verification, while scratch is still there. */
  readonly verified?: (scrubbed: ScrubbedDatabase) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly leakSearch?: LeakMode;
  /** The run's id. */
  readonly runId?: string;
}

/** How leaks are searched for. */
export function leakOptions(
  { leakSearch, runId = "run" }: Pick<ScrubOptions, "leakSearch" | "runId"> = {},
): LeakOptions {
  return { salt: runId, ...(leakSearch && { mode: leakSearch }) };
}

/** A database as discovery sees one of an application's. */
export function testDatabase(name: string): DatabaseInfo {
  return { name, connectable: true, empty: false, maintenance: false, userObjects: [], objects: [], clearable: [] };
}

/** The workspace that a test's server stands for, with one database. */
export function workspaceWith(database: string): VerifiedWorkspace {
  const databases = () => Promise.resolve([testDatabase(database)]);
  return { resourceId: "db-TEST", databases, refusedObjects: () => Promise.resolve([]), letThrough: [] };
}

/** A planned database and the session that it needs. */
export interface Opened extends AsyncDisposable {
  readonly session: Session;
  readonly planned: PlannedDatabase;
}

/**
 * Holds a database against a test's rules, which need not account for all of it.
 *
 * @throws {ScrubError} `rules` where they do not fit.
 */
export async function coverRuled(engine: Engine, session: Session, scrubber: Scrubber): Promise<CoveredDatabase> {
  const covered = await coverDatabase(engine, session, scrubber, { onDrift: "refuse", reviewed: [] });
  if (covered.drift.unfit) throw covered.drift.unfit;
  return covered;
}

/** Opens a session and plans. */
export async function planFixture(
  server: servers.TestServer,
  engineName: Engine["name"],
  database: string,
  scrubber: Scrubber,
  options: ScrubOptions = {},
): Promise<Opened> {
  const engine = engineNamed(engineName);
  const target = targetOf(server, database);
  await using undo = new AsyncDisposableStack();
  const session = undo.use(await engine.open(target, options.key ?? testKey(), options.signal ?? never));
  await engine.prepare(session);
  const covered = await coverRuled(engine, session, scrubber);
  const { schema, coverage: { columns } } = covered;
  await engine.checkRows?.(session, schema);
  await refuseSurprisingValues([{ database: { engine, session, schema }, columns }]);
  const decided = await planDatabase(engine, session, target, scrubber, covered, options.asOf ?? dataTime);
  const open = () => engine.open(target, options.key ?? testKey(), options.signal ?? never);
  const planned = { ...decided, pool: { size: options.concurrency ?? 1, open } };
  const owned = undo.move();
  return { session, planned, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The error that a plan ends in; undefined where it is made. */
export async function refusalOf(plan: Promise<AsyncDisposable>): Promise<ScrubError | undefined> {
  try {
    await using _planned = await plan;
    return undefined;
  } catch (error) {
    if (error instanceof ScrubError) return error;
    throw error;
  }
}

/** Plans, scrubs, verifies and clears scratch away. */
export async function scrubFixture(
  server: servers.TestServer,
  engineName: Engine["name"],
  database: string,
  scrubber: Scrubber,
  options: ScrubOptions = {},
): Promise<{ readonly scrubbed: ScrubbedDatabase; readonly proof: Proof }> {
  const { key = testKey(), concurrency = 1, signal = never } = options;
  await using opened = await planFixture(server, engineName, database, scrubber, options);
  const { session } = opened;
  const searched = await prepareLeakSearch([opened.planned], [], leakOptions(options), silent);
  const [planned = opened.planned] = searched.planned;
  await options.beforeScrub?.(planned);
  const scrubbed = await scrubDatabase(planned, key, concurrency, silent, signal);
  await options.meddle?.();
  const proof = await verify(workspaceWith(database), [scrubbed], silent);
  await options.verified?.(scrubbed);
  await planned.engine.closeScratch(session);
  await planned.engine.purge(session, planned.schema, planned.plans);
  return { scrubbed, proof };
}
