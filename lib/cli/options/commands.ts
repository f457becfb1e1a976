/** The one table of commands: it drives parsing, `--help`, the manual page and the shells' completions. @module */

import type { OptionName } from "./options.ts";

/** A command line, and what it is for: one line without a full stop. */
export type Example = readonly [what: string, command: string];

/** One row of the table. */
export interface CommandRow {
  /** As typed, with one space between words; `""` for the command without words, a run. */
  readonly words: string;
  /** What follows, such as `FILE`; `""` for nothing. */
  readonly value: string;
  /** One of these must follow. */
  readonly choices?: readonly string[];
  /** Options that it takes; absent: none, except for the command without words, which takes all. */
  readonly options?: readonly OptionName[];
  /** One line without a full stop. */
  readonly help: string;
  /** Two for each command; a test parses them. */
  readonly examples: readonly Example[];
}

/** Shells that completions can be made for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** Options of `plan` for a source, which it restores to a workspace of its own. */
export const planSources = [
  "mysql-hosts",
  "mysql-instances",
  "mysql-clusters",
  "mysql-snapshots",
  "postgresql-hosts",
  "postgresql-instances",
  "postgresql-clusters",
  "postgresql-snapshots",
  "region",
  "dns-server",
  "keep-database",
  "drop-database",
  "unknown-databases",
  "instance-class",
  "finish-by",
  "subnet-group",
  "security-groups",
  "parameter-group",
  "isolate",
  "allow-active",
  "option-group",
  "storage-type",
  "iops",
  "storage-throughput",
  "allocated-storage",
  "wait",
  "heartbeat",
  "timeout",
  "poll-interval",
  "previous",
  "prices",
  "log-mode",
  "log-format",
] as const satisfies readonly OptionName[];

