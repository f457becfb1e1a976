/** What went wrong in a call of the RDS API, in words for people and in facts for callers. @module */

import { type ErrorCode, ScrubError } from "../../core/errors.ts";

/**
 * Facts about a failed call. Whether it had an effect is none of them: an attempt may have had one whose answer was lost, and
 * RDS then refuses the next attempt, which the SDK, or the HTTP client without telling it, makes.
 */
export interface RdsErrorFacts {
  /** Such as `DescribeDBInstances`; with its service where that is not RDS: `kms:DescribeKey`. */
  readonly action: string;
  /** The SDK's error name, such as `DBInstanceNotFoundFault`; `UnexpectedAnswer` for an answer that makes no sense. */
  readonly awsCode: string;
  /** Throttling, a server's error or the network: asking again later may help. */
  readonly transient: boolean;
}

/** Codes of failed calls. */
type AwsErrorCode = Extract<ErrorCode, `aws-${string}`>;

/** A call of the RDS API that failed. Callers look at {@linkcode RdsErrorFacts}; people read the message. */
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

/** Refusals by permission: the only ones that tell that no attempt had an effect. */
export const denials: readonly string[] = [
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "NotAuthorized",
];

const badCredentials = [
  "CredentialsProviderError",
  "TokenProviderError",
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
  "MissingAuthenticationToken",
  "OptInRequired",
];

/** Credentials that were good once. */
const expired = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/** What to do where an account or a snapshot is not as a run needs it. */
const hints: Readonly<Record<string, string>> = {
  KMSKeyNotAccessibleFault:
    "Enable the snapshot's key and let this identity use it; a snapshot under another account's key has to be copied under " +
    "one of this account first.",
  SnapshotQuotaExceededFault: "Delete manual snapshots that nobody needs, or have AWS raise the quota, then run again.",
  InstanceQuotaExceededFault: "Delete DB instances that nobody needs, or have AWS raise the quota, then run again.",
  StorageQuotaExceededFault: "Delete DB instances that nobody needs, or have AWS raise the quota, then run again.",
  InsufficientDBInstanceCapacityFault: "Give another class with --instance-class, or run again later.",
  DBSubnetGroupNotFoundFault: "Give a subnet group of this account and region with --subnet-group.",
  DBSubnetGroupDoesNotCoverEnoughAZs: "Give a subnet group with subnets in two zones with --subnet-group.",
  InvalidSubnet: "Give a subnet group of one network with --subnet-group.",
  InvalidVPCNetworkStateFault: "Give a subnet group with free addresses with --subnet-group.",
  DBParameterGroupNotFoundFault: "Give a parameter group of this account and region with --parameter-group.",
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

/** What connections that broke are called; Deno before 2.9 gives its own names and no code. */
const networkNames = [
  "TimeoutError",
  "Http",
  "ConnectionReset",
  "ConnectionRefused",
  "ConnectionAborted",
  "BrokenPipe",
];

/** Is this a fault with one of these codes? */
export function isRdsError(error: unknown, ...codes: readonly string[]): error is RdsError {
  return error instanceof RdsError && codes.includes(error.awsCode);
}

/** An answer with status 200 that is none, as a proxy or a broken endpoint sends it. Never means "gone". */
export function unexpectedAnswer(action: string, missing: string): RdsError {
  return new RdsError(
    "aws-unavailable",
    { action, awsCode: "UnexpectedAnswer", transient: true },
    `the answer has no ${missing}`,
    "Check that nothing between this machine and AWS changes answers, such as a proxy.",
  );
}

/** Turns whatever the SDK threw into a fault; `secret` is blotted out of AWS's words. */
export function toRdsError(action: string, error: unknown, secret?: string): RdsError {
  // Codes are words; anything else is no code of AWS's.
  const code = textOf(error, "name").replaceAll(/[^\w.:-]/g, "").slice(0, 100) || "Error";
  const words = clean(textOf(error, "message"), secret);
  const metadata = fieldOf(error, "$metadata");
  const status = numberOf(metadata, "httpStatusCode");
  const attempts = numberOf(metadata, "attempts") ?? 1;
  const network = networkNames.includes(code) || networkCodes.includes(textOf(error, "code"));
  const facts: RdsErrorFacts = {
    action,
    awsCode: code,
    transient: network || throttled.test(code) || (status !== undefined && (status >= 500 || status === 429)),
  };
  const cause = { cause: new Error(`${code}: ${words}`) };
  if (denials.includes(code)) {
    const missing = /to perform:? ([a-z-]+:[A-Za-z]+)/.exec(words)?.[1] ?? permissionOf(action);
    return new RdsError(
      "aws-denied",
      facts,
      `AWS denies "${missing}" to this identity`,
      `Allow "${missing}" in its IAM policy.`,
      cause,
    );
  }
  // The providers of credentials have one code for everything.
  if (expired.includes(code) || /Provider/.test(code) && /\bexpired\b/i.test(words)) {
    return new RdsError(
      "aws-credentials",
      facts,
      `the AWS credentials have expired (${code}: ${words})`,
      "Log in again or take new ones, then run again. A role's are renewed while a run goes on; those of the environment " +
        `are not${code === "RequestExpired" ? ". Set this machine's clock if it is wrong" : ""}.`,
      cause,
    );
  }
  if (code === "SignatureDoesNotMatch" && /signature (expired|not yet)/i.test(words)) {
    return new RdsError(
      "aws-credentials",
      facts,
      `AWS takes no signature of this time (${code}: ${words})`,
      "Set this machine's clock, then run again.",
      cause,
    );
  }
  if (badCredentials.includes(code)) {
    return new RdsError(
      "aws-credentials",
      facts,
      `AWS does not accept these credentials (${code}: ${words})`,
      "Give valid AWS credentials: environment, profile or the machine's role.",
      cause,
    );
  }
  if (/region is missing/i.test(words)) {
    return new RdsError("aws-refused", facts, "no AWS region is set", "Give --region, or set AWS_REGION.", cause);
  }
  if (facts.transient) {
    return new RdsError(
      "aws-unavailable",
      facts,
      `no good answer after ${attempts} attempts (${code}: ${words})`,
      "Try again later.",
      cause,
    );
  }
  const hint = hints[code] ?? "Change what AWS objects to, then run again.";
  return new RdsError("aws-refused", facts, `AWS refuses (${code}: ${words})`, hint, cause);
}

/** AWS's words on one line, without control characters (they may come from anywhere), the secret, or no end. */
function clean(words: string, secret?: string): string {
  const open = secret ? words.replaceAll(secret, "****") : words;
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
