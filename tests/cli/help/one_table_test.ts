/** Help, manual page, completions, schema and README come from one table of options. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commands, shells } from "../../../lib/cli/options/commands.ts";
import { completionsFor } from "../../../lib/cli/help/completions.ts";
import { configSchema } from "../../../lib/cli/help/config_schema.ts";
import { helpText } from "../../../lib/cli/help/help.ts";
import { manPage } from "../../../lib/cli/help/man_page.ts";
import { environmentVariable, type Option, workspacesKey } from "../../../lib/cli/options/option.ts";
import { options } from "../../../lib/cli/options/options.ts";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { systemFiles } from "../../../lib/cli/parse/files.ts";
import { exitStatusMeanings } from "../../../lib/core/exit_status.ts";

const rows: readonly Option[] = options;
const names = rows.map(({ name }) => name);
const readme = await Deno.readTextFile(new URL("../../../lib/cli/README.md", import.meta.url));

function has(program: string): boolean {
  return ["/bin", "/usr/bin", "/usr/local/bin"].some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

/** Names of options that a text names, each once, in its order. */
function named(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))];
}

for (
  const [what, text, pattern, wanted] of [
    ["help", helpText(), /^ {2}--([a-z0-9-]+)/gm, names],
    ["the manual page", manPage().replaceAll("\\-", "-"), /^\\fB--([a-z0-9-]+)\\fR/gm, names],
    ["README's table", readme.slice(0, readme.indexOf("<!-- /options -->")), /^\| `--([a-z0-9-]+)/gm, names],
    ["fish's completions", completionsFor("fish"), / -l ([a-z0-9-]+)/g, names],
    ["zsh's completions", completionsFor("zsh"), /^ *'\*?--([a-z0-9-]+)\[/gm, names],
    [
      "bash's completions",
      /-\* \]\]; then\n.*?-W "([^"]*)"/.exec(completionsFor("bash"))?.[1] ?? "",
      /--([a-z0-9-]+)/g,
      names,
    ],
    [
      "the JSON Schema",
      configSchema(),
      /^ {4}"([a-z0-9-]+)": \{/gm,
      [...rows.filter(({ notInFile }) => !notInFile).map(({ name }) => name), workspacesKey],
    ],
  ] as const
) {
  Deno.test(`${what} has the options of the table, in its order`, () => assertEquals(named(text, pattern), wanted));
}

Deno.test("the manual page names every variable, exit status and command", () => {
  const page = manPage().replaceAll("\\-", "-");
  for (const option of rows) {
    const variable = environmentVariable(option);
    if (variable !== undefined) assertStringIncludes(page, variable);
  }
  for (const [status] of exitStatusMeanings) assertStringIncludes(page, `\\fB${status}\\fR`);
  for (const { words } of commands) assertStringIncludes(page, `\\fBdatascrubber${words && ` ${words}`}\\fR`);
});

Deno.test("help names every command", () => {
  for (const { words, help } of commands) {
    assert(helpText().includes(`datascrubber ${words}`) && helpText().replaceAll(/\s+/g, " ").includes(help));
  }
});

for (
  const { words } of commands.filter(({ words, value, options }) =>
    words !== "" && (value === "" || value.startsWith("[")) && !options
  )
) {
  Deno.test(`${words} is a command`, async () => {
    const { command } = await parseCommandLine(words.split(" "), {}, systemFiles);
    assert(command !== "scrub");
  });
  Deno.test(`${words} takes no options`, async () => {
    const refused = parseCommandLine([...words.split(" "), "--dry-run"], {}, systemFiles);
    assertEquals(
      await refused.then(() => "taken", (error: Error) => error.message.split(":")[0]),
      `Cannot use "--dry-run" with ${words}`,
    );
  });
}

for (const shell of shells) {
  Deno.test(`${shell} can read its completions${has(shell) ? "" : " (left out: it is not installed)"}`, async () => {
    if (!has(shell)) return;
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, completionsFor(shell));
      const outcome = await new Deno.Command(shell, { args: ["-n", file] }).output();
      assertEquals(new TextDecoder().decode(outcome.stderr), "");
    } finally {
      await Deno.remove(file);
    }
  });
}

Deno.test("bash completes options, choices, commands and what follows them", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, completionsFor("bash"));
    const completed = async (...words: string[]) => {
      const script = `. ${file}; COMP_WORDS=(datascrubber ${words.map((word) => `'${word}'`).join(" ")}); ` +
        `COMP_CWORD=${words.length}; _datascrubber; echo "\${COMPREPLY[@]}"`;
      const { stdout } = await new Deno.Command("bash", { args: ["--norc", "-c", script] }).output();
      return new TextDecoder().decode(stdout).trim();
    };
    assertEquals(await completed("--snapshot-r"), "--snapshot-retention");
    assertEquals(await completed("--log-mode", ""), "console syslog");
    assertEquals(await completed("scrubb"), "scrubbers");
    assertEquals(await completed("str"), "strategies");
    assertEquals(await completed("config", ""), "check schema");
    assertEquals(await completed("completions", "f"), "fish");
    assertEquals(await completed("--config", file), file);
  } finally {
    await Deno.remove(file);
  }
});
