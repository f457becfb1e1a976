/** The file system as parsing sees it. @module */

import { assertEquals } from "@std/assert";
import { systemFiles } from "../../../lib/cli/parse/files.ts";

Deno.test("systemFiles.tryToWrite() leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await systemFiles.tryToWrite(`${folder}/report.json`);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const path of ["", "/", "/report.json/", "/missing/report.json"]) {
  Deno.test(`systemFiles.tryToWrite() rejects at FOLDER${path}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const outcome = await systemFiles.tryToWrite(`${folder}${path}`).then(() => "written", () => "rejected");
      assertEquals(outcome, "rejected");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
