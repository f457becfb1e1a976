/** The verdict on a source, in sentences that an auditor understands. @module */

import { leavesSomething } from "../../core/errors.ts";
import type { ExportReport, LeakSearchReport, LiveReport, SourceOutcome } from "../../core/report.ts";
import { type Markup, markup } from "./markup.ts";
import { breakable } from "./elements.ts";
import { counted, listed, number } from "./words.ts";

/** What became of a source, for badges and sentences. */
export type Outcome = "clean" | "dry run" | "planned" | "refused" | "failed" | "left over" | "kept, then failed";

/** What became of a source. A snapshot is named only if it was verified. */
export function outcomeOf({ failure, snapshot, plan }: SourceOutcome, dryRun: boolean): Outcome {
  if (failure !== undefined) {
    if (snapshot !== undefined) return "kept, then failed";
    if (leavesSomething(failure)) return "left over";
    return failure.kind === "refused" ? "refused" : "failed";
  }
  if (dryRun) return "dry run";
  return snapshot === undefined && plan !== undefined ? "planned" : "clean";
}

/** Whether a source's data left the run: only then its databases were scrubbed. */
function isScrubbed(outcome: Outcome): boolean {
  return outcome === "clean" || outcome === "kept, then failed";
}

/** How far a run got with a source's databases: `changed` but not proven clean and handed over. */
export type Progress = "unchanged" | "changed" | "scrubbed";

/** How far a run got with a source's databases. */
export function progressOf(source: SourceOutcome, dryRun: boolean): Progress {
  if (isScrubbed(outcomeOf(source, dryRun))) return "scrubbed";
  return source.phases.some(({ phase }) => phase === "scrub") ? "changed" : "unchanged";
}

/** What was removed, what was proven and how, and who got it; or that nothing was. */
export function verdict(source: SourceOutcome, dryRun: boolean): Markup {
  const outcome = outcomeOf(source, dryRun);
  if (source.live) return verdictInPlace(source, source.live);
  switch (outcome) {
    case "dry run":
      return markup`<p>Dry run: nothing was changed; no obstacle was found. No database was looked into.</p>`;
    case "planned":
      return markup`<p>Nothing was changed: only the plan was asked for.</p>`;
    case "refused":
      if (progressOf(source, dryRun) === "changed") {
        return markup`<p><strong>The databases were changed, but not proven clean.</strong> The workspace was deleted; there is no
          snapshot.</p>`;
      }
      return markup`<p><strong>Refused before the scrub: no data was changed, and no snapshot was made.</strong> ${
        undone(source)
      }</p>`;
    case "failed":
      if (progressOf(source, dryRun) === "unchanged") {
        return markup`<p><strong>There is no snapshot.</strong> The run failed before the scrub: no data was changed. ${
          undone(source)
        }</p>`;
      }
      return markup`<p><strong>There is no snapshot.</strong> The run failed, and what it had changed was deleted with its
        workspace.</p>`;
    case "left over":
      return markup`<p><strong>Something was left in AWS.</strong> The run failed and handed nothing over, but not everything
        that it made is deleted: the message below names it.</p>`;
    case "clean":
    case "kept, then failed":
      return markup`<p>${removed(source)} ${proven(source)}</p>
${searched(source)}${unchanged(source)}<p>${handedOver(source)}</p>${leftover(source)}`;
    default:
      return outcome satisfies never;
  }
}

/** Of a source with a snapshot: that the run left something besides. */
function leftover({ failure }: SourceOutcome): Markup {
  if (failure === undefined || !leavesSomething(failure)) return markup``;
  return markup`<p><strong>Something was left in AWS.</strong> The message below names it.</p>`;
}

/** What became of the copy of a source whose scrub did not begin. */
function undone({ phases }: SourceOutcome): string {
  return phases.some(({ phase }) => phase === "restore")
    ? "What had been restored was deleted with its workspace."
    : "Nothing was restored.";
}

