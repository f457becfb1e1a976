/**
 * Compiles the program: `deno task compile [--target TARGET] [--output FILE]`. Without a target for this machine.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { compile, targets } from "./compile/executable.ts";
import { root } from "./compile/bundle.ts";

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values: given } = parseArgs({
    args: [...args],
    options: { target: { type: "string" }, output: { type: "string" } },
  });
  const target = targets.find((target) => target === given.target);
  if (given.target !== undefined && target === undefined) {
    throw new Error(`Cannot compile for "${given.target}": it is not one of ${targets.join(", ")}`);
  }
  const output = given.output ?? `${root}/dist/datascrubber${target === undefined ? "" : `-${target.split("-")[0]}`}`;
  await compile([{ target, output }]);
}
