/** Verifies once more what was verified: in an instance that was restored from the final snapshot, or that is a copy of the workspace. @module */

import type { Engine, Target } from "../engine/engine.ts";
import type { Rds } from "../rds/api/client.ts";
import type { Source } from "../rds/source/source.ts";
import { Workspace, type WorkspaceOptions } from "../rds/workspace/workspace.ts";
import { refusedOfServer } from "../scrub/coverage/server_objects.ts";
import { verifyAgain } from "../scrub/verify/verification_record.ts";
import type { Proof, VerifiedWorkspace } from "../scrub/verify/verify.ts";
import { checkQuiet, logIn, type Prepared, undoPreparation } from "./open_databases.ts";
import type { SourceRun } from "./run.ts";
import type { ProvenDatabases } from "./phases.ts";

/** What an instance is verified with. */
interface Verification extends Pick<SourceRun, "key" | "settings" | "log"> {
  readonly source: Source;
  readonly engine: Engine;
  readonly proven: ProvenDatabases;
}

/** What a snapshot is verified with. */
export interface SnapshotVerification extends Verification {
  readonly rds: Rds;
  readonly options: WorkspaceOptions;
}

/** An instance to verify. */
export interface InstanceVerification
  extends Verification, Pick<VerifiedWorkspace, "resourceId" | "name" | "consequence"> {
  /** The maintenance database, as master. */
  readonly target: Target;
}

/**
 * `--prove`: verifies a snapshot in a second workspace, which is deleted in any case.
 *
 * @throws {ScrubError} `verification` where the snapshot does not hold what was verified.
 */
export async function verifySnapshot(work: SnapshotVerification, snapshot: string, signal: AbortSignal): Promise<void> {
  const { rds, engine, log } = work;
  const { rebuild: _rebuild, ...found } = work.source;
  // The snapshot has the workspace's storage already.
  const source = { ...found, restore: { ...found.restore, snapshot, cloneOf: undefined, allocatedStorage: undefined } };
  const { kmsKey: _key, freshSnapshot: _fresh, clone: _clone, ...options } = work.options;
  await using workspace = await Workspace.restore(rds, source, options, signal);
  const target = await logIn(workspace, engine, work, signal);
  await verifyAgainOn({
    ...work,
    source,
    target,
    resourceId: workspace.resourceId,
    name: "the snapshot",
    consequence: "The snapshot is deleted. Find out what changed the workspace after its verification.",
  }, signal);
  log.info(`snapshot "${snapshot}" was restored and verified once more`);
}

/**
 * Verifies an instance by the records of what was verified. Leaves neither scratch nor rights behind.
 *
 * @throws {ScrubError} `verification` where it does not hold what was verified.
 */
export async function verifyAgainOn(work: InstanceVerification, signal: AbortSignal): Promise<Proof> {
  const { engine, key, log, target, source, proven: { records, reviewed, letThrough } } = work;
  const { resourceId, name, consequence } = work;
  await using sessions = new AsyncDisposableStack();
  const maintenance = sessions.use(await engine.open(target, key, signal));
  await checkQuiet(work, source.name, maintenance);
  await engine.disableSideEffects(maintenance);
  const prepared: Prepared[] = [];
  const proof = await verifyAgain(
    {
      ...{ resourceId, name, consequence },
      databases: () => engine.listDatabases(maintenance, target, signal),
      refusedObjects: async () => refusedOfServer(await engine.serverInventory(maintenance), reviewed),
      letThrough,
    },
    records,
    async ({ schema }) => {
      const session = sessions.use(await engine.open({ ...target, database: schema.database }, key, signal));
      await engine.disableSideEffects(session);
      prepared.push({ session, steps: await engine.prepare(session) });
      return session;
    },
    log,
  );
  for (const { session } of prepared) await engine.closeScratch(session);
  await undoPreparation(prepared);
  return proof;
}
