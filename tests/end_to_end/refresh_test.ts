/** `--refresh`: a staging instance of each engine gets the clean data under its name, and its old data are kept beside. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { heal } from "../../scripts/faults/points.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { countMarks } from "../fixtures/count_marks.ts";
import { databaseOf } from "../fixtures/server_database.ts";
import { startProgram } from "../fleet/program.ts";
import { addStaging } from "../rds/refresh/staging.ts";
import {
  commonArguments,
  instances,
  leftIn,
  runProgram,
  smallDatabase,
  smallStage,
  stageWithProduction,
} from "./stage.ts";

/** How many rows of people's addresses hold what production has, in an instance. */
async function addressesIn(rds: LocalRds, name: string, engine: "postgresql" | "mysql"): Promise<number> {
  const server = rds.instances().find(({ id }) => id === name)?.server;
  assert(server, `"${name}" does not answer`);
  const database = engine === "mysql" ? "whitehall_production" : smallDatabase;
  const counts = await countMarks(databaseOf(server, engine, database));
  const [table, column] = engine === "mysql" ? ["users", "email"] : ["subscribers", "address"];
  const found = counts.find((one) => one.table === table && one.column === column);
  assert(found && found.rows > 0, `there is no row of ${table}.${column}`);
  return found.marked;
}

function beforeOf(rds: LocalRds): string {
  const found = rds.instances().find(({ id }) => id.startsWith("staging-before-"));
  assert(found, "the old instance is gone");
  return found.id;
}

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: behind a run the name has the clean data, and the old instance its own`, async () => {
    await using rds = engine === "mysql" ? await stageWithProduction(["mysql"]) : await smallStage();
    const old = await addStaging(rds);
    assert(await addressesIn(rds, "staging", engine) > 0);
    const report = await Deno.makeTempFile({ suffix: ".json" });
    const args = [`--${engine}-instances`, instances[engine], "--refresh", "staging"];
    const dry = await runProgram(rds, [...args, "--dry-run"]);
    assertStringIncludes(dry.stdout, 'restore it beside instance "staging" with the same settings');
    const { code, stdout, stderr } = await runProgram(rds, [...args, "--report", report]);
    assertEquals(code, 0, stderr);
    const before = beforeOf(rds);
    assertEquals([await addressesIn(rds, "staging", engine), await addressesIn(rds, before, engine) > 0], [0, true]);
    assertEquals(rds.instances().find(({ id }) => id === before)?.resourceId, old.resourceId);
    const written: RunReport = JSON.parse(await Deno.readTextFile(report));
    await Deno.remove(report);
    const [source] = written.sources;
    assertEquals([source?.refresh?.instance, source?.refresh?.before, source?.refresh?.masterPassword], [
      "staging",
      before,
      "unknown",
    ]);
    assert(source?.phases.some(({ phase }) => phase === "refresh"));
    assertStringIncludes(stdout, `now in staging, whose old instance is ${before}`);
    assertStringIncludes(stdout, `delete-db-instance --region eu-west-1 --db-instance-identifier ${before}`);
    const { workspaces, violations } = await leftIn(rds);
    assertEquals([workspaces, violations], [[], []]);

    const again = await runProgram(rds, args);
    assertEquals(again.code, 3, again.stderr);
    assertStringIncludes(again.stdout, `"${before}", which an earlier run has put aside, still stands`);
    assertEquals(rds.made().length, 1);
  });
}

Deno.test("an instance whose owner does not allow it is refused, and nothing is made", async () => {
  await using rds = await smallStage();
  await addStaging(rds, {}, { team: "web" });
  const changes = rds.callLog.changes();
  const { code, stdout } = await runProgram(rds, [
    ...["--postgresql-instances", instances.postgresql, "--refresh", "staging"],
  ]);
  assertEquals(code, 3, stdout);
  assertStringIncludes(stdout, 'does not carry the tag "datascrubber:refresh" with the value "allowed"');
  assertEquals([rds.callLog.changes(), rds.made()], [changes, []]);
});

Deno.test("a run that is killed between the two names is finished by finish, with clean data", async () => {
  await using rds = await smallStage();
  await addStaging(rds);
  const program = startProgram(
    [
      ...["--postgresql-instances", instances.postgresql, "--refresh", "staging", "--heartbeat", "0.002"],
      ...commonArguments(rds),
    ],
    rds.environment,
  );
  rds.faults.watcher = ({ action, when, parameters }) => {
    const name = parameters["NewDBInstanceIdentifier"] ?? "";
    if (when === "after" && action === "ModifyDBInstance" && name.startsWith("staging-before-")) {
      program.kill("SIGKILL");
    }
  };
  assertEquals((await program.ended()).code, 137);
  heal(rds);
  await rds.settled();
  assertEquals(rds.instances().filter(({ id }) => id === "staging"), []);
  const args = ["finish", "--poll-interval", "0.02", "--region", rds.region];
  const { code, stdout, stderr } = await startProgram(args, rds.environment).ended();
  assertEquals(code, 0, `${stdout}${stderr}`);
  assertStringIncludes(stdout, "now in staging, whose old instance is staging-before-");
  assertEquals(await addressesIn(rds, "staging", "postgresql"), 0);
  assert(await addressesIn(rds, beforeOf(rds), "postgresql") > 0);
  const { workspaces, violations } = await leftIn(rds);
  assertEquals([workspaces, violations], [[], []]);
});
