/** A run that makes its source's isolation group: whichever call of that goes wrong, it ends well, and the next run makes it. @module */

import { assertEquals } from "@std/assert";
import { callFaults } from "../../scripts/faults/calls.ts";
import { type Ended, production, runOnce } from "../../scripts/faults/stage.ts";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { leftIn } from "../end_to_end/stage.ts";

/** The calls before a restore; no run of these tests gets further, for it needs no server to show what it makes. */
const beforeRestore = {
  action: "RestoreDBInstanceFromDBSnapshot",
  what: { code: "InsufficientDBInstanceCapacity" },
  times: 0,
} as const;

function run(rds: LocalRds): Promise<Ended> {
  return runOnce(rds, "postgresql", { settings: { isolate: true }, requestTimeout: 400 });
}

function groups(rds: LocalRds): readonly string[] {
  return rds.callLog.calls().filter(({ action, outcome }) => /^(Copy|Modify)DBParam/.test(action) && outcome === "ok")
    .map(({ action }) => action);
}

for (
  const { action, nth } of [
    { action: "DescribeDBParameterGroups", nth: 1 },
    { action: "DescribeDBParameterGroups", nth: 2 },
    { action: "DescribeDBParameters", nth: 1 },
    { action: "CopyDBParameterGroup", nth: 1 },
    { action: "ModifyDBParameterGroup", nth: 1 },
    { action: "DescribeDBParameters", nth: 2 },
  ]
) {
  Deno.test(`whatever becomes of ${action} ${nth}, the group is made once, and nothing else is left`, async (t) => {
    await using rds = await startLocalRds({ servers: false });
    await rds.addProduction({ id: production, engine: "postgres" });
    for (const { name, what, times } of callFaults) {
      await t.step(name, async () => {
        rds.forgetParameterGroups();
        rds.faults.clear();
        rds.faults.add(beforeRestore);
        rds.faults.add({ action, nth, what, times });
        const { failure } = await run(rds);
        assertEquals(failure !== undefined, true);
        rds.faults.clear();
        rds.faults.add(beforeRestore);
        const next = await run(rds);
        assertEquals(next.failure?.message.includes("InsufficientDBInstanceCapacity"), true, next.failure?.message);
        const made = groups(rds).length;
        await run(rds);
        assertEquals(groups(rds).length, made, "a third run changes nothing");
        assertEquals((await leftIn(rds)).violations, []);
        assertEquals(rds.workspaces(), []);
      });
    }
  });
}
