/** Files that a run writes. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { replaceFile } from "../../lib/report/write_file.ts";

Deno.test("replaceFile() replaces a file, for its owner alone, and leaves nothing beside it", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/report.json`;
  await Deno.writeTextFile(path, "old", { mode: 0o644 });
  await replaceFile(path, "new", 0o600);
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  assertEquals(await names(folder.path), ["report.json"]);
});

Deno.test("replaceFile() leaves nothing where it can't write", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/report.json`);
  await assertRejects(() => replaceFile(`${folder.path}/report.json`, "new", 0o600));
  assertEquals(await names(folder.path), ["report.json"]);
});

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function names(path: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}
