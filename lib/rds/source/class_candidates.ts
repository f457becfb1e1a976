/** Which instance classes a workspace could have: those that have a price, that RDS offers, and that the size allows. Values only. @module */

import { processorsOf } from "../../core/instance_class.ts";
import { GIB } from "../../core/storage.ts";
import type { ClassOffer } from "../api/records.ts";
import { objectionToClass } from "./size_check.ts";
import { sizeOf, type Source } from "./source.ts";

/** Classes by whether they do. */
export interface ClassCandidates {
  readonly fit: readonly string[];
  /** With the reason, such as `RDS does not offer it for mysql 8.4.6`. */
  readonly unfit: readonly { readonly instanceClass: string; readonly why: string }[];
}

/** What decides besides the source. */
export interface CandidateOptions {
  readonly offers: readonly ClassOffer[];
  /** The values of the parameter group; absent: they are not known. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Whether the workspace is encrypted. */
  readonly encrypted: boolean;
}

/** Amazon RDS User Guide, "DB instance class types": previous generations, which new instances should not have. */
const previousGeneration = /^db\.(?:m[1-4]|r[34]|t[12])\./;

/** Divides classes into those that the source's workspace could have, and others. */
export function candidateClasses(
  classes: readonly string[],
  source: Source,
  options: CandidateOptions,
): ClassCandidates {
  const all = classes.map((instanceClass) => ({ instanceClass, why: objection(instanceClass, source, options) }));
  return {
    fit: all.flatMap(({ instanceClass, why }) => why === undefined ? [instanceClass] : []),
    unfit: all.flatMap(({ instanceClass, why }) => why === undefined ? [] : [{ instanceClass, why }]),
  };
}

function objection(
  instanceClass: string,
  source: Source,
  { offers, parameters, encrypted }: CandidateOptions,
): string | undefined {
  if (processorsOf(instanceClass) === undefined) return "its name does not tell how many processors it has";
  if (previousGeneration.test(instanceClass)) return "it is of a previous generation";
  const { rdsEngine, snapshot, restore } = source;
  const offered = offers.filter((offer) => offer.instanceClass === instanceClass);
  if (offered.length === 0) return `RDS does not offer it for ${rdsEngine} ${snapshot.engineVersion}`;
  if (!offered.some((offer) => allows(offer, source, encrypted))) {
    const { storageType = "this storage", iops, storageThroughput } = restore;
    const more = [
      ...(iops ? [`${iops} IOPS`] : []),
      ...(storageThroughput === undefined ? [] : [`${storageThroughput} MiB/s`]),
      ...(encrypted ? ["encryption"] : []),
    ];
    const storage = storageOf(source);
    const volume = `${storage === undefined ? "" : `${storage} GiB of `}${storageType}`;
    return `RDS does not offer it with ${[volume, ...more].join(", ")}`;
  }
  return objectionToClass(sizeOf({ ...source, restore: { ...restore, instanceClass } }, parameters));
}

function storageOf({ restore, snapshot: { storageBytes } }: Source): number | undefined {
  return restore.allocatedStorage ?? (storageBytes === undefined ? undefined : storageBytes / GIB);
}

function allows(offer: ClassOffer, source: Source, encrypted: boolean): boolean {
  const { storageType, iops = 0, storageThroughput = 0 } = source.restore;
  const { leastStorage = 0, mostStorage = Infinity, mostIops = Infinity, mostThroughput = Infinity } = offer;
  const storage = storageOf(source);
  return (storageType === undefined || offer.storageType === storageType) &&
    (storage === undefined || storage >= leastStorage && storage <= mostStorage) &&
    iops <= mostIops && storageThroughput <= mostThroughput && (offer.encrypts || !encrypted);
}
