/** The report fits its schema, and the schema refuses what is no report. @module */

import { assertEquals } from "@std/assert";
import { reportSchema } from "../../lib/report/report_schema.ts";
import { exampleReport } from "./example_report.ts";
import { faultsOf } from "./json_schema.ts";

const schema = JSON.parse(reportSchema());
const plain = () => structuredClone(exampleReport) as unknown as Record<string, unknown>;

Deno.test("a report in which everything occurs fits the schema", () => {
  assertEquals(faultsOf(schema, JSON.parse(JSON.stringify(exampleReport))), []);
});

for (
  const [what, change, fault] of [
    ["another version", { version: 2 }, "/version must be equal to constant"],
    ["a field more", { more: 1 }, "/ must NOT have additional properties"],
    ["a field less", { runId: undefined }, "/ must have required property 'runId'"],
    ["a run id that is none", { runId: "run" }, '/runId must match format "uuid"'],
    ["a time that is none", { started: "yesterday" }, '/started must match format "date-time"'],
    ["text for a number", { exitStatus: "0" }, "/exitStatus must be number"],
    ["no list of sources", { sources: {} }, "/sources must be array"],
  ] as const
) {
  Deno.test(`the schema refuses ${what}`, () => assertEquals(faultsOf(schema, { ...plain(), ...change }), [fault]));
}

Deno.test("a failure inside a failure is held to the schema too", () => {
  const failure = {
    kind: "failed",
    code: "unexpected",
    message: "m",
    hint: "h",
    also: [{ kind: "odd", code: "unexpected", message: "m", hint: "h", also: [] }],
  };
  const report = JSON.parse(JSON.stringify(exampleReport));
  report.sources[0].failure = failure;
  assertEquals(faultsOf(schema, report), [
    "/sources/0/failure/also/0/kind must be equal to one of the allowed values",
  ]);
});
