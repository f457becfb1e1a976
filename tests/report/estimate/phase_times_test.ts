/** What an instance class does to the times of phases: by hand, in seconds for each GB. @module */

import { assertEquals } from "@std/assert";
import type { Phase } from "../../../lib/core/progress.ts";
import { estimatePhases } from "../../../lib/report/display/overall_progress.ts";
import { type DataSize, type Machine, phaseTimes } from "../../../lib/report/estimate/phase_times.ts";

const bytes = 100e9;
const data: DataSize = { bytes, atMost: false, earlier: 0 };
/** With more throughput than any class has bandwidth. */
const fast = { storageType: "io2", allocatedStorage: 1000 } as const;
const ofClass = (instanceClass: string, volume: Machine = fast): Machine => ({ ...volume, instanceClass });

function secondsOf(phase: Phase, machine: Machine): number {
  return phaseTimes(estimatePhases({ dryRun: false, planOnly: false, prove: true }), data, machine, undefined)
    .find((one) => one.phase === phase)?.seconds ?? NaN;
}

/** `seconds`: beside the phase's own ten. */
const cases: readonly {
  readonly what: string;
  readonly phase: Phase;
  readonly machine: Machine;
  readonly seconds: number;
}[] = [
  {
    what: "a scrub on two processors is as fast as the class moves its data three times",
    phase: "scrub",
    machine: ofClass("db.r6g.large"),
    seconds: 3 * bytes / 74e6,
  },
  {
    what: "a scrub on 16 processors is as fast as the class moves its data, which has eight times the bandwidth",
    phase: "scrub",
    machine: ofClass("db.r6g.4xlarge"),
    seconds: 3 * bytes / 592e6,
  },
  {
    what: "more than 16 processors are no faster where they compute",
    phase: "scrub",
    machine: ofClass("db.r6g.16xlarge"),
    seconds: bytes / (40e6 * 8),
  },
  {
    what: "a small gp3 gives no more than 125 MiB a second, whatever the class",
    phase: "verify",
    machine: ofClass("db.r6g.16xlarge", { storageType: "gp3", allocatedStorage: 100 }),
    seconds: bytes / (125 * 2 ** 20),
  },
  {
    what: "a burstable class has what it has for as long as it takes",
    phase: "verify",
    machine: ofClass("db.t4g.medium"),
    seconds: bytes / 43.375e6,
  },
  {
    what: "on Aurora only processors count",
    phase: "scrub",
    machine: ofClass("db.r6g.xlarge", { storageType: "aurora-iopt1" }),
    seconds: bytes / 80e6,
  },
  {
    what: "a class that tells nothing is taken for the one that was measured",
    phase: "scrub",
    machine: ofClass("db.serverless"),
    seconds: bytes / 40e6,
  },
];

for (const { what, phase, machine, seconds } of cases) {
  Deno.test(what, () => assertEquals(secondsOf(phase, machine), Math.round(10 * (10 + seconds)) / 10));
}

for (const phase of ["restore", "purge", "snapshot", "prove"] as const) {
  Deno.test(`${phase} takes the same on every class`, () => {
    assertEquals(secondsOf(phase, ofClass("db.r6g.large")), secondsOf(phase, ofClass("db.r6g.16xlarge")));
  });
}

const estimates = [{ phase: "scrub", seconds: 3600 }] as const;
const twice = { bytes: 2e9, atMost: false, earlier: 1e9 };

Deno.test("an hour on a class with an eighth of the bandwidth is an eighth of an hour, for the same data", () => {
  const [scrub] = phaseTimes(estimates, data, ofClass("db.r6g.4xlarge"), ofClass("db.r6g.large"));
  assertEquals(scrub?.seconds, 450);
});

Deno.test("both more data and another class change what was measured", () => {
  const [scrub] = phaseTimes(estimates, twice, ofClass("db.r6g.4xlarge"), ofClass("db.r6g.large"));
  assertEquals(scrub?.seconds, 900);
});

for (
  const [what, before] of [["no", undefined], ["an unknown", {}], ["a serverless", ofClass("db.serverless")]] as const
) {
  Deno.test(`what was measured on ${what} class is not scaled to another one`, () => {
    const [scrub] = phaseTimes(estimates, twice, ofClass("db.r6g.4xlarge"), before);
    assertEquals(scrub?.seconds, 7200);
  });
}
