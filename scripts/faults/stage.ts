/** A local RDS with one small production, and runs against it inside this process or as the program. @module */

import type { DeploymentKind, RebuildSettings, Settings } from "../../lib/core/settings.ts";
import type { Engine } from "../../lib/engine/engine.ts";
import { failureOf } from "../../lib/fleet/failure.ts";
import { runSource } from "../../lib/pipeline/run_source.ts";
import type { Failure } from "../../lib/core/errors.ts";
import type { Log } from "../../lib/core/log.ts";
import type { SourceReport } from "../../lib/core/report.ts";
import { SourceReportBuilder } from "../../lib/report/report_builder.ts";
import { type LocalRds, startLocalRds } from "../local_rds/local_rds.ts";
import { hasMariadb } from "../local_rds/programs.ts";
import { prepare, scrubberFor } from "./shapes.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";
import { addStaging } from "../../tests/rds/refresh/staging.ts";
import { templateOf } from "../../tests/fixtures/template.ts";

/** The production instance. */
export const production = "prod";

/** The account that snapshots are shared with. */
export const receiver = "123456789012";

const moment = { polls: 1, milliseconds: 1000 };

/** The region that some runs copy to. */
export const otherRegion = "eu-central-1";

/** The servers that there are stages of. */
export const products = ["postgresql", "mysql", ...hasMariadb ? ["mariadb" as const] : []] as const;

/** A server that there is a stage of. */
export type Product = EngineName | "mariadb";

/** The engine that scrubs it. */
export function engineOf(product: Product): EngineName {
  return product === "mariadb" ? "mysql" : product;
}

/** A local RDS whose states last a reading, so that each is seen. `kind`: what its production is; MariaDB's is an instance. */
export async function openStage(product: Product, kind: DeploymentKind = "instance"): Promise<LocalRds> {
  const rds = await startLocalRds({
    moreRegions: [otherRegion],
    latencies: {
      unseen: moment,
      creating: moment,
      lag: moment,
      modifying: moment,
      snapshot: moment,
      deleting: moment,
    },
  });
  try {
    const engine = product === "postgresql" ? "postgres" : product;
    const made = {
      id: production,
      applications: engine === "postgres" ? ["application"] : [],
      template: await templateOf(`faults-${product}`, import.meta.resolve("./shapes.ts")),
      prepare,
    } as const;
    if (kind === "instance") await rds.addProduction({ ...made, engine });
    else if (engine !== "mariadb") await rds.addCluster({ ...made, engine });
    else throw new TypeError("Aurora has no MariaDB");
    return rds;
  } catch (error) {
    await rds[Symbol.asyncDispose]();
    throw error;
  }
}

/** The name of the instance that some runs refresh. */
export const staging = "staging";

/** Sees to it that there is such an instance, and no old one that a run put aside: its owner has deleted that. */
export async function readyStaging(rds: LocalRds): Promise<void> {
  await rds.settled();
  const has = (name: string) => rds.instances().some(({ id }) => id === name);
  if (!has(staging)) await addStaging(rds);
  for (const { id } of rds.instances().filter(({ id }) => id.startsWith(`${staging}-before-`))) await rds.retire(id);
}

const tools = new URL("../../.tools/", import.meta.url).pathname;

/** What fills the fresh instance of runs that rebuild. */
export const rebuildPrograms: RebuildSettings = {
  pgDump: `${tools}postgresql-client/pg_dump`,
  pgRestore: `${tools}postgresql-client/pg_restore`,
  mysqldump: `${tools}mysql/mysqldump`,
  mysql: `${tools}mysql/mysql`,
};

/** What came of a run. */
export interface Ended {
  readonly report: SourceReport;
  readonly failure?: Failure;
  readonly log: readonly string[];
}

/** What a run may have otherwise. */
export interface Wishes {
  readonly engines?: Readonly<Record<EngineName, Engine>>;
  readonly settings?: Partial<Settings>;
  readonly signal?: AbortSignal;
  /** Milliseconds that one attempt at a call may take: short where an answer never comes. */
  readonly requestTimeout?: number;
}

/** Attempts at each call of AWS. */
export const attempts = 2;

/** Runs the whole story of one source in this process, impatiently. */
export async function runOnce(rds: LocalRds, engine: EngineName, wishes: Wishes = {}): Promise<Ended> {
  const kind = rds.clusters().some(({ id }) => id === production) ? "cluster" : "instance";
  const request = { engine, kind, value: production } as const;
  const settings: Settings = {
    sources: [request],
    region: rds.region,
    shareWith: [receiver],
    snapshotRetention: 2,
    unknownDatabases: "refuse",
    keepDatabases: [],
    dropDatabases: [],
    onDrift: "refuse",
    reviewed: {},
    workspace: {},
    logLevel: "DEBUG",
    logFormat: "text",
    timeout: 180_000,
    snapshotTimeout: 180_000,
    pollInterval: 20,
    heartbeat: 300_000,
    tlsCa: rds.ca,
    dryRun: false,
    ...wishes.settings,
  };
  const report = new SourceReportBuilder(request);
  const lines: string[] = [];
  const log: Log = {
    debug: (message) => void lines.push(message),
    info: (message) => void lines.push(message),
    warn: (message) => void lines.push(message),
    progress() {},
  };
  let failure: Failure | undefined;
  try {
    await runSource({
      request,
      settings,
      runId: crypto.randomUUID(),
      started: new Date(),
      key: new Uint8Array(32).fill(7),
      scrubbers: [scrubberFor(engine)],
      log,
      report,
      aws: {
        endpoint: { url: rds.url, accessKeyId: "local", secretAccessKey: "local" },
        maxAttempts: attempts,
        requestTimeout: wishes.requestTimeout ?? 30_000,
      },
      timeouts: { propagationTimeout: 400, cleanUpTimeout: 20_000, settle: 0 },
      ...(wishes.engines && { engines: wishes.engines }),
      phase: (phase) => void lines.push(`phase ${phase}`),
      onSnapshot: (snapshot) => void lines.push(`begins ${snapshot}`),
      claim: () => Promise.resolve(),
    }, wishes.signal ?? new AbortController().signal);
  } catch (error) {
    failure = failureOf(error);
  }
  return { report: report.report, log: lines, ...(failure && { failure }) };
}
