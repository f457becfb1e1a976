/** Every command line that help and the manual page show as an example: it means what it says. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commandOf, commands } from "../../../lib/cli/options/commands.ts";
import { helpText } from "../../../lib/cli/help/help.ts";
import { manPage } from "../../../lib/cli/help/man_page.ts";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { files, typed } from "./typed.ts";

for (const row of commands) {
  for (const [what, line] of row.examples) {
    Deno.test(`an example of ${row.words || "a run"} can be typed: ${line}`, async () => {
      const { environment, args } = typed(line);
      const command = await parseCommandLine(args, environment, files);
      if (row.words !== "") {
        const asked = command.command === "help" && row.words === "help" ? row : commandOf(args);
        assertEquals(asked?.words, row.words);
      }
      assert(!what.endsWith(".") && what.length > 5);
    });
  }
  Deno.test(`help on ${row.words || "a run"} has its examples`, () => {
    const text = helpText(row);
    for (const [what, line] of row.examples) assertStringIncludes(text, `  # ${what}\n  ${line}\n`);
    assertEquals(row.examples.length, row.words === "" ? 5 : 2);
  });
}

for (const row of commands.filter(({ words }) => words !== "")) {
  Deno.test(`help on ${row.words} has its own options and no others, on one screen`, () => {
    const text = helpText(row);
    const shown = [...text.matchAll(/^ {2}--([a-z0-9-]+)/gm)].map(([, name = ""]) => name);
    assertEquals(shown, [...row.options ?? []]);
    // A plan takes whatever a source takes, and a scrub whatever writes reports.
    const lines = text.split("\n").length;
    assert(lines <= (["plan", "scrub"].includes(row.words) ? 100 : 50), `${lines} lines`);
  });
}

Deno.test("the general help begins with what the program is, and then five examples", () => {
  const [first = "", second = ""] = helpText().split("\n\n");
  assert(first.startsWith("datascrubber restores an AWS RDS snapshot"));
  assertEquals(second.split("\n").filter((line) => line.startsWith("  # ")).length, 5);
});

Deno.test("the manual page has its examples before the commands and options", () => {
  const page = manPage();
  const at = (heading: string) => page.indexOf(`\n.SH ${heading}\n`);
  assert(at("DESCRIPTION") < at("EXAMPLES") && at("EXAMPLES") < at("COMMANDS") && at("COMMANDS") < at("OPTIONS"));
  const shown = page.replaceAll("\\-", "-").replaceAll("\\&", "").replaceAll("\\e", "\\");
  for (const [, line] of commands.flatMap(({ examples }) => examples)) assertStringIncludes(shown, line);
});
