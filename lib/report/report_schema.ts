/** The JSON Schema of `--report`'s file. @module */

import { toJsonSchema } from "@valibot/to-json-schema";
import { is } from "valibot";
import { failureReport, type RunReport, runReport } from "../core/report.ts";

/** The schema as a JSON text. Ends in a newline. */
export function reportSchema(): string {
  const schema = {
    ...toJsonSchema(runReport, { target: "draft-2020-12", definitions: { failure: failureReport } }),
    $id: "urn:datascrubber:report:1",
    title: "Report of a run of datascrubber",
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** The report in a file's text; undefined if it is none that fits the schema. */
export function asReport(text: string): RunReport | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return is(runReport, parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
