/** Every command, task, file and link that the READMEs name is there, and every command line can be typed. @module */

import { assert, assertEquals } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import { readmeTables, withTable } from "../../../scripts/readme/tables.ts";
import { files, typed } from "./typed.ts";

const root = new URL("../../../", import.meta.url);

/** The README of the project, and those of folders, which it names. */
const readmes: readonly (readonly [path: string, text: string])[] = await Promise.all(
  ["README.md", ...(await Deno.readTextFile(new URL("README.md", root))).matchAll(/\]\(([\w/]+README\.md)\)/g)]
    .map((found) => typeof found === "string" ? found : found[1] ?? "")
    .map(async (path) => [path, await Deno.readTextFile(new URL(path, root))] as const),
);

for (const table of readmeTables) {
  Deno.test(`${table.path} has the table of ${table.name} that the code comes to`, async () => {
    const readme = await Deno.readTextFile(new URL(table.path, root));
    assertEquals(readme, withTable(readme, table), "Run deno task readme.");
  });
}

Deno.test("the project's README is at most 400 lines long", () => {
  const [[, text = ""] = []] = readmes;
  assert(text.split("\n").length <= 401, `${text.split("\n").length} lines`);
});

Deno.test("the project's README explains its words in alphabetical order", () => {
  const [[, text = ""] = []] = readmes;
  const [, table = ""] = text.split("\n## Words\n");
  const words = [...table.split("\n## ")[0]?.matchAll(/^\| (?!term|---)([^|]+) \|/gm) ?? []].map(([, word = ""]) =>
    word
  );
  assert(words.length > 20);
  assertEquals(words, words.toSorted((one, other) => one.toLowerCase() < other.toLowerCase() ? -1 : 1));
});

for (const [path, text] of new Map(readmes)) {
  const blocks = [...text.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)]
    .flatMap(([, language = "", block = ""]) => ["", "sh", "console", "yaml"].includes(language) ? [block] : []);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n */g, "").split("\n"))
    .map((line) => line.replace(/^\s*(?:\$ |run: )?/, ""));
  for (const line of new Set(lines.filter((line) => /^(?:[A-Z_]+=\S+ )*datascrubber /.test(line)))) {
    Deno.test(`${path}: ${line}`, async () => {
      const { environment, args } = typed(line.replace(" ID ", ` ${"0".repeat(32)} `));
      // As in CI's step, whose environment is above it.
      const url = args[0] === "review" && !args.includes("--url") &&
        { DATASCRUBBER_URL: "mysql://me@localhost/app_test" };
      await parseCommandLine(args, { ...environment, ...url }, files);
    });
  }

  for (const block of blocks.filter((block) => block.startsWith("database:"))) {
    Deno.test(`${path}: the rule file of ${block.split("\n")[0]} is one`, () => {
      const parsed = parseRuleFile(new TextEncoder().encode(block), { environment: {}, scrubbers: [] });
      assertEquals("problems" in parsed ? parsed.problems : [], []);
    });
  }

  Deno.test(`${path} names only tasks, scripts and files that are there`, async () => {
    const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    const wanted = [...text.matchAll(/deno task (\w+)/g)].map(([, task = ""]) => task);
    assertEquals(wanted.filter((task) => !(task in tasks)), []);
    const folder = new URL(path, root);
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) => new URL(link, folder));
    const named = [...text.matchAll(/`((?:lib|scripts|tests|scrubbers)\/[\w./*]*)`/g)]
      .map(([, file = ""]) => file).filter((file) => !/\*|my_app/.test(file)).map((file) => new URL(file, root));
    const missing = await missingHeadings(path, text);
    for (const url of [...linked, ...named]) await Deno.stat(url).catch(() => missing.push(url.pathname));
    assertEquals(missing, []);
  });
}

/** Links to headings that are not there, of this file or of another README. */
async function missingHeadings(path: string, text: string): Promise<string[]> {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
  const missing = links.map(async ([, file = "", anchor = ""]) => {
    const there = file === "" ? text : await Deno.readTextFile(new URL(file, new URL(path, root))).catch(() => "");
    const anchors = [...there.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    );
    return anchors.includes(anchor) ? [] : [`${file}#${anchor}`];
  });
  return (await Promise.all(missing)).flat();
}
