/** The executable that the tests of a run share: compiled by the first of them that asks. @module */

import { type BundledPackage, root } from "../../scripts/compile/bundle.ts";
import { commit, compile } from "../../scripts/compile/executable.ts";

/** An executable of the sources as they are. */
export interface Executable {
  readonly path: string;
  /** What npm packages are inside. */
  readonly packages: readonly BundledPackage[];
}

const folder = `${root}/.tools/tested-executable`;

/** The executable of the sources as they are, with its checksum beside it. Other files of tests wait while one compiles. */
export async function testedExecutable(): Promise<Executable> {
  await Deno.mkdir(folder, { recursive: true });
  using turn = await Deno.open(`${folder}/.lock`, { create: true, write: true });
  await turn.lock(true);
  const path = `${folder}/datascrubber`;
  const sources = `${await commit()} ${Deno.env.get("DENORT_BIN") ?? ""} ${await digestOfSources()}`;
  const made = await Deno.readTextFile(`${folder}/made.json`).then(JSON.parse, () => ({}));
  if (made.sources === sources) return { path, packages: made.packages };
  const { packages } = await compile([{ output: path }]);
  await Deno.writeTextFile(`${folder}/made.json`, JSON.stringify({ sources, packages }));
  return { path, packages };
}

async function digestOfSources(): Promise<string> {
  const paths = ["main.ts", "deno.json", "deno.lock"];
  async function walk(at: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(`${root}/${at}`)) {
      if (isDirectory) await walk(`${at}/${name}`);
      else paths.push(`${at}/${name}`);
    }
  }
  for (const at of ["lib", "scrubbers", "scripts/compile"]) await walk(at);
  const texts = await Promise.all(paths.sort().map((path) => Deno.readTextFile(`${root}/${path}`)));
  const bytes = new TextEncoder().encode(JSON.stringify([paths, texts]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
