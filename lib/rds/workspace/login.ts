/** Logs in until the new master password works: only that proves that RDS has set it. @module */

import type { Settings } from "../../core/settings.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { MINUTE, pause } from "../api/wait.ts";

/** Times in milliseconds. */
export interface LoginOptions {
  readonly settings: Pick<Settings, "pollInterval" | "timeout">;
  readonly log: Log;
  /** While the password is refused, the name is not in DNS, or the server is not ready. Default 10 minutes. */
  readonly refusedTimeout?: number;
  /** While there is no answer, perhaps because of a security group. Default 2 minutes. */
  readonly unreachableTimeout?: number;
}

/** Why a login failed. */
type LoginFailure = "refused" | "unreachable" | "unknown name" | "starting" | "iam" | "other";

/** By codes of PostgreSQL, MySQL, their drivers and the system. */
const failures: Readonly<Record<string, LoginFailure>> = {
  "28P01": "refused",
  ER_ACCESS_DENIED_ERROR: "refused",
  "1045": "refused",
  "57P03": "starting",
  "53300": "starting",
  "57P01": "starting",
  ER_CON_COUNT_ERROR: "starting",
  PROTOCOL_CONNECTION_LOST: "starting",
  CONNECTION_CLOSED: "starting",
  ECONNRESET: "starting",
  ECONNREFUSED: "unreachable",
  ETIMEDOUT: "unreachable",
  CONNECT_TIMEOUT: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENOTFOUND: "unknown name",
  EAI_AGAIN: "unknown name",
};

/** Log messages for failures that may pass. */
const waitingFor: Readonly<Record<Exclude<LoginFailure, "iam" | "other">, string>> = {
  refused: "the new master password is not in force yet",
  unreachable: "no answer from its address",
  "unknown name": "its host name cannot be found yet",
  starting: "the server is not ready for connections",
};

/**
 * Calls `login` until it succeeds. Goes by the error's code, or its cause's.
 *
 * @throws {ScrubError} `login` if the master user logs in by IAM only, or after a timeout.
 * @throws what `login` throws if it is not known to pass.
 */
export async function untilLoggedIn(
  login: () => Promise<void>,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<void> {
  const { settings, log } = options;
  const refusedTimeout = Math.min(options.refusedTimeout ?? 10 * MINUTE, settings.timeout);
  const unreachableTimeout = Math.min(options.unreachableTimeout ?? 2 * MINUTE, settings.timeout);
  const started = performance.now();
  // A different failure, such as a restart in between, begins a new count; so there is a timeout for the whole, too.
  let last: LoginFailure | undefined;
  let since = started;
  while (true) {
    signal.throwIfAborted();
    try {
      return await login();
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error);
      const changed = failure !== last;
      if (changed) since = performance.now();
      last = failure;
      const timeout = failure === "unreachable" ? unreachableTimeout : refusedTimeout;
      const now = performance.now();
      if (failure === "other") throw error;
      if (failure === "iam" || now - since >= timeout || now - started >= settings.timeout) {
        throw explain(failure, error);
      }
      log[changed ? "info" : "debug"](`waiting for the workspace's login: ${waitingFor[failure]}`);
    }
    await pause(Math.min(settings.pollInterval, 5000), signal);
  }
}

function failureOf(error: unknown): LoginFailure {
  for (let at = error; at instanceof Error; at = at.cause) {
    // A role with rds_iam is authenticated by PAM, whatever its password (RDS Guide, "IAM database authentication").
    if (/\bPAM authentication failed|\bIAM authentication\b/.test(at.message)) return "iam";
    for (const code of [textOf(at, "code"), textOf(at, "errno"), codeIn(at.message)]) {
      const found = Object.hasOwn(failures, code) ? failures[code] : undefined;
      if (found) return found;
    }
  }
  return "other";
}

function textOf(error: Error, key: string): string {
  return String(Reflect.get(error, key) ?? "");
}

/** The engines' messages have the code in brackets. */
function codeIn(message: string): string {
  return /\(([A-Z0-9_]+)[ )]/.exec(message)?.[1] ?? "";
}

function explain(failure: Exclude<LoginFailure, "other">, cause: unknown): ScrubError {
  const reasons: Readonly<Record<Exclude<LoginFailure, "other">, readonly [why: string, hint: string]>> = {
    refused: [
      "the server still refuses the new password",
      "Look at the workspace's events in the RDS console: they say why the password was not set.",
    ],
    unreachable: [
      "no answer from its address",
      "Let this machine in: check the security groups (--security-groups) and the subnet group (--subnet-group).",
    ],
    "unknown name": ["DNS does not know its name", "Check the resolver of this machine."],
    starting: ["the server is still not ready for connections", "Look at the workspace's events in the RDS console."],
    iam: [
      "its master user logs in by IAM only (it has the role rds_iam), never by password",
      "Revoke rds_iam from the master user of the source, and use a snapshot taken after that.",
    ],
  };
  const [why, hint] = reasons[failure];
  return new ScrubError("login", `Cannot log in to the workspace: ${why}`, hint, { cause });
}
