/** Starts a server of any engine. A file of its own, because all engines import server.ts. @module */
import { mariadbVersion, startMariadb } from "./mariadb_server.ts";
import { mysqlVersion, startMysql } from "./mysql_server.ts";
import { postgresqlVersion, startPostgresql } from "./postgresql_server.ts";
import type { EngineName, Server, ServerOptions } from "./server.ts";

const engines = {
  postgres: { start: startPostgresql, version: postgresqlVersion },
  mysql: { start: startMysql, version: mysqlVersion },
  mariadb: { start: startMariadb, version: mariadbVersion },
} as const satisfies Record<EngineName, unknown>;

/** Starts a server of the engine and waits until it accepts connections. */
export function startServer(engine: EngineName, options: ServerOptions = {}): Promise<Server> {
  return engines[engine].start(options);
}

/** The version of the engine's programs here, whatever version an instance is said to have. */
export function serverVersion(engine: EngineName): Promise<string> {
  return engines[engine].version();
}
