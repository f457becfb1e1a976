/**
 * Walks everything from which a started copy of the three applications could act on the world: mail that waits, links and tokens
 * that let somebody in, addresses that are called. Each has a rule, or a reason why its row can stay.
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { definitionFor } from "../../lib/scrub/rules/bind.ts";
import { findColumn, findTable } from "../../lib/engine/schema.ts";
import { actsAs } from "../../lib/scrub/coverage/suggestion.ts";
import { fill } from "../fixtures/fill.ts";
import { engineOf, schemaNames } from "../fixtures/load.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { coverAndScrub } from "../scrub/coverage/cover_fixture.ts";
import { serverOf } from "../scrub/scrub_fixture.ts";
import { fixtureSchema } from "./fixture_schema.ts";
import { scrubberOf } from "./scrubber_of.ts";

/** What a row could do, and what keeps it from that: rules by column, or a reason. */
interface Effect {
  readonly could: string;
  readonly rules?: Readonly<Record<string, string>>;
  /** Rules for rows of a selection alone, by column. */
  readonly only?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

const toNobody = "mail goes to addresses of subscribers and staff, all of them at example.com, where none arrives";

const effects: Readonly<Record<string, Readonly<Record<string, Effect>>>> = {
  "email-alert-api": {
    emails: {
      could: "be sent: a worker takes up what is pending",
      rules: { address: "email", subject: "lorem", body: "lorem" },
      only: { status: "pendingEmails" },
    },
    delivery_attempts: { could: "be tried again", reason: "the mail that it belongs to is not pending any more" },
    subscribers: {
      could: "get sign-in links and mails, also as another service's account",
      rules: { address: "email", govuk_account_id: "opaque" },
    },
    subscriptions: { could: "have a mail made for each new change", reason: toNobody },
    subscription_contents: { could: "have its mail made", reason: toNobody },
    content_changes: { could: "be taken up where it waits, and mailed", reason: toNobody },
    messages: { could: "be taken up where it waits, and mailed", rules: { title: "lorem", body: "lorem" } },
    matched_messages: { could: "have a mail made", reason: toNobody },
    digest_runs: { could: "be taken up where it is unfinished, and mailed", reason: toNobody },
    digest_run_subscribers: { could: "be taken up where it waits, and mailed", reason: toNobody },
    users: { could: "sign in by single sign-on", rules: { uid: "opaque", email: "email", permissions: "emptied" } },
  },
  "publishing-api": {
    access_limits: { could: "let a preview token in", rules: { users: "emptied", auth_bypass_ids: "emptied" } },
    editions: { could: "let a preview token in", rules: { auth_bypass_ids: "emptied" } },
    events: { could: "be played again, with its preview ids", rules: { payload: "emptied", user_uid: "opaque" } },
    users: { could: "sign in by single sign-on", rules: { uid: "opaque", email: "email", permissions: "setNull" } },
  },
  whitehall: {
    editions: {
      could: "let a preview token in, or be published when its time comes",
      rules: { auth_bypass_id: "opaque" },
      reason: "the copy publishes to the copy of publishing-api beside it; restricted text is replaced",
    },
    fact_check_requests: {
      could: "have its key used to read a draft, or its mail sent",
      rules: { email_address: "email", key: "opaque" },
    },
    review_reminders: { could: "be sent when its time comes", rules: { email_address: "email" } },
    consultation_participations: { could: "name a mailbox", reason: "published; the application sends it nothing" },
    access_limiting_individuals: { could: "open a restricted draft to somebody", rules: { email: "email" } },
    force_publication_attempts: { could: "be told as a bulk job's log", rules: { log: "setNull" } },
    link_checker_api_reports: {
      could: "be called back for",
      reason: "the other service calls back where it was asked from, which is production",
    },
    organisations: {
      could: "name a page of vacancies (custom_jobs_url)",
      reason: "a published link that the application never follows",
    },
    users: { could: "sign in by single sign-on", rules: { uid: "opaque", email: "email", permissions: "setNull" } },
  },
};

const cases = await Promise.all(schemaNames.map(async (name) => {
  const [scrubber, schema] = [scrubberOf(name), await fixtureSchema(name)];
  const known = effects[scrubber.name] ?? {};
  return { name, scrubber, schema, known, definition: definitionFor(scrubber, schema) };
}));

for (const { name, schema, known, definition } of cases) {
  Deno.test(`${name}: every table that is called like a queue, an outbox or a way in is on the list`, () => {
    const missing = schema.tables.filter((table) => actsAs(table.name) !== undefined && !known[table.id]);
    assertEquals(missing.map(({ id }) => id), []);
  });

  Deno.test(`${name}: every column that is called like a token or a hook has a rule, or its table a reason`, () => {
    const telling = /(^|_)(token|secret|webhook|callback|api_key|bypass|otp|password)s?(_|$)|_jid$/;
    const open = schema.tables.flatMap((table) =>
      table.columns.filter(({ name }) => telling.test(name) && known[table.id]?.rules?.[name] === undefined)
        .map((column) => `${table.id}.${column.name}`)
    );
    assertEquals(open, []);
  });

  Deno.test(`${name}: what is on the list has its rules, on all rows`, () => {
    for (const [id, { rules = {}, only = {}, reason }] of Object.entries(known)) {
      const table = findTable(schema, id);
      if (!table) continue;
      assert(Object.keys(rules).length > 0 || reason !== undefined, id);
      const rule = definition.tables[id];
      const own = rule && "columns" in rule ? rule.columns : {};
      for (const [column, strategy] of Object.entries(rules)) {
        if (!findColumn(table, column)) continue;
        assertEquals([id, column, own[column]?.strategy, own[column]?.only], [id, column, strategy, undefined]);
      }
      for (const [column, selection] of Object.entries(only)) assertEquals(own[column]?.only, selection);
    }
  });
}

Deno.test("every table on the list was there at one of the two dates", () => {
  const gone = Object.entries(effects).flatMap(([application, tables]) =>
    Object.keys(tables).filter((id) =>
      !cases.some(({ scrubber, schema }) => scrubber.name === application && findTable(schema, id))
    )
  );
  // Between the dates only.
  assertEquals(gone, []);
});

for (const { name, scrubber } of cases.filter(({ scrubber }) => scrubber.name === "email-alert-api")) {
  Deno.test(`${name}: no mail waits to be sent afterwards, and none has an address outside example.com`, async () => {
    await using server = await serverOf(engineOf(name));
    const database = await createDatabase(server, name, "outbox", "application");
    await fill(database, { rows: 5 });
    await database.run(
      "UPDATE emails SET status = id_is.n FROM (SELECT id, row_number() OVER () % 3 AS n FROM emails) AS id_is WHERE id_is.id = emails.id",
    );
    await coverAndScrub(server, engineOf(name), "outbox", scrubber);
    const [left] = await database.run(`SELECT count(*) AS mails, count(*) FILTER (WHERE status = 0) AS pending,
      count(*) FILTER (WHERE address NOT LIKE '%@example.com' AND address <> '') AS elsewhere,
      (SELECT count(*) FROM subscribers WHERE address NOT LIKE '%@example.com' AND address <> '') AS subscribers FROM emails`);
    assert(Number(left?.mails) > 0);
    assertEquals([left?.pending, left?.elsewhere, left?.subscribers].map(Number), [0, 0, 0]);
  });
}
