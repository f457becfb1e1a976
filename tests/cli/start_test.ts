/** What is loaded at the start: nothing that only some commands need. @module */

import { assert, assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

/** Everything that a module loads before its first line runs, by paths below the root and names of libraries. */
async function loadedBy(path: string, found: Set<string> = new Set()): Promise<ReadonlySet<string>> {
  if (found.has(path)) return found;
  found.add(path);
  const text = await Deno.readTextFile(new URL(path, root));
  for (const [, what = "", specifier = ""] of text.matchAll(/^(?:import|export)\s+([^;"]*?from\s+)?"([^"]+)"/gms)) {
    const onlyTypes = /^type\s|^\{\s*(?:type [^,}]+,?\s*)+\}/.test(what);
    if (onlyTypes || specifier.endsWith(".json")) continue;
    if (specifier.startsWith(".")) {
      await loadedBy(new URL(specifier, new URL(path, root)).href.slice(root.href.length), found);
    } else found.add(specifier);
  }
  return found;
}

for (
  const [what, paths] of [
    ["--version", ["main.ts", "lib/cli/help/version.ts"]],
    ["parsing the command line", ["lib/cli/command_line.ts"]],
  ] as const
) {
  Deno.test(`${what} loads neither YAML nor rules`, async () => {
    const loaded = (await Promise.all(paths.map((path) => loadedBy(path)))).flatMap((found) => [...found]);
    assert(loaded.length > 3, "the search finds nothing");
    assertEquals(
      loaded.filter((one) => /^yaml|to-json-schema|scrub\/rule_files|rules\/strategy|^scrubbers/.test(one)),
      [],
    );
  });
}

Deno.test("a run's worker loads neither YAML nor what databases by URL need", async () => {
  const loaded = [...await loadedBy("lib/fleet/worker.ts")];
  assert(loaded.includes("lib/pipeline/run_source.ts"), "the search finds nothing");
  assertEquals(loaded.filter((one) => /^yaml|scrub\/import|pipeline\/(?:\w+_live|live_\w+)/.test(one)), []);
});

Deno.test("the search finds what a rule file's reader loads", async () => {
  const loaded = await loadedBy("lib/scrub/rule_files/parse.ts");
  assert(loaded.has("yaml") && loaded.has("valibot") && loaded.has("lib/scrub/rules/strategy/mod.ts"));
});
