/** One measurement: a contender on a copy of the golden data. @module */

import { copyFolder, temporaryFolder } from "../local_rds/folder.ts";
import type { Server } from "../local_rds/server.ts";
import type { BenchCase } from "./cases.ts";
import type { Contender, Took } from "./contenders.ts";
import { startOn } from "./golden.ts";
import { countMarks, type Marks } from "./marks.ts";

/** What one run came to. */
export interface Measurement extends Took {
  /** Seconds of a processor that the server took meanwhile. */
  readonly server: number;
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
  let took, used;
  const watch = watchSize(dataDir, before);
  try {
    const before = await secondsOf(server);
    took = await contender.run(one, server);
    used = await secondsOf(server) - before;
  } finally {
    watch.stop();
    await server.stop("clean");
  }
  return {
    ...took,
    server: used,
    marks: await countMarks(one, dataDir),
    peak: Math.round((await watch.peak - before) / 1e6),
  };
}

/** Ticks of a second in which Linux counts a process's time (sysconf(_SC_CLK_TCK)). */
const ticks = 100;

/** Seconds of a processor that a server's processes took so far, those that have ended among them. */
async function secondsOf({ pid }: Server): Promise<number> {
  let sum = 0;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    // Behind the name of the program, which may have spaces: state, parent, …; user, system, and those of ended children.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
    const [user = 0, system = 0, ...ended] = fields.slice(11, 15);
    if (Number(name) === pid) sum += user + system + ended.reduce((all, one) => all + one, 0);
    else if (fields[1] === pid) sum += user + system;
  }
  return sum / ticks;
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
