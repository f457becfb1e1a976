/** No secret and no personal value stands in anything that a run writes, or can be seen of it from outside. @module */

import { assert, assertEquals } from "@std/assert";
import { MARK } from "../fixtures/mark.ts";
import { commonArguments, instances, receiver, smallStage } from "../end_to_end/stage.ts";
import { startProgram } from "../fleet/program.ts";

Deno.test("a run's master password, pseudonym key and AWS key are nowhere to be seen", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    await using rds = await smallStage();
    const secretKey = "AwsSecretKeyOfThisTest0123456789abcdefgh";
    const keyFile = `${folder}/key`;
    const key = crypto.getRandomValues(new Uint8Array(32));
    await Deno.writeFile(keyFile, key, { mode: 0o600 });
    const seen: string[] = [];
    const commandLines: string[] = [];
    // Whatever the server shows of its sessions while the run works, and the run's command line.
    let looking = true;
    const look = async () => {
      while (looking) {
        const server = rds.instances().find(({ production }) => !production)?.server;
        // The local RDS itself sets the password by SQL; RDS's own way is nobody's to see.
        const activity = "SELECT query FROM pg_stat_activity WHERE application_name = 'datascrubber'";
        for (const row of await server?.run(activity).catch(() => []) ?? []) seen.push(JSON.stringify(row));
        for (const { name } of Deno.readDirSync("/proc")) {
          if (!/^\d+$/.test(name)) continue;
          try {
            const line = Deno.readTextFileSync(`/proc/${name}/cmdline`);
            // This run's alone: other tests search files for the mark meanwhile.
            if (line.includes(rds.caFile)) commandLines.push(line);
          } catch {
            // gone by now
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const looked = look();
    const args = ["--postgresql-instances", instances.postgresql, "--share-with", receiver, "--log-level", "DEBUG"];
    const { code, stdout, stderr } = await startProgram(
      [...args, "--report", `${folder}/report`, "--pseudonym-key-file", keyFile, ...commonArguments(rds)],
      { ...rds.environment, AWS_SECRET_ACCESS_KEY: secretKey },
    ).ended();
    looking = false;
    await looked;
    assertEquals(code, 0, stderr);
    const password = rds.callLog.calls("ModifyDBInstance")[0]?.parameters["MasterUserPassword"] ?? "";
    assert(password.length === 40);
    const report = await Deno.readTextFile(`${folder}/report`);
    const tags = JSON.stringify(rds.snapshots().map((snapshot) => snapshot.tags));
    const places: Readonly<Record<string, string>> = {
      "standard output": stdout,
      "log at DEBUG": stderr,
      report,
      "tags": tags,
      "pg_stat_activity": seen.join("\n"),
      "command lines": commandLines.join("\n"),
    };
    const secrets: Readonly<Record<string, string>> = {
      "master password": password,
      "pseudonym key": key.toHex(),
      "pseudonym key in base 64": key.toBase64(),
      "AWS key": secretKey,
      "value of a row": MARK,
    };
    for (const [place, text] of Object.entries(places)) {
      for (const [what, secret] of Object.entries(secrets)) {
        await t.step(`no ${what} in ${place}`, () => {
          assert(text.length > 0, "nothing was seen");
          assert(!text.toLowerCase().includes(secret.toLowerCase()));
        });
      }
    }
    await t.step("no file but the report and the key is left in the folder", async () => {
      const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
      assertEquals(names, ["key", "report"]);
    });
    await t.step("the snapshot's own password is nobody's", async () => {
      const [snapshot = ""] = rds.made();
      await using server = await rds.openSnapshot(snapshot);
      const [row] = await server.run("SELECT rolpassword FROM pg_authid WHERE rolname = 'master'");
      assert(!String(row?.["rolpassword"]).includes(password));
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
