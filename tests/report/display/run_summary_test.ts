/** The end of a run: its words and its exit status. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Failure, FailureKind } from "../../../lib/core/errors.ts";
import { exitStatus, failureStatus, type StopSignal } from "../../../lib/core/exit_status.ts";
import type { RunReport } from "../../../lib/core/report.ts";
import { classChoiceText, finishText } from "../../../lib/report/display/estimate_text.ts";
import { runSummary } from "../../../lib/report/display/run_summary.ts";
import { terminalFeatures } from "../../../lib/report/display/terminal.ts";

function failure(kind: FailureKind, ...also: readonly Failure[]): Failure {
  return { kind, code: "unexpected", message: `Cannot do it: ${kind}`, hint: "Try again.", also };
}

for (
  const { name, failures, signal, status } of [
    { name: "nothing failed", failures: [], status: 0 },
    { name: "nothing failed before the signal did anything", failures: [], signal: "SIGTERM", status: 0 },
    { name: "a source failed", failures: [failure("failed")], status: 1 },
    { name: "a source can't be used", failures: [failure("usage")], status: 1 },
    { name: "one failed and one was refused", failures: [failure("failed"), failure("refused")], status: 3 },
    { name: "one was refused and one left something", failures: [failure("refused"), failure("leftovers")], status: 4 },
    {
      name: "a failed one left something",
      failures: [failure("failed", failure("failed", failure("leftovers")))],
      status: 4,
    },
    { name: "SIGINT came", failures: [failure("interrupted"), failure("refused")], signal: "SIGINT", status: 130 },
    { name: "SIGTERM came", failures: [failure("interrupted")], signal: "SIGTERM", status: 143 },
    { name: "SIGHUP came", failures: [failure("interrupted")], signal: "SIGHUP", status: 129 },
    { name: "SIGTERM came and something is left", failures: [failure("leftovers")], signal: "SIGTERM", status: 4 },
  ] as const satisfies readonly { name: string; failures: readonly Failure[]; signal?: StopSignal; status: number }[]
) {
  Deno.test(`exitStatus() is ${status} when ${name}`, () => {
    assertEquals(exitStatus(failures, signal), status);
  });
}

for (
  const { failure: one, status } of [
    { failure: failure("usage"), status: 2 },
    { failure: failure("refused"), status: 3 },
    { failure: failure("leftovers"), status: 4 },
    { failure: failure("refused", failure("leftovers")), status: 4 },
    { failure: failure("failed"), status: 1 },
    { failure: failure("interrupted"), status: 1 },
  ]
) {
  Deno.test(`failureStatus() is ${status} of ${one.kind}${one.also.length > 0 ? " with leftovers" : ""}`, () => {
    assertEquals(failureStatus(one), status);
  });
}

type Source = RunReport["sources"][number];

function report(sources: readonly Partial<Source>[], dryRun = false): RunReport {
  return {
    version: 1,
    program: "2.0.0",
    runId: "r1",
    started: "",
    ended: "",
    exitStatus: 0,
    dryRun,
    sources: sources.map((source) => ({
      engine: "mysql",
      requested: "blog",
      databases: [],
      phases: [],
      sharedWith: [],
      pruned: [],
      warnings: [],
      ...source,
    })),
  };
}

const none = { mode: "off", fingerprints: 0, alsoStay: 0, tables: 0, sampled: [] } as const;
const full = { ...none, mode: "full", kept: { tables: 2, columns: 3, exempt: [] }, tables: 4 } as const;
const searches = [
  {
    what: "all",
    leakSearch: full,
    end: "searched for removed values: 3 kept columns in full, everything else in full",
  },
  {
    what: "a sample",
    leakSearch: {
      ...full,
      mode: "sample",
      sampled: [{ table: "posts", rows: 20_000, fewerThanOneIn: 4342 }],
      goneSampled: ["posts", "comments"],
    },
    end: "searched for removed values: 3 kept columns in full, everything else, but 2 big tables by a sample",
  },
  { what: "nothing", leakSearch: none, end: "not searched for removed values" },
] as const;

for (
  const { name, given, text } of [
    {
      name: "a source that is done",
      given: report([{ snapshot: "scrubbed-blog-1", sharedWith: ["123456789012"], pruned: ["scrubbed-blog-0"] }]),
      text: "1 of 1 source done (run r1)\n" +
        "  blog (mysql): snapshot scrubbed-blog-1, shared with 123456789012, 1 old snapshot deleted\n",
    },
    {
      name: "a snapshot that was copied to other regions, behind one of an earlier run",
      given: report([{
        snapshot: "scrubbed-blog-1",
        copies: ["scrubbed-blog-0", "scrubbed-blog-1"].map((snapshot, at) => ({
          region: `us-east-${at}`,
          ...{ snapshot, encryption: { encrypted: false }, sharedWith: [], pruned: [] },
        })),
      }]),
      text: "1 of 1 source done (run r1)\n  blog (mysql): snapshot scrubbed-blog-1, copied to us-east-1\n",
    },
    ...searches.map(({ what, leakSearch, end }) => ({
      name: `how much was searched: ${what}`,
      given: report([{
        snapshot: "scrubbed-blog-1",
        databases: [
          { database: "blog", fate: "scrubbed", tables: [], leakSearch },
          { database: "other", fate: "kept", tables: [], leakSearch: none },
        ],
      }]),
      text: `1 of 1 source done (run r1)\n  blog (mysql): snapshot scrubbed-blog-1, ${end}\n`,
    })),
    {
      name: "a reason, its hint, and what else went wrong",
      given: report([
        { snapshot: "scrubbed-blog-1" },
        { requested: "orders", failure: failure("failed", failure("leftovers")), warnings: ["mind this"] },
      ]),
      text: "1 of 2 sources done, 1 failed (run r1)\n" +
        "  blog (mysql): snapshot scrubbed-blog-1\n" +
        "  orders (mysql): Cannot do it: failed\n    Try again.\n    also: Cannot do it: leftovers\n      Try again.\n" +
        "    warning: mind this\n",
    },
    {
      name: "a snapshot that could not be shared",
      given: report([{ snapshot: "scrubbed-blog-1", failure: failure("failed") }]),
      text: "0 of 1 source done, 1 failed (run r1)\n" +
        "  blog (mysql): Cannot do it: failed\n    Try again.\n    its snapshot stays: scrubbed-blog-1\n",
    },
    {
      name: "a dry run",
      given: report([{ wouldDo: ["restore rds:blog-1"] }], true),
      text:
        "1 of 1 source done (dry run, nothing was changed)\n  blog (mysql): no obstacle found\n    restore rds:blog-1\n",
    },
    {
      name: "snapshots of earlier runs that were shared, too",
      given: report([{ snapshot: "s2", sharedWith: ["123456789012"], sharedEarlier: ["s1"] }]),
      text:
        "1 of 1 source done (run r1)\n  blog (mysql): snapshot s2, shared with 123456789012, as is s1 of earlier runs\n",
    },
    {
      name: "names that try to steer the terminal",
      given: report([{
        requested: "\x1b[2J",
        failure: { kind: "failed", code: "unexpected", message: "a\nb\x07", hint: "c\nd", also: [] },
      }]),
      text: "0 of 1 source done, 1 failed (run r1)\n  \\x1b[2J (mysql): a\n    b\\x07\n    c\n    d\n",
    },
  ] as const
) {
  Deno.test(`runSummary() shows ${name}`, () => assertEquals(runSummary(given), text));
}

for (
  const { environment, isTerminal, expected } of [
    { environment: {}, isTerminal: true, expected: { live: true, colour: true } },
    { environment: { NO_COLOR: "1" }, isTerminal: true, expected: { live: true, colour: false } },
    { environment: { NO_COLOR: "" }, isTerminal: true, expected: { live: true, colour: true } },
    { environment: { TERM: "dumb" }, isTerminal: true, expected: { live: false, colour: false } },
    { environment: {}, isTerminal: false, expected: { live: false, colour: false } },
  ]
) {
  Deno.test(`terminalFeatures() of ${JSON.stringify(environment)}, ${isTerminal ? "a" : "no"} terminal`, () => {
    assertEquals(terminalFeatures(environment, isTerminal), expected);
  });
}

const choice = {
  chosen: { instanceClass: "db.r6g.xlarge", seconds: 7800, perHour: 0.48 },
  why: "meets finish-by",
  currency: "USD",
  by: "a run",
} as const;
const cheaper = { instanceClass: "db.r6g.large", seconds: 13_800, perHour: 0.24 };

for (
  const { what, more, says } of [
    {
      what: "why it was taken, and why the next cheaper one was not",
      more: { cheaper },
      says:
        "db.r6g.xlarge, chosen by --instance-class auto: about 2:10:00 to the final snapshot at 0.48 USD an hour, the cheapest " +
        "that meets --finish-by; the next cheaper one, db.r6g.large, would take 3:50:00 to the final snapshot at 0.24 USD an hour " +
        "(estimated from a run)",
    },
    {
      what: "that it is the cheapest of all",
      more: { why: "at most twice the fastest" },
      says: "the cheapest with which a run takes at most twice as long as with the fastest; none is cheaper",
    },
    { what: "that none is in time", more: { why: "fastest" }, says: "the fastest, since none meets --finish-by" },
  ] as const
) {
  Deno.test(`a chosen class says ${what}`, () => assertStringIncludes(classChoiceText({ ...choice, ...more }), says));
}

const [by, before, after] = ["2026-11-24T06:00:00.000Z", "2026-11-24T05:10:00.000Z", "2026-11-24T07:00:30.000Z"];

for (
  const [what, finish, says] of [
    [
      "expected in time",
      { by, expected: before },
      "is expected at 2026-11-24T05:10Z, 50:00 before the 2026-11-24T06:00Z of",
    ],
    [
      "expected late",
      { by, expected: after },
      "is expected at 2026-11-24T07:00Z, 1:00:30 after the 2026-11-24T06:00Z of",
    ],
    ["there in time", { by, expected: after, ended: before }, "existed at 2026-11-24T05:10Z, 50:00 before the"],
    ["there at the very moment", { by, expected: after, ended: by }, "existed at 2026-11-24T06:00Z, 0:00 before the"],
    ["late", { by, expected: before, ended: after }, "existed at 2026-11-24T07:00Z, 1:00:30 after the"],
  ] as const
) {
  Deno.test(`a final snapshot that is ${what} is said to be so`, () => assertStringIncludes(finishText(finish), says));
}
