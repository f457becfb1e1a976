import { assertEquals } from "@std/assert";
import { concurrencyOf } from "../../lib/pipeline/engines.ts";
import { bandwidthOf, isBurstable, memoryOf, processorsOf } from "../../lib/core/instance_class.ts";

const classes: Readonly<Record<string, number | undefined>> = {
  "db.t3.micro": 2,
  "db.t4g.medium": 2,
  "db.m6g.large": 2,
  "db.r6i.xlarge": 4,
  "db.r6g.4xlarge": 16,
  "db.x2iedn.32xlarge": 128,
  "db.m6gd.24xlarge": 96,
  "db.r8g.metal": undefined,
  "db.serverless": undefined,
  "": undefined,
};

for (const [name, processors] of Object.entries(classes)) {
  Deno.test(`an instance of class "${name}" has ${processors ?? "an unknown number of"} processors`, () => {
    assertEquals(processorsOf(name), processors);
  });
}

const memory: Readonly<Record<string, number | undefined>> = {
  "db.t3.micro": 1,
  "db.t4g.2xlarge": 32,
  "db.m6g.large": 8,
  "db.m6gd.24xlarge": 384,
  "db.r6i.xlarge": 32,
  "db.r4.4xlarge": 122,
  "db.x2g.large": 32,
  "db.x2iedn.32xlarge": 4096,
  "db.c6gd.medium": undefined,
  "db.m6gd.medium": undefined,
  "db.r8g.metal": undefined,
  "": undefined,
};

for (const [name, gib] of Object.entries(memory)) {
  Deno.test(`an instance of class "${name}" has ${gib ?? "an unknown number of"} GiB of memory`, () => {
    assertEquals(memoryOf(name), gib);
  });
}

for (const [name, burstable] of [["db.t4g.large", true], ["db.m6g.large", false], ["db.x2g.large", false]] as const) {
  Deno.test(`${name} ${burstable ? "is" : "is not"} burstable`, () => assertEquals(isBurstable(name), burstable));
}

for (
  const [name, bandwidth] of [
    ["db.r6g.large", 74e6],
    ["db.r6g.4xlarge", 592e6],
    ["db.t4g.medium", 43.375e6],
    ["db.t4g.2xlarge", 86.875e6],
    ["db.serverless", undefined],
  ] as const
) {
  Deno.test(`${name} moves ${bandwidth ?? "an unknown number of"} bytes a second to its volumes`, () => {
    assertEquals(bandwidthOf(name), bandwidth);
  });
}

for (const [processors, concurrency] of [[undefined, 2], [1, 2], [2, 2], [4, 4], [16, 16], [128, 16]] as const) {
  Deno.test(`${concurrency} statements run at a time on ${processors ?? "an unknown number of"} processors`, () => {
    assertEquals(concurrencyOf({ settings: {}, ...(processors && { processors }) }), concurrency);
  });
}

Deno.test("the operator's number of statements counts, whatever the processors are", () => {
  assertEquals(concurrencyOf({ settings: { concurrency: 1 }, processors: 16 }), 1);
});
