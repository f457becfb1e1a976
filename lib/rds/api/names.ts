/** Names and tags of what a run creates. They never change: monitoring and old snapshots depend on them. @module */

import { createHash } from "node:crypto";
import type { EngineName } from "../../core/engine_name.ts";
import type { CopyTarget, DeploymentKind } from "../../core/settings.ts";

/** RDS's names of the engines. */
export type RdsEngine = "postgres" | "mysql" | "mariadb" | "aurora-postgresql" | "aurora-mysql";

/** Which engine each of them is, and of which kind of deployment. MariaDB speaks to the engine of MySQL. */
export const rdsEngines: Readonly<
  Record<RdsEngine, { readonly engine: EngineName; readonly deployment: DeploymentKind }>
> = {
  "postgres": { engine: "postgresql", deployment: "instance" },
  "mysql": { engine: "mysql", deployment: "instance" },
  "mariadb": { engine: "mysql", deployment: "instance" },
  "aurora-postgresql": { engine: "postgresql", deployment: "cluster" },
  "aurora-mysql": { engine: "mysql", deployment: "cluster" },
};

/** RDS's name of an engine, or another word of RDS's. */
export function isRdsEngine(name: string): name is RdsEngine {
  return Object.hasOwn(rdsEngines, name);
}

const names: readonly RdsEngine[] = Object.keys(rdsEngines).filter(isRdsEngine);

/** A source, as far as names need it. */
export interface Named {
  readonly rdsEngine: RdsEngine;
  /** DBInstanceIdentifier of the source, or DBClusterIdentifier. */
  readonly name: string;
  /** Of the copies that its runs make in another region: the region that they come from. Absent: its final snapshots themselves. */
  readonly copiedFrom?: string;
}

/** Keys of this program's tags. AWS allows letters, digits, spaces and `_.:/=+-@` in keys and values. */
export const tag = {
  /** On everything that a run creates; the value is {@linkcode TOOL}. */
  tool: "scrubber",
  run: "datascrubber:run",
  source: "datascrubber:source",
  started: "datascrubber:started",
  /** Time of the run's last heartbeat by RDS's clock, ISO 8601. */
  heartbeat: "datascrubber:heartbeat",
  /** The run's heartbeat interval in seconds: runs may have different settings. */
  heartbeatSeconds: "datascrubber:heartbeat-seconds",
  /** Only on a verified snapshot: the digest of the proof. */
  proof: "datascrubber:proof",
  /** On a verified snapshot: the search for removed values, `full`, `sample` or `off`. */
  search: "datascrubber:search",
  /** On a verified snapshot: the SHA-256 of its run's report. */
  report: "datascrubber:report",
  /** On a verified snapshot: the signature of the statement about its run's report. */
  signature: "datascrubber:signature",
  /** On a verified snapshot: whether it is still to be shared, see {@linkcode sharing}. */
  share: "datascrubber:share",
  /** On a verified snapshot, followed by the name of a region: whether it is still to be copied there, see {@linkcode copying}. */
  copyTo: "datascrubber:copy:",
  /** On an instance of the operator's: whether a run may put another one in its place, see {@linkcode refreshAllowed}. */
  refresh: "datascrubber:refresh",
  /** On a verified snapshot: see {@linkcode refreshing}; on the instance that a run makes of it: the name that it is to take. */
  refreshes: "datascrubber:refreshes",
  /** On such an instance: the DbiResourceId of the one whose place it takes. */
  replaces: "datascrubber:replaces",
  /** On such an instance, from when on names change: from then on it is never deleted as a leftover, but takes its place. */
  swap: "datascrubber:swap",
  /** On such an instance, and it stays: the snapshot that it was restored from. */
  restoredFrom: "datascrubber:restored-from",
} as const;

/** Value of {@linkcode tag.tool}. */
export const TOOL = "scrubber";

/** The tags of what a run creates `now`, by RDS's clock. `heartbeat`: the interval in milliseconds. */
export function runTags(source: Named, runId: string, heartbeat: number, now: Date): Record<string, string> {
  const time = now.toISOString();
  return {
    [tag.tool]: TOOL,
    [tag.run]: runId,
    [tag.source]: source.name,
    [tag.started]: time,
    [tag.heartbeat]: time,
    [tag.heartbeatSeconds]: String(heartbeat / 1000),
  };
}

/**
 * Values of `tag.copyTo`: to be copied, behind a space the key that the copy is to be encrypted with; or copied, and shared there as
 * asked.
 */
export const copying = {
  wanted: ({ kmsKey }: CopyTarget) => kmsKey === undefined ? "wanted" : `wanted ${kmsKey}`,
  done: "done",
} as const;

/** Which copies a snapshot's tags ask for. */
export function copiesWantedBy(tags: ReadonlyMap<string, string>): readonly CopyTarget[] {
  return [...tags].flatMap(([key, value]) => {
    const [word, kmsKey] = value.split(" ", 2);
    if (!key.startsWith(tag.copyTo) || word !== "wanted") return [];
    return [{ region: key.slice(tag.copyTo.length), ...(kmsKey !== undefined && { kmsKey }) }];
  });
}

/** Value of {@linkcode tag.refresh} with which the operator allows it. */
export const refreshAllowed = "allowed";

/** Values of `tag.refreshes` on a snapshot: an instance of it is still to take that name; it has, or a newer one has. */
export const refreshing = {
  wanted: (target: string) => `wanted ${target}`,
  done: (target: string) => `done ${target}`,
} as const;

