/**
 * The size that a workspace is asked for, checked before the restore: what RDS would refuse, what a server could not start with, and
 * what is slow. Each rule is a row; to add one, add its row here and in tests/rds/source/size_check_test.ts.
 *
 * @module
 */

import type { EngineName } from "../../core/engine_name.ts";
import { ScrubError } from "../../core/errors.ts";
import { GIB, gp3Baseline, leastGrowth, stripedFrom } from "../../core/storage.ts";
import { isBurstable, memoryOf } from "../../core/instance_class.ts";

/** A size, and what it is held against. Storage in GiB, throughput in MiB per second. */
export interface Size {
  readonly engine: EngineName;
  readonly instanceClass: string;
  readonly storageType: string | undefined;
  /** Absent: as RDS provides. */
  readonly iops?: number;
  readonly storageThroughput?: number;
  /** Absent: the snapshot's. */
  readonly allocatedStorage?: number;
  readonly snapshot: { readonly storage?: number; readonly storageType: string | undefined };
  /** The values of the parameter group; absent: they are not known. */
  readonly parameters?: ReadonlyMap<string, string>;
}

/** Why a size does not do, and what to do about it. */
type Objection = readonly [why: string, hint: string];

/** One rule. */
export interface SizeRule {
  readonly name: string;
  /** Whether it stops the run, or only warns. */
  readonly verdict: "refuse" | "warn";
  /** Where that is documented. */
  readonly source: string;
  /** Whether it is about the instance class: with another one there may be nothing to say. */
  readonly ofClass?: true;
  /** Undefined where there is nothing to say. */
  object(size: Size): Objection | undefined;
}

/** Ranges of storage in GiB, IOPS, and IOPS per GiB. Amazon RDS User Guide, "Amazon RDS DB instance storage"; API Reference, CreateDBInstance. */
const types: Readonly<
  Record<string, {
    readonly storage: readonly [least: number, most: number];
    readonly iops?: readonly [least: number, most: number];
    readonly iopsPerGib?: readonly [least: number, most: number];
  }>
> = {
  gp2: { storage: [20, 65_536] },
  gp3: { storage: [20, 65_536], iops: [12_000, 64_000] },
  io1: { storage: [100, 65_536], iops: [1000, 256_000], iopsPerGib: [0.5, 50] },
  io2: { storage: [100, 65_536], iops: [1000, 256_000], iopsPerGib: [0.5, 1000] },
  standard: { storage: [5, 3072] },
};

/** The least storage of a type that a fresh instance may have, in GiB. */
export function leastStorage(storageType = "gp3"): number {
  return Math.max(20, types[storageType]?.storage[0] ?? 0);
}

const gp3Throughput = [500, 4000] as const;
/** Greatest MiB per second for each of the provisioned IOPS: ValidStorageOptions of the API Reference. */
const throughputPerIops = 0.25;

const storagePage = "Amazon RDS User Guide, Amazon RDS DB instance storage";

/** Parameters that reserve memory where they are plain numbers, with bytes for each unit. RDS's own values are formulas. */
const fixedMemory: Readonly<Record<EngineName, readonly (readonly [name: string, bytes: number])[]>> = {
  postgresql: [["shared_buffers", 8192]],
  mysql: [["innodb_buffer_pool_size", 1]],
};

