/**
 * The one table of options: it drives parsing, the environment's variables, the configuration file, `--help`, the man page and
 * completions. To add one:
 *
 * 1. Add it below, to the commands that take it in commands.ts, and to the table in lib/cli/README.md, which tests/cli/help/help_test.ts prints.
 * 2. Add the setting to lib/core/settings.ts, and read it in ../command_line.ts.
 * 3. Add it to tests/cli/command_line_test.ts.
 *
 * @module
 */

import type { Option } from "./option.ts";

/** Levels of the log, least first. */
export const logLevels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
/** Where the log goes. */
export const logModes = ["console", "syslog"] as const;
/** Formats of log lines. */
export const logFormats = ["text", "json"] as const;
/** What happens to databases without a scrubber. */
export const unknownDatabases = ["refuse", "drop"] as const;

/** What happens to unclassified columns. */
export const onDrift = ["refuse", "blank"] as const;

/** Formats of dumps in S3. */
export const s3Formats = ["sql.gz", "sql.zst", "custom"] as const;

/** How S3 encrypts dumps. */
export const s3Encryptions = ["AES256", "aws:kms"] as const;

/** Output formats of commands; `github`: annotations, of `review` only. */
export const outputFormats = ["table", "json", "github"] as const;

/** How much of the scrubbed data is searched for leaks. */
export const leakSearches = ["full", "sample", "off"] as const;

/** The servers whose databases are scrubbed. */
export const engineNames = ["postgresql", "mysql"] as const;

