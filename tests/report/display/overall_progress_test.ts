/** How far a run is over all its phases. @module */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Phase, phase as phases } from "../../../lib/core/progress.ts";
import { estimatePhases, OverallProgress } from "../../../lib/report/display/overall_progress.ts";
import { SourceReportBuilder } from "../../../lib/report/report_builder.ts";

const settings = { dryRun: false };

for (
  const { what, more, expected } of [
    { what: "a run", more: {}, expected: "resolve restore discover plan scrub verify purge snapshot share prune" },
    {
      what: "a run that exports and proves",
      more: {
        prove: true,
        s3Export: { bucket: "b", prefix: "", format: "custom", pgDump: "", mysqldump: "" } as const,
      },
      expected: "resolve restore discover plan scrub verify export purge snapshot prove share prune",
    },
    { what: "a scrub in place", more: { inPlace: true }, expected: "discover plan scrub verify purge" },
    { what: "a plan", more: { planOnly: true }, expected: "resolve restore discover plan" },
    { what: "a dry run", more: { dryRun: true }, expected: "resolve" },
  ]
) {
  Deno.test(`estimatePhases() has the phases of ${what}`, () => {
    assertEquals(estimatePhases({ ...settings, ...more }).map(({ phase }) => phase).join(" "), expected);
  });
}

function earlier(failed: boolean) {
  const builder = new SourceReportBuilder({ engine: "mysql", kind: "instance", value: "orders" });
  for (const [phase, time] of [["restore", 0], ["scrub", 30_000], [undefined, 50_000]] as const) {
    builder.begin(phase, time);
  }
  const failure = { kind: "failed", code: "share", message: "", hint: "", also: [] } as const;
  return { ...builder.report, ...(failed && { failure }) };
}

Deno.test("estimatePhases() takes the times of an earlier report", () => {
  const seconds = new Map(estimatePhases(settings, earlier(false)).map((one) => [one.phase, one]));
  assertEquals(seconds.get("restore"), { phase: "restore", seconds: 30 });
  assertEquals(seconds.get("scrub"), { phase: "scrub", seconds: 20 });
});

Deno.test("estimatePhases() takes no times of a run that failed", () => {
  assertEquals(estimatePhases(settings, earlier(true)), estimatePhases(settings));
});

const two = [{ phase: "restore", seconds: 60 }, { phase: "scrub", seconds: 10, bytesPerSecond: 1e6 }] as const;

Deno.test("OverallProgress weighs a phase by the size of the data, once that is known", () => {
  const progress = new OverallProgress(two);
  progress.begin("restore", 0);
  progress.begin("scrub", 60_000, 50e6);
  assertEquals(Math.round(progress.at(60_000).rest ?? 0), 60_000);
  assertEquals(progress.at(90_000).share, 90 / 120);
});

Deno.test("OverallProgress expects of later phases what phases of their kind took before", () => {
  const progress = new OverallProgress([{ phase: "restore", seconds: 60 }, { phase: "snapshot", seconds: 40 }]);
  progress.begin("restore", 0);
  progress.begin("snapshot", 30_000);
  assertEquals(Math.round(progress.at(30_000).rest ?? 0), 20_000);
});

Deno.test("OverallProgress goes by a phase's own pace from a fifth of it on", () => {
  const progress = new OverallProgress(two);
  progress.begin("scrub", 0, 0);
  progress.take(0.25, 60_000);
  assertEquals(Math.round(progress.at(60_000).rest ?? 0), 180_000);
});

Deno.test("OverallProgress counts down while nothing is heard of a phase", () => {
  const progress = new OverallProgress(two);
  progress.begin("scrub", 0, 0);
  progress.take(0.25, 60_000);
  assertEquals(Math.round(progress.at(90_000).rest ?? 0), 150_000);
});

Deno.test("OverallProgress never falls, nor reaches the whole before the end, whatever comes", () => {
  const event = fc.oneof(
    fc.record({
      begin: fc.constantFrom(...phases.options),
      bytes: fc.option(fc.double({ min: 0, max: 1e13, noNaN: true })),
    }),
    fc.record({ share: fc.option(fc.double({ min: -1, max: 2, noNaN: true }), { nil: undefined }) }),
    fc.record({ pause: fc.integer({ min: 0, max: 1e7 }) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const progress = new OverallProgress(estimatePhases(settings));
      let [time, before] = [0, 0];
      for (const one of events) {
        if ("begin" in one) progress.begin(one.begin satisfies Phase, time, one.bytes ?? undefined);
        else if ("share" in one) progress.take(one.share, time);
        else time += one.pause;
        const { share, rest = 0 } = progress.at(time);
        assert(share >= before && share <= 1, `${before} and then ${share}`);
        assert(rest >= 0 && Number.isFinite(rest), `${rest}`);
        before = share;
      }
    }),
    { numRuns: 300, seed: 17 },
  );
});
