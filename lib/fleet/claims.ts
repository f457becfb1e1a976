/** Decides which source gets which workspace, before anything is created. @module */

import type { SourceRequest } from "../core/settings.ts";
import { type Failure, failure } from "../core/errors.ts";

/** The answer to a claim: a failure refuses it. */
export type Verdict = { readonly granted: true } | { readonly granted: false; readonly failure: Failure };

interface Claim {
  readonly request: SourceRequest;
  readonly workspace: string;
  readonly resolve: (verdict: Verdict) => void;
}

/**
 * Gathers the claims of all sources and answers when each has claimed or dropped out. Sources that claim the same workspace are
 * all refused: only the operator knows which was meant.
 */
export class Claims {
  #outstanding: number;
  readonly #claims: Claim[] = [];

  constructor(sources: number) {
    this.#outstanding = sources;
  }

  /** Claims a workspace; resolves when all sources are known. Once a source. */
  claim(request: SourceRequest, workspace: string): Promise<Verdict> {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    this.#claims.push({ request, workspace, resolve });
    this.#arrive();
    return promise;
  }

  /** A source ended before it claimed anything. */
  dropOut(): void {
    this.#arrive();
  }

  #arrive(): void {
    this.#outstanding--;
    if (this.#outstanding > 0) return;
    for (const claim of this.#claims) {
      const rivals = this.#claims.filter((other) => other !== claim && other.workspace === claim.workspace);
      claim.resolve(rivals.length === 0 ? { granted: true } : { granted: false, failure: conflict(claim, rivals) });
    }
  }
}

function conflict(claim: Claim, rivals: readonly Claim[]): Failure {
  const others = rivals.map(({ request }) => named(request)).join(" and ");
  return failure(
    "occupied",
    `Cannot scrub ${named(claim.request)}: ${others} ${rivals.length === 1 ? "has" : "have"} the same ` +
      `workspace "${claim.workspace}"`,
    "Name each source once: only one of them can be scrubbed in a run.",
  );
}

function named({ engine, kind, value }: SourceRequest): string {
  return `"${value}" (--${engine}-${kind}s)`;
}
