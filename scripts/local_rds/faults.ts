/** Injects faults: which call fails, and how. @module */

/** How a call fails. */
export type Fault =
  /** 400 Throttling, 500 InternalFailure, 503 ServiceUnavailable, 403 AccessDenied, 403 ExpiredToken: without effect. */
  | "throttle"
  | "500"
  | "503"
  | "access-denied"
  | "expired-token"
  /** The connection breaks in the middle of the answer; the call had no effect, or had it. */
  | "lost-before"
  | "lost-after"
  /** The connection is closed without an answer; the HTTP client may repeat the call by itself. */
  | "closed-before"
  | "closed-after"
  /** No answer. */
  | "silent"
  /** 200 with an empty body, without effect. */
  | "empty"
  /** Any other error of RDS, by its code on the wire. */
  | { readonly code: string; readonly message?: string; readonly status?: number }
  /** The call succeeds, but the instance or snapshot that it makes or changes ends in this status. */
  | { readonly ends: string };

/** Which calls fail. */
export interface FaultRule {
  /** `*`: every action of RDS. */
  readonly action: string;
  /** The first call of the action that fails; 1, the default: the next one after the rule was set. */
  readonly nth?: number;
  /** How many calls fail: default 1, 0 for all. */
  readonly times?: number;
  readonly what: Fault;
}

/** A call before its effect, or after it and before its answer. */
export interface Boundary {
  readonly action: string;
  readonly when: "before" | "after";
  readonly parameters: Readonly<Record<string, string>>;
}

/** The rules in force. */
export class Faults {
  /** Called and awaited at both boundaries of every call. */
  watcher: ((boundary: Boundary) => void | Promise<void>) | undefined;
  /** Decides before the rules. */
  chooser: ((action: string, parameters: Readonly<Record<string, string>>) => Fault | undefined) | undefined;
  readonly #rules: { readonly rule: FaultRule; calls: number }[] = [];

  constructor(rules: readonly FaultRule[] = []) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, calls: 0 });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault for this call, if any. Each rule counts the calls of its action. */
  next(action: string, parameters: Readonly<Record<string, string>> = {}): Fault | undefined {
    let fault = this.chooser?.(action, parameters);
    for (const entry of this.#rules) {
      const { nth = 1, times = 1, what, action: of } = entry.rule;
      if (of !== action && (of !== "*" || action.includes(":"))) continue;
      entry.calls++;
      if (entry.calls >= nth && (times === 0 || entry.calls < nth + times)) fault ??= what;
    }
    return fault;
  }
}
