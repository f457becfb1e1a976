/** `--rebuild`: the snapshot is of a fresh instance, and whatever fails on the way to it, nothing is left. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { EngineName } from "../../lib/core/engine_name.ts";
import type { RebuildSettings } from "../../lib/core/settings.ts";
import type { Engine } from "../../lib/engine/engine.ts";
import { loadEngine } from "../../lib/pipeline/engines.ts";
import { restoredName, workspaceName } from "../../lib/rds/api/names.ts";
import { database, mark } from "../../scripts/faults/shapes.ts";
import {
  openStage,
  production,
  rebuildPrograms as programs,
  receiver,
  runOnce,
  type Wishes,
} from "../../scripts/faults/stage.ts";
import type { FaultRule } from "../../scripts/local_rds/faults.ts";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { startProgram as startFleet } from "../fleet/program.ts";
import { instances, leftIn, nothing, runProgram, smallStage, startProgram } from "../end_to_end/stage.ts";

/** The name of the fresh instance. */
function freshOf(engine: EngineName): string {
  return workspaceName({ rdsEngine: engine === "mysql" ? "mysql" : "postgres", name: production });
}

for (const engine of ["postgresql", "mysql"] as const) {
  const fresh = freshOf(engine);

  Deno.test(`${engine}: --rebuild snapshots a fresh instance with all that is scrubbed, and no byte of production's`, async () => {
    await using rds = await openStage(engine);
    const dry = await runOnce(rds, engine, { settings: { rebuild: programs, dryRun: true } });
    assertMatch(
      dry.report.wouldDo?.join("\n") ?? "",
      new RegExp(
        `create a second instance, "${fresh}", empty and of the same version with storage for what is left, ` +
          "fill it from the first by the server's own programs, verify it, and delete the first",
      ),
    );
    assertEquals(rds.callLog.changes(), []);
    const { failure, report, log } = await runOnce(rds, engine, { settings: { rebuild: programs } });
    assertEquals(failure, undefined);
    await rds.settled();
    const { snapshot = "", rebuilt } = report;
    assertEquals([rds.workspaces(), rds.made(), rds.shares()], [[], [snapshot], { [snapshot]: [receiver] }]);
    const found = rds.snapshots().find(({ id }) => id === snapshot);
    assertEquals([found?.instanceId, found?.encryption], [fresh, "customer-key"]);
    assertEquals(log.filter((line) => line === "phase rebuild" || line === "phase purge"), ["phase rebuild"]);
    const copied = rebuilt?.databases.find((one) => one.database === database);
    assert(copied?.verified && copied.tables >= 6 && copied.rows === 10, JSON.stringify(rebuilt));
    assertEquals(await filesWithMark(rds.dataDirOf(snapshot)), []);
    await using server = await rds.openSnapshot(snapshot);
    const [row] = await server.run(`SELECT count(*) AS n FROM people WHERE address LIKE '%@%'`, database);
    assertEquals(Number(row?.["n"]), 2);
  });
}

