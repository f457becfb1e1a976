/** How long a status lasts: a number of polls, or a time. @module */

/** A status ends after so many polls by the client or so many milliseconds, whichever comes first. */
export interface Latency {
  readonly polls: number;
  readonly milliseconds: number;
}

/** Counts how often a client has read a record's status. */
export class Polls {
  readonly #target = new EventTarget();

  /** Counts one reading. */
  count(): void {
    this.#target.dispatchEvent(new Event("read"));
  }

  /** Waits for a latency's end, or for the signal. */
  async past({ polls, milliseconds }: Latency, signal: AbortSignal): Promise<void> {
    if (polls <= 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = polls;
    const read = () => {
      if (--left <= 0) resolve();
    };
    const stop = () => resolve();
    const timer = setTimeout(resolve, milliseconds);
    this.#target.addEventListener("read", read);
    signal.addEventListener("abort", stop);
    await promise;
    clearTimeout(timer);
    this.#target.removeEventListener("read", read);
    signal.removeEventListener("abort", stop);
  }
}
