/** The id of the run that this process is. @module */

import { asRunId } from "../../core/run_id.ts";

/**
 * The id that systemd gave to this start of the unit, so that what it runs afterwards can name a run that was killed; else
 * a random one. Whatever a unit's process starts inherits the id: two runs that cron started would take each other's
 * workspaces for their own. So it counts only for the process that systemd itself started.
 */
export function runIdOf(environment: Readonly<Record<string, string | undefined>>, pid: number): string {
  const { INVOCATION_ID, SYSTEMD_EXEC_PID } = environment;
  return SYSTEMD_EXEC_PID === String(pid) && asRunId(INVOCATION_ID ?? "") || crypto.randomUUID();
}