/** Files below a folder that hold a mark. */
async function filesWithMark(folder: string): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command("grep", { args: ["-rlai", mark, "."], cwd: folder }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/** A script that says the version of a program, and does something else. */
function otherwise(program: string, does: string): string {
  return `#!/bin/sh\n[ "$1" = --version ] && exec "${program}" --version\n${does}\n`;
}

/** The program that loads, but that it breaks off. */
async function brokenLoad(folder: string, engine: EngineName): Promise<Partial<RebuildSettings>> {
  const path = `${folder}/${engine}`;
  const load = engine === "mysql" ? "mysql" : "pgRestore";
  await Deno.writeTextFile(path, otherwise(programs[load], "head -c 500 > /dev/null; exit 1"), { mode: 0o755 });
  return { [load]: path };
}

/** Writes a value of production's to the fresh instance once that is filled. */
async function meddling(rds: LocalRds, name: EngineName): Promise<Wishes> {
  const engine = await loadEngine(name);
  const prepare: Engine["prepare"] = async (session, reach) => {
    const server = rds.instances().find(({ id }) => id === freshOf(name))?.server;
    await server?.run(`UPDATE people SET address = '${mark}-1@x.example' WHERE id = 1`, database);
    return await engine.prepare(session, reach);
  };
  return { engines: { mysql: engine, postgresql: engine, [name]: { ...engine, prepare } } };
}

interface Fault {
  readonly name: string;
  readonly fault?: FaultRule;
  readonly wishes?: (rds: LocalRds, engine: EngineName, folder: string) => Promise<Wishes>;
  readonly code: string;
  readonly why: RegExp;
  /** What RDS does, it does whatever the engine. */
  readonly engines: readonly EngineName[];
}

const faults: readonly Fault[] = [
  {
    name: "where RDS refuses to create the fresh instance",
    fault: { action: "CreateDBInstance", what: { code: "InsufficientDBInstanceCapacity" } },
    code: "aws-refused",
    why: /InsufficientDBInstanceCapacity/,
    engines: ["postgresql"],
  },
  {
    name: "where RDS cannot make it",
    fault: { action: "CreateDBInstance", what: { ends: "failed" } },
    code: "aws-status",
    why: new RegExp(`Cannot create "${freshOf("postgresql")}": instance "${freshOf("postgresql")}" is "failed"`),
    engines: ["postgresql"],
  },
  {
    name: "where the copy breaks off",
    wishes: async (_rds, engine, folder) => ({
      settings: { rebuild: { ...programs, ...await brokenLoad(folder, engine) } },
    }),
    code: "rebuild",
    why: /ended with status 1/,
    engines: ["postgresql", "mysql"],
  },
  {
    name: "where the fresh instance holds what was removed",
    wishes: meddling,
    code: "verification",
    why: /Cannot prove that the fresh instance is scrubbed: .*people\.address does not look like email/s,
    engines: ["postgresql", "mysql"],
  },
];

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: --rebuild leaves nothing`, async (t) => {
    await using rds = await openStage(engine);
    const folder = await Deno.makeTempDir();
    try {
      for (const { name, fault, wishes, code, why } of faults.filter(({ engines }) => engines.includes(engine))) {
        await t.step(name, async () => {
          const own = await wishes?.(rds, engine, folder);
          if (fault) rds.faults.add(fault);
          const { failure } = await runOnce(rds, engine, { ...own, settings: { rebuild: programs, ...own?.settings } });
          rds.faults.clear();
          assertMatch(failure?.message ?? "", why);
          assertEquals([failure?.code, await leftIn(rds)], [code, nothing]);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("--rebuild with a cluster, or without its programs, is refused before anything is made", async () => {
  await using rds = await openStage("postgresql", "cluster");
  const cluster = await runOnce(rds, "postgresql", { settings: { rebuild: programs } });
  assertMatch(cluster.failure?.message ?? "", /Cannot rebuild "prod": it is an Aurora cluster/);
  await rds.addProduction({ id: "prod-2", engine: "postgres" });
  const args = ["--postgresql-instances", "prod-2", "--rebuild", "--pg-dump", programs.pgDump];
  const { code, stderr } = await runProgram(rds, [...args, "--pg-restore", "/nowhere/pg_restore"]);
  assertEquals(code, 1);
  assertMatch(stderr, /there is no program "\/nowhere\/pg_restore"/);
  assertEquals(rds.callLog.changes(), []);
});

Deno.test("--rebuild is refused before the first change where only a system user may create an object again", async () => {
  await using rds = await startLocalRds();
  await rds.addProduction({
    id: "prod",
    engine: "mysql",
    prepare: async (server) => {
      await server.run("CREATE DATABASE orders; CREATE DATABASE scratchpad");
      await server.run(
        `CREATE TABLE people (id int AUTO_INCREMENT PRIMARY KEY, address varchar(80));
          CREATE DEFINER = rdsadmin@localhost VIEW theirs AS SELECT id FROM people`,
        "orders",
      );
      await server.run("CREATE DEFINER = rdsadmin@localhost PROCEDURE dropped() SELECT 1", "scratchpad");
    },
  });
  const rules = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(rules, "database: orders\nengine: mysql\ntables: { people: { address: email } }\n");
  const args = ["--mysql-instances", "prod", "--rules", rules, "--drop-database", "scratchpad", "--rebuild"];
  const run = await runProgram(rds, [...args, "--mysql-dump", programs.mysqldump, "--mysql-client", programs.mysql]);
  await Deno.remove(rules);
  assertEquals(run.code, 1, run.stderr);
  assertMatch(run.stdout, /the master user may not create view orders\.theirs again, whose definer is a system user/);
  assertEquals([/prod scrub: begins/.test(run.stdout), await leftIn(rds)], [false, nothing]);
});

/** Until the killed run's heartbeat has expired, nothing is swept. */
async function sweep(rds: LocalRds): Promise<void> {
  const sweep = () => startFleet(["sweep", "--poll-interval", "0.02"], rds.environment).ended();
  let swept = await sweep();
  while (swept.stdout.includes("is alive")) swept = await sweep();
  assertEquals(swept.code, 0, swept.stderr);
}

Deno.test("after a SIGKILL while the fresh instance is made or filled, sweep leaves nothing", async (t) => {
  await using rds = await smallStage();
  const source = { rdsEngine: "postgres", name: instances.postgresql } as const;
  const folder = await Deno.makeTempDir();
  const [held, begun, gate] = ["pg_restore", "begun", "gate"].map((name) => `${folder}/${name}`);
  assert(held !== undefined && begun !== undefined && gate !== undefined);
  await new Deno.Command("mkfifo", { args: [begun, gate] }).output();
  // Says that it has begun, and then waits for the test.
  await Deno.writeTextFile(held, otherwise(programs.pgRestore, `: > "${begun}"; : < "${gate}"; exit 1`), {
    mode: 0o755,
  });
  const args = ["--postgresql-instances", instances.postgresql, "--heartbeat", "0.002", "--rebuild"];
  const run = [...args, "--pg-dump", programs.pgDump, "--pg-restore"];
  try {
    await t.step("made", async () => {
      const program = startProgram(rds, [...run, programs.pgRestore]);
      rds.faults.watcher = ({ action, when }) => {
        if (action === "CreateDBInstance" && when === "after") program.kill("SIGKILL");
      };
      await program.ended();
      rds.faults.watcher = undefined;
      assertEquals(rds.workspaces().toSorted(), [workspaceName(source), restoredName(source)]);
      await sweep(rds);
      assertEquals(await leftIn(rds), nothing);
    });
    await t.step("filled", async () => {
      const program = startProgram(rds, [...run, held]);
      await Deno.readTextFile(begun);
      program.kill("SIGKILL");
      await Deno.writeTextFile(gate, "");
      await program.ended();
      assertEquals(rds.workspaces().toSorted(), [workspaceName(source), restoredName(source)]);
      await sweep(rds);
      assertEquals(await leftIn(rds), nothing);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
