/** The one error class: what could not be done and why, a hint, and a kind that becomes the exit status. @module */

/**
 * Why a run or a source failed. Main turns kinds into exit statuses:
 * `failed` 1, `usage` 2, `refused` (coverage or verification) 3, `leftovers` (something stays in AWS) 4,
 * `interrupted` 130 or 143.
 */
export const failureKinds = ["failed", "usage", "refused", "leftovers", "interrupted"] as const;

/** One of {@linkcode failureKinds}. */
export type FailureKind = typeof failureKinds[number];

/** An error for people. Message: `Cannot <do what>: <why>`; hint: an instruction. Neither holds data or secrets. */
export class ScrubError extends Error {
  override readonly name = "ScrubError";

  constructor(readonly kind: FailureKind, message: string, readonly hint: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** A failure as plain data, fit to cross from a worker to main. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly hint: string;
  /** What else went wrong on the way out, such as a clean-up that failed. */
  readonly also: readonly Failure[];
}
