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
