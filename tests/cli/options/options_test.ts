/** The table of options, and everything that is made from it. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { systemFiles } from "../../../lib/cli/parse/files.ts";
import { helpText } from "../../../lib/cli/help/help.ts";
import { environmentVariable, type Option, options, spelling } from "../../../lib/cli/options/options.ts";
import { optionsMarkers, optionsTable } from "../../../lib/cli/help/options_table.ts";
import { version } from "../../../lib/cli/help/version.ts";
import { exitStatusMeanings } from "../../../lib/core/exit_status.ts";

const root = new URL("../../../", import.meta.url);

Deno.test("README's table of options is the one that the table of options comes to", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", root));
  const start = readme.indexOf(optionsMarkers.start);
  const end = readme.indexOf(optionsMarkers.end) + optionsMarkers.end.length;
  const wanted = optionsTable();
  assertEquals(readme.slice(start, end), wanted, `README.md needs this table:\n\n${wanted}\n`);
});

Deno.test("help names every option, its default, and every exit status", () => {
  const help = helpText().replace(/\s+/g, " ");
  for (const option of options) assertStringIncludes(help, spelling(option));
  for (const option of options.filter(({ otherwise }) => otherwise !== "")) {
    assertStringIncludes(help, `[default: ${option.otherwise}]`);
  }
  for (const [status, meaning] of exitStatusMeanings) assertStringIncludes(help, `${status} ${meaning}`);
});

Deno.test("help fits into 110 columns", () => {
  assertEquals(helpText().split("\n").filter((line) => line.length > 110), []);
});

Deno.test("version is deno.json's", async () => {
  assertEquals(version, JSON.parse(await Deno.readTextFile(new URL("deno.json", root))).version);
});

Deno.test("options have names of their own, in the spelling that parsing relies on", () => {
  const names = options.map(({ name }) => name);
  assertEquals(names.length, new Set(names).size);
  // `--no-x` and dots mean something to the parser below ours.
  assertEquals(names.filter((name) => !/^(?!no-)[a-z][a-z0-9]*(-[a-z]+)*$/.test(name)), []);
});

Deno.test("environmentVariable() is the option's name in capitals", () => {
  const [option] = options.filter(({ name }) => name === "share-with");
  assertEquals(option && environmentVariable(option), "DATASCRUBBER_SHARE_WITH");
});

Deno.test("the defaults that the table names are those that hold", async () => {
  async function settings(args: readonly string[]) {
    const command = await parseCommandLine(["--mysql-hosts", "a", ...args], {}, systemFiles);
    assert(command.command === "scrub");
    return command.settings;
  }
  const plain = await settings([]);
  let compared = 0;
  for (const { name, kind, otherwise } of options satisfies readonly Option[]) {
    // A run refuses --format, which is other commands'.
    if (kind !== "number" && kind !== "choice" || !/^\w+$/.test(otherwise) || name === "format") continue;
    assertEquals(await settings([`--${name}`, otherwise]), plain, `--${name}`);
    compared++;
  }
  assertEquals(compared, 9);
});

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
