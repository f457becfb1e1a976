/** One measurement: a contender on a copy of the golden data. @module */

import { copyFolder, temporaryFolder } from "../local_rds/folder.ts";
import type { BenchCase } from "./cases.ts";
import type { Contender, Took } from "./contenders.ts";
import { startOn } from "./golden.ts";
import { countMarks, type Marks } from "./marks.ts";

/** What one run came to. */
export interface Measurement extends Took {
  readonly marks: Marks;
  /** Megabytes of the data directory at its biggest, beyond those before. */
  readonly peak: number;
}

/** Copies, starts, runs, stops cleanly, counts; nothing is left. */
export async function measure(one: BenchCase, contender: Contender, golden: string): Promise<Measurement> {
  await using folder = await temporaryFolder();
  const dataDir = `${folder.path}/data`;
  await copyFolder(golden, dataDir);
  const before = await sizeOf(dataDir);
  const server = await startOn(one, dataDir);
  let took;
  const watch = watchSize(dataDir, before);
  try {
    took = await contender.run(one, server);
  } finally {
    watch.stop();
    await server.stop("clean");
  }
  return { ...took, marks: await countMarks(one.engine, dataDir), peak: Math.round((await watch.peak - before) / 1e6) };
}

function watchSize(path: string, before: number): { readonly peak: Promise<number>; stop(): void } {
  const stopped = Promise.withResolvers<"stopped">();
  async function look(): Promise<number> {
    for (let peak = before;;) {
      peak = Math.max(peak, await sizeOf(path));
      const timer = Promise.withResolvers<"again">();
      const id = setTimeout(() => timer.resolve("again"), 300);
      if (await Promise.race([timer.promise, stopped.promise]) === "again") continue;
      clearTimeout(id);
      return Math.max(peak, await sizeOf(path));
    }
  }
  return { peak: look(), stop: () => stopped.resolve("stopped") };
}

/** Bytes that the files take, those that go meanwhile left out. */
async function sizeOf(path: string): Promise<number> {
  const { stdout } = await new Deno.Command("du", { args: ["-sB1", path], stderr: "null", stdin: "null" }).output();
  return parseInt(new TextDecoder().decode(stdout)) || 0;
}
