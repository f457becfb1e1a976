/** A report in which everything occurs that a report can hold. @module */

import type { ColumnReport, RunReport } from "../../lib/core/report.ts";

/** Names as somebody might choose them who wants to break out of the page. */
export const hostileNames = [
  '<script>document.title="broken"</script>',
  '"><img src=x onerror=alert(1)>',
  "</style></script><!--",
  "name\u202egnp.exe",
  "${alert(1)}",
  "&lt;b&gt;",
] as const;

const keys = "arn:aws:kms:eu-west-1:111122223333:key";
const begin = Date.parse("2026-11-24T03:00:00Z");
const minute = 60_000;

/** What a column is, in short: a key, a timestamp, a truth value, or public; else the strategy of its rule. */
type Kind = "key" | "time" | "truth" | "public" | "code" | "email" | "replacing" | "opaque" | "name";

/** Every table of the scrubbed database, but those with names to break the page. */
const schema: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  emails: {
    id: "key",
    address: "email",
    subject: "replacing",
    body: "replacing",
    created_at: "time",
    updated_at: "time",
  },
  subscribers: { id: "key", address: "email", created_at: "time", updated_at: "time", deactivated_at: "time" },
  subscriptions: { id: "key", subscriber_id: "key", frequency: "code", created_at: "time" },
  users: { id: "key", email: "email", name: "name", uid: "opaque", permissions: "code", created_at: "time" },
  content_changes: { id: "key", title: "public", base_path: "public", description: "public", created_at: "time" },
  messages: { id: "key", title: "public", body: "public", url: "public", omit_footer: "truth", created_at: "time" },
};

const published = "published content: everybody can read it on the site";
const signed = { by: "reviewed", decidedBy: "data protection team", source: "schema of 2026-10-02" } as const;
const accounts: Readonly<Partial<Record<Kind, Omit<ColumnReport, "table" | "column">>>> = {
  key: { by: "structural", reason: "a primary key that the server makes" },
  time: { by: "structural", reason: "a timestamp" },
  truth: { by: "structural", reason: "a truth value" },
  public: { ...signed, reason: published, public: published },
  code: { ...signed, reason: "one of a few codes of the application" },
};
const ruleFile = { path: "rules/email-alert-api.yaml", sha256: "ef".repeat(32) };

const columns: readonly ColumnReport[] = [
  ...Object.entries(schema).flatMap(([table, names]) =>
    Object.entries(names).map(([column, kind]): ColumnReport => ({
      table,
      column,
      ...accounts[kind] ?? { by: "ruled", reason: kind, decidedBy: "email-alert-api", source: ruleFile.path },
    }))
  ),
  ...hostileNames.map((name): ColumnReport => ({ table: name, column: name, by: "reviewed", reason: name })),
  { table: hostileNames[0], column: hostileNames[2], by: "ruled", reason: hostileNames[3] },
];

function countOf(by: ColumnReport["by"], reason?: string): number {
  return columns.filter((one) => one.by === by && (reason === undefined || one.reason === reason)).length;
}

function phases(offset: number, minutes: readonly (readonly [string, number])[]) {
  let at = begin + offset;
  return minutes.map(([phase, length]) => {
    const started = at;
    at += length * minute;
    return { phase, started, ended: at };
  });
}

/** When the first source's scrub begins. */
const inScrub = begin + Math.round(20.35 * minute);

