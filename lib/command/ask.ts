/** Questions that a worker answers, so that main loads neither drivers nor the AWS client. @module */

import { ask, type ErrandRun } from "../fleet/ask.ts";
import type { Patience } from "../fleet/converse.ts";
import type { Answer, Errand, WireRecord } from "../fleet/protocol.ts";
import { complain } from "./console.ts";
import { haveHome } from "./home.ts";

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/** A worker's own clean-up ends before, after 15 minutes at most: this is for one that can't end any more. */
export const patience: Patience = { pulse: MINUTE / 6, missed: 18, stop: 20 * MINUTE };

/** Makes a worker; main gives it, because only there the path to the worker's module is known. */
export type WorkerMaker = () => Worker;

/** Asks something of AWS. SIGINT ends the program; nothing is left by a question. `limit`: milliseconds. */
export async function askAws(
  createWorker: WorkerMaker,
  errand: Errand,
  logLevel: ErrandRun["logLevel"],
  limit: number = 10 * MINUTE,
): Promise<Answer> {
  await haveHome();
  return await askWorker(createWorker, errand, logLevel, limit);
}

/** The same of what needs no AWS. */
export async function askWorker(
  createWorker: WorkerMaker,
  errand: Errand,
  logLevel: ErrandRun["logLevel"],
  limit: number = 10 * MINUTE,
): Promise<Answer> {
  const log = (record: WireRecord) => {
    if (record.level >= 30 || logLevel === "DEBUG") complain(`${record.message}\n`);
  };
  return await ask({ errand, logLevel, patience, createWorker, log }, AbortSignal.timeout(limit));
}
