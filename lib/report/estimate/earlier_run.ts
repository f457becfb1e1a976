/** What the report of an earlier run tells of the next run of a source. @module */

import type { RunReport, SourceOutcome } from "../../core/report.ts";
import type { Machine } from "./phase_times.ts";
import type { PriceTable } from "./prices.ts";

/** An earlier run of a source, as far as estimates need it: plain values, which cross to workers. */
export interface EarlierRun {
  /** When it began, in ISO 8601. */
  readonly started: string;
  /** Of the tables that were rewritten or changed; 0: not known. */
  readonly bytes: number;
  readonly machine: Machine;
  readonly phases: SourceOutcome["phases"];
}

/** What estimates of a source before its restore are made from. Plain values, which cross to workers. */
export interface RunEstimates {
  /** Absent: the program's own. */
  readonly prices?: PriceTable;
  /** The earlier run of the source; absent: there is none, or it failed. */
  readonly earlier?: EarlierRun;
}

/** The earlier run of a source; undefined where there is none, or it failed. */
export function earlierRun(report: RunReport | undefined, requested: string): EarlierRun | undefined {
  const found = report?.sources.find((source) => source.requested === requested && !source.failure);
  if (!report || !found) return undefined;
  const { restored, phases } = found;
  return { started: report.started, bytes: tableBytes(found), machine: restored ?? {}, phases };
}

/** Of the tables that are rewritten or changed, or would be; 0 where none is known. */
export function tableBytes({ databases, plan = [] }: Pick<SourceOutcome, "databases" | "plan">): number {
  const changed = databases.flatMap(({ tables }) => tables);
  const tables = changed.length > 0 ? changed : plan.flatMap(({ tables }) => tables);
  return tables.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}
