/** How far a source is over all its phases, and how long it will still take. @module */

import type { RunReport } from "../../core/report.ts";
import { type Phase, phase as phases } from "../../core/progress.ts";
import type { Settings } from "../../core/settings.ts";

/** A phase of a source, and how long it should take, in seconds. */
export interface PhaseEstimate {
  readonly phase: Phase;
  /** Before the size of the data is known, and without any that depends on it. */
  readonly seconds: number;
  /** Bytes of data that pass in a second; absent: the time does not depend on them. */
  readonly bytesPerSecond?: number;
}

/** Where a source is. */
export interface Overall {
  /** 0 to 1; it never falls. */
  readonly share: number;
  /** Milliseconds to the end; undefined before the first phase. */
  readonly rest?: number;
  /** Number of the phase, from 1. */
  readonly at: number;
  /** Number of phases. */
  readonly of: number;
}

/** Without an earlier report: RDS's usual times, and the slower engine's on two processors. Only the proportions matter much. */
const usual: Readonly<Record<Phase, Omit<PhaseEstimate, "phase">>> = {
  resolve: { seconds: 5 },
  restore: { seconds: 900 },
  discover: { seconds: 5 },
  plan: { seconds: 10, bytesPerSecond: 100e6 },
  scrub: { seconds: 10, bytesPerSecond: 40e6 },
  verify: { seconds: 10, bytesPerSecond: 100e6 },
  export: { seconds: 10, bytesPerSecond: 50e6 },
  purge: { seconds: 60, bytesPerSecond: 500e6 },
  // An empty instance, a dump, a load that builds the indexes, and a verification.
  rebuild: { seconds: 600, bytesPerSecond: 20e6 },
  snapshot: { seconds: 600 },
  prove: { seconds: 1200 },
  share: { seconds: 5 },
  copy: { seconds: 900, bytesPerSecond: 50e6 },
  // A restore, a first backup where the instance has backups, and two renames, each with a restart.
  refresh: { seconds: 2400 },
  prune: { seconds: 5 },
};

/** Whether a phase takes the longer, the more data there is. */
export function growsWithData(phase: Phase): boolean {
  return usual[phase].bytesPerSecond !== undefined;
}

/** How much data passes in a second of a phase that grows with it, without an earlier report; infinitely much in another one. */
export function usualBytesPerSecond(phase: Phase): number {
  return usual[phase].bytesPerSecond ?? Infinity;
}

/** Taken for the size of a source's data until it is known. */
const usualBytes = 10e9;

/** A phase that says nothing of its share comes close to its end, and no closer than this. */
const mostUnknown = 0.95;

/** How far the real times of earlier phases may move the expected times of later ones. */
const scales = { least: 0.001, most: 20 } as const;

/** The phases of a scrub in place, which has no workspace. */
const inPlacePhases: readonly Phase[] = ["discover", "plan", "scrub", "verify", "purge"];

/** The phases of a run with these settings, with times from an earlier report of the source that did the same, if there is one. */
export function estimatePhases(
  settings: Pick<Settings, "dryRun" | "planOnly" | "prove" | "rebuild" | "s3Export" | "copyTo" | "refresh"> & {
    readonly inPlace?: boolean;
  },
  earlier?: Pick<RunReport["sources"][number], "phases" | "failure">,
): readonly PhaseEstimate[] {
  const last = settings.dryRun ? "resolve" : settings.planOnly ? "plan" : "prune";
  const wanted = phases.options.slice(0, phases.options.indexOf(last) + 1).filter((phase) =>
    settings.inPlace
      ? inPlacePhases.includes(phase)
      : phase === "export"
      ? settings.s3Export !== undefined
      : phase === "purge"
      ? settings.rebuild === undefined
      : phase === "rebuild"
      ? settings.rebuild !== undefined
      : phase === "prove"
      ? settings.prove === true
      : phase === "copy"
      ? (settings.copyTo ?? []).length > 0
      : phase === "refresh"
      ? settings.refresh !== undefined
      : true
  );
  const usable = earlier?.failure === undefined ? earlier?.phases ?? [] : [];
  return wanted.map((phase) => {
    const took = usable.filter((one) => one.phase === phase && one.ended !== undefined);
    if (took.length === 0) return { phase, ...usual[phase] };
    const seconds = took.reduce((sum, { started, ended = started }) => sum + (ended - started) / 1000, 0);
    return { phase, seconds };
  });
}

