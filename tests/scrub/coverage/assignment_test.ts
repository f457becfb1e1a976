/** What becomes of every database of a source. @module */

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import type { DatabaseInfo } from "../../../lib/engine/engine.ts";
import type { SchemaObject } from "../../../lib/engine/inventory.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { applicationName, assignDatabases } from "../../../lib/scrub/coverage/assignment.ts";
import { scrubberOf, testDatabase } from "../scrub_fixture.ts";

const scrubbers = [
  { ...scrubberOf("postgresql", {}), name: "publishing-api" },
  { ...scrubberOf("postgresql", {}), name: "email_alert_api" },
  { ...scrubberOf("mysql", {}), name: "whitehall" },
];

function found(name: string, more: Partial<DatabaseInfo> = {}): DatabaseInfo {
  return { ...testDatabase(name), ...more };
}

const ownEmpty = found("postgres", { empty: true, maintenance: true });
const ownUsed = found("postgres", { maintenance: true, userObjects: ["table public.left_behind"] });
const closed = found("closed", { connectable: false });
const telling: SchemaObject = { kind: "comment", name: "schema public", text: "sensitive", holds: ["mail address"] };
const jobs: SchemaObject = { kind: "table of an extension", name: "cron.job", text: "none" };
const link: SchemaObject = { kind: "subscription", name: "live", text: "none" };
const harmless: SchemaObject = { kind: "comment", name: "database", text: "plain" };

type Settings = Parameters<typeof assignDatabases>[4];

function assign(databases: readonly DatabaseInfo[], more: Partial<Settings> = {}): ReturnType<typeof assignDatabases> {
  const settings: Settings = { keepDatabases: [], dropDatabases: [], unknownDatabases: "refuse", ...more };
  return assignDatabases("prod", "postgresql", databases, scrubbers, settings);
}

Deno.test.each([
  { database: "whitehall", application: "whitehall" },
  { database: "whitehall_production", application: "whitehall" },
  { database: "whitehall-staging", application: "whitehall" },
  { database: "publishing-api_integration", application: "publishing_api" },
  { database: "publishing_api-development", application: "publishing_api" },
  { database: "Publishing_API_production", application: "publishing_api" },
  { database: "production", application: "production" },
  { database: "whitehall_production_old", application: "whitehall_production_old" },
  { database: "whitehall_production_staging", application: "whitehall_production" },
  { database: "whitehallproduction", application: "whitehallproduction" },
  { database: "whitehall_test", application: "whitehall_test" },
])("$database is a database of $application", ({ database, application }) => {
  assertEquals(applicationName(database), application);
});

interface Case {
  readonly what: string;
  readonly databases: readonly DatabaseInfo[];
  readonly settings?: Partial<Settings>;
  /** Database to its fate, or the scrubber's name; or why it is refused. */
  readonly fates: Readonly<Record<string, string>> | RegExp;
}

const api = found("publishing_api_production");
const scrubbed = { publishing_api_production: "publishing-api" };

