/** Both engines from production to a shared, scrubbed snapshot: by instance, snapshot, ARN and host name. @module */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { databaseOf } from "../fixtures/server_database.ts";
import { countMarks } from "../fixtures/count_marks.ts";
import { startDnsServer } from "./dns_server.ts";
import { instances, leftIn, receiver, runProgram, stageWithProduction, startProgram } from "./stage.ts";

const rds = await stageWithProduction();
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());

const folder = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
const reportFile = `${folder}/report.json`;
const keyFile = `${folder}/key`;
const secret = "planted-pseudonym-key-0123456789abcdef";
await Deno.writeTextFile(keyFile, secret);

/** What was running while the program ran. */
const commandLines: string[] = [];
/** Pseudonyms of the same person, one list a run. */
const pseudonyms: string[][] = [];

/** The newest snapshot of a source, by the order in which they were made: a name is free again when its snapshot was pruned. */
function newest(instance: string): string {
  const found = rds.made().findLast((name) => name.startsWith(`scrubbed-${instance}-`));
  assert(found !== undefined, `no snapshot of ${instance}`);
  return found;
}

/** Looks into both new snapshots: nothing that was to go is left, and what was to stay is. */
async function checkSnapshots(): Promise<void> {
  const found: string[] = [];
  for (
    const [engine, database, sql] of [
      ["postgresql", "email-alert-api_production", "SELECT address AS found FROM subscribers ORDER BY 1"],
      ["postgresql", "publishing_api_production", "SELECT email AS found FROM users ORDER BY 1"],
      ["mysql", "whitehall_production", "SELECT email AS found FROM users ORDER BY 1"],
    ] as const
  ) {
    await using server = await rds.openSnapshot(newest(instances[engine]));
    const counts = await countMarks(databaseOf(server, engine, database));
    const people = counts.filter(({ table, column }) =>
      ["users", "subscribers", "access_limits"].includes(table) &&
      ["name", "email", "uid", "address", "govuk_account_id", "signon_user_uid", "users"].includes(column)
    );
    assert(people.length >= 3, `${database}: no columns of people`);
    assertEquals(people.filter(({ marked }) => marked > 0), []);
    assert(people.some(({ rows }) => rows > 0), `${database}: no people`);
    const restricted = counts.filter(({ table, column }) => table === "editions" && column === "change_note");
    assertEquals(restricted.filter(({ restricted }) => restricted > 0), []);
    assert(counts.some(({ open, marked }) => open + marked > 0), `${database}: everything is gone`);
    found.push(...(await server.run(sql, database)).flatMap(({ found }) => typeof found === "string" ? [found] : []));
    const scratch = engine === "mysql"
      ? "SELECT schema_name AS n FROM information_schema.schemata WHERE schema_name LIKE 'datascrubber%'"
      : "SELECT nspname AS n FROM pg_namespace WHERE nspname LIKE 'datascrubber%'";
    assertEquals(await server.run(scratch, database), []);
  }
  pseudonyms.push(found);
}

Deno.test("by instance: both engines at once end in a shared snapshot each", async () => {
  const args = ["--postgresql-instances", instances.postgresql, "--mysql-instances", instances.mysql];
  const options = ["--share-with", receiver, "--report", reportFile, "--pseudonym-key-file", keyFile];
  const program = startProgram(rds, [...args, ...options, "--log-level", "DEBUG"]);
  for (const moment of ["restore: begins", "scrub: begins", "verify: begins", "snapshot: begins"]) {
    await program.until(moment);
    commandLines.push(...runningCommands());
  }
  const { code, stdout, stderr } = await program.ended();
  await Deno.writeTextFile(`${folder}/stdout`, stdout);
  await Deno.writeTextFile(`${folder}/stderr`, stderr);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^2 of 2 sources done \(run [0-9a-f-]{36}\)\n/);
  const snapshots = [newest(instances.mysql), newest(instances.postgresql)];
  for (const snapshot of snapshots) assertStringIncludes(stdout, `snapshot ${snapshot}, shared with ${receiver}`);
  const { workspaces, made, shares, violations } = await leftIn(rds);
  assertEquals([workspaces, made.toSorted(), violations], [[], snapshots, []]);
  assertEquals(shares, Object.fromEntries(snapshots.map((snapshot) => [snapshot, [receiver]])));
  await checkSnapshots();
});

Deno.test("finished snapshots carry the proof", () => {
  for (const id of rds.made()) {
    const tags = new Map(
      rds.snapshots().find((snapshot) => snapshot.id === id)?.tags.map(({ key, value }) => [key, value]),
    );
    assertEquals(tags.get("scrubber"), "scrubber");
    assertMatch(tags.get("datascrubber:proof") ?? "", /^[0-9a-f]{64}$/);
  }
  assertEquals(rds.journal.violations(), []);
});

