/**
 * The report of a run: what was found, done and proven. Holds names, counts and times, never a value of a row. Schemas and types
 * in one: the JSON Schema of `--report`'s file is made from them. Within a version fields may be added, but none changes its
 * meaning or goes.
 *
 * @module
 */

import { ruleFileIdentity } from "./rule_file.ts";
import * as v from "valibot";
import { engineName } from "./engine_name.ts";
import { errorCodeNames, type Failure, failureKinds } from "./errors.ts";
import { databaseOutline } from "./outline.ts";
import { classChoice, estimateReport, finishReport } from "./estimate.ts";
import { byName, count, type Data, flag, list, maybe, moment, object, text, textLike, word } from "./schema.ts";

const tableName = "name of the table, behind its schema's where that is not the default one";

/** One table of a scrubbed database. */
export const tableReport = object("one table that a rule names, or that was rewritten unchanged", {
  table: text(tableName),
  shape: text("how it was changed"),
  why: text("why in this way"),
  rowsExpected: maybe(count("the catalogue's estimate before")),
  rowsChanged: count("rows that were changed"),
  rowsDeleted: count("rows that were deleted"),
  rowsLeft: maybe(count("rows that verification counted afterwards")),
  started: maybe(count("when the change began, in milliseconds since the epoch")),
  seconds: count("how long the change took"),
  bytes: maybe(count("bytes on disk before, with indexes and out-of-line values")),
  peakBytes: maybe(count("bytes that the change needed beyond those")),
  columns: byName("columns that were changed", text("strategy")),
});

/** One table of a scrubbed database. */
export type TableReport = Data<typeof tableReport>;

/** One column and what accounts for it. */
export const columnReport = object("one column and what accounts for it", {
  table: text(tableName),
  column: text("name of the column"),
  by: word("what accounts for it; computed: the server computes it from columns that are accounted for", [
    "ruled",
    "structural",
    "computed",
    "reviewed",
  ]),
  reason: text("the strategy, or why the column stays"),
  stays: maybe(word("which rows a rule or a review leaves their values; absent: none, or by says it", [
    "all rows",
    "some rows",
  ])),
  public: maybe(text("why the kept part of the column is public anyway; absent: it is not")),
  decidedBy: maybe(
    text(
      "who reviewed the column, or the scrubber whose rule names it; absent: the program knows the column by its structure",
    ),
  ),
  source: maybe(text("what the reviewer looked at, or the rule file's path")),
});

/** One column and what accounts for it. */
export type ColumnReport = Data<typeof columnReport>;

/** An object that a person let through. */
export const reviewedObjectReport = object("an object that would have stopped the run, and was reviewed", {
  object: text("its kind and name"),
  reason: text("why it may stay"),
  decidedBy: text("who reviewed it"),
  source: text("what the reviewer looked at"),
});

/** An object that a person let through. */
export type ReviewedObjectReport = Data<typeof reviewedObjectReport>;

/** Something that verification cannot tell from values, and the columns of which the proof takes it on trust. */
export const assumptionReport = object("what verification cannot tell from values, and takes on trust", {
  assumption: text("what is taken to be so, and what would not be noticed otherwise"),
  columns: list("columns that it is assumed of; empty: it is of the catalogues' text", text("table.column")),
});

/** Something that verification cannot tell from values, and the columns of which the proof takes it on trust. */
export type AssumptionReport = Data<typeof assumptionReport>;

/** How a database's columns were accounted for. */
export const coverageReport = object("how the columns were accounted for", {
  ruled: count("columns that a rule names"),
  structural: count("columns that are keys, moments, truth values or counters"),
  computed: count("columns that the server computes from others"),
  reviewed: count("columns that a person has looked at"),
  blanked: list("columns that nothing accounted for and that were emptied", text("table.column: strategy")),
  unaccounted: list("columns and objects that stopped the run", text("table.column, or kind and name of the object")),
  removed: list("objects that did not leave with the snapshot", text("kind and name of the object")),
  reviewedObjects: maybe(list("objects besides columns that a reviewed entry let through", reviewedObjectReport)),
  assumptions: maybe(list("what the proof takes on trust", assumptionReport)),
  reasons: byName("why reviewed columns stayed", count("for how many columns this is the reason")),
  milliseconds: count("how long it took to find out"),
  columns: maybe(list("every column that is accounted for", columnReport)),
});

