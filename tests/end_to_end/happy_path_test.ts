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

/** The first run, which every test needs: made once, by whichever test comes first. */
let first: ReturnType<typeof runByInstance> | undefined;
const firstRun = () => first ??= runByInstance();

async function runByInstance() {
  const args = ["--postgresql-instances", instances.postgresql, "--mysql-instances", instances.mysql];
  const options = ["--share-with", receiver, "--report", reportFile, "--pseudonym-key-file", keyFile, "--warm", "2"];
  const program = startProgram(rds, [...args, ...options, "--log-level", "DEBUG"]);
  const commandLines: string[] = [];
  for (const moment of ["restore: begins", "scrub: begins", "verify: begins", "snapshot: begins"]) {
    await program.until(moment);
    commandLines.push(...runningCommands());
  }
  const { code, stdout, stderr } = await program.ended();
  assertEquals(code, 0, stderr);
  const snapshots = [newest(instances.mysql), newest(instances.postgresql)];
  return {
    stdout,
    stderr,
    snapshots,
    commandLines,
    report: await Deno.readTextFile(reportFile),
    left: await leftIn(rds),
    tags: rds.snapshots().filter(({ id }) => snapshots.includes(id)).map(({ tags }) => tags),
    calls: rds.callLog.calls(),
    holdsAny: await filesThatHoldSecrets(snapshots[1] ?? ""),
    /** Pseudonyms of the same people, in both snapshots. */
    pseudonyms: await checkSnapshots(),
  };
}

/** Files of a PostgreSQL snapshot that hold a secret of the run: bound settings must not end in statistics or logs. */
async function filesThatHoldSecrets(snapshot: string): Promise<string> {
  const needles = [await digestOfKey().then((digest) => digest.toHex()), ...passwordsSet()];
  const args = ["-rlaiF", ...needles.flatMap((one) => ["-e", one]), rds.dataDirOf(snapshot)];
  return new TextDecoder().decode((await new Deno.Command("grep", { args }).output()).stdout);
}

async function digestOfKey(): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}

function passwordsSet(): readonly string[] {
  return rds.callLog.calls("ModifyDBInstance").map(({ parameters }) => parameters["MasterUserPassword"] ?? "");
}

/** The newest snapshot of a source, by the order in which they were made: a name is free again when its snapshot was pruned. */
function newest(instance: string): string {
  const found = rds.made().findLast((name) => name.startsWith(`scrubbed-${instance}-`));
  assert(found !== undefined, `no snapshot of ${instance}`);
  return found;
}

/** Looks into both new snapshots: nothing that was to go is left, and what was to stay is. Gives the people's pseudonyms. */
async function checkSnapshots(): Promise<readonly string[]> {
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
  return found;
}

Deno.test("by instance: both engines at once end in a shared snapshot each", async () => {
  const { stdout, snapshots, left: { workspaces, made, shares, violations } } = await firstRun();
  assertMatch(stdout, /^2 of 2 sources done \(run [0-9a-f-]{36}\)\n/);
  for (const snapshot of snapshots) assertStringIncludes(stdout, `snapshot ${snapshot}, shared with ${receiver}`);
  assertEquals([workspaces, made.toSorted(), violations], [[], snapshots, []]);
  assertEquals(shares, Object.fromEntries(snapshots.map((snapshot) => [snapshot, [receiver]])));
});

Deno.test("final snapshots carry the proof", async () => {
  for (const list of (await firstRun()).tags) {
    const tags = new Map(list.map(({ key, value }) => [key, value]));
    assertEquals(tags.get("scrubber"), "scrubber");
    assertMatch(tags.get("datascrubber:proof") ?? "", /^[0-9a-f]{64}$/);
  }
});

Deno.test("the report has sources, databases, tables, proofs and phases", async () => {
  const { report: text, snapshots } = await firstRun();
  const report: RunReport = JSON.parse(text);
  assertEquals([report.version, report.exitStatus, report.dryRun, report.sources.length], [1, 0, false, 2]);
  for (const source of report.sources) {
    const instance = instances[source.engine];
    assertEquals([source.requested, source.source], [instance, instance]);
    assert(snapshots.includes(source.snapshot ?? ""));
    assertMatch(source.workspace ?? "", /^scrubber-(mysql|postgres)-[0-9a-f]{12}$/);
    assertStringIncludes(source.restored?.snapshot ?? "", `rds:${instance}-`);
    assertEquals([source.sharedWith, source.pruned], [[receiver], []]);
    assertEquals(source.phases.map(({ phase }) => phase), [
      ...["resolve", "restore", "discover", "plan", "scrub", "verify", "purge", "snapshot", "share", "prune"],
    ]);
    assertEquals(source.warming?.initialisation?.status, "Initializing");
    assertEquals([source.warming?.ended, source.warming?.readers], ["all read", 2]);
    assertEquals(source.warming?.bytes, source.warming?.ofBytes);
    assertEquals(source.reads?.phases.map(({ phase }) => phase), ["plan", "scrub", "verify", "purge"]);
    assert(source.phases.every(({ started, ended }) => ended !== undefined && ended >= started));
    for (
      const { fate, scrubber, tables, verified } of source.databases.filter(({ database }) =>
        !["postgres", "template1"].includes(database)
      )
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
  const { commandLines, calls, stdout, stderr, report, holdsAny } = await firstRun();
  const texts: Record<string, string> = {
    "the process list": commandLines.join("\n"),
    "the calls of AWS": JSON.stringify(calls.filter(({ action }) => action !== "ModifyDBInstance")),
    stdout,
    stderr,
    report,
  };
  assertMatch(texts["the process list"] ?? "", /main\.[jt]s/, "the program was not seen running");
  assertStringIncludes(stderr, "DEBUG");
  const digest = await digestOfKey();
  const passwords = passwordsSet();
  assert(passwords.length >= 2);
  for (const needle of [secret, digest.toHex(), digest.toBase64(), ...passwords]) {
    assert(needle.length >= 20, "the needle is too short to mean anything");
    for (const [name, text] of Object.entries(texts)) assert(!text.includes(needle), `${name} holds a secret`);
  }
  assertEquals(holdsAny, "");
});

Deno.test("by automated and manual snapshot: the same key gives the same pseudonyms, and old snapshots are pruned", async () => {
  const { pseudonyms } = await firstRun();
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
  assertEquals(await checkSnapshots(), pseudonyms);
});

Deno.test("by ARN and by host name: a run of its own gives other pseudonyms", async () => {
  const { pseudonyms } = await firstRun();
  const before = rds.made().length;
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
  assertEquals([workspaces, made.length - before, violations], [[], 2, []]);
  const others = await checkSnapshots();
  assertEquals(others.length, pseudonyms.length);
  assertEquals(others.filter((one) => pseudonyms.includes(one)), []);
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
