/** Progress where there is no terminal: a line a phase, and one a minute. @module */

import { PaceMeter, restText } from "./pace.ts";
import { elapsedText, type ProgressDisplay, progressText } from "./progress_display.ts";
import type { Phase, Progress } from "../../core/progress.ts";

const minute = 60_000;

/** What the display needs. */
export interface PlainDisplayOptions {
  /** Logs one line about a source. */
  readonly say: (source: string, phase: Phase, message: string) => void;
  /** Writes to the console. */
  readonly write: (text: string) => void;
  /** Milliseconds on any clock. */
  readonly now: () => number;
}

interface Entry {
  readonly phase: Phase;
  readonly since: number;
  readonly said: number;
  readonly details: string;
  readonly meter: PaceMeter;
}

/** The lines, which go to the log. */
export class PlainDisplay implements ProgressDisplay {
  readonly #options: PlainDisplayOptions;
  readonly #running = new Map<string, Entry>();

  constructor(options: PlainDisplayOptions) {
    this.#options = options;
  }

  phase(source: string, phase: Phase): void {
    const now = this.#options.now();
    this.#running.set(source, { phase, since: now, said: now, details: "", meter: new PaceMeter() });
    this.#options.say(source, phase, "begins");
  }

  progress(source: string, progress: Progress): void {
    const entry = this.#running.get(source);
    if (!entry) return;
    entry.meter.take(progress, this.#options.now());
    this.#running.set(source, { ...entry, details: progressText(progress) });
  }

  finished(source: string): void {
    this.#running.delete(source);
  }

  print(text: string): void {
    this.#options.write(text);
  }

  tick(): void {
    const now = this.#options.now();
    for (const [source, entry] of this.#running) {
      if (now - entry.said < minute) continue;
      this.#running.set(source, { ...entry, said: now });
      const pace = entry.meter.pace(now);
      const known = [entry.details, pace.rate, `${elapsedText(now - entry.since)} so far`, restText(pace)];
      this.#options.say(source, entry.phase, `goes on: ${known.filter((part) => part !== "").join(", ")}`);
    }
  }

  close(): void {
    this.#running.clear();
  }
}