/** How a database's columns were accounted for. */
export type CoverageReport = Data<typeof coverageReport>;

/** A table of which the leak search read a sample. */
export const sampledTableReport = object("one table", {
  table: text(tableName),
  rows: count("rows that were read"),
  fewerThanOneIn: count("with 99 % confidence fewer than one row in so many holds what should be gone"),
});

/** Kept text: columns that no rule changes, and the rows that a rule for some rows leaves alone. */
export const keptTextReport = object("kept text, read in full before the first change; absent: it was not searched", {
  tables: count("tables"),
  columns: count("columns"),
  exempt: list(
    "public columns, and keys, with tokens that were therefore not looked for",
    object("one column", { column: text("table.column"), fingerprints: count("distinct tokens") }),
  ),
});

/** A column that holds values that rules remove elsewhere. */
export const echoReport = object("one column", { column: text("table.column"), rows: count("rows") });

/** A column that holds values that rules remove elsewhere. */
export type EchoReport = Data<typeof echoReport>;

/**
 * How much of a database was searched for tokens that rules remove. A scrubbed one had no finding. Other values, such as names,
 * phone numbers and short words, are not searched for.
 */
export const leakSearchReport = object(
  "how the search went for tokens that rules remove: mail addresses, UUIDs, and strings of 16 or more letters, digits, - and _ that " +
    "have both a letter and a digit",
  {
    mode: word("how much was read", ["full", "sample", "off"]),
    fingerprints: count("distinct tokens that were looked for"),
    alsoStay: count("distinct tokens that were not, because public columns hold them as well, or keys that stay"),
    kept: maybe(keptTextReport),
    tables: count("tables that were looked into afterwards; of a kept database: before"),
    sampled: list("tables of which a sample was read", sampledTableReport),
    inFull: maybe(
      list(
        "columns that a rule changes and no predicate describes: read in full afterwards, whatever the table's size",
        text("table.column"),
      ),
    ),
    goneSampled: maybe(
      list("tables of which only a sample of the long texts that rules remove was taken apart", text(tableName)),
    ),
    echoes: maybe(list("columns of a kept database that hold what rules remove in others", echoReport)),
  },
);

/** How much of a database was searched for tokens that rules remove. */
export type LeakSearchReport = Data<typeof leakSearchReport>;

/** A statement of rules that ran in the scrubbed database. */
export const afterReport = object("one statement", {
  statement: text("its number and first words"),
  rows: count("rows that it changed"),
});

/** A statement of rules that ran in the scrubbed database. */
export type AfterReport = Data<typeof afterReport>;

/** One database of a source and what became of it. */
export const databaseReport = object("one database and what became of it", {
  database: text("name"),
  fate: word("what became of it", ["scrubbed", "kept", "dropped", "empty"]),
  scrubber: maybe(text("name of the scrubber")),
  rules: maybe(ruleFileIdentity),
  reason: maybe(text("why it was let through or dropped")),
  tables: list("tables that rules name", tableReport),
  coverage: maybe(coverageReport),
  after: maybe(list("statements of the rules that ran after the scrub and before verification", afterReport)),
  verified: maybe(object("what was proven", {
    predicates: count("predicates that hold for every row"),
    foreignKeys: count("foreign keys without an orphan"),
  })),
  leakSearch: maybe(leakSearchReport),
  restarted: maybe(
    list(
      "sequences and AUTO_INCREMENT counters that stood at a number that no row has, and were set back to the last one that a row has",
      text("its name"),
    ),
  ),
});

/** One database of a source and what became of it. */
export type DatabaseReport = Data<typeof databaseReport>;

