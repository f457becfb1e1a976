/**
 * Every wait for RDS, as data. To change one (from and to which classes of statuses, how often in a row, by which limit, what the error
 * says cannot be done): its row here. To add one: a row here, and of `wait.ts` with its name in the file that the row gives
 * - `waitFor` for a status that must come (`statusWaits`): the run fails where it does not;
 * - `readBack` for a change of the run's own that RDS shows late (`readBacks`): it goes on without;
 * - `mayRepeat` for a call that RDS refuses for a while (`repeatedCalls`).
 *
 * - A status of RDS's that is new: `status_classes.ts`; without a line there its words decide. One that needs a limit of its own gets a
 *   class of its own, in the `from` of the waits that it must not fail (`allButAbsent` here), and a row that waits for its end.
 * - The hint at a bad status (`failure`) and at a time limit, for all waits: `wait.ts`.
 * - A time limit: `limit` below, `WaitOptions` and `limitOptions` in `wait.ts`, `WorkspaceOptions` in `../workspace/context.ts`, the
 *   length of a run in `../source/credentials.ts`, and an option (`lib/cli/options/options.ts`). Each limits all rows that name it:
 *   `snapshotTimeout` the copy of an unencrypted source's snapshot, too. `finish` has a length of its own (`lib/cli/commands/finish.ts`).
 *   Settings become `WorkspaceOptions` by their equal names (`{ ...settings }` in `lib/pipeline/run_source.ts`).
 * - How often RDS is asked: every `--poll-interval`, for all waits, a quarter more or less, and up to eight times as long after errors
 *   (`poll` in `wait.ts`). Tests wait by milliseconds: an interval of a wait's own must be a multiple of it.
 * - A status of ours in a reading ("available, without its proof yet") hides RDS's own: such a reading gives its `statusClass`, too.
 * - Tests: `tests/rds/api/wait_test.ts`, and `tests/rds/workspace/workspace_test.ts` with the local RDS's fault `ends`, which leaves an
 *   instance in a status. Statuses that it passes through: `scripts/local_rds/actions/restore.ts`.
 *
 * `tests/rds/api/waits_test.ts` holds the rows to the files, and prints the tables of `lib/rds/README.md`.
 *
 * @module
 */

import type { StatusClass } from "./status_classes.ts";

/** A wait for a status. It fails on any class that is neither in `from` nor in `to`, and at its time limit. */
export interface StatusWait {
  /** What the error says cannot be done. `id`: of the instance or snapshot. */
  readonly purpose: (id: string) => string;
  readonly of: "instance" | "snapshot";
  /** Classes to wait through. */
  readonly from: readonly StatusClass[];
  /** Classes to wait for. */
  readonly to: readonly StatusClass[];
  /** How often in a row `to` must be read: a new instance is available, then modified, then available. */
  readonly consecutive: number;
  /** What it means that RDS has no such record: just that (`absent`), or not yet, for as long as a change may take to show. */
  readonly absent: "absent" | "not shown yet";
  readonly limit: "timeout" | "snapshotTimeout";
  /** What becomes of the instance or snapshot if the wait fails. */
  readonly onFailure: string;
  /** The file that waits. */
  readonly by: string;
}

const allButAbsent: readonly StatusClass[] = ["leaving", "done", "busy", "transient", "broken"];

