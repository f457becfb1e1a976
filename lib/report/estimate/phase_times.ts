/**
 * How long phases take on an instance class.
 *
 * Rates were measured on two processors with fast storage. From there `plan`, `scrub` and `verify`, which a run shares between sessions,
 * scale with the processors, up to the 16 statements that it has at a time, but never pass their data faster than the slower of
 * volume and class does. `purge` is mostly logs of a fixed size, and everything else is RDS's own work or one stream to elsewhere: these
 * take the same on every class. The times of an earlier run on another class are multiplied by the ratio of what this gives for both.
 *
 * How far to trust it: restores, snapshots and the size of the data decide most runs, and the scaling is a rule of proportion, not
 * measured beyond two processors. Memory is left out, since each phase reads its data once. So is that blocks of a restored
 * volume come from S3 when they are first read, which readers ahead make up for as far as the class has bandwidth.
 *
 * @module
 */

import type { EstimateReport } from "../../core/estimate.ts";
import { bandwidthOf, processorsOf, statementsOn } from "../../core/instance_class.ts";
import type { Phase } from "../../core/progress.ts";
import { throughputOf, type Volume } from "../../core/storage.ts";
import { growsWithData, type PhaseEstimate, usualBytesPerSecond } from "../display/overall_progress.ts";

/** What a workspace is. */
export interface Machine extends Volume {
  readonly instanceClass?: string;
}

/** How much data there is, in bytes. */
export interface DataSize {
  readonly bytes: number | undefined;
  /** Whether it is the volume's size, and there may be less. */
  readonly atMost: boolean;
  /** What the earlier run had; 0: not known. */
  readonly earlier: number;
}

/** How often a phase that is shared between sessions passes its data: the scrub reads it, writes it, and writes the log of that. */
const passes: Readonly<Partial<Record<Phase, number>>> = { plan: 1, scrub: 3, verify: 1 };

/** Those of the machine that the rates were measured on. */
const measuredProcessors = 2;

/** Whether times that were measured on a machine tell of another one: it is of the same class, or both classes tell what they have. */
export function isComparable({ instanceClass: before }: Machine, { instanceClass }: Machine): boolean {
  if (before === undefined || instanceClass === undefined || before === instanceClass) return true;
  return [before, instanceClass].every((one) => processorsOf(one) !== undefined);
}

/** Seconds of each phase on a machine. `before`: the machine of the earlier run that times were measured by, comparable with this one. */
export function phaseTimes(
  estimates: readonly PhaseEstimate[],
  data: DataSize,
  machine: Machine,
  before: Machine | undefined,
): EstimateReport["phases"] {
  return estimates.map((estimate) => {
    const seconds = secondsOf(estimate, data, machine, before);
    return { phase: estimate.phase, seconds: Math.round(seconds * 10) / 10 };
  });
}

function secondsOf(
  { phase, seconds, bytesPerSecond }: PhaseEstimate,
  { bytes = 0, earlier, atMost }: DataSize,
  machine: Machine,
  before: Machine | undefined,
): number {
  if (bytesPerSecond !== undefined) return seconds + bytes * secondsPerByte(phase, machine);
  if (!growsWithData(phase)) return seconds;
  // Measured by the earlier run, with its data.
  const more = earlier > 0 && !atMost ? bytes / earlier : 1;
  const scalable = [machine, before].every((one) => processorsOf(one?.instanceClass) !== undefined);
  const slower = before && scalable ? secondsPerByte(phase, machine) / secondsPerByte(phase, before) : 1;
  return seconds * more * slower;
}

/** For a phase that grows with the data. A machine of which nothing is known is like the one that was measured on. */
function secondsPerByte(phase: Phase, machine: Machine): number {
  const usual = 1 / usualBytesPerSecond(phase);
  const { instanceClass } = machine;
  const often = passes[phase];
  const processors = processorsOf(instanceClass);
  if (often === undefined || instanceClass === undefined || processors === undefined) return usual;
  const computing = usual * measuredProcessors / statementsOn(processors);
  // The storage of Aurora is none of the class's volumes.
  const bandwidth = machine.storageType?.startsWith("aurora") ? undefined : bandwidthOf(instanceClass);
  const throughput = Math.min(bandwidth ?? Infinity, throughputOf(machine) ?? Infinity);
  return Math.max(computing, often / throughput);
}
