/** What a display knows of one source: its phase, how far it is, and when it was last heard of. @module */

import type { Phase, Progress } from "../../core/progress.ts";
import { type Overall, OverallProgress, type PhaseEstimate } from "./overall_progress.ts";
import { RateMeter } from "./rate_meter.ts";
import { elapsedText, progressText } from "./progress_display.ts";

/** After so many milliseconds without a sign of progress, the display says what is waited for. */
const silence = 15_000;

/** Phases that wait for RDS; the others wait for the database server. */
const ofRds: readonly Phase[] = ["resolve", "restore", "snapshot", "prove", "share", "copy", "refresh", "prune"];

/** Follows one source. Times in milliseconds on any clock. */
export class SourceProgress {
  readonly #overall: OverallProgress;
  #phase: Phase | undefined;
  #meter = new RateMeter();
  #progress: Progress | undefined;
  #heard = 0;

  constructor(estimates: readonly PhaseEstimate[]) {
    this.#overall = new OverallProgress(estimates);
  }

  /** A phase begins; `bytes`: how much data the source has, once that is known. */
  begin(phase: Phase, time: number, bytes?: number): void {
    this.#overall.begin(phase, time, bytes);
    this.#phase = phase;
    this.#meter = new RateMeter();
    this.#progress = undefined;
    this.#heard = time;
  }

  /** The phase has come so far. */
  take(progress: Progress, time: number): void {
    if (progress.what !== this.#progress?.what || isFurther(progress, this.#progress)) this.#heard = time;
    this.#overall.take(progress.share, time);
    this.#meter.take(progress, time);
    this.#progress = progress;
  }

  /** Where the source is over all phases. */
  overall(time: number): Overall {
    return this.#overall.at(time);
  }

  /** `emails, 1,234 rows, 300 rows/s`; first what is waited for, where nothing moves. */
  details(time: number): string {
    const silent = this.#phase !== undefined && time - this.#heard >= silence;
    const server = this.#phase !== undefined && ofRds.includes(this.#phase) ? "RDS" : "the server";
    return [
      silent ? `waiting for ${server} for ${elapsedText(time - this.#heard)}` : "",
      this.#progress ? progressText(this.#progress) : "",
      silent ? "" : this.#meter.rate,
    ].filter((part) => part !== "").join(", ");
  }
}

function isFurther(now: Progress, before: Progress): boolean {
  return now.share !== before.share || now.rows !== before.rows || now.bytes !== before.bytes;
}
