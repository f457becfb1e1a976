/** Medians, as lines for people and rows for programs. @module */

import type { BenchCase } from "./cases.ts";
import type { Marks } from "./marks.ts";
import type { Measurement } from "./measure.ts";

/** One row of the JSON file. */
export interface Line {
  readonly case: string;
  readonly contender: string;
  readonly engine: string;
  readonly seconds: number;
  /** To the floor of the same case. */
  readonly ratio: number;
  readonly marks: number;
  readonly rows: number;
  readonly where: Marks;
  /** Megabytes beyond the size before. */
  readonly peak: number;
  /** Percent of one processor that this program took. */
  readonly client: number;
  /** Seconds of a processor that the server took. */
  readonly server: number;
  readonly roundTrips?: number;
  /** Seconds of each phase, in the last run. */
  readonly phases?: Readonly<Record<string, number>>;
}

/** The lines of one case: what was there before anyone did anything, then the contenders; the first of them is the floor. */
export function linesOf(
  one: BenchCase,
  before: Marks,
  measured: ReadonlyMap<string, readonly Measurement[]>,
): readonly Line[] {
  const [floor] = [...measured.values()].map((runs) => median(runs.map(({ seconds }) => seconds)));
  const nothing: Measurement = { seconds: 0, client: 0, server: 0, marks: before, peak: 0 };
  return [["before", [nothing]] as const, ...measured].map(([contender, runs]): Line => {
    const seconds = median(runs.map((run) => run.seconds));
    const { phases, roundTrips } = runs.at(-1) ?? nothing;
    const of = (where: keyof Marks) => Math.max(...runs.map(({ marks }) => marks[where]));
    const where = { tables: of("tables"), log: of("log"), undo: of("undo"), elsewhere: of("elsewhere") };
    return {
      case: one.name,
      contender,
      engine: one.engine,
      seconds: round(seconds, 3),
      ratio: floor ? round(seconds / floor, 2) : 1,
      marks: where.tables + where.log + where.undo + where.elsewhere,
      rows: one.rows,
      where,
      peak: median(runs.map(({ peak }) => peak)),
      client: round(seconds > 0 ? 100 * median(runs.map(({ client }) => client)) / seconds : 0, 1),
      server: round(median(runs.map(({ server }) => server)), 2),
      ...(phases && { phases }),
      ...(roundTrips !== undefined && { roundTrips }),
    };
  });
}

/** A Markdown table. */
export function tableOf(lines: readonly Line[]): string {
  const head = [
    "engine",
    "case",
    "contender",
    "s",
    "x floor",
    "marks: tables",
    "WAL/redo",
    "undo",
    "elsewhere",
    "peak MB",
    "client CPU %",
    "server CPU s",
  ];
  const rows = lines.map(({ engine, case: name, contender, seconds, ratio, where, peak, client, server }) => [
    ...[engine, name, contender, seconds.toFixed(2), ratio.toFixed(2)],
    ...[where.tables, where.log, where.undo, where.elsewhere, peak].map((count) => count.toLocaleString("en")),
    client.toFixed(1),
    server.toFixed(2),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
