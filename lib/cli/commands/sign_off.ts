/**
 * Asks about each unclassified column: why it can be kept and, where the scrubber is a rule file, whether to write the suggested rule
 * there. Nothing is written to a file here.
 *
 * @module
 */

import { visible } from "../../core/visible.ts";
import { findingLines, summary } from "./review_text.ts";
import { type ReviewedFile, withEntries } from "../settings/reviewed_file.ts";
import type { Finding, Review } from "../../core/review.ts";
import type { Reviewed, Signature } from "../../core/reviewed.ts";
import type { EditedRuleFile } from "../../scrub/rule_files/edit.ts";

/** The terminal to ask on. */
export interface Terminal {
  say(text: string): void;
  /** The answer to a question; null when the terminal is closed. */
  ask(question: string): string | null;
}

/** The rule file of the scrubber. */
export interface EditableRules {
  readonly path: string;
  readonly text: string;
  /** The text with the rule that a finding suggests. */
  addRule(text: string, finding: Finding): EditedRuleFile;
  /** The text with an entry of `reviewed`. */
  addReview(text: string, entry: Reviewed): EditedRuleFile;
}

/** What the answers can be written to; at least one of both. */
export interface Targets {
  /** The file of `--reviewed`. */
  readonly file?: ReviewedFile;
  readonly rules?: EditableRules;
}

/** The outcome. */
export interface SignedOff {
  /** The review without the columns to keep, and without those that got a rule. */
  readonly left: Review;
  /** The new text of the file of `--reviewed`; absent if nothing is added to it. */
  readonly text?: string;
  /** The new text of the rule file; absent if nothing is added to it. */
  readonly rules?: string;
}

const width = 80;

/** Goes through the findings. An empty answer leaves a column unclassified: it needs a rule. */
export function signOff(review: Review, targets: Targets, terminal: Terminal): SignedOff {
  const { findings } = review;
  if (findings.length === 0) {
    terminal.say(`${summary(review)}\n`);
    return { left: review };
  }
  const { file, rules } = targets;
  if (rules) return answerForRules(review, rules, file, terminal);
  return file ? answerForReviews(review, file, terminal) : { left: review };
}

function answerForReviews(review: Review, file: ReviewedFile, terminal: Terminal): SignedOff {
  const { say } = terminal;
  const { findings } = review;
  say(`${summary(review)}\nFor each, say why it can be kept, or press Enter if it needs a rule.\n`);
  const signature = askSignature(terminal);
  if (!signature) return { left: review };
  const signed = new Map<Finding, Reviewed>();
  for (const [at, finding] of findings.entries()) {
    say(`\n${at + 1} of ${findings.length}\n${findingLines(finding, width, true).join("\n")}\n`);
    const entry = askReason(finding, signature, terminal);
    if (entry) signed.set(finding, entry);
  }
  const left = { ...review, findings: findings.filter((finding) => !signed.has(finding)) };
  say(`\n${signed.size} kept, ${left.findings.length} without a rule.\n`);
  return { left, ...(signed.size > 0 && { text: withEntries(file, review.scrubber, [...signed.values()]) }) };
}

/** `file`: where what may stay is written; absent: into the rule file, too. */
function answerForRules(
  review: Review,
  rules: EditableRules,
  file: ReviewedFile | undefined,
  terminal: Terminal,
): SignedOff {
  const { say } = terminal;
  const { findings } = review;
  say(`${summary(review)}\nRules are written to ${visible(rules.path)}.\n`);
  let text = rules.text;
  let signature: Signers | undefined;
  const ruled = new Set<Finding>();
  const kept = new Map<Finding, Reviewed>();
  /** Takes a change of the rule file over, or says why there is none. */
  const change = (edited: EditedRuleFile): boolean => {
    if ("refused" in edited) say(`Not written: ${visible(edited.refused)}.\n`);
    else text = edited.text;
    return "text" in edited;
  };
  for (const [at, finding] of findings.entries()) {
    say(`\n${at + 1} of ${findings.length}\n${findingLines(finding, width, false).join("\n")}\n`);
    const choice = askChoice(finding, terminal);
    if (choice === "rule" && change(rules.addRule(text, finding))) ruled.add(finding);
    if (choice !== "keep") continue;
    signature ??= askSignature(terminal);
    const entry = signature && askReason(finding, signature, terminal);
    if (entry && (file || change(rules.addReview(text, entry)))) kept.set(finding, entry);
  }
  const left = { ...review, findings: findings.filter((finding) => !ruled.has(finding) && !kept.has(finding)) };
  say(`\n${ruled.size} with a rule, ${kept.size} kept, ${left.findings.length} skipped.\n`);
  return {
    left,
    ...(file && kept.size > 0 && { text: withEntries(file, review.scrubber, [...kept.values()]) }),
    ...(text !== rules.text && { rules: text }),
  };
}

function askChoice({ rule }: Finding, terminal: Terminal): "rule" | "keep" | "skip" {
  const choices = new Map<string, "rule" | "keep" | "skip">([
    ...(rule === undefined ? [] : [["r", "rule"]] as const),
    ["k", "keep"],
    ["", "skip"],
  ]);
  const question = rule === undefined
    ? "Keep it, with a reason (k), or skip it (Enter)"
    : "Write the rule (r), keep it, with a reason (k), or skip it (Enter)";
  for (;;) {
    const found = choices.get(answerTo(question, terminal).toLowerCase());
    if (found) return found;
  }
}

type Signers = Pick<Signature, "by" | "source">;

/** Who answers; undefined where that is not said. */
function askSignature(terminal: Terminal): Signers | undefined {
  const by = answerTo("Your name (by)", terminal);
  const source = by === "" ? "" : answerTo("What you have checked (source)", terminal);
  return by === "" || source === "" ? undefined : { by, source };
}

/** The entry that keeps what was found; undefined without a reason. */
function askReason({ what, entry }: Finding, signature: Signers, terminal: Terminal): Reviewed | undefined {
  const reason = answerTo(`Why can ${visible(what)} be kept`, terminal);
  return reason === "" ? undefined : { ...entry, reason, ...signature };
}

function answerTo(question: string, { ask }: Terminal): string {
  return ask(`${question}:`)?.trim() ?? "";
}
