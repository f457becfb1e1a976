/** The story of one source: resolve, restore, what happens inside the workspace, snapshot, share, prune. @module */

import type { Log } from "../core/log.ts";
import type { Settings, SourceRequest, WorkspaceOverrides } from "../core/settings.ts";
import { createRds, type Rds } from "../rds/api/client.ts";
import { Kms } from "../rds/api/kms.ts";
import { encryptionOf } from "../rds/api/records.ts";
import { type FinalSnapshot, pruneSnapshots, shareEarlier, shareSnapshot } from "../rds/snapshot/share_and_prune.ts";
import { groupAdvice } from "../rds/parameters/advice.ts";
import { chooseParameterGroup, type ChosenGroup } from "../rds/parameters/choose_group.ts";
import { makeIsolationGroup, settleTime } from "../rds/parameters/isolation_group.ts";
import { checkAge } from "../rds/source/age.ts";
import { checkClone } from "../rds/source/clone_check.ts";
import { checkCredentials, requireAccess } from "../rds/source/credentials.ts";
import { checkCopies } from "../rds/source/copy_check.ts";
import { checkRefresh } from "../rds/source/refresh_check.ts";
import { checkEncryption } from "../rds/source/encryption.ts";
import { readIdentity } from "../rds/source/identity.ts";
import { checkSigningKey } from "../rds/source/signing_key.ts";
import { checkSnapshotName } from "../rds/source/snapshot_name.ts";
import { checkSize } from "../rds/source/size_check.ts";
import { overridesOf, resolveSource, sizeOf, type Source } from "../rds/source/source.ts";
import { readServerLogs } from "../rds/workspace/server_logs.ts";
import { checkQuotas } from "../rds/source/quotas.ts";
import { cleanUp, KeptSnapshot, restoredNameOf, Workspace, workspaceName } from "../rds/workspace/workspace.ts";
import { makeCopies } from "./copies.ts";
import { refuseDumps } from "./dump_check.ts";
import { describeDryRun } from "./dry_run.ts";
import { loadEngine } from "./engines.ts";
import { chooseInstanceClass, machineOf } from "./instance_class.ts";
import { describeFinish, finishEarlier } from "./finish.ts";
import { logIn } from "./open_databases.ts";
import { classChoiceText, finishText } from "../report/display/estimate_text.ts";
import { checkRebuild, rebuild } from "./rebuild.ts";
import { recoverSuccessors, refreshInstance } from "./refresh.ts";
import { scrubbersWith } from "../scrub/rule_files/registry.ts";
import type { SourceRun } from "./run.ts";
import { scrubDatabases } from "./run_databases.ts";
import { verifySnapshot } from "./verify_snapshot.ts";

/**
 * Runs one source, to its final snapshot or to what `--dry-run` or `--plan` asks for. It ends with (a) a verified snapshot, shared
 * as asked, or (b) no snapshot and nothing shared, or (c) a verified snapshot that sharing, copying or pruning failed on, or that RDS
 * did not make in time. The workspace is deleted in any case, unless the error says otherwise.
 *
 * @throws {ScrubError} why it is not (a).
 */
