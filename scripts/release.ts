/**
 * Builds everything of a version into `dist/`: `deno task release VERSION`. Checks the tree, runs everything, writes the
 * version's section of CHANGELOG.md, compiles for every target, packages, and lists what is inside. Committing and tagging
 * what it wrote is left to a person. Run again on a version that CHANGELOG.md has already, it only builds: for hosted CI.
 *
 * @module
 */

import { root } from "./compile/bundle.ts";
import { compile, sha256, targets } from "./compile/executable.ts";
import { run } from "./compile/run.ts";
import { architectures } from "./package.ts";
import { readChangelog, releaseChangelog } from "./package/changelog.ts";
import { debianPackage } from "./package/debian_package.ts";
import { sbom } from "./package/sbom.ts";

const dist = `${root}/dist`;

if (import.meta.main) await main(Deno.args);

async function main([version, ...more]: readonly string[]): Promise<void> {
  if (version === undefined || more.length > 0 || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error("Cannot release: write deno task release VERSION, such as 2.1.0");
  }
  if (Deno.env.has("DENORT_BIN")) {
    throw new Error("Cannot release with DENORT_BIN: a release takes its runtime from Deno itself; unset it");
  }
  await checkTree();
  await setVersion(version);
  await run(`${root}/scripts/test`, [], { cwd: root });
  await Deno.remove(dist, { recursive: true }).catch(() => {});
  const builds = targets.map((target) => ({
    target,
    output: `${dist}/datascrubber-${version}-${target.split("-")[0]}`,
  }));
  const { packages } = await compile(builds);
  for (const { target, output } of builds) {
    const architecture = architectures[target];
    const deb = await debianPackage({ executable: output, packages, architecture, folder: dist });
    await Deno.writeTextFile(`${deb}.sha256`, `${await sha256(deb)}  ${deb.replace(/^.*\//, "")}\n`);
  }
  const list = `${dist}/datascrubber-${version}.cdx.json`;
  await Deno.writeTextFile(list, await sbom(packages, Deno.version.deno));
  await Deno.writeTextFile(`${list}.sha256`, `${await sha256(list)}  ${list.replace(/^.*\//, "")}\n`);
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
  await replace("lib/cli/version.ts", /version = "[^"]+"/, `version = "${version}"`);
}

async function replace(file: string, from: RegExp, to: string): Promise<void> {
  const text = await Deno.readTextFile(`${root}/${file}`);
  if (!from.test(text)) throw new Error(`Cannot set the version: ${file} does not name one`);
  await Deno.writeTextFile(`${root}/${file}`, text.replace(from, to));
}
