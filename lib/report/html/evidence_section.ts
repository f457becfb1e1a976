/** What ties the page to its run: the JSON report, its digest and signature, and the commands that check them. @module */

import type { RunReport } from "../../core/report.ts";
import { copyable } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";

/** The JSON report that the page repeats. */
export interface ReportFile {
  /** Its name, without folders. */
  readonly name: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  /** Whether it is signed; `failed`: it should be, and could not. */
  readonly signed: boolean | "failed";
}

/** The section. It is written before snapshots are tagged, so it claims nothing of tags: its commands find out. */
export function evidenceSection({ sources, dryRun }: RunReport, file: ReportFile | undefined): Markup {
  const snapshots = dryRun ? [] : sources.flatMap(({ snapshot }) => snapshot ?? []);
  return markup`<section aria-labelledby="evidence">
<h2 id="evidence">Evidence</h2>
<p>This page proves nothing by itself: it repeats the JSON report.</p>
${file === undefined ? withoutFile : ofFile(file, snapshots)}
</section>`;
}

const withoutFile = markup`<p>This run wrote no JSON report, so there is nothing to check this page against:
  <code>--report</code> writes one, and <code>--sign-key</code> or <code>--sign-kms-key</code> signs it.</p>`;

function ofFile({ name, sha256, signed }: ReportFile, snapshots: readonly string[]): Markup {
  const key = "--public-key public.pem";
  const path = quoted(name);
  const commands = [
    ...snapshots.map((snapshot) => `datascrubber verify-report ${path} ${snapshot}`),
    ...(signed === true
      ? [
        `datascrubber verify-report ${path} ${key}`,
        ...snapshots.map((snapshot) => `datascrubber verify-report ${path} ${snapshot} ${key}`),
      ]
      : []),
  ];
  return markup`<p>The JSON report is <code>${name}</code>. Its SHA-256:</p>
<p>${copyable(sha256)}</p>
<p>${signature(signed)}</p>
${
    snapshots.length > 0
      ? markup`<p>Each final snapshot should carry this SHA-256 and the run's id as tags. They are set after this page is written:
        check with the commands below.</p>`
      : undefined
  }
${commands.map((command) => markup`<p>${copyable(command)}</p>`)}`;
}

/** As a shell takes it. */
function quoted(name: string): string {
  return /^\w[\w.:+-]*$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

function signature(signed: ReportFile["signed"]): string {
  if (signed === true) return "It is signed: --public-key checks by whom.";
  return signed === "failed"
    ? "It is not signed: its key did not sign."
    : "It is not signed: --public-key would find no signature, and --sign-key or --sign-kms-key makes one.";
}