/** On a database by URL, which has no snapshot and stays where it is. */
function verdictInPlace(source: SourceOutcome, { state, holds, lacks }: LiveReport): Markup {
  switch (state) {
    case "unchanged":
      return markup`<p><strong>Nothing was scrubbed.</strong> The rows of the database are as they were.</p>`;
    case "unfinished":
      return markup`<p><strong>The database is not scrubbed to the end.</strong> It may hold personal data, and is marked: scrub it
        again, or drop it.</p>`;
    case "scrubbed":
      return markup`<p>${removed(source)} ${proven(source)}</p>
${searched(source)}${unchanged(source)}<p>It was scrubbed where it is. What holds:</p><ul>${
        holds.map((sentence) => markup`<li>${sentence}</li>`)
      }</ul>
<p>What does not, unlike for a snapshot:</p><ul>${lacks.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
    default:
      return state satisfies never;
  }
}

function removed({ databases }: SourceOutcome): string {
  const scrubbed = databases.filter(({ fate }) => fate === "scrubbed");
  const tables = scrubbed.flatMap(({ tables }) => tables);
  const [changed, deleted] = [sum(tables, "rowsChanged"), sum(tables, "rowsDeleted")];
  const { length: dropped } = databases.filter(({ fate }) => fate === "dropped");
  const rows = `In ${counted(scrubbed.length, "database")} ${counted(changed, "row")} ${
    changed === 1 ? "was" : "were"
  } pseudonymised or emptied, and ${counted(deleted, "row")} deleted.`;
  return dropped === 0 ? rows : `${rows} ${counted(dropped, "database")} ${dropped === 1 ? "was" : "were"} dropped.`;
}

/** The databases that left the run as they were, which is what an auditor has to know of a clean source. */
function unchanged({ databases }: SourceOutcome): Markup {
  const kept = databases.filter(({ fate }) => fate === "kept");
  if (kept.length === 0) return markup``;
  const [are, colon] = kept.length === 1 ? ["was", ": "] : ["were", ":"];
  const each = kept.map(({ database, reason = "no reason was given", leakSearch }) =>
    markup`<code>${breakable(database)}</code>, because: ${reasonText(reason)}. ${foundElsewhere(leakSearch)}`
  );
  return markup`<p><strong>${counted(kept.length, "database")} ${are} handed over unchanged</strong>${colon}${
    each.length === 1 ? each : undefined
  }</p>${each.length === 1 ? undefined : markup`<ul>${each.map((one) => markup`<li>${one}</li>`)}</ul>`}
`;
}

/** Why a database was let through or dropped: what an option asked for, a person did. */
export function reasonText(reason: string): string {
  return reason.startsWith("--") ? `the operator gave ${reason}` : reason;
}

function foundElsewhere(search: LeakSearchReport | undefined): string {
  if (!search || search.mode === "off") return "It was not searched for values removed elsewhere.";
  const { echoes = [] } = search;
  const rows = echoes.reduce((total, one) => total + one.rows, 0);
  if (echoes.length === 0) return "No value removed elsewhere was found in it.";
  // A row is counted once for each of its columns.
  return echoes.length === 1
    ? `${counted(rows, "row")} of it ${rows === 1 ? "holds" : "hold"} values removed elsewhere.`
    : `Up to ${counted(rows, "row")} of it, in ${counted(echoes.length, "column")}, hold values removed elsewhere.`;
}

function proven(source: SourceOutcome): string {
  const { databases } = source;
  const verified = databases.flatMap(({ verified }) => verified ?? []);
  const predicates = verified.reduce((total, one) => total + one.predicates, 0);
  const keys = verified.reduce((total, one) => total + one.foreignKeys, 0);
  return `Afterwards, on ${placeOfProof(source)}: ${conditionsText(predicates, keys)}.`;
}

/** What verification found. */
export function conditionsText(conditions: number, foreignKeys: number): string {
  const held = `${counted(conditions, "condition")} held for every scrubbed row`;
  return foreignKeys === 0
    ? held
    : `${held}, and no row references a missing row (${counted(foreignKeys, "foreign key")})`;
}

/** What verification was made on, and made again on. */
export function placeOfProof({ live, phases, rebuilt }: SourceOutcome): string {
  if (live) return "the database itself";
  const again = phases.some(({ phase, ended }) => phase === "prove" && ended !== undefined);
  return `the temporary instance, before the snapshot${
    rebuilt ? ", and again on the fresh one that the snapshot was taken of" : ""
  }${again ? ", and again on the snapshot, restored" : ""}`;
}

function searched({ databases }: SourceOutcome): Markup {
  const searches = databases.flatMap(({ fate, leakSearch }) => fate === "scrubbed" && leakSearch ? [leakSearch] : []);
  if (searches.length === 0) return markup``;
  if (searches.some(({ mode }) => mode === "off")) return markup`<p>Nothing was searched for removed values.</p>`;
  const tokens = Math.max(...searches.map(({ fingerprints }) => fingerprints));
  const columns = searches.reduce((total, { kept }) => total + (kept?.columns ?? 0), 0);
  const sampled = searches.reduce((total, { sampled }) => total + sampled.length, 0);
  const tables = searches.reduce((total, { tables }) => total + tables, 0) - sampled;
  const single = searches.reduce((total, { inFull = [] }) => total + inFull.length, 0);
  const leftOut = searches.reduce((total, { alsoStay }) => total + alsoStay, 0);
  const places = [
    `in full in ${counted(tables, "table")}`,
    ...(single > 0 ? [`in full in ${counted(single, "changed column")} that no condition describes`] : []),
    ...(sampled > 0 ? [`by a sample in ${counted(sampled, "big table")}`] : []),
  ];
  const sentences = [
    `${
      counted(tokens, "removed address", "removed addresses")
    } and tokens were looked for: before the change in full in ${counted(columns, "kept column")}, and afterwards ${
      listed(places)
    }.`,
    ...(leftOut > 0
      ? [`${number(leftOut)} more were not looked for, because public columns or kept keys hold them as well.`]
      : []),
    "Names, postal addresses, dates, phone numbers and short words are not searched for: that they are gone, and what columns that " +
    "stay hold, rests on the rules and reviews. What is taken on trust is listed with each database.",
  ];
  return markup`<p>${sentences.join(" ")}</p>`;
}

function handedOver(
  { snapshot = "", sharedWith, sharedEarlier = [], copies = [], refresh, exports = [] }: SourceOutcome,
): Markup {
  const earlier = sharedEarlier.length === 0
    ? ""
    : ` So ${
      sharedEarlier.length === 1 ? "is one snapshot" : `are ${number(sharedEarlier.length)} snapshots`
    } of earlier runs, which had verified but not shared ${sharedEarlier.length === 1 ? "it" : "them"}: ${
      listed(sharedEarlier)
    }.`;
  const shared = sharedWith.length === 0
    ? "It is shared with no other account."
    : `It is shared with ${listed(sharedWith)}.${earlier}`;
  const regions = copies.filter((copy) => copy.snapshot === snapshot).map(({ region }) => region);
  const copied = regions.length === 0
    ? ""
    : ` It was copied to ${listed(regions)}${
      sharedWith.length === 0 ? "" : ", and shared there with the same accounts"
    }.`;
  const refreshed = refresh?.snapshot === snapshot ? ` Instance ${refresh.instance} is one of it now.` : "";
  const dumps = exports.length === 0
    ? ""
    : ` ${counted(exports.length, "dump")} of it ${exports.length === 1 ? "is" : "are"} in S3, ${
      bucketOwners(exports)
    }.`;
  return markup`The result is snapshot <code>${breakable(snapshot)}</code>. ${shared}${copied}${refreshed}${dumps}`;
}

/** Who else can read the dumps is up to whoever owns the bucket. */
function bucketOwners(exports: readonly ExportReport[]): string {
  const owners = new Set(exports.map(({ bucketOwner }) => bucketOwner));
  if (owners.size !== 1) return "in buckets of the accounts below";
  const [owner] = owners;
  if (owner === undefined) return "in a bucket whose account is not known";
  return owner === "other" ? "in a bucket of another account than the run's" : `in a bucket of account ${owner}`;
}

function sum(tables: SourceOutcome["databases"][number]["tables"], of: "rowsChanged" | "rowsDeleted"): number {
  return tables.reduce((total, one) => total + one[of], 0);
}
