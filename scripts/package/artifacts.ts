/**
 * Builds all that is published of the version that the sources name, into `dist/`: executables and packages for every target,
 * and the list of what is inside. A program of its own, for `deno task release` changes the version while it runs.
 *
 * @module
 */

import { version } from "../../lib/cli/help/version.ts";
import { root } from "../compile/bundle.ts";
import { compile, sha256, targets } from "../compile/executable.ts";
import { architectures } from "../package.ts";
import { debianPackage } from "./debian_package.ts";
import { sbom } from "./sbom.ts";

const dist = `${root}/dist`;

if (import.meta.main) await main();

async function main(): Promise<void> {
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
