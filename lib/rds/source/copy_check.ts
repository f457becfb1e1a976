/** Checks before the restore that the final snapshot can be copied to other regions, and shared there. Only reads. @module */

import { ScrubError } from "../../core/errors.ts";
import type { CopyTarget } from "../../core/settings.ts";
import type { Rds } from "../api/client.ts";
import { denials, isRdsError, RdsError } from "../api/errors.ts";
import type { Kms } from "../api/kms.ts";
import { rdsEngines, workspaceName } from "../api/names.ts";
import { checkKey, type EncryptionOptions } from "./encryption.ts";
import type { Source } from "./source.ts";

/** Which copies there will be, and how the snapshot that they are made of is encrypted and shared. */
export interface CopyNeeds extends EncryptionOptions {
  /** Absent: none. */
  readonly copyTo?: readonly CopyTarget[];
  /** How many sources of the run come before this one, and need the same. */
  readonly sourcesBefore: number;
}

/**
 * Asks every region whether it can take the copy. Gives warnings if sharing may fail there, or something cannot be checked. `kmsIn`:
 * KMS in a region.
 *
 * @throws {ScrubError} `copy` if the source is a cluster, if the region is the run's, or does not answer to the account; `encryption` if the key of the copy is
 * missing, cannot be used, or not be shared; `quota`.
 * @throws {RdsError} if AWS refuses.
 */
export async function checkCopies(
  rds: Rds,
  kmsIn: (region: string) => Kms,
  source: Source,
  { copyTo = [], ...needs }: CopyNeeds,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (copyTo.length > 0 && rdsEngines[source.rdsEngine].deployment === "cluster") {
    throw new ScrubError(
      "copy",
      `Cannot copy the snapshot of "${source.name}" to other regions: cluster snapshots are not copied yet`,
      "Leave --copy-to out for Aurora clusters, and copy their snapshots by hand.",
    );
  }
  const home = copyTo.length > 0 ? await rds.region(signal) : "";
  const own = copyTo.find(({ region }) => region === home);
  if (own) {
    throw new ScrubError(
      "copy",
      `Cannot copy the snapshot of "${source.name}" to ${home}: that is the region of the run`,
      "Leave it out of --copy-to: the snapshot is made and shared there.",
    );
  }
  const warnings = await Promise.all(copyTo.map(async (target) => {
    using there = rds.inRegion(target.region);
    using kms = kmsIn(target.region);
    return await checkCopy(there, kms, source, { ...needs, target }, signal);
  }));
  return warnings.flat();
}

async function checkCopy(
  there: Rds,
  kms: Kms,
  source: Source,
  { target, kmsKey, shareWith, sourcesBefore }: Omit<CopyNeeds, "copyTo"> & { readonly target: CopyTarget },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { region, kmsKey: key } = target;
  const purpose = `Cannot copy the snapshot of "${source.name}" to ${region}`;
  if (key === undefined && (kmsKey !== undefined || source.snapshot.encrypted)) {
    throw new ScrubError(
      "encryption",
      `${purpose}: it will be encrypted, and keys are of one region`,
      `Give a KMS key there: --copy-to ${region}:KEY.`,
    );
  }
  await checkRegion(there, source, purpose, region, signal);
  return [
    ...await checkRoom(there, purpose, region, sourcesBefore + 1, signal),
    ...key === undefined ? [] : await checkKey(
      kms,
      { id: key, whose: `the key "${key}" in ${region}`, source: source.name, option: "--copy-to", shareWith },
      signal,
    ),
  ];
}

/** Asks for what a run asks there anyway: a region that does not exist, or is not enabled, does not answer it. */
async function checkRegion(
  there: Rds,
  source: Source,
  purpose: string,
  region: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await there.snapshots({ instance: workspaceName(source), type: "manual" }, signal);
  } catch (error) {
    if (!(error instanceof RdsError) || error.code !== "aws-credentials" && error.code !== "aws-unavailable") {
      throw error;
    }
    throw new ScrubError(
      "copy",
      `${purpose}: RDS in ${region} ${
        error.code === "aws-credentials" ? "does not accept the credentials" : "gives no answer"
      } (${error.awsCode})`,
      "Correct the region's name, or enable the region for the account.",
      { cause: error },
    );
  }
}

async function checkRoom(
  there: Rds,
  purpose: string,
  region: string,
  needed: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const quota = (await there.quotas(signal)).find(({ name }) => name === "ManualSnapshots");
    if (quota === undefined || quota.used + needed <= quota.max) return [];
    throw new ScrubError(
      "quota",
      `${purpose}: ${quota.used} of ${quota.max} manual snapshots are used there and ${needed} more needed`,
      "Delete what is not needed, or ask AWS to raise the quota. Nothing was created.",
    );
  } catch (error) {
    if (!isRdsError(error, ...denials)) throw error;
    return [
      `it is not known whether the account's quota of snapshots in ${region} has room for the copy: allow ` +
      "rds:DescribeAccountAttributes to check before the restore",
    ];
  }
}
