/** What a source's report keeps of its warnings. @module */

import { assertEquals } from "@std/assert";
import { SourceReportBuilder } from "../../lib/report/report_builder.ts";

const request = { engine: "mysql", kind: "instance", value: "blog" } as const;

Deno.test("a report keeps each warning once, in the order in which they came", () => {
  const builder = new SourceReportBuilder(request);
  for (const warning of ["one", "two", "one"]) builder.warn(warning);
  assertEquals(builder.report.warnings, ["one", "two"]);
});

Deno.test("a report keeps 500 warnings, and says that there were more", () => {
  const builder = new SourceReportBuilder(request);
  for (let number = 1; number <= 503; number++) builder.warn(`warning ${number}`);
  const { warnings } = builder.report;
  assertEquals([warnings.length, warnings[499], warnings[500]], [
    501,
    "warning 500",
    "and more, which only the log has",
  ]);
});
