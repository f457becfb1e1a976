/** Errors of calls to AWS: a message for the operator, and facts for the program. @module */

import { type ErrorCode, ScrubError } from "../../core/errors.ts";

/**
 * Facts about a failed call. Whether it had an effect is not one of them: if the answer to an attempt is lost, the SDK or the
 * HTTP client repeats the call, and RDS refuses the second attempt.
 */
export interface RdsErrorFacts {
  /** Such as `DescribeDBInstances`; with its service if that is not RDS: `kms:DescribeKey`. */
  readonly action: string;
  /** The SDK's error name, such as `DBInstanceNotFoundFault`; `UnexpectedAnswer` for an answer without its content. */
  readonly awsCode: string;
  /** Throttling, a server error or a network error: a retry may succeed. */
  readonly transient: boolean;
}

type AwsErrorCode = Extract<ErrorCode, `aws-${string}`>;

/** A failed call of RDS or KMS. */
export class RdsError extends ScrubError implements RdsErrorFacts {
  readonly action: string;
  readonly awsCode: string;
  readonly transient: boolean;

  constructor(code: AwsErrorCode, facts: RdsErrorFacts, why: string, hint: string, options?: ErrorOptions) {
    super(code, `Cannot call ${permissionOf(facts.action)}: ${why}`, hint, options);
    this.action = facts.action;
    this.awsCode = facts.awsCode;
    this.transient = facts.transient;
  }
}

/** Codes of missing permissions: the only errors that exclude that an attempt had an effect. */
export const denials: readonly string[] = [
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "NotAuthorized",
];

/** `awsCode` where nothing says which region or who: no call was made. */
export const notConfigured = { region: "NoRegion", credentials: "NoCredentials" } as const;

const noCredentials = ["CredentialsProviderError", "TokenProviderError"];

const badCredentials = [
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
  "MissingAuthenticationToken",
  "OptInRequired",
];

const expired = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/** Hints, by code. */
const hints: Readonly<Record<string, string>> = {
  KMSKeyNotAccessibleFault:
    "Enable the snapshot's key and let this identity use it; a snapshot under another account's key has to be copied under " +
    "one of this account first.",
  SnapshotQuotaExceededFault:
    "Delete manual snapshots that are not needed, or ask AWS to raise the quota, then run again.",
  InstanceQuotaExceededFault: "Delete DB instances that are not needed, or ask AWS to raise the quota, then run again.",
  StorageQuotaExceededFault: "Delete DB instances that are not needed, or ask AWS to raise the quota, then run again.",
  DBClusterQuotaExceededFault: "Delete DB clusters that are not needed, or ask AWS to raise the quota, then run again.",
  InsufficientDBInstanceCapacityFault: "Give another class with --instance-class, or run again later.",
  DBSubnetGroupNotFoundFault: "Give a subnet group of this account and region with --subnet-group.",
  DBSubnetGroupDoesNotCoverEnoughAZs: "Give a subnet group with subnets in two zones with --subnet-group.",
  InvalidSubnet: "Give a subnet group of one network with --subnet-group.",
  InvalidVPCNetworkStateFault: "Give a subnet group with free addresses with --subnet-group.",
  DBParameterGroupNotFoundFault: "Give a parameter group of this account and region with --parameter-group.",
  DBParameterGroupQuotaExceededFault: "Delete parameter groups that are not needed, or ask AWS to raise the quota.",
  OptionGroupNotFoundFault: "Give an option group of this account and region with --option-group.",
};

const throttled = /^(Throttl|RequestThrottled|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown)/;

const networkCodes = [
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
];

/** Error names of broken connections; before 2.9, Deno has its own names and no code. */
const networkNames = [
  "TimeoutError",
  "Http",
  "ConnectionReset",
  "ConnectionRefused",
  "ConnectionAborted",
  "BrokenPipe",
];

/** Codes of refusals about a cluster or its snapshot, and those that say the same of an instance. */
const codesOfInstances: Readonly<Record<string, string>> = {
  DBClusterNotFoundFault: "DBInstanceNotFoundFault",
  DBClusterAlreadyExistsFault: "DBInstanceAlreadyExistsFault",
  InvalidDBClusterStateFault: "InvalidDBInstanceStateFault",
  DBClusterSnapshotNotFoundFault: "DBSnapshotNotFoundFault",
  DBClusterSnapshotAlreadyExistsFault: "DBSnapshotAlreadyExistsFault",
  InvalidDBClusterSnapshotStateFault: "InvalidDBSnapshotStateFault",
  DBClusterParameterGroupNotFoundFault: "DBParameterGroupNotFoundFault",
};

