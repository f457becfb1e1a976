/** How long to go on logging in, by what stands in the way. @module */

import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import type { LoginObstacle } from "../../../lib/core/login_obstacle.ts";
import { untilLoggedIn } from "../../../lib/rds/workspace/login.ts";
import { makePassword } from "../../../lib/rds/workspace/secure.ts";
import { failureOf, never, Notes } from "../local.ts";

/** A failed login, with what stands in its way. */
class LoginFailure extends Error {
  constructor(readonly obstacle: LoginObstacle | undefined) {
    super("no");
  }
}

function failed(obstacle: LoginObstacle | undefined): Error {
  return new LoginFailure(obstacle);
}

function obstacleOf(error: unknown): LoginObstacle | undefined {
  return error instanceof LoginFailure ? error.obstacle : undefined;
}

/** Fails with these errors, one after the other, then succeeds. */
function stumbling(errors: readonly Error[]): () => Promise<void> {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  };
}

const options = { settings: { pollInterval: 1, timeout: 10_000 }, log: new Notes() };

Deno.test("untilLoggedIn() goes on while the obstacle may pass", async (t) => {
  for (const obstacle of ["refused", "unreachable", "unknown name", "starting"] as const) {
    await t.step(obstacle, async () => {
      await untilLoggedIn(stumbling([failed(obstacle), failed(obstacle)]), obstacleOf, options, never);
    });
  }
});

Deno.test("untilLoggedIn() gives up with the reason", async (t) => {
  const limits = { refusedTimeout: 0, unreachableTimeout: 0 };
  for (
    const { obstacle, message, hint } of [
      { obstacle: "refused", message: "goes on refusing the password", hint: "events" },
      { obstacle: "unreachable", message: "no server answers", hint: "--security-groups" },
      { obstacle: "unknown name", message: "DNS does not know", hint: "resolver" },
      { obstacle: "starting", message: "goes on refusing connections", hint: "events" },
      { obstacle: "iam", message: "by IAM only", hint: "rds_iam" },
    ] as const
  ) {
    await t.step(message, async () => {
      const login = () => Promise.reject(failed(obstacle));
      const failure = await failureOf(untilLoggedIn(login, obstacleOf, { ...options, ...limits }, never));
      assert(failure instanceof ScrubError, failure.stack);
      assertEquals(failure.code, "login");
      assertStringIncludes(failure.message, message);
      assertStringIncludes(failure.hint, hint);
    });
  }
});

Deno.test("untilLoggedIn() does not go on against IAM, nor against what it does not know", async (t) => {
  for (const obstacle of ["iam", undefined] as const) {
    await t.step(String(obstacle), async () => {
      let calls = 0;
      const login = () => {
        calls++;
        return Promise.reject(failed(obstacle));
      };
      await failureOf(untilLoggedIn(login, obstacleOf, options, never));
      assertEquals(calls, 1);
    });
  }
});

Deno.test("untilLoggedIn() has a limit for everything together", async () => {
  let calls = 0;
  // Two obstacles by turns: neither lasts.
  const login = () => Promise.reject(failed(calls++ % 2 === 0 ? "refused" : "starting"));
  const failure = await failureOf(
    untilLoggedIn(login, obstacleOf, { ...options, settings: { pollInterval: 1, timeout: 30 } }, never),
  );
  assert(failure instanceof ScrubError, failure.stack);
});

Deno.test("untilLoggedIn() ends with the signal's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("stop");
  const login = () => {
    stop.abort(reason);
    return Promise.reject(failed("refused"));
  };
  assertEquals(await failureOf(untilLoggedIn(login, obstacleOf, options, stop.signal)), reason);
});

Deno.test("makePassword() makes 40 letters and digits, never the same again", () => {
  assertMatch(makePassword(), /^[A-Za-z0-9]{40}$/);
  assertNotEquals(makePassword(), makePassword());
});

Deno.test("untilLoggedIn() says once what it waits for, and again when that changes", async () => {
  const log = new Notes();
  const met = ["unknown name", "unknown name", "unreachable", "refused", "refused", "starting"] as const;
  await untilLoggedIn(stumbling(met.map(failed)), obstacleOf, { ...options, log }, never);
  const what = ["its host name cannot be found yet", "no server answers at its address"];
  const later = ["the new master password is not in force yet", "the server is not ready for connections"];
  const said = log.lines.filter((line) => line.startsWith("info"));
  assertEquals(said, [...what, ...later].map((one) => `info waiting for the workspace's login: ${one}`));
});
