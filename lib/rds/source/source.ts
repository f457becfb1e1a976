/** Resolves a source: which snapshot to restore, and with which settings. Only reads. @module */

import type { DeploymentKind, SourceRequest, WorkspaceOverrides } from "../../core/settings.ts";
import { ScrubError } from "../../core/errors.ts";
import { GIB } from "../../core/storage.ts";
import type { Rds, RestoreCall } from "../api/client.ts";
import { resolveEndpoint } from "./dns.ts";
import { isRdsEngine, isWorkspaceName, type RdsEngine, rdsEngines, restoredName, workspaceName } from "../api/names.ts";
import { hasToolTag, looksLikeWorkspace } from "../states/owner.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import { restoreSettings } from "./restore_settings.ts";
import type { Size } from "./size_check.ts";
import type { EngineName } from "../../core/engine_name.ts";

/** The snapshot that a run restores. */
export type SourceSnapshot =
  & Pick<
    Snapshot,
    "id" | "arn" | "engineVersion" | "masterUser" | "storageBytes" | "storageType" | "encrypted" | "kmsKeyId"
  >
  & { readonly takenAt: Date };

/** A source, resolved. */
export interface Source {
  readonly engine: EngineName;
  readonly rdsEngine: RdsEngine;
  readonly deployment: DeploymentKind;
  /** DBInstanceIdentifier of the snapshot's instance, or DBClusterIdentifier of its cluster. */
  readonly name: string;
  /** That instance's DbiResourceId: it must never be touched. */
  readonly resourceId: string;
  readonly snapshot: SourceSnapshot;
  /** Parameters of the restore. */
  readonly restore: Omit<RestoreCall, "instance" | "tags">;
  /** What the operator says of the fresh instance that the snapshot is to be taken of; absent: it is taken of the restored one. */
  readonly rebuild?: FreshStorage;
}

/** Storage of a fresh instance, in GiB; absent: what its data needs. */
export type FreshStorage = Pick<WorkspaceOverrides, "allocatedStorage">;

/** The name of the workspace that the source's snapshot is restored to. */
export function restoredTo(source: Source): string {
  return source.rebuild ? restoredName(source) : workspaceName(source);
}

export { workspaceName } from "../api/names.ts";

/** How to resolve. */
export interface ResolveOptions {
  readonly overrides: WorkspaceOverrides;
  /** For single sources, by DBInstanceIdentifier, in place of `overrides`. */
  readonly overridesOf?: Readonly<Record<string, WorkspaceOverrides>>;
  /** `address` or `address:port`; absent: the system's. */
  readonly dnsServer?: string;
  /** Default `/etc/resolv.conf`. */
  readonly resolvConf?: string;
  /** Whether the final snapshot is to be taken of a fresh instance, whose storage the overrides are about then. */
  readonly rebuild?: boolean;
}

/**
 * Resolves a source by snapshot, instance or host name.
 *
 * @throws {ScrubError} `source` if it is not found or cannot be restored; `rebuild` if it is a cluster, which cannot be rebuilt; `usage` or
 * `dns` for a host name.
 * @throws {RdsError} if AWS refuses.
 */
export async function resolveSource(
  rds: Rds,
  request: SourceRequest,
  options: ResolveOptions,
  signal: AbortSignal,
): Promise<Source> {
  const { rdsEngine, snapshot, instance, restoreBy } = request.kind === "snapshot"
    ? await bySnapshot(rds.of(isClusterSnapshot(request) ? "cluster" : "instance"), request, signal)
    : await byInstance(rds, request, await findInstance(rds, request, options, signal), signal);
  const { takenAt, status } = snapshot;
  if (takenAt === undefined || status !== "available") {
    throw cannot(
      request,
      `snapshot "${snapshot.id}" is "${status}", not "available"`,
      "Wait until it is, or choose another one.",
    );
  }
  const { deployment } = rdsEngines[rdsEngine];
  if (options.rebuild && deployment === "cluster") {
    throw new ScrubError(
      "rebuild",
      `Cannot rebuild "${snapshot.instance}": it is an Aurora cluster, whose storage is a service's`,
      "Leave --rebuild out for it, in a run of its own. Nothing was created.",
    );
  }
  const overrides = overridesOf(options, snapshot.instance);
  const { allocatedStorage, ...others } = overrides;
  return {
    engine: request.engine,
    rdsEngine,
    deployment,
    name: snapshot.instance,
    resourceId: snapshot.resourceId,
    snapshot: { ...snapshot, takenAt },
    restore: {
      snapshot: restoreBy,
      ...restoreSettings(snapshot, instance, options.rebuild ? others : overrides),
    },
    ...(options.rebuild && { rebuild: allocatedStorage === undefined ? {} : { allocatedStorage } }),
  };
}

