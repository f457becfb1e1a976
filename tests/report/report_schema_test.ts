/** The report fits its schema, and the schema refuses what is no report. @module */

import { assertEquals } from "@std/assert";
import { reportSchema } from "../../lib/report/report_schema.ts";
import { exampleReport } from "./example_report.ts";
import { faultsOf } from "./json_schema_validator.ts";

const schema = JSON.parse(reportSchema());
const plain = () => structuredClone(exampleReport) as unknown as Record<string, unknown>;

Deno.test("a report in which everything occurs fits the schema", () => {
  assertEquals(faultsOf(schema, JSON.parse(JSON.stringify(exampleReport))), []);
});

for (
  const [what, change, fault] of [
    ["another version", { version: 2 }, "$.version: is not 1"],
    ["a field more", { more: 1 }, "$: more is unknown"],
    ["a field less", { runId: undefined }, "$: has no runId"],
    ["a run id that is none", { runId: "run" }, "$.runId: is no uuid"],
    ["a time that is none", { started: "yesterday" }, "$.started: is no date-time"],
    ["text for a number", { exitStatus: "0" }, "$.exitStatus: is string, not number"],
    ["no list of sources", { sources: {} }, "$.sources: is object, not array"],
  ] as const
) {
  Deno.test(`the schema refuses ${what}`, () => assertEquals(faultsOf(schema, { ...plain(), ...change }), [fault]));
}

Deno.test("a failure inside a failure is held to the schema too", () => {
  const failure = {
    kind: "failed",
    message: "m",
    hint: "h",
    also: [{ kind: "odd", message: "m", hint: "h", also: [] }],
  };
  const report = JSON.parse(JSON.stringify(exampleReport));
  report.sources[0].failure = failure;
  assertEquals(faultsOf(schema, report), [
    "$.sources[0].failure.also[0].kind: is none of failed, usage, refused, leftovers, interrupted",
  ]);
});
