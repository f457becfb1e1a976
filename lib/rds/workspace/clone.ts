/** `--clone`: asks for a clone of the source's cluster, in place of a restore. @module */

import type { RestoreCall } from "../api/client.ts";
import { mayRepeat, pause } from "../api/wait.ts";
import type { WorkspaceContext } from "./context.ts";

/**
 * Asks for it until RDS takes the call.
 *
 * @throws {RdsError} if AWS refuses.
 */
export async function requestClone(
  { rds, options }: Pick<WorkspaceContext, "rds" | "options">,
  call: RestoreCall,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + options.timeout;
  while (true) {
    try {
      return await rds.restore(call, signal);
    } catch (error) {
      // Production may be backing up, or being modified.
      if (!mayRepeat("cloneCreation", error) || performance.now() > deadline) throw error;
      await pause(options.pollInterval, signal);
    }
  }
}
