/** How fast a phase goes, and how long it will still take. @module */

import { elapsedText, sizeText } from "./progress_display.ts";
import type { Progress } from "../../core/progress.ts";

/** What is known of a phase's pace. */
export interface Pace {
  /** Rows or bytes per second, in words; `""` where nothing is counted. */
  readonly rate: string;
  /** Milliseconds until the phase ends; undefined where that is unknown. */
  readonly rest?: number;
}

/** No pace is computed from less time, in milliseconds, or from a smaller share. */
const shortest = 2000;
const smallest = 0.01;

/** Follows one phase of one source. Times in milliseconds on any clock. */
export class PaceMeter {
  #first: { readonly time: number; readonly progress: Progress } | undefined;
  #begin: { readonly time: number; readonly share: number } | undefined;
  #last: { readonly time: number; readonly progress: Progress } | undefined;

  /** Records a progress. */
  take(progress: Progress, time: number): void {
    // Counters restart with each table. A share only grows: where it falls, other work has begun.
    if (this.#first?.progress.what !== progress.what) this.#first = { time, progress };
    if (progress.share !== undefined) {
      const before = this.#last?.progress.share;
      if (!this.#begin || before !== undefined && progress.share < before) {
        this.#begin = { time, share: progress.share };
      }
    }
    this.#last = { time, progress };
  }

  /** The pace at a time. */
  pace(time: number): Pace {
    return { rate: this.#rate(), ...this.#rest(time) };
  }

  #rate(): string {
    const [first, last] = [this.#first, this.#last];
    if (!first || !last || last.time - first.time < shortest) return "";
    const perSecond = (amount: (progress: Progress) => number | undefined) => {
      const [from, to] = [amount(first.progress), amount(last.progress)];
      return from === undefined || to === undefined || to <= from ? 0 : 1000 * (to - from) / (last.time - first.time);
    };
    const bytes = perSecond((progress) => progress.bytes);
    if (bytes > 0) return `${sizeText(bytes)}/s`;
    const rows = perSecond((progress) => progress.rows);
    return rows > 0 ? `${Math.round(rows).toLocaleString("en-GB")} rows/s` : "";
  }

  #rest(time: number): Pick<Pace, "rest"> {
    const [begin, share] = [this.#begin, this.#last?.progress.share];
    if (!begin || share === undefined || !this.#last) return {};
    const [passed, gained] = [this.#last.time - begin.time, share - begin.share];
    if (passed < shortest || gained < smallest) return {};
    return { rest: Math.max(0, (1 - share) * passed / gained - (time - this.#last.time)) };
  }
}

/** `[#####.....]`, so many columns wide. */
export function bar(share: number, columns: number): string {
  const inside = Math.max(1, columns - 2);
  const full = Math.floor(Math.min(1, Math.max(0, share)) * inside);
  return `[${"#".repeat(full)}${".".repeat(inside - full)}]`;
}

/** `about 4:05 left`; `""` where that is unknown. */
export function restText({ rest }: Pace): string {
  return rest === undefined ? "" : `about ${elapsedText(rest)} left`;
}
