/** The order in which plans run: which side by side, which never, and what a failure does to the others. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Session, TablePlan } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql } from "../../../lib/mysql/mod.ts";
import { execute } from "../../../lib/scrub/execute/execute.ts";
import type { ChunkedDatabase } from "../../../lib/scrub/parallel/chunk_queue.ts";
import { never, silent } from "../scrub_fixture.ts";

/** Divides every table into four. */
const place: ChunkedDatabase = {
  engine: {
    ...mysql,
    divide: () => Promise.resolve([1, 2, 3, 4].map((quarter) => trusted(`quarter ${quarter}`))),
  },
  schema: { database: "test" },
};

/** A plan of so many steps that locks these tables, itself first. */
function plan(id: string, locks: readonly string[], steps = 3): TablePlan {
  const table = {
    ...{ id, schema: "s", name: id, kind: "table", columns: [], primaryKey: [], uniqueKeys: [] } as const,
    ...{ rows: 1, bytes: 1, hasTriggers: false },
  };
  const labels = Array.from({ length: steps }, (_, at) => `${id} ${at}`);
  return {
    ...{ table, shape: "update", why: "a test", locks: [id, ...locks], peakBytes: 0 },
    steps: labels.map((label) => ({ label, sql: trusted("SELECT 1") })),
  };
}

/** Sessions that note what runs, and at what the others were at that time. No server: the order is all that matters here. */
class Stage {
  readonly labels: string[] = [];
  /** Pairs of tables that were worked on at the same time. */
  readonly together = new Set<string>();
  readonly #busy = new Map<number, string>();
  readonly #failAt: string | undefined;

  constructor(failAt?: string) {
    this.#failAt = failAt;
  }

