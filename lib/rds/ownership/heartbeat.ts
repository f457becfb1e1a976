/** A run's signs of life on what it has made. @module */

import type { Log } from "../../core/log.ts";
import type { Rds } from "../api/client.ts";
import { tag } from "../api/names.ts";

/** Renews the tag of each ARN that it was given, once in each interval, until it is stopped. */
export class Heartbeat {
  readonly #rds: Rds;
  readonly #interval: number;
  readonly #log: Log;
  readonly #arns = new Set<string>();
  #stop: (() => Promise<void>) | undefined;

  /** `interval`: in milliseconds. */
  constructor(rds: Rds, interval: number, log: Log) {
    this.#rds = rds;
    this.#interval = interval;
    this.#log = log;
  }

  add(arn: string): void {
    this.#arns.add(arn);
    this.#stop ??= this.#start();
  }

  remove(arn: string): void {
    this.#arns.delete(arn);
  }

  /** Ends it, and waits for the call that is under way. */
  async stop(): Promise<void> {
    await this.#stop?.();
  }

  #start(): () => Promise<void> {
    const stop = new AbortController();
    let current: Promise<void> | undefined;
    const renew = async () => {
      for (const arn of this.#arns) {
        try {
          await this.#rds.tag(arn, { [tag.heartbeat]: this.#rds.now().toISOString() }, stop.signal);
        } catch (error) {
          if (stop.signal.aborted || !this.#arns.has(arn)) continue;
          // After three missed heartbeats other runs count this one as dead.
          this.#log.warn(`heartbeat missed: ${error instanceof Error ? error.message : "unknown reason"}`);
        }
      }
    };
    // A slow call replaces the heartbeats that it delays.
    const timer = setInterval(() => current ??= renew().finally(() => current = undefined), this.#interval);
    return async () => {
      clearInterval(timer);
      stop.abort();
      await current;
    };
  }
}
