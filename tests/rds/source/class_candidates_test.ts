/** Which instance classes a workspace could have: each reason against one, with the least that breaks it. @module */

import { assertEquals } from "@std/assert";
import { GIB } from "../../../lib/core/storage.ts";
import type { ClassOffer } from "../../../lib/rds/api/records.ts";
import { candidateClasses, type CandidateOptions } from "../../../lib/rds/source/class_candidates.ts";
import type { Source } from "../../../lib/rds/source/source.ts";

const source: Source = {
  engine: "postgresql",
  rdsEngine: "postgres",
  deployment: "instance",
  name: "orders",
  resourceId: "db-1",
  snapshot: {
    id: "rds:orders-1",
    arn: "",
    engineVersion: "16.3",
    masterUser: "master",
    storageBytes: 90 * GIB,
    storageType: "gp3",
    encrypted: true,
    takenAt: new Date(0),
  },
  restore: {
    snapshot: "rds:orders-1",
    engine: "postgres",
    engineVersion: "16.3",
    instanceClass: "auto",
    subnetGroup: "",
    securityGroups: [],
    parameterGroup: "",
    lifecycleSupport: "",
    storageType: "gp3",
  },
};
const restoring = (more: Partial<Source["restore"]>): Source => ({
  ...source,
  restore: { ...source.restore, ...more },
});

const offer = (instanceClass: string, more: Partial<ClassOffer> = {}): ClassOffer => ({
  instanceClass,
  storageType: "gp3",
  encrypts: true,
  leastStorage: 20,
  mostStorage: 65_536,
  mostIops: 64_000,
  mostThroughput: 4000,
  ...more,
});

const large = "db.r6g.large";

interface Case {
  readonly what: string;
  readonly instanceClass?: string;
  readonly offers?: readonly ClassOffer[];
  readonly of?: Source;
  readonly options?: Partial<CandidateOptions>;
  /** Undefined: nothing is against it. */
  readonly why: string | undefined;
}

const storing = (gib: number | undefined): Source => ({
  ...source,
  snapshot: { ...source.snapshot, storageBytes: gib && gib * GIB },
});

const cases: readonly Case[] = [
  { what: "is offered with the storage", why: undefined },
  {
    what: "has a name that tells nothing",
    instanceClass: "db.serverless",
    why: "its name does not tell how many processors it has",
  },
  { what: "is of a previous generation", instanceClass: "db.m4.large", why: "it is of a previous generation" },
  { what: "is not offered", offers: [offer("db.r6g.xlarge")], why: "RDS does not offer it for postgres 16.3" },
  {
    what: "is offered with another storage type alone",
    offers: [offer(large, { storageType: "gp2" })],
    why: "RDS does not offer it with 90 GiB of gp3",
  },
  {
    what: "is offered with more storage alone",
    offers: [offer(large, { leastStorage: 91 })],
    why: "RDS does not offer it with 90 GiB of gp3",
  },
  {
    what: "is offered with less storage alone",
    offers: [offer(large, { mostStorage: 89 })],
    why: "RDS does not offer it with 90 GiB of gp3",
  },
  {
    what: "is offered for the storage that is asked for",
    offers: [offer(large, { leastStorage: 91 })],
    of: restoring({ allocatedStorage: 100 }),
    why: undefined,
  },
  {
    what: "is offered with fewer IOPS",
    of: restoring({ iops: 64_001 }),
    why: "RDS does not offer it with 90 GiB of gp3, 64001 IOPS",
  },
  {
    what: "is offered with less throughput",
    of: restoring({ storageThroughput: 4001 }),
    why: "RDS does not offer it with 90 GiB of gp3, 4001 MiB/s",
  },
  {
    what: "is offered without encryption",
    offers: [offer(large, { encrypts: false })],
    options: { encrypted: true },
    why: "RDS does not offer it with 90 GiB of gp3, encryption",
  },
  { what: "need not encrypt", offers: [offer(large, { encrypts: false })], why: undefined },
  { what: "is of unknown storage, as RDS does not say it of a cluster", of: storing(undefined), why: undefined },
  {
    what: "has less memory than the group fixes",
    options: { parameters: new Map([["shared_buffers", String(17 * GIB / 8192)]]) },
    why: "the parameter group fixes shared_buffers at 17.0 GiB, and db.r6g.large has 16 GiB of memory",
  },
  { what: "is burstable, for little data", instanceClass: "db.t4g.large", why: undefined },
  {
    what: "is burstable, for more than 100 GB",
    instanceClass: "db.t4g.large",
    of: storing(94),
    why: "db.t4g.large reads and computes fast for a time only, and the snapshot has 94 GiB of storage",
  },
];

for (const { what, instanceClass = large, offers = [offer(instanceClass)], of = source, options, why } of cases) {
  Deno.test(`a class ${what}: ${why === undefined ? "it does" : "it does not do"}`, () => {
    const found = candidateClasses([instanceClass], of, { offers, encrypted: false, ...options });
    const expected = why === undefined
      ? { fit: [instanceClass], unfit: [] }
      : { fit: [], unfit: [{ instanceClass, why }] };
    assertEquals(found, expected);
  });
}