/** Whether this is an RdsError with one of these AWS codes, or with one that says the same of a cluster. */
export function isRdsError(error: unknown, ...codes: readonly string[]): error is RdsError {
  if (!(error instanceof RdsError)) return false;
  return codes.includes(error.awsCode) || codes.includes(codesOfInstances[error.awsCode] ?? "");
}

/** The error for an answer with status 200 without its content, as a proxy sends it. It never means "not found". */
export function unexpectedAnswer(action: string, missing: string): RdsError {
  return new RdsError(
    "aws-unavailable",
    { action, awsCode: "UnexpectedAnswer", transient: true },
    `the answer has no ${missing}`,
    "Check that nothing between this machine and AWS changes answers, such as a proxy.",
  );
}

/** The RdsError for what the SDK threw; `secret` is removed from AWS's message. */
export function toRdsError(action: string, error: unknown, secret?: string): RdsError {
  const awsCode = textOf(error, "name").replaceAll(/[^\w.:-]/g, "").slice(0, 100) || "Error";
  const text = clean(textOf(error, "message"), secret);
  const detail = `${awsCode}: ${text}`;
  const metadata = fieldOf(error, "$metadata");
  const status = numberOf(metadata, "httpStatusCode");
  const attempts = numberOf(metadata, "attempts") ?? 1;
  const network = networkNames.includes(awsCode) || networkCodes.includes(textOf(error, "code"));
  const facts: RdsErrorFacts = {
    action,
    awsCode,
    transient: network || throttled.test(awsCode) || (status !== undefined && (status >= 500 || status === 429)),
  };
  const fail = (code: AwsErrorCode, why: string, hint: string, known = awsCode) =>
    new RdsError(code, { ...facts, awsCode: known }, why, hint, { cause: new Error(detail) });
  if (denials.includes(awsCode)) {
    const missing = /to perform:? ([a-z-]+:[A-Za-z]+)/.exec(text)?.[1] ?? permissionOf(action);
    return fail("aws-denied", `AWS denies "${missing}" to this identity`, `Allow "${missing}" in its IAM policy.`);
  }
  // Credential providers have one code for every failure.
  if (expired.includes(awsCode) || /Provider/.test(awsCode) && /\bexpired\b/i.test(text)) {
    const clock = awsCode === "RequestExpired" ? ". Set this machine's clock if it is wrong" : "";
    return fail(
      "aws-credentials",
      `the AWS credentials have expired (${detail})`,
      "Log in again or take new ones, then run again. A role's are renewed during a run; those of the environment are not" +
        `${clock}.`,
    );
  }
  if (awsCode === "SignatureDoesNotMatch" && /signature (expired|not yet)/i.test(text)) {
    const hint = "Set this machine's clock, then run again.";
    return fail("aws-credentials", `AWS rejects the time of the signature (${detail})`, hint);
  }
  if (noCredentials.includes(awsCode)) {
    const hint = "Give AWS credentials: environment, profile or the machine's role.";
    return fail("aws-credentials", `no AWS credentials found (${detail})`, hint, notConfigured.credentials);
  }
  if (badCredentials.includes(awsCode)) {
    const hint = "Give valid AWS credentials: environment, profile or the machine's role.";
    return fail("aws-credentials", `AWS does not accept these credentials (${detail})`, hint);
  }
  if (/region is missing/i.test(text)) {
    const hint = "Give --region, or set AWS_REGION.";
    return fail("aws-refused", "no AWS region is set", hint, notConfigured.region);
  }
  if (facts.transient) {
    return fail("aws-unavailable", `no good answer after ${attempts} attempts (${detail})`, "Try again later.");
  }
  const hint = hints[awsCode] ?? "Change what AWS objects to, then run again.";
  return fail("aws-refused", `AWS refuses (${detail})`, hint);
}

/** AWS's message on one line: without control characters and the secret, and cut. */
function clean(message: string, secret?: string): string {
  const open = secret ? message.replaceAll(secret, "****") : message;
  return open.replaceAll(/[\p{C}\s]+/gu, " ").trim().slice(0, 400) || "no message";
}

function permissionOf(action: string): string {
  return action.includes(":") ? action : `rds:${action}`;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function textOf(value: unknown, key: string): string {
  const found = fieldOf(value, key);
  return typeof found === "string" ? found : "";
}

function numberOf(value: unknown, key: string): number | undefined {
  const found = fieldOf(value, key);
  return typeof found === "number" ? found : undefined;
}
