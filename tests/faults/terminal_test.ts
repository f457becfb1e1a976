/** A run whose reader or terminal goes away still cleans up. @module */

import { assertEquals } from "@std/assert";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { commonArguments } from "../end_to_end/stage.ts";

const main = new URL("../../main.ts", import.meta.url).pathname;

async function restoringStage(): Promise<LocalRds> {
  const rds = await startLocalRds({ servers: false });
  await rds.addProduction({ id: "prod", engine: "postgres" });
  rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
  return rds;
}

/** Starts the program with its output in a pipe. */
function start(rds: LocalRds): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, "--postgresql-instances", "prod", "--log-level", "DEBUG", ...commonArguments(rds)],
    env: { ...rds.environment, AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function untilRestoring(rds: LocalRds): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let polls = 0;
  rds.faults.watcher = ({ action }) => {
    if (action === "DescribeDBInstances" && rds.workspaces().length > 0 && ++polls === 3) resolve();
  };
  await promise;
  rds.faults.watcher = undefined;
}

for (const signal of ["SIGHUP", "SIGTERM"] as const) {
  Deno.test(`${signal} to a run whose output nobody reads any more deletes the workspace`, async () => {
    await using rds = await restoringStage();
    const child = start(rds);
    await untilRestoring(rds);
    // Every further line that it writes meets a closed pipe.
    await child.stdout.cancel();
    await child.stderr.cancel();
    child.kill(signal);
    const { code } = await child.status;
    await rds.settled();
    assertEquals([code, rds.workspaces(), rds.made()], [signal === "SIGHUP" ? 129 : 143, [], []]);
  });
}

Deno.test("SIGPIPE does not end a run: it goes on to its own end", async () => {
  await using rds = await restoringStage();
  const child = start(rds);
  const out = child.stdout.cancel();
  const err = child.stderr.cancel();
  await untilRestoring(rds);
  child.kill("SIGPIPE");
  await untilRestoring(rds);
  child.kill("SIGTERM");
  const { code } = await child.status;
  await Promise.all([out, err]);
  await rds.settled();
  assertEquals([code, rds.workspaces()], [143, []]);
});
