/** Checks before the restore that the credentials last until the workspace can be deleted again. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { MINUTE } from "../api/wait.ts";

/** A restore and the deletion of the instance take no longer, in milliseconds. */
const minRemaining = 30 * MINUTE;

/** A run's timeouts, in milliseconds. */
export interface RunTimeouts {
  readonly timeout: number;
  readonly snapshotTimeout: number;
}

/**
 * Gives a warning if the credentials may expire before the end of the run. Credentials that the SDK renews, or without expiry, are
 * not checked.
 *
 * @throws {ScrubError} `aws-credentials` if they expire within half an hour.
 */
export async function checkCredentials(
  rds: Rds,
  { timeout, snapshotTimeout }: RunTimeouts,
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
  if (remaining >= timeout + snapshotTimeout) return [];
  return [
    `the AWS credentials expire ${when}, and are not renewed: a run that takes longer cannot finish, and what it made is left ` +
    "for the next run to delete",
  ];
}
