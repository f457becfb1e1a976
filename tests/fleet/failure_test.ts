/** Errors as plain data. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { failureAfterStop, failureOf, traceOf } from "../../lib/fleet/failure.ts";
import { type Failure, ScrubError } from "../../lib/core/errors.ts";

const work = new ScrubError("verification", "Cannot work: why", "Do this.");
const cleanUp = new ScrubError("leftovers", "Cannot delete: why", "Delete it.");
const other = new ScrubError("unexpected", "Cannot close: why", "Close it.");
const workData: Failure = {
  kind: "refused",
  code: "verification",
  message: "Cannot work: why",
  hint: "Do this.",
  also: [],
};
const cleanUpData: Failure = {
  kind: "leftovers",
  code: "leftovers",
  message: "Cannot delete: why",
  hint: "Delete it.",
  also: [],
};
const otherData: Failure = {
  kind: "failed",
  code: "unexpected",
  message: "Cannot close: why",
  hint: "Close it.",
  also: [],
};
const stop: Failure = {
  kind: "interrupted",
  code: "interrupted",
  message: "Cannot go on: stopped",
  hint: "Again.",
  also: [],
};
const leftovers = "leftovers";

Deno.test.each([
  { what: "a ScrubError", error: work, failure: workData },
  {
    what: "a failed clean-up beside its work",
    error: new SuppressedError(other, work),
    failure: { ...workData, also: [otherData] },
  },
  {
    what: "two failed clean-ups",
    error: new SuppressedError(cleanUp, new SuppressedError(other, work)),
    failure: { ...workData, kind: leftovers, also: [otherData, cleanUpData] },
  },
  {
    what: "several errors at once",
    error: new AggregateError([work, other]),
    failure: { ...workData, also: [otherData] },
  },
])("failureOf() keeps $what", ({ error, failure }) => {
  assertEquals(failureOf(error), failure);
});

const secret = "planted@example.com";

Deno.test.each([
  { what: "an error's text", error: new RangeError(secret), message: /unexpected RangeError at [\w/.]+:\d+:\d+$/ },
  { what: "a text of several lines", error: new Error(`a\n    at ${secret}.ts:1:1`), message: /unexpected Error/ },
  { what: "a string", error: secret, message: /unexpected value of type "string"$/ },
  { what: "undefined", error: undefined, message: /unexpected value of type "undefined"$/ },
  { what: "a planted name", error: named(secret), message: /unexpected Error/ },
  { what: "a planted code", error: coded(secret), message: /unexpected Error at/ },
  { what: "a server's code", error: coded("23505"), message: /unexpected Error 23505 at/ },
  { what: "a text that changed after the throw", error: changed(), message: /unexpected Error/ },
])("failureOf() does not repeat $what", ({ error, message }) => {
  const text = JSON.stringify([failureOf(error), traceOf(error)]);
  assertMatch(failureOf(error).message, message);
  assertEquals(text.includes("planted"), false, text);
});

Deno.test("traceOf() goes through what an error wraps", () => {
  const lines = traceOf(new Error("out", { cause: new TypeError("in") }));
  assertEquals(lines.filter((line) => line.includes("TypeError")).length, 1);
});

Deno.test.each([
  { what: "what a cancelled statement threw", error: other, failure: stop },
  { what: "the stop itself", error: new ScrubError("interrupted", stop.message, stop.hint), failure: stop },
])("failureAfterStop() leaves out $what", ({ error, failure }) => {
  assertEquals(failureAfterStop(stop, error), failure);
});

Deno.test("failureAfterStop() keeps what is left behind", () => {
  const failure = failureAfterStop(stop, new SuppressedError(cleanUp, other));
  assertEquals(failure, { ...stop, kind: "leftovers", also: [cleanUpData] });
});

function named(name: string): Error {
  const error = new Error("text");
  error.name = name;
  return error;
}

function coded(code: string): Error {
  return Object.assign(new Error("text"), { code });
}

function changed(): Error {
  const error = new Error(`a\n    at ${secret}.ts:1:1`);
  error.message = "another";
  return error;
}
