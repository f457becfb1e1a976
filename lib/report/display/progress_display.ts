/** How progress is shown, whatever the console. @module */

import type { Phase, Progress } from "../../core/progress.ts";

/** Shows phases and progress. Sources have the names that the operator gave them. */
export interface ProgressDisplay {
  /** A source enters a phase; `bytes`: how much data it has, once that is known. */
  phase(source: string, phase: Phase, bytes?: number): void;
  /** How far the source's phase is. */
  progress(source: string, progress: Progress): void;
  /** A source ended; `how`: in one or two words. */
  ended(source: string, how: string): void;
  /** Writes whole lines to the console without garbling the display. */
  print(text: string): void;
  /** Brings the display up to date; to be called every second. */
  tick(): void;
  /** Removes the display; from then on `print` only writes. */
  close(): void;
}

/** `emails, 1,234 rows`: what is worked on, and how much of it. */
export function progressText({ what, rows, bytes }: Progress): string {
  const words = [what];
  if (rows !== undefined) words.push(`${rows.toLocaleString("en-GB")} rows`);
  if (bytes !== undefined) words.push(sizeText(bytes));
  return words.filter((word) => word !== "").join(", ");
}

/** `42 %`, of a share of 1; 100 only of the whole. */
export function percentText(share: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;
}

/** `12.3 MB`, of bytes. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"] as const;
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** at;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

/** `4:05` or `1:04:05`, of milliseconds. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const clock = `${hours > 0 ? String(minutes).padStart(2, "0") : minutes}:${String(seconds % 60).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${clock}` : clock;
}

/** Calls `tick` every second until disposed of. Does not keep the program alive. */
export function tickEverySecond(display: ProgressDisplay): Disposable {
  const timer = setInterval(() => display.tick(), 1000);
  Deno.unrefTimer(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
