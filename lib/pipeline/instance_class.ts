/** The workspace's instance class: chosen, where the operator asks for that, and held against when the final snapshot should exist. @module */

import { ScrubError } from "../core/errors.ts";
import type { ClassChoice, FinishReport } from "../core/estimate.ts";
import { finishMoment } from "../core/finish_by.ts";
import { phase as phases } from "../core/progress.ts";
import { automaticClass, type Settings, type WorkspaceOverrides } from "../core/settings.ts";
import { GIB } from "../core/storage.ts";
import type { Rds } from "../rds/api/client.ts";
import { candidateClasses } from "../rds/source/class_candidates.ts";
import type { Source } from "../rds/source/source.ts";
import { chooseClass } from "../report/estimate/choose_class.ts";
import type { RunEstimates } from "../report/estimate/earlier_run.ts";
import { expectedTimes } from "../report/estimate/estimate.ts";
import type { Machine } from "../report/estimate/phase_times.ts";
import { builtInPrices, hourlyPrices } from "../report/estimate/prices.ts";

/** What a choice depends on. */
export interface ClassOptions {
  readonly settings: Pick<Settings, "prove" | "rebuild" | "s3Export" | "copyTo" | "kmsKey">;
  /** What the operator says of the source's workspace. */
  readonly overrides: Pick<WorkspaceOverrides, "finishBy">;
  readonly estimates: RunEstimates;
  /** The values of the parameter group; absent: they are not known. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** When the run began. */
  readonly started: Date;
}

/** The source, with the class to restore with. */
export interface ChosenClass {
  readonly source: Source;
  readonly classChoice?: ClassChoice;
  readonly finishBy?: FinishReport;
  readonly warnings: readonly string[];
}

/**
 * Chooses the instance class where it is to be chosen, and says when the final snapshot is expected where the operator says when it should
 * exist. Only reads.
 *
 * @throws {ScrubError} `size` where there is none to choose from, or nothing to choose by.
 * @throws {RdsError} if AWS refuses to say which classes it offers.
 */
export async function chooseInstanceClass(
  rds: Rds,
  source: Source,
  options: ClassOptions,
  signal: AbortSignal,
): Promise<ChosenClass> {
  const { finishBy } = options.overrides;
  const by = finishBy && finishMoment(finishBy, options.started);
  const classChoice = source.restore.instanceClass === automaticClass
    ? await choose(rds, source, by, options, signal)
    : undefined;
  const chosen = classChoice === undefined
    ? source
    : { ...source, restore: { ...source.restore, instanceClass: classChoice.chosen.instanceClass } };
  const machine = machineOf(chosen);
  const expected = by && new Date(options.started.getTime() + 1000 * secondsToSnapshot(machine, options));
  return {
    source: chosen,
    warnings: by && isDataUnknown(machine, options)
      ? [`--finish-by: ${unknownData}: the run takes longer than is expected of it`]
      : [],
    ...(classChoice && { classChoice }),
    ...(by && expected && { finishBy: { by: by.toISOString(), expected: expected.toISOString() } }),
  };
}

async function choose(
  rds: Rds,
  source: Source,
  by: Date | undefined,
  options: ClassOptions,
  signal: AbortSignal,
): Promise<ClassChoice> {
  const { settings, estimates: { prices = builtInPrices(), earlier }, parameters, started } = options;
  const { engine, rdsEngine, deployment, snapshot } = source;
  const region = await rds.region(signal);
  const product = rdsEngine === "mariadb" ? rdsEngine : undefined;
  const hourly = hourlyPrices(prices, { region, engine, product, aurora: deployment === "cluster" });
  const priced = Object.keys(hourly);
  if (priced.length === 0) {
    throw cannotChoose(
      source,
      `the prices of ${prices.date} have no class for ${rdsEngine} in ${region}`,
      "Give a table that has some by --prices, or name a class by --instance-class.",
    );
  }
  const machine = machineOf(source);
  if (isDataUnknown(machine, options)) {
    throw cannotChoose(
      source,
      unknownData,
      "Name a class for the first run by --instance-class, with --report; the next ones choose by that report, or by --previous.",
    );
  }
  const offers = await rds.classOffers({ engine: rdsEngine, engineVersion: snapshot.engineVersion }, signal);
  const encrypted = snapshot.encrypted || settings.kmsKey !== undefined;
  const { fit, unfit } = candidateClasses(priced, source, { offers, encrypted, ...(parameters && { parameters }) });
  if (fit.length === 0) {
    throw cannotChoose(
      source,
      `none of the ${priced.length} classes with a price does, ${
        unfit.map(({ instanceClass, why }) => `${instanceClass}: ${why}`).join("; ")
      }`,
      "Give a table of prices with larger or newer classes by --prices, or name a class by --instance-class.",
    );
  }
  const classes = fit.map((instanceClass) => ({
    instanceClass,
    seconds: secondsToSnapshot({ ...machine, instanceClass }, options),
    perHour: hourly[instanceClass] ?? 0,
  }));
  const found = chooseClass(classes, by && (by.getTime() - started.getTime()) / 1000);
  const chosen = { ...machine, instanceClass: found.chosen.instanceClass };
  return { ...found, currency: prices.currency, by: expectedTimes(settings, chosen, 0, earlier).by };
}

const unknownData = "RDS does not say how much data a cluster has, and no earlier report does";

function isDataUnknown(machine: Machine, { settings, estimates: { earlier } }: ClassOptions): boolean {
  return expectedTimes(settings, machine, 0, earlier).data.bytes === undefined;
}

/** The phases behind the final snapshot, of which `prove` says that it is one. */
const behind = phases.options.slice(phases.options.indexOf("share"));

/** How long a whole run is expected to take until the final snapshot exists, also where only a plan is wanted. */
function secondsToSnapshot(
  machine: Machine,
  { settings, estimates: { earlier } }: Pick<ClassOptions, "settings" | "estimates">,
): number {
  return expectedTimes(settings, machine, 0, earlier).phases
    .filter(({ phase }) => !behind.some((one) => one === phase))
    .reduce((sum, { seconds }) => sum + seconds, 0);
}

/** What the source's workspace is. */
export function machineOf({ restore, snapshot, deployment }: Source): Machine & { readonly instanceClass: string } {
  const { instanceClass, storageThroughput } = restore;
  const storageType = restore.storageType ?? (deployment === "cluster" ? "aurora" : undefined);
  const storage = restore.allocatedStorage ??
    (snapshot.storageBytes === undefined ? undefined : snapshot.storageBytes / GIB);
  return {
    instanceClass,
    ...(storageType !== undefined && { storageType }),
    ...(storage !== undefined && { allocatedStorage: storage }),
    ...(storageThroughput !== undefined && { storageThroughput }),
  };
}

function cannotChoose({ name }: Source, why: string, hint: string): ScrubError {
  return new ScrubError("size", `Cannot choose an instance class for "${name}": ${why}`, hint);
}
