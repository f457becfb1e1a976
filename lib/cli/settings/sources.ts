/** The sources that were named, checked. @module */

import { origins, type ParsedOptions } from "../parse/parsed_options.ts";
import type { SourceKind, SourceRequest } from "../../core/settings.ts";
import { instancePattern } from "../parse/instance_identifier.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

const kinds = [
  { engine: "mysql", kind: "host", option: "mysql-hosts" },
  { engine: "mysql", kind: "instance", option: "mysql-instances" },
  { engine: "mysql", kind: "cluster", option: "mysql-clusters" },
  { engine: "mysql", kind: "snapshot", option: "mysql-snapshots" },
  { engine: "postgresql", kind: "host", option: "postgresql-hosts" },
  { engine: "postgresql", kind: "instance", option: "postgresql-instances" },
  { engine: "postgresql", kind: "cluster", option: "postgresql-clusters" },
  { engine: "postgresql", kind: "snapshot", option: "postgresql-snapshots" },
] as const;

/** A database by URL has an option and rules of its own. */
type NamedKind = Exclude<SourceKind, "url">;

const spellings: Readonly<
  Record<NamedKind, { readonly pattern: RegExp; readonly longest: number; readonly hint: string }>
> = {
  host: {
    pattern: /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/,
    longest: 253,
    hint: "Give the host's name alone, without a scheme or port, such as mysql-primary or db.example.com.",
  },
  instance: {
    pattern: instancePattern,
    longest: 63,
    hint: "Give the DB instance's identifier: letters, digits and single hyphens, a letter first.",
  },
  cluster: {
    pattern: instancePattern,
    longest: 63,
    hint: "Give the Aurora cluster's identifier: letters, digits and single hyphens, a letter first.",
  },
  snapshot: {
    pattern:
      /^(?:(?:rds:|awsbackup:)?[a-z](?:-?[a-z0-9])*|arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:(?:cluster-)?snapshot:\S+)$/i,
    longest: 512,
    hint:
      "Give a DB snapshot's identifier, such as rds:orders-2026-11-24-03-00, or its ARN, or the ARN of an Aurora cluster snapshot.",
  },
};

/** The identifier of an instance that a command is about. */
export function readInstanceName(value: string): string {
  return normalise("instance", value, "this argument");
}

/** Whether this can be a snapshot's identifier or ARN. */
export function isSnapshotIdentifier(text: string): boolean {
  const { pattern, longest } = spellings.snapshot;
  return text.length <= longest && pattern.test(text);
}

/**
 * Every source of both engines, in the order of the table. At least one.
 *
 * @throws {ScrubError} `usage`
 */
export function readSources(parsed: ParsedOptions): readonly SourceRequest[] {
  const used = (["mysql", "postgresql"] as const).flatMap((engine) => usedKind(parsed, engine));
  const sources = used.flatMap(({ engine, kind, option }) =>
    parsed.list(option).map((value): SourceRequest => ({
      engine,
      kind,
      value: normalise(kind, value, parsed.label(option)),
    }))
  );
  if (sources.length === 0) {
    throw usageError(
      "Cannot start: no source was named",
      "Name one, such as --mysql-instances NAME; datascrubber --help lists all options.",
    );
  }
  refuseTwice(sources);
  return sources;
}

/** Whether any source was named. */
export function namesSources(parsed: ParsedOptions): boolean {
  return kinds.some(({ option }) => parsed.origin(option) !== undefined);
}

/** The one kind that names an engine's sources: the command line's, else the environment's, else the file's. */
function usedKind(parsed: ParsedOptions, engine: SourceRequest["engine"]): readonly (typeof kinds)[number][] {
  const named = kinds.filter((kind) => kind.engine === engine && parsed.origin(kind.option) !== undefined);
  const strongest = origins.find((origin) => named.some((kind) => parsed.origin(kind.option) === origin));
  const used = named.filter((kind) => parsed.origin(kind.option) === strongest);
  if (used.length < 2) return used;
  const labels = used.map((kind) => parsed.label(kind.option)).join(" and ");
  throw usageError(
    `Cannot use ${labels} together: all sources of an engine must be named in the same way`,
    "Name all of them by host, all by instance, all by cluster, or all by snapshot.",
  );
}

function normalise(kind: NamedKind, value: string, label: string): string {
  const { pattern, longest, hint } = spellings[kind];
  const folded = /^arn:/i.test(value) ? value : value.toLowerCase();
  if (folded.length <= longest && pattern.test(folded)) return folded;
  throw usageError(
    `Cannot use ${label}: ${quoted(value)} can't be the name of ${kind === "instance" ? "an" : "a"} ${kind}`,
    hint,
  );
}

function refuseTwice(sources: readonly SourceRequest[]): void {
  const seen = new Set<string>();
  for (const { kind, value } of sources) {
    const key = `${kind} ${value.toLowerCase().replace(/\.$/, "")}`;
    if (seen.has(key)) {
      throw usageError(`Cannot use ${kind} ${quoted(value)}: it was named twice`, "Name every source once.");
    }
    seen.add(key);
  }
}
