/** The one table of options: it drives parsing, the environment's variables, `--help` and the README. @module */

/** Under which heading an option stands. */
export type OptionGroup = "Sources" | "Databases" | "Result" | "Workspace" | "Run" | "Output" | "Review" | "Other";

/** What every option says of itself. */
interface OptionBase {
  /** Without the dashes. */
  readonly name: string;
  readonly group: OptionGroup;
  /** One sentence without a full stop, for `--help` and the README. */
  readonly help: string;
  /** The default, in words; `""` where there is none to name. */
  readonly otherwise: string;
  /** No environment variable sets it. */
  readonly flagOnly?: true;
  /** No configuration file sets it. */
  readonly notInFile?: true;
  /** Its values appear in no message. */
  readonly secret?: true;
}

/** An option that is there or not; it takes no value. */
export interface FlagOption extends OptionBase {
  readonly kind: "flag";
  /** Its other name, of one letter behind one dash. */
  readonly short?: string;
}

/** An option with one value of free text. */
export interface TextOption extends OptionBase {
  readonly kind: "text";
  readonly value: string;
  /** Its value is a file's path: shells complete it. */
  readonly file?: true;
}

/** An option with one or more values; repeating it adds. */
export interface ListOption extends OptionBase {
  readonly kind: "list";
  readonly value: string;
  /** Its values are files' paths: shells complete them. */
  readonly file?: true;
}

/** An option with one of a few words. */
export interface ChoiceOption extends OptionBase {
  readonly kind: "choice";
  readonly choices: readonly string[];
}

