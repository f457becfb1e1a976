/** Starts a server of either engine. A file of its own, because both engines import server.ts. @module */
import { mysqlVersion, startMysql } from "./mysql_server.ts";
import { postgresqlVersion, startPostgresql } from "./postgresql_server.ts";
import type { EngineName, Server, ServerOptions } from "./server.ts";

/** Starts a server of the engine and waits until it accepts connections. */
export function startServer(engine: EngineName, options: ServerOptions = {}): Promise<Server> {
  return engine === "postgres" ? startPostgresql(options) : startMysql(options);
}

/** The version of the engine's programs here, whatever version an instance is said to have. */
export function serverVersion(engine: EngineName): Promise<string> {
  return engine === "postgres" ? postgresqlVersion() : mysqlVersion();
}
