/** How much storage a fresh instance gets, which is filled from a restored one. @module */

import { GIB, stripedFrom } from "../../core/storage.ts";
import type { CreateCall } from "../api/client.ts";
import { leastStorage } from "./size_check.ts";
import type { Source } from "./source.ts";

/** What a fresh instance has to hold, in bytes. */
export interface FreshData {
  /** Files of the data that is copied, as they are now: the copy's are no bigger. */
  readonly data: number;
  /** What the server's log for recovery may grow to. */
  readonly logs: number;
}

/** For sorting while indexes are built, and so that the receivers' servers can begin to work. */
const margin = 1.5;

/** In GiB: the server's own files, and temporary ones. */
const ownFiles = 5;

/** IOPS that a GiB may have at most. Amazon RDS User Guide, "Amazon RDS DB instance storage". */
const mostIopsPerGib: Readonly<Record<string, number>> = { io1: 50, io2: 1000 };

/**
 * The storage: what the operator asks for, else what the data needs, but no less than RDS has of the type and no more than the restored
 * instance has; and IOPS and throughput as far as so much storage has them.
 */
export function freshStorage(
  { rebuild, restore, snapshot }: Source,
  { data, logs }: FreshData,
): Pick<CreateCall, "storageType" | "iops" | "storageThroughput" | "allocatedStorage"> {
  const { storageType = snapshot.storageType, iops, storageThroughput } = restore;
  const before = restore.allocatedStorage ?? (snapshot.storageBytes ?? Infinity) / GIB;
  const needed = Math.ceil((data * margin + logs) / GIB) + ownFiles;
  const allocatedStorage = rebuild?.allocatedStorage ?? Math.min(before, Math.max(leastStorage(storageType), needed));
  const most = mostIopsPerGib[storageType ?? ""];
  if (most !== undefined) {
    return { storageType, allocatedStorage, ...(iops && { iops: Math.min(iops, most * allocatedStorage) }) };
  }
  if (storageType !== "gp3" || allocatedStorage < stripedFrom) return { storageType, allocatedStorage };
  return {
    storageType,
    allocatedStorage,
    ...(iops && { iops }),
    ...(storageThroughput !== undefined && { storageThroughput }),
  };
}
