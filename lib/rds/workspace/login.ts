/** Logs in until the new master password works: the only proof that it took. @module */

import type { Settings } from "../../core/settings.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { MINUTE, pause } from "../api/wait.ts";

/** How patiently to log in. Times in milliseconds. */
export interface LoginOptions {
  readonly settings: Pick<Settings, "pollInterval" | "timeout">;
  readonly log: Log;
  /** While the password may still be on its way, or the name in DNS. Default 10 minutes. */
  readonly refusedTimeout?: number;
  /** While nobody answers; a security group that lets nobody in stays so. Default 2 minutes. */
  readonly unreachableTimeout?: number;
}

/** Why a login failed. */
type Obstacle = "refused" | "unreachable" | "unknown name" | "starting" | "iam" | "other";

/** Codes of PostgreSQL, MySQL, their drivers and the system. */
const obstacles: Readonly<Record<string, Obstacle>> = {
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

/** What the operator reads while it is waited for. */
const waitedFor: Readonly<Record<Exclude<Obstacle, "iam" | "other">, string>> = {
  refused: "the new master password is not in force yet",
  unreachable: "nobody answers at its address",
  "unknown name": "its host name cannot be found yet",
  starting: "the server is not ready for connections",
};

/**
 * Calls `login` until it succeeds. Knows an error by its code, or its cause's. Throws a ScrubError: at once if
 * the master logs in by IAM only or on an error that will not pass, soon if nobody answers, later if the password stays
 * refused.
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
  // A minute's restart in between begins a new count, so the whole has a limit of its own.
  let kind: Obstacle | undefined;
  let since = started;
  while (true) {
    signal.throwIfAborted();
    try {
      return await login();
    } catch (error) {
      signal.throwIfAborted();
      const obstacle = obstacleOf(error);
      const changed = obstacle !== kind;
      if (changed) since = performance.now();
      kind = obstacle;
      const patience = obstacle === "unreachable" ? unreachableTimeout : refusedTimeout;
      const now = performance.now();
      if (obstacle === "other") throw error;
      if (obstacle === "iam" || now - since >= patience || now - started >= settings.timeout) {
        throw explain(obstacle, error);
      }
      log[changed ? "info" : "debug"](`waits for the workspace's login: ${waitedFor[obstacle]}`);
    }
    await pause(Math.min(settings.pollInterval, 5000), signal);
  }
}

function obstacleOf(error: unknown): Obstacle {
  for (let at = error; at instanceof Error; at = at.cause) {
    // A role with rds_iam is authenticated by PAM, whatever its password (RDS Guide, "IAM database authentication").
    if (/\bPAM authentication failed|\bIAM authentication\b/.test(at.message)) return "iam";
    for (const code of [textOf(at, "code"), textOf(at, "errno"), codeIn(at.message)]) {
      const found = Object.hasOwn(obstacles, code) ? obstacles[code] : undefined;
      if (found) return found;
    }
  }
  return "other";
}

function textOf(error: Error, key: string): string {
  return String(Reflect.get(error, key) ?? "");
}

/** Our engines' messages have the code in brackets. */
function codeIn(message: string): string {
  return /\(([A-Z0-9_]+)[ )]/.exec(message)?.[1] ?? "";
}

function explain(obstacle: Obstacle, cause: unknown): ScrubError {
  const words: Readonly<Record<Obstacle, readonly [why: string, hint: string]>> = {
    refused: [
      "the server goes on refusing the password that RDS was asked to set",
      "Look at the workspace's events in the RDS console: they tell why the password was not set.",
    ],
    unreachable: [
      "nobody answers",
      "Let this machine in: check the security groups (--security-groups) and the subnet group (--subnet-group).",
    ],
    "unknown name": ["DNS does not know its name", "Check the resolver of this machine."],
    starting: ["the server goes on refusing connections", "Look at the workspace's events in the RDS console."],
    iam: [
      "its master user logs in by IAM only (it has the role rds_iam), never by password",
      "Revoke rds_iam from the master user of the source, and use a snapshot taken after that.",
    ],
    other: ["unknown reason", "Look at the cause."],
  };
  const [why, hint] = words[obstacle];
  return new ScrubError("login", `Cannot log in to the workspace: ${why}`, hint, { cause });
}
