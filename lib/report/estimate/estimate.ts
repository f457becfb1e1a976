/** Estimates a run's times and costs from the size of its data, an earlier report and a table of prices. @module */

import type { Cost, EstimateReport } from "../../core/estimate.ts";
import type { RunReport, SourceOutcome } from "../../core/report.ts";
import type { Settings } from "../../core/settings.ts";
import { GIB } from "../../core/storage.ts";
import { estimatePhases } from "../display/overall_progress.ts";
import { sizeText } from "../display/progress_display.ts";
import { type EarlierRun, earlierRun, tableBytes } from "./earlier_run.ts";
import { type DataSize, isComparable, type Machine, phaseTimes } from "./phase_times.ts";
import { hourlyPrices, pricedAs, type PriceTable } from "./prices.ts";

/** What estimates are made from. */
export interface EstimateBasis {
  readonly settings: Pick<Settings, "prove" | "rebuild" | "s3Export" | "snapshotRetention" | "copyTo" | "refresh">;
  readonly prices: PriceTable;
  /** The report of an earlier run. */
  readonly earlier?: RunReport;
}

type Restored = NonNullable<SourceOutcome["restored"]>;

/** The report with an estimate of each source whose instance class is known. */
export function withEstimates(report: RunReport, basis: EstimateBasis): RunReport {
  const sources = report.sources.map((source): SourceOutcome => {
    const estimate = estimateOf(source, report, basis);
    return estimate ? { ...source, estimate } : source;
  });
  return { ...report, sources };
}

/** Of a whole run, also where this one was for less; from what was known before the first change. */
function estimateOf(
  source: SourceOutcome,
  { aws, dryRun }: RunReport,
  { settings, prices, earlier: report }: EstimateBasis,
): EstimateReport | undefined {
  const { restored } = source;
  if (restored?.instanceClass === undefined) return undefined;
  const expected = expectedTimes(settings, restored, tableBytes(source), earlierRun(report, source.requested));
  const { data, by } = expected;
  const phases = expected.phases.map((one) => {
    const took = dryRun ? undefined : tookOf(source, one.phase);
    return { ...one, ...(took !== undefined && { took }) };
  });
  return {
    by,
    seconds: phases.reduce((sum, { seconds }) => sum + seconds, 0),
    phases,
    currency: prices.currency,
    prices: `${prices.date}, ${prices.source}`,
    costs: costsOf(source, restored, data, phases, { region: aws?.region, settings, prices }),
  };
}

/** What is expected of a whole run. */
export interface ExpectedTimes {
  readonly phases: EstimateReport["phases"];
  readonly data: DataSize;
  /** What the times are taken from. */
  readonly by: string;
}

/** What is expected of a whole run on a machine. `known`: bytes of the tables, 0 where they are not known. */
export function expectedTimes(
  settings: Omit<EstimateBasis["settings"], "snapshotRetention">,
  machine: Machine,
  known: number,
  earlier: EarlierRun | undefined,
): ExpectedTimes {
  const data = dataSize(known, earlier, machine.allocatedStorage);
  const measured = earlier && isComparable(earlier.machine, machine) ? earlier : undefined;
  const wanted = estimatePhases({ ...settings, dryRun: false, planOnly: false }, measured);
  const phases = phaseTimes(wanted, data, machine, measured?.machine);
  return { phases, data, by: basisText(data, machine, measured) };
}

function dataSize(known: number, earlier: EarlierRun | undefined, allocatedStorage: number | undefined): DataSize {
  const before = earlier?.bytes ?? 0;
  const tables = known || before;
  const bytes = tables || (allocatedStorage === undefined ? undefined : allocatedStorage * GIB);
  return { bytes, atMost: tables === 0, earlier: before };
}

function tookOf({ phases }: SourceOutcome, phase: string): number | undefined {
  const ended = phases.flatMap((one) =>
    one.phase === phase && one.ended !== undefined ? [one.ended - one.started] : []
  );
  return ended.length === 0 ? undefined : ended.reduce((sum, time) => sum + time, 0) / 1000;
}

function basisText(
  { bytes, atMost, earlier: before }: DataSize,
  { instanceClass = "" }: Machine,
  earlier: EarlierRun | undefined,
): string {
  const size = bytes === undefined ? "data of unknown size" : `${atMost ? "at most " : ""}${sizeText(bytes)} of data`;
  if (!earlier?.phases.some(({ phase, ended }) => phase === "scrub" && ended !== undefined)) {
    const volume = atMost && bytes !== undefined ? ": only the size of the volume is known" : "";
    return `RDS's usual times and rates measured on two processors, scaled to ${instanceClass}, for ${size}${volume}`;
  }
  const scaled = before > 0 && bytes !== undefined && bytes !== before ? `, from ${sizeText(before)} to ${size}` : "";
  const other = earlier.machine.instanceClass;
  const differs = other !== undefined && other !== instanceClass ? `, scaled from ${other} to ${instanceClass}` : "";
  return `the times of the run of ${earlier.started}${differs}${scaled}`;
}

