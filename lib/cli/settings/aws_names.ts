/** Names of things in AWS, checked for what they can be: a wrong one would be found after an hour of work. @module */

import type { ParsedOptions } from "../parse/parsed_options.ts";
import { type OptionNameOf, storageTypes } from "../options/options.ts";
import { automaticClass, type Settings } from "../../core/settings.ts";
import { readFinishBy } from "./finish_by.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

interface Form {
  readonly pattern: RegExp;
  /** What it can't be. */
  readonly what: string;
  readonly hint: string;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id */
const kmsKey: Form = {
  pattern:
    /^(?:(?:mrk-)?[0-9a-f]{8}[0-9a-f-]{24,28}|alias\/[A-Za-z0-9/_-]{1,250}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key\/[0-9a-z-]+|alias\/[A-Za-z0-9/_-]+))$/,
  what: "a KMS key",
  hint: "Write its id (such as 1234abcd-12ab-34cd-56ef-1234567890ab), its ARN, or an alias (alias/NAME).",
};

const forms = {
  "instance-class": {
    pattern: /^db\.[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
    what: "an instance class",
    hint: "Write one of RDS's, such as db.t4g.large, or auto.",
  },
  "subnet-group": {
    pattern: /^[a-z0-9 ._-]{1,255}$/i,
    what: "a DB subnet group",
    hint: "Write its name: letters, digits, spaces, dots, underscores and hyphens.",
  },
  "parameter-group": {
    pattern: /^(?:default\.[a-z0-9.-]+|[a-z](?:-?[a-z0-9])*)$/i,
    what: "a DB parameter group",
    hint: "Write its name: letters, digits and single hyphens, a letter first.",
  },
  "option-group": {
    pattern: /^(?:default:[a-z0-9.-]+|[a-z](?:-?[a-z0-9])*)$/i,
    what: "an option group",
    hint: "Write its name: letters, digits and single hyphens, a letter first.",
  },
  "kms-key": kmsKey,
  "s3-kms-key": kmsKey,
  "sign-kms-key": kmsKey,
} as const satisfies Partial<Record<OptionNameOf<"text">, Form>>;

/** The value of an option that names something in AWS; undefined without the option. */
export function readAwsName(parsed: ParsedOptions, name: keyof typeof forms): string | undefined {
  const value = parsed.text(name);
  if (value !== undefined) refuseUnlike(parsed.label(name), value, forms[name]);
  return value;
}

/** Refuses what can't be a KMS key. */
export function refuseUnlikeKmsKey(label: string, value: string): void {
  refuseUnlike(label, value, kmsKey);
}

/** Where the workspace is made, and in which size, as far as the options say. */
export function readWorkspace(parsed: ParsedOptions): Settings["workspace"] {
  const securityGroups = [...new Set(parsed.list("security-groups"))];
  for (const group of securityGroups) {
    refuseUnlike(parsed.label("security-groups"), group, {
      pattern: /^sg-[0-9a-z]+$/,
      what: "the id of a security group",
      hint: "Write ids, such as sg-0a1b2c3d4e5f60718, not names.",
    });
  }
  return {
    instanceClass: parsed.text("instance-class")?.toLowerCase() === automaticClass
      ? automaticClass
      : readAwsName(parsed, "instance-class"),
    finishBy: readFinishBy(parsed),
    subnetGroup: readAwsName(parsed, "subnet-group"),
    securityGroups: securityGroups.length > 0 ? securityGroups : undefined,
    parameterGroup: readAwsName(parsed, "parameter-group"),
    optionGroup: readAwsName(parsed, "option-group"),
    storageType: parsed.choice("storage-type", storageTypes),
    iops: parsed.number("iops"),
    storageThroughput: parsed.number("storage-throughput"),
    allocatedStorage: parsed.number("allocated-storage"),
  };
}

/** The same for the sources that a configuration file has settings for; undefined where it has none. */
export function readWorkspaces(parsed: ParsedOptions): Settings["workspaces"] {
  const { singledOut } = parsed;
  if (singledOut.length === 0) return undefined;
  return Object.fromEntries(singledOut.map((source) => [source, readWorkspace(parsed.forSource(source))]));
}

/**
 * Whether isolation groups are to be made: not where another group is named.
 *
 * @throws {ScrubError} `usage`
 */
export function readIsolate(parsed: ParsedOptions): boolean {
  const isolate = parsed.flag("isolate");
  if (!isolate || parsed.origin("parameter-group") === undefined) return isolate;
  throw usageError(
    `Cannot use ${parsed.label("isolate")} with ${
      parsed.label("parameter-group")
    }: it makes a group of each source's own`,
    "Leave one of them out.",
  );
}

function refuseUnlike(label: string, value: string, { pattern, what, hint }: Form): void {
  if (!pattern.test(value)) throw usageError(`Cannot use ${label}: ${quoted(value)} can't be ${what}`, hint);
}
