/** The report's file. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { runReport, writeReport } from "../../lib/fleet/run_report.ts";
import type { RunReport } from "../../lib/core/report.ts";

const report: RunReport = runReport({
  program: "datascrubber 0",
  runId: "run-1",
  started: "2026-01-01T00:00:00Z",
  ended: "2026-01-01T01:00:00Z",
  exitStatus: 0,
  dryRun: false,
}, []);

Deno.test("writeReport() replaces a file, for its owner alone, and leaves nothing beside it", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/report.json`;
  await Deno.writeTextFile(path, "old", { mode: 0o644 });
  await writeReport(path, report);
  assertEquals(JSON.parse(await Deno.readTextFile(path)), JSON.parse(JSON.stringify(report)));
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assertEquals(await names(folder.path), ["report.json"]);
});

Deno.test("writeReport() leaves nothing where it can't write", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/report.json`);
  await assertRejects(() => writeReport(`${folder.path}/report.json`, report));
  assertEquals(await names(folder.path), ["report.json"]);
});

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function names(path: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}
