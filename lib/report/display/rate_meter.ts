/** How fast a phase goes. @module */

import { sizeText } from "./progress_display.ts";
import type { Progress } from "../../core/progress.ts";

/** No rate is computed from less time, in milliseconds. */
const shortest = 2000;

/** Follows one phase of one source. Times in milliseconds on any clock. */
export class RateMeter {
  #first: { readonly time: number; readonly progress: Progress } | undefined;
  #last: { readonly time: number; readonly progress: Progress } | undefined;

  /** Records a progress. */
  take(progress: Progress, time: number): void {
    // Counters restart with each table.
    if (this.#first?.progress.what !== progress.what) this.#first = { time, progress };
    this.#last = { time, progress };
  }

  /** Rows or bytes per second, in words; `""` where nothing is counted. */
  get rate(): string {
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
}

/** `[#####.....]`, so many columns wide. */
export function bar(share: number, columns: number): string {
  const inside = Math.max(1, columns - 2);
  const full = Math.floor(Math.min(1, Math.max(0, share)) * inside);
  return `[${"#".repeat(full)}${".".repeat(inside - full)}]`;
}