/** What the operator says about one source's workspace. */
export function overridesOf(options: ResolveOptions, source: string): WorkspaceOverrides {
  const own = options.overridesOf ?? {};
  const name = source.toLowerCase();
  return Object.hasOwn(own, name) ? own[name] ?? options.overrides : options.overrides;
}

/** The size that the source's workspace is asked for. `parameters`: of its parameter group, where they are known. */
export function sizeOf(
  { engine, restore, snapshot }: Source,
  parameters: ReadonlyMap<string, string> | undefined,
): Size {
  const { instanceClass, storageType, iops, storageThroughput, allocatedStorage } = restore;
  return {
    ...{ engine, instanceClass, storageType, iops, storageThroughput, allocatedStorage, parameters },
    snapshot: {
      storageType: snapshot.storageType,
      ...(snapshot.storageBytes !== undefined && { storage: snapshot.storageBytes / GIB }),
    },
  };
}

interface Found {
  readonly rdsEngine: RdsEngine;
  readonly snapshot: Snapshot;
  /** Absent: the instance is gone, or another account's. */
  readonly instance?: Instance;
  /** What the restore call takes: a name, but the ARN of another account's snapshot. */
  readonly restoreBy: string;
}

async function bySnapshot(rds: Rds, request: SourceRequest, signal: AbortSignal): Promise<Found> {
  const found = await findSnapshot(rds, request, signal);
  if (!found) {
    throw cannot(
      request,
      `there is no snapshot "${request.value}" in ${await rds.region(signal)}`,
      "Check its name and the region; another account's snapshot is named by its ARN and must be shared with this account.",
    );
  }
  const { snapshot, restoreBy } = found;
  const rdsEngine = checkEngine(request, `snapshot "${snapshot.id}"`, snapshot.engine);
  if (isWorkspaceName(snapshot.instance)) {
    throw cannot(
      request,
      `snapshot "${snapshot.id}" was made by a run of this program`,
      "Give a snapshot of the production instance.",
    );
  }
  const instance = await rds.instance(snapshot.instance, signal);
  // Names are used again: only the resource id shows that this is the snapshot's instance.
  return instance?.resourceId === snapshot.resourceId
    ? { rdsEngine, snapshot, instance, restoreBy }
    : { rdsEngine, snapshot, restoreBy };
}

function isClusterSnapshot({ value }: SourceRequest): boolean {
  return /^arn:[^:]*:rds:[^:]*:\d*:cluster-snapshot:/.test(value);
}

/** RDS does not find an own snapshot by ARN, so this tries the name in the ARN first. */
async function findSnapshot(
  rds: Rds,
  request: SourceRequest,
  signal: AbortSignal,
): Promise<Pick<Found, "snapshot" | "restoreBy"> | undefined> {
  const { value } = request;
  if (!value.startsWith("arn:")) {
    const snapshot = await rds.snapshot(value, signal);
    return snapshot && { snapshot, restoreBy: snapshot.id };
  }
  // Automated snapshots have colons in their names.
  const [, service, region, name] = /^arn:[^:]*:([^:]*):([^:]*):\d{12}:(?:cluster-)?snapshot:(.+)$/.exec(value) ?? [];
  if (service !== "rds" || name === undefined) {
    throw cannot(
      request,
      `"${value}" is not the ARN of an RDS snapshot`,
      "Give the ARN of a DB snapshot or cluster snapshot, or the name of a DB snapshot.",
    );
  }
  const here = await rds.region(signal);
  if (region !== here) {
    throw cannot(request, `that snapshot is in ${region}, the run is in ${here}`, `Give --region ${region}.`);
  }
  const own = await rds.snapshot(name, signal);
  if (own?.arn === value) return { snapshot: own, restoreBy: own.id };
  const foreign = await rds.snapshot(value, signal);
  if (foreign?.encrypted && rds.kind === "instance") {
    throw cannot(
      request,
      "it is another account's and encrypted, which RDS restores in no other account",
      "Copy it into this account with a key of this account, then give the copy.",
    );
  }
  return foreign && { snapshot: foreign, restoreBy: foreign.arn };
}

