/** Progress on a terminal: one line a source, redrawn in place below the log. @module */

import type { PhaseEstimate } from "./overall_progress.ts";
import { elapsedText, percentText, type ProgressDisplay } from "./progress_display.ts";
import { bar } from "./rate_meter.ts";
import { SourceProgress } from "./source_progress.ts";
import { cutApart, cutToWidth, padToWidth } from "./fit_text.ts";
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
  /** The phases of a source, and how long they should take. */
  readonly estimates: (source: string) => readonly PhaseEstimate[];
}

/** Columns of a bar, and of the narrowest terminal that shows one. */
const barWidth = 22;
const roomForBar = 120;

/** Columns of the narrowest terminal that shows the time that has passed, beside the time that is left. */
const roomForElapsed = 72;

/** Columns that a source's name leaves to what it works on, and those that it has in any case. */
const roomForDetails = 14;
const leastName = 8;

interface Entry {
  readonly state: string;
  readonly progress: SourceProgress;
  readonly ended?: number;
}

/** The cells of a line that are never cut; empty ones keep their columns. */
interface Cells {
  readonly share: string;
  readonly elapsed: string;
  readonly rest: string;
  readonly state: string;
}

const widths: Readonly<Record<keyof Cells, number>> = { share: 5, elapsed: 7, rest: 13, state: 14 };

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
    this.#entries = new Map(options.sources.map((source) => [source, this.#waiting(source)]));
  }

  phase(source: string, phase: Phase, bytes?: number): void {
    const { progress } = this.#entries.get(source) ?? this.#waiting(source);
    progress.begin(phase, this.#options.now(), bytes);
    this.#entries.set(source, { state: phase, progress });
    this.#draw("");
  }

  progress(source: string, progress: Progress): void {
    this.#entries.get(source)?.progress.take(progress, this.#options.now());
    if (this.#options.now() - this.#drawnAt >= shortestPause) this.#draw("");
  }

  ended(source: string, how: string): void {
    const { progress } = this.#entries.get(source) ?? this.#waiting(source);
    this.#entries.set(source, { state: how, progress, ended: this.#options.now() });
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
    const longest = Math.max(...shown.map(([source]) => unicodeWidth(visible(source))), 0);
    const nameWidth = Math.min(40, longest, Math.max(leastName, columns - 1 - fixedWidth(columns) - roomForDetails));
    const names = cutApart(shown.map(([source]) => visible(source)), nameWidth);
    const lines = shown.map(([, entry], at) => this.#line(padToWidth(names[at] ?? "", nameWidth), entry, columns));
    if (shown.length < entries.length) lines.push(`and ${entries.length - shown.length} more`);
    return lines.map((line) => cutToWidth(line, columns - 1));
  }

  #line(name: string, { state, progress, ended }: Entry, columns: number): string {
    const now = ended ?? this.#options.now();
    const { share, rest, at, of } = progress.overall(now);
    const running = ended === undefined && at > 0;
    const cells: Cells = {
      share: running ? percentText(share) : "",
      elapsed: elapsedText(now - this.#started),
      rest: running && rest !== undefined ? `~${elapsedText(rest)} left` : "",
      state: running ? `${at}/${of} ${state}` : visible(state),
    };
    return [
      name,
      ...(columns >= roomForBar ? [running ? bar(share, barWidth) : "".padEnd(barWidth)] : []),
      cells.share.padStart(widths.share),
      ...(columns >= roomForElapsed ? [cells.elapsed.padStart(widths.elapsed)] : []),
      cells.rest.padStart(widths.rest),
      cells.state.padEnd(widths.state),
      running ? visible(progress.details(now)) : "",
    ].join(gap).trimEnd();
  }

  #waiting(source: string): Entry {
    return { state: "waiting", progress: new SourceProgress(this.#options.estimates(source)) };
  }
}

const gap = "  ";

/** Columns of all cells but the source's name and what it works on, with the gaps before and behind them. */
function fixedWidth(columns: number): number {
  const shown = [
    widths.share,
    ...(columns >= roomForElapsed ? [widths.elapsed] : []),
    widths.rest,
    widths.state,
    ...(columns >= roomForBar ? [barWidth] : []),
  ];
  return shown.reduce((sum, width) => sum + gap.length + width, gap.length);
}
