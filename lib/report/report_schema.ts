/** The JSON Schema of `--report`'s file. @module */

import { toJsonSchema } from "@valibot/to-json-schema";
import { failureReport, runReport } from "../core/report.ts";

/** The schema as a JSON text. Ends in a newline. */
export function reportSchema(): string {
  const schema = {
    ...toJsonSchema(runReport, { target: "draft-2020-12", definitions: { failure: failureReport } }),
    $id: "urn:datascrubber:report:1",
    title: "Report of a run of datascrubber",
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
