/** What the report says of one source. @module */

import type { Failure } from "../../core/errors.ts";
import type {
  CopyReport,
  EncryptionReport,
  RebuiltReport,
  ReceiversReport,
  RefreshReport,
  ResidueReport,
  SourceOutcome,
} from "../../core/report.ts";
import { databaseSection, fateText, reviewedText } from "./database_section.ts";
import { breakable, copyable, copyableLines, dataTable, numberCell, pair } from "./elements.ts";
import { type Outcome, outcomeOf, type Progress, progressOf, verdict } from "./verdict.ts";
import { sizeText } from "../display/progress_display.ts";
import { estimateSection, truthText } from "./estimate_section.ts";
import { type Markup, markup } from "./markup.ts";
import { counted, duration, number, when } from "./words.ts";

const titles = { mysql: "MySQL", postgresql: "PostgreSQL", mariadb: "MariaDB" } as const;

function engineTitle({ engine, product }: Pick<SourceOutcome, "engine" | "product">): string {
  return titles[product ?? engine];
}

/** The source in a few lines, for the top of the page. */
export function sourceCard(source: SourceOutcome, dryRun: boolean): Markup {
  const tables = source.databases.flatMap(({ tables }) => tables);
  const sum = (count: (table: (typeof tables)[number]) => number) =>
    tables.reduce((total, one) => total + count(one), 0);
  const { restored } = source;
  return markup`<article class="card">
<h2><span>${breakable(source.requested)}</span> ${outcomeBadge(outcomeOf(source, dryRun), source)}</h2>
<div class="verdict">${verdict(source, dryRun)}</div>
${source.failure && failureNote(source.failure)}
<dl>
${pair("Engine", engineTitle(source))}${
    pair("Instance", source.source !== source.requested ? source.source : undefined)
  }${
    pair(
      "Data of",
      restored &&
        markup`${when(restored.asOf)}${age(restored.ageSeconds)}; restored from <code>${
          breakable(restored.snapshot)
        }</code>`,
    )
  }${pair("Source's key", restored?.encryption && encryptionText(restored.encryption))}${
    pair("Databases", databasesText(source, progressOf(source, dryRun)))
  }${
    tables.length > 0 && progressOf(source, dryRun) === "scrubbed"
      ? pair(
        "Rows",
        `${number(sum((one) => one.rowsChanged))} changed, ${number(sum((one) => one.rowsDeleted))} deleted`,
      )
      : undefined
  }${pair("Took", truthText(source))}${pair("Read", readsText(source))}${
    pair("Snapshot", source.snapshot && copyable(source.snapshot))
  }${pair("Snapshot's key", source.snapshotEncryption && encryptionText(source.snapshotEncryption))}${
    pair("Shared with", source.sharedWith.join(", "))
  }${pair("Receivers need", source.receivers && receiversText(source.receivers))}${
    pair("Receivers' commands", source.receivers && copyableLines(source.receivers.commands))
  }${pair("Also shared", identifiers(source.sharedEarlier ?? []))}${(source.copies ?? []).map(copyPairs)}${
    source.refresh && refreshPairs(source.refresh)
  }${pair("Pruned", identifiers(source.pruned))}${pair("Orphans deleted", source.orphans?.join(", "))}
</dl>
${
    source.warnings.length > 0
      ? markup`
        <div class="note warn">
          <p>${counted(source.warnings.length, "warning")}</p>
          <ul>${source.warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>
        </div>
      `
      : undefined
  }
</article>`;
}

/** How much the server read of its files. */
function readsText({ reads, warming }: SourceOutcome): string | undefined {
  if (!reads) return undefined;
  const phases = reads.phases.map(({ phase, bytes }) => `${phase} ${sizeText(bytes)}`).join(", ");
  const ahead = warming ? `; ${sizeText(warming.bytes)} were read ahead by ${counted(warming.readers, "session")}` : "";
  return `${phases}, of ${sizeText(reads.dataBytes)} of data${ahead}`;
}

/** A copy in another region. */
function copyPairs({ region, snapshot, encryption, sharedWith, receivers, pruned }: CopyReport): Markup {
  return markup`${pair(`Copy in ${region}`, copyable(snapshot))}${pair("Its key", encryptionText(encryption))}${
    pair("Shared there with", sharedWith.join(", "))
  }${pair("Commands there", receivers && copyableLines(receivers.commands))}${
    pair("Pruned there", identifiers(pruned))
  }`;
}

/** The instance that was refreshed. */
function refreshPairs({ instance, snapshot, before, masterUser, masterPassword, commands }: RefreshReport): Markup {
  const password = masterPassword === "managed" ? "its password is in Secrets Manager" : "nobody knows its password";
  return markup`${pair("Refreshed", copyable(instance))}${pair("With snapshot", copyable(snapshot))}${
    pair("Its master user", `${masterUser}; ${password}`)
  }${pair("Its old instance", copyable(before))}${pair("Left to you", copyableLines(commands))}`;
}

/** What an instance of the snapshot needs in a receiver's account. */
function receiversText({ engine, engineVersion, parameterGroupFamily, allocatedStorage }: ReceiversReport): string {
  const storage = allocatedStorage === undefined ? "" : `, ${number(allocatedStorage)} GiB or more`;
  return `${engine} ${engineVersion}, a parameter group of family ${parameterGroupFamily}${storage}`;
}

/** All details of the source. `id`: unique on the page. */
export function sourceSection(source: SourceOutcome, id: string, dryRun: boolean): Markup {
  const { databases, wouldDo = [], exports = [], residue = [], sideEffects = [], accounts = [], reviewedObjects = [] } =
    source;
  const lists = [databases, wouldDo, exports, residue, sideEffects, accounts, reviewedObjects];
  if (lists.every(({ length }) => length === 0) && !source.estimate) return markup``;
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${breakable(source.requested)}</h2>
${
    wouldDo.length > 0
      ? markup`
        <p>A run would:</p>
        <ol>${wouldDo.map((sentence) => markup`<li>${sentence}</li>`)}</ol>
      `
      : undefined
  }
${databases.map((database, at) => databaseSection(database, `${id}-${at}`, source, progressOf(source, dryRun)))}
${sentences("Kept from acting as production", sideEffects)}${sentences("Accounts and passwords", accounts)}
${sentences("Objects of the server that were reviewed", reviewedObjects.map(reviewedText))}
${exports.length > 0 ? exportsTable(source) : undefined}
${source.rebuilt ? sentences("Fresh instance", rebuiltSentences(source.rebuilt)) : undefined}
${residue.length > 0 ? residueTable(residue, source.requested) : undefined}
${sentences("Settings that the parameter group lacks", source.advice ?? [])}${estimateSection(source)}
</section>`;
}

function rebuiltSentences({ storageBefore, storage, databases, notCarried }: RebuiltReport): readonly string[] {
  const rows = databases.reduce((total, one) => total + one.rows, 0);
  const tables = databases.reduce((total, one) => total + one.tables, 0);
  return [
    `The snapshot was taken of a fresh, empty instance that the server's own programs filled from the scrubbed one: ${
      counted(databases.length, "database")
    } with ${counted(tables, "table")} and ${counted(rows, "row")}, as many in each table as there.`,
    ...(storage === undefined
      ? []
      : [`Its storage is ${storage} GiB${storageBefore === undefined ? "" : `, and was ${storageBefore} GiB`}.`]),
    ...notCarried.map((what) => `It does not have ${what}.`),
  ];
}

function sentences(title: string, list: readonly string[]): Markup {
  if (list.length === 0) return markup``;
  return markup`<h3>${title}</h3>
<ul>${list.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
}

function outcomeBadge(outcome: Outcome, { databases }: SourceOutcome): Markup {
  const { length: kept } = databases.filter(({ fate }) => fate === "kept");
  if (outcome === "clean" && kept > 0) {
    return markup`<span class="badge warn">clean but for ${counted(kept, "database")}</span>`;
  }
  const words: Readonly<Record<Outcome, readonly ["good" | "bad", string]>> = {
    "clean": ["good", "clean"],
    "dry run": ["good", "no obstacle found"],
    "planned": ["good", "planned"],
    "refused": ["bad", "refused"],
    "failed": ["bad", "failed"],
    "left over": ["bad", "failed, with leftovers"],
    "kept, then failed": ["bad", "snapshot kept, then failed"],
  };
  const [kind, said] = words[outcome];
  return markup`<span class="badge ${kind}">${said}</span>`;
}

/** One a line. */
function identifiers(ids: readonly string[]): Markup | undefined {
  return ids.length === 0 ? undefined : markup`${ids.map((id) => markup`<div><code>${breakable(id)}</code></div>`)}`;
}

function encryptionText({ encrypted, kmsKey }: EncryptionReport): string | Markup {
  if (!encrypted) return "none: it is not encrypted";
  return kmsKey === undefined ? "a key that RDS does not name" : markup`<code>${breakable(kmsKey)}</code>`;
}

function age(seconds: number | undefined): string {
  return seconds === undefined ? "" : `, ${duration(seconds)} old when the run began`;
}

function databasesText({ databases }: SourceOutcome, progress: Progress): string {
  const fates = Map.groupBy(databases, ({ fate }) => fate);
  return [...fates].map(([fate, found]) => `${found.length} ${fateText(fate, progress)}`).join(", ");
}

/** A line of a refusal that is to be pasted: a rule, or an entry of reviewed columns. */
const pasteLine = /^\s+((?:rule|entry) for [^:]+): (.*)$/;

/** The first line says what; the others are findings, each with what to paste for it, which one block has once more. */
function failureNote({ message, hint, also }: Failure): Markup {
  const [first = "", ...findings] = message.split("\n");
  const pasted = findings.flatMap((line) => pasteLine.exec(line)?.[2] ?? []);
  const others = findings.filter((line) => !pasteLine.test(line));
  return markup`<div class="note bad"><p>${first}</p>${
    others.length > 0 ? markup`<ul>${others.map((line) => markup`<li>${line.trim()}</li>\n`)}</ul>` : undefined
  }${hint === "" ? undefined : markup`<p>${hint}</p>`}${
    pasted.length > 0 ? markup`<p>To paste:</p>${copyableLines(pasted)}` : undefined
  }${also.map(failureNote)}</div>`;
}

function exportsTable({ exports = [], requested }: SourceOutcome): Markup {
  const rows = exports.map((one) =>
    markup`<tr><td class="name">${breakable(one.database)}</td><td class="name">${copyable(one.object)}</td>${
      numberCell(one.bytes, sizeText)
    }${numberCell(one.seconds, duration)}<td>${bucketOwnerText(one.bucketOwner)}</td><td class="name">${
      copyable(one.sha256)
    }</td></tr>\n`
  );
  const headings = [
    "Database",
    "Object",
    ["Size", "number"],
    ["Took", "number"],
    "Bucket's account",
    "SHA-256",
  ] as const;
  return markup`<h3>Dumps in S3</h3>${dataTable(`Dumps of ${requested} in S3`, headings, rows)}`;
}

function bucketOwnerText(owner: string | undefined): string {
  return owner === "other" ? "another one than the run's" : owner ?? "not known";
}

function residueTable(residue: readonly ResidueReport[], requested: string): Markup {
  const rows = residue.map(({ step, result }) =>
    markup`<tr><th scope="row">${step}</th><td class="words">${result}</td></tr>\n`
  );
  const caption = "What was done about them, and what is known to remain";
  return markup`<h3>Traces outside the tables</h3>${
    dataTable(`Outside tables of ${requested}`, ["What", "Result"], rows, caption)
  }`;
}
