/**
 * The states of a snapshot, what is done in each, and the one function that tells the state from RDS's record. A final snapshot's
 * life:
 *
 *     being created > available > proof tag pending > unshared > verified > superseded
 *     └─────────── in progress ───────────┘                      (retention prunes it)
 *
 * Without its proof it never leaves `in progress` but to be deleted: by its own run, or, once `abandoned`, by the next run or
 * `sweep`. With its proof, which it gets as soon as RDS shows it, it outlasts its run: `awaited`, then `unshared`. To add or change a state, begin with the table here; only `proof_mark.ts` writes the proof's tag, and only this file reads it
 * (`tests/rds/states/snapshot_test.ts`).
 *
 * @module
 */

import type { OverviewState } from "../../core/overview.ts";
import type { CopyTarget } from "../../core/settings.ts";
import type { Rds } from "../api/client.ts";
import {
  copiesWantedBy,
  isCopyName,
  isWorkspaceName,
  type Named,
  refreshOf,
  sharing,
  sourceOfSnapshotName,
  tag,
  workspaceName,
  workspaceNames,
} from "../api/names.ts";
import type { Snapshot } from "../api/records.ts";
import { hasToolTag, ownerOf, runOf, type RunOfTags } from "./owner.ts";
import { snapshotStatusClass } from "../api/status_classes.ts";

/** What is done in a state. */
interface SnapshotRules {
  readonly meaning: string;
  /** What the source's next run does. `stop`: with --wait it waits. `await`, `share`: so does `finish`. */
  readonly nextRun: "ignore" | "stop" | "delete" | "await" | "share";
  /** Whether its quota is free again before the next run's restore. */
  readonly freesQuota: boolean;
  /** What `sweep` does. */
  readonly sweep: "ignore" | "leave" | "delete";
  /** Whether it may be tied to the report of its run. */
  readonly tie: boolean;
  /** Whether it may be shared. */
  readonly share: boolean;
  /** What retention does with those under a final snapshot's name. */
  readonly prune: "never" | "superseded" | "always";
  /** The word of `status`. */
  readonly status: OverviewState;
}

/** All states. */
export const snapshotStates = {
  "in progress": {
    meaning: "a run's, being made or without proof, and the heartbeat is fresh: being made, verified again or tagged",
    nextRun: "stop",
    freesQuota: false,
    sweep: "leave",
    tie: false,
    share: false,
    prune: "never",
    status: "running",
  },
  abandoned: {
    meaning: "a run's, without proof, and the heartbeat has expired",
    nextRun: "delete",
    freesQuota: true,
    sweep: "delete",
    tie: false,
    share: false,
    prune: "never",
    status: "orphaned",
  },
  unattributed: {
    meaning: "looks like a run's, but has no proof beside the tags of a run",
    nextRun: "ignore",
    freesQuota: false,
    sweep: "ignore",
    tie: false,
    share: false,
    prune: "never",
    status: "foreign",
  },
  awaited: {
    meaning: "has its proof, RDS is still making or copying it, and its run is dead or has given up",
    nextRun: "await",
    freesQuota: false,
    sweep: "leave",
    tie: true,
    share: false,
    prune: "never",
    status: "scrubbed",
  },
  unshared: {
    meaning: "has its proof; its run has not shared it, copied it to other regions, or refreshed an instance, as asked",
    nextRun: "share",
    freesQuota: false,
    sweep: "ignore",
    tie: true,
    share: true,
    prune: "superseded",
    status: "scrubbed",
  },
  verified: {
    meaning: "has its proof, and is shared, copied and restored as asked",
    nextRun: "ignore",
    freesQuota: false,
    sweep: "ignore",
    tie: true,
    share: true,
    prune: "superseded",
    status: "scrubbed",
  },
  untagged: {
    meaning: "of the Python datascrubber, which set no tags of runs; known by its names",
    nextRun: "ignore",
    freesQuota: false,
    sweep: "ignore",
    tie: false,
    share: false,
    prune: "superseded",
    status: "scrubbed",
  },
  pending: {
    meaning: "has its proof or no tags of runs, and is not available yet",
    nextRun: "ignore",
    freesQuota: false,
    sweep: "ignore",
    tie: false,
    share: false,
    prune: "never",
    status: "running",
  },
  failed: {
    meaning: "has its proof or no tags of runs, and RDS could not make it",
    nextRun: "ignore",
    freesQuota: false,
    sweep: "ignore",
    tie: false,
    share: false,
    prune: "always",
    status: "broken",
  },
  deleting: {
    meaning: "RDS is deleting it, and no living run needs it",
    nextRun: "ignore",
    freesQuota: true,
    sweep: "ignore",
    tie: false,
    share: false,
    prune: "never",
    status: "leaving",
  },
  foreign: {
    meaning: "not made by this program, as far as its tags and names show",
    nextRun: "ignore",
    freesQuota: false,
    sweep: "ignore",
    tie: false,
    share: false,
    prune: "never",
    status: "foreign",
  },
} as const satisfies Record<string, SnapshotRules>;