export async function runSource(asked: SourceRun, signal: AbortSignal): Promise<void> {
  const { settings, report } = asked;
  const run = { ...asked, scrubbers: scrubbersWith(asked.scrubbers, settings.ruleFiles) };
  using aws = createRds({ ...run.aws, ...regionOf(settings), log: run.log });

  // Before the first word of the run: nothing can begin without them.
  await requireAccess(aws, signal);
  run.phase("resolve");
  report.set({ aws: await readIdentity({ ...run.aws, ...regionOf(settings), log: run.log }, aws, signal) });
  const { source, isolation } = await resolve(aws, run, signal);
  const rds = aws.of(source.deployment);
  await run.claim(source.name, workspaceName(source));
  if (settings.dryRun) {
    const first = isolation ? [`make parameter group "${isolation.plan.name}", or bring it up to date`] : [];
    const earlier = await describeFinish(rds, source, settings, signal);
    const then = await describeDryRun(rds, source, settings, run.scrubbers, signal);
    return report.set({ wouldDo: [...earlier, ...first, ...then] });
  }

  run.phase("restore");
  if (rds.kind === "instance") await putNamesRight(rds, source, run, signal);
  await finishEarlier(rds, source, run, signal);
  if (isolation) await prepareGroup(rds, source, isolation, run, signal);
  const snapshot = await makeSnapshot(rds, source, run, signal);
  if (!snapshot) return; // only a plan was wanted
  sayFinished(run);

  run.phase("share");
  await share(rds, source, snapshot, run, signal);

  if (settings.copyTo?.length) {
    run.phase("copy");
    await copy(rds, source, snapshot, run, signal);
  }

  if (settings.refresh !== undefined) {
    run.phase("refresh");
    const { refresh: target, cleanUpTimeout, ...options } = { ...settings, ...run.timeouts, refresh: settings.refresh };
    const request = { id: snapshot.id, source, target, runId: run.runId, sourceResource: source.resourceId };
    const limits = { ...options, ...(cleanUpTimeout !== undefined && { cleanUpTimeout }), log: run.log };
    await refreshInstance(rds, request, limits, run.report, signal);
  }

  run.phase("prune");
  const pruning = { source, newest: snapshot.id, keep: settings.snapshotRetention };
  for await (const id of pruneSnapshots(rds, pruning, signal)) {
    report.set({ pruned: [...report.report.pruned, id] });
  }
}

/** Finds the source and its snapshot, and checks what would stop the run later. Creates nothing. */
async function resolve(
  aws: Rds,
  run: SourceRun,
  signal: AbortSignal,
): Promise<Pick<ChosenGroup, "source" | "isolation">> {
  const { settings, log, report } = run;
  const { dnsServer, workspace, workspaces } = settings;
  const options = {
    overrides: workspace,
    ...(workspaces && { overridesOf: workspaces }),
    rebuild: settings.rebuild !== undefined,
    ...(dnsServer !== undefined && { dnsServer }),
  };
  const found = await resolveSource(aws, run.request, options, signal);
  const rds = aws.of(found.deployment);
  const { isolate, allowActive } = settings;
  const overrides = overridesOf(options, found.name);
  const { parameterGroup } = overrides;
  const named = parameterGroup === undefined ? {} : { parameterGroup };
  const chosen = await chooseParameterGroup(rds, found, { ...named, isolate, allowActive }, signal);
  const source = await size(rds, chosen, overrides, run, signal);
  refuseDumps(source, settings);
  await checkRebuild(rds, source, settings, signal);
  reportRestored(rds, source, run);
  if (settings.clone) await checkClone(rds, source, signal);
  const advice = groupAdvice(source, chosen.parameters);
  if (advice.length > 0) report.set({ advice });
  if (!settings.freshSnapshot && !settings.clone) checkAge(source, settings.maxAge, rds.now());
  checkSnapshotName(source, settings.finalSnapshot, rds.now());
  using kms = new Kms({ ...run.aws, ...regionOf(settings) });
  const needs = { sourcesBefore: sourcesBefore(run.request, settings), snapshot: !settings.planOnly };
  const warnings = [
    ...chosen.warnings,
    ...checkSize(source.name, sizeOf(source, chosen.parameters)),
    ...await checkEncryption(kms, source, settings, signal),
    ...await checkSigningKey(kms, settings.signKmsKey, signal),
    ...await checkCopies(rds, (region) => new Kms({ ...run.aws, region }), source, { ...settings, ...needs }, signal),
    ...await checkRefresh(rds, source, { ...settings, runId: run.runId }, signal),
    ...settings.dryRun ? [] : await checkCredentials(rds, settings, signal),
    // Before the claim: no source of this run has made anything yet, so that all of them see the same figures.
    ...await checkQuotas(rds, source, needs, signal),
  ];
  for (const warning of warnings) log.warn(warning);
  return { ...chosen, source };
}

