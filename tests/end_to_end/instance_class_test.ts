/** `--instance-class auto` and `--finish-by`: whole runs with the class that is chosen, and what stops one before it makes anything. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { instances, leftIn, nothing, runProgram, smallStage } from "./stage.ts";

const folder = await Deno.makeTempDir();
Deno.test.afterAll(async () => await Deno.remove(folder, { recursive: true }));

/** A table of prices in eu-west-1, in a file. */
async function priced(classes: Readonly<Record<string, number>>): Promise<string> {
  const path = await Deno.makeTempFile({ dir: folder, suffix: ".json" });
  const regions = { "eu-west-1": { instances: { postgresql: classes }, storage: { gp3: 0.1 }, snapshots: 0.1 } };
  await Deno.writeTextFile(path, JSON.stringify({ currency: "EUR", date: "2026-11-01", source: "tests", regions }));
  return path;
}

/** The classes that instances are restored with. */
function watchClasses(rds: LocalRds): readonly string[] {
  const seen: string[] = [];
  rds.faults.watcher = ({ action, when }) => {
    if (action !== "DeleteDBInstance" || when !== "before") return;
    seen.push(...rds.instances().filter(({ production }) => !production).map(({ settings }) => settings.instanceClass));
  };
  return seen;
}

Deno.test("a run takes the cheapest class that is in time, and a late one the fastest, with a warning", async (t) => {
  await using rds = await smallStage();
  const prices = await priced({ "db.m6g.xlarge": 0.4, "db.m6g.large": 0.2, "db.m6g.2xlarge": 0.8, "db.m1.large": 0.1 });
  const report = `${folder}/run.json`;
  const args = ["--postgresql-instances", instances.postgresql, "--prices", prices, "--report", report];
  const restored = watchClasses(rds);
  const told = async () => {
    const { sources: [source] }: RunReport = JSON.parse(await Deno.readTextFile(report));
    assert(source);
    return source;
  };

  await t.step("with all the time that there is", async () => {
    const { code, stdout, stderr } = await runProgram(rds, [...args, "--instance-class", "auto", "--finish-by", "24h"]);
    assertEquals(code, 0, stderr);
    assertEquals(restored, ["db.m6g.large"]);
    const { classChoice, finishBy, warnings, restored: size } = await told();
    assertEquals([classChoice?.chosen.instanceClass, classChoice?.why], ["db.m6g.large", "meets finish-by"]);
    assertEquals([size?.instanceClass, finishBy?.kept], ["db.m6g.large", true]);
    assertEquals(warnings.filter((warning) => warning.includes("--finish-by")), []);
    assertStringIncludes(stderr, "instance class db.m6g.large, chosen by --instance-class auto: about ");
    assertMatch(stdout, / {4}the final snapshot existed at \S+Z, \S+ before the \S+Z of --finish-by/);
  });

  await t.step("with none at all, by the report of the run before", async () => {
    const { code, stdout, stderr } = await runProgram(rds, [...args, "--instance-class", "auto", "--finish-by", "1ms"]);
    assertEquals(code, 0, stderr);
    const { classChoice, finishBy, warnings } = await told();
    assertEquals([classChoice?.why, finishBy?.kept], ["fastest", false]);
    assertMatch(classChoice?.by ?? "", /^the times of the run of /);
    assertEquals(restored, ["db.m6g.large", classChoice?.chosen.instanceClass ?? ""]);
    const late = warnings.filter((warning) => warning.includes("--finish-by"));
    assertMatch(late[0] ?? "", /^the final snapshot is expected at \S+Z, \S+ after the \S+Z of --finish-by$/);
    assertMatch(late[1] ?? "", /^the final snapshot existed at \S+Z, \S+ after the \S+Z of --finish-by$/);
    assertStringIncludes(stdout, "the fastest, since none meets --finish-by");
  });
  assertEquals((await leftIn(rds)).workspaces, []);
});

const bare = await startLocalRds({ servers: false });
Deno.test.afterAll(async () => await bare[Symbol.asyncDispose]());
await bare.addProduction({ id: "orders", engine: "postgres", allocatedStorage: 1000 });
await bare.addProduction({ id: "shop", engine: "postgres", allocatedStorage: 1000 });
const large = { "db.m6g.large": 0.2, "db.m6g.2xlarge": 0.8, "db.m6g.8xlarge": 3.2 };

Deno.test("a dry run says which class would be taken and why, for each source by itself", async () => {
  const config = `${folder}/sized.yaml`;
  await Deno.writeTextFile(
    config,
    `postgresql-instances: [orders, shop]\ninstance-class: auto\nprices: ${await priced(large)}\n` +
      "workspaces: { shop: { finish-by: 30h }, orders: { finish-by: 1h } }\n",
  );
  const { code, stdout } = await runProgram(bare, ["--config", config, "--dry-run"]);
  assertEquals(code, 0, stdout);
  const [orders = "", shop = ""] = stdout.split("  shop (postgresql)");
  assertStringIncludes(orders, ' as db.m6g.8xlarge, 1000 GiB of gp3, with parameter group "production-postgres18"');
  assertStringIncludes(orders, "the fastest, since none meets --finish-by; the next cheaper one, db.m6g.2xlarge,");
  assertStringIncludes(orders, "warning: the final snapshot is expected at");
  assertStringIncludes(shop, " as db.m6g.large, 1000 GiB of gp3, with");
  assertStringIncludes(shop, "the cheapest that meets --finish-by; none is cheaper");
  assertEquals(await leftIn(bare), nothing);
});

Deno.test("a class that is named is held against the time before the restore", async () => {
  const args = ["--postgresql-instances", "orders", "--dry-run", "--finish-by", "1h"];
  const { code, stdout } = await runProgram(bare, args);
  assertEquals(code, 0, stdout);
  assertMatch(stdout, /warning: the final snapshot is expected .* of --finish-by: a larger --instance-class, or auto,/);
});

Deno.test("a class is refused before anything is made where there is none to choose", async () => {
  const args = ["--postgresql-instances", "orders", "--instance-class", "auto", "--finish-by", "06:00"];
  const calls = bare.callLog.changes().length;
  const { code, stdout } = await runProgram(bare, args);
  assertEquals(code, 1);
  assertMatch(stdout, /Cannot choose an instance class for "orders": the prices of \S+ have no class for postgres in/);
  assertEquals(bare.callLog.changes().slice(calls), []);
});

Deno.test("a database by URL has no class to choose", async () => {
  for (const option of [["--instance-class", "auto"], ["--finish-by", "4h"]]) {
    const { code, stderr } = await runProgram(bare, ["scrub", "--url", "postgresql://me@localhost/orders", ...option]);
    assertEquals([code, stderr.includes(`Cannot use "${option[0]}" with scrub`)], [2, true], stderr);
  }
});
