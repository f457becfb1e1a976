/** The page claims nothing that it cannot know, and says how to check it. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { exampleSources, textOf } from "./page_text.ts";

const { clean } = exampleSources();
const file = { name: "run.json", sha256: "cd".repeat(32), signed: true } as const;
const snapshot = "scrubbed-govuk-postgresql-primary-2026-11-24-03-48";
const nothing = "This page proves nothing by itself";
const signedSaid = "It is signed: --public-key checks by whom.";

for (
  const [what, options, said, unsaid] of [
    ["a signed report", { file }, [nothing, "run.json", file.sha256, signedSaid, "should carry"], ["not signed"]],
    ["a signed report's commands", { file }, [
      `datascrubber verify-report run.json ${snapshot}`,
      "datascrubber verify-report run.json --public-key public.pem",
      `datascrubber verify-report run.json ${snapshot} --public-key public.pem`,
    ], []],
    ["an unsigned report", { file: { ...file, signed: false } }, [nothing, "It is not signed"], [
      signedSaid,
      "public.pem",
    ]],
    ["a report whose key did not sign", { file: { ...file, signed: "failed" } }, ["its key did not sign"], [
      signedSaid,
    ]],
    ["a run without a report", {}, [nothing, "wrote no JSON report"], ["verify-report", "should carry", "signed:"]],
    ["a dry run", { file, report: { dryRun: true } }, [nothing, file.sha256], ["should carry", `run.json ${snapshot}`]],
    ["a report with an odd name", { file: { ...file, name: "to'day 1.json" } }, [
      `verify-report 'to'\\''day 1.json' ${snapshot}`,
    ], []],
  ] as const
) {
  Deno.test(`the evidence of ${what} says what it is worth`, async () => {
    const text = await textOf([clean], options);
    const [, evidence = ""] = text.split("Evidence This");
    for (const words of said) assertStringIncludes(`This${evidence}`, words);
    for (const words of unsaid) assertEquals(evidence.includes(words), false, words);
  });
}

Deno.test("the page does not claim that a snapshot carries a tag", async () => {
  assertEquals(/snapshots? carr(?:y|ies)/.test(await textOf([clean], { file })), false);
});
