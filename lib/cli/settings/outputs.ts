/** Reports, metrics, alerts and dumps of a run, checked before it begins. @module */

import { readAwsName } from "./aws_names.ts";
import { type Files, obstacleOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { s3Encryptions, s3Formats } from "../options/options.ts";
import type { OptionNameOf } from "../options/options.ts";
import type { Icinga, S3Export, Settings } from "../../core/settings.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

const outputFiles = ["report", "report-html", "metrics-file"] as const;

/** The settings of outputs. */
export type Outputs = Pick<Settings, "report" | "reportHtml" | "metricsFile" | "icinga" | "notify" | "s3Export">;

/**
 * Reads the settings of outputs.
 *
 * @throws {ScrubError} `usage` on what would fail at the end of the run.
 */
export async function readOutputs(parsed: ParsedOptions, sources: Settings["sources"], files: Files): Promise<Outputs> {
  refuseSamePath(parsed);
  return {
    report: await readPath(parsed, "report", files),
    reportHtml: await readPath(parsed, "report-html", files),
    metricsFile: await readPath(parsed, "metrics-file", files),
    icinga: readIcinga(parsed),
    notify: readWebhook(parsed),
    s3Export: readS3Export(parsed, sources),
  };
}

/** The later file would replace the earlier one. */
function refuseSamePath(parsed: ParsedOptions): void {
  const named = outputFiles.filter((name) => parsed.text(name) !== undefined);
  for (const [at, name] of named.entries()) {
    const other = named.slice(0, at).find((before) => parsed.text(before) === parsed.text(name));
    if (other === undefined) continue;
    throw usageError(
      `Cannot use ${parsed.label(other)} and ${parsed.label(name)} together: both name ${
        quoted(parsed.text(name) ?? "")
      }`,
      "Name two files.",
    );
  }
}

/**
 * The path of a file to be written.
 *
 * @throws {ScrubError} `usage`
 */
export async function readPath(
  parsed: ParsedOptions,
  name: OptionNameOf<"text">,
  files: Files,
): Promise<string | undefined> {
  const path = parsed.text(name);
  if (path === undefined) return undefined;
  await files.tryToWrite(path).catch((cause) => {
    // What does not exist is the folder: the file itself need not.
    const why = cause instanceof Deno.errors.NotFound ? "its folder does not exist" : `it ${obstacleOf(cause)}`;
    throw usageError(
      `Cannot write ${parsed.label(name)}: no file can be made at ${quoted(path)}, for ${why}`,
      "Name a file in a folder that exists and that you may write to.",
      { cause },
    );
  });
  return path;
}

function readIcinga(parsed: ParsedOptions): Icinga | undefined {
  const value = parsed.text("icinga-host");
  for (const name of ["icinga-config", "send-nsca"] as const) {
    if (value === undefined && parsed.origin(name) === "command line") throw alone(parsed, name, "icinga-host");
  }
  if (value === undefined) return undefined;
  const [, host, port] = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?$/.exec(value) ?? [];
  if (host === undefined || host.startsWith("-") || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    throw usageError(
      `Cannot use ${parsed.label("icinga-host")}: ${quoted(value)} is not HOST or HOST:PORT`,
      "Write a host's name or address, such as monitoring.example or monitoring.example:5667.",
    );
  }
  return {
    host: host.replaceAll(/[[\]]/g, ""),
    port: port === undefined ? undefined : Number(port),
    program: parsed.text("send-nsca") ?? "send_nsca",
    config: parsed.text("icinga-config"),
  };
}

function readWebhook(parsed: ParsedOptions): string | undefined {
  const value = parsed.text("notify");
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url?.protocol === "https:" || url?.protocol === "http:") return value;
  // Its path may be a secret.
  throw usageError(
    `Cannot use ${parsed.label("notify")}: it is not an http or https URL`,
    "Write the whole URL, such as https://hooks.example/services/….",
  );
}

function readS3Export(parsed: ParsedOptions, sources: Settings["sources"]): S3Export | undefined {
  const value = parsed.text("s3-export");
  for (const name of ["s3-format", "s3-encryption", "s3-kms-key"] as const) {
    if (value === undefined && parsed.origin(name) === "command line") throw alone(parsed, name, "s3-export");
  }
  const rebuild = parsed.flag("rebuild");
  for (const name of ["pg-dump", "mysql-dump"] as const) {
    if (value !== undefined || rebuild || parsed.origin(name) !== "command line") continue;
    throw alone(parsed, name, "s3-export or --rebuild");
  }
  for (const name of ["pg-restore", "mysql-client"] as const) {
    if (!rebuild && parsed.origin(name) === "command line") throw alone(parsed, name, "rebuild");
  }
  if (value === undefined) return undefined;
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(value) ?? [];
  const label = parsed.label("s3-export");
  if (bucket === undefined) {
    throw usageError(
      `Cannot use ${label}: ${quoted(value)} is not s3://BUCKET/PREFIX`,
      "Write s3://, the bucket's name and, if wanted, a prefix, such as s3://dumps/scrubbed.",
    );
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw usageError(
      `Cannot use ${label}: ${quoted(bucket)} can't be the name of a bucket`,
      "Write the bucket's name: 3 to 63 small letters, digits, dots and hyphens, such as s3://dumps/scrubbed.",
    );
  }
  if (/\/\//.test(prefix) || prefix.startsWith("/") || prefix.length > 500) {
    throw usageError(
      `Cannot use ${label}: ${quoted(prefix)} can't be a prefix`,
      "Write at most 500 characters, with single slashes between them.",
    );
  }
  const format = parsed.choice("s3-format", s3Formats) ?? "sql.gz";
  const mysql = sources.find(({ engine }) => engine === "mysql");
  if (format === "custom" && mysql) {
    throw usageError(
      `Cannot use ${parsed.label("s3-format")} with ${quoted(mysql.value)}: MySQL has no custom format`,
      "Choose sql.gz or sql.zst, or scrub the MySQL sources in a run of their own.",
    );
  }
  return {
    bucket,
    prefix: prefix.replace(/\/$/, ""),
    format,
    encryption: readEncryption(parsed),
    pgDump: parsed.text("pg-dump") ?? "pg_dump",
    mysqldump: parsed.text("mysql-dump") ?? "mysqldump",
  };
}

function readEncryption(parsed: ParsedOptions): S3Export["encryption"] {
  const kmsKey = readAwsName(parsed, "s3-kms-key");
  const algorithm = parsed.choice("s3-encryption", s3Encryptions) ?? (kmsKey === undefined ? undefined : "aws:kms");
  if (kmsKey !== undefined && algorithm !== "aws:kms") {
    throw usageError(
      `Cannot use ${parsed.label("s3-kms-key")} with ${parsed.label("s3-encryption")} ${algorithm}`,
      "Write --s3-encryption aws:kms, or leave the key out.",
    );
  }
  return algorithm === undefined ? undefined : { algorithm, ...(kmsKey !== undefined && { kmsKey }) };
}

function alone(parsed: ParsedOptions, name: OptionNameOf<"text" | "choice">, other: string): Error {
  return usageError(`Cannot use ${parsed.label(name)} without --${other}`, `Give --${other} too, or leave it out.`);
}
