/**
 * Builds everything of a version into `dist/`: `deno task release VERSION`. Checks the tree, runs everything, writes the
 * version's section of CHANGELOG.md, compiles for every target, packages, and lists what is inside. Committing and tagging
 * what it wrote is left to a person. Run again on a version that CHANGELOG.md has already, it only builds: for hosted CI.
 *
 * @module
 */

import { root } from "./compile/bundle.ts";
import { run } from "./compile/run.ts";
import { readChangelog, releaseChangelog } from "./package/changelog.ts";

if (import.meta.main) await main(Deno.args);

async function main([version, ...more]: readonly string[]): Promise<void> {
  if (version === undefined || more.length > 0 || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error("Cannot release: write deno task release VERSION, such as 2.1.0");
  }
  for (const name of ["DENO_BIN", "DENORT_BIN"].filter((name) => Deno.env.has(name))) {
    throw new Error(
      `Cannot release with ${name}: a release is what its own Deno and that one's runtime make; unset it`,
    );
  }
  await checkTree();
  await setVersion(version);
  await run(`${root}/scripts/test`, [], { cwd: root });
  // Another process: this one may hold modules from before the version was set.
  await run(Deno.execPath(), ["run", "-A", `${root}/scripts/package/artifacts.ts`], { cwd: root });
}

async function checkTree(): Promise<void> {
  const changes = await run("git", ["status", "--porcelain"], { cwd: root });
  if (changes === "") return;
  throw new Error(`Cannot release: the tree has changes; commit or undo them first\n${changes}`);
}

/** Where a version stands: in these two files, and in CHANGELOG.md. */
async function setVersion(version: string): Promise<void> {
  const path = `${root}/CHANGELOG.md`;
  const text = await Deno.readTextFile(path);
  if (readChangelog(text).some((section) => section.version === version)) return;
  await Deno.writeTextFile(path, releaseChangelog(text, version, new Date().toISOString().slice(0, 10)));
  await replace("deno.json", /"version": "[^"]+"/, `"version": "${version}"`);
  await replace("lib/cli/help/version.ts", /version = "[^"]+"/, `version = "${version}"`);
}

async function replace(file: string, from: RegExp, to: string): Promise<void> {
  const text = await Deno.readTextFile(`${root}/${file}`);
  if (!from.test(text)) throw new Error(`Cannot set the version: ${file} does not name one`);
  await Deno.writeTextFile(`${root}/${file}`, text.replace(from, to));
}
