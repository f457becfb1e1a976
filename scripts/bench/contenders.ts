/** Who is measured: each way to scrub the tables of a case, on a running server. @module */

import { cpuUsage } from "node:process";
import type { Target } from "../../lib/engine/engine.ts";
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
import { type BenchCase, scrubberFor } from "./cases.ts";
import { master } from "./golden.ts";

/** What a contender's run came to. */
export interface Took {
  /** Those that count. */
  readonly seconds: number;
  /** Seconds of a processor that this program took meanwhile: the server's are not among them. */
  readonly client: number;
  /** Where they went, for one that has phases. */
  readonly phases?: Readonly<Record<string, number>>;
}

/** One way to scrub. */
export interface Contender {
  readonly name: string;
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
  { name: "original", run: (one, server) => runAll(one, server, original(one)) },
  {
    name: "original, rebuild, analyse",
    run: (one, server) => runAll(one, server, [...original(one), ...rebuild(one), ...analyse(one)]),
  },
  { name: "datascrubber scrub", run: scrubAlone },
  { name: "datascrubber", run: whole },
];

function original(one: BenchCase): readonly string[] {
  return one.original.split(";").map((statement) => statement.trim()).filter((statement) => statement !== "");
}

/** Rewrites the tables with nothing changed: what the server needs in any case. */
function rebuild({ engine, tables }: BenchCase): readonly string[] {
  return tables.map((table) =>
    engine === "mysql" ? `ALTER TABLE ${table} FORCE, ALGORITHM=INPLACE` : `VACUUM FULL ${table}`
  );
}

function analyse({ engine, tables }: BenchCase): readonly string[] {
  return tables.map((table) => engine === "mysql" ? `ANALYZE TABLE ${table}` : `ANALYZE ${table}`);
}

/** Runs statements on one connection, one after the other; the connection itself is not counted. */
async function runAll(one: BenchCase, server: Server, statements: readonly string[]): Promise<Took> {
  const engine = await loadEngine(one.engine);
  await using session = await engine.open({ ...targetOf(server), database: "bench" }, new Uint8Array(32), never);
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
  const target = { ...targetOf(server), database: "bench" };
  const key = crypto.getRandomValues(new Uint8Array(32));
  await using session = await engine.open(target, key, never);
  await engine.prepare(session);
  const scrubber = scrubberFor(one);
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
  const phases: Record<string, number> = {};
  let current: { readonly phase: string; readonly since: number } | undefined;
  function next(phase?: string): void {
    const now = performance.now();
    if (current) phases[current.phase] = Number(((now - current.since) / 1000).toFixed(3));
    current = phase === undefined ? undefined : { phase, since: now };
  }
  const settings = settingsWith({ tlsCa: server.ca, allowActive: true });
  const engine = await loadEngine(one.engine);
  const took = await timed(() =>
    scrubDatabases({
      runId: "bench",
      engine,
      target: targetOf(server),
      source: "bench",
      storageBytes: undefined,
      processors,
      resourceId: "db-BENCH",
      asOf,
      key: crypto.getRandomValues(new Uint8Array(32)),
      settings,
      scrubbers: [scrubberFor(one)],
      log: silent,
      phase: next,
      report: new SourceReportBuilder({ engine: one.engine, kind: "instance", value: "bench" }),
    }, never)
  );
  next();
  return { ...took, phases };
}
