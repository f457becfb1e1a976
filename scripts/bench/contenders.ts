/** Who is measured: each way to scrub the tables of a case, on a running server. @module */

import { cpuUsage } from "node:process";
import type { Engine, Target } from "../../lib/engine/engine.ts";
import { SourceReportBuilder } from "../../lib/report/report_builder.ts";
import { scrubDatabases } from "../../lib/pipeline/run_databases.ts";
import { concurrencyOf, loadEngine } from "../../lib/pipeline/engines.ts";
import type { Log } from "../../lib/core/log.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { coverDatabase } from "../../lib/scrub/coverage/cover_database.ts";
import { planDatabase } from "../../lib/scrub/plan/plan_database.ts";
import { scrubDatabase } from "../../lib/scrub/execute/scrub_database.ts";
import { settingsWith } from "../../tests/fixtures/settings.ts";
import type { Server } from "../local_rds/server.ts";
import type { BenchCase } from "./cases.ts";
import { master } from "./golden.ts";
import { countRoundTrips } from "./round_trips.ts";
import { throughClient } from "./through_client.ts";
import { PhaseClock, watchedEngine } from "./watched_engine.ts";

/** What a contender's run came to. */
export interface Took {
  /** Those that count. */
  readonly seconds: number;
  /** Seconds of a processor that this program took meanwhile: the server's are not among them. */
  readonly client: number;
  /** Where they went, for one that has phases. */
  readonly phases?: Readonly<Record<string, number>>;
  /** How often the program waited for an answer of the server; absent: it was not counted. */
  readonly roundTrips?: number;
}

/** One way to scrub. */
export interface Contender {
  readonly name: string;
  /** Whether it is measured in a case; absent: in every one. */
  can?(one: BenchCase): boolean;
  run(one: BenchCase, server: Server): Promise<Took>;
}

const silent: Log = { debug() {}, info() {}, warn() {}, progress() {} };
const never = new AbortController().signal;
/** The server's, for it runs here. */
const processors = navigator.hardwareConcurrency;
const asOf = new Date("2026-08-21T12:00:00Z");

/** Everyone, the measure of all first. */
export const contenders: readonly Contender[] = [
  { name: "floor", run: (one, server) => runAll(one, server, rebuild(one)) },
  { name: "original", can: hasOriginal, run: (one, server) => runAll(one, server, original(one)) },
  {
    name: "original, rebuild, analyse",
    can: hasOriginal,
    run: (one, server) => runAll(one, server, [...original(one), ...rebuild(one), ...analyse(one)]),
  },
  { name: "dump, filter, load", can: ({ fixedCosts }) => fixedCosts !== true, run: throughClient },
  { name: "datascrubber scrub", run: scrubAlone },
  { name: "datascrubber", run: whole },
  { name: "datascrubber, by kind of work", can: ({ fixedCosts }) => fixedCosts === true, run: byKindOfWork },
];

function hasOriginal({ original }: BenchCase): boolean {
  return original !== undefined;
}

function original({ original = "" }: BenchCase): readonly string[] {
  return original.split(";").map((statement) => statement.trim()).filter((statement) => statement !== "");
}

/** Rewrites the tables with nothing changed: what the server needs in any case. */
function rebuild({ engine, tables }: BenchCase): readonly string[] {
  return tables.map((table) =>
    engine === "mysql" ? `ALTER TABLE \`${table}\` FORCE, ALGORITHM=INPLACE` : `VACUUM FULL "${table}"`
  );
}

function analyse({ engine, tables }: BenchCase): readonly string[] {
  return tables.map((table) => engine === "mysql" ? `ANALYZE TABLE ${table}` : `ANALYZE ${table}`);
}

/** Runs statements on one connection, one after the other; the connection itself is not counted. */
async function runAll(one: BenchCase, server: Server, statements: readonly string[]): Promise<Took> {
  const engine = await loadEngine(one.engine);
  await using session = await engine.open({ ...targetOf(server), database: one.database }, new Uint8Array(32), never);
  await engine.prepare(session);
  if (one.engine === "postgresql") {
    await session.run({ label: "name the schema", sql: trusted("SET search_path = public") });
  }
  return await timed(async () => {
    for (const statement of statements) await session.run({ label: "run a statement", sql: trusted(statement) });
  });
}

async function timed(work: () => Promise<unknown>): Promise<Took> {
  const [started, before] = [performance.now(), cpuUsage()];
  await work();
  const { user, system } = cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, client: (user + system) / 1e6 };
}

function targetOf(server: Server): Target {
  return { host: server.host, port: server.port, ca: server.ca, ...master };
}

/** The scrub phase with nothing before and after it counted. */
async function scrubAlone(one: BenchCase, server: Server): Promise<Took> {
  const engine = await loadEngine(one.engine);
  const target = { ...targetOf(server), database: one.database };
  const key = crypto.getRandomValues(new Uint8Array(32));
  await using session = await engine.open(target, key, never);
  await engine.prepare(session);
  const { scrubber } = one;
  const covered = await coverDatabase(engine, session, scrubber, { onDrift: "refuse", reviewed: [] });
  const planned = await planDatabase(engine, session, target, scrubber, covered, asOf);
  const took = await timed(() =>
    scrubDatabase(planned, key, concurrencyOf({ settings: {}, processors }), silent, never)
  );
  await engine.closeScratch(session);
  return took;
}

/** What a run does between the login and the final snapshot. */
async function whole(one: BenchCase, server: Server): Promise<Took> {
  const clock = new PhaseClock();
  const took = await timed(async () => await scrub(one, targetOf(server), await loadEngine(one.engine), clock));
  return { ...took, phases: clock.seconds() };
}

/** The same with its time by kind of work, and its round trips counted: by a proxy, which takes some time itself. */
async function byKindOfWork(one: BenchCase, server: Server): Promise<Took> {
  const clock = new PhaseClock();
  const engine = watchedEngine(await loadEngine(one.engine), clock);
  await using proxy = countRoundTrips(server.port);
  const took = await timed(() => scrub(one, { ...targetOf(server), port: proxy.port }, engine, clock));
  return { ...took, phases: clock.seconds(), roundTrips: proxy.roundTrips() };
}

async function scrub(one: BenchCase, target: Target, engine: Engine, clock: PhaseClock): Promise<void> {
  await scrubDatabases({
    runId: "bench",
    engine,
    target,
    source: "bench",
    storageBytes: undefined,
    processors,
    resourceId: "db-BENCH",
    asOf,
    key: crypto.getRandomValues(new Uint8Array(32)),
    settings: settingsWith({ ...(target.ca !== undefined && { tlsCa: target.ca }), allowActive: true }),
    scrubbers: [one.scrubber],
    log: silent,
    phase: (phase) => clock.phase(phase),
    report: new SourceReportBuilder({ engine: one.engine, kind: "instance", value: "bench" }),
  }, never);
  clock.stop();
}
