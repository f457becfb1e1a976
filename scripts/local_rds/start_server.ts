/** Starts a server of either engine. @module */
import { startMysql } from "./mysql_server.ts";
import { startPostgresql } from "./postgresql_server.ts";
import type { EngineName, Server, ServerOptions } from "./server.ts";

/** Starts a server of the engine and waits until it accepts connections. */
export function startServer(engine: EngineName, options: ServerOptions = {}): Promise<Server> {
  return engine === "postgres" ? startPostgresql(options) : startMysql(options);
}
