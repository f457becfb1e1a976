/** Fifty runs in a row with random faults in one process: nothing may pile up. @module */

import { instances, receiver, runProgram, stageWithProduction } from "../../tests/end_to_end/stage.ts";
import { callFaults, saidBy } from "./calls.ts";
import type { Case } from "./cases.ts";
import { endOf, orphans, standing } from "./ends.ts";
import { failAt, heal } from "./points.ts";
import { openStage, runOnce } from "./stage.ts";

/** How many runs. */
const runs = 50;

/** Yields a case a run, and a last one about memory, open files and connections. */
export async function* soak(count = runs): AsyncGenerator<Case> {
  await using rds = await openStage("postgresql");
  let early: Usage | undefined;
  for (let n = 1; n <= count; n++) {
    const before = standing(rds);
    const fault = callFaults[Math.floor(Math.random() * callFaults.length)];
    const stretch = 1 + Math.floor(Math.random() * 24);
    const reached = fault ? failAt(rds, { stretch }, fault.what, fault.times) : {};
    const end = await endOf(
      rds,
      before,
      saidBy(await runOnce(rds, "postgresql", fault?.what === "silent" ? { requestTimeout: 400 } : {})),
    );
    heal(rds);
    const at = `run ${n}, ${stretch} ${reached.action ?? "nowhere"}`;
    yield { matrix: "soak", at, what: fault?.name ?? "", ..."good" in end ? { end: end.good } : { bad: end.bad } };
    if (n === Math.ceil(count / 5)) early = usage();
  }
  yield await eightSources();
  const last = await runOnce(rds, "postgresql");
  const left = await orphans(rds);
  const late = usage();
  const grown = early ? growth(early, late) : [];
  const problems = [...last.failure ? [last.failure.message] : [], ...left, ...grown];
  yield {
    matrix: "soak",
    at: `${JSON.stringify(early)} after a fifth, ${JSON.stringify(late)} at the end`,
    what: "what piles up",
    ...(problems.length > 0 && { bad: problems.join("; ") }),
  };
}

/** Eight sources at once in one run of the program, half of PostgreSQL and half of MySQL. */
async function eightSources(): Promise<Case> {
  await using rds = await stageWithProduction();
  const ids: Record<"postgresql" | "mysql", string[]> = { postgresql: [], mysql: [] };
  for (const engine of ["postgresql", "mysql"] as const) {
    const first = rds.snapshots().find(({ instanceId }) => instanceId === instances[engine]);
    if (!first) throw new TypeError("Cannot run eight sources: production has no snapshot");
    const dataDir = rds.dataDirOf(first.id);
    for (let n = 1; n <= 4; n++) {
      const id = `${instances[engine]}-${n}`;
      await rds.addProduction({ id, engine: engine === "mysql" ? "mysql" : "postgres", dataDir });
      ids[engine].push(id);
    }
  }
  const sources = ["--postgresql-instances", ...ids.postgresql, "--mysql-instances", ...ids.mysql];
  const { code, stdout } = await runProgram(rds, [...sources, "--share-with", receiver]);
  const left = await orphans(rds);
  const wrong = code === 0 ? [] : [`status ${code}: ${stdout}`];
  const problems = [...wrong, ...left, ...(rds.made().length === 8 ? [] : [`${rds.made().length} snapshots`])];
  return {
    matrix: "soak",
    at: "one run",
    what: "eight sources at once",
    ...problems.length > 0 && { bad: problems.join("; ") },
  };
}

interface Usage {
  /** Bytes of live objects. */
  readonly heap: number;
  readonly files: number;
  readonly sockets: number;
}

function usage(): Usage {
  // Present where the run was started with it; without, the numbers are only rougher.
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
  const names = [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      return [Deno.readLinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return []; // closed by now
    }
  });
  return {
    heap: Deno.memoryUsage().heapUsed,
    files: names.length,
    sockets: names.filter((name) => name.startsWith("socket:")).length,
  };
}

function growth(early: Usage, late: Usage): readonly string[] {
  return [
    ...(late.files > early.files + 10 ? [`open files grew from ${early.files} to ${late.files}`] : []),
    ...(late.sockets > early.sockets + 5 ? [`sockets grew from ${early.sockets} to ${late.sockets}`] : []),
    ...(late.heap > early.heap + 50_000_000 ? [`the heap grew from ${early.heap} to ${late.heap} bytes`] : []),
  ];
}