/** The state of a snapshot. */
export type SnapshotState = keyof typeof snapshotStates;

/** The states that `sweep` does not ignore. */
export type SweptSnapshotState = {
  [S in SnapshotState]: (typeof snapshotStates)[S]["sweep"] extends "ignore" ? never : S;
}[SnapshotState];

/** Whether `sweep` looks at a snapshot in this state. */
export function isSweptSnapshot(state: SnapshotState): state is SweptSnapshotState {
  return snapshotStates[state].sweep !== "ignore";
}

/** A snapshot, its state, and where it comes from. */
export interface ClassifiedSnapshot {
  readonly snapshot: Snapshot;
  readonly state: SnapshotState;
  /** `final`, `copy`: as a run names it, of the workspace or source that it says; `similar`: only the form of a final one's. */
  readonly name: "final" | "copy" | "similar" | "other";
  /** DBInstanceIdentifier of the source, by the tag or the name; empty where neither tells. */
  readonly source: string;
  /** The workspace that it was taken of, or copied for; empty for any other. */
  readonly workspace: string;
  /** The other region that it was copied from, as RDS says; empty: made here. */
  readonly copiedFrom: string;
  /** Empty without the run's tag. */
  readonly runId: string;
}

/** Tells a snapshot's state. `now`: by RDS's clock. `dead`: a run that counts as dead whatever its heartbeat. */
export function classifySnapshot(snapshot: Snapshot, now: Date, dead?: string): ClassifiedSnapshot {
  const origin = originOf(snapshot);
  const run = runOf(snapshot.tags, now, dead);
  const runId = snapshot.tags.get(tag.run) ?? "";
  return { snapshot, state: stateOf(snapshot, origin, run), ...origin, copiedFrom: regionBefore(snapshot), runId };
}

function regionBefore({ arn, copyOf = arn }: Snapshot): string {
  const [here, before = ""] = [arn, copyOf].map((one) => one.split(":")[3]);
  return before === here ? "" : before;
}

type Origin = Pick<ClassifiedSnapshot, "name" | "source" | "workspace">;

function originOf({ id, instance, tags }: Snapshot): Origin {
  const named = sourceOfSnapshotName(id);
  const source = tags.get(tag.source) ?? named ?? "";
  if (source === "") return { source, workspace: "", name: "other" };
  const similar = named === undefined || !isWorkspaceName(instance) ? "other" : "similar";
  for (const workspace of workspaceNames(source)) {
    // RDS lists a copy under the instance that its original was taken of.
    if (instance === source && isCopyName(workspace, id)) return { source, workspace, name: "copy" };
    if (instance === workspace) return { source, workspace, name: named === source ? "final" : similar };
  }
  return { source, workspace: "", name: similar };
}

function stateOf(
  snapshot: Snapshot,
  { name, workspace }: Origin,
  run: RunOfTags | undefined,
): SnapshotState {
  const { type, status, tags } = snapshot;
  if (type !== "manual" || tags.has(tag.tool) && !hasToolTag(tags)) return "foreign";
  const statusClass = snapshotStatusClass(status);
  const made = run && tags.has(tag.source) && workspace !== "";
  if (made && proofTag(snapshot) === "absent") {
    if (run.alive) return "in progress";
    return statusClass === "leaving" ? "deleting" : "abandoned";
  }
  if (made && proofOf(snapshot) !== undefined && (status === "creating" || status === "copying")) {
    return run.alive ? "in progress" : "awaited";
  }
  const tagged = hasToolTag(tags) && tags.has(tag.run);
  if (!tagged && name !== "final") return "foreign";
  if (statusClass === "broken") return "failed";
  if (statusClass === "leaving") return "deleting";
  if (statusClass !== "done") return "pending";
  const proven = tagged && proofOf(snapshot) !== undefined;
  const wanted = isShareWanted(snapshot) || copiesWanted(snapshot).length > 0 || refreshWanted(snapshot) !== undefined;
  if (proven) return wanted ? "unshared" : "verified";
  return tags.has(tag.run) || proofTag(snapshot) !== "absent" ? "unattributed" : "untagged";
}