/** Every rule. */
export const sizeRules: readonly SizeRule[] = [
  {
    name: "storage below the snapshot's",
    verdict: "refuse",
    source: "API Reference, RestoreDBInstanceFromDBSnapshot: the restore has to have room for the snapshot",
    object({ allocatedStorage: asked, snapshot: { storage } }) {
      if (asked === undefined || storage === undefined || asked >= storage) return undefined;
      return [
        `${asked} GiB are less than the snapshot's ${storage} GiB`,
        `Give --allocated-storage ${storage} or more, or leave it out.`,
      ];
    },
  },
  {
    name: "storage hardly above the snapshot's",
    verdict: "refuse",
    source: "Amazon RDS User Guide, Increasing DB instance storage capacity: by 10 percent at least",
    object({ allocatedStorage: asked, snapshot: { storage } }) {
      if (asked === undefined || storage === undefined || asked <= storage) return undefined;
      const least = leastGrowth(storage);
      if (asked >= least) return undefined;
      return [
        `${asked} GiB are less than 10 % above the snapshot's ${storage} GiB, and RDS adds no less`,
        `Give --allocated-storage ${least} or more, or leave it out.`,
      ];
    },
  },
  {
    name: "storage outside of the type's range",
    verdict: "refuse",
    source: storagePage,
    object(size) {
      const [type, range] = [size.storageType ?? "", types[size.storageType ?? ""]?.storage];
      const storage = storageOf(size);
      if (storage === undefined || range === undefined || isWithin(storage, range)) return undefined;
      return [`${type} has ${range.join(" to ")} GiB, not ${storage}`, "Give another --storage-type."];
    },
  },
  {
    name: "IOPS of a type without",
    verdict: "refuse",
    source: storagePage,
    object({ storageType = "", iops }) {
      const type = types[storageType];
      if (!iops || type === undefined || type.iops !== undefined) return undefined;
      return [
        `${storageType} has no provisioned IOPS`,
        "Leave --iops out, or give --storage-type gp3, io1 or io2.",
      ];
    },
  },
  {
    name: "throughput of a type without",
    verdict: "refuse",
    source: storagePage,
    object({ storageType = "", storageThroughput }) {
      if (storageThroughput === undefined || storageType === "gp3" || types[storageType] === undefined) {
        return undefined;
      }
      return [
        `${storageType} has no provisioned throughput`,
        "Leave --storage-throughput out, or give --storage-type gp3.",
      ];
    },
  },
  {
    name: "gp3 that is too small to be provisioned",
    verdict: "refuse",
    source: storagePage,
    object(size) {
      const storage = storageOf(size);
      const { storageType, iops, storageThroughput } = size;
      if (storageType !== "gp3" || storage === undefined || storage >= stripedFrom) return undefined;
      if (!iops && storageThroughput === undefined) return undefined;
      return [
        `gp3 below ${stripedFrom} GiB has 3,000 IOPS and 125 MiB/s, neither of which can be changed`,
        `Leave --iops and --storage-throughput out, or give --allocated-storage ${stripedFrom} or more.`,
      ];
    },
  },
  {
    name: "provisioned IOPS without a number",
    verdict: "refuse",
    source: "API Reference, CreateDBInstance: io1 and io2 need Iops",
    object({ storageType = "", iops }) {
      if (types[storageType]?.iopsPerGib === undefined || iops) return undefined;
      return [`${storageType} needs a number of IOPS, and the snapshot has none`, "Give --iops."];
    },
  },
  {
    name: "IOPS outside of the type's range",
    verdict: "refuse",
    source: storagePage,
    object(size) {
      const { storageType = "", iops } = size;
      const range = types[storageType]?.iops;
      if (!iops || range === undefined || isWithin(iops, range) || isSmallGp3(size)) return undefined;
      return [`${storageType} has ${range.join(" to ")} IOPS, not ${iops}`, "Give a number within these by --iops."];
    },
  },
  {
    name: "IOPS that do not fit the storage",
    verdict: "refuse",
    source: "API Reference, CreateDBInstance: a multiple between .5 and 50 of the storage; io2 Block Express: 1000",
    object(size) {
      const { storageType = "", iops } = size;
      const storage = storageOf(size);
      const ratio = types[storageType]?.iopsPerGib;
      if (!iops || storage === undefined || ratio === undefined) return undefined;
      const range = [Math.ceil(ratio[0] * storage), Math.floor(ratio[1] * storage)] as const;
      if (isWithin(iops, range)) return undefined;
      return [
        `${storageType} with ${storage} GiB has ${range.join(" to ")} IOPS, not ${iops}`,
        "Give a number within these by --iops.",
      ];
    },
  },
  {
    name: "throughput outside of the range",
    verdict: "refuse",
    source: storagePage,
    object(size) {
      const { storageType, storageThroughput: throughput } = size;
      if (storageType !== "gp3" || throughput === undefined || isSmallGp3(size)) return undefined;
      if (isWithin(throughput, gp3Throughput)) return undefined;
      return [
        `gp3 from ${stripedFrom} GiB on has ${gp3Throughput.join(" to ")} MiB/s, not ${throughput}`,
        "Give a number within these by --storage-throughput.",
      ];
    },
  },
  {
    name: "throughput that needs more IOPS",
    verdict: "refuse",
    source: "API Reference, ValidStorageOptions: a quarter of a MiB/s for each of the IOPS",
    object(size) {
      const { storageType, storageThroughput: throughput } = size;
      if (storageType !== "gp3" || throughput === undefined || isSmallGp3(size)) return undefined;
      const iops = size.iops || gp3Baseline.iops;
      const needed = Math.ceil(throughput / throughputPerIops);
      if (needed <= iops) return undefined;
      return [`${throughput} MiB/s need ${needed} IOPS, not ${iops}`, `Give --iops ${needed} or more.`];
    },
  },
  {
    name: "memory that the class does not have",
    verdict: "refuse",
    source: "Amazon RDS User Guide, Diagnosing and resolving incompatible parameters status for a memory limit",
    ofClass: true,
    object({ engine, instanceClass, parameters }) {
      const memory = memoryOf(instanceClass);
      if (memory === undefined) return undefined;
      for (const [name, unit] of fixedMemory[engine]) {
        const value = parameters?.get(name) ?? "";
        const gib = /^\d+$/.test(value) ? Number(value) * unit / GIB : 0;
        if (gib <= memory) continue;
        return [
          `the parameter group fixes ${name} at ${
            gib.toFixed(1)
          } GiB, and ${instanceClass} has ${memory} GiB of memory`,
          `Set ${name} in the group back to RDS's own value, or give a larger --instance-class.`,
        ];
      }
      return undefined;
    },
  },
  {
    name: "storage that crosses the threshold of striping",
    verdict: "warn",
    source: `${storagePage}; Working with storage: RDS moves the data to new volumes`,
    object({ allocatedStorage: asked, snapshot: { storage } }) {
      if (asked === undefined || storage === undefined || storage >= stripedFrom || asked < stripedFrom) {
        return undefined;
      }
      return [
        `from ${storage} to ${asked} GiB crosses ${stripedFrom} GiB, where RDS moves all data to four striped volumes: the ` +
        "workspace can be slow for hours",
        `Stay below ${stripedFrom} GiB where that is enough.`,
      ];
    },
  },
  {
    name: "another storage type than the snapshot's",
    verdict: "warn",
    source: "Amazon RDS User Guide, Working with storage: the volume is converted in the background",
    object({ storageType, snapshot }) {
      if (!storageType || !snapshot.storageType || storageType === snapshot.storageType) return undefined;
      return [
        `RDS converts the volume from ${snapshot.storageType} to ${storageType} while it is used: the workspace can be slow for hours`,
        "Leave --storage-type out to keep the snapshot's.",
      ];
    },
  },
  {
    name: "a burstable class for much data",
    verdict: "warn",
    source: "Amazon RDS User Guide, DB instance class types: burstable classes exceed their baseline only for a time",
    ofClass: true,
    object({ instanceClass, snapshot: { storage = 0 } }) {
      if (!isBurstable(instanceClass) || storage * GIB <= 100e9) return undefined;
      return [
        `${instanceClass} reads and computes fast for a time only, and the snapshot has ${storage} GiB of storage`,
        "Give a class of the m or r families by --instance-class.",
      ];
    },
  },
];

