/** The first signal stops the run, the second exits at once. @module */

import type { StopSignal } from "../core/exit_status.ts";

/** Milliseconds in which a repeated signal counts once: `deno task` and others forward what the terminal sends as well. */
const ECHO = 200;

/** Counts signals. `first` is called at most once, `second` at most once. */
export interface SignalCount {
  /** A signal came, at a time in milliseconds. */
  received(name: StopSignal, time: number): void;
}

/** Distinguishes the first signal from the second. A SIGHUP is never a second one: it follows a SIGTERM or Ctrl-C by itself. */
export function countSignals(first: (name: StopSignal) => void, second: (name: StopSignal) => void): SignalCount {
  let stopped: { readonly by: StopSignal; readonly time: number } | undefined;
  let exiting = false;
  return {
    received(name, time) {
      if (stopped === undefined) {
        stopped = { by: name, time };
        return first(name);
      }
      const echo = name === stopped.by && time - stopped.time < ECHO;
      if (exiting || name === "SIGHUP" || echo) return;
      exiting = true;
      second(name);
    },
  };
}

/** Watches the process's signals until it is disposed. */
export function watchSignals(count: SignalCount): Disposable {
  using undo = new DisposableStack();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const listener = () => count.received(name, performance.now());
    Deno.addSignalListener(name, listener);
    undo.defer(() => Deno.removeSignalListener(name, listener));
  }
  return undo.move();
}
