/** Servers as on a laptop, which have nothing to do with RDS, and `scrub --url` against databases of theirs. @module */

import type { Server } from "../../scripts/local_rds/server.ts";
import { startServer } from "../../scripts/local_rds/start_server.ts";
import { reportSchema } from "../../lib/report/report_schema.ts";
import { assertEquals } from "@std/assert";
import type { Database } from "../fixtures/database.ts";
import { applications, fillLifelike } from "../fixtures/lifelike.ts";
import { MARK, MARK_UUID } from "../fixtures/mark.ts";
import { createDatabase, databaseOf } from "../fixtures/server_database.ts";
import { type Program, type Result, startProgram as start } from "../fleet/program.ts";
import { faultsOf } from "../report/json_schema.ts";

/** One of the two engines. */
export type EngineName = Database["engine"];

/** A server with a superuser who logs in by a password. */
export interface Laptop extends AsyncDisposable {
  readonly engine: EngineName;
  readonly server: Server;
  /** Creates a database of an application, filled with marks. */
  addDatabase(name: string): Promise<Database>;
  url(database: string, user?: string): string;
}

/** The password of every user that tests make. */
export const password = "laptop";

/** Starts a server. */
export async function laptop(product: EngineName | "mariadb"): Promise<Laptop> {
  const server = await startServer(product === "postgresql" ? "postgres" : product);
  const engine = product === "mariadb" ? "mysql" : product;
  await server.run(
    engine === "postgresql"
      ? `CREATE ROLE developer SUPERUSER LOGIN PASSWORD '${password}'; CREATE ROLE bystander LOGIN PASSWORD 'theirs'`
      : `CREATE USER developer IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO developer; CREATE USER bystander IDENTIFIED BY 'theirs'`,
  );
  return {
    engine,
    server,
    async addDatabase(name) {
      const { schema } = applications[scrubbers[engine]];
      const database = await createDatabase(server, schema, name);
      await fillLifelike(database, scrubbers[engine], { scale: 0.002, asOf: new Date() });
      return database;
    },
    url: (database, user = "developer") => `${product}://${user}:${password}@localhost:${server.port}/${database}`,
    [Symbol.asyncDispose]: () => server.stop("now"),
  };
}

/** A database that is there. */
export function databaseAt({ server, engine }: Laptop, name: string): Database {
  return databaseOf(server, engine, name);
}

/** The scrubber of {@linkcode Laptop.addDatabase}'s databases. */
export const scrubbers = { postgresql: "email-alert-api", mysql: "whitehall" } as const;

/** Starts `scrub` on a database by URL. Whatever comes of it, its report has to fit the schema. */
export function startScrub(
  { engine, url }: Laptop,
  database: string,
  args: readonly string[] = ["--yes-scrub", database],
  user?: string,
): Program & { report(): Promise<Record<string, unknown>> } {
  const path = Deno.makeTempFileSync({ prefix: "report-", suffix: ".json" });
  const program = start(
    ["scrub", "--scrubber", scrubbers[engine], "--log-mode", "console", "--report", path, ...args],
    { DATASCRUBBER_URL: url(database, user) },
  );
  let text = "";
  return {
    ...program,
    async ended() {
      const result = await program.ended();
      text = await Deno.readTextFile(path).catch(() => "");
      await Deno.remove(path).catch(() => {});
      if (text !== "") assertEquals(faultsOf(schema, JSON.parse(text)), [], "the report does not fit its schema");
      return result;
    },
    report: () => Promise.resolve(JSON.parse(text).sources[0]),
  };
}

const schema = JSON.parse(reportSchema());

/** Runs it to its end. */
export function runScrub(
  laptop: Laptop,
  database: string,
  args?: readonly string[],
  user?: string,
): Promise<Result> {
  return startScrub(laptop, database, args, user).ended();
}

/** Files of a database that hold a mark. */
export async function markedFiles({ server, engine }: Laptop, database: string): Promise<readonly string[]> {
  const [row] = engine === "postgresql"
    ? await server.run(`SELECT oid FROM pg_database WHERE datname = '${database}'`)
    : [];
  // So that what is deleted is gone, and what is changed is written.
  if (engine === "postgresql") await server.run("CHECKPOINT");
  const folder = `${server.dataDir}/${engine === "postgresql" ? `base/${row?.["oid"]}` : database}`;
  const found: string[] = [];
  for (const needle of [MARK, MARK_UUID, MARK_UUID.replaceAll(/../g, "\\x$&")]) {
    const { stdout } = await new Deno.Command("grep", {
      args: ["-rlaiP", needle, folder],
      env: { LC_ALL: "C" },
    }).output();
    found.push(...new TextDecoder().decode(stdout).split("\n").filter((line) => line !== ""));
  }
  return found;
}

/** Everything of scratch that is in a database or beside it, marks among it. */
export async function scratchIn({ server, engine }: Laptop, database: string): Promise<readonly string[]> {
  const rows = engine === "postgresql"
    ? await server.run(
      `SELECT coalesce(c.relname, '') AS name FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid
      WHERE n.nspname = 'datascrubber' ORDER BY 1`,
      database,
    )
    : await server.run(`SELECT CONCAT(s.schema_name, '.', COALESCE(t.table_name, '')) AS name
      FROM information_schema.schemata s LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name
      WHERE s.schema_name LIKE 'datascrubber%' ORDER BY 1`);
  return rows.map(({ name }) => String(name));
}
