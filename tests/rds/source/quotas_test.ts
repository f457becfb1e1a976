/** What the account has room for, as it is found out before anything is made. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkQuotas, type QuotaNeeds } from "../../../lib/rds/source/quotas.ts";
import { runTags, snapshotName, tag, workspaceName } from "../../../lib/rds/api/names.ts";
import type { Quotas } from "../../../scripts/local_rds/state.ts";
import { failureOf, type Lab, never, openLab } from "../local.ts";
import { quick } from "../run.ts";

const named = { rdsEngine: "postgres", name: "prod" } as const;
const workspace = workspaceName(named);
const dead = { ...runTags(named, "run-0", 300_000, new Date()), [tag.heartbeat]: "2020-01-01T00:00:00.000Z" };

/** Leaves a dead run's workspace there. */
async function leaveWorkspace(lab: Lab): Promise<void> {
  await lab.rds.restore({ ...(await lab.source()).restore, instance: workspace, tags: dead }, never);
  while (!await lab.rds.instance(workspace, never));
}

/** Leaves a dead run's snapshot there. */
function leaveSnapshot(lab: Lab, tags: Record<string, string> = dead): void {
  const id = snapshotName(named, new Date("2026-04-05T06:07:08.000Z"));
  lab.local.addSnapshot({ id, instance: workspace, type: "manual", tags, dataOf: lab.local.snapshots()[0]?.id });
}

for (
  const { name, quotas, needs = {}, leave = () => {}, short } of [
    { name: "all that is needed", quotas: { instances: 2, storage: 40, manualSnapshots: 1 } },
    { name: "no instance", quotas: { instances: 1 }, short: "1 of 1 DB instances are used and 1 more needed" },
    { name: "no storage", quotas: { storage: 39 }, short: "20 of 39 GiB of storage are used and 20 more needed" },
    {
      name: "no snapshot",
      quotas: { manualSnapshots: 1 },
      leave: (lab: Lab) => leaveSnapshot(lab, {}),
      short: "1 of 1 manual snapshots are used and 1 more needed",
    },
    {
      name: "no snapshot, and none will be made",
      quotas: { manualSnapshots: 0 },
      needs: { snapshot: false },
    },
    {
      name: "instances for one source, and this is the second",
      quotas: { instances: 2 },
      needs: { sourcesBefore: 1 },
      short: "1 of 2 DB instances are used and 2 more needed",
    },
    {
      name: "nothing but what a dead run's workspace takes",
      quotas: { instances: 2, storage: 40 },
      leave: leaveWorkspace,
    },
    { name: "nothing but what a dead run's snapshot takes", quotas: { manualSnapshots: 1 }, leave: leaveSnapshot },
  ] satisfies readonly {
    name: string;
    quotas: Partial<Quotas>;
    needs?: Partial<QuotaNeeds>;
    leave?: (lab: Lab) => void | Promise<void>;
    short?: string;
  }[]
) {
  Deno.test(`checkQuotas() ${short === undefined ? "is content with" : "refuses"} an account that has ${name}`, async () => {
    await using lab = await openLab({ quotas, latencies: quick });
    await leave(lab);
    const checked = checkQuotas(lab.rds, await lab.source(), { sourcesBefore: 0, snapshot: true, ...needs }, never);
    if (short === undefined) assertEquals(await checked, []);
    else assertStringIncludes((await failureOf(checked)).message, short);
    assertEquals(lab.local.callLog.changes(), lab.local.workspaces().map(() => "RestoreDBInstanceFromDBSnapshot"));
  });
}

Deno.test("checkQuotas() warns where it may not know, and goes on", async () => {
  await using lab = await openLab({ quotas: { instances: 0 } });
  lab.local.faults.add({ action: "DescribeAccountAttributes", what: "access-denied" });
  const [warning = ""] = await checkQuotas(lab.rds, await lab.source(), { sourcesBefore: 0, snapshot: true }, never);
  assertStringIncludes(warning, "allow rds:DescribeAccountAttributes");
});
