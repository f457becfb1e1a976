/** `--rebuild`: fills a fresh, empty instance from the scrubbed workspace, and verifies it: it is what the snapshot is taken of. @module */

import { ScrubError } from "../core/errors.ts";
import type { Settings } from "../core/settings.ts";
import type { RebuiltReport } from "../core/report.ts";
import { GIB } from "../core/storage.ts";
import type { Engine, Target } from "../engine/engine.ts";
import type { Rds } from "../rds/api/client.ts";
import { freshStorage } from "../rds/source/fresh_storage.ts";
import { checkSize } from "../rds/source/size_check.ts";
import { sizeOf, type Source } from "../rds/source/source.ts";
import { Workspace, type WorkspaceOptions } from "../rds/workspace/workspace.ts";
import { checkRebuildPrograms, type RebuildPrograms } from "../rebuild/programs.ts";
import { concurrencyOf } from "./engines.ts";
import { logInAs } from "./open_databases.ts";
import type { ProvenDatabases, RebuildBasis } from "./phases.ts";
import type { SourceRun } from "./run.ts";
import { verifyAgainOn } from "./verify_snapshot.ts";

/** What a fresh instance is filled from. */
export interface Rebuilding extends Pick<SourceRun, "key" | "settings" | "log" | "report" | "phase"> {
  readonly rds: Rds;
  readonly source: Source;
  readonly engine: Engine;
  readonly options: WorkspaceOptions;
  /** The scrubbed workspace. */
  readonly from: Target;
  readonly storageBytes: number | undefined;
  readonly processors?: number;
  readonly proven: ProvenDatabases;
  readonly basis: RebuildBasis;
}

/** A fresh instance with all that the scrubbed one has. */
export interface Rebuilt {
  readonly workspace: Workspace;
  /** With the proof of this instance. */
  readonly proven: ProvenDatabases;
}

/**
 * Creates an instance of the same version, fills it, and verifies it as the scrubbed workspace was. Deletes it again if that fails.
 *
 * @throws {ScrubError} `rebuild` where it cannot be filled or differs; `verification`; what creating a workspace throws.
 */
export async function rebuild(work: Rebuilding, signal: AbortSignal): Promise<Rebuilt> {
  const { rds, source, engine, settings, options, from, proven, basis, log, report } = work;
  work.phase("rebuild");
  await using undo = new AsyncDisposableStack();
  const { workspace, login } = await Workspace.create(rds, source, basis.holds, options, signal);
  undo.use(workspace);
  log.info(`created "${workspace.id}"${storageText(workspace.storageBytes)}, empty`);
  const to = await logInAs(login, engine, work, signal);
  const { copyServer } = await import("../rebuild/copy_server.ts"); // loads both engines
  const copied = await copyServer({
    engine: engine.name,
    from,
    to,
    databases: basis.databases,
    programs: programsOf(engine.name, settings),
    jobs: concurrencyOf(work),
    log,
  }, signal);
  for (const sentence of copied.notCarried) log.info(`not carried to the fresh instance: ${sentence}`);
  const instance = {
    ...work,
    target: to,
    resourceId: workspace.resourceId,
    name: "the fresh instance",
    consequence: "No snapshot was made.",
  };
  const proof = await verifyAgainOn(instance, signal);
  const rebuilt: RebuiltReport = {
    ...(work.storageBytes !== undefined && { storageBefore: work.storageBytes / GIB }),
    ...(workspace.storageBytes !== undefined && { storage: workspace.storageBytes / GIB }),
    databases: copied.databases.map(({ database, tables, rows, bytes, seconds }) => {
      const found = proof.databases.find((one) => one.database === database);
      const verified = found && { predicates: found.predicates, foreignKeys: found.foreignKeys };
      return { database, tables, rows, bytes, seconds, ...(verified && { verified }) };
    }),
    accounts: copied.accounts,
    notCarried: [...copied.notCarried],
  };
  report.set({ rebuilt, residue });
  undo.move();
  return { workspace, proven: { ...proven, proof } };
}

/** Instead of what a purge does. */
const residue = [
  {
    step: "files of the restored instance",
    result:
      "not purged: the snapshot is of a fresh instance that was filled by the server's own programs, and has none of them",
  },
  {
    step: "freed files and log of the fresh instance",
    result:
      "hold keyed hashes of the removed values that its verification looked for, and nothing else that was production's",
  },
];

/**
 * Checks before the restore that the programs are there and fit the server, and that RDS makes new instances of its version.
 *
 * @throws {ScrubError} `rebuild`; `size` where the operator asks for storage that RDS does not have.
 * @throws {RdsError} if AWS refuses to say which classes it offers.
 */
export async function checkRebuild(rds: Rds, source: Source, settings: Settings, signal: AbortSignal): Promise<void> {
  if (!settings.rebuild || !source.rebuild) return;
  const { engine, rdsEngine, name, snapshot: { engineVersion }, restore } = source;
  await checkRebuildPrograms(engine, engineVersion, programsOf(engine, settings), signal);
  const { allocatedStorage } = source.rebuild;
  if (allocatedStorage !== undefined) {
    const fresh = freshStorage(source, { data: 0, logs: 0 });
    const { instanceClass, storageType } = sizeOf(source, undefined);
    checkSize(name, { engine, instanceClass, storageType, ...fresh, snapshot: { storageType } });
  }
  const offers = await rds.classOffers({ engine: rdsEngine, engineVersion }, signal);
  if (offers.some(({ instanceClass }) => instanceClass === restore.instanceClass)) return;
  throw new ScrubError(
    "rebuild",
    `Cannot rebuild "${name}": RDS makes no new instance of ${rdsEngine} ${engineVersion} as ${restore.instanceClass}`,
    offers.length === 0
      ? "Upgrade the source to a version that RDS offers, or leave --rebuild out. Nothing was created."
      : "Give another --instance-class, or leave --rebuild out. Nothing was created.",
  );
}

function programsOf(engine: Engine["name"], { rebuild }: Pick<Settings, "rebuild">): RebuildPrograms {
  if (!rebuild) throw new TypeError("Cannot rebuild: no programs are given");
  return engine === "mysql"
    ? { dump: rebuild.mysqldump, load: rebuild.mysql }
    : { dump: rebuild.pgDump, load: rebuild.pgRestore };
}

function storageText(bytes: number | undefined): string {
  return bytes === undefined ? "" : ` with ${bytes / GIB} GiB`;
}