/** While these last, the instance is paid for. RDS User Guide, On-Demand DB instances: from available until it is deleted. */
const paidPhases: readonly string[] = [
  "discover",
  "plan",
  "scrub",
  "verify",
  "export",
  "purge",
  "rebuild",
  "snapshot",
  "prove",
];

/** With a rebuild: while these last, the fresh instance is paid for; the restored one until it is filled. */
const freshPhases: readonly string[] = ["rebuild", "snapshot", "prove"];

/** The least that is paid for, in seconds. Same source. */
const leastPaid = 600;
const hoursOfMonth = 730;

function costsOf(
  { engine, product }: Pick<SourceOutcome, "engine" | "product">,
  { instanceClass = "", storageType = "", allocatedStorage }: Restored,
  { bytes, atMost }: DataSize,
  phases: EstimateReport["phases"],
  { region = "", settings: { snapshotRetention: kept, copyTo = [], rebuild }, prices }: {
    readonly region: string | undefined;
    readonly settings: EstimateBasis["settings"];
    readonly prices: PriceTable;
  },
): readonly Cost[] {
  const ended = phases.some(({ phase, took }) => phase === "snapshot" && took !== undefined);
  const hours = (seconds: number) => Math.max(leastPaid, seconds) / 3600;
  const hoursOf = (names: readonly string[]) => {
    const paid = phases.filter(({ phase }) => names.includes(phase));
    return {
      expected: hours(paid.reduce((sum, { seconds }) => sum + seconds, 0)),
      ...(ended && { actual: hours(paid.reduce((sum, { took = 0 }) => sum + took, 0)) }),
    };
  };
  const restored = hoursOf(
    paidPhases.filter((phase) => rebuild === undefined || phase === "rebuild" || !freshPhases.includes(phase)),
  );
  const instances = [
    { which: "", most: "", ...restored },
    ...(rebuild === undefined ? [] : [{ which: " of the fresh instance", most: "at most ", ...hoursOf(freshPhases) }]),
  ];
  const local = prices.regions[region];
  const of = { engine, product, aurora: storageType.startsWith("aurora") };
  const hourly = hourlyPrices(prices, { region, ...of })[instanceClass];
  const volume = local?.storage[storageType];
  const lasting = (
    perHour: number | undefined,
    { expected, actual }: { readonly expected: number; readonly actual?: number },
  ): Partial<Cost> =>
    perHour === undefined
      ? {}
      : { expected: money(perHour * expected), ...(actual !== undefined && { actual: money(perHour * actual) }) };
  const unknown = (price: number | undefined, what: string) =>
    price === undefined ? { unknown: `the table has no price of ${what} in ${region || "an unknown region"}` } : {};
  const provisioned = /^io\d/.test(storageType) ? { unknown: "without provisioned IOPS" } : {};
  const stored = bytes === undefined ? undefined : bytes / GIB;
  const all = kept === 0 ? 1 : kept;
  const copies = stored === undefined ? [] : copyTo.map((target) => {
    const price = prices.regions[target.region]?.snapshots;
    return {
      what: `${kept === 0 ? "each kept copy" : `${kept} kept copies`} of it in ${target.region}, without the transfer`,
      monthly: true,
      ...(price !== undefined && { expected: money(price * stored * all) }),
      ...(price === undefined && { unknown: `the table has no price of backup storage in ${target.region}` }),
    };
  });
  return [
    ...instances.flatMap(({ which, most, ...times }): readonly Cost[] => [
      {
        what: `${instanceClass}${which} for ${times.expected.toFixed(1)} hours`,
        monthly: false,
        ...lasting(hourly, times),
        ...unknown(hourly, `${instanceClass} with ${pricedAs(of)}`),
      },
      ...(allocatedStorage === undefined ? [] : [{
        what: `${most}${allocatedStorage} GiB of ${storageType} for as long`,
        monthly: false,
        ...lasting(volume === undefined ? undefined : volume * allocatedStorage / hoursOfMonth, times),
        ...provisioned,
        ...unknown(volume, storageType),
      }]),
    ]),
    ...(stored === undefined ? [] : [{
      what: `${kept === 0 ? "each kept snapshot" : `${kept} kept snapshots`} of ${atMost ? "at most" : "about"} ${
        stored.toFixed(1)
      } GiB, without AWS's free backup storage`,
      monthly: true,
      ...(local?.snapshots !== undefined && { expected: money(local.snapshots * stored * all) }),
      ...unknown(local?.snapshots, "backup storage"),
    }]),
    ...copies,
  ];
}

/** To a hundredth of a cent. */
function money(amount: number): number {
  return Math.round(amount * 10_000) / 10_000;
}
