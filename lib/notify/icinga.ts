import type { Failure } from "../core/errors.ts";
import type { RunReport, SourceOutcome } from "../core/report.ts";
import { visible } from "../core/visible.ts";
import type { EngineName } from "../core/engine_name.ts";

/** What is known of a scrubber here. */
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
const codes = { OK: 0, CRITICAL: 2 } as const;

/** Scrubbers that monitoring knows by another name than theirs. */
const knownAs: Readonly<Record<string, string>> = { "publishing-api": "publishing_api" };

/** send_nsca drops what is longer: NSCA's packets have room for 512 bytes in old versions. */
const longest = 480;

/** The service that monitoring knows a scrubber's database by. */
export function serviceName(scrubber: string): string {
  return `GOV.UK data scrubber ${knownAs[scrubber] ?? scrubber}`;
}

/**
 * One result for each scrubber that the run was about. OK where every database of it is in a snapshot that was shared as asked;
 * CRITICAL where a source with such a database failed. A source that failed before its databases were known stands for every
 * scrubber of its engine that no other source has answered for. `own`: what failed in the program itself, for all of them.
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

/** What send_nsca reads: host, service, code and text with tabs between them. */
export function nscaText(host: string, results: readonly CheckResult[]): string {
  return results.map(({ service, state, text }) => `${host}\t${service}\t${codes[state]}\t${text}\n`).join("");
}

function scrubbersOf({ databases }: SourceOutcome): readonly string[] {
  return databases.flatMap(({ scrubber }) => scrubber === undefined ? [] : [scrubber]);
}

function successOf({ snapshot, sharedWith }: SourceOutcome): string {
  const shared = sharedWith.length === 0 ? "shared with nobody" : `shared with ${sharedWith.join(", ")}`;
  return `snapshot ${snapshot}, ${shared}`;
}

function reasonOf({ requested, failure }: SourceOutcome): string {
  return `${requested}: ${failure?.message ?? ""}`;
}

/** One line, no tab, and no more bytes than fit; a vertical bar would begin performance data. */
function line(text: string): string {
  const clean = visible(text).replaceAll("|", "/");
  const bytes = new TextEncoder().encode(clean);
  if (bytes.length <= longest) return clean;
  return `${new TextDecoder().decode(bytes.subarray(0, longest)).replace(/\ufffd+$/, "")}…`;
}
