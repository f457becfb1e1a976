/** Sizes of workspaces that RDS would refuse, or that are slow: each rule with the least that breaks it, and the least that does not. @module */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { checkSize, type Size, sizeRules } from "../../../lib/rds/source/size_check.ts";

const fits: Size = {
  engine: "postgresql",
  instanceClass: "db.r6g.large",
  storageType: "gp3",
  snapshot: { storage: 100, storageType: "gp3" },
};
const large: Size = { ...fits, snapshot: { storage: 400, storageType: "gp3" } };
const io = (storageType: "io1" | "io2", iops: number): Size => ({
  ...fits,
  storageType,
  iops,
  snapshot: { storage: 100, storageType },
});
const memory = (engine: Size["engine"], instanceClass: string, name: string, value: string): Size => ({
  ...fits,
  engine,
  instanceClass,
  parameters: new Map([[name, value]]),
});

/** `says` and `advises`: of the refusal or the warning; absent: nothing is said. */
const cases: readonly {
  readonly what: string;
  readonly rule: string;
  readonly size: Size;
  readonly says?: string;
  readonly advises?: string;
}[] = [
  {
    what: "storage below the snapshot's",
    rule: "storage below the snapshot's",
    size: { ...fits, allocatedStorage: 99 },
    says: "99 GiB are less than the snapshot's 100 GiB",
    advises: "Give --allocated-storage 100 or more, or leave it out.",
  },
  {
    what: "as much storage as the snapshot has",
    rule: "storage below the snapshot's",
    size: { ...fits, allocatedStorage: 100 },
  },
  {
    what: "storage hardly above the snapshot's",
    rule: "storage hardly above the snapshot's",
    size: { ...fits, allocatedStorage: 109 },
    says: "109 GiB are less than 10 % above the snapshot's 100 GiB",
    advises: "Give --allocated-storage 110 or more, or leave it out.",
  },
  {
    what: "a tenth more storage",
    rule: "storage hardly above the snapshot's",
    size: { ...fits, allocatedStorage: 110 },
  },
  {
    what: "io1 with too little storage",
    rule: "storage outside of the type's range",
    size: { ...io("io1", 1000), snapshot: { storage: 99, storageType: "io1" } },
    says: "io1 has 100 to 65536 GiB, not 99",
    advises: "Give another --storage-type.",
  },
  {
    what: "magnetic storage that is too large",
    rule: "storage outside of the type's range",
    size: { ...fits, storageType: "standard", snapshot: { storage: 3073, storageType: "standard" } },
    says: "standard has 5 to 3072 GiB, not 3073",
    advises: "Give another --storage-type.",
  },
  {
    what: "gp2 with IOPS",
    rule: "IOPS of a type without",
    size: { ...fits, storageType: "gp2", iops: 3000, snapshot: { storage: 100, storageType: "gp2" } },
    says: "gp2 has no provisioned IOPS",
    advises: "Leave --iops out, or give --storage-type gp3, io1 or io2.",
  },
  {
    what: "gp2 whose snapshot had IOPS of another type",
    rule: "IOPS of a type without",
    size: { ...fits, storageType: "gp2", iops: 0, snapshot: { storage: 100, storageType: "gp2" } },
  },
  {
    what: "io2 with throughput",
    rule: "throughput of a type without",
    size: { ...io("io2", 1000), storageThroughput: 500 },
    says: "io2 has no provisioned throughput",
    advises: "Leave --storage-throughput out, or give --storage-type gp3.",
  },
  {
    what: "gp3 with IOPS below 400 GiB",
    rule: "gp3 that is too small to be provisioned",
    size: { ...fits, iops: 12_000, snapshot: { storage: 399, storageType: "gp3" } },
    says: "gp3 below 400 GiB has 3,000 IOPS and 125 MiB/s",
    advises: "or give --allocated-storage 400 or more.",
  },
  {
    what: "gp3 with throughput below 400 GiB",
    rule: "gp3 that is too small to be provisioned",
    size: { ...fits, storageThroughput: 500 },
    says: "gp3 below 400 GiB",
    advises: "Leave --iops and --storage-throughput out",
  },
  {
    what: "gp3 with IOPS and throughput from 400 GiB on",
    rule: "gp3 that is too small to be provisioned",
    size: { ...large, iops: 12_000, storageThroughput: 500 },
  },
  {
    what: "io1 without IOPS",
    rule: "provisioned IOPS without a number",
    size: { ...fits, storageType: "io1", snapshot: { storage: 100, storageType: "io1" } },
    says: "io1 needs a number of IOPS",
    advises: "Give --iops.",
  },
  {
    what: "gp3 with fewer IOPS than it has by itself",
    rule: "IOPS outside of the type's range",
    size: { ...large, iops: 11_999 },
    says: "gp3 has 12000 to 64000 IOPS, not 11999",
    advises: "Give a number within these by --iops.",
  },
  {
    what: "gp3 with more IOPS than there are",
    rule: "IOPS outside of the type's range",
    size: { ...large, iops: 64_001 },
    says: "gp3 has 12000 to 64000 IOPS, not 64001",
    advises: "--iops",
  },
  {
    what: "io1 with more than 50 IOPS for each GiB",
    rule: "IOPS that do not fit the storage",
    size: io("io1", 5001),
    says: "io1 with 100 GiB has 50 to 5000 IOPS, not 5001",
    advises: "Give a number within these by --iops.",
  },
  { what: "io1 with 50 IOPS for each GiB", rule: "IOPS that do not fit the storage", size: io("io1", 5000) },
  { what: "io2 with 1000 IOPS for each GiB", rule: "IOPS that do not fit the storage", size: io("io2", 100_000) },
  {
    what: "io2 with less than half an IOPS for each GiB",
    rule: "IOPS that do not fit the storage",
    size: { ...io("io2", 1000), snapshot: { storage: 2001, storageType: "io2" } },
    says: "io2 with 2001 GiB has 1001 to 2001000 IOPS, not 1000",
    advises: "--iops",
  },
  {
    what: "gp3 with less throughput than it has by itself",
    rule: "throughput outside of the range",
    size: { ...large, storageThroughput: 499 },
    says: "gp3 from 400 GiB on has 500 to 4000 MiB/s, not 499",
    advises: "Give a number within these by --storage-throughput.",
  },
  {
    what: "throughput that needs more IOPS",
    rule: "throughput that needs more IOPS",
    size: { ...large, storageThroughput: 3001 },
    says: "3001 MiB/s need 12004 IOPS, not 12000",
    advises: "Give --iops 12004 or more.",
  },
  {
    what: "as much throughput as the IOPS bear",
    rule: "throughput that needs more IOPS",
    size: { ...large, iops: 16_000, storageThroughput: 4000 },
  },
  {
    what: "shared_buffers fixed at more than the class's memory",
    rule: "memory that the class does not have",
    // In pages of 8 KiB.
    size: memory("postgresql", "db.t4g.medium", "shared_buffers", "786432"),
    says: "fixes shared_buffers at 6.0 GiB, and db.t4g.medium has 4 GiB of memory",
    advises: "or give a larger --instance-class.",
  },
  {
    what: "a buffer pool fixed at more than the class's memory",
    rule: "memory that the class does not have",
    size: memory("mysql", "db.m6g.large", "innodb_buffer_pool_size", "12884901888"),
    says: "fixes innodb_buffer_pool_size at 12.0 GiB, and db.m6g.large has 8 GiB of memory",
    advises: "Set innodb_buffer_pool_size in the group back to RDS's own value",
  },
  {
    what: "a fixed buffer pool that fits",
    rule: "memory that the class does not have",
    size: memory("mysql", "db.r6g.large", "innodb_buffer_pool_size", "12884901888"),
  },
  {
    what: "RDS's formula for the buffer pool",
    rule: "memory that the class does not have",
    size: memory("mysql", "db.t4g.micro", "innodb_buffer_pool_size", "{DBInstanceClassMemory*3/4}"),
  },
  {
    what: "a class whose memory is not known",
    rule: "memory that the class does not have",
    size: memory("mysql", "db.q9.large", "innodb_buffer_pool_size", "12884901888"),
  },
  {
    what: "storage that crosses 400 GiB",
    rule: "storage that crosses the threshold of striping",
    size: { ...fits, allocatedStorage: 400 },
    says: "from 100 to 400 GiB crosses 400 GiB, where RDS moves all data",
    advises: "Stay below 400 GiB where that is enough.",
  },
  {
    what: "storage that grows beyond 400 GiB",
    rule: "storage that crosses the threshold of striping",
    size: { ...large, allocatedStorage: 440 },
  },
  {
    what: "another storage type than the snapshot's",
    rule: "another storage type than the snapshot's",
    size: { ...fits, snapshot: { storage: 100, storageType: "gp2" } },
    says: "RDS converts the volume from gp2 to gp3 while it is used",
    advises: "Leave --storage-type out to keep the snapshot's.",
  },
  {
    what: "a burstable class for much data",
    rule: "a burstable class for much data",
    size: { ...fits, instanceClass: "db.t4g.2xlarge" },
    says: "db.t4g.2xlarge reads and computes fast for a time only",
    advises: "Give a class of the m or r families",
  },
  {
    what: "a burstable class for little data",
    rule: "a burstable class for much data",
    size: { ...fits, instanceClass: "db.t4g.micro", snapshot: { storage: 93, storageType: "gp3" } },
  },
];

