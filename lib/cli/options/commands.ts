/** The one table of commands: it drives parsing, `--help`, the manual page and the shells' completions. @module */

import type { OptionName } from "./options.ts";

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
}

/** Shells that completions can be made for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** Options of `plan` for a source, which it restores to a workspace of its own. */
export const planSources = [
  "mysql-hosts",
  "mysql-instances",
  "mysql-snapshots",
  "postgresql-hosts",
  "postgresql-instances",
  "postgresql-snapshots",
  "region",
  "dns-server",
  "keep-database",
  "drop-database",
  "unknown-databases",
  "instance-class",
  "subnet-group",
  "security-groups",
  "parameter-group",
  "option-group",
  "wait",
  "heartbeat",
  "timeout",
  "poll-interval",
  "log-mode",
  "log-format",
] as const satisfies readonly OptionName[];

/** Every command, in the order of help. */
export const commands: readonly CommandRow[] = [
  { words: "", value: "[OPTION…]", help: "scrub copies of RDS instances and snapshot them" },
  { words: "scrubbers", value: "", help: "list the applications whose databases are scrubbed" },
  {
    words: "status",
    value: "",
    options: ["region", "format", "log-level"],
    help: "show what is running, orphaned, scrubbed and shared in AWS now",
  },
  {
    words: "sweep",
    value: "",
    options: ["run", "region", "dry-run", "timeout", "poll-interval", "log-level", "config"],
    help: "delete the workspaces and unfinished snapshots of dead runs; with --dry-run, only list them",
  },
  {
    words: "review",
    value: "",
    options: [
      "url",
      "scrubber",
      "reviewed",
      "format",
      "write",
      "show-values",
      "insecure",
      "tls-ca",
      "log-level",
    ],
    help: "check that every column of a database by URL is classified; status 3 if not",
  },
  {
    words: "plan",
    value: "",
    options: [
      ...planSources,
      "url",
      "scrubber",
      "reviewed",
      "on-drift",
      "format",
      "insecure",
      "tls-ca",
      "log-level",
    ],
    help: "show table by table what a run would do to a database by URL, or to a source, in a workspace only for that",
  },
  {
    words: "verify-report",
    value: "FILE [SNAPSHOT]",
    options: ["public-key", "region", "log-level"],
    help: "check that a JSON report belongs to a snapshot, and with --public-key who signed it",
  },
  { words: "report schema", value: "", help: "print the JSON Schema of reports" },
  { words: "config check", value: "FILE", help: "check a configuration file and whatever it names" },
  { words: "config schema", value: "", help: "print the JSON Schema of configuration files" },
  { words: "completions", value: shells.join("|"), choices: shells, help: "print completions for a shell" },
  { words: "man", value: "", help: "print the manual page" },
];