/** Every command, in the order of help. */
export const commands: readonly CommandRow[] = [
  {
    words: "",
    value: "[OPTION…]",
    help: "scrub copies of RDS instances and snapshot them",
    examples: [
      ["See what would happen, and change nothing", "datascrubber --dry-run --postgresql-instances orders"],
      [
        "Scrub the newest snapshots of two instances and share the results",
        "datascrubber --mysql-hosts mysql-primary --postgresql-instances orders --share-with 123456789012",
      ],
      [
        "Scrub one snapshot, keep one database unchanged, and write a report",
        "datascrubber --mysql-snapshots rds:blog-2026-11-24-03-00 --keep-database fonts --report-html run.html",
      ],
      [
        "Check an application's database in CI, before production has the same columns",
        "DATASCRUBBER_URL=postgresql://ci@localhost/email-alert-api_test datascrubber review --format github",
      ],
      ["Show what there is in AWS now", "datascrubber status --region eu-west-1"],
    ],
  },
  {
    words: "scrubbers",
    value: "[NAME]",
    options: ["rules", "format", "config"],
    help: "list the applications whose databases are scrubbed; with NAME, one's tables and rules",
    examples: [
      ["List them", "datascrubber scrubbers"],
      ["What becomes of every table of whitehall", "datascrubber scrubbers whitehall"],
    ],
  },
  {
    words: "strategies",
    value: "[NAME]",
    options: ["format"],
    help: "list what can happen to a column, with an example each; with NAME, one in full",
    examples: [
      ["List them", "datascrubber strategies"],
      ["What one makes of a value, and what its parameter is", "datascrubber strategies template"],
    ],
  },
  {
    words: "status",
    value: "",
    options: ["region", "format", "log-level"],
    help: "show what is running, orphaned, scrubbed and shared in AWS now",
    examples: [
      ["What there is in the AWS configuration's region", "datascrubber status"],
      ["The same for a program", "datascrubber status --region eu-west-1 --format json"],
    ],
  },
  {
    words: "sweep",
    value: "",
    options: ["run", "region", "dry-run", "timeout", "poll-interval", "log-level", "config"],
    help: "delete the workspaces of dead runs, and their snapshots without proof; with --dry-run, only list them",
    examples: [
      ["What would be deleted, and what is kept and why", "datascrubber sweep --dry-run"],
      ["Delete what one run left, at once", "datascrubber sweep --run 0123456789abcdef0123456789abcdef"],
    ],
  },
  {
    words: "finish",
    value: "[SOURCE]…",
    options: [
      "run",
      "share-with",
      "snapshot-retention",
      "region",
      "timeout",
      "snapshot-timeout",
      "poll-interval",
      "report",
      "log-level",
      "config",
    ],
    help:
      "wait for, share, copy and prune verified snapshots that runs of all sources, or of these instances, left unfinished",
    examples: [
      ["What the nightly runs left, as these would have", "datascrubber finish --config nightly.yaml"],
      ["Of one source", "datascrubber finish orders --share-with 123456789012"],
    ],
  },
  {
    words: "parameter-group",
    value: "INSTANCE",
    options: ["region", "dry-run", "timeout", "poll-interval", "log-level", "config"],
    help:
      "make the parameter group in which a source's workspace starts no work by itself, or bring it up to date; with --dry-run, only show it",
    examples: [
      ["What it would set", "datascrubber parameter-group orders --dry-run"],
      ["Make it; runs of the source use it from then on", "datascrubber parameter-group orders"],
    ],
  },
  {
    words: "review",
    value: "",
    options: [
      "url",
      "scrubber",
      "rules",
      "reviewed",
      "format",
      "write",
      "show-values",
      "insecure",
      "tls-ca",
      "log-level",
    ],
    help: "check that every column of a database by URL is classified; status 3 if not",
    examples: [
      ["Check a database on this machine", "datascrubber review --url postgresql://me@localhost/email-alert-api_dev"],
      [
        "Go through what is unclassified, and write down what may stay and why",
        "datascrubber review --url mysql://me@localhost/whitehall_test --reviewed reviewed.json --write",
      ],
    ],
  },
  {
    words: "init",
    value: "FILE",
    options: ["url", "sample", "force", "insecure", "tls-ca", "log-level"],
    help:
      "draft a rule file for a database by URL, with what each rule was guessed from; status 3 if some is left open",
    examples: [
      ["From names and types", "datascrubber init orders.yaml --url postgresql://me@localhost/orders"],
      [
        "From values too, of which none is shown",
        "datascrubber init orders.yaml --url mysql://me@localhost/orders --sample 100",
      ],
    ],
  },
  {
    words: "import",
    value: "FILE|URL RULES",
    options: ["engine", "force", "insecure", "tls-ca", "log-level"],
    help:
      "make a rule file of a file of Greenmask, pynonymizer or DbToolsBundle, or of PostgreSQL Anonymizer's labels in a database; status 3 if one has no equal",
    examples: [
      ["Leave pynonymizer", "datascrubber import strategy.yml orders.yaml --engine mysql"],
      ["Leave PostgreSQL Anonymizer", "datascrubber import postgresql://me@localhost/orders orders.yaml"],
    ],
  },
  {
    words: "plan",
    value: "",
    options: [
      "url",
      "scrubber",
      "rules",
      "reviewed",
      "on-drift",
      "sample",
      "show-values",
      "format",
      "insecure",
      "tls-ca",
      ...planSources,
      "log-level",
    ],
    help: "show table by table what a run would do to a database by URL, or to a source, in a workspace only for that",
    examples: [
      ["What a run would do to a database", "datascrubber plan --url mysql://me@localhost/whitehall_test"],
      ["The same for an instance, with selections counted", "datascrubber plan --postgresql-instances orders"],
    ],
  },
  {
    words: "scrub",
    value: "",
    options: [
      "url",
      "scrubber",
      "rules",
      "reviewed",
      "on-drift",
      "yes-scrub",
      "protected",
      "unprotected",
      "leak-search",
      "concurrency",
      "pseudonym-key-file",
      "insecure",
      "tls-ca",
      "report",
      "sign-key",
      "report-html",
      "previous",
      "log-mode",
      "log-level",
      "log-format",
      "config",
    ],
    help: "with --url, scrub a database where it is, such as a copy on a laptop or in CI; else the same as no command",
    examples: [
      [
        "See the plan, type the name, and scrub a copy on this machine",
        "datascrubber scrub --url postgresql://me@localhost/email-alert-api_dev",
      ],
      [
        "The same without questions, in a container of CI",
        "DATASCRUBBER_URL=mysql://ci@localhost/whitehall_ci datascrubber scrub --yes-scrub whitehall_ci --report scrub.json",
      ],
    ],
  },
  {
    words: "verify-report",
    value: "FILE [SNAPSHOT]",
    options: ["public-key", "region", "log-level"],
    help: "check that a JSON report belongs to a snapshot, and with --public-key who signed it",
    examples: [
      ["Check a report against its snapshot", "datascrubber verify-report run.json scrubbed-orders-2026-11-24-03-48"],
      ["Check who signed it, offline", "datascrubber verify-report run.json --public-key public.pem"],
    ],
  },
  {
    words: "report schema",
    value: "",
    help: "print the JSON Schema of reports",
    examples: [
      ["Print it", "datascrubber report schema"],
      ["Save it for a validator", "datascrubber report schema > report.schema.json"],
    ],
  },
  {
    words: "config check",
    value: "FILE",
    help: "check a configuration file and whatever it names",
    examples: [
      ["Check one", "datascrubber config check nightly.yaml"],
      ["Check the one of a service", "sudo datascrubber config check /etc/datascrubber/nightly.yaml"],
    ],
  },
  {
    words: "config schema",
    value: "",
    help: "print the JSON Schema of configuration files",
    examples: [
      ["Print it", "datascrubber config schema"],
      ["Save it for an editor", "datascrubber config schema > datascrubber.schema.json"],
    ],
  },
  {
    words: "rules check",
    value: "FILE…",
    options: ["url", "insecure", "tls-ca", "log-level", "config"],
    help: "check rule files, by themselves and among the built-in scrubbers; with --url, also that one fits a database",
    examples: [
      ["Check one, offline", "datascrubber rules check orders.yaml"],
      ["Does it fit a database?", "datascrubber rules check orders.yaml --url postgresql://me@localhost/orders_dev"],
    ],
  },
  {
    words: "rules schema",
    value: "",
    help: "print the JSON Schema of rule files",
    examples: [
      ["Print it", "datascrubber rules schema"],
      ["Save it for an editor", "datascrubber rules schema > datascrubber-rules.schema.json"],
    ],
  },
  {
    words: "completions",
    value: shells.join("|"),
    choices: shells,
    help: "print completions for a shell",
    examples: [
      ["For bash, in this shell", 'eval "$(datascrubber completions bash)"'],
      ["For fish, for good", "datascrubber completions fish > ~/.config/fish/completions/datascrubber.fish"],
    ],
  },
  {
    words: "man",
    value: "",
    help: "print the manual page",
    examples: [
      ["Read it", "datascrubber man | man -l -"],
      ["Save it", "datascrubber man > datascrubber.8"],
    ],
  },
  {
    words: "help",
    value: "[COMMAND|TOPIC]",
    help: "print a command's options and examples, or a topic such as rules, or without either this help",
    examples: [
      ["Help on a command; datascrubber review --help is the same", "datascrubber help review"],
      ["What a rule file is", "datascrubber help rules"],
    ],
  },
];

/** The command that words begin with, the longest first; undefined where none does. */
export function commandOf(words: readonly string[]): CommandRow | undefined {
  return [2, 1].flatMap((count) => {
    const typed = words.slice(0, count).join(" ");
    return commands.find(({ words }) => words !== "" && words === typed) ?? [];
  })[0];
}
