/** Help and version: what they say, and that they are printed whatever else is wrong. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { commandOf } from "../../../lib/cli/options/commands.ts";
import { helpText } from "../../../lib/cli/help/help.ts";
import { topicNamed } from "../../../lib/cli/help/topics.ts";
import { spelling } from "../../../lib/cli/options/option.ts";
import { options } from "../../../lib/cli/options/options.ts";
import { version, versionText } from "../../../lib/cli/help/version.ts";
import { exitStatusMeanings } from "../../../lib/core/exit_status.ts";
import { runProgram } from "../../fleet/program.ts";

const root = new URL("../../../", import.meta.url);

Deno.test("help names every option, its default, and every exit status", () => {
  const help = helpText().replace(/\s+/g, " ");
  for (const option of options) assertStringIncludes(help, spelling(option));
  for (const option of options.filter(({ defaultText }) => defaultText !== "")) {
    assertStringIncludes(help, `[default: ${option.defaultText}]`);
  }
  for (const [status, meaning] of exitStatusMeanings) assertStringIncludes(help, `${status} ${meaning}`);
});

Deno.test("help fits into 110 columns", () => {
  assertEquals(helpText().split("\n").filter((line) => line.length > 110), []);
});

Deno.test("version is deno.json's", async () => {
  assertEquals(version, JSON.parse(await Deno.readTextFile(new URL("deno.json", root))).version);
});

Deno.test.each<{ args: readonly string[]; stdout: string }>([
  { args: ["--nonsense", "--help"], stdout: helpText() },
  { args: ["--dry-run=no", "-h", "--version"], stdout: helpText() },
  { args: ["--mysql-hosts", "-V"], stdout: versionText() + "\n" },
  { args: ["-hV"], stdout: helpText() },
  { args: ["help"], stdout: helpText() },
  { args: ["review", "--nonsense", "-h"], stdout: helpText(commandOf(["review"])) },
  { args: ["--region", "status", "config", "check", "--help"], stdout: helpText(commandOf(["config", "check"])) },
  { args: ["help", "verify-report"], stdout: helpText(commandOf(["verify-report"])) },
  { args: ["help", "help"], stdout: helpText(commandOf(["help"])) },
  { args: ["help", "rules"], stdout: `${topicNamed("rules")?.text}\n` },
  { args: ["rules", "-h"], stdout: `${topicNamed("rules")?.text}\n` },
  { args: ["help", "sweep", "--help"], stdout: helpText(commandOf(["sweep"])) },
])("$args prints what was asked for and runs nothing", async ({ args, stdout }) => {
  assertEquals(await runProgram(args), { code: 0, stdout, stderr: "" });
});
