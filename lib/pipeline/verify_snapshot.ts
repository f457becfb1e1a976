/** `--prove`: restores the final snapshot once more and verifies the copy, before the snapshot counts. @module */

import type { Engine } from "../engine/engine.ts";
import type { Rds } from "../rds/api/client.ts";
import type { Source } from "../rds/source/source.ts";
import { Workspace, type WorkspaceOptions } from "../rds/workspace/workspace.ts";
import { refusedOfServer } from "../scrub/coverage/server_objects.ts";
import { verifyAgain } from "../scrub/verify/verification_record.ts";
import { checkQuiet, logIn } from "./open_databases.ts";
import type { SourceRun } from "./run.ts";
import type { ProvenDatabases } from "./phases.ts";

/** What a snapshot is verified with. */
export interface SnapshotVerification extends Pick<SourceRun, "key" | "settings" | "log"> {
  readonly rds: Rds;
  readonly source: Source;
  readonly engine: Engine;
  readonly options: WorkspaceOptions;
  readonly proven: ProvenDatabases;
}

/**
 * Verifies a snapshot in a second workspace, which is deleted in any case.
 *
 * @throws {ScrubError} `verification` where the snapshot does not hold what was verified.
 */
export async function verifySnapshot(work: SnapshotVerification, snapshot: string, signal: AbortSignal): Promise<void> {
  const { rds, engine, key, log, proven: { records, reviewed, letThrough } } = work;
  // The snapshot has the workspace's storage already.
  const source = { ...work.source, restore: { ...work.source.restore, snapshot, allocatedStorage: undefined } };
  const { kmsKey: _key, freshSnapshot: _fresh, ...options } = work.options;
  await using workspace = await Workspace.restore(rds, source, options, signal);
  const target = await logIn(workspace, engine, work, signal);
  await using sessions = new AsyncDisposableStack();
  const maintenance = sessions.use(await engine.open(target, key, signal));
  await checkQuiet(work, source.name, maintenance);
  await engine.disableSideEffects(maintenance);
  const databases = () => engine.listDatabases(maintenance, target, signal);
  await verifyAgain(
    {
      resourceId: workspace.resourceId,
      databases,
      refusedObjects: async () => refusedOfServer(await engine.serverInventory(maintenance), reviewed),
      letThrough,
    },
    records,
    async ({ schema }) => {
      const session = sessions.use(await engine.open({ ...target, database: schema.database }, key, signal));
      await engine.disableSideEffects(session);
      await engine.prepare(session);
      return session;
    },
    log,
  );
  log.info(`snapshot "${snapshot}" was restored and verified once more`);
}
