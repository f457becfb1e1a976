/** Real, throw-away servers for tests: like RDS from within, up in about a second, gone with the test. @module */
import { startMariadb } from "../scripts/local_rds/mariadb_server.ts";
import { startMysql } from "../scripts/local_rds/mysql_server.ts";
import { startPostgresql } from "../scripts/local_rds/postgresql_server.ts";
import { hasMariadb } from "../scripts/local_rds/programs.ts";
import { makeRdsLike, type Master } from "../scripts/local_rds/rds_like.ts";
import type { Server, ServerOptions } from "../scripts/local_rds/server.ts";

/** A running server and the master user that RDS would have given us. */
export interface TestServer extends Server {
  readonly master: Master;
}

/** A master user's name and password, for tests only. */
export const master: Master = { user: "master", password: "MasterPasswordForTests1" };

/** How to start a test's server: the roles in `applications` own tables (PostgreSQL), see `makeRdsLike`. */
export interface TestServerOptions extends Omit<ServerOptions, "dataDir"> {
  readonly applications?: readonly string[];
}

/** Starts a fresh PostgreSQL. */
export async function postgresql(options: TestServerOptions = {}): Promise<TestServer> {
  return await likeRds(await startPostgresql(options), options);
}

/** Starts a fresh MySQL. */
export async function mysql(options: TestServerOptions = {}): Promise<TestServer> {
  return await likeRds(await startMysql(options), options);
}

/** Starts a fresh MariaDB. Needs {@linkcode hasMariadb}. */
export async function mariadb(options: TestServerOptions = {}): Promise<TestServer> {
  return await likeRds(await startMariadb(options), options);
}

/** The servers that MySQL's engine runs on, as far as they are here: tests of its SQL run on each. */
export const mysqlProducts: readonly { readonly product: string; readonly start: typeof mysql }[] = [
  { product: "MySQL", start: mysql },
  ...(hasMariadb ? [{ product: "MariaDB", start: mariadb }] : []),
];

async function likeRds(server: Server, { applications = [] }: TestServerOptions): Promise<TestServer> {
  try {
    await makeRdsLike(server, master, applications);
  } catch (error) {
    await server.stop("now");
    throw error;
  }
  return { ...server, master };
}
