/** Progress where there is no terminal: a line a phase, and one a minute. @module */

import type { PhaseEstimate } from "./overall_progress.ts";
import { elapsedText, percentText, type ProgressDisplay } from "./progress_display.ts";
import { SourceProgress } from "./source_progress.ts";
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
  /** The phases of a source, and how long they should take. */
  readonly estimates: (source: string) => readonly PhaseEstimate[];
}

interface Entry {
  readonly phase: Phase;
  readonly since: number;
  readonly said: number;
  readonly progress: SourceProgress;
}

/** The lines, which go to the log. */
export class PlainDisplay implements ProgressDisplay {
  readonly #options: PlainDisplayOptions;
  readonly #running = new Map<string, Entry>();

  constructor(options: PlainDisplayOptions) {
    this.#options = options;
  }

  phase(source: string, phase: Phase, bytes?: number): void {
    const now = this.#options.now();
    const progress = this.#running.get(source)?.progress ?? new SourceProgress(this.#options.estimates(source));
    progress.begin(phase, now, bytes);
    this.#running.set(source, { phase, since: now, said: now, progress });
    this.#options.say(source, phase, "begins");
  }

  progress(source: string, progress: Progress): void {
    this.#running.get(source)?.progress.take(progress, this.#options.now());
  }

  ended(source: string): void {
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
      const { share, rest } = entry.progress.overall(now);
      const known = [
        entry.progress.details(now),
        `${elapsedText(now - entry.since)} so far`,
        `${percentText(share)} of the run`,
        rest === undefined ? "" : `about ${elapsedText(rest)} left`,
      ];
      this.#options.say(source, entry.phase, `goes on: ${known.filter((part) => part !== "").join(", ")}`);
    }
  }

  close(): void {
    this.#running.clear();
  }
}