/** From a smaller share nothing can be told. */
const leastShare = 0.001;

/** A share of a phase that was done in so many seconds. */
interface MeasuredShare {
  readonly share: number;
  readonly seconds: number;
}

/** Follows one source. Times in milliseconds on any clock. */
export class OverallProgress {
  readonly #estimates: readonly PhaseEstimate[];
  /** Seconds that ended phases took. */
  readonly #took = new Map<Phase, number>();
  #bytes = usualBytes;
  #current: { readonly phase: Phase; readonly since: number; measured?: MeasuredShare } | undefined;
  #shown = 0;

  constructor(estimates: readonly PhaseEstimate[]) {
    this.#estimates = estimates;
  }

  /** A phase begins, and the one before ends; `bytes`: how much data the source has, once that is known. */
  begin(phase: Phase, time: number, bytes?: number): void {
    if (this.#current) {
      const { phase: ended, since } = this.#current;
      this.#took.set(ended, (this.#took.get(ended) ?? 0) + Math.max(0, (time - since) / 1000));
    }
    if (bytes !== undefined) this.#bytes = bytes;
    this.#current = { phase, since: time };
  }

  /** The current phase has done so much of its work. */
  take(share: number | undefined, time: number): void {
    if (this.#current && share !== undefined && share >= leastShare) {
      const seconds = Math.max(0, (time - this.#current.since) / 1000);
      this.#current.measured = { share: Math.min(1, share), seconds };
    }
  }

  /** Where the source is at a time. */
  at(time: number): Overall {
    const of = this.#estimates.length;
    if (!this.#current) return { share: this.#shown, at: 0, of };
    const at = this.#estimates.findIndex(({ phase }) => phase === this.#current?.phase);
    const left = this.#estimates.slice(at + 1).reduce((sum, one) => sum + this.#expected(one), 0);
    const passed = [...this.#took.values()].reduce((sum, seconds) => sum + seconds, 0);
    const { now, rest } = this.#inPhase(this.#estimates[at], time);
    const total = passed + now + rest + left;
    this.#shown = Math.max(this.#shown, total > 0 ? (passed + now) / total : 0);
    return { share: this.#shown, rest: 1000 * (rest + left), at: at + 1, of };
  }

  /** Seconds of the current phase: those that have passed, and those that are expected. */
  #inPhase(estimate: PhaseEstimate | undefined, time: number): { readonly now: number; readonly rest: number } {
    if (!this.#current) return { now: 0, rest: 0 };
    const { since, measured } = this.#current;
    const now = Math.max(0, (time - since) / 1000);
    const expected = estimate ? this.#expected(estimate) : 0;
    if (!measured) return { now, rest: Math.max(expected - now, expected * (1 - mostUnknown)) };
    // Its own rate counts the more, the more of it is done, and alone from a fifth on.
    const byRate = Math.max(0, measured.seconds / measured.share - now);
    const weight = Math.min(1, 5 * measured.share);
    return { now, rest: weight * byRate + (1 - weight) * (expected > now ? expected - now : byRate) };
  }

  /** A phase's seconds, by the estimate, and by how right it was about ended phases of the same kind. */
  #expected(estimate: PhaseEstimate): number {
    const alike = this.#estimates.filter((one) =>
      this.#took.has(one.phase) && (one.bytesPerSecond === undefined) === (estimate.bytesPerSecond === undefined)
    );
    const foreseen = alike.reduce((sum, one) => sum + this.#foreseen(one), 0);
    const took = alike.reduce((sum, { phase }) => sum + (this.#took.get(phase) ?? 0), 0);
    const scale = foreseen < 1 ? 1 : Math.min(scales.most, Math.max(scales.least, took / foreseen));
    return this.#foreseen(estimate) * scale;
  }

  #foreseen({ seconds, bytesPerSecond }: PhaseEstimate): number {
    return seconds + (bytesPerSecond === undefined ? 0 : this.#bytes / bytesPerSecond);
  }
}
