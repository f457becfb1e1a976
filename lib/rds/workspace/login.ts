/** Logs in until the new master password works: the only proof that it took. @module */

import type { Settings } from "../../core/settings.ts";
import { ScrubError } from "../../core/errors.ts";
import type { LoginObstacle } from "../../core/login_obstacle.ts";
import type { Log } from "../../core/log.ts";
import { MINUTE, pause } from "../api/wait.ts";

/** How long to go on logging in. Times in milliseconds. */
export interface LoginOptions {
  readonly settings: Pick<Settings, "pollInterval" | "timeout">;
  readonly log: Log;
  /** While the password may still be on its way, or the name in DNS. Default 10 minutes. */
  readonly refusedTimeout?: number;
  /** While no server answers: a security group that does not let this machine in will not open by itself. Default 2 minutes. */
  readonly unreachableTimeout?: number;
}

/** What the operator reads while it is waited for. */
const waitingFor: Readonly<Record<Exclude<LoginObstacle, "iam">, string>> = {
  refused: "the new master password is not in force yet",
  unreachable: "no server answers at its address",
  "unknown name": "its host name cannot be found yet",
  starting: "the server is not ready for connections",
};

/**
 * Calls `login` until it succeeds. `obstacleOf`: why it fails for now; undefined where it will not pass.
 *
 * @throws {ScrubError} `login` at once where the master user logs in by IAM only, soon where no server answers, later where it goes
 * on refusing the password; what `login` threw where it is no obstacle that may pass.
 */
export async function untilLoggedIn(
  login: () => Promise<void>,
  obstacleOf: (error: unknown) => LoginObstacle | undefined,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<void> {
  const { settings, log } = options;
  const refusedTimeout = Math.min(options.refusedTimeout ?? 10 * MINUTE, settings.timeout);
  const unreachableTimeout = Math.min(options.unreachableTimeout ?? 2 * MINUTE, settings.timeout);
  const started = performance.now();
  // A minute's restart in between begins a new count, so the whole has a limit of its own.
  let kind: LoginObstacle | undefined;
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
      const timeout = obstacle === "unreachable" ? unreachableTimeout : refusedTimeout;
      const now = performance.now();
      if (obstacle === undefined) throw error;
      if (obstacle === "iam" || now - since >= timeout || now - started >= settings.timeout) {
        throw explain(obstacle, error);
      }
      log[changed ? "info" : "debug"](`waiting for the workspace's login: ${waitingFor[obstacle]}`);
    }
    await pause(Math.min(settings.pollInterval, 5000), signal);
  }
}

function explain(obstacle: LoginObstacle, cause: unknown): ScrubError {
  const words: Readonly<Record<LoginObstacle, readonly [why: string, hint: string]>> = {
    refused: [
      "the server goes on refusing the password that RDS was asked to set",
      "Look at the workspace's events in the RDS console: they tell why the password was not set.",
    ],
    unreachable: [
      "no server answers",
      "Let this machine in: check the security groups (--security-groups) and the subnet group (--subnet-group).",
    ],
    "unknown name": ["DNS does not know its name", "Check the resolver of this machine."],
    starting: ["the server goes on refusing connections", "Look at the workspace's events in the RDS console."],
    iam: [
      "its master user logs in by IAM only (it has the role rds_iam), never by password",
      "Revoke rds_iam from the master user of the source, and use a snapshot taken after that.",
    ],
  };
  const [why, hint] = words[obstacle];
  return new ScrubError("login", `Cannot log in to the workspace: ${why}`, hint, { cause });
}
