/** Golden data: a stopped server's files, filled once for a case and copied for every run. @module */

import { startMysql } from "../local_rds/mysql_server.ts";
import { startPostgresql } from "../local_rds/postgresql_server.ts";
import { makeRdsLike, type Master } from "../local_rds/rds_like.ts";
import type { Server } from "../local_rds/server.ts";
import type { BenchCase } from "./cases.ts";

/** The master user, for measurements only. */
export const master: Master = { user: "master", password: "MasterPasswordForBench1" };

const megabyte = 2 ** 20;

/** Durable as on RDS, and not starved: what tests switch off would flatter those who write most. */
const settings: Readonly<Record<BenchCase["engine"], Readonly<Record<string, string>>>> = {
  postgresql: { fsync: "on", full_page_writes: "on", shared_buffers: "512MB", max_wal_size: "1GB" },
  mysql: {
    "innodb-doublewrite": "ON",
    "innodb-flush-log-at-trx-commit": "1",
    "innodb-buffer-pool-size": String(1024 * megabyte),
    "innodb-redo-log-capacity": String(100 * megabyte),
  },
};

/** Starts a server on a data directory. */
export function startOn({ engine }: BenchCase, dataDir: string): Promise<Server> {
  const options = { dataDir, settings: settings[engine] };
  return engine === "mysql" ? startMysql(options) : startPostgresql(options);
}

/** Fills a new data directory and stops the server. */
export async function fillGolden(one: BenchCase, dataDir: string): Promise<void> {
  const server = await startOn(one, dataDir);
  try {
    await makeRdsLike(server, master, ["application"]);
    await one.fill(server);
    if (one.engine === "postgresql") {
      await server.run("VACUUM", one.database);
      await server.run("CHECKPOINT", one.database);
    }
  } finally {
    await server.stop("clean");
  }
}
