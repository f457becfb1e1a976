/** The table of options. @module */

import { assert, assertEquals } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { systemFiles } from "../../../lib/cli/parse/files.ts";
import { environmentVariable, type Option } from "../../../lib/cli/options/option.ts";
import { options } from "../../../lib/cli/options/options.ts";

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
  for (const { name, kind, defaultText } of options satisfies readonly Option[]) {
    // A run refuses --format, which is other commands'.
    if (
      kind !== "number" && kind !== "duration" && kind !== "choice" || !/^\w+$/.test(defaultText) || name === "format"
    ) continue;
    assertEquals(await settings([`--${name}`, defaultText]), plain, `--${name}`);
    compared++;
  }
  assertEquals(compared, 10);
});
