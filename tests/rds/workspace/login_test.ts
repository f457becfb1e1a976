/** For how long a login is retried, by its error. @module */

import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { untilLoggedIn } from "../../../lib/rds/workspace/login.ts";
import { makePassword } from "../../../lib/rds/workspace/secure.ts";
import { failureOf, never, Notes } from "../local.ts";

function coded(code: string, message = "no"): Error {
  return Object.assign(new Error(message), { code });
}

/** Fails with these errors, one after the other, then succeeds. */
function failing(errors: readonly Error[]): () => Promise<void> {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  };
}

const options = { settings: { pollInterval: 1, timeout: 10_000 }, log: new Notes() };

Deno.test("untilLoggedIn() retries failures that may pass", async (t) => {
  for (
    const code of [
      "28P01",
      "ER_ACCESS_DENIED_ERROR",
      "ECONNREFUSED",
      "CONNECT_TIMEOUT",
      "ENOTFOUND",
      "57P03",
      "CONNECTION_CLOSED",
    ]
  ) {
    await t.step(code, async () => {
      const wrapped = new ScrubError("unexpected", "Cannot log in: refused", "Wait.", { cause: coded(code) });
      const rewritten = new ScrubError("unexpected", `Cannot log in: refused (${code})`, "Wait.");
      await untilLoggedIn(failing([coded(code), wrapped, rewritten]), options, never);
    });
  }
});

Deno.test("untilLoggedIn() gives up after a timeout, and hints at the cause", async (t) => {
  const limits = { refusedTimeout: 0, unreachableTimeout: 0 };
  for (
    const { error, hint } of [
      { error: coded("28P01"), hint: "events" },
      { error: coded("ECONNREFUSED"), hint: "security groups" },
      { error: coded("ETIMEDOUT"), hint: "--security-groups" },
      { error: coded("ENOTFOUND"), hint: "resolver" },
      { error: coded("28000", 'PAM authentication failed for user "master"'), hint: "rds_iam" },
      { error: coded("28000", "the user is bound to IAM authentication"), hint: "rds_iam" },
    ]
  ) {
    await t.step(error.message === "no" ? hint : error.message, async () => {
      const failure = await failureOf(untilLoggedIn(() => Promise.reject(error), { ...options, ...limits }, never));
      assert(failure instanceof ScrubError, failure.stack);
      assertEquals(failure.code, "login");
      assertStringIncludes(failure.hint, hint);
    });
  }
});

Deno.test("untilLoggedIn() does not retry IAM logins and unknown errors", async (t) => {
  for (
    const error of [
      coded("28000", 'PAM authentication failed for user "master"'),
      coded("ERR_TLS_CERT_ALTNAME_INVALID"),
    ]
  ) {
    await t.step(error.message, async () => {
      let calls = 0;
      const login = () => {
        calls++;
        return Promise.reject(error);
      };
      await failureOf(untilLoggedIn(login, options, never));
      assertEquals(calls, 1);
    });
  }
});

Deno.test("untilLoggedIn() has a limit for everything together", async () => {
  let calls = 0;
  // Two failures by turns: neither lasts.
  const login = () => Promise.reject(coded(calls++ % 2 === 0 ? "28P01" : "57P03"));
  const failure = await failureOf(
    untilLoggedIn(login, { ...options, settings: { pollInterval: 1, timeout: 30 } }, never),
  );
  assert(failure instanceof ScrubError, failure.stack);
});

Deno.test("untilLoggedIn() ends with the signal's reason", async () => {
  const stop = new AbortController();
  const reason = new Error("stop");
  const login = () => {
    stop.abort(reason);
    return Promise.reject(coded("28P01"));
  };
  assertEquals(await failureOf(untilLoggedIn(login, options, stop.signal)), reason);
});

Deno.test("makePassword() makes 40 letters and digits, never the same again", () => {
  assertMatch(makePassword(), /^[A-Za-z0-9]{40}$/);
  assertNotEquals(makePassword(), makePassword());
});

Deno.test("untilLoggedIn() logs what it waits for, and again when that changes", async () => {
  const log = new Notes();
  const codes = ["ENOTFOUND", "ENOTFOUND", "ECONNREFUSED", "28P01", "28P01", "57P03"];
  await untilLoggedIn(failing(codes.map((code) => coded(code))), { ...options, log }, never);
  const what = ["its host name cannot be found yet", "no answer from its address"];
  const later = ["the new master password is not in force yet", "the server is not ready for connections"];
  const said = log.lines.filter((line) => line.startsWith("info"));
  assertEquals(said, [...what, ...later].map((one) => `info waiting for the workspace's login: ${one}`));
});
