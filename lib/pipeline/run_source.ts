/** The story of one source, phase by phase. @module */

import type { Settings, SourceRequest } from "../core/settings.ts";
import type { Engine, Target } from "../engine/engine.ts";
import { createRds, type RdsOptions } from "../rds/api/client.ts";
import { checkCredentials } from "../rds/source/credentials.ts";
import { checkEncryption } from "../rds/source/encryption.ts";
import { Kms } from "../rds/api/kms.ts";
import { checkQuotas } from "../rds/workspace/quotas.ts";
import { pruneSnapshots, shareEarlier, shareSnapshot } from "../rds/snapshot/share_and_prune.ts";
import { resolveSource, type Source } from "../rds/source/source.ts";
import {
  cleanUp,
  patienceOf,
  untilLoggedIn,
  Workspace,
  workspaceName,
  type WorkspaceOptions,
} from "../rds/workspace/workspace.ts";
import type { Log } from "../core/log.ts";
import type { SourceReportBuilder } from "../report/report_builder.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import type { Proof } from "../scrub/verify/verify.ts";
import { scrubDatabases } from "./run_databases.ts";
import { loadEngine } from "./engines.ts";
import { describeDryRun } from "./dry_run.ts";
import { type SnapshotVerification, verifySnapshot } from "./verify_snapshot.ts";
import type { Phase } from "../core/progress.ts";
import type { EngineName } from "../core/engine_name.ts";

/** What a source's run needs from its worker. */
export interface SourceRun {
  readonly request: SourceRequest;
  readonly settings: Settings;
  readonly runId: string;
  readonly key: Uint8Array;
  readonly scrubbers: readonly Scrubber[];
  readonly log: Log;
  readonly report: SourceReportBuilder;
  /** How to reach AWS where that is not the AWS configuration's and the settings' business. */
  readonly aws?: Omit<RdsOptions, "region" | "log">;
  /** Less patience than a run has on AWS. */
  readonly patience?: Pick<WorkspaceOptions, "lag" | "cleanUpTimeout">;
  /** The engines; absent: the real ones. */
  readonly engines?: Readonly<Record<EngineName, Engine>>;
  /** Says that a phase begins. */
  phase(phase: Phase): void;
  /** Says that a snapshot of this name may be there from now on, not finished yet. */
  begun(snapshot: string): void;
  /** Asks main whether this source may have the workspace; resolves with `go`, rejects with `stop`. */
  claim(source: string, workspace: string): Promise<void>;
}

/**
 * Runs one source from start to end, or to its plan where only that is wanted: (a) a verified snapshot, shared as asked, or (b) no snapshot and nothing shared, or (c) a
 * verified snapshot that sharing or pruning failed on. The workspace is gone in any case, unless the error says otherwise.
 *
 * @throws {ScrubError} why it is not (a).
 */
