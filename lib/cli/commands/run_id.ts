/** The id of this process's run: a contract with systemd's units. @module */

import { asRunId } from "../../core/run_id.ts";

/**
 * The id that systemd gave to this start of the unit, so that ExecStopPost can sweep a run that was killed; else a random one.
 * Child processes of a unit inherit its id, so it counts only for the process that systemd itself started: two runs of cron
 * would take each other's workspaces for their own.
 */
export function runIdOf(environment: Readonly<Record<string, string | undefined>>, pid: number): string {
  const { INVOCATION_ID, SYSTEMD_EXEC_PID } = environment;
  return SYSTEMD_EXEC_PID === String(pid) && asRunId(INVOCATION_ID ?? "") || crypto.randomUUID();
}
