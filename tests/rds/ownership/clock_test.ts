/** A machine whose clock is wrong: heartbeats are written and judged by RDS's own time. @module */

import { assert, assertEquals } from "@std/assert";
import { runTags, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import { findLeftovers } from "../../../lib/rds/ownership/leftovers.ts";
import { codeOf, type Lab, never, openLab } from "../local.ts";
import { quick, run } from "../run.ts";

const hour = 3_600_000;
const named = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(named);

/** Puts another machine's workspace there, whose last heartbeat is so many minutes old. */
async function addInstance(lab: Lab, minutes: number, clockOffset: number): Promise<void> {
  const time = new Date(Date.now() + clockOffset - minutes * 60_000);
  const tags = { ...runTags(named, "run-0", 300_000, time), [tag.heartbeat]: time.toISOString() };
  await lab.rds.restore({ ...(await lab.source()).restore, instance: workspace, tags }, never);
  while (!await lab.rds.instance(workspace, never));
}

for (const { ahead, clockOffset } of [{ ahead: "behind", clockOffset: hour }, { ahead: "ahead", clockOffset: -hour }]) {
  Deno.test(`a machine whose clock is an hour ${ahead} writes its heartbeats by RDS's`, async () => {
    const snapshot = { polls: 12, milliseconds: 10_000 };
    await using lab = await openLab({ clockOffset, latencies: { ...quick, snapshot } }, 3);
    const day = () => new Date(Date.now() + clockOffset).toISOString().slice(0, 10);
    const before = day();
    const { id } = await run(lab, { heartbeat: 1 });
    const beats = lab.local.callLog.calls().flatMap(({ at, parameters }) =>
      Object.entries(parameters).filter(([, value]) => value === tag.heartbeat)
        .map(([key]) => Date.parse(parameters[key.replace(/Key$/, "Value")] ?? "") - at.getTime())
    );
    assert(beats.length > 1);
    assertEquals(beats.filter((difference) => !(Math.abs(difference) < 60_000)), []);
    assert([before, day()].some((one) => id.includes(one)), id);
  });

  Deno.test(`a machine whose clock is an hour ${ahead} does not take a living run for dead`, async () => {
    await using lab = await openLab({ clockOffset, latencies: quick }, 3);
    await addInstance(lab, 1, clockOffset);
    assertEquals((await findLeftovers(lab.rds, never)).map(({ state }) => state), ["in progress"]);
    assertEquals(await codeOf(run(lab)), "occupied");
    assertEquals(lab.local.callLog.calls("DeleteDBInstance"), []);
  });

  Deno.test(`a machine whose clock is an hour ${ahead} does not take a dead run for alive`, async () => {
    await using lab = await openLab({ clockOffset, latencies: quick }, 3);
    await addInstance(lab, 16, clockOffset);
    assertEquals((await findLeftovers(lab.rds, never)).map(({ state }) => state), ["abandoned"]);
    await run(lab);
    assertEquals(lab.local.workspaces(), []);
  });
}
