/** Finds out before anything is made whether the credentials last until it can be deleted again. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { MINUTE } from "../api/wait.ts";

/** What a restore and the deletion of what came of it take at least, with patience, in milliseconds. */
const least = 30 * MINUTE;

/** How long a run may wait for AWS, in milliseconds. */
export interface Waits {
  readonly timeout: number;
  readonly snapshotTimeout: number;
}

/**
 * Gives a warning where the credentials end before a long run would. Throws a ScrubError where they end within half an hour:
 * what a run made could not be deleted any more. Credentials that the SDK renews never end, and what does not say when it
 * ends is taken as it is.
 */
export async function checkCredentials(
  rds: Rds,
  { timeout, snapshotTimeout }: Waits,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const end = await rds.credentialsEnd(signal);
  if (end === undefined) return [];
  const left = end.getTime() - rds.now().getTime();
  const when = `at ${end.toISOString()}, in ${Math.max(0, Math.floor(left / MINUTE))} minutes`;
  if (left < least) {
    throw new ScrubError(
      "aws-credentials",
      `Cannot begin: the AWS credentials expire ${when}, and nothing renews them: a workspace could not be deleted any more`,
      "Take new ones, or such as are renewed: a role of the machine, or a profile that assumes one.",
    );
  }
  if (left >= timeout + snapshotTimeout) return [];
  return [
    `the AWS credentials expire ${when}, and nothing renews them: a run that takes longer cannot finish, and leaves what it ` +
    "made for the next one to delete",
  ];
}
