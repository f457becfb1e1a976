/** Metrics as Prometheus reads them. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { metricsText } from "../../lib/notify/metrics.ts";
import { exampleReport, hostileNames } from "../report/example_report.ts";

const text = metricsText(exampleReport);
const ended = Date.parse(exampleReport.ended) / 1000;
const postgresql = 'source="govuk-postgresql-primary",engine="postgresql"';

for (
  const line of [
    `datascrubber_last_success_timestamp_seconds{${postgresql}} ${ended}`,
    `datascrubber_last_run_success{source="mysql-primary",engine="mysql"} 0`,
    `datascrubber_last_run_success{${postgresql}} 1`,
    `datascrubber_phase_duration_seconds{${postgresql},phase="scrub"} 900`,
    `datascrubber_rows{${postgresql},database="email-alert-api_production",outcome="changed"} 24111519`,
    `datascrubber_table_bytes{${postgresql},database="email-alert-api_production"} 49230438272`,
    `datascrubber_exported_bytes{${postgresql},database="email-alert-api_production"} 9800112233`,
    `datascrubber_source_snapshot_age_seconds{${postgresql}} 2969`,
    `datascrubber_orphans{${postgresql}} 1`,
  ]
) {
  Deno.test(`metrics hold ${line}`, () => assert(text.split("\n").includes(line), text));
}

Deno.test("every line of metrics is a comment or a sample", () => {
  const wrong = text.trimEnd().split("\n").filter((line) =>
    !/^# (HELP|TYPE) datascrubber_[a-z_]+ .+$/.test(line) &&
    !/^datascrubber_[a-z_]+\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\} [0-9.]+$/.test(line)
  );
  assertEquals(wrong, []);
});

Deno.test("a failed source has no success of its own", () => {
  assert(!text.includes('last_success_timestamp_seconds{source="mysql-primary"'));
});

Deno.test("a failed source keeps its earlier success", () => {
  const line = 'datascrubber_last_success_timestamp_seconds{source="mysql-primary",engine="mysql"} 1700000000';
  assert(metricsText(exampleReport, `# odd\n${line}\nother 1\n`).split("\n").includes(line));
});

Deno.test("a new success takes the earlier one's place", () => {
  const earlier = `datascrubber_last_success_timestamp_seconds{${postgresql}} 1700000000`;
  assert(!metricsText(exampleReport, `${earlier}\n`).includes("1700000000"));
});

Deno.test("names can't break out of a label", () => {
  const source = { ...exampleReport.sources[1], requested: 'a"} 1\nforged 2 \\' };
  const forged = metricsText({ ...exampleReport, sources: [source as (typeof exampleReport.sources)[number]] });
  assertStringIncludes(forged, 'source="a\\"} 1\\nforged 2 \\\\"');
  assertEquals(forged.split("\n").filter((line) => line.startsWith("forged")), []);
  assert(hostileNames.length > 0);
});
