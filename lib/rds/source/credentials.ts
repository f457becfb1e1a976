/**
 * Checks before the first call that there are credentials, and before the restore that they last until the workspace can be deleted
 * again.
 *
 * @module
 */

import { ScrubError } from "../../core/errors.ts";
import type { CopyTarget } from "../../core/settings.ts";
import { visible } from "../../core/visible.ts";
import { isRdsError, notConfigured } from "../api/errors.ts";
import type { Rds } from "../api/client.ts";
import { MINUTE } from "../api/wait.ts";

/**
 * Looks for the region and the credentials where the AWS configuration has them. Calls nothing of RDS.
 *
 * @throws {ScrubError} `usage` where one is missing; `aws-credentials` where those that are there have expired.
 */
export async function requireAccess(rds: Rds, signal: AbortSignal): Promise<void> {
  try {
    const region = await rds.region(signal);
    if (!/^[a-z]+(-[a-z]+)+-[0-9]+$/.test(region)) {
      throw new ScrubError(
        "usage",
        `Cannot call AWS: "${visible(region)}" can't be the name of a region`,
        "Give --region, or set AWS_REGION, to a region's name, such as eu-west-1.",
      );
    }
    await rds.credentialsEnd(signal);
  } catch (error) {
    if (!isRdsError(error, notConfigured.region, notConfigured.credentials)) throw error;
    const why = error.message.slice(error.message.indexOf(": ") + 2);
    throw new ScrubError("usage", `Cannot call AWS: ${why}`, error.hint, { cause: error });
  }
}

/** A restore and the deletion of the instance take no longer, in milliseconds. */
const minRemaining = 30 * MINUTE;

/** A run's timeouts, in milliseconds. */
export interface RunTimeouts {
  readonly timeout: number;
  readonly snapshotTimeout: number;
  readonly copyTo?: readonly CopyTarget[];
  readonly refresh?: string;
  readonly rebuild?: object;
}

/**
 * Gives a warning if the credentials may expire before the end of the run. Credentials that the SDK renews, or without expiry, are
 * not checked.
 *
 * @throws {ScrubError} `aws-credentials` if they expire within half an hour.
 */
export async function checkCredentials(
  rds: Rds,
  { timeout, snapshotTimeout, copyTo = [], refresh, rebuild }: RunTimeouts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const end = await rds.credentialsEnd(signal);
  if (end === undefined) return [];
  const remaining = end.getTime() - rds.now().getTime();
  const when = `at ${end.toISOString()}, in ${Math.max(0, Math.floor(remaining / MINUTE))} minutes`;
  if (remaining < minRemaining) {
    throw new ScrubError(
      "aws-credentials",
      `Cannot begin: the AWS credentials expire ${when}, and are not renewed, so that a workspace could not be deleted`,
      "Take new ones, or ones that are renewed: the machine's role, or a profile that assumes a role.",
    );
  }
  // Copies take as long as the snapshot may, all at once, and so does an instance of it.
  const waits = 1 + (copyTo.length > 0 ? 1 : 0) + (refresh === undefined ? 0 : 1);
  const instances = rebuild === undefined ? 1 : 2;
  if (remaining >= timeout * instances + snapshotTimeout * waits) return [];
  return [
    `the AWS credentials expire ${when}, and are not renewed: a run that takes longer cannot finish, and what it made is left ` +
    "for the next run to delete",
  ];
}
