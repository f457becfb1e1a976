/** The calls that the local RDS received, with their outcomes. @module */

/** One call. */
export interface LoggedCall {
  readonly at: Date;
  readonly action: string;
  /** The region that it was signed for. */
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that the action did not read. */
  readonly ignored: readonly string[];
  /** `ok`, an error's code, or the injected fault: `lost-before`, `lost-after`, `silent` … */
  readonly outcome: string;
  /** Access key of the signature; absent: unsigned. */
  readonly caller?: string;
}

/** All calls, in the order of their answers, and attempts to change production. */
export class CallLog {
  readonly #calls: LoggedCall[] = [];
  readonly #violations: string[] = [];

  add(call: LoggedCall): void {
    this.#calls.push(call);
  }

  /** Adds an attempt to change production. */
  violation(text: string): void {
    this.#violations.push(text);
  }

  /** The calls, or those of one action. */
  calls(action?: string): readonly LoggedCall[] {
    return this.#calls.filter((call) => action === undefined || call.action === action);
  }

  /** Names of the actions called, in order, without reads. */
  changes(): readonly string[] {
    return this.#calls.map(({ action }) => action).filter((action) => !/^(kms:)?(Describe|List|Get)/.test(action));
  }

  violations(): readonly string[] {
    return this.#violations;
  }
}