/** The report. */
export const exampleReport: RunReport = {
  version: 1,
  program: "datascrubber 2.0.0 (commit 0123456789ab)",
  runId: "b6f3a4f2-6a53-4cf1-9b9f-2a1f0c7d9e11",
  started: new Date(begin).toISOString(),
  ended: new Date(begin + 71 * minute).toISOString(),
  exitStatus: 1,
  dryRun: false,
  aws: {
    region: "eu-west-1",
    account: "111122223333",
    caller: "arn:aws:sts::111122223333:assumed-role/datascrubber/i-0123456789abcdef0",
  },
  sources: [
    {
      engine: "postgresql",
      requested: "govuk-postgresql-primary",
      source: "govuk-postgresql-primary",
      workspace: "scrubber-postgres-5986c2eea6cf",
      restored: {
        snapshot: "rds:govuk-postgresql-primary-2026-11-24-02-10",
        asOf: "2026-11-24T02:10:31.000Z",
        ageSeconds: 2969,
        encryption: { encrypted: true, kmsKey: `${keys}/8d1f6c1e-2a7b-4c0d-9a55-2f1f0c1b7a10` },
        instanceClass: "db.m6g.large",
        storageType: "gp3",
        allocatedStorage: 200,
      },
      estimate: {
        by: "the times of the run of 2026-11-23T03:00:00.000Z",
        seconds: 3000,
        phases: [{ phase: "restore", seconds: 700, took: 733.5 }, { phase: "scrub", seconds: 900 }],
        currency: "USD",
        prices: `2026-11-01, ${hostileNames[0]}`,
        costs: [
          { what: "db.m6g.large for 0.8 hours", expected: 0.13, actual: 0.14, monthly: false },
          { what: hostileNames[1], monthly: true, unknown: hostileNames[2] },
        ],
      },
      classChoice: {
        chosen: { instanceClass: "db.m6g.large", seconds: 2900, perHour: 0.16 },
        why: "meets finish-by",
        cheaper: { instanceClass: hostileNames[0], seconds: 9000, perHour: 0.08 },
        currency: "USD",
        by: hostileNames[1],
      },
      finishBy: {
        ...{ by: "2026-11-24T06:00:00.000Z", expected: "2026-11-24T05:50:00.000Z" },
        ...{ ended: "2026-11-24T06:10:00.000Z", kept: false },
      },
      advice: [hostileNames[2]],
      databases: [
        {
          database: "email-alert-api_production",
          fate: "scrubbed",
          scrubber: "email-alert-api",
          rules: ruleFile,
          tables: [
            {
              table: "emails",
              shape: "rewrite",
              why: "columns change in one pass",
              rowsExpected: 20_100_000,
              rowsChanged: 20_098_311,
              rowsDeleted: 0,
              rowsLeft: 20_098_311,
              started: inScrub,
              seconds: 812.4,
              bytes: 48_300_000_000,
              peakBytes: 51_000_000_000,
              columns: { address: "email", subject: "replacing", body: "replacing" },
            },
            {
              table: "subscribers",
              shape: "rewrite",
              why: "columns change in one pass",
              rowsChanged: 4_012_001,
              rowsDeleted: 0,
              rowsLeft: 4_012_001,
              started: inScrub,
              seconds: 41.2,
              bytes: 930_000_000,
              columns: { address: "email" },
            },
            {
              table: "users",
              shape: "update",
              why: "few rows change in place",
              rowsChanged: 1204,
              rowsDeleted: 0,
              rowsLeft: 1204,
              started: inScrub,
              seconds: 0.31,
              bytes: 430_080,
              columns: { email: "email", name: "name", uid: "opaque" },
            },
            {
              table: hostileNames[0],
              shape: "update",
              why: hostileNames[1],
              rowsChanged: 3,
              rowsDeleted: 1,
              seconds: 0.012,
              bytes: 8192,
              columns: { [hostileNames[2]]: hostileNames[3] },
            },
          ],
          coverage: {
            ruled: countOf("ruled"),
            structural: countOf("structural"),
            computed: countOf("computed"),
            reviewed: countOf("reviewed"),
            blanked: [],
            unaccounted: [],
            removed: ["materialised view public.busy_lists"],
            reviewedObjects: [
              {
                object: "function public.support_address()",
                reason: hostileNames[1],
                decidedBy: "Ada",
                source: "its body",
              },
            ],
            reasons: Object.fromEntries(
              columns.flatMap(({ by, reason }) => by === "reviewed" ? [[reason, countOf(by, reason)]] : []),
            ),
            assumptions: [
              { assumption: "They count. A short number may be anything else", columns: ["subscribers.visits"] },
              { assumption: "Names of persons in comments are not recognised", columns: [] },
            ],
            milliseconds: 184,
            columns,
          },
          after: [{ statement: "1: UPDATE users SET organisation_slug", rows: 1204 }],
          restarted: ["public.emails_id_seq"],
          verified: { predicates: 14, foreignKeys: 11 },
          leakSearch: {
            mode: "sample",
            fingerprints: 8_123_456,
            alsoStay: 1204,
            kept: {
              tables: 10,
              columns: countOf("reviewed"),
              exempt: [{ column: "content_changes.base_path", fingerprints: 1203 }, {
                column: hostileNames[0],
                fingerprints: 1,
              }],
            },
            tables: 12,
            sampled: [{ table: "emails", rows: 1_004_915, fewerThanOneIn: 218_214 }],
            inFull: ["emails.subject", "emails.body"],
            goneSampled: ["emails"],
          },
        },
        {
          database: hostileNames[1],
          fate: "kept",
          reason: "named by --keep-database",
          tables: [],
          leakSearch: {
            mode: "full",
            fingerprints: 8_123_456,
            alsoStay: 0,
            kept: { tables: 2, columns: 3, exempt: [] },
            tables: 2,
            sampled: [],
            echoes: [{ column: hostileNames[2], rows: 3 }],
          },
        },
        { database: "postgres", fate: "empty", reason: "the engine's own, and empty", tables: [] },
      ],
      warming: {
        ...{ initialisation: { status: "Initializing", percent: 30 }, readers: 32 },
        ...{ bytes: 8_000_000_000, ofBytes: 9_000_000_000, seconds: 21.5, ended: "fast" },
      },
      reads: {
        dataBytes: 10_000_000_000,
        phases: [{ phase: "plan", bytes: 12_000_000_000 }, { phase: "scrub", bytes: 9_000_000_000 }],
      },
      phases: phases(0, [
        ["resolve", 0.05],
        ["restore", 19],
        ["discover", 0.2],
        ["plan", 1.1],
        ["scrub", 15],
        ["verify", 6],
        ["export", 5],
        ["purge", 2],
        ["snapshot", 21],
        ["share", 0.1],
        ["prune", 0.2],
      ]),
      orphans: ["scrubber-postgres-5986c2eea6cf"],
      exports: [{
        database: "email-alert-api_production",
        object: "s3://dumps/nightly/2026-11-24T03:41:15-email-alert-api_production.sql.gz",
        bytes: 9_800_112_233,
        sha256: "ab".repeat(32),
        seconds: 301.5,
        bucketOwner: "111122223333",
      }],
      snapshot: "scrubbed-govuk-postgresql-primary-2026-11-24-03-48",
      snapshotEncryption: { encrypted: true, kmsKey: `${keys}/5b0e4f0a-64a3-4f0c-8c2e-7d9a1e6f3b21` },
      sharedWith: ["123456789012", "210987654321"],
      sharedEarlier: ["scrubbed-govuk-postgresql-primary-2026-11-23-03-51"],
      copies: [{
        region: "eu-central-1",
        snapshot: "scrubbed-govuk-postgresql-primary-2026-11-24-03-48",
        encryption: { encrypted: true, kmsKey: "arn:aws:kms:eu-central-1:111122223333:key/5b0e4f0a" },
        sharedWith: ["123456789012", "210987654321"],
        pruned: [],
      }],
      refresh: {
        instance: "govuk-postgresql-staging",
        snapshot: "scrubbed-govuk-postgresql-primary-2026-11-24-03-48",
        before: "govuk-postgresql-staging-before-0197f3c2a4b1",
        masterUser: "master",
        masterPassword: "managed",
        commands: [
          "aws rds delete-db-instance --region eu-west-1 --db-instance-identifier govuk-postgresql-staging-before-0197f3c2a4b1 " +
          "--skip-final-snapshot",
        ],
      },
      pruned: ["scrubbed-govuk-postgresql-primary-2026-11-18-03-44"],
      warnings: ['the rule for "subscriber_list_audits" matched no row of a large table'],
      sideEffects: ["disabled 2 jobs of pg_cron", "disabled 1 subscription"],
      accounts: ["removed the password of 3 roles"],
      residue: [
        { step: "write-ahead log", result: "overwritten with 80 MB" },
        { step: "server log", result: "not looked at: it is no part of the databases" },
      ],
    },
    {
      engine: "mysql",
      requested: "mysql-primary",
      source: "govuk-mysql-primary",
      workspace: "scrubber-mysql-fabe394d564a",
      restored: {
        snapshot: "rds:govuk-mysql-primary-2026-11-24-02-31",
        asOf: "2026-11-24T02:31:02.000Z",
        ageSeconds: 1738,
        encryption: { encrypted: false },
      },
      databases: [{ database: "whitehall_production", fate: "scrubbed", scrubber: "whitehall", tables: [] }],
      phases: phases(1000, [["resolve", 0.1], ["restore", 27], ["discover", 0.1], ["plan", 2]]),
      sharedWith: [],
      pruned: [],
      warnings: [],
      failure: {
        kind: "refused",
        code: "coverage",
        message: [
          'Cannot scrub "govuk-mysql-primary": found 2 unclassified columns in database "whitehall_production"',
          "whitehall_production: users.nickname varchar(255): no rule, no known structure and no review",
          '  rule for "whitehall": users: { columns: { nickname: lorem() } }',
          "whitehall_production: users.badge varchar(20): no rule, no known structure and no review",
          '  entry for reviewed.json, if it may stay: {"table":"users","column":"badge","reason":"","by":"","source":""}',
        ].join("\n"),
        hint: "Nothing was changed. Paste each rule into its scrubber, or have a person review the column.",
        also: [],
      },
    },
  ],
};

const [first, ...others] = exampleReport.sources;
if (!first) throw new TypeError("Cannot make an earlier report: the example has no source");
const [database, ...otherDatabases] = first.databases;
if (!database?.coverage) throw new TypeError("Cannot make an earlier report: the example has no columns");

/** The report of the night before: without one column, with fewer rows in one table, and a quicker scrub. */
export const previousReport: RunReport = {
  ...exampleReport,
  started: new Date(begin - 24 * 60 * minute).toISOString(),
  ended: new Date(begin - 23 * 60 * minute).toISOString(),
  sources: [{
    ...first,
    databases: [{
      ...database,
      tables: database.tables.map((table) =>
        table.table === "subscribers" ? { ...table, rowsChanged: 4_000_000, rowsLeft: 4_000_000 } : table
      ),
      coverage: {
        ...database.coverage,
        columns: (database.coverage.columns ?? []).filter(({ table, column }) =>
          !(table === "messages" && column === "body")
        ),
      },
    }, ...otherDatabases],
    phases: phases(-24 * 60 * minute, [["resolve", 0.05], ["restore", 18], ["scrub", 11], ["snapshot", 20]]),
  }, ...others],
};