/** An option with a decimal number. */
export interface NumberOption extends OptionBase {
  readonly kind: "number";
  readonly value: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

/** One row of the table. */
export type Option = FlagOption | TextOption | ListOption | ChoiceOption | NumberOption;

/** Levels of the log, least first. */
export const logLevels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
/** Where the log goes. */
export const logModes = ["console", "syslog"] as const;
/** How log lines are written. */
export const logFormats = ["text", "json"] as const;
/** What becomes of databases that nobody knows. */
export const unknownDatabases = ["refuse", "drop"] as const;

/** What becomes of columns that nothing accounts for. */
export const onDrift = ["refuse", "blank"] as const;

/** What dumps in S3 look like. */
export const s3Formats = ["sql.gz", "sql.zst", "custom"] as const;

/** How S3 encrypts dumps. */
export const s3Encryptions = ["AES256", "aws:kms"] as const;

/** How a command prints what it found; `github`: review's annotations. */
export const outputFormats = ["table", "json", "github"] as const;

/** How much is read in search of leaks. */
export const leakSearches = ["full", "sample", "off"] as const;

/** Every option, in the order of help and README. */
export const options = [
  {
    name: "mysql-hosts",
    group: "Sources",
    kind: "list",
    value: "HOST",
    help: "MySQL instances by host name, such as a CNAME of their endpoint",
    otherwise: "",
  },
  {
    name: "mysql-instances",
    group: "Sources",
    kind: "list",
    value: "INSTANCE",
    help: "MySQL instances by identifier: their newest automated snapshot",
    otherwise: "",
  },
  {
    name: "mysql-snapshots",
    group: "Sources",
    kind: "list",
    value: "SNAPSHOT",
    help: "MySQL snapshots by identifier or ARN",
    otherwise: "",
  },
  {
    name: "postgresql-hosts",
    group: "Sources",
    kind: "list",
    value: "HOST",
    help: "PostgreSQL instances by host name, such as a CNAME of their endpoint",
    otherwise: "",
  },
  {
    name: "postgresql-instances",
    group: "Sources",
    kind: "list",
    value: "INSTANCE",
    help: "PostgreSQL instances by identifier: their newest automated snapshot",
    otherwise: "",
  },
  {
    name: "postgresql-snapshots",
    group: "Sources",
    kind: "list",
    value: "SNAPSHOT",
    help: "PostgreSQL snapshots by identifier or ARN",
    otherwise: "",
  },
  {
    name: "region",
    group: "Sources",
    kind: "text",
    value: "REGION",
    help: "AWS region of the sources",
    otherwise: "the AWS configuration's",
  },
  {
    name: "dns-server",
    group: "Sources",
    kind: "text",
    value: "ADDRESS[:PORT]",
    help: "DNS server to ask for host names",
    otherwise: "the system's",
  },
  {
    name: "keep-database",
    group: "Databases",
    kind: "list",
    value: "[SOURCE/]NAME",
    help: "databases that no scrubber knows and that pass as they are, on purpose",
    otherwise: "",
  },
  {
    name: "drop-database",
    group: "Databases",
    kind: "list",
    value: "[SOURCE/]NAME",
    help: "databases that no scrubber knows and that are dropped",
    otherwise: "",
  },
  {
    name: "unknown-databases",
    group: "Databases",
    kind: "choice",
    choices: unknownDatabases,
    help: "what happens to all databases that no scrubber knows and nobody named",
    otherwise: "refuse",
  },
  {
    name: "on-drift",
    group: "Databases",
    kind: "choice",
    choices: onDrift,
    help: "what happens to columns that no rule, structure or review accounts for: stop, or empty them",
    otherwise: "refuse",
  },
  {
    name: "reviewed",
    group: "Databases",
    kind: "text",
    value: "FILE",
    file: true,
    help:
      "JSON file of columns that somebody has looked at, by scrubber, beside those that the program carries; review --write adds to it",
    otherwise: "",
  },
  {
    name: "pseudonym-key-file",
    group: "Databases",
    kind: "text",
    value: "FILE",
    file: true,
    help: "file of at least 32 secret bytes: runs with the same one make the same pseudonyms",
    otherwise: "a fresh random key",
  },
  {
    name: "concurrency",
    group: "Databases",
    kind: "number",
    value: "N",
    least: 1,
    most: 64,
    whole: true,
    help: "statements at a time in a database",
    otherwise: "2 on either engine",
  },
  {
    name: "leak-search",
    group: "Databases",
    kind: "choice",
    choices: leakSearches,
    help: "how much of the scrubbed data is read in search of values that rules took away",
    otherwise: "all of it, but a sample of tables over 128 MiB",
  },
  {
    name: "keep-accounts",
    group: "Databases",
    kind: "flag",
    help: "let the server's accounts keep production's passwords, which others can try to find from the snapshot",
    otherwise: "all but the master user's and RDS's own are taken",
  },
  {
    name: "share-with",
    group: "Result",
    kind: "list",
    value: "ACCOUNT",
    help: "AWS account ids of 12 digits to share the scrubbed snapshot with, 20 at most",
    otherwise: "",
  },
  {
    name: "snapshot-retention",
    group: "Result",
    kind: "number",
    value: "N",
    least: 0,
    most: 1000,
    whole: true,
    help: "how many scrubbed snapshots of a source stay; 0 keeps all",
    otherwise: "5",
  },
  {
    name: "kms-key",
    group: "Result",
    kind: "text",
    value: "KEY",
    help:
      "KMS key, by id, ARN or alias, to encrypt the scrubbed snapshot with; the source's snapshot is copied on the way",
    otherwise: "the source snapshot's",
  },
  {
    name: "prove",
    group: "Result",
    kind: "flag",
    help: "restore the scrubbed snapshot once more and verify that before it is shared",
    otherwise: "",
  },
  {
    name: "s3-export",
    group: "Result",
    kind: "text",
    value: "s3://BUCKET/PREFIX",
    help: "place in S3 for a dump of each scrubbed database, made after verification and before the snapshot",
    otherwise: "",
  },
  {
    name: "s3-format",
    group: "Result",
    kind: "choice",
    choices: s3Formats,
    help: "what the dumps look like; custom is pg_dump's own format",
    otherwise: "sql.gz",
  },
  {
    name: "s3-encryption",
    group: "Result",
    kind: "choice",
    choices: s3Encryptions,
    help: "how S3 encrypts the dumps",
    otherwise: "the bucket's own setting",
  },
  {
    name: "s3-kms-key",
    group: "Result",
    kind: "text",
    value: "KEY",
    help: "KMS key for the dumps, by id or ARN",
    otherwise: "",
  },
  {
    name: "pg-dump",
    group: "Result",
    kind: "text",
    value: "PROGRAM",
    file: true,
    help: "PostgreSQL's pg_dump, as new as the server",
    otherwise: "pg_dump on PATH",
  },
  {
    name: "mysql-dump",
    group: "Result",
    kind: "text",
    value: "PROGRAM",
    file: true,
    help: "MySQL's mysqldump",
    otherwise: "mysqldump on PATH",
  },
  {
    name: "instance-class",
    group: "Workspace",
    kind: "text",
    value: "CLASS",
    help: "instance class of the workspace",
    otherwise: "the source instance's",
  },
  {
    name: "subnet-group",
    group: "Workspace",
    kind: "text",
    value: "NAME",
    help: "DB subnet group of the workspace",
    otherwise: "the source instance's",
  },
  {
    name: "security-groups",
    group: "Workspace",
    kind: "list",
    value: "ID",
    help: "security groups of the workspace; they must let this machine in",
    otherwise: "the source instance's",
  },
  {
    name: "parameter-group",
    group: "Workspace",
    kind: "text",
    value: "NAME",
    help: "DB parameter group of the workspace",
    otherwise: "the source instance's",
  },
  {
    name: "option-group",
    group: "Workspace",
    kind: "text",
    value: "NAME",
    help: "option group of the workspace",
    otherwise: "the source instance's",
  },
  {
    name: "dry-run",
    group: "Run",
    kind: "flag",
    help: "find the sources, say what would be restored, scrubbed, shared and pruned, and change nothing",
    otherwise: "",
  },
  {
    name: "wait",
    group: "Run",
    kind: "flag",
    help: "where another run works on the same source, wait for its end instead of stopping",
    otherwise: "",
  },
  {
    name: "heartbeat",
    group: "Run",
    kind: "number",
    value: "MINUTES",
    least: 0.0005,
    most: 1440,
    whole: false,
    help: "interval of the signs of life on what a run made; after three without one it counts as dead",
    otherwise: "5",
  },
  {
    name: "tls-ca",
    group: "Run",
    kind: "text",
    value: "FILE",
    file: true,
    help: "CA certificates in PEM for the database connections; host names are always checked",
    otherwise: "Amazon's RDS roots, carried in the program",
  },
  {
    name: "timeout",
    group: "Run",
    kind: "number",
    value: "MINUTES",
    least: 0.01,
    most: 10_080,
    whole: false,
    help: "limit of each wait on RDS",
    otherwise: "90",
  },
  {
    name: "snapshot-timeout",
    group: "Run",
    kind: "number",
    value: "HOURS",
    least: 0.01,
    most: 168,
    whole: false,
    help: "limit of the wait for the final snapshot",
    otherwise: "24",
  },
  {
    name: "poll-interval",
    group: "Run",
    kind: "number",
    value: "SECONDS",
    least: 0.01,
    most: 600,
    whole: false,
    help: "pause between two questions to RDS about a status",
    otherwise: "20",
  },
  {
    name: "log-mode",
    group: "Output",
    kind: "choice",
    choices: logModes,
    help: "where the log goes",
    otherwise: "console on a terminal or under systemd, else syslog",
  },
  {
    name: "log-level",
    group: "Output",
    kind: "choice",
    choices: logLevels,
    help: "least level that is logged; DEBUG includes the AWS client's calls",
    otherwise: "INFO",
  },
  {
    name: "log-format",
    group: "Output",
    kind: "choice",
    choices: logFormats,
    help: "how a log line is written",
    otherwise: "text",
  },
  {
    name: "report",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "JSON report of the run; its SHA-256 becomes a tag of the final snapshots",
    otherwise: "",
  },
  {
    name: "report-html",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "the report as one page for a browser",
    otherwise: "",
  },
  {
    name: "metrics-file",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "metrics of the run for node_exporter's textfile collector",
    otherwise: "",
  },
  {
    name: "icinga-host",
    group: "Output",
    kind: "text",
    value: "HOST[:PORT]",
    help: "Icinga or Nagios host that gets a passive check result for each database, by send_nsca",
    otherwise: "",
  },
  {
    name: "icinga-config",
    group: "Output",
    kind: "text",
    value: "FILE",
    file: true,
    help: "configuration of send_nsca",
    otherwise: "send_nsca's own",
  },
  {
    name: "send-nsca",
    group: "Output",
    kind: "text",
    value: "PROGRAM",
    file: true,
    help: "the program send_nsca",
    otherwise: "send_nsca on PATH",
  },
  {
    name: "notify",
    group: "Output",
    kind: "text",
    value: "URL",
    secret: true,
    help: "webhook that is told how the run ended, in JSON that Slack understands",
    otherwise: "",
  },
  {
    name: "url",
    group: "Review",
    kind: "text",
    value: "URL",
    secret: true,
    help:
      "database to look at, postgresql://USER@HOST/DATABASE or mysql://…; a password belongs into the variable, or into PGPASSWORD or MYSQL_PWD",
    otherwise: "",
  },
  {
    name: "scrubber",
    group: "Review",
    kind: "text",
    value: "NAME",
    notInFile: true,
    help: "scrubber to hold the database against",
    otherwise: "that of the database's name",
  },
  {
    name: "insecure",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help: "connect to another machine without checking its certificate, or without TLS",
    otherwise: "",
  },
  {
    name: "write",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help: "ask about each column on the terminal, and add what may stay to the file of --reviewed",
    otherwise: "",
  },
  {
    name: "show-values",
    group: "Review",
    kind: "flag",
    flagOnly: true,
    notInFile: true,
    help: "with --write, show some of each column's values",
    otherwise: "",
  },
  {
    name: "format",
    group: "Other",
    kind: "choice",
    choices: outputFormats,
    notInFile: true,
    help: "how status, review and plan print what they found; github is review's",
    otherwise: "table",
  },
  {
    name: "run",
    group: "Other",
    kind: "text",
    value: "ID",
    flagOnly: true,
    notInFile: true,
    help: "run that sweep takes for dead, however fresh its signs of life, and the only one whose things it deletes",
    otherwise: "all runs without signs of life",
  },
  {
    name: "config",
    group: "Other",
    kind: "text",
    value: "FILE",
    file: true,
    notInFile: true,
    help: "YAML file with options, spelt as here; command line and environment win over it",
    otherwise: "",
  },
  {
    name: "help",
    group: "Other",
    kind: "flag",
    short: "h",
    flagOnly: true,
    notInFile: true,
    help: "print this help",
    otherwise: "",
  },
  {
    name: "version",
    group: "Other",
    kind: "flag",
    short: "V",
    flagOnly: true,
    notInFile: true,
    help: "print the version",
    otherwise: "",
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

/** The environment variable that sets an option, such as `DATASCRUBBER_SHARE_WITH`; undefined where none does. */
export function environmentVariable(option: Option): string | undefined {
  return option.flagOnly ? undefined : `DATASCRUBBER_${option.name.toUpperCase().replaceAll("-", "_")}`;
}

/** How an option is written, such as `--share-with ACCOUNT…` or `--help, -h`. */
export function spelling(option: Option): string {
  switch (option.kind) {
    case "flag":
      return option.short === undefined ? `--${option.name}` : `--${option.name}, -${option.short}`;
    case "choice":
      return `--${option.name} ${option.choices.join("|")}`;
    case "list":
      return `--${option.name} ${option.value}…`;
    case "text":
    case "number":
      return `--${option.name} ${option.value}`;
  }
}
