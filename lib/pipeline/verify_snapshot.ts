/** `--prove`: restores the finished snapshot once more and verifies what came of it, before it counts. @module */

import type { Engine, PseudonymKey, Target } from "../engine/engine.ts";
import type { Settings } from "../core/settings.ts";
import type { Rds } from "../rds/api/client.ts";
import type { Source } from "../rds/source/source.ts";
import { untilLoggedIn, Workspace, type WorkspaceOptions } from "../rds/workspace/workspace.ts";
import type { Log } from "../core/log.ts";
import { type VerificationRecord, verifyAgain } from "../scrub/verify/verification_record.ts";

/** What proving works with. */
export interface SnapshotVerification {
  readonly rds: Rds;
  readonly source: Source;
  readonly engine: Engine;
  readonly key: PseudonymKey;
  readonly settings: Settings;
  readonly options: WorkspaceOptions;
  readonly remembered: readonly VerificationRecord[];
  /** Databases that were let through on purpose. */
  readonly letThrough: readonly string[];
  readonly log: Log;
}

/** Throws a ScrubError if the snapshot does not hold what was verified. The second workspace is gone in any case. */
export async function verifySnapshot(work: SnapshotVerification, snapshot: string, signal: AbortSignal): Promise<void> {
  const { rds, engine, key, settings, log, remembered, letThrough } = work;
  const source = { ...work.source, restore: { ...work.source.restore, snapshot } };
  const { kmsKey: _key, ...options } = work.options;
  await using workspace = await Workspace.restore(rds, source, options, signal);
  const login = await workspace.secure(signal);
  const target: Target = { ...login, ca: settings.tlsCa };
  await untilLoggedIn(() => engine.login(target, signal), engine.loginObstacle, { settings, log }, signal);
  await using sessions = new AsyncDisposableStack();
  const maintenance = sessions.use(await engine.open(target, key, signal));
  await engine.disableSideEffects(maintenance);
  await verifyAgain(
    {
      resourceId: workspace.resourceId,
      databases: () => engine.listDatabases(maintenance, target, signal),
      letThrough,
    },
    remembered,
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
