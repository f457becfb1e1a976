/** Refreshes an instance with a verified snapshot, and brings to an end what dead runs left of that. @module */

import type { Log } from "../core/log.ts";
import type { RefreshReport } from "../core/report.ts";
import type { Rds } from "../rds/api/client.ts";
import { type Named, refreshing, tag } from "../rds/api/names.ts";
import {
  findSuccessors,
  recoverSuccessor,
  refresh,
  type Refreshed,
  type RefreshOptions,
  type RefreshRequest,
} from "../rds/refresh/refresh.ts";
import { deleteCommands } from "../rds/source/refresh_check.ts";
import { readFinalStates } from "../rds/snapshot/share_and_prune.ts";
import { refreshWanted } from "../rds/states/snapshot.ts";
import type { Successor } from "../rds/states/successor.ts";
import type { SourceReportBuilder } from "../report/report_builder.ts";

/**
 * Puts an instance of the snapshot in the target's place. Says so in the report, and on snapshots of earlier runs that were to do the
 * same: their data are older.
 *
 * @throws {ScrubError} as `refresh`.
 */
export async function refreshInstance(
  rds: Rds,
  request: RefreshRequest,
  options: RefreshOptions,
  report: SourceReportBuilder,
  signal: AbortSignal,
): Promise<void> {
  const refreshed = await refresh(rds, request, options, signal);
  tell(refreshed, options.log, report);
  for (const { snapshot } of await readFinalStates(rds, request.source, signal)) {
    if (snapshot.id === request.id || refreshWanted(snapshot) !== request.target) continue;
    await rds.tag(snapshot.arn, { [tag.refreshes]: refreshing.done(request.target) }, signal);
  }
}

/** Whether the snapshot's instance may still take the target's place: not where a newer one's has, or is to. */
export async function isSuperseded(
  rds: Rds,
  { id, source, target }: Pick<RefreshRequest, "id" | "target"> & { readonly source: Named },
  signal: AbortSignal,
): Promise<boolean> {
  const all = (await readFinalStates(rds, source, signal)).map(({ snapshot }) => snapshot);
  const time = all.find((one) => one.id === id)?.takenAt?.getTime() ?? 0;
  return all.some(({ tags, takenAt }) =>
    (takenAt?.getTime() ?? 0) > time &&
    [refreshing.wanted(target), refreshing.done(target)].includes(tags.get(tag.refreshes) ?? "")
  );
}

/** What came of one that a dead run left. */
export interface Recovered {
  readonly successor: Successor;
  /** Absent: it was deleted, or is another run's. */
  readonly refreshed?: Refreshed;
  readonly error?: unknown;
}

/** Gives names back to instances between two names, and deletes what dead runs made and did not come to use. */
export async function recoverSuccessors(
  rds: Rds,
  of: Parameters<typeof findSuccessors>[1],
  options: RefreshOptions,
  signal: AbortSignal,
): Promise<readonly Recovered[]> {
  const recovered: Recovered[] = [];
  for (const successor of await findSuccessors(rds, of, signal)) {
    try {
      const refreshed = await recoverSuccessor(rds.of("instance"), successor, options, signal);
      recovered.push({ successor, ...(refreshed && { refreshed }) });
    } catch (error) {
      signal.throwIfAborted();
      recovered.push({ successor, error });
    }
  }
  return recovered;
}

/** Puts it into the report, with the commands that are left to the operator, and into the log. */
export function tell(refreshed: Refreshed, log: Log, report: SourceReportBuilder): void {
  const found = describe(refreshed);
  report.set({ refresh: found });
  log.info(`"${found.instance}" is an instance of snapshot "${found.snapshot}" now; the old one is "${found.before}"`);
  for (const command of found.commands) log.info(`left to you: ${command}`);
}

function describe({ instance, snapshot, before, isProtected }: Refreshed): RefreshReport {
  const region = instance.arn.split(":")[3] ?? "";
  const password = instance.managedPassword ? [] : [
    `aws rds modify-db-instance --region ${region} --db-instance-identifier ${instance.id} --manage-master-user-password ` +
    "--apply-immediately",
  ];
  return {
    instance: instance.id,
    snapshot,
    before,
    masterUser: instance.masterUser,
    masterPassword: instance.managedPassword ? "managed" : "unknown",
    commands: [...password, ...deleteCommands(before, isProtected, region)],
  };
}
