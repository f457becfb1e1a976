/** Questions that a worker answers, so that main loads neither drivers nor the AWS client. @module */

import { type RequestRun, sendRequest } from "../../fleet/worker_request.ts";
import type { WorkerTimeouts } from "../../fleet/worker_channel.ts";
import { complain } from "./console.ts";
import { haveHome } from "./home.ts";
import type { WireRecord } from "../../core/progress.ts";
import type { WorkerRequest, WorkerResponse } from "../../core/worker_request.ts";

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/** A worker's own clean-up ends before, after 15 minutes at most: this is for one that can't end any more. */
export const patience: WorkerTimeouts = { pulse: MINUTE / 6, missed: 18, stop: 20 * MINUTE };

/** Makes a worker; main gives it, because only there the path to the worker's module is known. */
export type WorkerMaker = () => Worker;

/** Asks something of AWS. SIGINT ends the program; nothing is left by a question. `limit`: milliseconds. */
export async function askAws(
  createWorker: WorkerMaker,
  request: WorkerRequest,
  logLevel: RequestRun["logLevel"],
  limit: number = 10 * MINUTE,
): Promise<WorkerResponse> {
  await haveHome();
  return await askWorker(createWorker, request, logLevel, limit);
}

/** The same of what needs no AWS. */
export async function askWorker(
  createWorker: WorkerMaker,
  request: WorkerRequest,
  logLevel: RequestRun["logLevel"],
  limit: number = 10 * MINUTE,
): Promise<WorkerResponse> {
  const log = (record: WireRecord) => {
    if (record.level >= 30 || logLevel === "DEBUG") complain(`${record.message}\n`);
  };
  return await sendRequest({ request, logLevel, patience, createWorker, log }, AbortSignal.timeout(limit));
}
