/** Asks about each unclassified column why it can be kept, and records the answers as reviews. @module */

import { visible } from "../../core/visible.ts";
import { findingLines, summary } from "./review_text.ts";
import { type ReviewedFile, withEntries } from "../settings/reviewed_file.ts";
import type { Finding, Review } from "../../core/review.ts";

/** The terminal to ask on. */
export interface Terminal {
  say(text: string): void;
  /** The answer to a question; null when the terminal is closed. */
  ask(question: string): string | null;
}

/** The outcome. */
export interface SignedOff {
  /** The review without the columns to keep. */
  readonly left: Review;
  /** The file's new text; absent if no column is kept. */
  readonly text?: string;
}

const width = 80;

/** Goes through the findings. An empty answer leaves a column unclassified: it needs a rule. */
export function signOff(review: Review, file: ReviewedFile, { say, ask }: Terminal): SignedOff {
  const { findings } = review;
  if (findings.length === 0) {
    say(`${summary(review)}\n`);
    return { left: review };
  }
  say(`${summary(review)}\nFor each, say why it can be kept, or press Enter if it needs a rule.\n`);
  const answer = (question: string) => ask(`${question}:`)?.trim() ?? "";
  const by = answer("Your name (by)");
  const source = by === "" ? "" : answer("What you have checked (source)");
  if (by === "" || source === "") return { left: review };
  const signed = new Map<Finding, string>();
  for (const [at, finding] of findings.entries()) {
    say(`\n${at + 1} of ${findings.length}\n${findingLines(finding, width).join("\n")}\n`);
    const reason = answer(`Why can ${visible(finding.what)} be kept`);
    if (reason !== "") signed.set(finding, reason);
  }
  const added = [...signed].map(([{ entry }, reason]) => ({ ...entry, reason, by, source }));
  const left = { ...review, findings: findings.filter((finding) => !signed.has(finding)) };
  say(`\n${added.length} kept, ${left.findings.length} without a rule.\n`);
  return { left, ...(added.length > 0 && { text: withEntries(file, review.scrubber, added) }) };
}