/** Every option, in the order of help and README. */
export const options = [
  {
    name: "mysql-hosts",
    group: "Sources",
    kind: "list",
    value: "HOST",
    help: "MySQL instances by host name, such as a CNAME of their endpoint",
    defaultText: "",
  },
  {
    name: "mysql-instances",
    group: "Sources",
    kind: "list",
    value: "INSTANCE",
    help: "MySQL instances by identifier: their newest automated snapshot",
    defaultText: "",
  },
  {
    name: "mysql-snapshots",
    group: "Sources",
    kind: "list",
    value: "SNAPSHOT",
    help: "MySQL snapshots by identifier or ARN",
    defaultText: "",
  },
  {
    name: "postgresql-hosts",
    group: "Sources",
    kind: "list",
    value: "HOST",
    help: "PostgreSQL instances by host name, such as a CNAME of their endpoint",
    defaultText: "",
  },
  {
    name: "postgresql-instances",
    group: "Sources",
    kind: "list",
    value: "INSTANCE",
    help: "PostgreSQL instances by identifier: their newest automated snapshot",
    defaultText: "",
  },
  {
    name: "postgresql-snapshots",
    group: "Sources",
    kind: "list",
    value: "SNAPSHOT",
    help: "PostgreSQL snapshots by identifier or ARN",
    defaultText: "",
  },
  {
    name: "region",
    group: "Sources",
    kind: "text",
    value: "REGION",
    help: "AWS region of the sources",
    defaultText: "the AWS configuration's",
  },
  {
    name: "dns-server",
    group: "Sources",
    kind: "text",
    value: "ADDRESS[:PORT]",
    help: "DNS server for host names",
    defaultText: "the system's",
  },
  {
    name: "keep-database",
    group: "Databases",
    kind: "list",
    value: "[SOURCE/]NAME",
    help: "databases without a scrubber to keep unchanged",
    defaultText: "",
  },
  {
    name: "drop-database",
    group: "Databases",
    kind: "list",
    value: "[SOURCE/]NAME",
    help: "databases without a scrubber to drop",
    defaultText: "",
  },
  {
    name: "unknown-databases",
    group: "Databases",
    kind: "choice",
    choices: unknownDatabases,
    instead: { keep: "To keep a database unchanged, name it: --keep-database NAME." },
    help: "what happens to all other databases without a scrubber",
    defaultText: "refuse",
  },
  {
    name: "on-drift",
    group: "Databases",
    kind: "choice",
    choices: onDrift,
    instead: { keep: "To keep a column, add a reviewed entry for it: --reviewed FILE; review --write writes one." },
    help:
      "what happens to unclassified columns, those without a rule, a known structure or a review: stop, or empty them",
    defaultText: "refuse",
  },
  {
    name: "rules",
    group: "Databases",
    kind: "list",
    value: "FILE|FOLDER",
    file: true,
    help: "rule files in YAML, or folders of them, for databases besides the built-in ones",
    defaultText: "those in /etc/datascrubber/rules.d",
  },
  {
    name: "reviewed",
    group: "Databases",
    kind: "text",
    value: "FILE",
    file: true,
    help: "JSON file of reviewed columns by scrubber, in addition to the built-in ones; review --write adds to it",
    defaultText: "",
  },
  {
    name: "pseudonym-key-file",
    group: "Databases",
    kind: "text",
    value: "FILE",
    file: true,
    help: "file with at least 32 secret bytes; runs with the same key make the same pseudonyms",
    defaultText: "a fresh random key",
  },
  {
    name: "concurrency",
    group: "Databases",
    kind: "number",
    value: "N",
    least: 1,
    most: 64,
    whole: true,
    help: "how many statements to run at a time in a database",
    defaultText: "the vCPUs of the instance class, from 2 to 16",
  },
  {
    name: "leak-search",
    group: "Databases",
    kind: "choice",
    choices: leakSearches,
    help:
      "how much is searched for addresses and tokens that rules remove; kept columns are always searched in full, unless off",
    defaultText: "all of it, but of tables over 128 MiB a sample where one is enough",
  },
  {
    name: "keep-accounts",
    group: "Databases",
    kind: "flag",
    help: "keep the passwords of the server's accounts; whoever gets the snapshot can try to crack them",
    defaultText: "removed, except for the master user's and RDS's own",
  },
  {
    name: "share-with",
    group: "Result",
    kind: "list",
    value: "ACCOUNT",
    help: "AWS account ids of 12 digits to share the scrubbed snapshot with, 20 at most",
    defaultText: "",
  },
  {
    name: "snapshot-retention",
    group: "Result",
    kind: "number",
    value: "N",
    least: 0,
    most: 1000,
    whole: true,
    help: "how many scrubbed snapshots of each source to keep; 0 keeps all",
    defaultText: "5",
  },
  {
    name: "kms-key",
    group: "Result",
    kind: "text",
    value: "KEY",
    help:
      "KMS key, by id, ARN or alias, to encrypt the scrubbed snapshot with; the source's snapshot is copied for that",
    defaultText: "the source snapshot's",
  },
  {
    name: "prove",
    group: "Result",
    kind: "flag",
    help: "restore the scrubbed snapshot again and verify that copy before sharing",
    defaultText: "",
  },
  {
    name: "s3-export",
    group: "Result",
    kind: "text",
    value: "s3://BUCKET/PREFIX",
    help: "where in S3 to put a dump of each scrubbed database, made after verification and before the snapshot",
    defaultText: "",
  },
  {
    name: "s3-format",
    group: "Result",
    kind: "choice",
    choices: s3Formats,
    help: "format of the dumps; custom is pg_dump's own",
    defaultText: "sql.gz",
  },
  {
    name: "s3-encryption",
    group: "Result",
    kind: "choice",
    choices: s3Encryptions,
    help: "how S3 encrypts the dumps",
    defaultText: "the bucket's own setting",
  },
  {
    name: "s3-kms-key",
    group: "Result",
    kind: "text",
    value: "KEY",
    help: "KMS key for the dumps, by id or ARN",
    defaultText: "",
  },
  {
    name: "pg-dump",
    group: "Result",
    kind: "text",
    value: "PROGRAM",
    file: true,
    help: "PostgreSQL's pg_dump, as new as the server",
    defaultText: "pg_dump on PATH",
  },
  {
    name: "mysql-dump",
    group: "Result",
    kind: "text",
    value: "PROGRAM",
    file: true,
    help: "MySQL's mysqldump",
    defaultText: "mysqldump on PATH",
  },
  {
    name: "instance-class",
    group: "Workspace",
    kind: "text",
    value: "CLASS",
    help: "instance class of the workspace",
    defaultText: "the source instance's",
  },
  {
    name: "subnet-group",
    group: "Workspace",
    kind: "text",
    value: "NAME",
    help: "DB subnet group of the workspace",
    defaultText: "the source instance's",
  },
  {
    name: "security-groups",
    group: "Workspace",
    kind: "list",
    value: "ID",
    help: "security groups of the workspace; they must allow connections from this machine",
    defaultText: "the source instance's",
  },
  {
    name: "parameter-group",
    group: "Workspace",
    kind: "text",
    value: "NAME",
    help: "DB parameter group of the workspace",
    defaultText: "the one that the command parameter-group made, else the source instance's",
  },
  {
    name: "isolate",
    group: "Workspace",
    kind: "flag",
    help:
      "make each source's isolation group, as the command parameter-group does, where it is missing or not up to date",
    defaultText: "",
  },
  {
    name: "allow-active",
    group: "Workspace",
    kind: "flag",
    help:
      "restore although the parameter group has the workspace start work by itself, such as events, or log statements",
    defaultText: "",
  },
  {
    name: "option-group",
    group: "Workspace",
    kind: "text",
    value: "NAME",
    help: "option group of the workspace",
    defaultText: "the source instance's",
  },
  {
    name: "dry-run",
    group: "Run",
    kind: "flag",
    help: "find the sources, say what would be restored, scrubbed, shared and pruned, and change nothing",
    defaultText: "",
  },
  {
    name: "wait",
    group: "Run",
    kind: "flag",
    help: "wait for another run on the same source to end, instead of stopping",
    defaultText: "",
  },
  {
    name: "heartbeat",
    group: "Run",
    kind: "duration",
    value: "DURATION",
    unit: "minutes",
    least: 0.0005,
    most: 1440,
    help: "heartbeat interval; a run that misses three heartbeats counts as dead; a bare number is minutes",
    defaultText: "5m",
  },
  {
    name: "tls-ca",
    group: "Run",
    kind: "text",
    value: "FILE",
    file: true,
    help: "CA certificates in PEM for the database connections; host names are always checked",
    defaultText: "Amazon's RDS roots, carried in the program",
  },
  {
    name: "timeout",
    group: "Run",
    kind: "duration",
    value: "DURATION",
    unit: "minutes",
    least: 0.01,
    most: 10_080,
    help: "longest wait for one operation of RDS, such as 90m or 2h; a bare number is minutes",
    defaultText: "90m",
  },
  {
    name: "snapshot-timeout",
    group: "Run",
    kind: "duration",
    value: "DURATION",
    unit: "hours",
    least: 0.01,
    most: 168,
    help: "longest wait for the final snapshot; a bare number is hours",
    defaultText: "24h",
  },
  {
    name: "poll-interval",
    group: "Run",
    kind: "duration",
    value: "DURATION",
    unit: "seconds",
    least: 0.01,
    most: 600,
    help: "interval between status checks; a bare number is seconds",
    defaultText: "20s",
  },
  {
    name: "log-mode",
    group: "Output",
    kind: "choice",
    choices: logModes,
    help: "where the log goes",
    defaultText: "console on a terminal or under systemd, else syslog",
  },
  {
    name: "log-level",
    group: "Output",
    kind: "choice",
    choices: logLevels,
    help: "lowest level to log; DEBUG includes the calls to AWS",
    defaultText: "INFO",
  },
  {
    name: "log-format",
    group: "Output",
    kind: "choice",
    choices: logFormats,
    help: "format of log lines",
    defaultText: "text",
  },
  {
    name: "report",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "JSON report of the run; its SHA-256 becomes a tag of the final snapshots",
    defaultText: "",
  },
  {
    name: "sign-key",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "Ed25519 private key in PEM that signs the report, into REPORT.intoto.json and a tag of the final snapshots",
    defaultText: "",
  },
  {
    name: "sign-kms-key",
    group: "Output",
    kind: "text",
    value: "KEY",
    help: "the same with an Ed25519 key of KMS (ECC_NIST_EDWARDS25519), by id, ARN or alias",
    defaultText: "",
  },
  {
    name: "report-html",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "the report as one page for a browser",
    defaultText: "",
  },
  {
    name: "previous",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help:
      "JSON report of an earlier run, to compare with in --report-html; it is read at the start, so it may be the file of --report",
    defaultText: "",
  },
  {
    name: "metrics-file",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "metrics of the run for node_exporter's textfile collector",
    defaultText: "",
  },
  {
    name: "icinga-host",
    group: "Output",
    kind: "text",
    value: "HOST[:PORT]",
    help: "Icinga or Nagios host that gets a passive check result for each database, by send_nsca",
    defaultText: "",
  },
  {
    name: "icinga-config",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "configuration of send_nsca",
    defaultText: "send_nsca's own",
  },
  {
    name: "send-nsca",
    group: "Output",
    kind: "text",
    value: "PROGRAM",
    file: true,
    help: "the program send_nsca",
    defaultText: "send_nsca on PATH",
  },
  {
    name: "notify",
    group: "Output",
    kind: "text",
    value: "URL",
    secret: true,
    help: "webhook for the result of the run, in JSON that Slack understands",
    defaultText: "",
  },
  {
    name: "url",
    group: "Review",
    kind: "text",
    value: "URL",
    secret: true,
    help:
      "database to inspect, or to scrub, postgresql://USER@HOST/DATABASE or mysql://…; a password belongs in the environment variable or in PGPASSWORD or MYSQL_PWD; a terminal asks for it",
    defaultText: "",
  },
  {
    name: "scrubber",
    group: "Review",
    kind: "text",
    value: "NAME",
    notInFile: true,
    help: "scrubber to compare the database with, or to scrub it by",
    defaultText: "the one named like the database",
  },
  {
    name: "insecure",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help: "connect to another machine without checking its certificate, or without TLS",
    defaultText: "",
  },
  {
    name: "write",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help:
      "ask about each unclassified column on the terminal; what may stay goes to the file of --reviewed, a rule to that of --rules",
    defaultText: "",
  },
  {
    name: "show-values",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help:
      "with review --write, show sample values of each column; with plan --sample, show rows where no terminal is, too",
    defaultText: "",
  },
  {
    name: "yes-scrub",
    group: "Review",
    kind: "text",
    value: "NAME",
    flagOnly: true,
    notInFile: true,
    help: "the name of the database that scrub --url is to change, where no terminal can be asked for it",
    defaultText: "",
  },
  {
    name: "protected",
    group: "Review",
    kind: "list",
    value: "PATTERN",
    help: "names and hosts that scrub --url refuses, besides prod, production, prd, live, primary and master: " +
      "a word in them, or all of one with * for anything",
    defaultText: "",
  },
  {
    name: "unprotected",
    group: "Review",
    kind: "list",
    value: "NAME",
    flagOnly: true,
    notInFile: true,
    help: "databases and hosts, by their exact names, that scrub --url takes although they look like production's",
    defaultText: "",
  },
  {
    name: "sample",
    group: "Review",
    kind: "number",
    value: "N",
    least: 1,
    most: 10000,
    whole: true,
    flagOnly: true,
    notInFile: true,
    help:
      "init: read at most N values of each column too, to tell better what it holds; they are neither shown nor written; " +
      "plan --url: show N rows of each table before and after, on a terminal alone",
    defaultText: "",
  },
  {
    name: "engine",
    group: "Review",
    kind: "choice",
    choices: engineNames,
    flagOnly: true,
    notInFile: true,
    help: "the server of the database whose rules import reads, where they do not say it",
    defaultText: "",
  },
  {
    name: "force",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help: "replace the file where there is one",
    defaultText: "",
  },
  {
    name: "format",
    group: "Other",
    kind: "choice",
    choices: outputFormats,
    notInFile: true,
    help: "output format of scrubbers, strategies, status, review and plan; github is for review only",
    defaultText: "table",
  },
  {
    name: "public-key",
    group: "Other",
    kind: "text",
    value: "FILE",
    file: true,
    notInFile: true,
    help: "Ed25519 public key in PEM that the report's signature must be of; without SNAPSHOT nothing else is checked",
    defaultText: "",
  },
  {
    name: "run",
    group: "Other",
    kind: "text",
    value: "ID",
    flagOnly: true,
    notInFile: true,
    help: "run to sweep, and no other; it counts as dead whatever its heartbeat",
    defaultText: "all runs without a heartbeat",
  },
  {
    name: "config",
    group: "Other",
    kind: "text",
    value: "FILE",
    file: true,
    notInFile: true,
    help: "YAML file of options, named as here; the command line and the environment take precedence",
    defaultText: "",
  },
  {
    name: "help",
    group: "Other",
    kind: "flag",
    short: "h",
    flagOnly: true,
    notInFile: true,
    help: "print this help, or behind a command its options and examples",
    defaultText: "",
  },
  {
    name: "version",
    group: "Other",
    kind: "flag",
    short: "V",
    flagOnly: true,
    notInFile: true,
    help: "print the version",
    defaultText: "",
  },
] as const satisfies readonly Option[];

type Row = (typeof options)[number];

/** Name of an option; a misspelt one does not compile. */
export type OptionName = Row["name"];

/** Name of an option of one kind. */
export type OptionNameOf<K extends Option["kind"]> = Extract<Row, { readonly kind: K }>["name"];

/** The row with this name, or undefined. */
export function findOption(name: string): (Option & { readonly name: OptionName }) | undefined {
  return options.find((option) => option.name === name);
}
