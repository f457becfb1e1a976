/** Checks that an instance may and can be refreshed: before the restore, and once more before its place is taken. Only reads. @module */

import { ScrubError } from "../../core/errors.ts";
import type { Rds } from "../api/client.ts";
import { beforeName, isBeforeName, majorVersion, newName, rdsEngines, refreshAllowed, tag } from "../api/names.ts";
import type { Instance, Snapshot } from "../api/records.ts";
import type { StagingInstance } from "../api/staging.ts";
import { looksLikeWorkspace } from "../states/owner.ts";
import { classifySuccessor } from "../states/successor.ts";
import type { Source } from "./source.ts";

/** What the instance is to be refreshed with. */
export interface RefreshNeeds {
  /** DBInstanceIdentifier of the instance. */
  readonly target: string;
  readonly runId: string;
  /** DbiResourceId of the source instance; absent where it is not known any more. */
  readonly sourceResource?: string;
  readonly snapshot: Pick<Snapshot, "engine" | "engineVersion" | "masterUser" | "encrypted">;
}

/** An instance that may be refreshed. */
export interface Refreshable {
  readonly like: StagingInstance;
  /** What the operator should know, as sentences. */
  readonly warnings: readonly string[];
}

/** Longest DBInstanceIdentifier. */
const longestName = 63;

/** Tags of a resource at most, and those of the program's that a successor has. */
const tagLimits = { most: 50, own: 10 } as const;

/**
 * Checks the target of a run before its restore. Gives warnings. Checks nothing where a dead run has left the target without its name: the
 * run gives that back before it checks again.
 *
 * @throws {ScrubError} as {@linkcode checkTarget}; `refresh` for a cluster.
 */
export async function checkRefresh(
  rds: Rds,
  source: Source,
  { refresh: target, kmsKey, runId }: {
    readonly refresh?: string;
    readonly kmsKey?: string;
    readonly runId: string;
  },
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (target === undefined) return [];
  if (rdsEngines[source.rdsEngine].deployment === "cluster") {
    throw new ScrubError(
      "refresh",
      `Cannot refresh "${target}" with a snapshot of "${source.name}": that is an Aurora cluster`,
      "Leave --refresh out for Aurora clusters, and restore their snapshots by hand.",
    );
  }
  const { snapshot: { engineVersion, masterUser, encrypted }, rdsEngine: engine } = source;
  const needs = {
    ...{ target, runId, sourceResource: source.resourceId },
    snapshot: { engine, engineVersion, masterUser, encrypted: encrypted || kmsKey !== undefined },
  };
  const all = await rds.instances(signal);
  const now = rds.now();
  const left = all.flatMap((one) => classifySuccessor(one, now) ?? []).find((one) =>
    one.target === target && one.state === "swapping"
  );
  if (left) return [`run ${left.runId} left "${target}" between two names: this run gives the name back first`];
  const { warnings } = await checkTarget(rds, needs, signal, all);
  return warnings;
}

/**
 * Checks an instance whose place is to be taken. `all`: the account's instances, if they have been read.
 *
 * @throws {ScrubError} `refresh` unless its owner allows it by a tag, and it can be; `occupied` if another run is at it.
 * @throws {RdsError} if AWS refuses.
 */
export async function checkTarget(
  rds: Rds,
  needs: RefreshNeeds,
  signal: AbortSignal,
  all?: readonly Instance[],
): Promise<Refreshable> {
  const { target, runId } = needs;
  const like = await rds.staging.read(target, signal);
  if (!like) {
    throw cannot(target, `there is no instance of that name in ${await rds.region(signal)}`, "Correct the name.");
  }
  const instances = all ?? await rds.instances(signal);
  const now = rds.now();
  const other = instances.flatMap((one) => classifySuccessor(one, now) ?? []).find((one) => one.target === target);
  if (other?.state === "in progress") {
    throw new ScrubError(
      "occupied",
      `Cannot refresh "${target}": run ${other.runId} is at it`,
      "Wait until that run has ended. If it has died, its heartbeat expires after three intervals.",
    );
  }
  const [why, hint] = obstacleOf(like, needs) ?? nameObstacle(instances, like, target, runId) ?? [];
  if (why !== undefined) throw cannot(target, why, hint ?? "");
  return { like, warnings: warningsOf(like, needs) };
}

type Obstacle = readonly [why: string, hint: string];

