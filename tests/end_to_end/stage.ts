/** A stage for end-to-end tests: a local RDS with production instances on it, and the real command line against it. @module */

import { type LocalRds, type LocalRdsOptions, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { ProductionCluster } from "../../scripts/local_rds/production.ts";
import type { Server } from "../../scripts/local_rds/server.ts";
import { fill } from "../fixtures/fill.ts";
import { engineOf, type SchemaName } from "../fixtures/load.ts";
import { templateOf } from "../fixtures/template.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { assertEquals } from "@std/assert";
import { reportSchema } from "../../lib/report/report_schema.ts";
import { faultsOf } from "../report/json_schema.ts";
import type { DeploymentKind } from "../../lib/core/settings.ts";
import { type Program, type Result, startProgram as start } from "../fleet/program.ts";

/** Databases of production by name. */
const postgresqlDatabases: Readonly<Record<string, SchemaName>> = {
  "email-alert-api_production": "email_alert_api-2026",
  "publishing_api_production": "publishing_api-2026",
};
const mysqlDatabases: Readonly<Record<string, SchemaName>> = { "whitehall_production": "whitehall-2026" };

/** The identifiers of the two production instances. */
export const instances = { postgresql: "govuk-postgresql-primary", mysql: "govuk-mysql-primary" } as const;

/** The account that tests share with. */
export const receiver = "123456789012";

/** A local RDS whose productions have the three applications' databases, filled with marks. */
export async function stageWithProduction(
  engines: readonly ("postgresql" | "mysql")[] = ["postgresql", "mysql"],
  options: LocalRdsOptions = {},
  more?: (server: Server) => Promise<void>,
): Promise<LocalRds> {
  const rds = await startLocalRds(options);
  try {
    for (const engine of engines) {
      await rds.addProduction({
        id: instances[engine],
        engine: engine === "mysql" ? "mysql" : "postgres",
        applications: engine === "mysql" ? [] : ["application"],
        template: await templateOf(`applications-${engine}`, import.meta.url),
        prepare: async (server) => {
          const databases = engine === "mysql" ? mysqlDatabases : postgresqlDatabases;
          for (const [name, schema] of Object.entries(databases)) {
            const db = await createDatabase(server, schema, name, engine === "mysql" ? undefined : "application");
            await fill(db, { rows: 2, asOf: new Date() }); // or every mail would be old
          }
        },
        ...(more && { change: more }),
      });
    }
    return rds;
  } catch (error) {
    await rds[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * What a production with one database of an application's is made of: once on a machine, then copied. What a test wants besides goes
 * into `change`.
 */
export async function oneApplication(schema: SchemaName, database: string, { rows }: { readonly rows: 0 | 1 }): Promise<
  Pick<ProductionCluster, "engine" | "applications" | "template" | "prepare">
> {
  const role = engineOf(schema) === "mysql" ? undefined : "application";
  return {
    engine: role === undefined ? "mysql" : "postgres",
    applications: role === undefined ? [] : [role],
    template: await templateOf(`${schema}-${rows}`, import.meta.url),
    async prepare(server) {
      const db = await createDatabase(server, schema, database, role);
      if (rows > 0) await fill(db, { rows });
    },
  };
}

/** A local RDS with one small PostgreSQL production: email-alert-api's database, one row a table. `kind`: an instance, unless said. */
export async function smallStage(
  options: LocalRdsOptions = {},
  more?: (server: Server) => Promise<void>,
  kind: DeploymentKind = "instance",
): Promise<LocalRds> {
  const rds = await startLocalRds(options);
  try {
    await rds[kind === "cluster" ? "addCluster" : "addProduction"]({
      id: instances.postgresql,
      ...await oneApplication("email_alert_api-2026", smallDatabase, { rows: 1 }),
      ...(more && { change: more }),
    });
    return rds;
  } catch (error) {
    await rds[Symbol.asyncDispose]();
    throw error;
  }
}

/** The database of {@linkcode smallStage}. */
export const smallDatabase = "email-alert-api_production";

/** The arguments that every run against a local RDS needs. */
export function commonArguments(rds: LocalRds): string[] {
  return ["--tls-ca", rds.caFile, "--poll-interval", "0.02", "--log-mode", "console"];
}

/** Starts the real command line. Whatever comes of the run, its report has to fit the schema. */
export function startProgram(rds: LocalRds, args: readonly string[]): Program {
  const at = args.indexOf("--report");
  const own = at < 0 ? undefined : args[at + 1];
  const path = own ?? Deno.makeTempFileSync({ prefix: "report-", suffix: ".json" });
  const report = own === undefined ? ["--report", path] : [];
  const program = start([...args, ...report, ...commonArguments(rds)], rds.environment);
  return {
    ...program,
    async ended() {
      const result = await program.ended();
      const text = await Deno.readTextFile(path).catch(() => "");
      if (own === undefined) await Deno.remove(path).catch(() => {});
      // A run that never began, or that was told twice to end, writes none.
      if (text !== "") assertEquals(faultsOf(schema, JSON.parse(text)), [], "the report does not fit its schema");
      return result;
    },
  };
}

const schema = JSON.parse(reportSchema());

/** Runs the real command line to its end. */
export function runProgram(rds: LocalRds, args: readonly string[]): Promise<Result> {
  return startProgram(rds, args).ended();
}

/** What a run left in RDS: a failed one nothing at all. Brings what is under way to its end first. */
export async function leftIn(rds: LocalRds): Promise<LeftOver> {
  await rds.settled();
  return {
    workspaces: rds.workspaces(),
    made: rds.made(),
    shares: rds.shares(),
    violations: rds.callLog.violations(),
  };
}

/** See {@linkcode leftIn}. */
export interface LeftOver {
  readonly workspaces: readonly string[];
  /** Snapshots. */
  readonly made: readonly string[];
  readonly shares: Readonly<Record<string, readonly string[]>>;
  readonly violations: readonly string[];
}

/** Nothing. */
export const nothing: LeftOver = { workspaces: [], made: [], shares: {}, violations: [] };