  sessions(count: number): Session[] {
    return Array.from({ length: count }, (_, at): Session => ({
      database: "test",
      query: () => Promise.resolve([]),
      scan: () => Promise.resolve([]),
      run: async ({ label }) => {
        const [id = ""] = label.split(" ");
        this.labels.push(label);
        for (const other of this.#busy.values()) this.together.add([id, other].toSorted().join("+"));
        this.#busy.set(at, id);
        for (let turn = 0; turn <= at; turn++) await Promise.resolve();
        this.#busy.delete(at);
        if (label === this.#failAt) throw new Error(`failed at ${label}`);
        return { rows: at };
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  }
}

Deno.test("every plan runs once, its steps in order", async () => {
  const stage = new Stage();
  const done = await execute(place, [plan("a", []), plan("b", []), plan("c", [])], stage.sessions(2), silent, never);
  assertEquals(done.map(({ plan, rows }) => [plan.table.id, rows.length]).toSorted(), [["a", 3], ["b", 3], ["c", 3]]);
  for (const id of ["a", "b", "c"]) {
    assertEquals(stage.labels.filter((label) => label.startsWith(id)), [`${id} 0`, `${id} 1`, `${id} 2`]);
  }
  assert(stage.together.size > 0, "nothing ran side by side");
});

Deno.test("the first plans come first, and more sessions than plans do no harm", async () => {
  const stage = new Stage();
  await execute(place, [plan("big", []), plan("small", [])], stage.sessions(9), silent, never);
  assertEquals(stage.labels.slice(0, 2), ["big 0", "small 0"]);
});

for (const sessions of [1, 2, 3, 8]) {
  Deno.test(`plans whose locks meet never run at the same time, on ${sessions} sessions`, async () => {
    const ids = Array.from({ length: 12 }, (_, at) => `t${at}`);
    // A chain: each locks its neighbour, as tables and their parents do.
    const plans = ids.map((id, at) => plan(id, [ids[(at + 1) % ids.length] ?? id]));
    const locks = new Map(plans.map((one) => [one.table.id, one.locks]));
    const stage = new Stage();
    const done = await execute(place, plans, stage.sessions(sessions), silent, never);
    assertEquals(done.length, plans.length);
    for (const pair of stage.together) {
      const [one = "", other = ""] = pair.split("+");
      assert(!locks.get(one)?.some((lock) => locks.get(other)?.includes(lock)), `${pair} at the same time`);
    }
    assertEquals(stage.together.size > 0, sessions > 1);
  });
}

Deno.test("a failure keeps waiting plans from starting, lets the running ones end, and is what is thrown", async () => {
  const stage = new Stage("b 1");
  const plans = [plan("a", []), plan("b", []), ...["c", "d", "e"].map((id) => plan(id, ["a", "b"]))];
  await assertRejects(() => execute(place, plans, stage.sessions(2), silent, never), Error, "failed at b 1");
  assertEquals(stage.labels.filter((label) => /^[cde]/.test(label)), []);
  assertEquals(stage.labels.filter((label) => label.startsWith("b")), ["b 0", "b 1"]);
  assertEquals(stage.labels.filter((label) => label.startsWith("a")).length, 3);
});

Deno.test("an abort keeps waiting plans from starting", async () => {
  const stage = new Stage();
  const stop = new AbortController();
  const [session] = stage.sessions(1);
  assert(session !== undefined);
  const stopping: Session = {
    ...session,
    run: (step) => {
      if (step.label === "a 1") stop.abort(new Error("stopped"));
      return session.run(step);
    },
  };
  await assertRejects(
    () => execute(place, [plan("a", []), plan("b", [])], [stopping], silent, stop.signal),
    Error,
    "stopped",
  );
  assertEquals(stage.labels.filter((label) => label.startsWith("b")), []);
});

Deno.test("progress tells the table and the share of bytes that are done", async () => {
  const told: (number | undefined)[] = [];
  const log = { ...silent, progress: ({ share }: { readonly share?: number }) => void told.push(share) };
  await execute(place, ["a", "b", "c", "d"].map((id) => plan(id, [])), new Stage().sessions(1), log, never);
  assertEquals(told, [0, 0.25, 0.5, 0.75]);
});

/** Notes which sessions run what, each statement as long as it takes until all of them have had a turn. */
function sharingSessions(count: number, failAt?: string): { readonly sessions: Session[]; readonly ran: string[] } {
  const ran: string[] = [];
  const sessions = Array.from({ length: count }, (_, at): Session => ({
    database: "test",
    query: () => Promise.resolve([]),
    scan: () => Promise.resolve([]),
    run: async ({ label, sql }) => {
      ran.push(`${label} | ${sql.text} | ${at}`);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      if (failAt !== undefined && sql.text.includes(failAt)) throw new Error(`failed at ${sql.text}`);
      return { rows: 100 };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }));
  return { sessions, ran };
}

/** A plan whose second step of three can be divided, of a table so big that it is. */
function divisible(id: string): TablePlan {
  const whole = plan(id, []);
  return {
    ...whole,
    table: { ...whole.table, bytes: 2 ** 30 },
    steps: whole.steps.map((step, at) =>
      at === 1 ? { ...step, over: (condition) => trusted(`SELECT 1 WHERE ${condition.text}`) } : step
    ),
  };
}

Deno.test("sessions share the pieces of a step that can be divided, and its rows are those of all pieces", async () => {
  const { sessions, ran } = sharingSessions(2);
  const [done] = await execute(place, [divisible("a")], sessions, silent, never);
  assertEquals(done?.rows, [100, 400, 100]);
  const pieces = ran.filter((line) => line.includes("quarter"));
  assertEquals(
    pieces.map((line) => line.split(" | ")[1]).toSorted(),
    [1, 2, 3, 4].map((n) => `SELECT 1 WHERE quarter ${n}`),
  );
  assertEquals(new Set(pieces.map((line) => line.split(" | ")[2])), new Set(["0", "1"]));
  assertEquals([ran[0]?.split(" | ")[0], ran.at(-1)?.split(" | ")[0]], ["a 0", "a 2"]);
});

Deno.test("a table that sessions share is the only one they begin until it is done", async () => {
  const { sessions, ran } = sharingSessions(3);
  await execute(place, [divisible("a"), divisible("b"), plan("c", [])], sessions, silent, never);
  assertEquals(ran.map((line) => line[0]).join("").replaceAll(/(.)\1+/g, "$1"), "abc");
});

Deno.test("one session alone divides nothing, and a small table is not divided", async () => {
  const alone = sharingSessions(1);
  await execute(place, [divisible("a")], alone.sessions, silent, never);
  const small = sharingSessions(2);
  const { steps } = divisible("a");
  await execute(place, [{ ...plan("a", []), steps }], small.sessions, silent, never);
  assertEquals([...alone.ran, ...small.ran].filter((line) => line.includes("quarter")), []);
});

Deno.test("a piece that fails is what is thrown, and keeps the waiting ones and all that follows from starting", async () => {
  const { sessions, ran } = sharingSessions(2, "quarter 2");
  const plans = [divisible("a"), plan("b", [])];
  await assertRejects(
    () => execute(place, plans, sessions, silent, never),
    Error,
    "failed at SELECT 1 WHERE quarter 2",
  );
  assertEquals(ran.filter((line) => /quarter [34]|^a 2|^b/.test(line)), []);
});
