/** The outcome of a run in words: for every source its snapshot, or why it failed. @module */

import type { Failure } from "../../core/errors.ts";
import type { RunReport } from "../../core/report.ts";
import { visible, visibleLines } from "../../core/visible.ts";
import { adviceLines, classChoiceText, estimateLines, finishText, truthOf } from "./estimate_text.ts";
import { elapsedText } from "./progress_display.ts";

type Source = RunReport["sources"][number];

/** The text for the console. Ends in a newline. */
export function runSummary(report: RunReport): string {
  const failed = report.sources.filter((source) => source.failure !== undefined).length;
  const done = report.sources.length - failed;
  const counts = [
    `${done} of ${count(report.sources.length, "source")} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const kind = report.dryRun ? "dry run, nothing was changed" : `run ${visible(report.runId)}`;
  const lines = [
    `${counts.join(", ")} (${kind})`,
    ...report.sources.flatMap((source) => describe(source, report.dryRun)),
  ];
  return `${lines.join("\n")}\n`;
}

function describe(source: Source, dryRun: boolean): readonly string[] {
  const name = `${visible(source.requested)} (${source.engine})`;
  const warnings = source.warnings.map((warning) => `    warning: ${visibleLines(warning, "      ")}`);
  const wouldDo = (source.wouldDo ?? []).map((sentence) => `    ${visible(sentence)}`);
  if (source.failure !== undefined) {
    // A verified snapshot is kept when sharing or pruning fails: the operator needs its name.
    const snapshot = source.snapshot === undefined ? [] : [`    its snapshot stays: ${visible(source.snapshot)}`];
    return [`  ${name}: ${failureLines(source.failure).join("\n    ")}`, ...snapshot, ...warnings];
  }
  const snapshot = source.snapshot === undefined ? "no snapshot" : `snapshot ${visible(source.snapshot)}`;
  const shared = source.sharedWith.length === 0 ? "" : `, shared with ${source.sharedWith.map(visible).join(", ")}`;
  const { sharedEarlier = [] } = source;
  const earlier = sharedEarlier.length === 0
    ? ""
    : `, as ${sharedEarlier.length === 1 ? "is" : "are"} ${sharedEarlier.map(visible).join(", ")} of earlier runs`;
  const copies = (source.copies ?? []).filter(({ snapshot }) => snapshot === source.snapshot);
  const copied = copies.length === 0 ? "" : `, copied to ${copies.map(({ region }) => visible(region)).join(", ")}`;
  const refreshed = source.refresh === undefined
    ? ""
    : `, now in ${visible(source.refresh.instance)}, whose old instance is ${visible(source.refresh.before)}`;
  const left = (source.refresh?.commands ?? []).map((command) => `    left to you: ${visible(command)}`);
  const pruned = source.pruned.length === 0 ? "" : `, ${count(source.pruned.length, "old snapshot")} deleted`;
  if (source.live) {
    return [`  ${name}: ${source.live.state}, where it is${searched(source)}`, ...warnings];
  }
  const end = dryRun
    ? "no obstacle found"
    : `${snapshot}${shared}${earlier}${copied}${refreshed}${pruned}${searched(source)}`;
  return [`  ${name}: ${end}`, ...left, ...wouldDo, ...expected(source, dryRun), ...warnings];
}

/** What a dry run foretells, or how long the run took beside that. */
function expected({ estimate, classChoice, finishBy, advice = [] }: Source, dryRun: boolean): readonly string[] {
  const chosen = classChoice ? [`instance class ${classChoiceText(classChoice)}`] : [];
  const finish = finishBy && (dryRun || finishBy.ended !== undefined) ? [finishText(finishBy)] : [];
  const truth = dryRun ? undefined : estimate && truthOf(estimate);
  const lines = dryRun
    ? [...chosen, ...estimate ? estimateLines(estimate) : [], ...finish, ...adviceLines(advice)]
    : truth
    ? [`took ${elapsedText(1000 * truth.took)}, expected ${elapsedText(1000 * truth.expected)}`, ...chosen, ...finish]
    : [];
  return lines.map((line) => `    ${line}`);
}

/** How much was read in search of removed addresses and tokens; nothing where nothing was proven. */
function searched({ databases }: Source): string {
  const searches = databases.flatMap(({ fate, leakSearch }) => fate === "scrubbed" && leakSearch ? [leakSearch] : []);
  if (searches.length === 0) return "";
  if (searches.some(({ mode }) => mode === "off")) return ", not searched for removed values";
  const columns = searches.reduce((sum, { kept }) => sum + (kept?.columns ?? 0), 0);
  const kept = `${count(columns, "kept column")} in full`;
  const sampled = new Set(
    searches.flatMap(({ sampled, goneSampled = [] }, at) =>
      [...sampled.map(({ table }) => table), ...goneSampled].map((table) => `${at} ${table}`)
    ),
  ).size;
  const rest = sampled > 0 ? `, but ${count(sampled, "big table")} by a sample` : " in full";
  return `, searched for removed values: ${kept}, everything else${rest}`;
}

/** A failure's message, its hint, and what else went wrong, as lines. */
export function failureLines(failure: Failure): readonly string[] {
  return [
    visibleLines(failure.message, "    "),
    ...(failure.hint === "" ? [] : [visibleLines(failure.hint, "    ")]),
    ...failure.also.flatMap((other) => failureLines(other).map((line, at) => at === 0 ? `also: ${line}` : `  ${line}`)),
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