/**
 * Holds a size against every rule.
 *
 * @returns warnings.
 * @throws {ScrubError} `size` with everything that does not do.
 */
export function checkSize(source: string, size: Size): readonly string[] {
  const found = sizeRules.flatMap((rule) => {
    const objection = rule.object(size);
    return objection ? [{ rule, why: objection[0], hint: objection[1] }] : [];
  });
  const refused = found.filter(({ rule }) => rule.verdict === "refuse");
  if (refused.length === 0) return found.map(({ why, hint }) => `${why}. ${hint}`);
  throw new ScrubError(
    "size",
    `Cannot restore "${source}" as it is asked for: ${refused.map(({ why }) => why).join("; ")}`,
    [...new Set(refused.map(({ hint }) => hint))].join(" "),
  );
}

/** Why a size needs another instance class, whether that would stop the run or is only warned of; undefined where it needs none. */
export function objectionToClass(size: Size): string | undefined {
  return sizeRules.flatMap((rule) => rule.ofClass && rule.object(size) || []).at(0);
}

function storageOf({ allocatedStorage, snapshot }: Size): number | undefined {
  return allocatedStorage ?? snapshot.storage;
}

/** It has a rule of its own. */
function isSmallGp3(size: Size): boolean {
  return size.storageType === "gp3" && (storageOf(size) ?? 0) < stripedFrom;
}

function isWithin(value: number, [least, most]: readonly [least: number, most: number]): boolean {
  return value >= least && value <= most;
}
