/** Progress on a terminal: one line a source, redrawn in place below the log. @module */

import { elapsedText, type ProgressDisplay, progressText } from "./progress_display.ts";
import { bar, PaceMeter, restText } from "./pace.ts";
import { cutToWidth, padToWidth } from "./fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";
import { visible } from "../../core/visible.ts";
import type { Phase, Progress } from "../../core/progress.ts";

/** At most one redraw in so many milliseconds. */
const shortestPause = 100;

/** What the display needs of its terminal. */
export interface LiveDisplayOptions {
  readonly sources: readonly string[];
  readonly write: (text: string) => void;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  /** Asked at every redraw: terminals change their size. */
  readonly size: () => { readonly columns: number; readonly rows: number };
}

/** Columns of a bar, and of the narrowest terminal that shows one. */
const barWidth = 22;
const roomForBar = 100;

interface Entry {
  readonly state: string;
  readonly progress?: Progress;
  readonly meter: PaceMeter;
  readonly ended?: number;
}

/** The lines. Nothing is shown before the first event. */
export class LiveDisplay implements ProgressDisplay {
  readonly #options: LiveDisplayOptions;
  readonly #entries: Map<string, Entry>;
  readonly #started: number;
  /** The lines on the screen now. */
  #drawn: readonly string[] = [];
  #drawnAt = -Infinity;
  #closed = false;

  constructor(options: LiveDisplayOptions) {
    this.#options = options;
    this.#started = options.now();
    this.#entries = new Map(options.sources.map((source) => [source, { state: "waiting", meter: new PaceMeter() }]));
  }

  phase(source: string, phase: Phase): void {
    this.#entries.set(source, { state: phase, meter: new PaceMeter() });
    this.#draw("");
  }

  progress(source: string, progress: Progress): void {
    const entry = this.#entries.get(source);
    const meter = entry?.meter ?? new PaceMeter();
    meter.take(progress, this.#options.now());
    this.#entries.set(source, { state: entry?.state ?? "", progress, meter });
    if (this.#options.now() - this.#drawnAt >= shortestPause) this.#draw("");
  }

  finished(source: string, how: string): void {
    this.#entries.set(source, { state: how, meter: new PaceMeter(), ended: this.#options.now() });
    this.#draw("");
  }

  print(text: string): void {
    this.#draw(text);
  }

  tick(): void {
    this.#draw("");
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const erase = this.#erase();
    if (erase !== "") this.#options.write(erase);
  }

  /** Erases the lines, prints the text and redraws them, in one write, so that nothing flickers. */
  #draw(text: string): void {
    if (this.#closed) return this.#options.write(text);
    const erase = this.#erase();
    this.#drawn = this.#lines();
    this.#drawnAt = this.#options.now();
    this.#options.write(`${erase}${text}${this.#drawn.map((line) => `${line}\n`).join("")}`);
  }

  /** Moves up over the drawn lines and erases from there. A terminal that became narrower has wrapped them. */
  #erase(): string {
    const { columns } = this.#size();
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(unicodeWidth(line) / Math.max(1, columns))),
      0,
    );
    this.#drawn = [];
    return rows === 0 ? "" : `\x1b[${rows}A\r\x1b[J`;
  }

  /** A closed terminal has no size; the run continues without it. */
  #size(): { readonly columns: number; readonly rows: number } {
    try {
      return this.#options.size();
    } catch {
      return { columns: 80, rows: 24 };
    }
  }

  #lines(): readonly string[] {
    const { columns, rows } = this.#size();
    const entries = [...this.#entries];
    // Lines that scrolled off can't be redrawn. One row is the cursor's, one counts the sources that are not shown.
    const room = Math.max(1, rows - 1);
    const shown = entries.length > room ? entries.slice(0, Math.max(0, room - 1)) : entries;
    const nameWidth = Math.min(40, Math.max(...shown.map(([source]) => unicodeWidth(visible(source))), 0));
    const lines = shown.map(([source, entry]) => this.#line(source, entry, nameWidth, columns));
    if (shown.length < entries.length) lines.push(`and ${entries.length - shown.length} more`);
    return lines.map((line) => cutToWidth(line, columns - 1));
  }

  #line(source: string, { state, progress, meter, ended }: Entry, nameWidth: number, columns: number): string {
    const pace = meter.pace(this.#options.now());
    const details = [
      ...(progress?.share !== undefined && columns >= roomForBar ? [bar(progress.share, barWidth)] : []),
      [progress ? progressText(progress) : "", pace.rate, restText(pace)].filter((part) => part !== "").join(", "),
    ].join(" ");
    const elapsed = elapsedText((ended ?? this.#options.now()) - this.#started);
    const name = padToWidth(cutToWidth(visible(source), nameWidth), nameWidth);
    return `${name}  ${padToWidth(visible(state), 8)}  ${elapsed.padStart(7)}  ${visible(details)}`.trimEnd();
  }
}
