/** Aurora clusters by the whole program: both engines, from the newest cluster snapshots to shared ones. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { startProgram } from "../fleet/program.ts";
import { leftIn, oneApplication, receiver, runProgram, smallDatabase } from "./stage.ts";

/** A local RDS with a cluster of PostgreSQL. */
async function stageOfLetters(): Promise<LocalRds> {
  const rds = await startLocalRds();
  await rds.addCluster({
    id: "letters",
    ...await oneApplication("email_alert_api-2026", smallDatabase, { rows: 1 }),
  });
  return rds;
}

/** With one of MySQL, too, which is serverless. */
async function stage(): Promise<LocalRds> {
  const rds = await stageOfLetters();
  await rds.addCluster({
    id: "pages",
    ...await oneApplication("whitehall-2026", "whitehall_production", { rows: 1 }),
    instanceClass: "db.serverless",
    serverless: { least: 0.5, most: 4 },
  });
  return rds;
}

Deno.test("a run scrubs Aurora clusters of both engines, and says that it is proven by SQL", async () => {
  await using rds = await stage();
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const { code, stderr, stdout } = await runProgram(rds, [
    ...["--postgresql-clusters", "letters", "--mysql-clusters", "pages", "--share-with", receiver, "--report", report],
  ]);
  assertEquals(code, 0, stderr + stdout);
  const { workspaces, made, shares, violations } = await leftIn(rds);
  assertEquals([workspaces, violations], [[], []]);
  assertEquals(made.length, 2);
  assertEquals(shares, Object.fromEntries(made.map((id) => [id, [receiver]])));
  const { sources } = JSON.parse(await Deno.readTextFile(report));
  await Deno.remove(report);
  for (const { source, provenBy, residue, receivers, workspace } of sources) {
    assertEquals(provenBy, "sql");
    const steps = residue.map(({ step }: { readonly step: string }) => step);
    const ofFiles = [
      "write-ahead log",
      "temporary files",
      "redo log",
      "undo logs",
      "change buffer",
      "system tablespace",
    ];
    assertEquals(steps.filter((step: string) => ofFiles.includes(step)), []);
    assert(steps.includes("storage"), source);
    assertStringIncludes(receivers.commands[0], "restore-db-cluster-from-snapshot");
    assert(workspace.startsWith("scrubber-aurora-"));
  }
  const created = rds.callLog.calls("CreateDBInstance").map(({ parameters }) => parameters["DBInstanceClass"]);
  assertEquals(created.toSorted(), ["db.r6g.large", "db.serverless"]);
  const restored = rds.callLog.calls("RestoreDBClusterFromSnapshot").map(({ parameters }) =>
    parameters["ServerlessV2ScalingConfiguration.MaxCapacity"] ?? ""
  );
  assertEquals(restored.toSorted(), ["", "4"]);
  // The snapshots carry the report, and `status` shows them.
  const status = await startProgram(["status"], rds.environment).ended();
  for (const id of made) {
    assertStringIncludes(status.stdout, id);
    const tags = rds.snapshots().find((snapshot) => snapshot.id === id)?.tags.map(({ key }) => key) ?? [];
    assert(tags.includes("datascrubber:proof") && tags.includes("datascrubber:report"), tags.join());
  }
});

Deno.test("with --clone a run scrubs a clone of the cluster as it is now", async () => {
  await using rds = await stageOfLetters();
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const args = ["--postgresql-clusters", "letters", "--clone", "--report", report];
  const { stdout: planned } = await runProgram(rds, [...args, "--dry-run"]);
  assertStringIncludes(planned, 'clone cluster "letters" as it is then');
  const began = new Date().toISOString();
  const { code, stderr, stdout } = await runProgram(rds, args);
  assertEquals(code, 0, stderr + stdout);
  const { workspaces, made, violations } = await leftIn(rds);
  assertEquals([workspaces, made.length, violations], [[], 1, []]);
  const calls = ["RestoreDBClusterToPointInTime", "RestoreDBClusterFromSnapshot"];
  assertEquals(calls.map((action) => rds.callLog.calls(action).length), [1, 0]);
  const { sources: [{ restored, databases }] } = JSON.parse(await Deno.readTextFile(report));
  await Deno.remove(report);
  assert(restored.snapshot.endsWith(":cluster:letters") && restored.asOf >= began, JSON.stringify(restored));
  assertEquals(databases[0].fate, "scrubbed");
});

Deno.test("a cluster that writes a binary log is refused, and its isolation group switches that off", async () => {
  await using rds = await startLocalRds({ servers: false });
  await rds.addCluster({ id: "pages", engine: "mysql", parameters: { binlog_format: "ROW", event_scheduler: "OFF" } });
  const { code, stdout, stderr } = await runProgram(rds, ["--mysql-clusters", "pages"]);
  assertEquals(code, 3, stderr);
  assertStringIncludes(stdout + stderr, 'binlog_format is "ROW", so that the binary log keeps rows');
  const args = ["parameter-group", "pages", "--poll-interval", "0.02", "--timeout", "0.01"];
  const { code: made, stderr: why } = await startProgram(args, rds.environment).ended();
  assertEquals(made, 0, why);
  const [change] = rds.callLog.calls("ModifyDBClusterParameterGroup");
  assert(Object.values(change?.parameters ?? {}).includes("binlog_format"));
});
