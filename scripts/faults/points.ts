/** Places in a run that every run has, however often it asks the same thing in a row. @module */

import { tag } from "../../lib/rds/api/names.ts";
import type { Fault } from "../local_rds/faults.ts";
import type { LocalRds } from "../local_rds/local_rds.ts";

/**
 * The place of a call: it belongs to the `stretch`th stretch of calls of one action, and is the first one in it. A wait that
 * asks ten times or twenty is one stretch; its second call is like its first.
 */
export interface Place {
  readonly stretch: number;
}

type Parameters = Readonly<Record<string, string>>;

/** Counts stretches from now on. */
export class Stretches {
  #last = "";
  #stretch = 0;
  #within = 0;

  /** Tells the place of the next call: which stretch, and which call in it. */
  next(action: string, parameters: Parameters): { readonly stretch: number; readonly within: number } {
    // Heartbeats come when they come.
    if (parameters["Tags.Tag.1.Key"] === tag.heartbeat) return { stretch: 0, within: 0 };
    if (action !== this.#last) {
      this.#stretch++;
      this.#within = 0;
    }
    this.#last = action;
    return { stretch: this.#stretch, within: ++this.#within };
  }
}

/** What was done at a place. */
export interface Reached {
  /** The action there; absent while no call came there. */
  action?: string;
}

/** Lets the first `times` calls at a place fail. */
export function failAt(rds: LocalRds, place: Place, what: Fault, times: number): Reached {
  const stretches = new Stretches();
  const reached: Reached = {};
  rds.faults.chooser = (action, parameters) => {
    const { stretch, within } = stretches.next(action, parameters);
    if (stretch !== place.stretch || within > times) return undefined;
    reached.action = action;
    return what;
  };
  return reached;
}

/** Calls `act` at a place, once, before or after the call takes effect. */
export function actAt(
  rds: LocalRds,
  place: Place,
  when: "before" | "after",
  act: () => void | Promise<void>,
): Reached {
  const stretches = new Stretches();
  const reached: Reached = {};
  let stretch = 0;
  rds.faults.watcher = async (boundary) => {
    if (boundary.parameters["Tags.Tag.1.Key"] === tag.heartbeat) return;
    if (boundary.when === "before") ({ stretch } = stretches.next(boundary.action, boundary.parameters));
    if (boundary.when !== when || stretch !== place.stretch || reached.action !== undefined) return;
    reached.action = boundary.action;
    await act();
  };
  return reached;
}

/** Nothing fails any more. */
export function heal(rds: LocalRds): void {
  rds.faults.chooser = undefined;
  rds.faults.watcher = undefined;
}
