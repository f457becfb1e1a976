/** Sets a random master password. @module */

import { ScrubError } from "../../core/errors.ts";
import { pendingChange } from "../api/pending_change.ts";
import type { Instance } from "../api/records.ts";
import { mayRepeat, pause, readBack } from "../api/wait.ts";
import type { RestoredWorkspace } from "./context.ts";
import { readWorkspace, untilAvailable } from "./instance.ts";

/** The endpoint, and the master user with its new password. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** MySQL allows 41 characters. */
const passwordLength = 40;

/**
 * Sets a random master password and waits until RDS has applied it; only a login proves it, see `untilLoggedIn`.
 *
 * @throws {ScrubError} `workspace` if the instance is gone or has no endpoint; `aws-status`, `aws-timeout`.
 * @throws {RdsError} if AWS refuses.
 */
export async function secure(workspace: RestoredWorkspace, signal: AbortSignal): Promise<Login> {
  const { rds, options } = workspace;
  const password = makePassword();
  const deadline = performance.now() + options.timeout;
  let instance = await untilStable(workspace, signal);
  while (true) {
    try {
      await rds.setPassword(instance, password, signal);
      break;
    } catch (error) {
      // RDS may begin maintenance between the last reading and this call.
      if (!mayRepeat("passwordChange", error) || performance.now() > deadline) throw error;
      await pause(options.pollInterval, signal);
      instance = await untilStable(workspace, signal);
    }
  }
  await untilChanging(workspace, signal);
  instance = await untilStable(workspace, signal);
  return loginTo(instance, password);
}

/** The master user's login. @throws {ScrubError} `workspace` if the instance has no endpoint. */
export function loginTo({ id, endpoint, masterUser: user }: Instance, password: string): Login {
  if (endpoint) return { ...endpoint, user, password };
  throw new ScrubError(
    "workspace",
    `Cannot reach "${id}": it is available but has no endpoint`,
    "Look at its events in the RDS console, then run again.",
  );
}

/** 40 random letters and digits, about 238 bits: no engine, URL or shell needs them quoted. */
export function makePassword(): string {
  let password = "";
  while (password.length < passwordLength) {
    for (const byte of crypto.getRandomValues(new Uint8Array(passwordLength))) {
      // Higher bytes would make the first letters more likely.
      if (byte < 256 - 256 % alphabet.length && password.length < passwordLength) {
        password += alphabet.charAt(byte % alphabet.length);
      }
    }
  }
  return password;
}

async function untilStable(workspace: RestoredWorkspace, signal: AbortSignal): Promise<Instance> {
  const statusOf = (instance: Instance) => pendingChange(instance) ?? instance.status;
  return await untilAvailable("workspaceStable", workspace, signal, statusOf);
}

/** Waits until RDS shows the change: for some time after the call it may show the instance unchanged. */
async function untilChanging(workspace: RestoredWorkspace, signal: AbortSignal): Promise<void> {
  await readBack(
    "passwordChangeShown",
    (signal) => readWorkspace(workspace, signal),
    ({ status, pending }) => status !== "available" || pending.length > 0,
    workspace.options,
    signal,
  );
}
