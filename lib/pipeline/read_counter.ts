/** Counts for the report what the server reads from its files in each phase. @module */

import type { Session } from "../engine/engine.ts";
import type { DatabasesRun } from "./run.ts";

/** Counts from its making on. */
export class ReadCounter {
  readonly #run: Pick<DatabasesRun, "engine" | "report">;
  readonly #session: Session;
  #before: number;

  private constructor(run: Pick<DatabasesRun, "engine" | "report">, session: Session, before: number) {
    this.#run = run;
    this.#session = session;
    this.#before = before;
  }

  /** `session`: on any database of the server. */
  static async start(run: Pick<DatabasesRun, "engine" | "report">, session: Session): Promise<ReadCounter> {
    return new ReadCounter(run, session, await run.engine.bytesRead(session));
  }

  /** Reports what was read since the last call for a phase that ends. `dataBytes`: how much data there was before the first change. */
  async end(phase: string, dataBytes: number): Promise<void> {
    const { engine, report } = this.#run;
    const now = await engine.bytesRead(this.#session);
    const bytes = Math.max(0, now - this.#before);
    report.set({ reads: { dataBytes, phases: [...report.report.reads?.phases ?? [], { phase, bytes }] } });
    this.#before = now;
  }
}
