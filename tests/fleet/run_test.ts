/** Runs of the program that go wrong or are stopped, against a local RDS without servers behind it. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { runProgram, startProgram } from "./program.ts";

const run = ["--log-mode", "console", "--poll-interval", "1"];
// The program reads once a second: no test takes half a minute.
const notInATest = { polls: 30, milliseconds: 1_000_000_000 };

Deno.test.each<{ what: string; environment: Readonly<Record<string, string>>; why: RegExp }>([
  { what: "region", environment: { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }, why: /no AWS region is set/ },
  { what: "credentials", environment: { AWS_REGION: "eu-west-1" }, why: /credentials/ },
])("a run without $what ends with status 2 before its first word, and says so", async ({ environment, why }) => {
  const { code, stdout, stderr } = await runProgram([...run, "--mysql-instances", "whitehall"], environment);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, why);
  assertEquals(stderr.split("\n").length, 3, stderr);
});

Deno.test("a dry run ends with status 0, reports, and changes nothing", async () => {
  await using local = await startRds();
  await using file = await temporaryFile();
  const { code } = await runProgram(
    [...run, "--postgresql-instances", "emails", "--dry-run", "--report", file.path],
    local.environment,
  );
  const report = JSON.parse(await Deno.readTextFile(file.path));
  assertEquals([code, report.exitStatus, report.dryRun, report.sources.length], [0, 0, true, 1]);
  assertEquals(local.callLog.changes(), []);
});

Deno.test("a source that is not there leaves the run with status 1", async () => {
  await using local = await startRds();
  const { code, stdout } = await runProgram([...run, "--postgresql-instances", "nowhere"], local.environment);
  assertEquals(code, 1);
  assertMatch(stdout, /nowhere \(postgresql\): Cannot [^\n]+\n {4}\S/);
});

Deno.test("one instance named in two ways is refused before anything is created", async () => {
  await using local = await startRds();
  local.addSnapshot({ id: "by-hand", instance: "emails", type: "manual" });
  const snapshots = local.snapshots().map(({ id }) => id);
  const { code, stdout } = await runProgram([...run, "--postgresql-snapshots", ...snapshots], local.environment);
  assertEquals(snapshots.length, 2);
  assertEquals(code, 1);
  assertStringIncludes(stdout, "has the same workspace");
  assertEquals(local.callLog.changes(), []);
});

Deno.test.each<{ signal: Deno.Signal; status: number }>([
  { signal: "SIGTERM", status: 143 },
  { signal: "SIGINT", status: 130 },
  { signal: "SIGHUP", status: 129 },
])("$signal in the middle of a restore deletes the workspace and ends with $status", async ({ signal, status }) => {
  await using local = await startRds();
  const program = startProgram([...run, "--postgresql-instances", "emails"], local.environment);
  await program.until('is "creating"');
  program.kill(signal);
  const { code, stdout } = await program.ended();
  assertEquals(code, status, stdout);
  await local.settled();
  assertEquals([local.workspaces(), local.made(), local.shares()], [[], [], {}]);
});

Deno.test("a second signal says what is left behind and leaves at once", async () => {
  await using local = await startRds();
  local.faults.add({ action: "DeleteDBInstance", times: 0, what: "silent" });
  const program = startProgram([...run, "--postgresql-instances", "emails"], local.environment);
  await program.until('is "creating"');
  program.kill("SIGTERM");
  await program.until("once more to leave at once");
  program.kill("SIGINT");
  const { code, stderr } = await program.ended();
  assertEquals(code, 130);
  assertMatch(stderr, /Left behind in AWS[^\n]+\n {2}RDS instance "scrubber-postgres-[0-9a-f]{12}" \(of "emails"\)/);
});

const noSyslog = await Deno.stat("/dev/log").then(() => false, () => true);

Deno.test.each<{ mode: "console" | "syslog"; what: string }>([
  { mode: "console", what: "on the console" },
  // Where no system log answers, the log goes to the console, too.
  ...noSyslog ? [{ mode: "syslog", what: "on the console in place of a missing system log" } as const] : [],
])("in JSON $what, what a second signal leaves behind is a record, and nothing else is written", async ({ mode }) => {
  await using local = await startRds();
  local.faults.add({ action: "DeleteDBInstance", times: 0, what: "silent" });
  const args = ["--log-mode", mode, "--log-format", "json", "--poll-interval", "1", "--postgresql-instances", "emails"];
  const program = startProgram(args, local.environment);
  await program.until('is \\"creating\\"');
  program.kill("SIGTERM");
  await program.until("once more to leave at once");
  program.kill("SIGINT");
  const { code, stdout, stderr } = await program.ended();
  assertEquals([code, stdout], [130, ""]);
  const records = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(records.filter(({ time, level, message, run }) => !(time && level && message && run)), []);
  const [workspace = "none"] = local.workspaces();
  const [left] = records.filter(({ level }) => level === "CRITICAL");
  assertStringIncludes(left.message, `RDS instance "${workspace}" (of "emails")`);
});

Deno.test("a fresh worker deletes the instance that a lost one was restoring", async () => {
  await using local = await startRds();
  const lost = new URL("./lost_program.ts", import.meta.url).pathname;
  const { stdout } = await startProgram([], local.environment, lost).ended();
  const [{ failure }] = JSON.parse(stdout);
  assertEquals(failure.kind, "failed");
  assertStringIncludes(failure.message, "its worker sent a message that makes no sense");
  await local.settled();
  assertEquals([local.workspaces(), local.made()], [[], []]);
  assertEquals(local.callLog.changes(), ["RestoreDBInstanceFromDBSnapshot", "DeleteDBInstance"]);
});

Deno.test("the pseudonym key is in nothing that a run writes", async () => {
  await using local = await startRds();
  await using keyFile = await temporaryFile();
  await using report = await temporaryFile();
  const planted = "planted-pseudonym-key-of-the-test-0123456789";
  await Deno.writeTextFile(keyFile.path, planted);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(planted)));
  const files = ["--pseudonym-key-file", keyFile.path, "--report", report.path];
  const program = startProgram(
    [...run, "--log-level", "DEBUG", ...files, "--postgresql-instances", "emails"],
    local.environment,
  );
  await program.until('is "creating"');
  program.kill("SIGTERM");
  const { stdout, stderr } = await program.ended();
  const written = stdout + stderr + await Deno.readTextFile(report.path);
  assertStringIncludes(written, '"phase": "restore"');
  for (const secret of [planted, digest.toHex(), digest.toBase64(), [...digest].join(",")]) {
    assertEquals(written.includes(secret), false);
  }
});

/** A local RDS with one production instance, on which no restore ends while a test looks. */
async function startRds(): Promise<LocalRds> {
  const local = await startLocalRds({ servers: false, latencies: { creating: notInATest } });
  await local.addProduction({ id: "emails", engine: "postgres", tags: {} });
  return local;
}

async function temporaryFile(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempFile();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}
