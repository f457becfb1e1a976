/** Measures the memory that runs of one source and of several take, against a local RDS. @module */

import { createDatabase } from "../../tests/fixtures/server_database.ts";
import { fill } from "../../tests/fixtures/fill.ts";
import type { SchemaName } from "../../tests/fixtures/load.ts";
import { type Started, startProgramAt } from "../../tests/package/started.ts";
import { type LocalRds, startLocalRds } from "../local_rds/local_rds.ts";

/** A production instance with one database. */
interface Production {
  readonly id: string;
  readonly engine: "postgresql" | "mysql";
  readonly database: string;
  readonly schema: SchemaName;
}

/** In the order in which they are added to a run: each engine has been there before a third source comes. */
const productions: readonly Production[] = [
  { id: "one", engine: "postgresql", database: "email-alert-api_production", schema: "email_alert_api-2026" },
  { id: "two", engine: "mysql", database: "whitehall_production", schema: "whitehall-2026" },
  { id: "three", engine: "postgresql", database: "publishing_api_production", schema: "publishing_api-2026" },
  { id: "four", engine: "mysql", database: "whitehall_production", schema: "whitehall-2026" },
];

/** Most memory at a time, in MB, of a run of one source, of two, and so on. */
export async function measureMemory(executable: string): Promise<readonly number[]> {
  await using rds = await startLocalRds();
  for (const production of productions) await add(rds, production);
  const peaks: number[] = [];
  for (let count = 1; count <= productions.length; count++) {
    const { code, stderr, memory } = await scrub(rds, executable, productions.slice(0, count));
    if (code !== 0) throw new Error(`Cannot measure memory: the run ended with status ${code}\n${stderr}`);
    peaks.push(memory);
  }
  return peaks;
}

async function add(rds: LocalRds, { id, engine, database, schema }: Production): Promise<void> {
  const owner = engine === "postgresql" ? "application" : undefined;
  await rds.addProduction({
    id,
    engine: engine === "mysql" ? "mysql" : "postgres",
    applications: owner === undefined ? [] : [owner],
    prepare: async (server) => {
      await fill(await createDatabase(server, schema, database, owner), { rows: 2, asOf: new Date() });
    },
  });
}

function scrub(rds: LocalRds, executable: string, sources: readonly Production[]): Promise<Started> {
  const words = sources.flatMap(({ engine, id }) => [`--${engine}-instances`, id]);
  const common = ["--tls-ca", rds.caFile, "--poll-interval", "0.02", "--log-mode", "console"];
  return startProgramAt([executable, ...words, ...common], rds.environment);
}
