/** Starts a server of either engine. A file of its own, because both engines import server.ts. @module */
import { startMysql } from "./mysql_server.ts";
import { startPostgresql } from "./postgresql_server.ts";
import type { EngineName, Server, ServerOptions } from "./server.ts";

/** Starts a server of the engine and waits until it accepts connections. */
export function startServer(engine: EngineName, options: ServerOptions = {}): Promise<Server> {
  return engine === "postgres" ? startPostgresql(options) : startMysql(options);
}