/** Chooses the instance class where it is to be chosen, and says whether the final snapshot is expected in time. */
async function size(
  rds: Rds,
  { source: found, parameters }: ChosenGroup,
  overrides: WorkspaceOverrides,
  { settings, estimates = {}, started, log, report }: SourceRun,
  signal: AbortSignal,
): Promise<Source> {
  const options = { settings, overrides, estimates, started, ...(parameters && { parameters }) };
  const { source, classChoice, finishBy, warnings } = await chooseInstanceClass(rds, found, options, signal);
  for (const warning of warnings) log.warn(warning);
  if (classChoice) {
    report.set({ classChoice });
    log.info(`instance class ${classChoiceText(classChoice)}`);
  }
  if (finishBy) {
    report.set({ finishBy });
    const late = Date.parse(finishBy.expected) > Date.parse(finishBy.by);
    const advice = classChoice ? "" : ": a larger --instance-class, or auto, may be faster";
    if (late) log.warn(`${finishText(finishBy)}${advice}`);
    else log.info(finishText(finishBy));
  }
  return source;
}

/** Says whether the final snapshot came in time. */
function sayFinished({ log, report }: SourceRun): void {
  const { finishBy: wanted } = report.report;
  if (!wanted) return;
  const ended = new Date();
  const kept = ended.getTime() <= Date.parse(wanted.by);
  const finishBy = { ...wanted, ended: ended.toISOString(), kept };
  report.set({ finishBy });
  if (kept) log.info(finishText(finishBy));
  else log.warn(finishText(finishBy));
}

/** The snapshot that is restored, and how old it is, for the report. */
function reportRestored(rds: Rds, source: Source, { report }: SourceRun): void {
  const { id: snapshot, takenAt } = source.snapshot;
  const ageSeconds = Math.max(0, Math.round((rds.now().getTime() - takenAt.getTime()) / 1000));
  const encryption = encryptionOf(source.snapshot);
  report.set({
    ...(source.rdsEngine === "mariadb" && { product: "mariadb" }),
    restored: { snapshot, asOf: takenAt.toISOString(), ageSeconds, encryption, ...machineOf(source) },
  });
}

/** Makes the source's isolation group, and reads it as a run without `--isolate` would. */
async function prepareGroup(
  rds: Rds,
  source: Source,
  { source: own, plan }: NonNullable<ChosenGroup["isolation"]>,
  { settings, timeouts, log }: SourceRun,
  signal: AbortSignal,
): Promise<void> {
  const { pollInterval, timeout, allowActive } = settings;
  const settle = Math.min(timeouts?.settle ?? settleTime, timeout);
  await makeIsolationGroup(rds, own, plan, { pollInterval, timeout, ...timeouts, settle, log }, signal);
  const { warnings } = await chooseParameterGroup(rds, source, { parameterGroup: plan.name, allowActive }, signal);
  for (const warning of warnings) log.warn(warning);
}

/** What the data of a deployment are in. */
const storageOf = { instance: "files", cluster: "service" } as const;

/** The workspace's life. Without a snapshot it is deleted: also where only a plan was wanted, and undefined is returned. */
async function makeSnapshot(
  rds: Rds,
  found: Source,
  run: SourceRun,
  signal: AbortSignal,
): Promise<FinalSnapshot | undefined> {
  const { settings, log, report } = run;
  const onLeftover = (name: string) => report.set({ orphans: [...report.report.orphans ?? [], name] });
  const options = { ...settings, ...run.timeouts, runId: run.runId, log, onLeftover, onSnapshot: run.onSnapshot };
  const began = rds.now();
  await using workspaces = new AsyncDisposableStack();
  const workspace = workspaces.use(await Workspace.restore(rds, found, options, signal));
  const { source } = workspace;
  if (settings.freshSnapshot || settings.clone) reportRestored(rds, source, run);
  const engine = run.engines?.[source.engine] ?? await loadEngine(source.engine);
  const target = await logIn(workspace, engine, run, signal);
  const { resourceId, storageBytes, processors } = workspace;
  const inside = {
    ...run,
    engine,
    target,
    source: source.name,
    resourceId,
    storageBytes,
    initialisation: () => workspace.initialisation(signal),
    storage: storageOf[source.deployment],
    serverLogs: () => readServerLogs(rds, workspace.id, began, signal),
    ...(processors !== undefined && { processors }),
    asOf: source.snapshot.takenAt,
  };
  if (inside.storage === "service") report.set({ provenBy: "sql" });
  const scrubbed = await scrubDatabases(inside, signal);
  if (!scrubbed) return undefined;
  const { workspace: last, proven } = scrubbed.rebuild
    ? await rebuild(
      { ...inside, rds, source, options, from: target, proven: scrubbed, basis: scrubbed.rebuild },
      signal,
    )
    : { workspace, proven: scrubbed };
  if (last !== workspace) {
    workspaces.use(last);
    // The sooner, the less is paid, and the sooner production's data is gone.
    await workspace[Symbol.asyncDispose]();
  }

  run.phase("snapshot");
  const verify = async ({ id }: { readonly id: string }, signal: AbortSignal) => {
    run.phase("prove");
    await verifySnapshot({ ...run, rds, source, engine, options, proven }, id, signal);
  };
  try {
    return await last.finalise(proven.proof, signal, settings.prove ? verify : undefined);
  } catch (error) {
    // What it says of the workspace is true, and the snapshot will be shared: the report goes with it.
    if (error instanceof KeptSnapshot && error.snapshot) {
      report.set({ snapshot: error.snapshot.id, snapshotEncryption: error.snapshot.encryption });
    }
    throw error;
  }
}

