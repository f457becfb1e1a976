/** The page that a run writes names the run's own JSON report. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Publication, publish, runReport } from "../../lib/fleet/publish.ts";
import type { Settings } from "../../lib/core/settings.ts";
import { exampleReport } from "../report/example_report.ts";

const settings: Settings = {
  sources: [],
  shareWith: [],
  snapshotRetention: 1,
  unknownDatabases: "refuse",
  keepDatabases: [],
  dropDatabases: [],
  onDrift: "refuse",
  reviewed: {},
  workspace: {},
  logLevel: "INFO",
  logFormat: "text",
  timeout: 1,
  snapshotTimeout: 1,
  pollInterval: 1,
  tlsCa: "",
  dryRun: false,
};

/** The page that this publication writes, and the SHA-256 of the report beside it. */
async function published(change: Partial<Publication>): Promise<{ readonly page: string; readonly sha256: string }> {
  const folder = await Deno.makeTempDir({ prefix: "publish-" });
  try {
    const paths = { report: `${folder}/run.json`, reportHtml: `${folder}/run.html` };
    await publish({
      settings: { ...settings, ...paths },
      report: exampleReport,
      programFailures: [],
      tasks: [],
      strategySummaries: () => Promise.resolve(new Map([["email", "An address of the same shape."]])),
      tagWithReport: () => Promise.resolve(),
      reportMissing: () => {},
      warn: () => {},
      ...change,
    });
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(paths.report));
    return { page: await Deno.readTextFile(paths.reportHtml), sha256: new Uint8Array(digest).toHex() };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (
  const [what, change, sentence] of [
    ["a signed report", { sign: () => Promise.resolve(new Uint8Array(64)) }, "It is signed:"],
    ["an unsigned report", {}, "It is not signed: --public-key"],
    ["a report whose key does not sign", { sign: () => Promise.reject(new Error("no")) }, "its key did not sign"],
  ] as const
) {
  Deno.test(`the page of ${what} says so`, async () => {
    assertStringIncludes((await published(change)).page, sentence);
  });
}

Deno.test("the page has its JSON report's name without folders, and the SHA-256 of the file", async () => {
  const { page, sha256 } = await published({});
  assertStringIncludes(page, "The JSON report is <code>run.json</code>");
  assertEquals(page.split(sha256).length - 1, 1);
});

Deno.test("the page explains the strategies that the report names", async () => {
  assertStringIncludes((await published({})).page, "An address of the same shape.");
});

Deno.test("the snapshot and its copies in other regions are tied to the report, each in its region", async () => {
  const tied: string[] = [];
  await published({
    tagWithReport: ({ id, region = "at home" }) => {
      tied.push(`${id} ${region}`);
      return Promise.resolve();
    },
  });
  const id = "scrubbed-govuk-postgresql-primary-2026-11-24-03-48";
  assertEquals(tied, [`${id} at home`, `${id} eu-central-1`]);
});

const request = { engine: "mysql", kind: "instance", value: "blog" } as const;
const facts = { program: "p", runId: "r", started: "s", ended: "e", exitStatus: 0, dryRun: false };
const source = {
  engine: "mysql",
  requested: "blog",
  databases: [],
  phases: [],
  sharedWith: [],
  pruned: [],
  warnings: [],
} as const;
const known = { region: "eu-west-1", account: "111122223333", caller: "arn:aws:sts::111122223333:assumed-role/r/s" };
const unknown = { region: "eu-west-1", unknown: "STS did not answer" };

for (
  const [what, told, aws] of [
    ["every source knows", [known, known], known],
    ["only the second source knows", [unknown, known], known],
    ["no source knows who called", [unknown], unknown],
    ["no source is in AWS", [undefined], undefined],
  ] as const
) {
  Deno.test(`the run's account stands once in the report, where ${what}`, () => {
    const report = runReport(facts, told.map((aws) => ({ request, report: { ...source, ...(aws && { aws }) } })));
    assertEquals([report.aws, report.sources], [aws, told.map(() => source)]);
  });
}
