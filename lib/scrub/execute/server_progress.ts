/** Asks the server how far its long statements are, on a connection of its own, and says so. @module */

import type { Engine, PseudonymKey, ServerProgress, Target } from "../../engine/engine.ts";
import { pause } from "../../core/pause.ts";
import type { Log } from "../../core/log.ts";

/** Whom to watch. */
export interface Watched {
  readonly engine: Engine;
  readonly target: Target;
  readonly key: PseudonymKey;
  /** Gets what is said of tables, with what the server adds. */
  readonly log: Log;
}

type Progress = Parameters<Log["progress"]>[0];

/** Short work is not watched: it would cost a connection for nothing. Milliseconds. */
const first = 5000;
const interval = 2000;

/** A watch. What it can't find out is nobody's failure. */
export class ServerWatch implements AsyncDisposable {
  /** The log for the work that is watched. */
  readonly log: Log;
  readonly #watched: Watched;
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;
  #last: Progress | undefined;

  constructor(watched: Watched, signal: AbortSignal) {
    this.#watched = watched;
    const { log } = watched;
    this.log = {
      debug: (message) => log.debug(message),
      info: (message) => log.info(message),
      warn: (message) => log.warn(message),
      progress: (progress) => {
        this.#last = progress;
        log.progress(progress);
      },
    };
    this.#watching = this.#watch(AbortSignal.any([signal, this.#stop.signal])).catch((error) => {
      if (!this.#stop.signal.aborted && !signal.aborted) {
        log.debug(`progress is not known: ${error instanceof Error ? error.name : "unknown"}`);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { engine, target, key, log } = this.#watched;
    if (!engine.progress || !await pause(first, signal)) return;
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

/** What the work says of a table, moved on by what the server says of the statement. */
export function blend(last: Progress, seen: readonly ServerProgress[]): Progress | undefined {
  const server = seen.find(({ what }) => what === last.what) ?? seen.find(({ what }) => what === undefined);
  if (!server) return undefined;
  const part = server.share ?? (last.rows && server.rows !== undefined ? server.rows / last.rows : 0);
  const share = last.share === undefined || last.next === undefined
    ? last.share
    : last.share + (last.next - last.share) * Math.min(1, part);
  return { ...last, ...(share !== undefined && { share }), ...(server.rows !== undefined && { rows: server.rows }) };
}
