/** What there is in the account of every kind of deployment. @module */

import { denials, isRdsError } from "./errors.ts";
import type { Rds } from "./rds.ts";

/**
 * The results for every kind, one after the other. An identity that may not look at clusters sees none, as it can have made none: the
 * policies of a site without Aurora need not name them.
 *
 * @throws {RdsError} what `list` throws for instances; for clusters unless they are denied.
 */
export async function ofEveryKind<T>(rds: Rds, list: (rds: Rds) => Promise<readonly T[]>): Promise<readonly T[]> {
  const instances = await list(rds.of("instance"));
  try {
    return [...instances, ...await list(rds.of("cluster"))];
  } catch (error) {
    if (!isRdsError(error, ...denials)) throw error;
    return instances;
  }
}
