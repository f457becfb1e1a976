/** A run that is told to stop, in the middle of a restore and of a scrub. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { Server } from "../../scripts/local_rds/server.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { instances, leftIn, nothing, smallDatabase, smallStage, startProgram } from "./stage.ts";

for (const [signal, status] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
  Deno.test(`${signal} in the middle of a restore deletes the workspace, and ends with ${status}`, async () => {
    await using rds = await startLocalRds({ servers: false });
    await rds.addProduction({ id: "prod", engine: "postgres" });
    rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
    const program = startProgram(rds, ["--postgresql-instances", "prod"]);
    await program.until('is "creating"');
    assertEquals(rds.workspaces().length, 1);
    program.kill(signal);
    const { code, stdout, stderr } = await program.ended();
    assertEquals(code, status, stderr);
    assertStringIncludes(stdout, `Cannot go on: stopped by ${signal}`);
    assertEquals(await leftIn(rds), nothing);
  });
}

Deno.test("a second signal leaves at once and names the workspace", async () => {
  await using rds = await startLocalRds({ servers: false });
  await rds.addProduction({ id: "prod", engine: "postgres" });
  rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
  rds.faults.add({ action: "DeleteDBInstance", times: 0, what: "throttle" });
  const program = startProgram(rds, ["--postgresql-instances", "prod"]);
  await program.until('is "creating"');
  program.kill("SIGTERM");
  await program.until("once more to leave at once");
  program.kill("SIGINT");
  const { code, stderr } = await program.ended();
  assertEquals(code, 130);
  const [workspace] = rds.workspaces();
  assert(workspace !== undefined);
  assertStringIncludes(stderr, `RDS instance "${workspace}" (of "prod")`);
  assertStringIncludes(stderr, "Delete without a final snapshot");
});

/** The server of the one workspace, once it is there. */
function workspaceServer(rds: LocalRds): Server {
  const server = rds.instances().find(({ production }) => !production)?.server;
  assert(server !== undefined, "the workspace has no server");
  return server;
}

/** Asks until an answer has a row. */
async function untilFound(server: Server, question: string): Promise<void> {
  while ((await server.run(question)).length === 0);
}

/** Holds a lock that keeps the scrub of `users` waiting until its server ends. */
function holdUsers(server: Server, engine: "postgresql" | "mysql"): Promise<unknown> {
  const [statements, database] = engine === "mysql"
    ? ["LOCK TABLES users READ; SELECT SLEEP(1000)", "whitehall_production"]
    : ["BEGIN; LOCK TABLE users IN SHARE MODE; SELECT pg_sleep(1000)", smallDatabase];
  return server.run(statements, database).catch(() => {}); // its server goes away under it
}

const questions = {
  postgresql: {
    held: "SELECT 1 AS one FROM pg_locks WHERE granted AND mode = 'ShareLock' AND locktype = 'relation'",
    waiting: "SELECT 1 AS one FROM pg_locks WHERE NOT granted",
  },
  mysql: {
    held: "SELECT 1 AS one FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'",
    waiting: "SELECT 1 AS one FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock%'",
  },
} as const;

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: SIGTERM in the middle of a scrub deletes the workspace, and ends with 143`, async () => {
    await using rds = engine === "postgresql" ? await smallStage() : await stageOfMysql();
    const program = startProgram(rds, [`--${engine}-instances`, instances[engine], "--share-with", "123456789012"]);
    await program.until("discover: begins");
    const server = workspaceServer(rds);
    const held = holdUsers(server, engine);
    await untilFound(server, questions[engine].held);
    await program.until("scrub: begins");
    await untilFound(server, questions[engine].waiting);
    program.kill("SIGTERM");
    const { code, stdout, stderr } = await program.ended();
    assertEquals(code, 143, stderr);
    assertMatch(stdout, /Cannot go on: stopped by SIGTERM/);
    assertEquals(await leftIn(rds), nothing);
    await held;
  });
}

async function stageOfMysql(): Promise<LocalRds> {
  const rds = await startLocalRds();
  await rds.addProduction({
    id: instances.mysql,
    engine: "mysql",
    prepare: async (server) => {
      await createDatabase(server, "whitehall-2018", "whitehall_production");
      await server.run("INSERT INTO users (name) VALUES ('x')", "whitehall_production");
    },
  });
  return rds;
}
