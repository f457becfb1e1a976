/** What `help TOPIC` explains: it is listed, fits a screen, and its examples are true. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { helpText } from "../../../lib/cli/help/help.ts";
import { completionsFor } from "../../../lib/cli/help/completions.ts";
import { manPage } from "../../../lib/cli/help/man_page.ts";
import { shortRuleFile, topics } from "../../../lib/cli/help/topics.ts";
import { commands } from "../../../lib/cli/options/commands.ts";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import { files, typed } from "./typed.ts";

for (const { name, help, text } of topics) {
  Deno.test(`help, the manual page and the completions name the topic ${name}`, () => {
    assertStringIncludes(helpText().replaceAll(/\s+/g, " "), `datascrubber help ${name} ${help}`);
    assertStringIncludes(manPage(), `.SH ${name.toUpperCase()}\n`);
    assert(new RegExp(`^ +help\\) .*\\b${name}\\b`, "m").test(completionsFor("bash")));
  });

  Deno.test(`the topic ${name} fits a screen and hides no command`, () => {
    const lines = text.split("\n");
    assertEquals([lines.filter((line) => line.length > 110), lines.length <= 50], [[], true]);
    assertEquals(commands.filter(({ words }) => words === name), []);
  });

  for (const line of text.split("\n").filter((line) => /^ +datascrubber .*\.yaml/.test(line))) {
    Deno.test(`the topic ${name} shows what can be typed: ${line.trim()}`, async () => {
      const { environment, args } = typed(line);
      await parseCommandLine(args, environment, files);
    });
  }
}

Deno.test("the rule file that help shows is one", () => {
  assertStringIncludes(topics[0]?.text.replaceAll(/^ {2}/gm, "") ?? "", shortRuleFile);
  const parsed = parseRuleFile(new TextEncoder().encode(shortRuleFile), { environment: {}, scrubbers: [] });
  assertEquals("problems" in parsed ? parsed.problems : [], []);
});
