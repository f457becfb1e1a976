/** A run whose scrub waits for a lock in the middle of its work, so that a test can act there. @module */

import { assert } from "@std/assert";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { Server } from "../../scripts/local_rds/server.ts";
import type { Program } from "../fleet/program.ts";
import { templateOf } from "../fixtures/template.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { instances, smallDatabase, smallStage, startProgram } from "./stage.ts";

/** What a run is held on. */
export type HeldEngine = "postgresql" | "mysql";

/** The database whose table `users` is locked. */
export const heldDatabase: Readonly<Record<HeldEngine, string>> = {
  postgresql: smallDatabase,
  mysql: "whitehall_production",
};

/** A run that is held. */
export interface HeldScrub {
  readonly program: Program;
  /** The workspace's. */
  readonly server: Server;
  /** The server's number of the session that holds the lock, and of the one that waits for it. */
  readonly holder: number;
  readonly waiter: number;
  /** Resolves when the lock's session has ended, however. */
  readonly over: Promise<unknown>;
}

const sqlOf = {
  postgresql: {
    hold: "BEGIN; LOCK TABLE users IN SHARE MODE; SELECT pg_sleep(1000)",
    held: "SELECT pid AS id FROM pg_locks WHERE granted AND mode = 'ShareLock' AND locktype = 'relation'",
    waiting: "SELECT pid AS id FROM pg_locks WHERE NOT granted",
  },
  mysql: {
    hold: "LOCK TABLES users READ; SELECT SLEEP(1000)",
    held: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'",
    waiting: "SELECT id FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock%'",
  },
} as const;

/** A local RDS with one small production of the engine. */
export async function heldStage(engine: HeldEngine): Promise<LocalRds> {
  if (engine === "postgresql") return await smallStage();
  await using undo = new AsyncDisposableStack();
  const rds = undo.use(await startLocalRds());
  await rds.addProduction({
    id: instances.mysql,
    engine: "mysql",
    template: await templateOf("held-mysql", import.meta.url),
    prepare: async (server) => {
      await createDatabase(server, "whitehall-2018", heldDatabase.mysql);
      await server.run("INSERT INTO users (name) VALUES ('x')", heldDatabase.mysql);
    },
  });
  undo.move();
  return rds;
}

/** Starts a run, and waits until its scrub waits for the lock. */
export async function holdScrub(rds: LocalRds, engine: HeldEngine, args: readonly string[] = []): Promise<HeldScrub> {
  const { hold, held, waiting } = sqlOf[engine];
  const program = startProgram(rds, [`--${engine}-instances`, instances[engine], ...args]);
  // The password is set and the server is left alone from here on.
  await program.until("discover: begins");
  const server = rds.instances().find(({ production }) => !production)?.server;
  assert(server !== undefined, "the workspace has no server");
  const over = server.run(hold, heldDatabase[engine]).catch(() => {}); // its server goes away under it
  const holder = await untilFound(server, held);
  await program.until("scrub: begins");
  return { program, server, holder, waiter: await untilFound(server, waiting), over };
}

/** Asks until an answer has a row; gives its id. */
async function untilFound(server: Server, question: string): Promise<number> {
  while (true) {
    const [row] = await server.run(question);
    if (row) return Number(row["id"]);
  }
}