/** A fresh instance that the snapshot was taken of. */
export const rebuiltReport = object(
  "the fresh, empty instance that the server's own programs filled from the scrubbed one, and that the snapshot was taken of; absent: it was " +
    "taken of the restored instance",
  {
    storageBefore: maybe(count("storage of the restored instance, in GiB")),
    storage: maybe(count("storage of the fresh instance, in GiB")),
    databases: list(
      "its databases, with the same definitions and as many rows in each table as the scrubbed instance's",
      object("one database", {
        database: text("name"),
        tables: count("tables"),
        rows: count("rows of all tables"),
        bytes: count("bytes that went from one program to the other"),
        seconds: count("how long it took"),
        verified: maybe(object("what was proven of the fresh instance; absent: the database was kept, or is empty", {
          predicates: count("predicates that hold for every row that they are about"),
          foreignKeys: count("foreign keys without an orphan"),
        })),
      }),
    ),
    accounts: count("accounts of the scrubbed instance that it has, too"),
    notCarried: list("what it does not have", text("sentence")),
  },
);

/** A fresh instance that the snapshot was taken of. */
export type RebuiltReport = Data<typeof rebuiltReport>;

/** One thing that purge did, or that it knows to remain outside tables. */
export const residueReport = object("one thing outside tables", {
  step: text("what it is about"),
  result: text("what was done about it, or is left"),
});

/** One thing that purge did, or that it knows to remain outside tables. */
export type ResidueReport = Data<typeof residueReport>;

const accountId = /^[0-9]{12}$/;

/** Where in AWS a run worked, and as whom. */
export const awsReport = object("where in AWS the run worked, and as whom, as STS says", {
  region: text("AWS region"),
  account: maybe(textLike("id of the account whose credentials the run had", accountId)),
  caller: maybe(text("ARN of the identity whose credentials the run had")),
  unknown: maybe(text("why account and caller are not known")),
});

/** Where in AWS a run worked, and as whom. */
export type AwsReport = Data<typeof awsReport>;

/** How a snapshot is encrypted. */
export const encryptionReport = object("how a snapshot is encrypted, as RDS says", {
  encrypted: flag("whether it is"),
  kmsKey: maybe(text("ARN of the KMS key that it is encrypted with")),
});

/** How a snapshot is encrypted. */
export type EncryptionReport = Data<typeof encryptionReport>;

/** How an account that the snapshot is shared with gets an instance of it. */
export const receiversReport = object("how an account that the snapshot is shared with gets an instance of it", {
  engine: text("RDS's word for the engine"),
  engineVersion: text("version of the engine, which the instance has, too"),
  parameterGroupFamily: text("family of the parameter group that it needs: groups are not shared"),
  allocatedStorage: maybe(count("least storage of the instance, in GiB")),
  commands: list("commands of the AWS CLI, in order; words in capitals are the receiver's", text("command")),
});

/** How an account that the snapshot is shared with gets an instance of it. */
export type ReceiversReport = Data<typeof receiversReport>;

/** A copy of a final snapshot in another region. */
export const copyReport = object(
  "one copy, of the final snapshot or of an earlier run's that had not come to make it",
  {
    region: text("AWS region of the copy"),
    snapshot: text("identifier of the snapshot, which the copy has, too"),
    encryption: encryptionReport,
    sharedWith: list("accounts that may restore it", textLike("account id", accountId)),
    receivers: maybe(receiversReport),
    pruned: list("old copies there that were deleted", text("identifier")),
  },
);

/** A copy of a final snapshot in another region. */
export type CopyReport = Data<typeof copyReport>;

/** What became of the instance that was refreshed. */
export const refreshReport = object(
  "the instance whose place one of the final snapshot took, or of an earlier run's that had not come to it",
  {
    instance: text("DBInstanceIdentifier, which the new instance has now"),
    snapshot: text("identifier of the snapshot that it was restored from"),
    before: text("DBInstanceIdentifier of the old instance, which is kept until it is deleted by hand"),
    masterUser: text("its master user: the source's"),
    masterPassword: word(
      "the master user's password; managed: RDS made one in Secrets Manager, as the old instance had it; unknown: one that the run threw away, " +
        "so that a new one has to be set",
      ["managed", "unknown"],
    ),
    commands: list(
      "commands of the AWS CLI: to set the master user's password where it is unknown, then to delete the old instance",
      text("command"),
    ),
  },
);