async function findInstance(
  rds: Rds,
  request: SourceRequest,
  options: ResolveOptions,
  signal: AbortSignal,
): Promise<Instance> {
  if (request.kind === "instance" || request.kind === "cluster") {
    const instance = await rds.of(request.kind).instance(request.value, signal);
    if (instance) return instance;
    throw cannot(
      request,
      `there is no ${request.kind} "${request.value}" in ${await rds.region(signal)}`,
      `Check its name and the region. If the ${request.kind} is gone, name one of its snapshots.`,
    );
  }
  const dns = { server: options.dnsServer, resolvConf: options.resolvConf };
  const endpoint = await resolveEndpoint(request.value, dns, signal);
  const here = await rds.region(signal);
  const [, label = "", region] = /^[^.]+\.([^.]+)\.([^.]+)\.rds\./.exec(endpoint) ?? [];
  const leads = endpoint === request.value ? `it is` : `it leads to "${endpoint}",`;
  if (label.startsWith("proxy-")) {
    throw cannot(request, `${leads} an RDS proxy`, "Give the instance behind it with the flag for instances.");
  }
  if (/^cluster-(ro|custom)-/.test(label)) {
    throw cannot(
      request,
      `${leads} a cluster's endpoint for readers, or a custom one`,
      `Give the endpoint of its writer, or the cluster's name by --${request.engine}-clusters.`,
    );
  }
  if (region !== undefined && region !== here) {
    throw cannot(request, `${leads} in ${region}, the run is in ${here}`, `Give --region ${region}.`);
  }
  const kind = label.startsWith("cluster-") ? "cluster" : "instance";
  const instance = (await rds.of(kind).instances(signal)).find((candidate) => candidate.endpoint?.host === endpoint);
  if (instance) return instance;
  throw cannot(
    request,
    `no ${kind === "cluster" ? "Aurora cluster" : kind} of this account in ${here} has the endpoint "${endpoint}"`,
    `Check the account and the region; the name may be a leftover of a deleted ${kind}.`,
  );
}

async function byInstance(any: Rds, request: SourceRequest, instance: Instance, signal: AbortSignal): Promise<Found> {
  if (instance.cluster !== undefined) {
    throw cannot(
      request,
      `instance "${instance.id}" belongs to cluster "${instance.cluster}"`,
      `Give an Aurora cluster by --${request.engine}-clusters ${instance.cluster}; Multi-AZ DB clusters are not supported.`,
    );
  }
  const rdsEngine = checkEngine(request, `instance "${instance.id}"`, instance.engine);
  const rds = any.of(rdsEngines[rdsEngine].deployment);
  if (looksLikeWorkspace(instance)) {
    throw cannot(request, `instance "${instance.id}" is a workspace of this program`, "Give a production instance.");
  }
  if (instance.replicaOf !== undefined) {
    throw cannot(
      request,
      `instance "${instance.id}" is a read replica of "${instance.replicaOf}"`,
      `Give the primary, "${instance.replicaOf}".`,
    );
  }
  const all = (await rds.snapshots({ instance: instance.id, type: "automated" }, signal))
    .filter((snapshot) => snapshot.resourceId === instance.resourceId && !hasToolTag(snapshot.tags));
  const usable = all.flatMap((snapshot) =>
    snapshot.status === "available" && snapshot.takenAt ? [{ snapshot, time: snapshot.takenAt.getTime() }] : []
  );
  const [newest] = usable.toSorted((a, b) => b.time - a.time || (a.snapshot.id < b.snapshot.id ? 1 : -1));
  if (newest) return { rdsEngine, snapshot: newest.snapshot, instance, restoreBy: newest.snapshot.id };
  const statuses = all.map(({ id, status }) => `"${id}" is "${status}"`).join(", ");
  throw cannot(
    request,
    all.length > 0
      ? `instance "${instance.id}" has no available automated snapshot: ${statuses}`
      : `instance "${instance.id}" has no automated snapshot`,
    instance.backupRetention === 0
      ? "Switch on its automated backups, or name a manual snapshot with the flag for snapshots."
      : "Wait for its next automated backup, or name a manual snapshot with the flag for snapshots.",
  );
}

/** Gives the engine, if it is the one that the request's option is for. */
function checkEngine(request: SourceRequest, what: string, engine: string): RdsEngine {
  if (!isRdsEngine(engine)) {
    throw cannot(
      request,
      `the engine of ${what} is "${engine}", which is not supported`,
      'Give a source whose engine is "postgres", "mysql", "mariadb", "aurora-postgresql" or "aurora-mysql".',
    );
  }
  const { engine: own, deployment } = rdsEngines[engine];
  if (own !== request.engine) {
    throw cannot(request, `the engine of ${what} is "${engine}"`, `Give it with --${own}-${request.kind}s.`);
  }
  // An instance of Aurora without a cluster, which there is not.
  if (request.kind === "instance" && deployment === "cluster") {
    throw cannot(request, `the engine of ${what} is "${engine}"`, `Give its cluster with --${own}-clusters.`);
  }
  return engine;
}

function cannot(request: SourceRequest, why: string, hint: string): ScrubError {
  return new ScrubError("source", `Cannot use --${request.engine}-${request.kind}s "${request.value}": ${why}`, hint);
}