/** Shares the snapshot, and verified ones that earlier runs did not come to share. */
async function share(
  rds: Rds,
  source: Source,
  snapshot: FinalSnapshot,
  { settings, timeouts, log, report }: SourceRun,
  signal: AbortSignal,
): Promise<void> {
  report.set({ snapshot: snapshot.id, snapshotEncryption: snapshot.encryption });
  const { shareWith } = settings;
  const options = { ...settings, ...timeouts };
  await shareSnapshot(rds, snapshot, shareWith, options, signal);
  report.set({ sharedWith: shareWith, ...(shareWith.length > 0 && { receivers: snapshot.receivers }) });
  for await (const earlier of shareEarlier(rds, { source, newest: snapshot.id }, shareWith, options, signal)) {
    log.info(`shared "${earlier}" of an earlier run that did not come to share it`);
    report.set({ sharedEarlier: [...report.report.sharedEarlier ?? [], earlier] });
  }
}

/** Copies the snapshot to the other regions. Sharing comes first, for a copy may take hours. */
async function copy(
  rds: Rds,
  source: Source,
  { id }: FinalSnapshot,
  { settings, timeouts, log, report }: SourceRun,
  signal: AbortSignal,
): Promise<void> {
  const { copyTo: targets = [], shareWith: accounts, snapshotRetention: keep } = settings;
  const options = { ...settings, ...timeouts, log };
  await makeCopies(rds, { id, source, targets, accounts, how: "exactly", keep }, options, report, signal);
}

/** Ends what dead runs left of refreshes, and checks once more what may be refreshed then. */
async function putNamesRight(
  rds: Rds,
  source: Source,
  { settings, timeouts, log, runId }: SourceRun,
  signal: AbortSignal,
): Promise<void> {
  const { refresh: target } = settings;
  const of = { source: source.name, ...(target !== undefined && { target }) };
  const recovered = await recoverSuccessors(rds, of, { ...settings, ...timeouts, log }, signal);
  for (const { error } of recovered) if (error !== undefined) throw error;
  if (recovered.length > 0) await checkRefresh(rds, source, { ...settings, runId }, signal);
}

/** How many sources of the run come before this one. */
function sourcesBefore({ engine, kind, value }: SourceRequest, { sources }: Settings): number {
  return Math.max(
    0,
    sources.findIndex((one) => one.engine === engine && one.kind === kind && one.value === value),
  );
}

function regionOf({ region }: Settings): { readonly region?: string } {
  return region === undefined ? {} : { region };
}

/**
 * Deletes what a lost worker of this run left under a workspace's name.
 *
 * @throws {ScrubError} `leftovers` where AWS does not delete it.
 */
export async function cleanWorkspace(
  { workspace, settings, runId }: { readonly workspace: string; readonly settings: Settings; readonly runId: string },
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  using rds = createRds({ log, ...regionOf(settings) });
  for (const name of settings.rebuild ? [restoredNameOf(workspace), workspace] : [workspace]) {
    await cleanUp(rds.ofWorkspace(name), name, runId, { ...settings, log }, signal);
  }
  if (settings.refresh === undefined) return;
  const recovered = await recoverSuccessors(rds, { run: runId }, { ...settings, log }, signal);
  for (const { error } of recovered) if (error !== undefined) throw error;
}
