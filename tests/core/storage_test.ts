/** The throughput of volumes. @module */

import { assertEquals } from "@std/assert";
import { throughputOf, type Volume } from "../../lib/core/storage.ts";

for (
  const { what, volume, mib } of [
    { what: "a small gp3", volume: { storageType: "gp3", allocatedStorage: 399 }, mib: 125 },
    { what: "a large gp3", volume: { storageType: "gp3", allocatedStorage: 400 }, mib: 500 },
    {
      what: "a large gp3 with more than it has by itself",
      volume: { storageType: "gp3", allocatedStorage: 400, storageThroughput: 1000 },
      mib: 1000,
    },
    { what: "a small gp2", volume: { storageType: "gp2", allocatedStorage: 399 }, mib: 250 },
    { what: "a large gp2", volume: { storageType: "gp2", allocatedStorage: 400 }, mib: 1000 },
    { what: "io1", volume: { storageType: "io1", allocatedStorage: 400 } },
    { what: "Aurora's storage", volume: { storageType: "aurora" } },
  ] satisfies readonly { readonly what: string; readonly volume: Volume; readonly mib?: number }[]
) {
  Deno.test(`${what} gives ${mib ?? "an unknown number of"} MiB a second`, () => {
    assertEquals(throughputOf(volume), mib && mib * 2 ** 20);
  });
}
