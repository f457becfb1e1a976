/**
 * Addresses that a ministry printed itself: they stand in public columns of lifelike content and in rows that are scrubbed, and do not
 * refuse a run. The same address in a column that is not public does.
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { applications, fillLifelike } from "../fixtures/lifelike.ts";
import { engineOf } from "../fixtures/load.ts";
import { createDatabase } from "../fixtures/server_database.ts";
import { coverAndScrub, refusalOf } from "../scrub/coverage/cover_fixture.ts";
import { serverOf } from "../scrub/scrub_fixture.ts";
import { scrubberOf } from "./scrubber_of.ts";

const servers = { postgresql: await serverOf("postgresql"), mysql: await serverOf("mysql") };
Deno.test.afterAll(async () => {
  await Promise.all([servers.postgresql.stop("now"), servers.mysql.stop("now")]);
});

const printed = "press.office@ministry.example";

/** Where each application holds the printed address, in rows that are scrubbed and in public ones; and one that is neither. */
const planted = {
  "email-alert-api": {
    statements: `UPDATE subscribers SET address = '${printed}' WHERE id = 7;
      UPDATE users SET email = '${printed}' WHERE id = 1;
      UPDATE emails SET body = body || ' Write to ${printed}.' WHERE subscriber_id = 9;
      UPDATE content_changes SET description = 'Write to ${printed}.' WHERE id = (SELECT id FROM content_changes LIMIT 1)`,
    secret:
      `UPDATE content_changes SET govuk_request_id = '${printed}' WHERE id = (SELECT id FROM content_changes LIMIT 1)`,
    only: "UPDATE content_changes SET description = ''",
    echo: "content_changes.govuk_request_id",
  },
  "publishing-api": {
    statements: `UPDATE users SET email = '${printed}' WHERE id = 1;
      UPDATE editions SET details = jsonb_build_object('body', 'Write to ${printed}.') WHERE id IN (1, 2);
      UPDATE events SET payload = jsonb_build_object('body', 'Write to ${printed}.') WHERE id IN (1, 2)`,
    secret: `UPDATE events SET request_id = '${printed}' WHERE id = 1`,
    only: "UPDATE editions SET details = '{}' WHERE id = 2",
    echo: "events.request_id",
  },
  whitehall: {
    statements: `UPDATE users SET email = '${printed}' WHERE id = 1;
      UPDATE fact_check_requests SET email_address = '${printed}' WHERE id = 1;
      UPDATE edition_translations SET body = 'Write to ${printed}.' WHERE edition_id IN (1, 2);
      UPDATE organisations SET alternative_format_contact_email = '${printed}' WHERE id = 1;
      INSERT INTO contacts (id, contact_type_id, content_id) VALUES (1, 1, '4b5c6d7e-0009-4222-8333-444455556666');
      INSERT INTO contact_translations (contact_id, locale, title, email, created_at, updated_at)
        VALUES (1, 'en', 'Press office', '${printed}', now(), now())`,
    secret: `UPDATE versions SET state = '${printed}' WHERE id = 1`,
    only: `UPDATE edition_translations SET body = '' WHERE edition_id = 2;
      UPDATE organisations SET alternative_format_contact_email = NULL; UPDATE contact_translations SET email = NULL`,
    echo: "versions.state",
  },
} as const;

for (const application of Object.keys(applications) as (keyof typeof applications)[]) {
  const { schema } = applications[application];
  const { statements, secret, only, echo } = planted[application];
  const engine = engineOf(schema);

  const filled = async (database: string, more: string) => {
    const db = await createDatabase(servers[engine], schema, database, engine === "mysql" ? undefined : "application");
    await fillLifelike(db, application, { scale: 0.02, asOf: new Date("2026-08-21T12:00:00Z") });
    await db.run(`${statements};${more}`);
  };

  Deno.test(`${application}: lifelike content passes, with an address that a ministry printed itself`, async () => {
    const database = `printed_${application.replaceAll("-", "_")}`;
    await filled(database, secret);
    const report = await coverAndScrub(servers[engine], engine, database, scrubberOf(schema));
    assertEquals(report.unaccounted, []);
  });

  Deno.test(`${application}: an address in a column that is not public refuses the run`, async () => {
    const database = `secret_${application.replaceAll("-", "_")}`;
    await filled(database, `${secret};${only}`);
    const error = await refusalOf(coverAndScrub(servers[engine], engine, database, scrubberOf(schema)));
    assertStringIncludes(error.message, `${database}: ${echo} holds values that rules remove elsewhere: 1 row`);
    assertEquals(error.message.includes(printed), false);
  });
}