export async function runSource(run: SourceRun, signal: AbortSignal): Promise<void> {
  const { settings, log, report } = run;
  const region = settings.region === undefined ? {} : { region: settings.region };
  using rds = createRds({ ...run.aws, ...region, log });

  run.phase("resolve");
  const source = await resolveSource(rds, run.request, sourceOptions(settings), signal);
  const workspaceId = workspaceName(source);
  const { id: restored, takenAt } = source.snapshot;
  const ageSeconds = Math.max(0, Math.round((rds.now().getTime() - takenAt.getTime()) / 1000));
  report.set({ restored: { snapshot: restored, asOf: takenAt.toISOString(), ageSeconds } });
  using kms = new Kms({ ...run.aws, ...region });
  const making = { before: placeOf(run.request, settings), snapshot: !settings.planOnly };
  const warnings = [
    ...await checkEncryption(kms, source, settings, signal),
    ...settings.dryRun ? [] : await checkCredentials(rds, settings, signal),
    // Before the claim: no source of this run has made anything yet, so that all of them see the same figures.
    ...await checkQuotas(rds, source, making, signal),
  ];
  for (const warning of warnings) log.warn(warning);
  await run.claim(source.name, workspaceId);
  if (settings.dryRun) {
    report.set({ wouldDo: await describeDryRun(rds, source, settings, run.scrubbers, signal) });
    return;
  }

  const snapshot = await (async () => {
    run.phase("restore");
    const orphan = (name: string) => report.set({ orphans: [...report.report.orphans ?? [], name] });
    const options = { ...settings, ...run.patience, runId: run.runId, log, orphan, begun: run.begun };
    await using workspace = await Workspace.restore(rds, source, options, signal);
    const { proof, remembered } = await scrubIn(workspace, source, run, signal);
    if (!proof) return undefined; // only a plan was wanted: the workspace goes without a snapshot
    run.phase("snapshot");
    if (!remembered) return await workspace.finalise(proof, signal);
    return await workspace.finalise(proof, signal, async ({ id }, signal) => {
      run.phase("prove");
      const engine = run.engines?.[source.engine] ?? await loadEngine(source.engine);
      await verifySnapshot({ rds, source, engine, key: run.key, settings, options, log, ...remembered }, id, signal);
    });
  })();
  if (!snapshot) return;
  report.set({ snapshot: snapshot.id });

  run.phase("share");
  const patience = patienceOf({ ...settings, ...run.patience });
  await shareSnapshot(rds, snapshot, settings.shareWith, patience, signal);
  report.set({ sharedWith: settings.shareWith });
  const ours = { source, newest: snapshot.id };
  for (const earlier of await shareEarlier(rds, ours, settings.shareWith, patience, signal)) {
    log.info(`shared "${earlier}", which an earlier run finished and did not come to share`);
  }

  run.phase("prune");
  const gone = (id: string) => report.set({ pruned: [...report.report.pruned, id] });
  await pruneSnapshots(rds, { ...ours, keep: settings.snapshotRetention, gone }, signal);
}

async function scrubIn(
  workspace: Workspace,
  source: Source,
  run: SourceRun,
  signal: AbortSignal,
): Promise<
  { readonly proof: Proof | undefined; readonly remembered?: Pick<SnapshotVerification, "remembered" | "letThrough"> }
> {
  const { settings, log } = run;
  const engine = run.engines?.[source.engine] ?? await loadEngine(source.engine);
  const login = await workspace.secure(signal);
  const target: Target = { ...login, ca: settings.tlsCa };
  await untilLoggedIn(() => engine.login(target, signal), engine.loginObstacle, { settings, log }, signal);
  const { s3Export } = settings;
  let kept: Pick<SnapshotVerification, "remembered" | "letThrough"> | undefined;
  const proof = await scrubDatabases({
    engine,
    target,
    source: source.name,
    runId: run.runId,
    resourceId: workspace.resourceId,
    storageBytes: workspace.storageBytes,
    asOf: source.snapshot.takenAt,
    key: run.key,
    settings,
    scrubbers: run.scrubbers,
    log,
    phase: run.phase,
    report: (databases) => run.report.set({ databases }),
    reportResidue: (residue) => run.report.set({ residue }),
    reportPlan: (plan) => run.report.set({ plan }),
    reportSideEffects: (facts) => run.report.set(facts),
    ...(settings.prove && { remember: (remembered, letThrough) => void (kept = { remembered, letThrough }) }),
    ...(s3Export && {
      exportProven: async (databases) => {
        run.phase("export");
        const { exportDatabases } = await import("../export/export.ts"); // the S3 client takes memory
        const s3 = settings.region === undefined ? {} : { region: settings.region };
        const what = { engine: source.engine, target, databases, settings: s3Export, s3, log };
        run.report.set({ exports: await exportDatabases(what, signal) });
      },
    }),
  }, signal);
  return { proof, ...(kept && { remembered: kept }) };
}

/** How many sources of the run come before this one. */
function placeOf({ engine, kind, value }: SourceRequest, { sources }: Settings): number {
  return Math.max(
    0,
    sources.findIndex((one) => one.engine === engine && one.kind === kind && one.value === value),
  );
}

function sourceOptions({ workspace, dnsServer }: Settings): Parameters<typeof resolveSource>[2] {
  return { overrides: workspace, ...(dnsServer !== undefined && { dnsServer }) };
}

/** Deletes what a lost worker of this run left under a workspace's name. */
export async function cleanWorkspace(
  { workspace, settings, runId }: { readonly workspace: string; readonly settings: Settings; readonly runId: string },
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  using rds = createRds({ log, ...(settings.region !== undefined && { region: settings.region }) });
  await cleanUp(rds, workspace, runId, { ...settings, log }, signal);
}
