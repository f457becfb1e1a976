/** What the local RDS was asked and what it answered. @module */

/** One call. */
export interface Entry {
  readonly at: Date;
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that no action looked at. */
  readonly ignored: readonly string[];
  /** `ok`, an error's code, or the fault that took the answer: `lost-before`, `lost-after`, `silent` … */
  readonly outcome: string;
  /** Access key that the call was signed with; absent: it was not signed. */
  readonly caller?: string;
}

/** All calls, in the order of their answers; and what should never have been tried. */
export class Journal {
  readonly #entries: Entry[] = [];
  readonly #violations: string[] = [];

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** A change of production was tried. */
  violation(text: string): void {
    this.#violations.push(text);
  }

  /** The calls, or those of one action. */
  calls(action?: string): readonly Entry[] {
    return this.#entries.filter((entry) => action === undefined || entry.action === action);
  }

  /** Names of the actions called, in order, without those that only read. */
  changes(): readonly string[] {
    return this.#entries.map(({ action }) => action).filter((action) => !/^(kms:)?(Describe|List|Get)/.test(action));
  }

  violations(): readonly string[] {
    return this.#violations;
  }
}
