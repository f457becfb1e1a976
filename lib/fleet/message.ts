/** Is what a worker sent a message of the protocol? @module */

import type { Failure } from "../core/errors.ts";
import type { SourceReport } from "../core/report.ts";
import type { Message } from "./protocol.ts";
import type { Phase } from "../core/progress.ts";
import type { WorkerResponse } from "../core/worker_request.ts";

const phases: Readonly<Record<Phase, true>> = {
  resolve: true,
  restore: true,
  discover: true,
  plan: true,
  scrub: true,
  verify: true,
  export: true,
  purge: true,
  snapshot: true,
  prove: true,
  share: true,
  prune: true,
};

/**
 * Says whether something is a {@linkcode Message}, so that a broken worker counts as lost instead of breaking main.
 * Nothing that it holds is trusted further: text is text.
 */
export function isMessage(data: unknown): data is Message {
  if (!isObject(data)) return false;
  switch (data.type) {
    case "pong":
      return true;
    case "phase":
      return isText(data.phase) && Object.hasOwn(phases, data.phase);
    case "progress":
      return isObject(data.progress) && isText(data.progress.what) && isNumberOrAbsent(data.progress.share) &&
        isNumberOrAbsent(data.progress.rows) && isNumberOrAbsent(data.progress.bytes);
    case "log":
      return isObject(data.record) && isNumber(data.record.level) && isNumber(data.record.time) &&
        isText(data.record.message);
    case "claim":
      return isName(data.source) && isName(data.workspace);
    case "begun":
      return isName(data.snapshot);
    case "done":
      return isReport(data.report);
    case "answered":
      return isAnswer(data.answer);
    case "unanswered":
      return isFailure(data.failure);
    case "failed":
      return isReport(data.report) && isFailure(data.failure);
    default:
      return false;
  }
}

function isReport(data: unknown): data is SourceReport {
  return isObject(data) && (data.engine === "mysql" || data.engine === "postgresql") && isText(data.requested) &&
    isTextOrAbsent(data.source) && isTextOrAbsent(data.workspace) && isTextOrAbsent(data.snapshot) &&
    isListOf(data.databases, isDatabase) && isListOf(data.phases, isPhase) && isListOf(data.sharedWith, isText) &&
    isListOf(data.pruned, isText) && isListOf(data.warnings, isText) &&
    (data.plan === undefined || isListOf(data.plan, isOutline)) &&
    (data.wouldDo === undefined || isListOf(data.wouldDo, isText)) &&
    (data.restored === undefined ||
      isObject(data.restored) && isText(data.restored.snapshot) && isText(data.restored.asOf));
}

function isAnswer(data: unknown): data is WorkerResponse {
  if (!isObject(data)) return false;
  if (data.type === "overview") return isText(data.region) && isListOf(data.items, isItem);
  if (data.type === "evidence") {
    return isObject(data.evidence) && isText(data.evidence.snapshot) && isText(data.evidence.status) &&
      isTextOrAbsent(data.evidence.runId) && isTextOrAbsent(data.evidence.report) &&
      isTextOrAbsent(data.evidence.proof);
  }
  if (data.type === "swept") return isListOf(data.sentences, isText) && isListOf(data.failures, isFailure);
  if (data.type === "reviewed") return isReview(data.review);
  if (data.type === "planned") return isOutline(data.outline);
  return data.type === "attested";
}

function isReview(data: unknown): boolean {
  return isObject(data) && [data.engine, data.database, data.scrubber].every(isText) && isTextOrAbsent(data.unfit) &&
    isObject(data.accounted) && Object.values(data.accounted).every(isNumber) && isNumber(data.milliseconds) &&
    isListOf(data.findings, isFinding);
}

function isFinding(data: unknown): boolean {
  return isObject(data) && isText(data.what) && isText(data.why) && isTextOrAbsent(data.rule) && isObject(data.entry) &&
    (data.samples === undefined || isListOf(data.samples, isText));
}

function isOutline(data: unknown): boolean {
  return isObject(data) && [data.engine, data.database, data.fate].every(isText) && isListOf(data.removed, isText) &&
    isListOf(
      data.tables,
      (table) =>
        isObject(table) && isText(table.table) && isNumber(table.rows) && isListOf(table.columns, isColumnOutline),
    );
}

function isColumnOutline(data: unknown): boolean {
  return isObject(data) && isText(data.column) && [data.strategy, data.only, data.reason].every(isTextOrAbsent);
}

function isItem(data: unknown): boolean {
  return isObject(data) && [data.source, data.engine, data.kind, data.id, data.state, data.status].every(isText) &&
    [data.time, data.runId, data.report].every(isTextOrAbsent) && isListOf(data.sharedWith, isText) &&
    typeof data.proven === "boolean";
}

function isDatabase(data: unknown): boolean {
  return isObject(data) && isText(data.database) && isText(data.fate) && isListOf(data.tables, isObject);
}

function isPhase(data: unknown): boolean {
  return isObject(data) && isText(data.phase) && isNumber(data.started) && isNumberOrAbsent(data.ended);
}

function isFailure(data: unknown): data is Failure {
  return isObject(data) && isText(data.message) && isText(data.hint) && isListOf(data.also, isFailure) &&
    (data.kind === "failed" || data.kind === "usage" || data.kind === "refused" || data.kind === "leftovers" ||
      data.kind === "interrupted");
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isText(data: unknown): data is string {
  return typeof data === "string";
}

function isName(data: unknown): data is string {
  return isText(data) && data !== "";
}

function isNumber(data: unknown): data is number {
  return typeof data === "number" && !Number.isNaN(data);
}

function isTextOrAbsent(data: unknown): boolean {
  return data === undefined || isText(data);
}

function isNumberOrAbsent(data: unknown): boolean {
  return data === undefined || isNumber(data);
}

function isListOf(data: unknown, is: (one: unknown) => boolean): boolean {
  return Array.isArray(data) && data.every((one) => is(one));
}