function obstacleOf(like: StagingInstance, { sourceResource, snapshot }: RefreshNeeds): Obstacle | undefined {
  const { instance, replicas, encrypted } = like;
  const { engine, engineVersion, tags } = instance;
  if (instance.resourceId === sourceResource) {
    return ["it is the source of the run", "Name an instance that is no production."];
  }
  if (looksLikeWorkspace(instance)) {
    return ["it carries the name or a tag of what this program makes", "Name an instance of your own."];
  }
  if (tags.get(tag.refresh) !== refreshAllowed) {
    return [
      `it does not carry the tag "${tag.refresh}" with the value "${refreshAllowed}"`,
      "If its data may be replaced, allow that: aws rds add-tags-to-resource --resource-name " +
      `${instance.arn} --tags Key=${tag.refresh},Value=${refreshAllowed}`,
    ];
  }
  if (instance.cluster !== undefined) {
    return [`it belongs to cluster "${instance.cluster}"`, "Name a DB instance by itself."];
  }
  if (instance.replicaOf !== undefined) {
    return [`it is a read replica of "${instance.replicaOf}"`, "Name an instance that is no replica."];
  }
  if (replicas.length > 0) {
    return [`it has read replicas, ${replicas.join(", ")}, which would stay with the old one`, "Delete them first."];
  }
  if (engine !== snapshot.engine) {
    return [`its engine is "${engine}", the snapshot's "${snapshot.engine}"`, "Name one of the same engine."];
  }
  if (majorVersion(engine, engineVersion) !== majorVersion(engine, snapshot.engineVersion)) {
    return [
      `its version is ${engineVersion}, the snapshot's ${snapshot.engineVersion}: its groups don't fit`,
      "Bring it to the same major version.",
    ];
  }
  if (instance.status !== "available") return [`it is "${instance.status}"`, "Wait until it is available."];
  if (instance.pending.length > 0) {
    return [
      `changes to it are pending (${instance.pending.join(", ")}), which would be lost`,
      "Apply them, and run again.",
    ];
  }
  if (encrypted && !snapshot.encrypted) {
    return ["it is encrypted, and the snapshot is not", "Encrypt the snapshot with --kms-key KEY."];
  }
  if (ownTags(tags).length > tagLimits.most - tagLimits.own) {
    return [
      `it has more than ${tagLimits.most - tagLimits.own} tags, and AWS allows ${tagLimits.most} with this program's`,
      "Take some off.",
    ];
  }
  return undefined;
}

function nameObstacle(
  instances: readonly Instance[],
  { deletionProtection }: StagingInstance,
  target: string,
  runId: string,
): Obstacle | undefined {
  const names = [newName(target, runId), beforeName(target, runId)];
  const tooLong = names.find((name) => name.length > longestName);
  if (tooLong !== undefined) {
    return [
      `the name that it would keep, "${tooLong}", has more than ${longestName} characters`,
      `Give the instance a name of at most ${longestName - tooLong.length + target.length} characters.`,
    ];
  }
  const before = instances.find(({ id }) => isBeforeName(target, id));
  if (before) {
    return [
      `"${before.id}", which an earlier run has put aside, still stands`,
      `If it is not needed any more: ${deleteCommands(before.id, deletionProtection, regionOf(before)).join(" && ")}`,
    ];
  }
  const taken = instances.find(({ id }) => names.includes(id));
  return taken && [`there is an instance "${taken.id}"`, "Run datascrubber finish, which deletes it if a run left it."];
}

function warningsOf(
  { instance, notCarried, kmsKeyId, afterRestore }: StagingInstance,
  { target, snapshot }: RefreshNeeds,
): readonly string[] {
  const reserved = [...instance.tags.keys()].filter((key) => key.startsWith("aws:"));
  return [
    ...notCarried.map((what) => `"${target}" has what a restored instance does not get: ${what}; add it by hand`),
    ...reserved.length > 0
      ? [`tags of "${target}" that AWS itself sets do not stay with the name: ${reserved.join(", ")}`]
      : [],
    ...instance.masterUser === snapshot.masterUser ? [] : [
      `the master user of "${target}" will be "${snapshot.masterUser}", the source's; it is "${instance.masterUser}"`,
    ],
    ...afterRestore.ManageMasterUserPassword
      ? []
      : [`nobody will know the master user's password of "${target}": set one behind the refresh`],
    ...kmsKeyId === undefined
      ? []
      : [`"${target}" will be encrypted with the key of the snapshot; it is with "${kmsKeyId}"`],
  ];
}

/** The tags of the owner's that its successor gets, too: AWS's own cannot be set, and those of earlier runs say nothing of it. */
export function ownTags(tags: ReadonlyMap<string, string>): readonly (readonly [key: string, value: string])[] {
  return [...tags].filter(([key]) =>
    !/^(aws|rds):/i.test(key) && (key === tag.refresh || !key.startsWith("datascrubber:")) && key !== tag.tool
  );
}

/** Commands of the AWS CLI that delete an instance. */
export function deleteCommands(id: string, isProtected: boolean, region: string): readonly string[] {
  const aws = (command: string, more: string) =>
    `aws rds ${command} --region ${region} --db-instance-identifier ${id} ${more}`;
  return [
    ...(isProtected ? [aws("modify-db-instance", "--no-deletion-protection --apply-immediately")] : []),
    aws("delete-db-instance", "--skip-final-snapshot"),
  ];
}

function regionOf({ arn }: Instance): string {
  return arn.split(":")[3] ?? "";
}

function cannot(target: string, why: string, hint: string): ScrubError {
  return new ScrubError("refresh", `Cannot refresh "${target}": ${why}`, hint);
}
