import type { Fault } from "../local_rds/faults.ts";
import type { LocalRds } from "../local_rds/local_rds.ts";
import { type Case, runCase } from "./cases.ts";
import type { Said } from "./ends.ts";
import { failAt, heal } from "./points.ts";
import { attempts, type Ended, otherRegion, readyStaging, rebuildPrograms, runOnce, staging } from "./stage.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

/** What can become of a call. `times`: how many attempts at it. */
export const callFaults: readonly { readonly name: string; readonly what: Fault; readonly times: number }[] = [
  { name: "refused", what: "access-denied", times: 1 },
  { name: "throttled past the limit", what: "throttle", times: attempts },
  { name: "500", what: "500", times: attempts },
  { name: "lost before the effect", what: "lost-before", times: attempts },
  { name: "lost after the effect, then repeated", what: "lost-after", times: 1 },
  { name: "lost after the effect, for good", what: "lost-after", times: attempts },
  { name: "never answered", what: "silent", times: attempts },
];

/** Runs with these make every call that there is, where the isolation group is not there yet. */
export const longest = [
  {
    kmsKey: "alias/customer",
    isolate: true,
    finalSnapshot: "delete",
    copyTo: [{ region: otherRegion, kmsKey: "alias/customer" }],
  },
  { kmsKey: "alias/customer", isolate: true, finalSnapshot: "create", freshSnapshot: true, refresh: staging },
] as const;

/** Runs with these make a fresh instance, besides. */
export const rebuilding = { kmsKey: "alias/customer", finalSnapshot: "delete", rebuild: rebuildPrograms } as const;

/** One case: the first call of a stretch fails. Undefined where a run has no such stretch. */
export function callCase(
  rds: LocalRds,
  engine: EngineName,
  stretch: number,
  { name, what, times }: typeof callFaults[number],
  settings: typeof longest[number] | typeof rebuilding = longest[0],
): Promise<Case | undefined> {
  let reached: { action?: string } = {};
  const { copyTo: _copies, refresh, ...own } = { copyTo: undefined, refresh: undefined, ...settings };
  // A cluster's snapshot is not copied, and refreshes nothing; a cluster of which no fresh one is taken is cloned.
  const ofCluster = "freshSnapshot" in own ? own : { ...own, kmsKey: undefined, clone: true };
  const isCluster = rds.clusters().length > 0;
  // The next run finds what one that refreshes has left.
  const healthySettings = isCluster ? ofCluster : refresh !== undefined ? own : settings;
  const faultySettings = isCluster ? ofCluster : settings;
  return runCase(
    rds,
    "calls",
    `${name}, final snapshot by ${settings.finalSnapshot}${"rebuild" in settings ? ", of a fresh instance" : ""}`,
    {
      async faulty() {
        rds.forgetParameterGroups();
        if (faultySettings === settings && refresh !== undefined) await readyStaging(rds);
        reached = failAt(rds, { stretch }, what, times);
        const impatience = what === "silent" ? { requestTimeout: 400 } : {};
        const ended = await runOnce(rds, engine, { settings: faultySettings, ...impatience });
        heal(rds);
        return saidBy(ended);
      },
      at: () => reached.action && `${stretch} ${reached.action}`,
      healthy: async () => saidBy(await runOnce(rds, engine, { settings: healthySettings })),
    },
  );
}

/** All cases: every fault at call n, for every n, until a run gets through. */
export async function* callCases(rds: LocalRds, engine: EngineName): AsyncGenerator<Case> {
  // MariaDB is not rebuilt.
  const isRebuilt = rds.instances().every(({ engine }) => engine !== "mariadb");
  for (const settings of [...longest, ...isRebuilt ? [rebuilding] : []]) {
    for (const fault of callFaults) {
      for (let stretch = 1;; stretch++) {
        const found = await callCase(rds, engine, stretch, fault, settings);
        if (!found) break;
        yield found;
      }
    }
  }
}

/** What a run in this process said of itself. */
export function saidBy({ failure }: Ended): Said {
  if (!failure) return { leftovers: false };
  const all = [failure, ...failure.also];
  return {
    text: all.map(({ message, hint }) => `${message}. ${hint}`).join(" "),
    leftovers: failure.kind === "leftovers",
  };
}