for (const { what, rule, size, says, advises = "" } of cases) {
  Deno.test(`${what} ${says ? `says: ${says}` : "passes"}`, () => {
    const row = sizeRules.find(({ name }) => name === rule);
    const [why, hint] = row?.object(size) ?? [];
    if (says === undefined) return assertEquals([row?.name, why], [rule, undefined]);
    assertEquals([why?.includes(says), hint?.includes(advises)], [true, true], `${why} / ${hint}`);
    assertMatch(hint ?? "", /^[A-Z].*\.$/);
    if (row?.verdict === "warn") return assertEquals(checkSize("orders", size), [`${why}. ${hint}`]);
    const error = assertThrows(() => checkSize("orders", size), ScrubError);
    assertEquals([error.code, error.kind], ["size", "failed"]);
    assertMatch(error.message, /^Cannot restore "orders" as it is asked for: /);
    assertEquals(error.message.includes(why ?? ""), true);
  });
}

Deno.test("every rule has a case that breaks it", () => {
  const broken = new Set(cases.flatMap(({ rule, says }) => says === undefined ? [] : [rule]));
  assertEquals(sizeRules.map(({ name }) => name).filter((name) => !broken.has(name)), []);
});

Deno.test("what the source has itself passes without a word", () => {
  assertEquals(checkSize("orders", fits), []);
  assertEquals(checkSize("orders", { ...fits, storageType: undefined, snapshot: { storageType: undefined } }), []);
});

Deno.test("all that is wrong is said at once", () => {
  const size = { ...fits, iops: 12_000, allocatedStorage: 50 };
  const { message, hint } = assertThrows(() => checkSize("orders", size), ScrubError);
  assertMatch(message, /50 GiB are less than the snapshot's 100 GiB; gp3 below 400 GiB has/);
  assertMatch(hint, /leave it out\. Leave --iops/);
});
