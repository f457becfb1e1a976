/** Which service gets which result. @module */

import { assert, assertEquals } from "@std/assert";
import { checkResults, nscaText, serviceName, type Task } from "../../lib/notify/icinga.ts";
import type { Failure } from "../../lib/core/errors.ts";
import type { SourceOutcome } from "../../lib/core/report.ts";

const tasks: readonly Task[] = [
  { name: "whitehall", engine: "mysql" },
  { name: "publishing-api", engine: "postgresql" },
  { name: "email-alert-api", engine: "postgresql" },
];
const failure: Failure = { kind: "failed", code: "unexpected", message: "Cannot x: y", hint: "z", also: [] };

function source(engine: SourceOutcome["engine"], scrubbers: readonly string[], more: Partial<SourceOutcome> = {}) {
  return {
    engine,
    requested: `${engine}-primary`,
    databases: scrubbers.map((scrubber) => ({ database: scrubber, fate: "scrubbed", scrubber, tables: [] } as const)),
    phases: [],
    snapshot: "scrubbed-x",
    sharedWith: ["123456789012"],
    pruned: [],
    warnings: [],
    ...more,
  } satisfies SourceOutcome;
}

function states(sources: readonly SourceOutcome[], own: readonly Failure[] = [], dryRun = false) {
  return Object.fromEntries(
    checkResults({ sources, dryRun }, tasks, own).map(({ service, state }) => [service.split(" ").at(-1), state]),
  );
}

for (
  const [name, service] of [
    ["whitehall", "GOV.UK data scrubber whitehall"],
    ["email-alert-api", "GOV.UK data scrubber email-alert-api"],
    ["publishing-api", "GOV.UK data scrubber publishing_api"],
  ] as const
) {
  Deno.test(`monitoring knows ${name} as ${service}`, () => assertEquals(serviceName(name), service));
}

for (
  const [what, sources, own, wanted] of [
    ["a source that is done", [source("mysql", ["whitehall"])], [], { whitehall: "OK" }],
    ["a source that failed", [source("mysql", ["whitehall"], { failure })], [], { whitehall: "CRITICAL" }],
    [
      "a source that failed before its databases were known",
      [source("postgresql", [], { failure })],
      [],
      { publishing_api: "CRITICAL", "email-alert-api": "CRITICAL" },
    ],
    [
      "a source that failed early beside one that answers for a scrubber",
      [source("postgresql", [], { failure }), source("postgresql", ["publishing-api"])],
      [],
      { publishing_api: "OK", "email-alert-api": "CRITICAL" },
    ],
    [
      "two sources with one scrubber, of which one failed",
      [source("mysql", ["whitehall"]), source("mysql", ["whitehall"], { failure })],
      [],
      { whitehall: "CRITICAL" },
    ],
    ["a program that broke", [], [failure], {
      whitehall: "CRITICAL",
      publishing_api: "CRITICAL",
      "email-alert-api": "CRITICAL",
    }],
  ] as const
) {
  Deno.test(`checkResults() of ${what}`, () => assertEquals(states(sources, own), wanted));
}

Deno.test("a dry run has no results", () => {
  assertEquals(states([source("mysql", ["whitehall"], { failure })], [], true), {});
});

Deno.test("a result is one line of four fields, whatever the reason holds", () => {
  const message = `Cannot x: ${"é".repeat(600)}\tnext\nline | rta=1`;
  const results = checkResults({
    sources: [source("mysql", ["whitehall"], { failure: { ...failure, message } })],
    dryRun: false,
  }, tasks);
  const text = nscaText("192.0.2.1", results);
  const fields = text.split("\t");
  assertEquals([fields.length, fields[0], fields[2], text.split("\n").length], [4, "192.0.2.1", "2", 2]);
  assert(new TextEncoder().encode(fields[3]).length < 512 && !text.includes("|"));
});