/** Waits for a status: `waitFor`. Instances are read by DescribeDBInstances, snapshots by DescribeDBSnapshots. */
export const statusWaits = {
  copyCreated: {
    purpose: (id) => `copy the source's snapshot to "${id}"`,
    of: "snapshot",
    from: ["transient"],
    to: ["done"],
    consecutive: 1,
    absent: "not shown yet",
    limit: "snapshotTimeout",
    onFailure: "the lease deletes the copy",
    by: "workspace/reencrypt.ts",
  },
  freshCreated: {
    purpose: (id) => `take snapshot "${id}" of the source`,
    of: "snapshot",
    from: ["transient"],
    to: ["done"],
    consecutive: 1,
    absent: "not shown yet",
    limit: "snapshotTimeout",
    onFailure: "the lease deletes the fresh snapshot",
    by: "workspace/fresh_snapshot.ts",
  },
  workspaceRestored: {
    purpose: (id) => `restore "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 2,
    absent: "not shown yet",
    limit: "timeout",
    onFailure: "the lease deletes the instance",
    by: "workspace/make_instance.ts",
  },
  workspaceCreated: {
    purpose: (id) => `create "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 2,
    absent: "not shown yet",
    limit: "timeout",
    onFailure: "the lease deletes the instance",
    by: "workspace/make_instance.ts",
  },
  workspaceStable: {
    purpose: (id) => `secure "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 2,
    absent: "absent",
    limit: "timeout",
    onFailure: "the lease deletes the instance",
    by: "workspace/secure.ts",
  },
  workspaceDeletable: {
    purpose: (id) => `snapshot "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 1,
    absent: "absent",
    limit: "timeout",
    onFailure: "the lease deletes the instance",
    by: "workspace/finalise.ts",
  },
  workspaceRestarted: {
    purpose: (id) => `restart "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 1,
    absent: "absent",
    limit: "timeout",
    onFailure: "the lease deletes the instance",
    by: "workspace/take_snapshot.ts",
  },
  snapshotCreated: {
    purpose: (id) => `make snapshot "${id}"`,
    of: "snapshot",
    from: ["transient"],
    to: ["done"],
    consecutive: 1,
    absent: "not shown yet",
    limit: "snapshotTimeout",
    onFailure: "the snapshot is kept and named (status 4) if it has its proof; else the lease deletes it",
    by: "workspace/finalise.ts",
  },
  workspaceDeleted: {
    purpose: (id) => `snapshot "${id}"`,
    of: "instance",
    // Right after the call RDS may still show the status from before.
    from: allButAbsent,
    to: ["absent"],
    consecutive: 1,
    absent: "absent",
    limit: "timeout",
    onFailure: "as with snapshotCreated; RDS goes on deleting the instance",
    by: "workspace/finalise.ts",
  },
  proofShown: {
    purpose: (id) => `tag snapshot "${id}"`,
    of: "snapshot",
    from: ["transient"],
    to: ["done"],
    consecutive: 1,
    absent: "not shown yet",
    limit: "timeout",
    onFailure: "the snapshot is kept, not shared, and named (status 4); the next run shares or deletes it",
    by: "workspace/proof_mark.ts",
  },
  earlierCreated: {
    purpose: (id) => `finish snapshot "${id}"`,
    of: "snapshot",
    from: ["transient"],
    to: ["done"],
    consecutive: 1,
    absent: "absent",
    limit: "snapshotTimeout",
    onFailure: "the snapshot of the earlier run is kept and named (status 4)",
    by: "snapshot/finish.ts",
  },
  regionalCopyCreated: {
    purpose: (id) => `copy snapshot "${id}" to another region`,
    of: "snapshot",
    from: ["transient"],
    to: ["done"],
    consecutive: 1,
    absent: "not shown yet",
    limit: "snapshotTimeout",
    onFailure: "the copy is kept and named (status 4) while RDS is making it; one that RDS cannot make is deleted",
    by: "snapshot/copy_to_region.ts",
  },
  successorRestored: {
    purpose: (id) => `restore "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 2,
    absent: "not shown yet",
    limit: "snapshotTimeout",
    onFailure: "the new instance is deleted; the snapshot is kept and named (status 4)",
    by: "refresh/successor.ts",
  },
  successorStable: {
    purpose: (id) => `configure "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 2,
    absent: "absent",
    limit: "snapshotTimeout",
    onFailure: "the new instance is deleted; the snapshot is kept and named (status 4)",
    by: "refresh/successor.ts",
  },
  renamed: {
    purpose: (id) => `give an instance the name "${id}"`,
    of: "instance",
    from: ["transient", "busy"],
    to: ["done"],
    consecutive: 1,
    // By its DbiResourceId, which RDS may not list for a moment while it changes the name.
    absent: "not shown yet",
    limit: "timeout",
    onFailure: "the old instance gets its name back; the snapshot is kept and named (status 4)",
    by: "refresh/swap.ts",
  },
  nameFree: {
    purpose: (id) => `restore to "${id}"`,
    of: "instance",
    from: allButAbsent,
    to: ["absent"],
    consecutive: 1,
    absent: "absent",
    limit: "timeout",
    onFailure: "nothing was made; RDS goes on deleting the instance",
    by: "ownership/dead_runs.ts",
  },
  leftoverDeleted: {
    purpose: (id) => `delete "${id}"`,
    of: "instance",
    from: allButAbsent,
    to: ["absent"],
    consecutive: 1,
    absent: "absent",
    limit: "timeout",
    onFailure: "nothing was made; the instance is named (status 4)",
    by: "ownership/dead_runs.ts",
  },
  sweptInstanceDeleted: {
    purpose: (id) => `wait for the deletion of "${id}"`,
    of: "instance",
    from: allButAbsent,
    to: ["absent"],
    consecutive: 1,
    absent: "absent",
    limit: "timeout",
    onFailure: "the instance is named (status 4): its deletion may leave a snapshot",
    by: "ownership/leftovers.ts",
  },
} as const satisfies Record<string, StatusWait>;

/** A wait until RDS shows a change, for as long as that may take. It never fails by itself: the caller judges what was read last. */
export interface ReadBack {
  readonly call: string;
  readonly until: string;
  /** What the caller does where it is not shown in time. */
  readonly otherwise: string;
  /** The file that waits. */
  readonly by: string;
}

/** Waits until a change shows: `readBack`. */
export const readBacks = {
  existingInstanceShown: {
    call: "DescribeDBInstances",
    until: "the instance that the restore, or the creation, found under its name is shown",
    otherwise: "the name counts as taken",
    by: "workspace/make_instance.ts",
  },
  existingSuccessorShown: {
    call: "DescribeDBInstances",
    until: "the new instance that the restore found under its name is shown",
    otherwise: "the name counts as taken",
    by: "refresh/successor.ts",
  },
  successorChangeShown: {
    call: "DescribeDBInstances",
    until: "what the restore could not set is pending, or the status has changed",
    otherwise: "goes on: RDS may have been quicker than the poll, or had nothing to change",
    by: "refresh/successor.ts",
  },
  passwordChangeShown: {
    call: "DescribeDBInstances",
    until: "the new master password is pending, or the status has changed",
    otherwise: "goes on: RDS may have been quicker than the poll, and only a login proves it",
    by: "workspace/secure.ts",
  },
  parametersShown: {
    call: "DescribeDBParameters",
    until: "the isolation group has the values that it was given",
    otherwise: "the command fails",
    by: "parameters/isolation_group.ts",
  },
  ownerShown: {
    call: "DescribeDBInstances",
    until: "a lost worker's instance shows its tags, is being deleted or absent",
    otherwise: "an instance without a run's tag is left alone",
    by: "ownership/clean_up.ts",
  },
  shareableShown: {
    call: "DescribeDBSnapshots",
    until: "the snapshot to be shared shows its proof, or is not available",
    otherwise: "it is not shared",
    by: "snapshot/share_and_prune.ts",
  },
  regionalCopyShown: {
    call: "DescribeDBSnapshots",
    until: "the copy in another region shows its proof, and of which snapshot it is one",
    otherwise: "it is not shared; the run fails",
    by: "snapshot/copy_to_region.ts",
  },
  accountsShown: {
    call: "DescribeDBSnapshotAttributes",
    until: "the accounts that may restore the snapshot are shown",
    otherwise: "the run fails; the snapshot stays `unshared`",
    by: "snapshot/share_and_prune.ts",
  },
  reportableShown: {
    call: "DescribeDBSnapshots",
    until: "the snapshot to be tied to the report shows its proof, or another run's tag",
    otherwise: "it is not tied",
    by: "snapshot/evidence_tag.ts",
  },
  reportTagsShown: {
    call: "DescribeDBSnapshots",
    until: "the report's digest and signature are shown",
    otherwise: "the run fails and names the tags to add by hand",
    by: "snapshot/evidence_tag.ts",
  },
} as const satisfies Record<string, ReadBack>;

/** A call that is repeated while RDS refuses it because of the state that the instance or snapshot is in. */
export interface RepeatedCall {
  readonly call: string;
  /** RDS's codes on which it is repeated. */
  readonly refusals: readonly string[];
  /** Whether it is repeated on throttling and errors of the network, too: for deletions, which must not be given up. */
  readonly transient: boolean;
  /** In words, for the README: of a wait that it is part of, that wait's. */
  readonly limit: string;
  /** The file that repeats it. */
  readonly by: string;
}

/** Calls that are repeated: `mayRepeat`. */
export const repeatedCalls = {
  passwordChange: {
    call: "ModifyDBInstance",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/secure.ts",
  },
  writerCreation: {
    call: "CreateDBInstance",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/restore.ts",
  },
  configuration: {
    call: "ModifyDBInstance",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "snapshotTimeout",
    by: "refresh/successor.ts",
  },
  renaming: {
    call: "ModifyDBInstance",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "refresh/swap.ts",
  },
  deletionWithSnapshot: {
    call: "DeleteDBInstance",
    refusals: ["DBSnapshotAlreadyExistsFault", "InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/finalise.ts",
  },
  restart: {
    call: "RebootDBInstance",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/take_snapshot.ts",
  },
  creation: {
    call: "CreateDBSnapshot",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/take_snapshot.ts",
  },
  freshCreation: {
    call: "CreateDBSnapshot",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/fresh_snapshot.ts",
  },
  cloneCreation: {
    call: "RestoreDBClusterToPointInTime",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: false,
    limit: "timeout",
    by: "workspace/clone.ts",
  },
  earlyProof: {
    call: "AddTagsToResource",
    refusals: ["InvalidDBSnapshotStateFault"],
    transient: true,
    limit: "snapshotTimeout; then once more when the snapshot is available",
    by: "workspace/proof_mark.ts",
  },
  deletion: {
    call: "DeleteDBInstance",
    refusals: ["InvalidDBInstanceStateFault"],
    transient: true,
    limit: "15 minutes for what the run made; timeout for a dead run's",
    by: "ownership/delete.ts",
  },
  snapshotDeletion: {
    call: "DeleteDBSnapshot",
    refusals: ["InvalidDBSnapshotStateFault"],
    transient: true,
    limit: "15 minutes for what the run made; timeout for a dead run's",
    by: "ownership/delete.ts",
  },
  readBeforeDeletion: {
    call: "DescribeDBInstances, DescribeDBSnapshots",
    refusals: [],
    transient: true,
    limit: "15 minutes for what the run made; timeout for a dead run's",
    by: "ownership/delete.ts",
  },
} as const satisfies Record<string, RepeatedCall>;

/** The name of a wait for a status. */
export type StatusWaitName = keyof typeof statusWaits;
/** The name of a wait for a deletion. */
export type DeletionWaitName = {
  [N in StatusWaitName]: (typeof statusWaits)[N]["to"] extends readonly ["absent"] ? N : never;
}[StatusWaitName];
/** The name of a wait until a change shows. */
export type ReadBackName = keyof typeof readBacks;
/** The name of a repeated call. */
export type RepeatedCallName = keyof typeof repeatedCalls;
