import { assertEquals } from "@std/assert";
import { concurrencyOf } from "../../../lib/pipeline/engines.ts";
import { processorsOf } from "../../../lib/rds/workspace/processors.ts";

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

for (const [processors, concurrency] of [[undefined, 2], [1, 2], [2, 2], [4, 4], [16, 16], [128, 16]] as const) {
  Deno.test(`${concurrency} statements run at a time on ${processors ?? "an unknown number of"} processors`, () => {
    assertEquals(concurrencyOf({ settings: {}, ...(processors && { processors }) }), concurrency);
  });
}

Deno.test("the operator's number of statements counts, whatever the processors are", () => {
  assertEquals(concurrencyOf({ settings: { concurrency: 1 }, processors: 16 }), 1);
});
