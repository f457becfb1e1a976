/** Passive check results for Icinga or Nagios. @module */

import type { Failure } from "../core/errors.ts";
import type { RunReport, SourceOutcome } from "../core/report.ts";
import { visible } from "../core/visible.ts";
import type { EngineName } from "../core/engine_name.ts";

/** A scrubber, as far as results need it. */
export interface Task {
  /** The scrubber's name. */
  readonly name: string;
  readonly engine: EngineName;
}

/** One passive check result. */
export interface CheckResult {
  readonly service: string;
  readonly state: "OK" | "CRITICAL";
  /** One line. */
  readonly text: string;
}

/** Nagios's return codes. */
const returnCodes = { OK: 0, CRITICAL: 2 } as const;

/** Scrubbers with another name in monitoring. */
const monitoringNames: Readonly<Record<string, string>> = { "publishing-api": "publishing_api" };

/** Old versions of NSCA have 512 bytes for the text, and send_nsca drops longer ones. */
const maxBytes = 480;

/** The service of a scrubber's database in monitoring. */
export function serviceName(scrubber: string): string {
  return `GOV.UK data scrubber ${monitoringNames[scrubber] ?? scrubber}`;
}

/**
 * One result for each scrubber in the run. OK if every database of it is in a snapshot that was shared as configured; CRITICAL if a
 * source with such a database failed. A source that failed before its databases were known counts for every scrubber of its
 * engine without a result of another source. `own`: failures of the program itself, which count for all scrubbers.
 */
export function checkResults(
  { sources, dryRun }: Pick<RunReport, "sources" | "dryRun">,
  tasks: readonly Task[],
  own: readonly Failure[] = [],
): readonly CheckResult[] {
  if (dryRun) return [];
  const bad = new Map<string, string>();
  const good = new Map<string, string>();
  for (const source of sources) {
    for (const name of scrubbersOf(source)) {
      if (source.failure) bad.set(name, reasonOf(source));
      else good.set(name, successOf(source));
    }
  }
  for (const source of sources) {
    if (!source.failure || scrubbersOf(source).length > 0) continue;
    for (const { name } of tasks.filter(({ engine }) => engine === source.engine)) {
      if (!good.has(name) && !bad.has(name)) bad.set(name, reasonOf(source));
    }
  }
  const [broken] = own;
  const names = tasks.map(({ name }) => name).filter((name) =>
    bad.has(name) || good.has(name) || (broken && sources.length === 0)
  );
  return names.map((name) => {
    const reason = broken ? broken.message : bad.get(name);
    const state = reason === undefined ? "OK" : "CRITICAL";
    return { service: serviceName(name), state, text: line(`${state}: ${reason ?? good.get(name)}`) };
  });
}

/** The input of send_nsca: host, service, return code and text, separated by tabs. */
export function nscaText(host: string, results: readonly CheckResult[]): string {
  return results.map(({ service, state, text }) => `${host}\t${service}\t${returnCodes[state]}\t${text}\n`).join("");
}

function scrubbersOf({ databases }: SourceOutcome): readonly string[] {
  return databases.flatMap(({ scrubber }) => scrubber === undefined ? [] : [scrubber]);
}

function successOf({ snapshot, sharedWith }: SourceOutcome): string {
  const shared = sharedWith.length === 0 ? "not shared" : `shared with ${sharedWith.join(", ")}`;
  return `snapshot ${snapshot}, ${shared}`;
}

function reasonOf({ requested, failure }: SourceOutcome): string {
  return `${requested}: ${failure?.message ?? ""}`;
}

/** One line without tabs, cut to the bytes that fit. A vertical bar would begin performance data. */
function line(text: string): string {
  const clean = visible(text).replaceAll("|", "/");
  const bytes = new TextEncoder().encode(clean);
  if (bytes.length <= maxBytes) return clean;
  return `${new TextDecoder().decode(bytes.subarray(0, maxBytes)).replace(/\ufffd+$/, "")}…`;
}