Deno.test("the report has sources, databases, tables, proofs and phases", async () => {
  const report: RunReport = JSON.parse(await Deno.readTextFile(reportFile));
  assertEquals([report.version, report.exitStatus, report.dryRun, report.sources.length], [1, 0, false, 2]);
  for (const source of report.sources) {
    const instance = instances[source.engine];
    assertEquals([source.requested, source.source, source.snapshot], [instance, instance, newest(instance)]);
    assertMatch(source.workspace ?? "", /^scrubber-(mysql|postgres)-[0-9a-f]{12}$/);
    assertStringIncludes(source.restored?.snapshot ?? "", `rds:${instance}-`);
    assertEquals([source.sharedWith, source.pruned], [[receiver], []]);
    assertEquals(source.phases.map(({ phase }) => phase), [
      ...["resolve", "restore", "discover", "plan", "scrub", "verify", "purge", "snapshot", "share", "prune"],
    ]);
    assert(source.phases.every(({ started, ended }) => ended !== undefined && ended >= started));
    for (
      const { fate, scrubber, tables, verified } of source.databases.filter(({ database }) => database !== "postgres")
    ) {
      assertEquals(fate, "scrubbed");
      assert(scrubber !== undefined && tables.length > 3);
      assert(tables.some(({ rowsChanged }) => rowsChanged > 0), "no table changed");
      assert((verified?.predicates ?? 0) > 3 && (verified?.foreignKeys ?? 0) > 0);
    }
  }
  const emails = report.sources.flatMap(({ databases }) => databases.flatMap(({ tables }) => tables)).find((
    { table },
  ) => table === "emails");
  assertEquals(emails?.columns["address"], "email");
  assertEquals(emails?.rowsDeleted, 1);
});

Deno.test("neither the pseudonym key nor a password is anywhere to be seen", async () => {
  const texts: Record<string, string> = {
    commandLines: commandLines.join("\n"),
    log: JSON.stringify(rds.journal.calls().filter(({ action }) => action !== "ModifyDBInstance")),
  };
  for (const name of ["stdout", "stderr", "report.json"]) texts[name] = await Deno.readTextFile(`${folder}/${name}`);
  assert(texts["commandLines"]?.includes("main.ts"), "the program was not seen running");
  assertStringIncludes(texts["stderr"] ?? "", "DEBUG");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
  const passwords = rds.journal.calls("ModifyDBInstance").map(({ parameters }) =>
    parameters["MasterUserPassword"] ?? ""
  );
  assertEquals(passwords.length, 2);
  for (const needle of [secret, digest.toHex(), digest.toBase64(), ...passwords]) {
    assert(needle.length >= 20, "the needle is too short to mean anything");
    for (const [name, text] of Object.entries(texts)) assert(!text.includes(needle), `${name} holds a secret`);
  }
  // Not in the bytes of the finished snapshot either: bound settings must not end in statistics or logs.
  const held = await new Deno.Command("grep", {
    args: [
      "-rlaiF",
      "-e",
      digest.toHex(),
      ...passwords.flatMap((one) => ["-e", one]),
      rds.dataDirOf(newest(instances.postgresql)),
    ],
  }).output();
  assertEquals(new TextDecoder().decode(held.stdout), "");
});

Deno.test("by automated and manual snapshot: the same key gives the same pseudonyms, and old snapshots are pruned", async () => {
  const automated = rds.snapshots().find(({ instanceId, type }) =>
    instanceId === instances.postgresql && type === "automated"
  );
  assert(automated !== undefined);
  rds.addSnapshot({ id: "by-hand", instance: instances.mysql, type: "manual" });
  const old = rds.made().toSorted();
  const { code, stdout, stderr } = await runProgram(rds, [
    ...["--postgresql-snapshots", automated.id, "--mysql-snapshots", "by-hand"],
    ...["--pseudonym-key-file", keyFile, "--snapshot-retention", "1"],
  ]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "1 old snapshot deleted");
  const { workspaces, made, shares, violations } = await leftIn(rds);
  assertEquals([workspaces, shares, violations], [[], {}, []]);
  assertEquals(made.toSorted(), [newest(instances.mysql), newest(instances.postgresql)]);
  assertEquals(made.filter((name) => old.includes(name)), []);
  assert(rds.snapshots().some(({ id }) => id === "by-hand"));
  await checkSnapshots();
  assertEquals(pseudonyms[1], pseudonyms[0]);
});

Deno.test("by ARN and by host name: a run of its own gives other pseudonyms", async () => {
  await using dns = startDnsServer({
    "mysql.internal.example": "mysql-1.internal.example",
    "mysql-1.internal.example": rds.hostName(instances.mysql),
  });
  const automated = rds.snapshots().find(({ instanceId, type }) =>
    instanceId === instances.postgresql && type === "automated"
  );
  const { code, stderr } = await runProgram(rds, [
    ...["--postgresql-snapshots", automated?.arn ?? "", "--mysql-hosts", "mysql.internal.example"],
    ...["--dns-server", dns.address],
  ]);
  assertEquals(code, 0, stderr);
  const { workspaces, made, violations } = await leftIn(rds);
  assertEquals([workspaces, made.length, violations], [[], 4, []]);
  await checkSnapshots();
  assertEquals(pseudonyms[2]?.length, pseudonyms[0]?.length);
  assertEquals(pseudonyms[2]?.filter((one) => pseudonyms[0]?.includes(one)), []);
});

/** The command lines of all processes. */
function runningCommands(): string[] {
  return [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ")];
    } catch {
      return []; // it has just ended
    }
  });
}
