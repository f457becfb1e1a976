/**
 * Makes the Debian package: `deno task package [--target TARGET] [--executable FILE]`, in `dist/`. Compiles the program
 * unless an executable is given.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { bundle, root } from "./compile/bundle.ts";
import { commit, compile, type Target, targets } from "./compile/executable.ts";
import { type Architecture, debianPackage } from "./package/debian_package.ts";

/** Debian's names of the targets. */
export const architectures: Readonly<Record<Target, Architecture>> = {
  "x86_64-unknown-linux-gnu": "amd64",
  "aarch64-unknown-linux-gnu": "arm64",
};

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values: given } = parseArgs({
    args: [...args],
    options: { target: { type: "string" }, executable: { type: "string" }, folder: { type: "string" } },
  });
  const own = targets.find((target) => target.startsWith(`${Deno.build.arch}-`));
  const target = given.target === undefined ? own : targets.find((target) => target === given.target);
  if (target === undefined) throw new Error(`Cannot package "${given.target}": it is not one of ${targets.join(", ")}`);
  const folder = given.folder ?? `${root}/dist`;
  const architecture = architectures[target];
  const executable = given.executable ?? `${folder}/datascrubber-${target.split("-")[0]}`;
  const { packages } = given.executable === undefined
    ? await compile([{ output: executable, ...(target === own ? {} : { target }) }])
    : await bundle(await commit());
  await debianPackage({ executable, packages, architecture, folder });
}
