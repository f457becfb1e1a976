/** Asks a person about each column that nothing accounts for, and writes down what may stay and why. @module */

import { visible } from "../../core/visible.ts";
import { findingLines, summary } from "./review_text.ts";
import { type ReviewedFile, withEntries } from "../settings/reviewed_file.ts";
import type { Finding, Review } from "../../core/review.ts";

/** Whom to ask. */
export interface Terminal {
  say(text: string): void;
  /** The answer to a question; null where there is nobody any more. */
  ask(question: string): string | null;
}

/** What came of it. */
export interface SignedOff {
  /** The review without what may stay. */
  readonly left: Review;
  /** The file's new text; absent: nothing may stay. */
  readonly text?: string;
}

const width = 80;

/** Goes through the findings. An empty answer leaves a column as it is: it has to get a rule then. */
export function signOff(review: Review, file: ReviewedFile, { say, ask }: Terminal): SignedOff {
  const { findings } = review;
  if (findings.length === 0) {
    say(`${summary(review)}\n`);
    return { left: review };
  }
  say(`${summary(review)}\nSay of each why it may stay, or nothing if it has to get a rule.\n`);
  const answer = (question: string) => ask(`${question}:`)?.trim() ?? "";
  const by = answer("Who are you (by)");
  const source = by === "" ? "" : answer("What have you looked at (source)");
  if (by === "" || source === "") return { left: review };
  const signed = new Map<Finding, string>();
  for (const [at, finding] of findings.entries()) {
    say(`\n${at + 1} of ${findings.length}\n${findingLines(finding, width).join("\n")}\n`);
    const reason = answer(`Why may ${visible(finding.what)} stay`);
    if (reason !== "") signed.set(finding, reason);
  }
  const added = [...signed].map(([{ entry }, reason]) => ({ ...entry, reason, by, source }));
  const left = { ...review, findings: findings.filter((finding) => !signed.has(finding)) };
  say(`\n${added.length} may stay, ${left.findings.length} have to get a rule.\n`);
  return { left, ...(added.length > 0 && { text: withEntries(file, review.scrubber, added) }) };
}
