/** One case of a matrix: a run that something happens to, its end, a healthy run after it, and what is left then. @module */

import type { LocalRds } from "../local_rds/local_rds.ts";
import { endOf, type GoodEnd, orphans, type Said, standing } from "./ends.ts";

/** A case and its result. */
export interface Case {
  readonly matrix: "calls" | "statements" | "kills" | "soak";
  /** Which call or statement, such as `12 DeleteDBInstance`. */
  readonly at: string;
  readonly what: string;
  readonly end?: GoodEnd;
  /** What must not be; absent: all is well. */
  readonly bad?: string;
}

/**
 * Runs a case; `undefined` where the run got through without coming to the place.
 *
 * @throws {Error} if the run failed without coming there.
 */
export async function runCase(
  rds: LocalRds,
  matrix: Case["matrix"],
  what: string,
  work: {
    /** The run that something happens to. */
    readonly faulty: () => Promise<Said>;
    /** Where it happened; undefined: nowhere. */
    readonly at: () => string | undefined;
    /** The healthy run after it. */
    readonly healthy: () => Promise<Said>;
  },
): Promise<Case | undefined> {
  rds.forgetCopies();
  const before = standing(rds);
  const said = await work.faulty();
  const at = work.at();
  if (at === undefined) {
    if (said.text === undefined) return undefined;
    throw new Error(
      `Cannot tell whether a run comes to the place (${matrix}, ${what}): it failed before: ${said.text}`,
    );
  }
  const end = await endOf(rds, before, said);
  rds.forgetCopies();
  const again = standing(rds);
  const next = await work.healthy();
  const nextEnd = await endOf(rds, again, next);
  const left = await orphans(rds);
  const problems = [
    ...("bad" in end ? [end.bad] : []),
    ...("bad" in nextEnd ? [`the healthy run: ${nextEnd.bad}`] : []),
    ...("good" in nextEnd && nextEnd.good !== "shared"
      ? [`the healthy run came to "${nextEnd.good}": ${next.text}`]
      : []),
    ...left.map((name) => `after the healthy run there is still ${name}`),
  ];
  return {
    matrix,
    at,
    what,
    ...("good" in end && { end: end.good }),
    ...(problems.length > 0 && { bad: problems.join("; ") }),
  };
}