/** The name that an instance of a snapshot is to take, and whether it still is; undefined where none is asked for. */
export function refreshOf(
  tags: ReadonlyMap<string, string>,
): { readonly target: string; readonly wanted: boolean } | undefined {
  const [, word, target] = /^(wanted|done) (\S+)$/.exec(tags.get(tag.refreshes) ?? "") ?? [];
  return target === undefined ? undefined : { target, wanted: word === "wanted" };
}

/** Values of `tag.share`. If a run ends before it has shared, the tag stays `wanted`, and the next run shares. */
export const sharing = { wanted: "wanted", done: "done" } as const;

/** The workspace's DBInstanceIdentifier, or DBClusterIdentifier: the same in every run, so that a second run finds the first. */
export function workspaceName(source: Named): string {
  const hash = createHash("sha256").update(source.name).digest("hex").slice(0, 12);
  return `scrubber-${source.rdsEngine}-${hash}`;
}

/** What the name of a restored workspace ends with where another one, which is filled from it, has the source's name. */
const restoredSuffix = "-restored";

/**
 * The name of the restored workspace of a run that rebuilds: the fresh one, of which the snapshot is taken, has the name of any workspace
 * of the source.
 */
export function restoredName(source: Named): string {
  return restoredNameOf(workspaceName(source));
}

/** The same, by the usual name. */
export function restoredNameOf(workspace: string): string {
  return `${workspace}${restoredSuffix}`;
}

/** The names that a source's workspaces have: one, and with `--rebuild` two. */
export function namesOfWorkspaces(source: Named): readonly string[] {
  const { deployment } = rdsEngines[source.rdsEngine];
  return [workspaceName(source), ...deployment === "instance" ? [restoredName(source)] : []];
}

/** The names that workspaces of a source have, by engine: for what no engine is known of. */
export function workspaceNames(name: string): readonly string[] {
  return names.flatMap((rdsEngine) => namesOfWorkspaces({ rdsEngine, name }));
}

/** Whether this is the name of a workspace. */
export function isWorkspaceName(name: string): boolean {
  return engineOfWorkspace(name) !== undefined;
}

/** What a workspace of this name is; undefined for any other name. */
export function deploymentOfWorkspace(name: string): DeploymentKind | undefined {
  const engine = engineOfWorkspace(name);
  return engine && rdsEngines[engine].deployment;
}

function engineOfWorkspace(name: string): RdsEngine | undefined {
  const [, engine = "", restored] = /^scrubber-([a-z-]+)-[0-9a-f]{12}(-restored)?$/.exec(name) ?? [];
  if (!isRdsEngine(engine)) return undefined;
  return restored === undefined || rdsEngines[engine].deployment === "instance" ? engine : undefined;
}

/** The DBInstanceIdentifier of a cluster's writer. */
export function writerName(cluster: string): string {
  return `${cluster}-writer`;
}

/** The name of the intermediate copy that a run makes to change the key. */
export function copyName(source: Named, runId: string): string {
  return `${workspaceName(source)}-copy-${shortened(runId)}`;
}

/** The name of the snapshot that a run takes of its source. */
export function freshName(source: Named, runId: string): string {
  return `${workspaceName(source)}-fresh-${shortened(runId)}`;
}

/** The name of the instance that a run makes to put it in the place of another, until it has it. */
export function newName(target: string, runId: string): string {
  return `${target}-new-${shortened(runId)}`;
}

/** The name under which a run keeps the instance whose place it gives away. */
export function beforeName(target: string, runId: string): string {
  return `${target}-before-${shortened(runId)}`;
}

/** Whether this is the name of an instance whose place a run gave away. */
export function isBeforeName(target: string, name: string): boolean {
  return name.startsWith(`${target}-before-`) && /^[0-9a-z]{1,12}$/.test(name.slice(`${target}-before-`.length));
}

function shortened(runId: string): string {
  return runId.replaceAll(/[^0-9A-Za-z]/g, "").slice(0, 12).toLowerCase();
}

/** Whether this is the name of an intermediate copy, or of a fresh snapshot, for this workspace. */
export function isCopyName(workspace: string, name: string): boolean {
  const usual = workspace.endsWith(restoredSuffix) ? workspace.slice(0, -restoredSuffix.length) : workspace;
  return name.startsWith(`${usual}-copy-`) || name.startsWith(`${usual}-fresh-`);
}

/**
 * The name of a source's isolation group, a DB parameter group for its workspace: one for each family, because groups do not fit
 * another one.
 */
export function isolationGroupName(source: Named & { readonly engineVersion: string }): string {
  const family = `${source.rdsEngine}${majorVersion(source.rdsEngine, source.engineVersion)}`;
  return `scrubber-${family.replaceAll(".", "-")}-${source.name}`;
}

/** PostgreSQL's major version is the first number (from 10 on), MySQL's and MariaDB's the first two. */
export function majorVersion(engine: string, version: string): string {
  return version.split(".").slice(0, engine.endsWith("mysql") || engine === "mariadb" ? 2 : 1).join(".");
}

/** The final snapshot's name, in UTC. */
export function snapshotName(source: Named, time: Date): string {
  return `scrubbed-${source.name}-${time.toISOString().slice(0, 16).replaceAll(/[T:]/g, "-")}`;
}

/** The source's name in the name of a final snapshot; undefined in any other name. */
export function sourceOfSnapshotName(name: string): string | undefined {
  return /^scrubbed-(.+)-\d{4}(?:-\d\d){4}$/.exec(name)?.[1];
}