/** Whether a snapshot is still to be shared, by its tag. */
export function isShareWanted({ tags }: Snapshot): boolean {
  return tags.get(tag.share) === sharing.wanted;
}

/** Where a snapshot is still to be copied to, by its tags. */
export function copiesWanted({ tags }: Snapshot): readonly CopyTarget[] {
  return copiesWantedBy(tags);
}

/** The name of the instance that is still to be refreshed with a snapshot, by its tags. */
export function refreshWanted({ tags }: Snapshot): string | undefined {
  const wish = refreshOf(tags);
  return wish?.wanted ? wish.target : undefined;
}

/** For hints: which snapshots have no proof. */
export const withoutProof = `without the tag "${tag.proof}"`;

/** The digest in the proof's tag; undefined without one. An empty value is no proof. */
export function proofOf({ tags }: Snapshot): string | undefined {
  return tags.get(tag.proof) || undefined;
}

/** An empty tag is not this program's doing: it neither proves anything nor lets a run delete the snapshot. */
function proofTag({ tags }: Snapshot): "absent" | "empty" | "present" {
  const value = tags.get(tag.proof);
  return value === undefined ? "absent" : value === "" ? "empty" : "present";
}

/**
 * Whether sharing and retention of a source count this one: it has the name that a run of the source gives, and comes from where the
 * source's do. A source of the same name in another region is another one.
 */
export function isFinalOf({ name, source: of, workspace, copiedFrom }: ClassifiedSnapshot, source: Named): boolean {
  return name === "final" && of === source.name && workspace === workspaceName(source) &&
    copiedFrom === (source.copiedFrom ?? "");
}

/** All manual snapshots of a source that its runs may have made, final ones and copies. Only reads. */
export async function readSnapshotStates(
  rds: Rds,
  source: Named,
  signal: AbortSignal,
): Promise<readonly ClassifiedSnapshot[]> {
  const found = [
    ...await rds.snapshots({ instance: workspaceName(source), type: "manual" }, signal),
    ...await rds.snapshots({ instance: source.name, type: "manual" }, signal),
  ];
  return found.map((snapshot) => classifySnapshot(snapshot, rds.now()))
    .filter((one) => one.source === source.name && one.copiedFrom === "");
}

/** What a run knows of the snapshots that it may have to delete. */
export interface OwnSnapshots {
  readonly runId: string;
  /** DBInstanceIdentifier of the workspace. */
  readonly workspace: string;
  /** The workspace's DbiResourceId, if it is known: it is never used again. */
  readonly resourceId?: string | undefined;
  /** Whether a proof on it is known not to be this run's. */
  readonly disproven?: boolean | undefined;
}

/** Whether a run may delete this snapshot as its own: a final one without proof, or its copy. `CopyTagsToSnapshot` sets its tags. */
export function isOwnLeftover(snapshot: Snapshot, own: OwnSnapshots): boolean {
  const named = snapshot.instance === own.workspace || isCopyName(own.workspace, snapshot.id);
  if (snapshot.type !== "manual" || !named || proofTag(snapshot) !== "absent" && !own.disproven) return false;
  return ownerOf(snapshot.tags, own.runId) === "this run" || snapshot.resourceId === own.resourceId;
}

/** What RDS shows of the proof on a run's own final snapshot, between the request for the tag and the end of the run. */
export type ProofState =
  | "snapshot absent"
  | "snapshot not available"
  | "tag pending"
  | "verified"
  | "other instance"
  | "other proof";

/** Tells how far the proof's tag is. `proven`: the workspace's DbiResourceId and the proof's digest. */
export function proofState(
  snapshot: Snapshot | undefined,
  proven: { readonly resourceId: string; readonly digest: string },
): ProofState {
  if (snapshot === undefined) return "snapshot absent";
  if (snapshot.resourceId !== proven.resourceId) return "other instance";
  const shown = snapshot.tags.get(tag.proof);
  if (shown !== undefined && shown !== proven.digest) return "other proof";
  if (snapshot.status !== "available") return "snapshot not available";
  return shown === undefined ? "tag pending" : "verified";
}
