/** The page says where in AWS the run worked, as whom, under which keys, and who got what. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { isRunReport, type SourceOutcome } from "../../../lib/core/report.ts";
import { exampleReport } from "../example_report.ts";
import { exampleSources, textOf } from "./page_text.ts";

const { clean } = exampleSources();
const region = "eu-west-1";
const key = "arn:aws:kms:eu-west-1:111122223333:key/1";

for (
  const [what, aws, sentence] of [
    [
      "account, region and caller",
      { region, account: "111122223333", caller: "arn:aws:iam::111122223333:user/ops" },
      "AWS account 111122223333, region eu-west-1, as arn:aws:iam::111122223333:user/ops",
    ],
    [
      "that account and caller are not known, and why",
      { region, unknown: "Cannot call sts:GetCallerIdentity: no answer" },
      "AWS region eu-west-1; the account and the caller are not known: Cannot call sts:GetCallerIdentity: no answer",
    ],
    [
      "that account and caller are not known",
      { region },
      "AWS region eu-west-1; the account and the caller are not known",
    ],
  ] as const
) {
  Deno.test(`the page's head says ${what}`, async () => {
    assertStringIncludes(await textOf(undefined, { report: { aws } }), sentence);
  });
}

const [dump] = clean.exports ?? [];
if (!dump) throw new TypeError("Cannot test the page: the example has no dump");
const { bucketOwner: _, ...nobodys } = dump;

for (
  const [what, change, sentence] of [
    [
      "the key of the final snapshot",
      { snapshotEncryption: { encrypted: true, kmsKey: key } },
      `Snapshot's key ${key}`,
    ],
    [
      "that the final snapshot is not encrypted",
      { snapshotEncryption: { encrypted: false } },
      "Snapshot's key none: it is not encrypted",
    ],
    [
      "the key of the source's snapshot",
      { restored: { snapshot: "s", asOf: "2026-11-24T02:10:31.000Z", encryption: { encrypted: true, kmsKey: key } } },
      `Source's key ${key}`,
    ],
    [
      "which snapshot of an earlier run was shared, too",
      { sharedEarlier: ["scrubbed-a-1"] },
      "So is one snapshot of earlier runs, which had verified but not shared it: scrubbed-a-1.",
    ],
    [
      "which snapshots of earlier runs were shared, too",
      { sharedEarlier: ["scrubbed-a-1", "scrubbed-a-2"] },
      "So are 2 snapshots of earlier runs, which had verified but not shared them: scrubbed-a-1 and scrubbed-a-2.",
    ],
    [
      "what an instance of the snapshot needs in a receiver's account",
      {
        receivers: {
          ...{ engine: "postgres", engineVersion: "18.4", parameterGroupFamily: "postgres18", allocatedStorage: 20 },
          commands: ["aws rds copy-db-snapshot"],
        },
      },
      "Receivers need postgres 18.4, a parameter group of family postgres18, 20 GiB or more " +
      "Receivers' commands aws rds copy-db-snapshot",
    ],
    ["whose bucket a dump is in", { exports: [dump] }, "1 dump of it is in S3, in a bucket of account 111122223333."],
    [
      "that a dump is in another account's bucket",
      { exports: [{ ...dump, bucketOwner: "other" }] },
      "1 dump of it is in S3, in a bucket of another account than the run's.",
    ],
    [
      "that a bucket's account is not known",
      { exports: [nobodys] },
      "1 dump of it is in S3, in a bucket whose account is not known.",
    ],
    [
      "that dumps are in buckets of several accounts",
      { exports: [dump, nobodys] },
      "2 dumps of it are in S3, in buckets of the accounts below.",
    ],
  ] as const satisfies readonly (readonly [string, Partial<SourceOutcome>, string])[]
) {
  Deno.test(`the page says ${what}`, async () => {
    assertStringIncludes(await textOf([{ ...clean, ...change }]), sentence);
  });
}

Deno.test("a report of an earlier version, which knows nothing of this, can be read and shown", async () => {
  const { aws: _aws, ...earlier } = exampleReport;
  const { snapshotEncryption: _key, sharedEarlier: _earlier, restored, ...source } = clean;
  const { encryption: _source, ...snapshot } = restored ?? { snapshot: "", asOf: "" };
  const report = { ...earlier, sources: [{ ...source, restored: snapshot, exports: [nobodys] }] };
  assertEquals(isRunReport(JSON.parse(JSON.stringify(report))), true);
  const text = await textOf(report.sources, { report: { aws: undefined } });
  assertEquals([/AWS (account|region)/.test(text), /(Source|Snapshot)'s key/.test(text)], [false, false]);
});
