/** The command `verify-report`. @module */

import type { Command } from "../settings/command.ts";
import type { Evidence } from "../../core/evidence.ts";
import { exitStatuses } from "../../core/exit_status.ts";
import { visible } from "../../core/visible.ts";
import { isSigned, type ReportFacts, signaturesIn } from "../../report/signed_statement.ts";
import { runOfReport } from "../settings/report_file.ts";
import { print } from "./console.ts";
import { requestFromAws, type WorkerMaker } from "./worker_requests.ts";

/**
 * Compares a report with a snapshot's tags, and its signature with a key; returns the exit status, 3 where the report is not the
 * snapshot's or not signed with the key.
 */
export async function verifyReport(
  { report, against, logLevel }: Extract<Command, { command: "verify-report" }>,
  createWorker: WorkerMaker,
): Promise<number> {
  if ("envelope" in against) return tell(await checkSignature(report, against.envelope, against.publicKey));
  const { snapshot, region, publicKey } = against;
  const answer = await requestFromAws(
    createWorker,
    { type: "evidence", snapshot, ...(region !== undefined && { region }) },
    logLevel,
  );
  if (answer.type !== "evidence") return exitStatuses.failed;
  return tell(await compareReport(report, answer.evidence, publicKey));
}

function tell({ fits, text }: Verdict): number {
  print(text);
  return fits ? exitStatuses.done : exitStatuses.refused;
}

/** The outcome of the comparison. */
export interface Verdict {
  readonly fits: boolean;
  /** What to print. Ends in a newline. */
  readonly text: string;
}

/** Checks the signature in the envelope beside a report. */
export async function checkSignature(
  bytes: Uint8Array<ArrayBuffer>,
  envelope: Uint8Array,
  publicKey: CryptoKey,
): Promise<Verdict> {
  const digest = await sha256(bytes);
  const named = runOfReport(bytes);
  const signatures = signaturesOf(envelope);
  const fault = named === undefined
    ? "the file is not a report"
    : signatures === undefined
    ? "the file beside it is no envelope with a signature"
    : await isSignedByAny({ digest, ...named }, signatures, publicKey)
    ? undefined
    : "no signature in the file beside it is the key's under this report";
  if (fault !== undefined) return { fits: false, text: `The report is not signed with this key: ${fault}\n` };
  return { fits: true, text: `The report is signed with this key: run ${named?.runId}, SHA-256 ${digest}\n` };
}

/** Compares a report's bytes with what the snapshot's tags say of its run. `publicKey`: also the signature there. */
export async function compareReport(
  bytes: Uint8Array<ArrayBuffer>,
  evidence: Evidence,
  publicKey?: CryptoKey,
): Promise<Verdict> {
  const digest = await sha256(bytes);
  const named = runOfReport(bytes);
  const id = visible(evidence.snapshot);
  const faults = [
    ...(evidence.proof === undefined ? [`snapshot "${id}" has no proof: no run has verified it`] : []),
    ...(evidence.report === undefined
      ? [`snapshot "${id}" has no tag with a report's SHA-256: its run wrote no report, or could not tag it`]
      : evidence.report !== digest
      ? [`the file's SHA-256 is ${digest}, the snapshot's tag says ${visible(evidence.report)}`]
      : []),
    ...(named === undefined ? ["the file is not a report"] : []),
    ...(named !== undefined && named.runId !== evidence.runId
      ? [`the report is of run ${visible(named.runId)}, the snapshot of run ${visible(evidence.runId ?? "none")}`]
      : []),
    ...(named !== undefined && !named.snapshots.includes(evidence.snapshot)
      ? [`the report does not name snapshot "${id}"`]
      : []),
    ...(publicKey && evidence.signature === undefined ? [`snapshot "${id}" has no tag with a signature`] : []),
    ...(publicKey && named !== undefined && evidence.signature !== undefined &&
        !await isSigned({ digest, ...named }, evidence.signature, publicKey)
      ? ["the signature in the snapshot's tag is not the key's under this report"]
      : []),
  ];
  if (faults.length === 0) {
    const search = `search for removed values: ${visible(evidence.search ?? "not told")}`;
    const signed = publicKey ? ", signed with this key" : "";
    const text = `The report belongs to snapshot "${id}": run ${named?.runId}, SHA-256 ${digest}, ${search}${signed}\n`;
    return { fits: true, text };
  }
  return {
    fits: false,
    text: `The report does not belong to snapshot "${id}":\n${faults.map((one) => `  ${one}\n`).join("")}`,
  };
}

async function isSignedByAny(
  report: ReportFacts,
  signatures: readonly string[],
  publicKey: CryptoKey,
): Promise<boolean> {
  for (const one of signatures) if (await isSigned(report, one, publicKey)) return true;
  return false;
}

function signaturesOf(envelope: Uint8Array): readonly string[] | undefined {
  try {
    return signaturesIn(new TextDecoder().decode(envelope));
  } catch {
    return undefined;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
