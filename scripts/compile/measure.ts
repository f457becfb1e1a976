/** Measures an executable: size and start of `--version` and `--help` against an empty one, and the memory of whole runs. @module */

import { compile, compileBundle } from "./executable.ts";
import { measureMemory } from "./memory.ts";

const runs = 20;

if (import.meta.main) await main();

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await compile([{ output: `${folder}/datascrubber` }]);
    await compileBundle("", { output: `${folder}/empty` });
    const lines = [
      ["empty", [`${folder}/empty`]],
      ["--version", [`${folder}/datascrubber`, "--version"]],
      ["--help", [`${folder}/datascrubber`, "--help"]],
    ] as const;
    const times = new Map<string, number[]>(lines.map(([name]) => [name, []]));
    // In turns, so that whatever else the machine does falls on all of them.
    for (let run = 0; run <= runs; run++) {
      for (const [name, words] of lines) {
        const taken = await time(words);
        if (run > 0) times.get(name)?.push(taken);
      }
    }
    const empty = median(times.get("empty") ?? []);
    for (const [name, taken] of times) {
      await say(
        `${name}: median ${median(taken).toFixed(0)} ms of ${runs}, ${
          (median(taken) / empty).toFixed(2)
        } of the empty one's`,
      );
    }
    for (const name of ["empty", "datascrubber"]) {
      await say(`${name}: ${((await Deno.stat(`${folder}/${name}`)).size / 1e6).toFixed(1)} MB`);
    }
    const peaks = await measureMemory(`${folder}/datascrubber`);
    for (const [at, peak] of peaks.entries()) await say(`memory of a run of ${at + 1}: ${peak} MB at most`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function time([program = "", ...args]: readonly string[]): Promise<number> {
  const started = performance.now();
  await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).spawn().status;
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
