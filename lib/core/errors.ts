/** The error class: what could not be done and why, a hint, and a code for scripts. @module */

/**
 * Why a run or a source failed. Main turns kinds into exit statuses: `failed` 1, `usage` 2, `refused` (coverage or
 * verification) 3, `leftovers` (something is left in AWS) 4, `interrupted` 130 or 143.
 */
export const failureKinds = ["failed", "usage", "refused", "leftovers", "interrupted"] as const;

/** One of {@linkcode failureKinds}. */
export type FailureKind = typeof failureKinds[number];

/** Every code: its kind, and what it means. Codes are stable; messages are not. The README has this table. */
export const errorCodes = {
  "usage": ["usage", "an option, an argument, a file or an address cannot be used as it is"],
  "interrupted": ["interrupted", "a signal stopped the run"],
  "unexpected": ["failed", "an error in the program itself"],
  "out-of-memory": ["failed", "a worker's memory is nearly full"],
  "worker-lost": ["failed", "a worker ended without its last message, or sent one that makes no sense"],
  "aws-credentials": ["failed", "AWS credentials are missing, invalid, expired, or expire too soon"],
  "aws-denied": ["failed", "the IAM policy does not allow a call"],
  "aws-refused": ["failed", "AWS refuses a call for another reason"],
  "aws-unavailable": ["failed", "AWS does not answer, throttles, or answers with an error of its own"],
  "aws-timeout": ["failed", "an instance or snapshot does not reach its status in time"],
  "aws-status": ["failed", "an instance or snapshot has a status that ends the wait for it"],
  "quota": ["failed", "the account's quotas leave no room for the workspace or its snapshot"],
  "size": ["failed", "RDS has no such workspace, or its server could not start in it"],
  "source": ["failed", "the source cannot be found, or not be restored"],
  "dns": ["failed", "a host name does not lead to an RDS instance"],
  "encryption": ["failed", "the snapshot could not be encrypted or shared with its key"],
  "signing": ["failed", "the report could not be signed with its key of KMS"],
  "active": ["refused", "the workspace would start work by itself, or log statements with their values"],
  "occupied": ["failed", "another run works on the source"],
  "name-taken": ["failed", "an instance or snapshot that is not this run's has its name"],
  "workspace": ["failed", "the workspace is not as it was restored, or is gone"],
  "login": ["failed", "the master user cannot log in"],
  "connection": ["failed", "the connection to the database broke, or could not be made"],
  "statement": ["failed", "the server refused a statement, or it did something else than expected"],
  "lock": ["failed", "another session held a lock for too long"],
  "sessions": ["failed", "sessions of others do not end"],
  "protected": ["refused", "a database by URL looks like one of production, or is in use"],
  "privileges": ["refused", "the user of a database by URL lacks what a scrub needs"],
  "unfinished": ["failed", "a database by URL was changed, but not scrubbed to the end; it is marked"],
  "storage": ["failed", "the workspace's storage is too small for the changes"],
  "database": ["refused", "a database has no scrubber and was not named, or is named in two ways"],
  "rules": ["refused", "the scrubber's rules do not fit the live schema"],
  "coverage": ["refused", "columns or other objects are not accounted for"],
  "masks": ["refused", "columns may be shown masked, so that what is read is not what is stored"],
  "catalogue": ["refused", "the server has places for data that this version does not know"],
  "echo": ["refused", "values that rules remove also stand in columns that no rule changes"],
  "reference": ["refused", "rows that stay reference rows that rules delete"],
  "table": ["refused", "a table cannot be changed as its rules ask"],
  "scratch": ["refused", "a schema or database of the source has a name that this program uses"],
  "side-effects": ["refused", "the workspace could act as production, and the master user cannot switch that off"],
  "accounts": ["refused", "the master user may not lock the server's accounts"],
  "verification": ["refused", "the scrubbed databases are not as the rules promise"],
  "definition": ["failed", "a replaced table is not defined as it was"],
  "plan": ["failed", "no statements can make the changes of a table"],
  "residue": ["refused", "old values outside the tables cannot be removed"],
  "purge": ["failed", "old values outside the tables could not be overwritten"],
  "export": ["failed", "a dump could not be made or stored"],
  "rebuild": ["failed", "a new instance could not be filled from the workspace, or differs from it"],
  "snapshot": ["failed", "the final snapshot cannot be used"],
  "share": ["failed", "the final snapshot could not be shared"],
  "copy": ["failed", "the final snapshot cannot be copied to another region, or could not be"],
  "refresh": ["refused", "an instance cannot be refreshed with the final snapshot, or may not be"],
  "report": ["failed", "the report could not be tied to its snapshot"],
  "leftovers": [
    "leftovers",
    "an instance, snapshot or upload in AWS, or scratch in a database by URL, has to be deleted by hand",
  ],
} as const satisfies Readonly<Record<string, readonly [kind: FailureKind, meaning: string]>>;

/** One of {@linkcode errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** Details of a {@linkcode ScrubError}. */
export interface ScrubErrorOptions extends ErrorOptions {
  /** The hint for a database by URL, which is no workspace: where the error's own speaks of one, or of production. */
  readonly inPlace?: string;
}

/** An error for people. Message: `Cannot <do what>: <why>`; hint: an instruction. Neither holds data or secrets. */
export class ScrubError extends Error {
  override readonly name = "ScrubError";
  /** See {@linkcode ScrubErrorOptions.inPlace}. */
  readonly inPlace?: string;

  constructor(readonly code: ErrorCode, message: string, readonly hint: string, options: ScrubErrorOptions = {}) {
    super(message, options);
    if (options.inPlace !== undefined) this.inPlace = options.inPlace;
  }

  /** The code's kind. */
  get kind(): FailureKind {
    return errorCodes[this.code][0];
  }
}

/** A failure as plain data, which workers can send to main. */
export interface Failure {
  /** The code's own, or `leftovers` where that is among {@linkcode also}. */
  readonly kind: FailureKind;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** Further failures, such as a failed clean-up. */
  readonly also: readonly Failure[];
}

/** A single failure. */
export function failure(code: ErrorCode, message: string, hint: string): Failure {
  return { kind: errorCodes[code][0], code, message, hint, also: [] };
}

/** Whether something is left in AWS: that decides the kind, the exit status and the words of reports. */
export function leavesSomething({ kind, also }: Failure): boolean {
  return kind === "leftovers" || also.some(leavesSomething);
}

/** The codes, for schemas. */
export const errorCodeNames = Object.keys(errorCodes) as readonly ErrorCode[];
