/** RDS's unit of storage, and how it lets storage grow. @module */

/** RDS's unit of storage, in bytes. */
export const GIB = 2 ** 30;

/**
 * The least storage that a volume of so many GiB can grow to: Amazon RDS User Guide, "Increasing DB instance storage capacity": by 10
 * percent at least.
 */
export function leastGrowth(storage: number): number {
  // Without the rounding 110 % of 100 would be 111: binary fractions are a little too much.
  return Math.ceil(Math.round(storage * 110) / 100);
}

/**
 * From this many GiB on RDS stripes a volume of MySQL, MariaDB or PostgreSQL over four, and gp3 can be provisioned. Amazon RDS User Guide,
 * "Amazon RDS DB instance storage".
 */
export const stripedFrom = 400;

/** What gp3 has from {@linkcode stripedFrom} on without being asked. Same source. */
export const gp3Baseline = { iops: 12_000, storageThroughput: 500 } as const;

const MIB = 2 ** 20;

/** A volume, as far as its throughput depends on it. */
export interface Volume {
  /** RDS's word, such as `gp3`. */
  readonly storageType?: string;
  /** In GiB. */
  readonly allocatedStorage?: number;
  /** In MiB a second; absent: not provisioned. */
  readonly storageThroughput?: number;
}

/** Bytes a second that a volume gives. Same source. Undefined where the type does not tell it: io1 and io2, and Aurora's storage. */
export function throughputOf({ storageType, allocatedStorage = 0, storageThroughput }: Volume): number | undefined {
  const striped = allocatedStorage >= stripedFrom;
  if (storageType === "gp3") return (striped ? storageThroughput ?? gp3Baseline.storageThroughput : 125) * MIB;
  return storageType === "gp2" ? (striped ? 1000 : 250) * MIB : undefined;
}
