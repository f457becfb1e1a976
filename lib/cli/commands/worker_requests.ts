/** Requests that a worker carries out, so that main loads neither drivers nor the AWS client. @module */

import { type RequestRun, sendRequest } from "../../fleet/worker_request.ts";
import type { WorkerTimeouts } from "../../fleet/worker_channel.ts";
import { printError } from "./console.ts";
import type { WorkerRequest, WorkerResponse } from "../../core/worker_request.ts";

/** Milliseconds of a minute. */
export const MINUTE = 60_000;

/** A worker's own clean-up takes 15 minutes at most: `stop` is for one that hangs. */
export const workerTimeouts: WorkerTimeouts = { pulse: MINUTE / 6, missed: 18, stop: 20 * MINUTE };

/** Makes a worker. Main supplies it: the path to the worker's module is relative to main. */
export type WorkerMaker = () => Worker;

/**
 * The worker's answer to a request that calls AWS. `limit`: milliseconds; `log` gets the worker's records, absent: standard error does.
 *
 * @throws {ScrubError} where the worker or AWS fails.
 */
export async function requestFromAws(
  createWorker: WorkerMaker,
  request: WorkerRequest,
  logLevel: RequestRun["logLevel"],
  limit: number = 10 * MINUTE,
  log?: RequestRun["log"],
): Promise<WorkerResponse> {
  await setHome();
  return await requestFromWorker(createWorker, request, logLevel, limit, log);
}

/** The same for a request that needs no AWS. */
export async function requestFromWorker(
  createWorker: WorkerMaker,
  request: WorkerRequest,
  logLevel: RequestRun["logLevel"],
  limit: number = 10 * MINUTE,
  log: RequestRun["log"] = (record) => {
    if (record.level >= 30 || logLevel === "DEBUG") printError(`${record.message}\n`);
  },
): Promise<WorkerResponse> {
  return await sendRequest(
    { request, logLevel, timeouts: workerTimeouts, createWorker, log },
    AbortSignal.timeout(limit),
  );
}

/** Sets HOME where it is unset, as for a service's account: without it the AWS client fails before it looks for credentials. */
export async function setHome(): Promise<void> {
  if (Deno.env.get("HOME")) return;
  const { homedir } = await import("node:os");
  Deno.env.set("HOME", homedir() || "/nonexistent");
}