/** What became of the instance that was refreshed. */
export type RefreshReport = Data<typeof refreshReport>;

/** One scrubbed database that was dumped to S3 after verification. */
export const exportReport = object("one dump in S3", {
  database: text("name of the database"),
  object: textLike("where it is", /^s3:\/\//),
  bytes: count("size of the compressed dump"),
  sha256: textLike("SHA-256 of the compressed dump, in hexadecimal", /^[0-9a-f]{64}$/),
  seconds: count("how long it took"),
  bucketOwner: maybe(
    textLike(
      "id of the account that owns the bucket; other: another one than the run's, as S3 says; absent: not known",
      /^([0-9]{12}|other)$/,
    ),
  ),
});

/** One scrubbed database that was dumped to S3 after verification. */
export type ExportReport = Data<typeof exportReport>;

/** One phase of a source. */
export const phaseReport = object("one phase", {
  phase: text("name"),
  started: count("milliseconds since the epoch"),
  ended: maybe(count("milliseconds since the epoch")),
});

/** Why something failed, and what else failed on the way out. */
export const failureReport: v.GenericSchema<Failure> = object("why something failed", {
  kind: word("what kind of failure; leftovers also where that is among also", failureKinds),
  code: word("what failed; the README says what each code means", errorCodeNames),
  message: text("what could not be done, and why"),
  hint: text("what to do about it"),
  also: list("what else went wrong on the way out", v.lazy(() => failureReport)),
});

/** How the workspace's volume was read ahead. */
export const warmingReport = object(
  "how the workspace's volume, whose blocks come from S3 when they are first read, was read ahead; absent: it was not, since the data is " +
    "small, only a plan was wanted, or --warm off was given",
  {
    initialisation: maybe(object("what RDS said of the volume when that began", {
      status: text("what it did, such as Initializing"),
      percent: maybe(count("how far it was")),
    })),
    readers: count("sessions that read at a time, at most"),
    bytes: count("bytes of tables and indexes that they read"),
    ofBytes: count("bytes of those that the run was to read"),
    seconds: count("how long it took"),
    ended: word("why it ended; fast: one session read fast enough; failed: the warning says why", [
      "fast",
      "all read",
      "failed",
    ]),
  },
);

/** How the workspace's volume was read ahead. */
export type WarmingReport = Data<typeof warmingReport>;

/** How much the server read from its files. */
export const readsReport = object(
  "how much the server read from the files of its data, also what the operating system had in memory, but not what it had itself",
  {
    dataBytes: count(
      "bytes of all tables of scrubbed databases, with indexes and out-of-line values, before the first change",
    ),
    phases: list(
      "each phase, in order; a second's reading may count for the next",
      object("one phase", { phase: text("name"), bytes: count("bytes") }),
    ),
  },
);

/** What a scrub of a database by URL came to. */
export const liveReport = object("a database by URL, on a server that is no workspace", {
  state: word("unfinished: changed, but not scrubbed and verified to the end", ["unchanged", "unfinished", "scrubbed"]),
  holds: list("what is promised of it", text("sentence")),
  lacks: list("what a run in RDS promises beyond that", text("sentence")),
});

/** What a scrub of a database by URL came to. */
export type LiveReport = Data<typeof liveReport>;

/** One source of a run. */
const sourceEntries = {
  engine: engineName,
  product: maybe(word("the server, where the engine is of another product's name", ["mariadb"])),
  requested: text("as the operator named it"),
  source: maybe(text("DBInstanceIdentifier")),
  workspace: maybe(text("DBInstanceIdentifier of the temporary instance")),
  restored: maybe(object("the snapshot that was restored, or the cluster that was cloned", {
    snapshot: text("its identifier; of a cluster its ARN"),
    asOf: moment("time of its data"),
    ageSeconds: maybe(count("how old its data was when the run began")),
    encryption: maybe(encryptionReport),
    instanceClass: maybe(text("instance class of the workspace")),
    storageType: maybe(text("storage type of the workspace")),
    allocatedStorage: maybe(count("storage of the workspace, in GiB")),
    storageThroughput: maybe(count("provisioned throughput of the workspace's storage, in MiB a second")),
  })),
  estimate: maybe(estimateReport),
  classChoice: maybe(classChoice),
  finishBy: maybe(finishReport),
  databases: list("every database that was found", databaseReport),
  phases: list("what was done when", phaseReport),
  warming: maybe(warmingReport),
  reads: maybe(readsReport),
  orphans: maybe(list("workspaces of dead runs that were deleted first", text("DBInstanceIdentifier"))),
  exports: maybe(list("dumps in S3", exportReport)),
  snapshot: maybe(text("identifier of the final snapshot")),
  snapshotEncryption: maybe(encryptionReport),
  sharedWith: list("accounts that may restore it", textLike("account id", accountId)),
  receivers: maybe(receiversReport),
  sharedEarlier: maybe(
    list(
      "final snapshots of earlier runs, which these had not come to share, that this run shared with the same accounts",
      text("identifier"),
    ),
  ),
  copies: maybe(list("copies in other regions that the run made, each shared there", copyReport)),
  refresh: maybe(refreshReport),
  pruned: list("old snapshots that were deleted", text("identifier")),
  warnings: list("what the operator should look at", text("warning")),
  sideEffects: maybe(list("what kept the workspace from acting as production", text("sentence"))),
  accounts: maybe(list("what became of production's accounts", text("sentence"))),
  reviewedObjects: maybe(list("objects of the server that a reviewed entry let through", reviewedObjectReport)),
  provenBy: maybe(
    word(
      "sql: the workspace's storage is a service's, as Aurora's, so that what is said of old values is what SQL shows, and nothing is said " +
        "of the storage's bytes; absent: the server's files were overwritten, too",
      ["sql"],
    ),
  ),
  rebuilt: maybe(rebuiltReport),
  residue: maybe(list("old values outside tables: what was done, and what is known to remain", residueReport)),
  live: maybe(liveReport),
  plan: maybe(list("what a run would do to each database", databaseOutline)),
  wouldDo: maybe(list("what a run would do", text("sentence"))),
  advice: maybe(
    list(
      "what only the parameter group can set, and does not, for a scrub that is faster or leaves less",
      text("sentence"),
    ),
  ),
};

/** One source of a run, as its worker tells of it: `aws` is the same for all, and goes into the run's report. */
export const sourceReport = object("one source", { ...sourceEntries, aws: maybe(awsReport) });

/** One source of a run. */
export type SourceReport = Data<typeof sourceReport>;

/** A source with its failure, if it failed. */
export const sourceOutcome = object("one source", { ...sourceEntries, failure: maybe(v.lazy(() => failureReport)) });

/** A source with its failure, if it failed. */
export type SourceOutcome = Data<typeof sourceOutcome>;

/** The whole run, as `--report` writes it. */
export const runReport = object(
  "What a run of datascrubber found, did and proved: names, counts and times, never a value of a row.",
  {
    version: v.pipe(v.literal(1), v.description("of this format: fields may be added to it, but none changes or goes")),
    program: text("name and version"),
    runId: v.pipe(v.string(), v.uuid(), v.description("also a tag of the final snapshots")),
    started: moment("begin of the run"),
    ended: moment("end of the run"),
    exitStatus: count("the program's exit status, but for what fails after this report was written"),
    dryRun: flag("whether nothing was to be changed"),
    aws: maybe(awsReport),
    sources: list("every source, in the order of the command line", sourceOutcome),
  },
);

/** The whole run, as `--report` writes it. */
export type RunReport = Data<typeof runReport>;

/** Whether a value is the report of a run. */
export function isRunReport(value: unknown): value is RunReport {
  return v.is(runReport, value);
}