const cases: readonly Case[] = [
  { what: "a scrubber's database is scrubbed", databases: [api], fates: scrubbed },
  {
    what: "the engine's own is let through while it is empty",
    databases: [api, ownEmpty],
    fates: { ...scrubbed, postgres: "empty" },
  },
  {
    what: "the engine's own is refused where it holds something",
    databases: [api, ownUsed],
    fates: /no scrubber knows "postgres"/,
  },
  {
    what: "the engine's own is never dropped unasked",
    databases: [api, ownUsed],
    settings: { unknownDatabases: "drop" },
    fates: /no scrubber knows "postgres"/,
  },
  {
    what: "objects in the engine's own are named",
    databases: [api, ownUsed],
    fates: /"postgres" holds table public\.left_behind/,
  },
  {
    what: "the engine's own is not empty where an object besides rows tells something",
    databases: [api, { ...ownEmpty, objects: [telling] }],
    fates: /"postgres" is not empty: comment schema public \(its text looks sensitive: mail address/,
  },
  {
    what: "the engine's own is not empty where an extension keeps rows in it",
    databases: [api, { ...ownEmpty, name: "template1", objects: [jobs] }],
    fates: /"template1" is not empty: table of an extension cron\.job \(/,
  },
  {
    what: "rows that the engine takes away, links and what says nothing pass in the engine's own",
    databases: [api, { ...ownEmpty, objects: [jobs, link, harmless], clearable: [jobs] }],
    fates: { ...scrubbed, postgres: "empty" },
  },
  {
    what: "the engine's own is let through by name, whatever is in it",
    databases: [api, ownUsed, { ...ownEmpty, name: "template1", objects: [telling] }],
    settings: { keepDatabases: [{ database: "postgres" }, { database: "template1" }] },
    fates: { ...scrubbed, postgres: "kept", template1: "kept" },
  },
  {
    what: "the engine's own is not dropped, even by name",
    databases: [api, ownUsed],
    settings: { dropDatabases: [{ database: "postgres" }] },
    fates: /Cannot drop "postgres" of "prod": the server needs it/,
  },
  {
    what: "the engine's own that admits no connections is not called empty",
    databases: [api, { ...closed, name: "template1", maintenance: true }],
    settings: { unknownDatabases: "drop" },
    fates: /cannot connect to "template1"/,
  },
  {
    what: "one that admits no connections is refused",
    databases: [api, closed],
    fates: /no scrubber knows "closed"; the master user cannot connect to "closed"/,
  },
  {
    what: "one that admits no connections is kept by name",
    databases: [api, closed],
    settings: { keepDatabases: [{ database: "closed" }] },
    fates: { ...scrubbed, closed: "kept" },
  },
  {
    what: "one that admits no connections is dropped by name",
    databases: [api, closed],
    settings: { dropDatabases: [{ database: "closed" }] },
    fates: { ...scrubbed, closed: "dropped" },
  },
  {
    what: "one that admits no connections is dropped where all unknown ones are",
    databases: [api, closed],
    settings: { unknownDatabases: "drop" },
    fates: { ...scrubbed, closed: "dropped" },
  },
  {
    what: "one that admits no connections and has a link to another server is neither kept nor dropped",
    databases: [api, { ...closed, userObjects: ["subscription live"] }],
    settings: { dropDatabases: [{ database: "closed" }] },
    fates: /Cannot keep or drop "closed" of "prod": .* could remove subscription live/,
  },
  {
    what: "a scrubber's database that admits no connections is refused",
    databases: [{ ...api, connectable: false }],
    settings: { unknownDatabases: "drop" },
    fates: /Cannot scrub "publishing_api_production" of "prod": the master user cannot connect to it/,
  },
  {
    what: "a scrubber's database that admits no connections is dropped by name",
    databases: [{ ...api, connectable: false }, found("email_alert_api")],
    settings: { dropDatabases: [{ database: "publishing_api_production" }] },
    fates: { publishing_api_production: "dropped", email_alert_api: "email_alert_api" },
  },
  {
    what: "an unknown one is refused, also when it is empty",
    databases: [api, found("x", { empty: true })],
    fates: /no scrubber knows "x"/,
  },
  { what: "all unknown ones are named", databases: [api, found("x"), found("y")], fates: /no scrubber knows "x", "y"/ },
  {
    what: "an unknown one is dropped where all are",
    databases: [api, found("x")],
    settings: { unknownDatabases: "drop" },
    fates: { ...scrubbed, x: "dropped" },
  },
  {
    what: "one is kept by its name",
    databases: [api, found("x")],
    settings: { keepDatabases: [{ database: "x" }], unknownDatabases: "drop" },
    fates: { ...scrubbed, x: "kept" },
  },
  {
    what: "one is kept by source and name",
    databases: [api, found("x")],
    settings: { keepDatabases: [{ source: "prod", database: "x" }] },
    fates: { ...scrubbed, x: "kept" },
  },
  {
    what: "one is dropped by source and name",
    databases: [api, found("x")],
    settings: { dropDatabases: [{ source: "prod", database: "x" }] },
    fates: { ...scrubbed, x: "dropped" },
  },
  {
    what: "one that a scrubber knows is not kept",
    databases: [api, found("x")],
    settings: { keepDatabases: [{ database: "publishing_api_production" }, { database: "x" }] },
    fates: /Cannot keep "publishing_api_production" of "prod": the scrubber "publishing-api" knows it/,
  },
  {
    what: "another source's choice does not count",
    databases: [api, found("x")],
    settings: {
      keepDatabases: [{ source: "other", database: "x" }],
      dropDatabases: [{ source: "else", database: "x" }],
    },
    fates: /no scrubber knows "x"/,
  },
  {
    what: "a choice counts for the name as it is spelt",
    databases: [api, found("X")],
    settings: { keepDatabases: [{ database: "x" }] },
    fates: /no scrubber knows "X"/,
  },
  {
    what: "nothing that a scrubber knows",
    databases: [ownEmpty],
    fates: /none of its databases \("postgres"\) matches a scrubber for postgresql/,
  },
  { what: "no database at all", databases: [], fates: /none of its databases \(none found\) matches/ },
  {
    what: "nothing that a scrubber knows, and all else named",
    databases: [found("x")],
    settings: { keepDatabases: [{ database: "x" }] },
    fates: /none of its databases \("x"\) matches/,
  },
  {
    what: "a scrubber of another engine",
    databases: [api, found("whitehall_production")],
    fates: /no scrubber knows "whitehall_production"/,
  },
  {
    what: "two databases of one application",
    databases: [api, found("publishing-api_staging")],
    fates: /"publishing_api_production" and "publishing-api_staging" match the same scrubber/,
  },
  {
    what: "two databases of one application, one of them dropped",
    databases: [api, found("publishing-api_staging")],
    settings: { dropDatabases: [{ database: "publishing-api_staging" }] },
    fates: { ...scrubbed, "publishing-api_staging": "dropped" },
  },
];

for (const { what, databases, settings, fates } of cases) {
  Deno.test(`databases of a source: ${what}`, () => {
    if (fates instanceof RegExp) {
      const error = assertThrows(() => assign(databases, settings), ScrubError);
      assertEquals(error.code, "database");
      assertMatch(error.message, fates);
      return;
    }
    const found = assign(databases, settings).map((
      one,
    ) => [one.database, "scrubber" in one ? one.scrubber.name : one.disposition]);
    assertEquals(Object.fromEntries(found), fates);
  });
}

Deno.test("the flags to paste are words of a shell, with the source before each", () => {
  const error = assertThrows(() => assign([api, found("x"), found("it's $HOME")]), ScrubError);
  assertStringIncludes(error.hint, `--keep-database prod/x --keep-database 'prod/it'\\''s $HOME' `);
  assertStringIncludes(error.hint, `--drop-database prod/x --drop-database 'prod/it'\\''s $HOME' `);
});

Deno.test("the refusal names both flags for a database that admits no connections, and only one for the engine's own", () => {
  const error = assertThrows(() => assign([api, closed, { ...ownEmpty, objects: [telling] }]), ScrubError);
  assertStringIncludes(error.hint, "--keep-database prod/closed --keep-database prod/postgres keeps them unscrubbed");
  assertStringIncludes(error.hint, "--drop-database prod/closed drops them");
  assertStringIncludes(error.hint, 'The server needs "postgres"');
  assertStringIncludes(error.hint, "in production");
});

Deno.test("a database that is kept without a look into it says so as its reason", () => {
  const [, kept] = assign([api, closed], { keepDatabases: [{ database: "closed" }] });
  assertEquals(
    kept && "reason" in kept && kept.reason,
    "--keep-database; not read, because the master user cannot connect to it",
  );
});
