/** Logs how far the server's long statements are, by a session of its own. @module */

import type { Engine, PseudonymKey, ServerProgress, Target } from "../../engine/engine.ts";
import { pause } from "../../core/pause.ts";
import type { Log } from "../../core/log.ts";

/** The server to watch, and where its progress goes. */
export interface MonitoredServer {
  readonly engine: Engine;
  readonly target: Target;
  readonly key: PseudonymKey;
  /** Gets the progress of tables, with what the server adds. */
  readonly log: Log;
}

type Progress = Parameters<Log["progress"]>[0];

/** Milliseconds: shorter work is not worth a session. */
const startAfter = 5000;
const interval = 2000;

/** Watches until it is disposed. Unknown progress is no failure. */
export class ProgressMonitor implements AsyncDisposable {
  /** The log for the work whose progress is monitored. */
  readonly log: Log;
  readonly #monitored: MonitoredServer;
  readonly #stop = new AbortController();
  readonly #monitoring: Promise<void>;
  #last: Progress | undefined;

  constructor(monitored: MonitoredServer, signal: AbortSignal) {
    this.#monitored = monitored;
    const { log } = monitored;
    this.log = {
      debug: (message, fields) => log.debug(message, fields),
      info: (message, fields) => log.info(message, fields),
      warn: (message, fields) => log.warn(message, fields),
      progress: (progress) => {
        this.#last = progress;
        log.progress(progress);
      },
    };
    this.#monitoring = this.#monitor(AbortSignal.any([signal, this.#stop.signal])).catch((error) => {
      if (!this.#stop.signal.aborted && !signal.aborted) {
        log.debug(`progress is not known: ${error instanceof Error ? error.name : "unknown"}`);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#monitoring;
  }

  async #monitor(signal: AbortSignal): Promise<void> {
    const { engine, target, key, log } = this.#monitored;
    if (!engine.progress || !await pause(startAfter, signal)) return;
    await using session = await engine.open(target, key, signal);
    do {
      const seen = await engine.progress(session);
      if (this.#last) {
        const more = blend(this.#last, seen);
        if (more) log.progress(more);
      }
    } while (await pause(interval, signal));
  }
}

/** The last progress of a table, moved on by what the server says of the statement. */
export function blend(last: Progress, seen: readonly ServerProgress[]): Progress | undefined {
  const server = seen.find(({ what }) => what === last.what) ?? seen.find(({ what }) => what === undefined);
  if (!server) return undefined;
  const part = server.share ?? (last.rows && server.rows !== undefined ? server.rows / last.rows : 0);
  const share = last.share === undefined || last.next === undefined
    ? last.share
    : last.share + (last.next - last.share) * Math.min(1, part);
  return { ...last, ...(share !== undefined && { share }), ...(server.rows !== undefined && { rows: server.rows }) };
}
